"""What a consumer reads: the newest snapshot of ``news.articles``, and a day's files in it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from newsdesk.errors import CatalogError
from newsdesk.tables.scan import days_filter, files, read_files
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from pyiceberg.table import FileScanTask, Table

    from newsdesk.tables import Warehouse


def pin(warehouse: Warehouse) -> tuple[Table, int]:
    """A handle on ``news.articles`` that stays at its newest snapshot, and that snapshot's id.

    Raises:
        CatalogError: The catalog failed, or nothing was ever published.
    """
    table = warehouse.existing(ARTICLES.name)
    snapshot = table.current_snapshot() if table is not None else None
    if table is None or snapshot is None:
        where = f"{warehouse.namespace}.{ARTICLES.name}"
        raise CatalogError(where, "nothing was published yet: there is nothing to load")
    return table, snapshot.snapshot_id


def day_files(table: Table, day: dt.date) -> list[FileScanTask]:
    """The data files of a UTC day, by name; a file holds rows of one day only."""
    tasks = files(table, days_filter(ARTICLES, [day]))
    return sorted(tasks, key=lambda task: task.file.file_path)


def digest(tasks: Sequence[FileScanTask]) -> str:
    """SHA-256 over the names of data files; Iceberg never changes a file."""
    names = {file.file_path for task in tasks for file in (task.file, *task.delete_files)}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def batches(table: Table, tasks: Sequence[FileScanTask], size: int) -> Iterator[pa.RecordBatch]:
    """The rows of some data files, so many at a time, with one file in memory."""
    for task in tasks:
        yield from read_files(table, ARTICLES, [task]).to_batches(max_chunksize=size)
        pa.default_memory_pool().release_unused()
