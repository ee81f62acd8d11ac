"""What the commits of a run have said of days: what consumers are told, also by a repetition.

It is read back from the summaries of the run's own snapshots of ``news.articles``, so that a
repetition after a kill tells the same. An erasure forgets snapshots; what they said is kept in the
bucket before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsdesk import records
from newsdesk.article import DayChange, Run
from newsdesk.errors import ObjectMissing
from newsdesk.layout import Layout
from newsdesk.publish.days import DAYS, PAIRS, standing
from newsdesk.publish.waiting import Pair
from newsdesk.store import Store
from newsdesk.tables.commit import RUN_DAY, RUN_ID, snapshots_of
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

    from newsdesk.tables import Warehouse


@dataclass(frozen=True, slots=True)
class Said:
    """What one snapshot says.

    Attributes:
        order: Its sequence number.
        snapshot: Its id.
        days: Its property ``DAYS``.
        pairs: Its property ``PAIRS``.
    """

    order: int
    snapshot: int
    days: str
    pairs: str


@dataclass(frozen=True, slots=True)
class Told:
    """What snapshots of one run said that are forgotten, or about to be."""

    said: tuple[Said, ...]


def keep_told(store: Store, layout: Layout, snapshots: Iterable[Snapshot]) -> None:
    """Keeps in the bucket what snapshots say of days, each for its run.

    Raises:
        StoreError: The bucket failed.
    """
    by_run = defaultdict(set)
    for snapshot in snapshots:
        summary = snapshot.summary.additional_properties if snapshot.summary else {}
        if DAYS in summary:
            by_run[summary[RUN_DAY], summary[RUN_ID]].add(_said(snapshot))
    for (day, run_id), said in by_run.items():
        key = layout.told(dt.date.fromisoformat(day), run_id)
        known = _kept(store, key)
        if not said <= known:
            store.put(key, records.pack(Told(tuple(sorted(known | said, key=_order)))))


def touched(store: Store, layout: Layout, table: Table, run: Run) -> set[Pair]:
    """The papers and days that a run has touched already.

    A repetition after a kill changes nothing there any more, and still has to say how they are.
    """
    return {
        (source, dt.date.fromisoformat(day))
        for one in _all_said(store, layout, table, run)
        for source, day in json.loads(one.pairs)
    }


def told(
    warehouse: Warehouse, store: Store, layout: Layout, run: Run, *, now: dt.datetime
) -> tuple[DayChange, ...]:
    """The days that a run has changed.

    A run that was completed later has more than one snapshot: what was added, changed and removed
    is summed, all else is as of the last. Where that is forgotten, it is as of now.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        run: The run.
        now: UTC.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    table = warehouse.table(ARTICLES.name)
    days: dict[dt.date, DayChange] = {}
    for one in _all_said(store, layout, table, run):
        for text, figures in json.loads(one.days).items():
            day = dt.date.fromisoformat(text)
            change = DayChange(day=day, snapshot=one.snapshot, **figures)
            days[day] = _summed(days[day], change) if day in days else change
    there = {snapshot.snapshot_id for snapshot in table.snapshots()}
    lost = {day: change for day, change in days.items() if change.snapshot not in there}
    removed = {day: change.removed for day, change in lost.items()}
    for change in standing(warehouse, removed, now, removed):
        before = lost[change.day]
        days[change.day] = replace(change, added=before.added, changed=before.changed)
    return tuple(days[day] for day in sorted(days))


def _summed(before: DayChange, change: DayChange) -> DayChange:
    return replace(
        change,
        added=before.added + change.added,
        changed=before.changed + change.changed,
        removed=before.removed + change.removed,
    )


def _all_said(store: Store, layout: Layout, table: Table, run: Run) -> list[Said]:
    """What every snapshot of a run said, oldest first."""
    # In this order: what is forgotten was kept before.
    said = {_said(snapshot) for snapshot in snapshots_of(table, run.run_id)}
    return sorted(said | _kept(store, layout.told(run.day, run.run_id)), key=_order)


def _kept(store: Store, key: str) -> set[Said]:
    try:
        return set(records.unpack(Told, store.get(key), subject=key).said)
    except ObjectMissing:
        return set()


def _said(snapshot: Snapshot) -> Said:
    summary = snapshot.summary.additional_properties if snapshot.summary else {}
    days, pairs = summary.get(DAYS, "{}"), summary.get(PAIRS, "[]")
    return Said(snapshot.sequence_number or 0, snapshot.snapshot_id, days, pairs)


def _order(said: Said) -> int:
    return said.order
