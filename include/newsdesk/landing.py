"""Responses as received, in WARC 1.1 files (ISO 28500:2017): written, and read back verified.

One gzip member per record, so that each can be read alone by its offset. A body that came
compressed is stored as it is: packing it again would cost time and gain nothing. What HTTP framing
the body came in is gone, so its header line is kept under another name, as archives do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping

from fastwarc.warc import WarcRecord

from newsdesk.article import CaptureRef, Response
from newsdesk.errors import NewsdeskError
from newsdesk.fetch.decoding import Decoder, DecodingError, content_encoding, decoded

log = logging.getLogger(__name__)

PACKED_LEVEL = 6
"""zlib level of header lines and of bodies that came plain."""

MAX_DECODED = 268_435_456
"""Most bytes that a body may decode to when its record does not say how many."""

_ASIDE = "X-Archive-Orig-"
_REQUESTED = "X-Newsdesk-Requested-URI"
_DECODED_LENGTH = "X-Newsdesk-Decoded-Length"
_BREAKS = re.compile(r"[\r\n\0]+")
_MEMBER = b"\x1f\x8b\x08"
_GZIP_HEADER = _MEMBER + b"\0\0\0\0\0\0\xff"  # no name, no time: equal input, equal bytes


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


# -- writing ----------------------------------------------------------------------------------


class WarcWriter:
    """Makes one WARC file in memory.

    Args:
        key: Key that the file will have; its last part is the file's name in ``warcinfo``.
        software: Name and version of what writes it.
        info: More fields of ``warcinfo``.
    """

    def __init__(self, key: str, *, software: str, info: Mapping[str, str]) -> None:
        self._key = key
        self._members: list[bytes] = []
        self.size = 0
        """Bytes so far."""
        fields = {"software": software, **info}
        block = "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items()).encode()
        head = {
            "WARC-Type": "warcinfo",
            "WARC-Date": _written(dt.datetime.now(dt.UTC)),
            "WARC-Filename": key.rpartition("/")[2],
            "Content-Type": "application/warc-fields",
        }
        self._append(head, block, b"", packed=False)

    def add(self, response: Response) -> CaptureRef:
        """Adds one response; gives where it lies."""
        raw = response.raw
        head = {
            "WARC-Type": "response",
            "WARC-Date": _written(response.received_at),
            "WARC-Target-URI": response.final_url,
        }
        if response.url != response.final_url:
            head[_REQUESTED] = response.url
        if response.truncated:
            head["WARC-Truncated"] = response.truncated
        try:
            packed = bool(raw) and content_encoding(response.headers) != "identity"
        except DecodingError:
            packed = True
        if packed:
            head[_DECODED_LENGTH] = str(len(response.body))
        digest = hashlib.sha256(raw)
        head["WARC-Payload-Digest"] = f"sha256:{digest.hexdigest()}"
        head["Content-Type"] = "application/http; msgtype=response"
        offset = self.size
        self._append(head, _http_head(response), raw, packed=packed)
        return CaptureRef(
            key=self._key, offset=offset, length=self.size - offset, digest=digest.digest()
        )

    def finish(self) -> bytes:
        """The whole file."""
        return b"".join(self._members)

    def _append(self, head: Mapping[str, str], block: bytes, body: bytes, *, packed: bool) -> None:
        block_digest = hashlib.sha256(block)
        block_digest.update(body)
        lines = {
            **head,
            "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>",
            "WARC-Block-Digest": f"sha256:{block_digest.hexdigest()}",
            "Content-Length": str(len(block) + len(body)),
        }
        text = "".join(f"{name}: {_line(value)}\r\n" for name, value in lines.items())
        record = b"WARC/1.1\r\n" + text.encode() + b"\r\n" + block
        member = _gzip(record, body, b"\r\n\r\n", packed=packed)
        self._members.append(member)
        self.size += len(member)


def _gzip(first: bytes, body: bytes, last: bytes, *, packed: bool) -> bytes:
    """One gzip member (RFC 1952) of three parts, of which the middle one may be stored as it is.

    ``Z_FULL_FLUSH`` ends the first part on a byte boundary and with nothing to refer back to, so
    the streams can stand one after the other.
    """
    pack = zlib.compressobj(PACKED_LEVEL, wbits=-zlib.MAX_WBITS)
    if packed:
        store = zlib.compressobj(0, wbits=-zlib.MAX_WBITS)
        stream = pack.compress(first) + pack.flush(zlib.Z_FULL_FLUSH)
        stream += store.compress(body + last) + store.flush()
    else:
        stream = pack.compress(first) + pack.compress(body) + pack.compress(last) + pack.flush()
    crc = zlib.crc32(last, zlib.crc32(body, zlib.crc32(first)))
    length = len(first) + len(body) + len(last)
    return _GZIP_HEADER + stream + struct.pack("<II", crc, length & 0xFFFFFFFF)


def _http_head(response: Response) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {_line(response.reason)}"]
    for name, value in response.headers:
        framing = name.lower() == "transfer-encoding" or (
            name.lower() == "content-length" and value.strip() != str(len(response.raw))
        )
        lines.append(f"{_ASIDE if framing else ''}{_line(name)}: {_line(value)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _line(text: str) -> str:
    """Without what would begin another line."""
    return _BREAKS.sub(" ", text)


def _written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# -- reading ----------------------------------------------------------------------------------


def _log(error: CaptureCorrupt) -> None:
    log.error("%s", error)


def iter_captures(
    body: bytes, key: str, *, on_corrupt: Callable[[CaptureCorrupt], None] = _log
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
            record, length = _unpacked(body, offset)
            found = _response(record, key, offset, length)
        except _Corrupt as error:
            on_corrupt(CaptureCorrupt(key, offset, str(error)))
            offset = _next_member(body, offset)
            continue
        if found is not None:
            yield found
        offset += length


class _Corrupt(ValueError):
    """What is wrong with one record."""


def _unpacked(body: bytes, offset: int) -> tuple[bytes, int]:
    """The record whose gzip member begins at an offset, and the member's length."""
    unpack = zlib.decompressobj(31)
    view = memoryview(body)[offset:]
    pieces: list[bytes] = []
    step = 1 << 20  # so that no more than a step of what follows the member is copied
    for start in range(0, len(view), step):
        try:
            pieces.append(unpack.decompress(view[start : start + step]))
        except zlib.error as error:
            raise _Corrupt(f"its gzip member is broken: {error}") from None
        if unpack.eof:
            used = min(start + step, len(view)) - len(unpack.unused_data)
            return b"".join(pieces), used
    raise _Corrupt("its gzip member ends too early")


