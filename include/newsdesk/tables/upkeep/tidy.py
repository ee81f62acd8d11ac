"""Upkeep of one table, from first to last, with what it came to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from newsdesk.article import Run
from newsdesk.store import Store
from newsdesk.tables.catalog import Warehouse, properties_of
from newsdesk.tables.evolve import set_properties
from newsdesk.tables.schema import TABLES
from newsdesk.tables.upkeep.compact import Compacted, compact, groups
from newsdesk.tables.upkeep.expire import expire, old, trim
from newsdesk.tables.upkeep.listing import Listed, delete, listed, of_snapshots, reachable
from newsdesk.tables.upkeep.rules import Rules


@dataclass(frozen=True, slots=True)
class TableReport:
    """What upkeep did to a table, or would do.

    Attributes:
        table: Its name.
        files_before: Objects in its folder, metadata included.
        bytes_before: Their bytes.
        files_after: The same after; of a dry run an estimate without what compaction saves.
        bytes_after: Their bytes.
        compacted: Small data files that were put together.
        into: How many files they became.
        expired: Snapshots forgotten.
        deleted: Files deleted with them.
        orphans: Files deleted that no snapshot had.
    """

    table: str
    files_before: int
    bytes_before: int
    files_after: int
    bytes_after: int
    compacted: int
    into: int
    expired: int
    deleted: int
    orphans: int


def tidy(
    warehouse: Warehouse,
    store: Store,
    name: str,
    rules: Rules,
    *,
    now: dt.datetime,
    dry_run: bool = False,
) -> TableReport | None:
    """Compacts a table, expires its snapshots and removes orphans.

    Args:
        warehouse: The tables.
        store: The bucket that holds them.
        name: The table.
        rules: What is small, what is old.
        now: UTC.
        dry_run: Whether only to say what would be done.

    Returns:
        What it came to; ``None`` when nobody has made the table yet.

    Raises:
        CatalogError: The catalog failed, or other runs came between too often.
        StoreError: The bucket failed.
    """
    table = warehouse.existing(name)
    if table is None:
        return None
    before = listed(table)
    if dry_run:
        planned = groups(table, rules)
        compacted = Compacted(sum(map(len, planned)), len(planned))
        forgotten = old(table, rules, now)
        ids = {one.snapshot_id for one in forgotten}
        kept = [one for one in table.metadata.snapshots if one.snapshot_id not in ids]
        useless = of_snapshots(table, forgotten) - of_snapshots(table, kept)
        orphans = _orphans(before, reachable(table), rules, now)
        after = {path: info for path, info in before.items() if path not in useless | orphans}
        return _report(name, before, after, compacted, len(ids), len(useless), len(orphans))
    set_properties(table, properties_of(TABLES[name]))
    run = Run(now.date(), f"upkeep__{now:%Y-%m-%dT%H:%M:%S}", now)
    compacted = compact(warehouse, name, run, rules)
    expired, useless = expire(warehouse, name, rules, now)
    deleted = delete(table, store, useless)
    trim(warehouse, name, rules, now)
    # Listed first, then the metadata: what a writer commits in between is reached by it.
    there = listed(table)
    orphans = _orphans(there, reachable(warehouse.table(name)), rules, now)
    delete(table, store, orphans)
    after = {path: info for path, info in there.items() if path not in orphans}
    return _report(name, before, after, compacted, expired, deleted, len(orphans))


def _orphans(
    there: dict[str, Listed], reached: set[str], rules: Rules, now: dt.datetime
) -> set[str]:
    return {
        path
        for path, info in there.items()
        if path not in reached and info.written_at < now - rules.keep_orphans
    }


def _report(
    name: str,
    before: dict[str, Listed],
    after: dict[str, Listed],
    compacted: Compacted,
    expired: int,
    deleted: int,
    orphans: int,
) -> TableReport:
    return TableReport(
        table=name,
        files_before=len(before),
        bytes_before=sum(info.size for info in before.values()),
        files_after=len(after),
        bytes_after=sum(info.size for info in after.values()),
        compacted=compacted.files,
        into=compacted.into,
        expired=expired,
        deleted=deleted,
        orphans=orphans,
    )
