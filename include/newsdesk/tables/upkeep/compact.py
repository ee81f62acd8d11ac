"""Compaction: small files of a partition become one, sorted as the table is.

A group of files is read, written as one file and committed with others; so much is in memory at a
time, whatever the size of the table. What another writer commits meanwhile wins: the files are
planned anew from what is then there, so a file that it replaced is not brought back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from newsdesk.article import Run
from newsdesk.errors import CatalogError
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.commit import Change, commit_fresh
from newsdesk.tables.scan import files, read_files
from newsdesk.tables.schema import TABLES, TableShape
from newsdesk.tables.upkeep.rules import Rules

if TYPE_CHECKING:
    from pyiceberg.table import FileScanTask, Table

    Group = Sequence[FileScanTask]

UPKEEP = "newsdesk.upkeep"
"""The snapshot property that says that no row was changed."""

BATCH = 32
"""So many groups make a commit: a conflict costs no more than these."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """How many data files were put together, and into how many."""

    files: int = 0
    into: int = 0


def groups(table: Table, rules: Rules) -> list[Group]:
    """What is to be put together: at least two small files of one partition each."""
    from pyiceberg.expressions import AlwaysTrue

    small: dict[str, list[FileScanTask]] = defaultdict(list)
    for task in files(table, AlwaysTrue()):
        if task.file.file_size_in_bytes < rules.small:
            small[f"{task.file.spec_id} {task.file.partition!r}"].append(task)
    found: list[Group] = []
    for _, tasks in sorted(small.items()):
        group: list[FileScanTask] = []
        size = 0
        for task in sorted(tasks, key=lambda task: task.file.file_path):
            if size + task.file.file_size_in_bytes > rules.target:
                found.append(group)
                group, size = [], 0
            group.append(task)
            size += task.file.file_size_in_bytes
        found.append(group)
    return [group for group in found if len(group) > 1]


def compact(warehouse: Warehouse, name: str, run: Run, rules: Rules) -> Compacted:
    """Puts the small files of a table together.

    Raises:
        CatalogError: Other commits came between every time, or a file does not hold the rows
            that the metadata says: nothing was changed then.
        StoreError: The bucket failed.
    """
    shape = TABLES[name]
    merged = into = 0
    batch: list[Group] = []

    def build(table: Table) -> Change | None:
        nonlocal batch
        batch = groups(table, rules)[:BATCH]
        if not batch:
            return None
        drop = tuple(task.file for group in batch for task in group)
        return Change(_written_anew(table, shape, batch), drop, {UPKEEP: "compaction"})

    while commit_fresh(warehouse, name, run, build) is not None:
        merged += sum(map(len, batch))
        into += len(batch)
    return Compacted(merged, into)


def _written_anew(table: Table, shape: TableShape, batch: Sequence[Group]) -> Iterator[pa.Table]:
    for group in batch:
        rows = read_files(table, shape, group)
        expected = sum(task.file.record_count for task in group)
        if rows.num_rows != expected:
            told = f"{rows.num_rows} rows where the metadata says {expected}"
            raise CatalogError(group[0].file.file_path, told)
        yield rows
