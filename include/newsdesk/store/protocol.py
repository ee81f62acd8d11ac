"""What newsdesk asks of an object store."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

JSON = "application/json"
BINARY = "application/octet-stream"

PIECE = 8 * 1024 * 1024
"""Larger files are sent in pieces of so many bytes; S3 asks for 5 MiB or more."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One line of a listing: key, size in bytes, entity tag, and when it was written, UTC."""

    key: str
    size: int
    etag: str
    written_at: dt.datetime


class Store(Protocol):
    """What newsdesk asks of an object store. Keys are whole keys, as ``layout`` makes them."""

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        """The object's bytes, or ``length`` of them from ``offset``.

        Raises:
            ObjectMissing: No such object.
            StoreError: The store refused or could not be reached.
        """

    def head(self, key: str) -> ObjectInfo | None:
        """What a listing would say of the object; ``None`` when there is none."""

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        """Writes the object, over any other; gives its entity tag."""

    def put_if_absent(self, key: str, body: bytes, *, content_type: str = BINARY) -> bool:
        """Writes the object unless another stands there; gives whether it stands there now.

        The same bytes count as written: a writer that is repeated meets its own first try.
        """

    def put_if_match(
        self, key: str, body: bytes, etag: str | None, *, content_type: str = BINARY
    ) -> str:
        """Writes the object if what stands there has that tag (``None``: nothing stands there).

        Raises:
            ObjectConflict: Something else stands there.
        """

    def upload_if_absent(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> bool:
        """Writes the object from a file unless one stands there; gives whether it wrote.

        A file of more than ``PIECE`` bytes goes piece by piece, so that no more than one of them
        is in memory. Nothing is visible before all are there; an upload that fails leaves nothing,
        one whose process was killed leaves what ``abort_uploads`` removes.
        """

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        """Writes the object from a file, over any other, like ``upload_if_absent``."""

    def abort_uploads(self, prefix: str, before: dt.datetime) -> int:
        """Removes what uploads left under a prefix that were begun before a time and never ended.

        Returns:
            How many there were.
        """

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every object under a prefix that ends in ``/`` or ``-``, in byte order of the keys."""

    def delete(self, key: str) -> None:
        """Removes the object; none there is no error."""

    def address(self, key: str) -> str:
        """The whole address of an object, as people and other programs call it."""


def entity_tag(body: bytes) -> str:
    """The entity tag S3 gives to an object that was put whole."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def whole(prefix: str) -> str:
    """A prefix as it is; it must end where a name ends, or it also finds the neighbours.

    Raises:
        ValueError: It ends elsewhere.
    """
    if not prefix.endswith(("/", "-")):
        raise ValueError(f"prefix {prefix!r} must end in / or -")
    return prefix
