"""The suppress list: what was erased and must not come back, kept as hashes that tell nothing.

One small object for every identifier and address of an erased story, named by its SHA-256, so that
two who erase at once lose nothing of each other. Whoever brings links, pages or rows asks it: looks,
discover, fetch, both harvests, read, and publish right before every commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from newsdesk.article import Link
from newsdesk.layout import Layout
from newsdesk.store import JSON, Store

NAMING = ("article_id", "url")
"""Columns that name a story, in whatever table has them."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The list as it was read.

    Attributes:
        hashes: SHA-256, hex, of identifiers and addresses.
    """

    hashes: frozenset[str] = frozenset()

    def has(self, *names: str | None) -> bool:
        """Whether any of these, identifiers or addresses of one story, is on the list."""
        return bool(self.hashes) and any(name and hashed(name) in self.hashes for name in names)

    def links(self, links: Iterable[Link]) -> tuple[Link, ...]:
        """The links that may be followed."""
        return tuple(one for one in links if not self.has(one.article_id, one.url))

    def rows(self, rows: pa.Table) -> pa.Table:
        """The rows that may be kept, by whichever columns name their story."""
        named = [name for name in NAMING if name in rows.column_names]
        if not self.hashes or not named or not rows.num_rows:
            return rows
        values = zip(*(rows[name].to_pylist() for name in named), strict=True)
        return rows.filter(pa.array([not self.has(*row) for row in values], pa.bool_()))


def hashed(name: str) -> str:
    """What stands on the list for an identifier or an address: 64 hex digits."""
    return hashlib.sha256(name.encode()).hexdigest()


def suppressed(store: Store, layout: Layout) -> Suppressed:
    """The list as it stands now.

    Raises:
        StoreError: The bucket failed.
    """
    there = store.list(layout.suppressed_zone())
    return Suppressed(frozenset(info.key.rpartition("/")[2] for info in there))


def suppress(store: Store, layout: Layout, names: Sequence[str]) -> None:
    """Puts identifiers and addresses on the list, where they stay.

    Raises:
        StoreError: The bucket failed.
    """
    for name in sorted(set(names)):
        store.put_if_absent(layout.suppressed(hashed(name)), b"{}", content_type=JSON)
