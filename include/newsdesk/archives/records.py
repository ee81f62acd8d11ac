"""WARC records that others wrote (ISO 28500), as responses.

Crawlers differ in what they keep: Common Crawl removes the content encoding from the body and says
so in ``X-Crawl-Content-Encoding``, others leave the header line over a body that is plain.
"""

from __future__ import annotations

import datetime as dt
import io
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from newsdesk.article import Response
from newsdesk.fetch.decoding import DecodingError, content_encoding, decoded
from newsdesk.fetch.optout import signals

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MAX_RECORD = 33_554_432
"""Most bytes of one record; Common Crawl cuts bodies at 5 MiB."""

MAX_BODY = 10_485_760
"""Most bytes that a body may decode to."""


class BadRecord(ValueError):
    """A record that cannot be used; the message says why."""


def from_member(member: bytes) -> Response:
    """The response in one gzip member, as a ranged request gives it.

    Raises:
        BadRecord: The member is cut or broken, or holds no HTTP response.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    unpack = zlib.decompressobj(31)
    try:
        record = unpack.decompress(member, MAX_RECORD)
    except zlib.error as error:
        raise BadRecord(f"its gzip member is broken: {error}") from None
    if not unpack.eof:
        raise BadRecord("its gzip member is cut")
    kinds = WarcRecordType.response
    for warc in ArchiveIterator(io.BytesIO(record), record_types=kinds, parse_http=False):
        return from_record(warc)
    raise BadRecord("it holds no response")


def from_record(warc: WarcRecord) -> Response:
    """The response in a WARC record; ``received_at`` is when it was captured.

    Raises:
        BadRecord: The record is cut or malformed.
    """
    head = warc.headers
    block = warc.reader.read(MAX_RECORD)
    if len(block) < min(warc.content_length, MAX_RECORD):
        raise BadRecord("it is cut")
    http, end, raw = block.partition(b"\r\n\r\n")
    first, *lines = http.decode("latin-1").split("\r\n")
    _, _, rest = first.partition(" ")
    status, _, reason = rest.partition(" ")
    if not end or not status.isdigit():
        raise BadRecord(f"it holds no HTTP response but {first[:40]!r}")
    headers = tuple((n.strip(), v.strip()) for n, c, v in (x.partition(":") for x in lines) if c)
    headers, body = _plain(headers, raw)
    url = (head.get("WARC-Target-URI") or "").strip("<>")
    response = Response(
        url=url,
        final_url=url,
        status=int(status),
        reason=reason,
        headers=headers,
        raw=raw,
        body=body,
        received_at=_date(head.get("WARC-Date") or ""),
        truncated=head.get("WARC-Truncated") or None,
    )
    return replace(response, opt_out=signals(response))


def _date(text: str) -> dt.datetime:
    try:
        date = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadRecord(f"its date is {text[:40]!r}") from None
    return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _plain(
    headers: tuple[tuple[str, str], ...], raw: bytes
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The headers as they fit the body that was kept, and that body decoded."""
    try:
        encoding = content_encoding(headers)
        if encoding == "identity":
            return headers, raw
        return headers, decoded(raw, encoding, MAX_BODY)
    except DecodingError:  # the crawler decoded it and kept the header line
        return tuple(_aside(name, value) for name, value in headers), raw


def _aside(name: str, value: str) -> tuple[str, str]:
    return (f"X-Crawl-{name}" if name.lower() == "content-encoding" else name), value
