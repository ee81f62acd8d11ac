"""Wiping: records of a WARC file give way to nothing, and no other record moves.

Rows and capture records point into the file by offset. So a wiped record leaves a gzip member of
the same length: a WARC record of type ``metadata`` whose block is zeros, stored as they are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
import uuid
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from newsdesk.errors import NewsdeskError
from newsdesk.landing.form import MEMBER, REQUESTED
from newsdesk.landing.reading import Body, Corrupt, next_member, unpacked

_BLOCK = 65_535
"""Most bytes of a stored deflate block (RFC 1951, section 3.2.4)."""

_ADDRESSES = ("WARC-Target-URI", REQUESTED, "WARC-Refers-To-Target-URI")


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member of a WARC file.

    Attributes:
        offset: Where it begins, bytes.
        length: Its length, bytes.
        record: The record in it; of a broken member nothing.
    """

    offset: int
    length: int
    record: bytes

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that the record is about: asked for, answering, referred to."""
        head = self.record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        lines = (line.partition(": ") for line in head.split("\r\n"))
        wanted = {name.lower() for name in _ADDRESSES}
        return frozenset(value for name, _, value in lines if name.lower() in wanted and value)


def members(body: Body) -> Iterator[Member]:
    """The members of a WARC file, in order; a broken one reaches to the next that can be read."""
    offset = 0
    while 0 <= offset < len(body):
        try:
            record, length = unpacked(body, offset)
        except Corrupt:
            after = next_member(body, offset)
            record, length = b"", (after if after >= 0 else len(body)) - offset
        yield Member(offset, length, record)
        offset += length


def wipe(body: Body, is_of: Callable[[str], bool], offsets: Collection[int], into: BinaryIO) -> int:
    """Writes a WARC file without some of its records; every other record stays where it is.

    Args:
        body: The file.
        is_of: Whether an address is one whose records go.
        offsets: Records that go whatever their address, broken ones too.
        into: Takes the file, as long as before, a record at a time.

    Returns:
        How many records were wiped.

    Raises:
        NewsdeskError: A record is too short to be replaced: none that newsdesk wrote is.
    """
    count = 0
    for one in members(body):
        goes = one.offset in offsets and not _is_wiped(one.record)
        if goes or any(is_of(address) for address in one.addresses):
            into.write(_filler(one.length))
            count += 1
        else:
            into.write(body[one.offset : one.offset + one.length])
    return count


def _filler(length: int) -> bytes:
    """A gzip member of a given length with a record that says nothing."""
    blocks = max(1, -(-(length - 18) // (_BLOCK + 5)))
    size = length - 18 - 5 * blocks
    head = _head(0, b"")
    zeros = bytes(size - len(head) - 4) if size >= len(head) + 4 else None
    if zeros is None:
        raise NewsdeskError("a record", f"of {length} bytes is too short to be wiped")
    record = _head(len(zeros), zeros) + zeros + b"\r\n\r\n"
    stream = b"".join(
        struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part
        for last, part in _stored(record, blocks)
    )
    trailer = struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF)
    return MEMBER + b"\0\0\0\0\0\0\xff" + stream + trailer


def _stored(record: bytes, blocks: int) -> Iterator[tuple[int, bytes]]:
    for number in range(blocks):
        last = number == blocks - 1
        yield int(last), record[number * _BLOCK : None if last else (number + 1) * _BLOCK]


def _head(length: int, block: bytes) -> bytes:
    """The header of a record; of the same length whatever the block's."""
    lines = (
        "WARC/1.1",
        "WARC-Type: metadata",
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>",
        f"WARC-Date: {dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}",
        f"Content-Length: {length:012d}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _is_wiped(record: bytes) -> bool:
    return b"\r\nWARC-Type: metadata\r\n" in record[:60]
