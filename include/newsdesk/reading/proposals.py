"""What a rule proposes for a field, and how the choice is recorded."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsdesk.article import Candidate

T = TypeVar("T")
EVIDENCE = 200
"""Characters of evidence that are kept."""


@dataclass(frozen=True, slots=True)
class Proposal(Generic[T]):
    """A value for a field.

    Attributes:
        rule: Where it comes from: ``site``, ``json_ld``, ``meta:og:title``, ``visible`` …
        value: The value, tidied.
        evidence: What was seen on the page.
    """

    rule: str
    value: T
    evidence: str = ""


class Record:
    """Collects per field which rule won and, when asked to explain, every proposal."""

    def __init__(self, *, explain: bool) -> None:
        self.explain = explain
        self.rules: dict[str, str] = {}
        self.candidates: list[Candidate] = []

    def keep(
        self,
        field: str,
        proposals: Iterable[Proposal[T]],
        chosen: Proposal[T] | None,
    ) -> T | None:
        """Notes the choice for a field and gives its value."""
        if chosen is not None:
            self.rules[field] = chosen.rule
        if self.explain:
            for one in proposals:
                # A decision may have made the chosen one more exact: the same place on the page.
                is_chosen = chosen is not None and (one.rule, one.evidence) == (
                    chosen.rule,
                    chosen.evidence,
                )
                value, evidence = shown(one.value), one.evidence[:EVIDENCE]
                self.candidates.append(Candidate(field, one.rule, value, evidence, is_chosen))
        return None if chosen is None else chosen.value


def shown(value: object) -> str:
    """A value as a reader of candidates wants it.

    >>> shown((dt.date(2026, 1, 2), None, "a"))
    '2026-01-02; a'
    """
    if isinstance(value, tuple):
        return "; ".join(shown(one) for one in value if one is not None)
    if isinstance(value, dt.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        pairs = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
        return ", ".join(f"{name} {shown(one)}" for name, one in pairs if one is not None)
    return str(value)


def first(proposals: Sequence[Proposal[T]]) -> Proposal[T] | None:
    """The first proposal: for fields whose rules stand in the order of trust."""
    return proposals[0] if proposals else None
