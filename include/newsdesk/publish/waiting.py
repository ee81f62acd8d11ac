"""Rows that wait: staged, but their day failed its checks and stays as it is.

They lie in the bucket under the day that failed, one file per paper, named by content; whoever
touches that day of that paper again takes them along, until they are published. How they came to
be, for ``news.revisions``, is kept in the file's metadata.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pyarrow as pa

from newsdesk.layout import Layout
from newsdesk.records import pack_rows, unpack_rows
from newsdesk.store import Store
from newsdesk.tables.schema import ARTICLES

Pair = tuple[str, dt.date]
"""A paper and a published day: what is judged, blocked and released as one."""


_KIND = b"newsdesk.kind"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file of rows that wait for one day of one paper."""

    key: str
    pair: Pair
    rows: pa.Table
    kind: str = "capture"


def waiting_for(store: Store, layout: Layout, days: Iterable[dt.date]) -> list[Waiting]:
    """Every row that waits for some days, whatever the paper."""
    found = []
    for day in sorted(set(days)):
        for info in store.list(layout.blocked(day)):
            rows = unpack_rows(store.get(info.key), ARTICLES.loose, subject=info.key)
            kind = (rows.schema.metadata or {}).get(_KIND, b"capture").decode()
            rows = rows.replace_schema_metadata(None)
            if rows.num_rows:
                found.append(Waiting(info.key, (rows["source"][0].as_py(), day), rows, kind))
    return found


def put_aside(
    store: Store, layout: Layout, pair: Pair, rows: pa.Table, kind: str = "capture"
) -> str:
    """Keeps rows until their day passes; the same rows are the same file.

    Returns:
        Its key.
    """
    ordered = rows.sort_by([("article_id", "ascending"), ("captured_at", "ascending")])
    noted = ordered.combine_chunks().replace_schema_metadata({_KIND: kind.encode()})
    body, digest = pack_rows(noted)
    key = layout.blocked_rows(pair[1], digest)
    store.put_if_absent(key, body)
    return key


def forget(store: Store, waiting: Iterable[Waiting], held_back: Collection[str]) -> int:
    """Removes the files of which no row is held back any more.

    Args:
        store: The bucket.
        waiting: Files that were taken along.
        held_back: ``article_id`` of the rows that still wait.

    Returns:
        How many were removed.
    """
    done = [
        file for file in waiting if not set(file.rows["article_id"].to_pylist()) & set(held_back)
    ]
    for file in done:
        store.delete(file.key)
    return len(done)
