"""Days as they would stand: each day of a paper is reduced to figures, which are then judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import UTC, CheckResult
from newsdesk.quality.drift import Bands, measure, slim
from newsdesk.quality.evaluate import ROW, evaluate
from newsdesk.quality.suites import DRIFTS, Expectation, Suite, by_suite, day_suite
from newsdesk.sources import Source

DAY_COLUMNS = (
    "article_id",
    "source",
    "section",
    "article_type",
    "headline",
    "summary",
    "bylines",
    "dateline",
    "published_at",
    "published_at_precision",
    "word_count",
    "lead_image",
    "captured_at",
    "text_simhash",
    "content_hash",
)
"""Columns of ``news.articles`` that a whole day is judged by: no bodies."""

Pair = tuple[str, dt.date]
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

FIGURES = pa.schema(
    [
        ("stories", pa.int64()),
        ("signed_share", pa.float64()),
        ("section_share", pa.float64()),
        ("duplicate_share", pa.float64()),
        ("hours_before_end", pa.float64()),
        *((drift.outside, pa.float64()) for drift in DRIFTS),
    ]
)
"""What a day is judged by; a figure is null where nothing can say it."""


@dataclass(frozen=True, slots=True)
class DayChecks:
    """What the checks say of merged days.

    Attributes:
        blocked: Papers and days that must stay as they are, with every critical failure and its
            figures in one line.
        results: Every expectation of every paper and day.
    """

    blocked: tuple[tuple[str, dt.date, str], ...]
    results: tuple[CheckResult, ...]


def check_days(
    days: Mapping[Pair, pa.Table],
    sources: Mapping[str, Source],
    *,
    run_day: dt.date,
    now: dt.datetime,
    usual: Mapping[str, Bands] | None = None,
) -> DayChecks:
    """Judges days of papers.

    Args:
        days: What ``narrow`` gave of each day as it would stand.
        sources: The papers, by name.
        run_day: The day the run works for, UTC: bounds in time come from it.
        now: When the run started, UTC. More than a day after the end of the run day it is a
            backfill, and nothing is asked about freshness.
        usual: What ``bands`` gave for the run day, by paper: other days were compared with the
            weeks before them when they were run days.
    """

    def bands_of(pair: Pair) -> Bands:
        return (usual or {}).get(pair[0], {}) if pair[1] == run_day else {}

    def suite_of(pair: Pair) -> Suite:
        live = pair[1] == run_day and now - _end(run_day) <= DAY
        return day_suite(sources[pair[0]], live=live, drifts=bands_of(pair))

    results: list[CheckResult] = []
    blocked: dict[Pair, list[str]] = {}
    for suite, pairs in by_suite(sorted(days), suite_of).items():
        rows = [
            figures(days[pair], end=min(_end(pair[1]), now))
            | _outside(days[pair], pair, bands_of(pair))
            for pair in pairs
        ]
        table = pa.Table.from_pylist(rows, schema=FIGURES)
        table = table.append_column(ROW, pa.array(range(len(rows)), pa.int64()))
        for one, found in evaluate(table, suite).items():
            failing = set(found.rows)
            for number, (pair, row) in enumerate(zip(pairs, rows, strict=True)):
                failed = number in failing
                stories = days[pair].num_rows
                seen = _seen(one, row, bands_of(pair))
                results.append(
                    found.result(
                        one,
                        source=pair[0],
                        day=pair[1],
                        observed=seen.observed,
                        expected=seen.expected,
                        rows=stories,
                        failing=stories if failed else 0,  # a day passes or fails as a whole
                        failed=failed,
                    )
                )
                if found.error is not None:
                    why = f"{one.name}: could not be evaluated: {found.error}"
                    blocked.setdefault(pair, []).append(why)
                elif failed and one.severity == "critical":
                    blocked.setdefault(pair, []).append(f"{one.name}: {seen.told}")
    stopped = tuple((*pair, "; ".join(blocked[pair])) for pair in sorted(blocked))
    return DayChecks(stopped, tuple(results))


def figures(narrow: pa.Table, *, end: dt.datetime) -> dict[str, float | None]:
    """One day of one paper as a row of ``FIGURES``.

    Args:
        narrow: Its stories.
        end: The end of the day, or of what is known of it.
    """
    stories = narrow.num_rows
    written = narrow.filter(narrow["written"])
    signed = sum(count > 0 for count in pc.list_value_length(written["bylines"]).to_pylist())
    return {
        "stories": stories,
        "signed_share": _share(signed, written.num_rows),
        "section_share": _share(stories - narrow["section"].null_count, stories),
        # A single copy is chance, whatever its share of a small day.
        "duplicate_share": _share(max(0, duplicates(narrow) - 1), stories),
        "hours_before_end": _hours_before(end, narrow),
    }


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is told of one expectation of one day."""

    observed: Mapping[str, Any]
    expected: Mapping[str, Any]
    told: str


def _seen(one: Expectation, row: Mapping[str, Any], bands: Bands) -> _Seen:
    """The figure that was judged; of a drift the figure itself, not how far outside it is."""
    drift = next((drift for drift in DRIFTS if drift.name == one.name), None)
    if drift is None:
        value = row[one.column]
        return _Seen({one.column: value}, one.expected, one.told(value))
    band, value = bands[drift.name], row[drift.figure]
    learnt = {"usual": band.usual, "days": band.days}
    usual = f"usual {band.low:.4g} to {band.high:.4g} in {band.days} days"
    return _Seen(
        {drift.figure: value},
        {drift.figure: [band.low, band.high], **learnt},
        f"{drift.figure} is {'null' if value is None else f'{value:.4g}'}, {usual}",
    )


def _outside(narrow: pa.Table, pair: Pair, bands: Bands) -> dict[str, float | None]:
    """The figures of a day that are compared with the weeks before, and how far outside they are."""
    if not bands:
        return {}
    nothing = {drift.figure: None for drift in DRIFTS} | {"stories": 0}
    found = measure(slim(narrow)).get(pair, nothing)
    outside = {
        drift.outside: bands[drift.name].outside(found[drift.figure])
        for drift in DRIFTS
        if drift.name in bands
    }
    return {**found, **outside}


def duplicates(narrow: pa.Table) -> int:
    """How many stories repeat an earlier one: its text, its content or its headline."""
    columns = [narrow[name].to_pylist() for name in ("text_simhash", "content_hash", "headline")]
    seen: tuple[set[object], ...] = tuple(set() for _ in columns)
    count = 0
    for row in zip(*columns, strict=True):
        marks = [(known, mark) for known, mark in zip(seen, row, strict=True) if mark is not None]
        count += any(mark in known for known, mark in marks)
        for known, mark in marks:
            known.add(mark)
    return count


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _hours_before(end: dt.datetime, narrow: pa.Table) -> float | None:
    """Hours from the newest story to the end; a day without stories is all silence.

    A story that prints a day alone says nothing about hours.
    """
    if not narrow.num_rows:
        return DAY / HOUR
    newest = pc.max(narrow.filter(narrow["exact"])["published_at"]).as_py()
    return None if newest is None else round((end - newest) / HOUR, 2)


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), UTC) + DAY
