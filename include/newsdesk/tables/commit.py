"""Commits: one snapshot, made only if the table is still what was read, else made again.

pyiceberg's ``overwrite`` commits a deletion and then an addition: two snapshots, and whoever
travels to the first of them sees a day without its rows. ``commit`` makes one, from files to
drop and rows to add.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from newsdesk.article import Run
from newsdesk.errors import CatalogError
from newsdesk.tables.catalog import Warehouse, trouble
from newsdesk.tables.evolve import unknown
from newsdesk.tables.schema import TABLES

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot

RUN_ID = "newsdesk.run-id"
RUN_DAY = "newsdesk.run-day"
TRIES = 20
"""How often a commit is made again when another run's came between; seconds in all."""

_CONFLICTS = ("sequence number", "Cannot find matching snapshot", "Requirement failed")
"""What pyiceberg says, in a plain ValueError, when another commit came between."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does to a table.

    Attributes:
        add: Tables of rows to add, taken one at a time; none of them need be in memory before.
        drop: Data files that no longer count.
        properties: Kept in the snapshot's summary, beside the run.
    """

    add: Iterable[pa.Table]
    drop: tuple[DataFile, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


def commit(table: Table, change: Change, run: Run) -> Snapshot:
    """Commits a change as one snapshot on top of what the handle knows.

    Raises:
        CatalogError: The table has columns that this version of newsdesk does not know: rows
            written again would lose what is in them.
        CommitFailedException, ValidationException, ValueError: Another commit came first; see
            ``is_conflict``.
    """
    from pyiceberg.io.pyarrow import _dataframe_to_data_files

    shape = TABLES[table.name()[-1]]
    if newer := unknown(table, shape):
        told = f"a newer newsdesk added {', '.join(newer)}: update this one"
        raise CatalogError(".".join(table.name()), told)
    summary = {RUN_ID: run.run_id, RUN_DAY: f"{run.day:%Y-%m-%d}", **change.properties}
    transaction = table.transaction()
    counter = itertools.count()  # file names of one commit differ by it
    update = transaction.update_snapshot(snapshot_properties=summary)
    with update.overwrite() if change.drop else update.merge_append() as producer:
        for file in change.drop:
            producer.delete_data_file(file)
        for rows in change.add:
            if not rows.num_rows:
                continue
            # The public ways to add rows each make a snapshot of their own.
            for made in _dataframe_to_data_files(
                table_metadata=table.metadata,
                df=rows.cast(shape.arrow).sort_by([(name, "ascending") for name in shape.sort]),
                io=table.io,
                write_uuid=producer.commit_uuid,
                counter=counter,
            ):
                producer.append_data_file(made)
    transaction.commit_transaction()
    snapshot = table.snapshot_by_id(producer.snapshot_id)
    assert snapshot is not None  # noqa: S101  # it was just committed
    return snapshot


def commit_fresh(
    warehouse: Warehouse, name: str, run: Run, build: Callable[[Table], Change | None]
) -> int | None:
    """Commits what ``build`` makes of a table, made again from a fresh read on every conflict.

    Args:
        warehouse: The tables.
        name: The table.
        run: The run, for the snapshot's summary.
        build: Gives the change to the table as it stands, ``None`` when there is nothing to do.

    Returns:
        The new snapshot's id; ``None`` when there was nothing to do.

    Raises:
        CatalogError: Other commits came between every time, or the catalog failed.
        StoreError: The bucket failed.
    """
    for attempt in range(TRIES):
        table = warehouse.table(name)
        change = build(table)
        if change is None:
            return None
        try:
            with trouble(f"{warehouse.namespace}.{name}"):
                return commit(table, change, run).snapshot_id
        except Exception as error:
            if not is_conflict(error):
                raise
            pause(attempt)
    raise CatalogError(f"{warehouse.namespace}.{name}", f"lost {TRIES} commits to other runs")


def is_conflict(error: Exception) -> bool:
    """Whether a commit failed because another one came first: nothing of it was committed."""
    from pyiceberg.exceptions import CommitFailedException, ValidationException

    if isinstance(error, CommitFailedException | ValidationException):
        return True
    return isinstance(error, ValueError) and any(text in str(error) for text in _CONFLICTS)


def pause(attempt: int) -> None:
    """Sleeps a little, at random and longer each time, so that two writers part."""
    time.sleep(random.uniform(0.02, 0.1 * min(attempt + 1, 10)))  # noqa: S311  # no secret


def snapshots_of(table: Table, run_id: str) -> list[Snapshot]:
    """The snapshots that a run has committed to a table, oldest first."""
    return [
        snapshot
        for snapshot in sorted(table.snapshots(), key=lambda one: one.sequence_number or 0)
        if snapshot.summary is not None
        and snapshot.summary.additional_properties.get(RUN_ID) == run_id
    ]