def _next_member(body: bytes, offset: int) -> int:
    """Where the next record begins after a broken one; -1 when there is none."""
    while (offset := body.find(_MEMBER, offset + 1)) >= 0:
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
        raise _Corrupt(f"no WARC record: {error}") from None
    head = warc.headers
    if head.get("WARC-Block-Digest") != f"sha256:{hashlib.sha256(block).hexdigest()}":
        raise _Corrupt("its block digest is not the one that was written")
    if head.get("WARC-Type") != "response":
        return None
    http, end, raw = block.partition(b"\r\n\r\n")
    digest = hashlib.sha256(raw)
    if not end or head.get("WARC-Payload-Digest") != f"sha256:{digest.hexdigest()}":
        raise _Corrupt("its payload digest is not the one that was written")
    status, reason, headers = _parsed_http(http.decode("latin-1"))
    try:
        limit = int(head.get(_DECODED_LENGTH) or MAX_DECODED)
        received_at = dt.datetime.fromisoformat(head.get("WARC-Date") or "")
    except ValueError as error:
        raise _Corrupt(f"malformed header: {error}") from None
    truncated = head.get("WARC-Truncated")
    url = head.get("WARC-Target-URI") or ""
    response = Response(
        url=head.get(_REQUESTED) or url,
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
        raise _Corrupt(f"no HTTP status line: {first[:60]!r}")
    headers = []
    for line in lines:
        name, _, value = line.partition(": ")
        if name.lower() in (
            f"{_ASIDE}transfer-encoding".lower(),
            f"{_ASIDE}content-length".lower(),
        ):
            name = name[len(_ASIDE) :]
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
        raise _Corrupt(f"cannot be decoded: {error}") from None
