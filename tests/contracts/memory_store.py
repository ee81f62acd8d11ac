"""A store in memory: it keeps the same contract as a bucket, and asks no server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import BinaryIO

from newsdesk.errors import ObjectConflict, ObjectMissing
from newsdesk.store import BINARY, ObjectInfo
from newsdesk.store.protocol import entity_tag, whole


class MemoryStore:
    """A store in memory.

    Args:
        now: Its clock, UTC.
    """

    def __init__(self, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.now = now
        self._objects: dict[str, tuple[bytes, dt.datetime]] = {}

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        """See ``Store.get``."""
        if key not in self._objects:
            raise ObjectMissing(key, "no such object")
        body, _ = self._objects[key]
        return body[offset : None if length is None else offset + length]

    def head(self, key: str) -> ObjectInfo | None:
        """See ``Store.head``."""
        if key not in self._objects:
            return None
        body, written_at = self._objects[key]
        return ObjectInfo(key, len(body), entity_tag(body), written_at)

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        """See ``Store.put``."""
        self._objects[key] = (bytes(body), self.now())
        return entity_tag(body)

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = BINARY) -> bool:
        """See ``Store.put_if_absent``."""
        if key in self._objects:
            return self._objects[key][0] == body
        self.put(key, body)
        return True

    def put_if_match(
        self, key: str, body: bytes, etag: str | None, *, content_type: str = BINARY
    ) -> str:
        """See ``Store.put_if_match``."""
        there = self.head(key)
        if (there.etag if there else None) != etag:
            raise ObjectConflict(key, "another object stands there")
        return self.put(key, body)

    def upload_if_absent(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> bool:
        """See ``Store.upload_if_absent``."""
        file.seek(0)
        return self.put_if_absent(key, file.read(), content_type=content_type)

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        """See ``Store.upload``."""
        file.seek(0)
        self.put(key, file.read(), content_type=content_type)

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """See ``Store.abort_uploads``; here there are none."""
        return 0

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See ``Store.list``."""
        beginning = whole(prefix)
        for key in sorted(key for key in self._objects if key.startswith(beginning)):
            body, written_at = self._objects[key]
            yield ObjectInfo(key, len(body), entity_tag(body), written_at)

    def delete(self, key: str) -> None:
        """See ``Store.delete``."""
        self._objects.pop(key, None)

    def address(self, key: str) -> str:
        """See ``Store.address``."""
        return f"memory://{key}"
