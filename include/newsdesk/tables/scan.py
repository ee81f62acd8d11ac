"""Reading tables: by UTC day or by a few values, as Arrow in the contract's own types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.tables.catalog import trouble
from newsdesk.tables.schema import TableShape

if TYPE_CHECKING:
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.table import FileScanTask, Table

DAY = dt.timedelta(days=1)


def days_filter(shape: TableShape, days: Iterable[dt.date]) -> BooleanExpression:
    """The rows of some UTC days, by the column the table is partitioned by.

    Neighbouring days become one range, so that a month is one comparison, not thirty.
    """
    from pyiceberg.expressions import AlwaysFalse, And, GreaterThanOrEqual, LessThan, Or

    column = shape.partition.column
    instant = pa.types.is_timestamp(shape.arrow.field(column).type)

    def bound(day: dt.date) -> str:
        return f"{day:%Y-%m-%d}T00:00:00+00:00" if instant else f"{day:%Y-%m-%d}"

    ranges: list[BooleanExpression] = [
        And(
            GreaterThanOrEqual(term=column, value=bound(first)),
            LessThan(term=column, value=bound(last + DAY)),
        )
        for first, last in _ranges(days)
    ]
    if not ranges:
        return AlwaysFalse()
    return ranges[0] if len(ranges) == 1 else Or(*ranges)


def _ranges(days: Iterable[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    first: dt.date | None = None
    last = dt.date.min
    for day in sorted(set(days)):
        if first is not None and day - last > DAY:
            yield first, last
            first = None
        first = day if first is None else first
        last = day
    if first is not None:
        yield first, last


def read(
    table: Table,
    shape: TableShape,
    row_filter: BooleanExpression,
    *,
    columns: Sequence[str] | None = None,
    where: tuple[str, Collection[str]] | None = None,
    snapshot_id: int | None = None,
) -> pa.Table:
    """Rows of a table as the handle knows it.

    Args:
        table: The handle; what is committed after it was loaded is not seen.
        shape: Its declaration.
        row_filter: What files and rows to read.
        columns: Names of the columns to read, in the order wanted; ``None`` is all.
        where: A string column and the values it must have. Compared while reading, batch by
            batch, so that memory holds only what matches; give it a wide ``row_filter``.
        snapshot_id: The snapshot to read; ``None`` is the newest that the handle knows.

    Returns:
        A table with the contract's own types.

    Raises:
        StoreError: A file cannot be read.
    """
    names = list(columns) if columns is not None else shape.arrow.names
    schema = pa.schema([shape.arrow.field(name) for name in names])
    asked = names if where is None or where[0] in names else [*names, where[0]]
    with trouble(shape.name):
        if table.current_snapshot() is None:
            return schema.empty_table()
        scan = table.scan(row_filter, tuple(asked), snapshot_id=snapshot_id)
        if where is None:
            return scan.to_arrow().select(names).cast(schema)
        column, values = where
        kept = []
        wanted = pa.array(sorted(set(values)), pa.large_string())
        for batch in scan.to_arrow_batch_reader():
            among = pc.is_in(batch[column].cast(pa.large_string()), value_set=wanted)
            if pc.any(among).as_py():
                kept.append(batch.filter(among))
        if not kept:
            return schema.empty_table()
        return pa.Table.from_batches(kept).select(names).cast(schema)


def files(table: Table, row_filter: BooleanExpression) -> list[FileScanTask]:
    """The data files in which rows may match."""
    with trouble(table.name()[-1]):
        if table.current_snapshot() is None:
            return []
        return list(table.scan(row_filter).plan_files())


def read_files(table: Table, shape: TableShape, tasks: Sequence[FileScanTask]) -> pa.Table:
    """Every row of some data files, also of those rows that were not asked for."""
    from pyiceberg.expressions import AlwaysTrue
    from pyiceberg.io.pyarrow import ArrowScan

    if not tasks:
        return shape.arrow.empty_table()
    with trouble(shape.name):
        scan = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue())
        whole = [_whole(task) for task in tasks]
        return scan.to_table(whole).select(shape.arrow.names).cast(shape.arrow)


def _whole(task: FileScanTask) -> FileScanTask:
    """The task without what it would still filter."""
    from pyiceberg.expressions import AlwaysTrue
    from pyiceberg.table import FileScanTask

    return FileScanTask(task.file, task.delete_files, residual=AlwaysTrue())
