"""How complete the days are: ``news.coverage``, and what it cannot say by itself.

A day that the table has no row for was never worked on. It is shown as unknown: silence is not
completeness.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from newsdesk.errors import QueryError
from newsdesk.query.reasons import why_rejected
from newsdesk.tables.schema import COVERAGE

if TYPE_CHECKING:
    from newsdesk.tables import Warehouse

DAYS = 14
"""Days that are shown when nobody says which."""

UNKNOWN = "unknown"
"""The verdict of a day without a row."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoverageDay:
    """One day of one paper.

    Attributes:
        source: Name of the paper.
        published_day: The UTC day.
        expected: Stories known to belong to it; ``None``, as in the next four: nobody looked.
        fetched: Of those, stories of which a page was landed.
        published: Rows in ``news.articles``.
        rejected: Stories refused by reader or checks.
        missing: Stories that no run could get.
        gap_from: Start (UTC) of what nobody watched; ``None`` when there is no gap.
        gap_to: Its end.
        verdict: ``passed``, ``failed``, ``not_evaluated``, ``released`` (by hand, though it failed), or
            ``unknown`` for a day without a row.
        complete: Whether nothing is left to come.
        updated_at: When any of this last changed, UTC; ``None`` for a day without a row.
        watermark: The day up to which, inclusive, every day of the paper is complete. Counted
            from the first day that was watched or listed at all: a stray story of an older day
            does not begin the paper anew. ``None`` when that first day is not complete.
        reasons: How many of the rejected stories there are by reason, most frequent first.
    """

    source: str
    published_day: dt.date
    expected: int | None
    fetched: int | None
    published: int | None
    rejected: int | None
    missing: int | None
    gap_from: dt.datetime | None
    gap_to: dt.datetime | None
    verdict: str
    complete: bool
    updated_at: dt.datetime | None
    watermark: dt.date | None
    reasons: Mapping[str, int] = field(default_factory=dict)


def status(
    warehouse: Warehouse,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    span: int = DAYS,
) -> tuple[CoverageDay, ...]:
    """The coverage of every known paper on every day of a range, sorted by paper and day.

    Args:
        warehouse: The tables.
        first: First day, UTC; ``None`` is ``span`` days ending with ``last``, or fewer when no paper
            is known for that long.
        last: Last day, inclusive; ``None`` is the newest day that any paper has.
        span: Days that are wanted when nobody says the first.

    Returns:
        One entry for each paper and day, also for days without a row; nothing when no paper was
        ever published.

    Raises:
        QueryError: The range ends before it begins.
        CatalogError: The catalog's database failed.
        StoreError: The bucket failed.
    """
    if first and last and first > last:
        raise QueryError(f"{first} to {last}", "the range ends before it begins")
    by_source = _by_source(_all_rows(warehouse))
    if not by_source:
        return ()
    known = [day for rows in by_source.values() for day in rows]
    end = last or max(known)
    begin = first or min(end, max(end - (span - 1) * _DAY, min(known)))
    if begin > end:
        raise QueryError(f"{begin} to {end}", "the range ends before it begins")
    entries = [
        _entry(source, day, rows.get(day), mark)
        for source, rows in sorted(by_source.items())
        for mark in (watermark(rows),)
        for day in days(begin, end)
    ]
    why = why_rejected(warehouse, {(x.source, x.published_day) for x in entries if x.rejected})
    return tuple(replace(x, reasons=why.get((x.source, x.published_day), {})) for x in entries)


def watermark(rows: Mapping[dt.date, Mapping[str, Any]]) -> dt.date | None:
    """The day up to which one paper is complete; see ``CoverageDay.watermark``.

    Args:
        rows: Rows of ``news.coverage`` of the paper, by day.
    """
    begun = [day for day, row in rows.items() if not _nobody_watched(row)]
    mark = None
    for day in days(min(begun), max(begun)) if begun else ():
        if day not in rows or not rows[day]["complete"]:
            break
        mark = day
    return mark


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day of a range, both ends included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)


def _all_rows(warehouse: Warehouse) -> Sequence[Mapping[str, Any]]:
    """The whole table: one narrow row per paper and day, and watermarks need the old ones."""
    from pyiceberg.expressions import AlwaysTrue

    from newsdesk.tables.scan import read

    table = warehouse.existing(COVERAGE.name)
    rows: list[dict[str, Any]] = []
    if table is not None:
        rows = read(table, COVERAGE, AlwaysTrue()).to_pylist()
    return rows


def _by_source(
    rows: Iterable[Mapping[str, Any]],
) -> dict[str, dict[dt.date, Mapping[str, Any]]]:
    found: dict[str, dict[dt.date, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["source"], {})[row["published_day"]] = row
    return found


def _nobody_watched(row: Mapping[str, Any]) -> bool:
    """Whether the gap is the whole day, as when only other days' runs came across it."""
    start, end = row["gap_from"], row["gap_to"]
    return start is not None and end is not None and end - start >= _DAY


def _entry(
    source: str, day: dt.date, row: Mapping[str, Any] | None, mark: dt.date | None
) -> CoverageDay:
    if row is not None:
        return CoverageDay(**row, watermark=mark)
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    nothing: dict[str, Any] = dict.fromkeys(
        ("expected", "fetched", "published", "rejected", "missing")
    )
    return CoverageDay(
        source=source,
        published_day=day,
        **nothing,
        gap_from=start,
        gap_to=start + _DAY,
        verdict=UNKNOWN,
        complete=False,
        updated_at=None,
        watermark=mark,
    )
