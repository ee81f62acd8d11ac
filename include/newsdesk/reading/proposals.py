"""What a rule proposes for a field, and how the choice is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
        show: Callable[[T], str] = str,
    ) -> T | None:
        """Notes the choice for a field and gives its value."""
        if chosen is not None:
            self.rules[field] = chosen.rule
        if self.explain:
            for one in proposals:
                self.candidates.append(
                    Candidate(
                        field, one.rule, show(one.value), one.evidence[:EVIDENCE], one is chosen
                    )
                )
        return None if chosen is None else chosen.value


def first(proposals: Sequence[Proposal[T]]) -> Proposal[T] | None:
    """The first proposal: for fields whose rules stand in the order of trust."""
    return proposals[0] if proposals else None
