"""Three ways in which rows come into tables that are not merged: append, by run, by day.

Each is made again from a fresh read when another commit came between, writes nothing when the
table already says the same, and so may be repeated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import Run
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.commit import Change, commit_fresh
from newsdesk.tables.scan import DAY, days_filter, files, read, read_files
from newsdesk.tables.schema import COVERAGE, TABLES, TableShape

Keep = Callable[[pa.Table], pa.Table]
"""Takes out rows that must not be written, as things are right before a commit."""

if TYPE_CHECKING:
    from pyiceberg.table import Table

_WHEN = ("recorded_at", "updated_at")
"""Columns that say when a row was written, not what it says."""


def append_absent(
    warehouse: Warehouse,
    name: str,
    run: Run,
    rows: pa.Table,
    by: str,
    keep: Keep = lambda rows: rows,
) -> int:
    """Appends the rows whose key the table does not have; the first of equal keys is taken.

    Args:
        warehouse: The tables.
        name: The table.
        run: The run.
        rows: Rows in its schema.
        by: A string column of the key, to look the rows up by.
        keep: Asked anew for every try to commit.

    Returns:
        How many rows were new.
    """
    if not rows.num_rows:
        return 0
    shape = TABLES[name]
    days = days_in(rows, shape)
    columns = list(dict.fromkeys(part.split(".")[0] for part in shape.key))
    new = rows

    def build(table: Table) -> Change | None:
        nonlocal new
        kept = keep(rows)
        wanted = kept[by].to_pylist()
        known = read(table, shape, days_filter(shape, days), columns=columns, where=(by, wanted))
        taken = set(keys_of(known, shape))
        numbers = []
        for number, key in enumerate(keys_of(kept, shape)):
            if key not in taken:
                taken.add(key)
                numbers.append(number)
        new = kept.take(pa.array(numbers, pa.int64()))
        return Change(add=[new]) if numbers else None

    commit_fresh(warehouse, name, run, build)
    return int(new.num_rows)


def replace_run(
    warehouse: Warehouse, name: str, run: Run, rows: pa.Table, keep: Keep = lambda rows: rows
) -> int:
    """Makes the rows of a run these, and no others.

    Args:
        warehouse: The tables.
        name: The table.
        run: The run.
        rows: Rows in its schema.
        keep: Asked anew for every try to commit.

    Returns:
        How many rows were written: none when the table already said the same.
    """
    from pyiceberg.expressions import And, EqualTo

    shape = TABLES[name]
    written = 0

    def build(table: Table) -> Change | None:
        nonlocal written
        written = 0
        mine = And(days_filter(shape, [run.day]), EqualTo(term="run_id", value=run.run_id))
        tasks = files(table, mine)
        there = read_files(table, shape, tasks)
        ours = pc.equal(there["run_id"], run.run_id)
        mine_now = keep(rows)
        if says(there.filter(ours), shape) == says(mine_now, shape):
            return None
        written = mine_now.num_rows
        others = there.filter(pc.invert(ours))  # only after files were coalesced
        added = pa.concat_tables([mine_now, others])
        return Change(add=[added], drop=tuple(t.file for t in tasks))

    commit_fresh(warehouse, name, run, build)
    return written


def replace_coverage(
    warehouse: Warehouse, run: Run, build_rows: Callable[[pa.Table], pa.Table]
) -> int:
    """Makes the coverage of some days what it is now.

    Args:
        warehouse: The tables.
        run: The run.
        build_rows: Gives the new rows, of the same days every time, from all rows that the table
            has for these months; it is called again on a conflict. Called first with no rows, to
            learn the months.

    Returns:
        How many rows differ from what the table said (but for the time).
    """
    months = {
        day.replace(day=1) for day in days_in(build_rows(COVERAGE.arrow.empty_table()), COVERAGE)
    }
    written = 0

    def build(table: Table) -> Change | None:
        nonlocal written
        tasks = files(table, days_filter(COVERAGE, _days_of_months(months)))
        there = read_files(table, COVERAGE, tasks)
        old = {
            key: row for key, row in zip(keys_of(there, COVERAGE), there.to_pylist(), strict=True)
        }
        new = build_rows(there)
        differ = [
            row
            for key, row in zip(keys_of(new, COVERAGE), new.to_pylist(), strict=True)
            if _said(old.get(key)) != _said(row)
        ]
        written = len(differ)
        if not differ:
            return None
        rows = {**old, **{(row["source"], row["published_day"]): row for row in differ}}
        table_of = pa.Table.from_pylist(list(rows.values()), schema=COVERAGE.arrow)
        return Change(add=[table_of], drop=tuple(task.file for task in tasks))

    if months:
        commit_fresh(warehouse, COVERAGE.name, run, build)
    return written


def says(rows: pa.Table, shape: TableShape) -> list[dict[str, Any]]:
    """What rows say, whenever they were written and in whatever order."""
    columns = [name for name in shape.arrow.names if name not in _WHEN]
    ordered = rows.select(columns).sort_by([(name, "ascending") for name in shape.sort])
    said: list[dict[str, Any]] = ordered.to_pylist()
    return said


def _said(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {k: v for k, v in row.items() if k not in _WHEN}


def keys_of(rows: pa.Table, shape: TableShape) -> list[tuple[Any, ...]]:
    """The key of every row, as plain values; a part of a struct that is null is null."""
    columns = []
    for path in shape.key:
        name, _, part = path.partition(".")
        values = rows[name].to_pylist()
        columns.append([value and value[part] for value in values] if part else values)
    return list(zip(*columns, strict=True))


def days_in(rows: pa.Table, shape: TableShape) -> set[dt.date]:
    """The UTC days of the column that the table is partitioned by."""
    return set(pc.unique(rows[shape.partition.column].cast(pa.date32())).to_pylist())


def _days_of_months(months: set[dt.date]) -> set[dt.date]:
    """Every day of the months that begin on these days."""
    days = set()
    for day in months:
        month = day.month
        while day.month == month:
            days.add(day)
            day += DAY
    return days
