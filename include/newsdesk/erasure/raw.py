"""WARC files in the bucket, searched and wiped with little of them in memory at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from typing import BinaryIO, cast

from newsdesk.errors import ObjectMissing
from newsdesk.landing import IN_MEMORY, WARC, Windowed, wipe
from newsdesk.store import ObjectInfo, Store


def windowed(store: Store, there: ObjectInfo) -> Windowed:
    """An object of the bucket, a window at a time."""
    return Windowed(lambda at, count: store.get(there.key, offset=at, length=count), there.size)


def wipe_file(
    store: Store,
    key: str,
    offsets: Collection[int],
    is_of: Callable[[str], bool] = lambda address: False,
) -> int:
    """Takes records out of a WARC file; all others stay where they are.

    Args:
        store: The bucket.
        key: The file's.
        offsets: Where records lie that go, broken ones too.
        is_of: Whether an address is one whose records go.

    Returns:
        How many records there were.

    Raises:
        ObjectMissing: There is no such file.
    """
    there = store.head(key)
    if there is None:
        raise ObjectMissing(key, "no such object")
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spooled:
        left = cast("BinaryIO", spooled)
        if count := wipe(windowed(store, there), is_of, offsets, left):
            store.upload(key, left, content_type=WARC)
    return count
