"""Reading: the responses of a WARC file, each after its digests were found right."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import zlib
from collections.abc import Callable, Iterator

from fastwarc.warc import WarcRecord

from newsdesk.article import CaptureRef, Response
from newsdesk.errors import NewsdeskError
from newsdesk.fetch.decoding import Decoder, DecodingError, content_encoding, decoded
from newsdesk.landing.form import ASIDE, DECODED_LENGTH, MEMBER, REQUESTED
from newsdesk.landing.windowed import Windowed

log = logging.getLogger(__name__)

MAX_DECODED = 268_435_456
"""Most bytes that a body may decode to when its record does not say how many."""


class CaptureCorrupt(NewsdeskError):
    """A landed record that is not what was landed; its subject is the file's key and the offset.

    Attributes:
        key: Key of the WARC file.
        offset: Offset of the record, bytes.
    """

    def __init__(self, key: str, offset: int, reason: str) -> None:
        super().__init__(f"{key} at {offset}", reason)
        self.key = key
        self.offset = offset


Body = bytes | Windowed
"""A WARC file: in memory, or a window of it at a time."""


def _log(error: CaptureCorrupt) -> None:
    log.error("%s", error)


def iter_captures(
    body: Body, key: str, *, on_corrupt: Callable[[CaptureCorrupt], None] = _log
) -> Iterator[tuple[CaptureRef, Response]]:
    """The responses of a WARC file, in order, each after its digests were found right.

    A corrupt record is reported and passed over; the others are still read.

    Args:
        body: The file.
        key: Its key, for the references and errors.
        on_corrupt: Told of each corrupt record; raises to stop. Logs an error when not given.

    Yields:
        Where the record lies, and the response; its ``seconds`` and ``attempts`` are not kept.
    """
    offset = 0
    while 0 <= offset < len(body):
        try:
            record, length = unpacked(body, offset)
            found = _response(record, key, offset, length)
        except Corrupt as error:
            on_corrupt(CaptureCorrupt(key, offset, str(error)))
            offset = next_member(body, offset)
            continue
        if found is not None:
            yield found
        offset += length


class Corrupt(ValueError):
    """What is wrong with one record."""


def unpacked(body: Body, offset: int) -> tuple[bytes, int]:
    """The record whose gzip member begins at an offset, and the member's length."""
    unpack = zlib.decompressobj(31)
    view = memoryview(body) if isinstance(body, bytes) else body
    pieces: list[bytes] = []
    step = 1 << 20  # so that no more than a step of what follows the member is copied
    for start in range(offset, len(view), step):
        try:
            pieces.append(unpack.decompress(view[start : start + step]))
        except zlib.error as error:
            raise Corrupt(f"its gzip member is broken: {error}") from None
        if unpack.eof:
            end = min(start + step, len(view)) - len(unpack.unused_data)
            return b"".join(pieces), end - offset
    raise Corrupt("its gzip member ends too early")


def next_member(body: Body, offset: int) -> int:
    """Where the next record begins after a broken one; -1 when there is none."""
    while (offset := body.find(MEMBER, offset + 1)) >= 0:
        try:
            start = zlib.decompressobj(31).decompress(body[offset : offset + 4096], 8)
        except zlib.error:
            continue
        if start.startswith(b"WARC/1."):
            return offset
    return -1


def _response(
    record: bytes, key: str, offset: int, length: int
) -> tuple[CaptureRef, Response] | None:
    """The response in a record; ``None`` when the record is of another type."""
    try:
        warc = WarcRecord.from_bytes(record)
        block = warc.reader.read()
    except (OSError, ValueError) as error:
        raise Corrupt(f"no WARC record: {error}") from None
    head = warc.headers
    if head.get("WARC-Block-Digest") != f"sha256:{hashlib.sha256(block).hexdigest()}":
        raise Corrupt("its block digest is not the one that was written")
    if head.get("WARC-Type") != "response":
        return None
    http, end, raw = block.partition(b"\r\n\r\n")
    digest = hashlib.sha256(raw)
    if not end or head.get("WARC-Payload-Digest") != f"sha256:{digest.hexdigest()}":
        raise Corrupt("its payload digest is not the one that was written")
    status, reason, headers = _parsed_http(http.decode("latin-1"))
    try:
        limit = int(head.get(DECODED_LENGTH) or MAX_DECODED)
        received_at = dt.datetime.fromisoformat(head.get("WARC-Date") or "")
    except ValueError as error:
        raise Corrupt(f"malformed header: {error}") from None
    truncated = head.get("WARC-Truncated")
    url = head.get("WARC-Target-URI") or ""
    response = Response(
        url=head.get(REQUESTED) or url,
        final_url=url,
        status=status,
        reason=reason,
        headers=headers,
        raw=raw,
        body=_body(raw, headers, limit, whole=truncated is None),
        received_at=received_at,
        truncated=truncated,
    )
    return CaptureRef(key=key, offset=offset, length=length, digest=digest.digest()), response


def _parsed_http(head: str) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    first, *lines = head.split("\r\n")
    _, _, rest = first.partition(" ")
    status, _, reason = rest.partition(" ")
    if not status.isdigit():
        raise Corrupt(f"no HTTP status line: {first[:60]!r}")
    headers = []
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() in (
            f"{ASIDE}transfer-encoding".lower(),
            f"{ASIDE}content-length".lower(),
        ):
            name = name[len(ASIDE) :]
        headers.append((name, value))
    return int(status), reason, tuple(headers)


def _body(raw: bytes, headers: tuple[tuple[str, str], ...], limit: int, *, whole: bool) -> bytes:
    try:
        encoding = content_encoding(headers)
        if encoding == "identity":
            return raw
        if whole:
            return decoded(raw, encoding, limit)
        decoder = Decoder(encoding, limit)
        decoder.feed(raw)
        return decoder.so_far()
    except DecodingError as error:
        raise Corrupt(f"cannot be decoded: {error}") from None
