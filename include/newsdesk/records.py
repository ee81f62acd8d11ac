"""Records between steps: frozen dataclasses as zstd-compressed JSON, told apart by their type.

One pair of functions for every record, so that a step's output is readable with ``zstd -dc`` and
written the same way twice: keys in the order of the dataclass, no white space, level 3. Rows between
steps are Parquet files that are named by what they hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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
