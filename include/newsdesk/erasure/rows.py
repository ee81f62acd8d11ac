"""Tables without a story: its rows, the snapshots that had them, and every file they were in.

pyiceberg keeps more than rows: manifests hold the least and greatest values of every file, also of
files that were dropped, and snapshots keep both. So after the rows are gone an empty commit sheds the
manifests that only tell of dropped files, every snapshot that knew such a file is forgotten, and
the files that nothing reaches any more are deleted. That empty commit also refuses whoever prepared
a commit before the story was on the suppress list, and so makes them look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import Run
from newsdesk.erasure.story import Traces
from newsdesk.errors import CatalogError
from newsdesk.store import Store
from newsdesk.tables.catalog import Warehouse, trouble
from newsdesk.tables.commit import TRIES, Change, commit_fresh, is_conflict, pause
from newsdesk.tables.scan import files, read_files
from newsdesk.tables.schema import TABLES, TableShape
from newsdesk.tables.upkeep.listing import delete, listed, of_snapshots, reachable

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import FileScanTask, Table
    from pyiceberg.table.snapshots import Snapshot

ERASURE = "newsdesk.erasure"
"""The snapshot property of the commits of an erasure."""

HOLDING = ("articles", "revisions", "rejected", "ledger", "article_days")
"""Tables whose rows are of one story; the others count stories."""


def erase_rows(
    warehouse: Warehouse,
    store: Store,
    name: str,
    run: Run,
    traces: Traces,
    had: Collection[str],
    holds: Callable[[str], bool],
    before_forgetting: Callable[[Sequence[Snapshot]], None] = lambda snapshots: None,
) -> None:
    """Takes a story out of a table, for good.

    Args:
        warehouse: The tables.
        store: The bucket.
        name: The table; nothing happens to one that nobody has made.
        run: Names the commits.
        traces: What tells the story.
        had: Files of the table, of whatever kind, in which it was found.
        holds: Whether a data file that was not there then holds it.
        before_forgetting: Given the snapshots that go; called again if that was in vain.

    Raises:
        CatalogError: Other commits came between every time, or the catalog failed.
        StoreError: The bucket failed.
    """
    if warehouse.existing(name) is None:
        return
    from pyiceberg.expressions import AlwaysTrue

    shape = TABLES[name]
    bad = set(had)

    def build(table: Table) -> Change | None:
        tasks = files(table, AlwaysTrue())
        mine = [task for task in tasks if task.file.file_path in bad or holds(task.file.file_path)]
        bad.update(task.file.file_path for task in mine)
        drop: tuple[DataFile, ...] = tuple(task.file for task in mine)
        return Change(_left(table, shape, mine, traces), drop, {ERASURE: "rows"}) if mine else None

    commit_fresh(warehouse, name, run, build)
    commit_fresh(warehouse, name, run, lambda table: Change((), (), {ERASURE: "fence"}))
    bad |= _forget(warehouse, name, bad, before_forgetting)
    table = warehouse.table(name)
    useless = (bad & set(listed(table))) - reachable(table)
    delete(table, store, useless)


def _left(
    table: Table, shape: TableShape, tasks: Collection[FileScanTask], traces: Traces
) -> Iterator[pa.Table]:
    for task in tasks:  # one file in memory at a time
        rows = read_files(table, shape, [task])
        yield rows.filter(pc.invert(traces.rows(rows)))


def _forget(
    warehouse: Warehouse,
    name: str,
    bad: Collection[str],
    before: Callable[[Sequence[Snapshot]], None],
) -> set[str]:
    """Forgets every snapshot that knew one of these files; gives all files that those had."""
    where = f"{warehouse.namespace}.{name}"
    for attempt in range(TRIES):
        table = warehouse.table(name)
        current = table.current_snapshot()
        knowing = _manifests_that_know(table, bad)
        manifests = {one.snapshot_id: _manifests(table, one) for one in table.metadata.snapshots}
        gone = [
            one
            for one in table.metadata.snapshots
            if manifests[one.snapshot_id] & knowing and one != current
        ]
        if not gone:
            return set()
        before(gone)
        ids = {one.snapshot_id for one in gone}
        had = of_snapshots(table, gone).union(*(manifests[one] for one in ids))
        try:
            with trouble(where):
                refs = [ref for ref, one in table.metadata.refs.items() if one.snapshot_id in ids]
                for ref in refs:  # a tag must not keep what has to go
                    warehouse.table(name).manage_snapshots().remove_tag(ref).commit()
                table = warehouse.table(name)
                table.maintenance.expire_snapshots().by_ids(sorted(ids)).commit()
        except Exception as error:
            if not is_conflict(error):
                raise
            pause(attempt)
            continue
        return had
    raise CatalogError(where, f"lost {TRIES} commits to other runs")


def _manifests_that_know(table: Table, bad: Collection[str]) -> set[str]:
    """The manifests that name one of these files, be it to say that it was dropped."""
    seen: dict[str, bool] = {}
    with trouble(table.location()):
        for snapshot in table.metadata.snapshots:
            for one in snapshot.manifests(table.io):
                if one.manifest_path not in seen:
                    entries = one.fetch_manifest_entry(table.io, discard_deleted=False)
                    named = {entry.data_file.file_path for entry in entries}
                    seen[one.manifest_path] = one.manifest_path in bad or bool(named & set(bad))
    return {path for path, knows in seen.items() if knows}


def _manifests(table: Table, snapshot: Snapshot) -> set[str]:
    with trouble(table.location()):
        return {one.manifest_path for one in snapshot.manifests(table.io)}
