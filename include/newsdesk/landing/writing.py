"""Writing: one WARC file, a record at a time; in memory while it is small, then on disk."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import struct
import tempfile
import uuid
import weakref
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from newsdesk.article import CaptureRef, Response
from newsdesk.fetch.decoding import DecodingError, content_encoding
from newsdesk.landing.form import ARCHIVE, ASIDE, DECODED_LENGTH, MEMBER, REQUESTED

PACKED_LEVEL = 6
"""zlib level of header lines and of bodies that came plain."""

IN_MEMORY = 8 * 1024 * 1024
"""A file that outgrows so many bytes goes on in the folder for temporary files, without a name:
it is gone with the process."""

_BREAKS = re.compile(r"[\r\n\0]+")
_GZIP_HEADER = MEMBER + b"\0\0\0\0\0\0\xff"  # no name, no time: equal input, equal bytes

SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""Profiles of revisit records (WARC 1.1, section 6.7)."""


@dataclass(frozen=True, slots=True)
class Same:
    """The earlier capture that a response adds nothing to.

    Attributes:
        url: The address that answered then.
        captured_at: When, UTC.
        digest: SHA-256 of its body as received.
    """

    url: str
    captured_at: dt.datetime
    digest: bytes


class WarcWriter:
    """Makes one WARC file, which is dropped with the writer.

    Args:
        key: Key that the file will have; its last part is the file's name in ``warcinfo``.
        software: Name and version of what writes it.
        info: More fields of ``warcinfo``.
    """

    def __init__(self, key: str, *, software: str, info: Mapping[str, str]) -> None:
        self._key = key
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed below
        weakref.finalize(self, self._file.close)
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

    def add(self, response: Response, *, archive_url: str | None = None) -> CaptureRef:
        """Adds one response; gives where it lies.

        Args:
            response: The response.
            archive_url: Where an archive keeps it, if it comes from one: it is noted in the record.
        """
        raw = response.raw
        head = _addressed("response", response)
        if archive_url is not None:
            head[ARCHIVE] = archive_url
        if response.truncated:
            head["WARC-Truncated"] = response.truncated
        try:
            packed = bool(raw) and content_encoding(response.headers) != "identity"
        except DecodingError:
            packed = True
        if packed:
            head[DECODED_LENGTH] = str(len(response.body))
        digest = hashlib.sha256(raw)
        head["WARC-Payload-Digest"] = f"sha256:{digest.hexdigest()}"
        return self._add(head, response, raw, digest.digest(), packed=packed)

    def add_revisit(self, response: Response, same: Same) -> CaptureRef:
        """Adds a response whose body we hold already: its header alone, and where the body is.

        Args:
            response: A 304, or an answer with the very body of the earlier capture.
            same: The earlier capture.

        Returns:
            Where the record lies; its digest is that of the body it stands for.
        """
        head = _addressed("revisit", response)
        head["WARC-Profile"] = NOT_MODIFIED if response.status == 304 else SAME_BODY
        head["WARC-Refers-To-Target-URI"] = same.url
        head["WARC-Refers-To-Date"] = _written(same.captured_at)
        head["WARC-Payload-Digest"] = f"sha256:{same.digest.hex()}"
        return self._add(head, response, b"", same.digest, packed=False)

    def _add(
        self, head: dict[str, str], response: Response, raw: bytes, digest: bytes, *, packed: bool
    ) -> CaptureRef:
        head["Content-Type"] = "application/http; msgtype=response"
        offset = self.size
        self._append(head, _http_head(response), raw, packed=packed)
        return CaptureRef(self._key, offset, self.size - offset, digest)

    @property
    def file(self) -> BinaryIO:
        """The file as it is so far; who reads it begins with ``seek``."""
        return cast("BinaryIO", self._file)

    def finish(self) -> bytes:
        """The whole file as bytes, for files that are known to be small."""
        self._file.seek(0)
        return self._file.read()

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
        self._file.seek(self.size)
        self._file.write(member)
        self.size += len(member)


def _addressed(kind: str, response: Response) -> dict[str, str]:
    """How the record of a response begins."""
    head = {
        "WARC-Type": kind,
        "WARC-Date": _written(response.received_at),
        "WARC-Target-URI": response.final_url,
    }
    if response.url != response.final_url:
        head[REQUESTED] = response.url
    return head


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
        lines.append(f"{ASIDE if framing else ''}{_line(name)}: {_line(value)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _line(text: str) -> str:
    """Without what would begin another line."""
    return _BREAKS.sub(" ", text)


def _written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
