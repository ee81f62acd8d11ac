"""How published days changed, as kept in the snapshot that changed them; ``told`` reads it back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from newsdesk.article import DayChange
from newsdesk.publish import coverage
from newsdesk.publish.plan import Plan, stories
from newsdesk.publish.waiting import Pair
from newsdesk.tables.scan import days_filter, files
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile

    from newsdesk.tables import Warehouse

DAYS = "newsdesk.days"
"""The snapshot property: a JSON object, day to what changed."""

PAIRS = "newsdesk.pairs"
"""The snapshot property: a JSON list of the papers and days that were touched."""


def changes(
    plan: Plan, complete: Mapping[dt.date, bool], verdicts: Mapping[dt.date, str]
) -> tuple[dict[dt.date, DayChange], tuple[DataFile, ...]]:
    """How every day that a plan touches would change, and the files that hold these days now."""
    touched = {day for _, day in plan.pairs}
    tasks = files(plan.table, days_filter(ARTICLES, touched))
    rows = dict.fromkeys(touched, 0)
    added, changed, removed = dict(rows), dict(rows), dict(rows)
    for task in tasks:
        rows[_day_of(task.file)] += task.file.record_count
    for article_id, _, day in stories(plan.changed):
        old = plan.old_days.get(article_id)
        if old == day:
            changed[day] += 1
            continue
        added[day] += 1
        if old is not None:
            removed[old] += 1
    for _, _, day in stories(plan.removed):
        removed[day] += 1
    found = {
        day: DayChange(
            day=day,
            rows=rows[day] + added[day] - removed[day],
            added=added[day],
            changed=changed[day],
            removed=removed[day],
            complete=complete.get(day, False),
            snapshot=0,
            verdict=verdicts.get(day, "not_evaluated"),
        )
        for day in sorted(touched)
    }
    return found, tuple(task.file for task in tasks)


def completeness(
    facts: Iterable[Mapping[str, Any]],
) -> tuple[dict[dt.date, bool], dict[dt.date, str]]:
    """Whether days are complete, and the worst verdict of their papers, by rows of ``coverage``."""
    worst = ("failed", "not_evaluated", "released", "passed")
    complete: dict[dt.date, bool] = {}
    verdicts: dict[dt.date, str] = {}
    for row in facts:
        day = row["published_day"]
        complete[day] = complete.get(day, True) and row["complete"]
        verdicts[day] = min(verdicts.get(day, "passed"), row["verdict"], key=worst.index)
    return complete, verdicts


def standing(
    warehouse: Warehouse,
    days: Collection[dt.date],
    now: dt.datetime,
    removed: Mapping[dt.date, int] = MappingProxyType({}),
) -> tuple[DayChange, ...]:
    """Days as they stand now, for consumers that no run's own signal reaches.

    Args:
        warehouse: The tables.
        days: Those of them that ``articles`` or ``coverage`` has a row of are told.
        now: UTC.
        removed: How many stories have left days by no run's doing; these days are told in any case.
    """
    asked = {*days, *removed}
    rows: dict[dt.date, int] = {}
    snapshot = None
    if (table := warehouse.existing(ARTICLES.name)) is not None:
        snapshot = table.current_snapshot()
        for task in files(table, days_filter(ARTICLES, asked)):
            day = _day_of(task.file)
            rows[day] = rows.get(day, 0) + task.file.record_count
    complete, verdicts = completeness(coverage.of_days(warehouse, {}, asked, now=now))
    return tuple(
        DayChange(
            day=day,
            rows=rows.get(day, 0),
            added=0,
            changed=0,
            removed=removed.get(day, 0),
            complete=complete.get(day, False),
            snapshot=snapshot.snapshot_id if snapshot else 0,
            verdict=verdicts.get(day, "not_evaluated"),
        )
        for day in sorted(asked & {*rows, *complete, *removed})
    )


def as_property(found: Mapping[dt.date, DayChange]) -> dict[str, str]:
    """The changes as a snapshot property."""
    kept = ("rows", "added", "changed", "removed", "complete", "verdict")
    told = {
        f"{day:%Y-%m-%d}": {name: getattr(change, name) for name in kept}
        for day, change in found.items()
    }
    return {DAYS: json.dumps(told, separators=(",", ":"))}


def pairs_as_property(pairs: Collection[Pair]) -> dict[str, str]:
    """The papers and days that a commit touches, as a snapshot property."""
    told = [[source, f"{day:%Y-%m-%d}"] for source, day in sorted(pairs)]
    return {PAIRS: json.dumps(told, separators=(",", ":"))}


def _day_of(file: DataFile) -> dt.date:
    value = file.partition[0]
    return value if isinstance(value, dt.date) else dt.date(1970, 1, 1) + dt.timedelta(days=value)
