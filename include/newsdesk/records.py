"""Records between steps: frozen dataclasses as zstd-compressed JSON, told apart by their type.

One pair of functions for every record, so that a step's output is readable with ``zstd -dc`` and
written the same way twice: keys in the order of the dataclass, no white space, level 3.
"""

from __future__ import annotations

from typing import Any, TypeVar

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from newsdesk.errors import StoreError

T = TypeVar("T")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    """The reader and writer of a shape, made once: that costs more than a record does."""
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    return _adapters[shape]


def pack(record: object) -> bytes:
    """A dataclass as compressed JSON; the same record always gives the same bytes."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(_adapter(type(record)).dump_json(record))
    return bytes(sink.getvalue())


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
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
            record: T = _adapter(shape).validate_json(stream.read())
    except (ValidationError, OSError) as error:
        first = str(error).splitlines()[0]
        raise StoreError(subject, f"is no {shape.__name__} record: {first}") from error
    return record
