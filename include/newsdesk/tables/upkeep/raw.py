"""WARC files that are old enough to go. Off unless a setting says how old that is.

A file is as old as the day its run worked for, and never older than itself: what a backfill lands
today of a day long past is new, and nothing points into it before its run has published.

An old file stays while anything may still want to read it: rows that point into it, rows that wait
for their day, and harvested pages that no run has taken yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsdesk.layout import Layout
from newsdesk.store import ObjectInfo, Store
from newsdesk.tables.catalog import Warehouse, trouble
from newsdesk.tables.schema import TABLES
from newsdesk.tables.upkeep.rules import Rules

POINTING = tuple(name for name, shape in TABLES.items() if "capture" in shape.arrow.names)
"""Tables whose rows point at what they were read from."""


@dataclass(frozen=True, slots=True)
class RawReport:
    """What became of the raw zone, or would.

    Attributes:
        files_before: WARC files.
        bytes_before: Their bytes.
        removed: Files removed.
        bytes_removed: Their bytes.
        kept_pointed: Files old enough to go that stay because something points into them.
        aborted: Uploads of WARC files that were removed, because killed processes had left them
            unfinished.
    """

    files_before: int
    bytes_before: int
    removed: int
    bytes_removed: int
    kept_pointed: int
    aborted: int


def age_out(
    warehouse: Warehouse,
    store: Store,
    layout: Layout,
    rules: Rules,
    *,
    now: dt.datetime,
    dry_run: bool = False,
) -> RawReport:
    """Removes WARC files that are old enough to go, and uploads left unfinished.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        rules: How old a file must be, and whether it goes though something points into it.
        now: UTC.
        dry_run: Whether only to say what would be done.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    there = list(store.list(layout.raw_zone()))
    if rules.keep_raw is None:
        going: list[ObjectInfo] = []
    else:
        begin = now - max(rules.keep_raw, rules.keep_orphans)
        first = layout.raw_zone() + f"{(now - rules.keep_raw).date():%Y-%m-%d}/"
        going = [info for info in there if info.key < first and info.written_at < begin]
    pointed = 0
    if going and not rules.drop_pointed:
        wanted = {key for keys in _pointed_keys(warehouse, store, layout) for key in keys}
        taken = _harvests(store, layout)
        stays = {one.key for one in going if one.key in wanted or one.key.split("/")[-2] in taken}
        pointed = len(stays)
        going = [info for info in going if info.key not in stays]
    aborted = 0
    if not dry_run:
        for info in going:
            store.delete(info.key)
        aborted = store.abort_uploads(layout.raw_zone(), now - rules.keep_orphans)
    return RawReport(
        files_before=len(there),
        bytes_before=sum(info.size for info in there),
        removed=len(going),
        bytes_removed=sum(info.size for info in going),
        kept_pointed=pointed,
        aborted=aborted,
    )


def _pointed_keys(warehouse: Warehouse, store: Store, layout: Layout) -> Iterator[list[str]]:
    """The keys that rows point at, published and waiting, some at a time."""
    for name in POINTING:
        table = warehouse.existing(name)
        if table is None or table.current_snapshot() is None:
            continue
        with trouble(name):
            for batch in table.scan(selected_fields=("capture",)).to_arrow_batch_reader():
                yield _keys(batch["capture"])
    for info in store.list(layout.blocked_zone()):
        rows = pq.read_table(pa.BufferReader(store.get(info.key)), columns=["capture"])
        yield _keys(rows["capture"].combine_chunks())


def _keys(captures: pa.Array) -> list[str]:
    keys: list[str] = pc.unique(pc.drop_null(pc.struct_field(captures, "key"))).to_pylist()
    return keys


def _harvests(store: Store, layout: Layout) -> set[str]:
    """What stands for a harvested file in keys, of all whose pages a run may still take."""
    return {
        info.key.rpartition("/")[2].partition("-")[0] for info in store.list(layout.landed_zone())
    }
