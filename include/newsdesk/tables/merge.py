"""Which version of a story stands: rules that commute, on plain Arrow tables.

The version with the greatest ``(captured_at, reader_version, content_hash)`` wins; a full tie
falls to the least serialised row. ``first_seen_at`` is the least of all versions and
``discovered_via`` the union of all, so neither takes part in the comparison; ``withdrawn_at`` is
the least that is later than the capture that wins, so that a newer capture clears it and an older
one does not. A tombstone is a version like any other, with a hash greater than all others: where it
wins its story is not in the table. Order, grouping and repetition of the input change nothing:
``merge([merge([a, b]), c]) == merge([c, a, merge([b, a])])``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

VERSION = ("captured_at", "reader_version", "content_hash")
"""What orders the versions of a story."""

GATHERED = ("first_seen_at", "discovered_via")
"""What is gathered from every version of a story, also from those that lose."""

TOMBSTONE = b"\xff" * 32
"""The ``content_hash`` of a version that takes its story out: it wins over every reading of the same
capture by the same reader, and loses against a later capture or a newer reader."""

_APART = (*GATHERED, "withdrawn_at")
"""What does not tell versions apart."""


def merge(tables: Sequence[pa.Table]) -> pa.Table:
    """One row per story, from any number of tables in the articles schema.

    Args:
        tables: At least one; all with the same schema.

    Returns:
        The winners, sorted by ``article_id``; ``discovered_via`` sorted and without repetition.
    """
    rows = pa.concat_tables(tables).combine_chunks()
    if not rows.num_rows:
        return rows
    order = pc.sort_indices(
        rows.select(["article_id", *VERSION]),
        sort_keys=[("article_id", "ascending"), *((name, "descending") for name in VERSION)],
    )
    rows = rows.take(order)
    ids = rows["article_id"].combine_chunks()
    first = _starts(ids)
    distinct = len(first) > rows.num_rows
    winners = rows if distinct else rows.take(pa.array(_winners(rows, first), pa.int64()))
    gathered = (*_gathered(rows, first), _withdrawn(rows, first, winners))
    for name, values in zip(_APART, gathered, strict=True):
        at = winners.schema.get_field_index(name)
        winners = winners.set_column(at, winners.schema.field(at), values)
    return winners


def tombstones(rows: pa.Table) -> pa.Array:
    """For each row whether it is a tombstone."""
    return pc.fill_null(pc.equal(rows["content_hash"], pa.scalar(TOMBSTONE, pa.binary())), False)


def _starts(ids: pa.Array) -> list[int]:
    """Where each story's rows begin, and, last, where all rows end."""
    count = len(ids)
    if count == 1:
        return [0, 1]
    differs = pc.not_equal(ids.slice(1), ids.slice(0, count - 1))
    begins = pc.add(pc.indices_nonzero(differs), pa.scalar(1, pa.uint64()))
    return [0, *begins.to_pylist(), count]


def _winners(rows: pa.Table, first: list[int]) -> list[int]:
    """For each story the number of its winning row; rows are sorted, so only ties need a look."""
    tied = _ties(rows)
    chosen = []
    for begin, end in pairwise(first):
        last = begin
        while last + 1 < end and tied[last]:
            last += 1
        if last == begin:
            chosen.append(begin)
        else:
            candidates = rows.slice(begin, last - begin + 1).drop_columns(list(_APART))
            written = [serialised(row) for row in candidates.to_pylist()]
            chosen.append(begin + written.index(min(written)))
    return chosen


def _ties(rows: pa.Table) -> list[bool]:
    """For each row whether the next one is the same version (a null equals a null)."""
    count = rows.num_rows
    same = pa.array([True] * (count - 1), pa.bool_())
    for name in VERSION:
        column = rows[name].combine_chunks()
        here, there = column.slice(0, count - 1), column.slice(1)
        both_null = pc.and_(pc.is_null(here), pc.is_null(there))
        same = pc.and_(same, pc.or_(both_null, pc.fill_null(pc.equal(here, there), False)))
    return [*same.to_pylist(), False]


def _gathered(rows: pa.Table, first: list[int]) -> tuple[pa.Array, pa.Array]:
    """For each story the least ``first_seen_at`` and the union of ``discovered_via``."""
    seen = rows["first_seen_at"].to_pylist()
    via = rows["discovered_via"].to_pylist()
    spans = list(pairwise(first))
    least = [min((t for t in seen[a:b] if t is not None), default=None) for a, b in spans]
    union = [sorted({way for ways in via[a:b] for way in ways or ()}) for a, b in spans]
    return (
        pa.array(least, rows.schema.field("first_seen_at").type),
        pa.array(union, rows.schema.field("discovered_via").type),
    )


def _withdrawn(rows: pa.Table, first: list[int], winners: pa.Table) -> pa.Array:
    """For each story the least ``withdrawn_at`` that is later than the capture that won."""
    marks = rows["withdrawn_at"].to_pylist()
    captured = winners["captured_at"].to_pylist()
    least = [
        min((t for t in marks[a:b] if t is not None and (at is None or t > at)), default=None)
        for (a, b), at in zip(pairwise(first), captured, strict=True)
    ]
    return pa.array(least, rows.schema.field("withdrawn_at").type)


def serialised(row: dict[str, Any]) -> bytes:
    """A row as bytes that are the same for equal rows; a map is written by its keys."""
    return json.dumps(_plain(row), sort_keys=True, ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(part, tuple) for part in value):  # a map, as Arrow gives it
            return {key: _plain(part) for key, part in value}
        return [_plain(part) for part in value]
    return value
