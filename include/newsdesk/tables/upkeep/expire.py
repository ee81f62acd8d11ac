"""Expiry: old snapshots and metadata files go, and with them every file that only they had.

pyiceberg forgets snapshots and leaves their files. The files of what goes are listed before;
after the commit those that the newest metadata does not reach are deleted. A kill between leaves
orphans, which the next upkeep finds.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from newsdesk.errors import CatalogError
from newsdesk.tables.catalog import Warehouse, properties_of, trouble
from newsdesk.tables.commit import TRIES, is_conflict, pause
from newsdesk.tables.evolve import set_properties
from newsdesk.tables.schema import TABLES
from newsdesk.tables.upkeep.listing import of_snapshots, reachable
from newsdesk.tables.upkeep.rules import Rules

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot


SPARE = 10
"""Fewer old metadata files are not worth two commits."""

_LOG = "write.metadata.previous-versions-max"


def old(table: Table, rules: Rules, now: dt.datetime) -> list[Snapshot]:
    """The snapshots that may go: old, not among the last, and named by no branch or tag."""
    named = {ref.snapshot_id for ref in table.metadata.refs.values()}
    before = (now - rules.keep_snapshots).timestamp() * 1000
    ordered = sorted(table.metadata.snapshots, key=lambda one: one.timestamp_ms)
    return [
        one
        for one in ordered[: -rules.keep_last or None]
        if one.timestamp_ms < before and one.snapshot_id not in named
    ]


def expire(warehouse: Warehouse, name: str, rules: Rules, now: dt.datetime) -> tuple[int, set[str]]:
    """Forgets the old snapshots of a table.

    Returns:
        How many, and the files that nothing reaches any more; they are still there.

    Raises:
        CatalogError: Other commits came between every time, or the catalog failed.
        StoreError: The bucket failed.
    """
    for attempt in range(TRIES):
        table = warehouse.table(name)
        gone = old(table, rules, now)
        if not gone:
            return 0, set()
        had = of_snapshots(table, gone)
        try:
            with trouble(f"{warehouse.namespace}.{name}"):
                ids = [one.snapshot_id for one in gone]
                table.maintenance.expire_snapshots().by_ids(ids).commit()
        except Exception as error:
            if not is_conflict(error):
                raise
            pause(attempt)
            continue
        return len(gone), had - reachable(warehouse.table(name))
    raise CatalogError(f"{warehouse.namespace}.{name}", f"lost {TRIES} commits to other runs")


def trim(warehouse: Warehouse, name: str, rules: Rules, now: dt.datetime) -> None:
    """Lets the older metadata files of a table go, whose names its newest metadata still holds.

    Each of them tells all snapshots of its time: of a busy table they outweigh the rows. Those
    that a reader may have found a moment ago, as young as orphans must not be, stay. Iceberg
    drops what is beyond a property at the next commit, so it is set low, and back.

    Raises:
        CatalogError: Other commits came between every time, or the catalog failed.
        StoreError: The bucket failed.
    """
    log = warehouse.table(name).metadata.metadata_log
    young = sum(one.timestamp_ms >= (now - rules.keep_orphans).timestamp() * 1000 for one in log)
    if len(log) - young < SPARE:
        return
    for value in (f"{young + 2}", properties_of(TABLES[name])[_LOG]):
        for attempt in range(TRIES):
            try:
                with trouble(f"{warehouse.namespace}.{name}"):
                    set_properties(warehouse.table(name), {_LOG: value})
                break
            except Exception as error:
                if not is_conflict(error):
                    raise
                pause(attempt)
        else:
            where = f"{warehouse.namespace}.{name}"
            raise CatalogError(where, f"lost {TRIES} commits to other runs")
