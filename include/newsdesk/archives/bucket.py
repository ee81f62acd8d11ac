"""An archive's files in a bucket: asked as one asks the server that hands them out.

Common Crawl keeps its files in ``s3://commoncrawl``, for programs that run in AWS's region us-east-1:
https://commoncrawl.org/get-started.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cached_property

from newsdesk.article import Response
from newsdesk.errors import FetchError, ObjectMissing, StoreError
from newsdesk.store import Store

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


class Bucket:
    """Objects that stand in for an archive's files.

    Args:
        connect: Gives the bucket; called when it is first asked.
        prefix: What keys begin with, before an archive's own paths; empty or ending in ``/``.
    """

    def __init__(self, connect: Callable[[], Store], prefix: str = "") -> None:
        self._connect = connect
        self._prefix = prefix
        self._sizes: dict[str, int] = {}

    @cached_property
    def _store(self) -> Store:
        return self._connect()

    async def ask(self, url: str, path: str, headers: Mapping[str, str]) -> Response:
        """What a server of files would answer: 200, 206 to a range, 404, or 416 behind the end.

        Args:
            url: The file's address, as recorded.
            path: The same, from the archive's root.
            headers: Of them only ``Range: bytes=<first>-<last>`` counts.

        Raises:
            FetchError: The bucket cannot be read.
        """
        try:
            return await asyncio.to_thread(self._answer, url, path, headers.get("Range"))
        except StoreError as error:
            raise FetchError(url, f"cannot be had: {error}", code="archive_store") from error

    def _answer(self, url: str, path: str, wanted: str | None) -> Response:
        key = self._prefix + path
        try:
            if wanted is None:
                return _response(url, 200, self._store.get(key))
            size = self._size_of(key)
            found = _RANGE.fullmatch(wanted)
            if found is None or int(found[1]) >= size:
                return _response(url, 416)
            first, last = int(found[1]), min(int(found[2]), size - 1)
            body = self._store.get(key, offset=first, length=last - first + 1)
        except ObjectMissing:
            return _response(url, 404)
        return _response(url, 206, body, ("Content-Range", f"bytes {first}-{last}/{size}"))

    def _size_of(self, key: str) -> int:
        if key not in self._sizes:  # asked once: what an archive has put is never changed
            there = self._store.head(key)
            if there is None:
                raise ObjectMissing(key, "no such object")
            self._sizes[key] = there.size
        return self._sizes[key]


def _response(url: str, status: int, body: bytes = b"", *headers: tuple[str, str]) -> Response:
    return Response(
        url=url,
        final_url=url,
        status=status,
        reason="",
        headers=headers,
        raw=body,
        body=body,
        received_at=dt.datetime.now(dt.UTC),
    )
