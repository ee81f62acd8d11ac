"""What is expected of a paper's rows and days: the one declaration of all checks.

A suite is made for each paper from the tables below, from ``normal`` in its source file (what a
normal day of it looks like), and from ``normal.severity``, which may change how grave a check is.
Papers whose suites are equal are evaluated together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import pyarrow.compute as pc

from newsdesk.article import Severity
from newsdesk.fields.dates import TOLERANCE
from newsdesk.sources import CheckName, Source

T = TypeVar("T")
Kind = Literal["present", "absent", "unique", "between", "among", "matching"]

HEADLINE_CHARACTERS = (5, 300)
"""Shorter is a label of a page, longer a paragraph of it."""

URL = r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?\Z"
"""An http(s) address; what stands before the host's name would be credentials."""

WORD_CHARACTERS = 10
"""Characters of a long word with its blank: a body of n characters has at least n / 10 words."""

FRESH = dt.timedelta(hours=12)
"""How long before the end of a UTC day its newest story may lie: a night at any longitude."""

_COUNTED = {"present": "nulls", "absent": "found", "unique": "repeated", "matching": "unmatched"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing expected of one narrow column.

    Attributes:
        name: As ``news.checks`` and ``normal.severity`` call it.
        kind: ``present`` (no null), ``absent`` (all null), ``unique``, ``between`` (``low`` and
            ``high`` included, ``None`` is no bound), ``among`` (``values``), ``matching``
            (``pattern`` from the start). All but ``present`` and ``absent`` pass over nulls.
        column: The column it looks at.
        severity: What a failure means.
    """

    name: CheckName
    kind: Kind
    column: str
    severity: Severity
    low: float | None = None
    high: float | None = None
    values: tuple[Any, ...] = ()
    pattern: str = ""

    @property
    def expected(self) -> dict[str, Any]:
        """What is asked for, as JSON values in the words of ``observed``."""
        if self.kind == "between":
            return {self.column: [self.low, self.high]}
        if self.kind == "among":
            return {self.column: list(self.values)}
        return {_COUNTED[self.kind]: 0}

    def observed(self, values: Any, failing: int) -> dict[str, Any]:
        """What was seen in a column, as JSON values; at most ten of a set's, unexpected ones first.

        Args:
            values: The column, an Arrow array.
            failing: How many of its values failed.
        """
        if self.kind == "between":
            found = pc.min_max(values).as_py()
            return {self.column: [_plain(found["min"]), _plain(found["max"])]}
        if self.kind == "among":
            seen = (value for value in pc.unique(values).to_pylist() if value is not None)
            distinct = sorted(seen, key=lambda value: (value in self.values, value))
            return {self.column: distinct[:10]}
        return {_COUNTED[self.kind]: failing}

    def told(self, value: Any) -> str:
        """A value that failed beside what was expected, in one line."""
        return f"{self.column} is {_shown(value)}, expected {self._wanted()}"

    def _wanted(self) -> str:
        if self.kind == "between":
            if self.high is None:
                return f"at least {_shown(self.low)}"
            if self.low is None:
                return f"at most {_shown(self.high)}"
            return f"{_shown(self.low)} to {_shown(self.high)}"
        if self.kind == "among":
            return f"one of {', '.join(map(str, self.values))}"
        return {
            "present": "a value",
            "absent": "none",
            "unique": "no other row with it",
            "matching": "an http(s) address without credentials",
        }[self.kind]


Suite = tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure of a day that is compared with the weeks before.

    Attributes:
        name: As ``news.checks`` and ``normal.severity`` call it.
        figure: What the figure is called.
        column: The column of ``drift.slim`` it is taken from; ``None`` counts the stories.
        tolerated: How much a share may always move.
        relative: It is a count or a length, which may always be half or twice the usual.
    """

    name: CheckName
    figure: str
    column: str | None
    tolerated: float = 0.0
    relative: bool = False

    @property
    def outside(self) -> str:
        """The column of a day's figures that says how far the figure is outside the usual."""
        return f"{self.figure}_outside"


TOLERATED_SHARE = 0.2
"""A share of ten to a hundred stories moves by this much from one day to the next by chance."""

DRIFTS = (
    Drift("drift(volume)", "stories", None, relative=True),
    Drift("drift(body)", "median_words", "words", relative=True),
    Drift("drift(headline)", "median_characters", "headline_characters", relative=True),
    Drift("drift(summary)", "without_summary", "no_summary", TOLERATED_SHARE),
    Drift("drift(bylines)", "without_byline", "no_byline", TOLERATED_SHARE),
    Drift("drift(section)", "without_section", "no_section", TOLERATED_SHARE),
    Drift("drift(lead_image)", "without_image", "no_image", TOLERATED_SHARE),
    Drift("drift(dateline)", "without_dateline", "no_dateline", TOLERATED_SHARE),
)
"""A published story always has a headline and a body: of these the lengths are compared."""


def row_suite(source: Source) -> Suite:
    """What is expected of each staged row of a paper.

    A junk byline refuses its row: the reader drops what is no name, so junk says that the page
    was misread, and a published name is a statement about a person. The page stays landed and
    can be read again; a paper whose contributors do have such names says ``warning`` instead.
    """
    low, high = source.normal.body_characters
    body = ("body_characters", low, high)
    if not source.store_body:  # there is no body to measure, but its words were counted
        body = ("body_words", low // WORD_CHARACTERS, high)
    tolerated = TOLERANCE / dt.timedelta(minutes=1)
    suite = [
        Expectation("not_null(article_id)", "present", "article_id", "critical"),
        Expectation("unique(article_id)", "unique", "article_id", "critical"),
        Expectation("form(url)", "matching", "url", "critical", pattern=URL),
        Expectation("not_null(headline)", "present", "headline", "critical"),
        _between("length(headline)", "headline_characters", "critical", *HEADLINE_CHARACTERS),
        Expectation("not_null(published_at)", "present", "published_at", "critical"),
        Expectation("zone_aware(published_at)", "among", "zone_aware", "critical", values=(True,)),
        _between("not_future(published_at)", "minutes_ahead", "critical", None, tolerated),
        Expectation("no_junk(bylines)", "absent", "junk_byline", "critical"),
        _between("length(body)", body[0], "critical", *body[1:]),
        Expectation("not_null(language)", "present", "language", "warning"),
        Expectation("known(language)", "among", "language", "warning", values=_languages(source)),
    ]
    if sections := _sections(source):
        suite.append(Expectation("known(section)", "among", "section", "warning", values=sections))
    return _as_declared(source, *suite)


def day_suite(source: Source, *, live: bool, drifts: Collection[CheckName] = ()) -> Suite:
    """What is expected of the figures of one merged day of a paper.

    Args:
        source: The paper.
        live: Whether the day has just ended. Of a day long past the newest story says nothing
            about today's feeds, so its freshness is left out.
        drifts: The figures of which it is known what is usual.
    """
    normal = source.normal
    fresh = FRESH / dt.timedelta(hours=1)
    suite = [
        _between("volume", "stories", "warning", *normal.pages_per_day),
        _between("share(bylines)", "signed_share", "warning", normal.byline_share, None),
        _between("share(section)", "section_share", "info", normal.section_share, None),
        _between("duplicates", "duplicate_share", "critical", None, normal.duplicate_share),
    ]
    if live:
        suite.append(_between("freshness", "hours_before_end", "warning", None, fresh))
    suite += [
        _between(one.name, one.outside, "warning", None, 0) for one in DRIFTS if one.name in drifts
    ]
    return _as_declared(source, *suite)


def by_suite(things: Iterable[T], suite_of: Callable[[T], Suite]) -> dict[Suite, list[T]]:
    """Things by suite: those with equal suites can be evaluated together."""
    found: dict[Suite, list[T]] = {}
    for thing in things:
        found.setdefault(suite_of(thing), []).append(thing)
    return found


def _between(
    name: CheckName, column: str, severity: Severity, low: float | None, high: float | None
) -> Expectation:
    return Expectation(name, "between", column, severity, low=low, high=high)


def _as_declared(source: Source, *usual: Expectation) -> Suite:
    """The expectations with the severities that the source file declares."""
    severity = source.normal.severity
    return tuple(replace(one, severity=severity.get(one.name, one.severity)) for one in usual)


def _languages(source: Source) -> tuple[str, ...]:
    editions = {source.language, *(edition.language for edition in source.editions)}
    return source.normal.languages or tuple(sorted(editions))


def _sections(source: Source) -> tuple[str, ...]:
    """The sections that the source file knows; none unless it says what is normal."""
    known = source.normal.sections
    return tuple(sorted({*known, *source.sections.values()})) if known else ()


def _plain(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "null" if value is None else f"{value}"
