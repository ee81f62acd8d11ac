"""How a table is declared: its columns once, and from them Arrow, Iceberg and the documentation.

Only pyarrow is imported here, so that shapes are cheap to look at; pyiceberg takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.transforms import Transform as IcebergTransform
    from pyiceberg.types import IcebergType, NestedField

TIMESTAMP = pa.timestamp("us", "UTC")
Kind = Literal["plain", "struct", "list", "map"]
Transform = Literal["day", "month", "bucket"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one part of a nested one.

    Attributes:
        name: Its name.
        type: Arrow type of a plain column; of a list's or map's plain values.
        doc: What it means, and its unit, in one line.
        example: One value as a reader would see it.
        null: When it is null; ``None``: never.
        kind: ``struct`` has ``parts``; a ``list`` has ``parts`` (of a struct) or values of
            ``type``; a ``map`` goes from strings to values of ``type``.
        parts: Columns of the struct.
    """

    name: str
    type: pa.DataType
    doc: str
    example: str
    null: str | None = None
    kind: Kind = "plain"
    parts: tuple[Column, ...] = ()

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's whole Arrow type."""
        inner = pa.struct([part.field for part in self.parts]) if self.parts else self.type
        if self.kind == "list":
            return pa.list_(pa.field("element", inner, nullable=False))
        if self.kind == "map":
            return pa.map_(pa.string(), pa.field("value", inner, nullable=False))
        return inner

    @property
    def field(self) -> pa.Field:
        """The column as an Arrow field."""
        return pa.field(self.name, self.arrow_type, nullable=self.null is not None)


@dataclass(frozen=True, slots=True)
class Partition:
    """How the rows of a table are spread over files."""

    column: str
    transform: Transform
    buckets: int = 0


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table of the contract.

    Attributes:
        name: Name within the namespace.
        doc: What one row is.
        written_by: How rows come and go.
        key: Columns (dotted: parts) that no two rows share.
        partition: Its partitioning.
        columns: Its columns, in order.
        sort: Order of the rows within a file.
    """

    name: str
    doc: str
    written_by: str
    key: tuple[str, ...]
    partition: Partition
    columns: tuple[Column, ...]
    sort: tuple[str, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of published rows: what may not be null is not nullable."""
        return pa.schema([column.field for column in self.columns])

    @property
    def loose(self) -> pa.Schema:
        """The same for rows that no check has seen yet: any column may be null."""
        return pa.schema([field.with_nullable(True) for field in self.arrow])

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that are never null."""
        return tuple(column.name for column in self.columns if column.null is None)

    def iceberg(self) -> Schema:
        """The Iceberg schema, documented column by column."""
        from pyiceberg.schema import Schema

        ids = count(1)
        fields = [_iceberg_field(column, ids) for column in self.columns]
        by_name = {field.name: field for field in fields}
        plain = all(name in by_name and by_name[name].required for name in self.key)
        keys = [by_name[name].field_id for name in self.key] if plain else []
        return Schema(*fields, identifier_field_ids=keys)

    def partition_spec(self, schema: Schema) -> PartitionSpec:
        """The Iceberg partition spec for a schema that ``iceberg`` gave."""
        from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
        from pyiceberg.transforms import BucketTransform, DayTransform, MonthTransform

        how = self.partition
        transforms: dict[Transform, IcebergTransform[Any, Any]] = {
            "day": DayTransform(),
            "month": MonthTransform(),
            "bucket": BucketTransform(how.buckets or 1),
        }
        return PartitionSpec(
            PartitionField(
                source_id=schema.find_field(how.column).field_id,
                field_id=PARTITION_FIELD_ID_START,
                transform=transforms[how.transform],
                name=f"{how.column}_{how.transform}",
            )
        )


def _iceberg_field(column: Column, ids: Iterator[int]) -> NestedField:
    from pyiceberg.types import NestedField

    return NestedField(
        field_id=next(ids),
        name=column.name,
        field_type=_iceberg_type(column, ids),
        required=column.null is None,
        doc=described(column),
    )


def _iceberg_type(column: Column, ids: Iterator[int]) -> IcebergType:
    from pyiceberg.types import ListType, MapType, StringType, StructType

    inner: IcebergType
    if column.parts:
        inner = StructType(*(_iceberg_field(part, ids) for part in column.parts))
    else:
        inner = _plain_type(column.type)
    if column.kind == "list":
        return ListType(next(ids), inner, element_required=True)
    if column.kind == "map":
        return MapType(next(ids), StringType(), next(ids), inner, value_required=True)
    return inner


def _plain_type(arrow: pa.DataType) -> IcebergType:
    from pyiceberg import types

    known: dict[pa.DataType, IcebergType] = {
        pa.string(): types.StringType(),
        pa.binary(): types.BinaryType(),
        pa.int32(): types.IntegerType(),
        pa.int64(): types.LongType(),
        pa.float64(): types.DoubleType(),
        pa.bool_(): types.BooleanType(),
        pa.date32(): types.DateType(),
        TIMESTAMP: types.TimestamptzType(),
    }
    return known[arrow]


def described(column: Column) -> str:
    """Meaning, unit and null rule of a column, in one line."""
    never = "Never null." if column.null is None else f"Null {column.null}."
    return f"{column.doc} {never}"
