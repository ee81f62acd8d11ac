"""Records between steps: frozen dataclasses as zstd-compressed JSON, told apart by their type.

One pair of functions for every record, so that a step's output is readable with ``zstd -dc`` and
written the same way twice: keys in the order of the dataclass, no white space, level 3. Rows between
steps are Parquet files that are named by what they hold. Both may lie in the bucket while newsdesk is
upgraded, and are read as what was there before the upgrade.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from newsdesk.errors import StoreError

T = TypeVar("T")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    """The reader and writer of a shape, made once: that costs more than a record does."""
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    return _adapters[shape]


def deflate(plain: bytes) -> bytes:
    """Bytes as every record is compressed; the same bytes always give the same."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(plain)
    return bytes(sink.getvalue())


def inflate(body: bytes) -> bytes:
    """What ``deflate`` was given.

    Raises:
        OSError: The bytes are not compressed so.
    """
    with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
        return bytes(stream.read())


def pack(record: object) -> bytes:
    """A dataclass as compressed JSON; the same record always gives the same bytes."""
    return deflate(_adapter(type(record)).dump_json(record))


def pack_rows(rows: pa.Table) -> tuple[bytes, str]:
    """Rows as a Parquet file, and the SHA-256 of it, in hex, which is its name."""
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", compression_level=3)
    body = bytes(sink.getvalue())
    return body, hashlib.sha256(body).hexdigest()


def unpack_rows(body: bytes, schema: pa.Schema, *, subject: str) -> pa.Table:
    """The rows that ``pack_rows`` wrote, as a schema has them today.

    A file may be older than a column, or than a part of one: that is null in its rows.

    Args:
        body: What ``pack_rows`` gave.
        schema: The schema; any column may be null.
        subject: Where the bytes came from, for the error.

    Returns:
        The rows, with the metadata of the file's schema.

    Raises:
        StoreError: The bytes are no such file, or it has columns that the schema lacks.
    """
    try:
        there = pq.read_table(pa.BufferReader(body))
    except pa.ArrowInvalid as error:
        first = str(error).splitlines()[0]
        raise StoreError(subject, f"is no file of rows: {first}") from error
    known = set(_names(schema))
    if newer := [name for name in _names(there.schema) if name not in known]:
        raise StoreError(subject, f"a newer newsdesk wrote it, with {', '.join(newer)}")
    columns = [
        there[field.name].cast(field.type)
        if field.name in there.column_names
        else pa.nulls(there.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema.with_metadata(there.schema.metadata))


def _names(fields: Iterable[pa.Field], inside: str = "") -> Iterator[str]:
    """Names of columns and, dotted, of their parts."""
    for field in fields:
        yield f"{inside}{field.name}"
        inner = field.type.value_type if pa.types.is_list(field.type) else field.type
        if pa.types.is_struct(inner):
            yield from _names(inner, f"{inside}{field.name}.")


def plain(record: object) -> bytes:
    """A dataclass as JSON for people and other programs, indented."""
    return _adapter(type(record)).dump_json(record, indent=1)


def unpack(shape: type[T], body: bytes, *, subject: str) -> T:
    """The dataclass that ``pack`` wrote.

    Args:
        shape: Its class.
        body: What ``pack`` gave.
        subject: Where the bytes came from, for the error.

    Raises:
        StoreError: The bytes are no such record.
    """
    return _read(shape, lambda: inflate(body), subject)


def from_plain(shape: type[T], body: bytes, *, subject: str) -> T:
    """The dataclass that ``plain`` wrote; otherwise like ``unpack``."""
    return _read(shape, lambda: body, subject)


def _read(shape: type[T], text: Callable[[], bytes], subject: str) -> T:
    try:
        record: T = _adapter(shape).validate_json(text())
    except (ValidationError, OSError) as error:
        first = str(error).splitlines()[0]
        raise StoreError(subject, f"is no {shape.__name__} record: {first}") from error
    return record
