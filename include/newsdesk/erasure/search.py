"""How much of a story is in one object: the same search finds it and proves that it is gone."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from newsdesk.erasure.story import Traces, folded, sentences_of
from newsdesk.landing import Body, CaptureCorrupt, Windowed, iter_captures, members

BOUND = 16
"""Characters of a value that Iceberg keeps in a manifest as a bound of a file's column."""

_TAG = re.compile(r"<[^<>]{0,2000}>")
_QUOTING = ("body", "summary", "headline", "evidence")
"""Columns in which a sentence of the story may stand in another's row."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in an object.

    Attributes:
        own: Rows, records or mentions that are the story's.
        quoted: Whether a sentence of it stands in what is not the story's.
        sentences: Of rows of the story: what to search for elsewhere.
    """

    own: int = 0
    quoted: bool = False
    sentences: frozenset[str] = frozenset()


def search(name: str, body: Body, traces: Traces) -> Found:
    """Looks for a story in an object.

    Args:
        name: Its key or address; the ending says what it is.
        body: Its bytes; only of a WARC file a window at a time is enough.
        traces: What tells the story.
    """
    if name.endswith(".warc.gz"):
        return _in_records(body, name, traces)
    if isinstance(body, Windowed):
        body = body[:]
    if name.endswith(".parquet"):
        return _in_rows(body, traces)
    if name.endswith(".avro"):
        return _in_manifest(body, traces)
    text = _unzstd(body) if name.endswith(".zst") else body
    return Found(traces.mentioned(text), traces.quoted(text))


def _in_rows(body: bytes, traces: Traces) -> Found:
    file = pq.ParquetFile(pa.BufferReader(body))
    there = file.schema_arrow.names
    names = [name for name in ("article_id", "url", *_QUOTING) if name in there]
    own = 0
    quoted = False
    sentences: frozenset[str] = frozenset()
    for number in range(file.num_row_groups):
        rows = file.read_row_group(number, columns=names)
        mine = traces.rows(rows)
        if count := pc.sum(mine).as_py() or 0:
            own += count
            if "body" in names:
                sentences |= sentences_of(rows["body"].filter(mine).to_pylist())
        if traces.pattern is not None and not quoted:
            others = rows.filter(pc.invert(mine)) if count else rows
            quoted = any(_matches(others[name], traces.pattern) for name in names[-4:])
    return Found(own, quoted, sentences)


def _matches(column: pa.ChunkedArray, pattern: str) -> bool:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return False
    plain = pc.replace_substring_regex(column, r"\s+", " ")
    return bool(pc.any(pc.match_substring_regex(plain, pattern)).as_py())


def _in_records(body: Body, name: str, traces: Traces) -> Found:
    mine = set()
    for member in members(body):
        if any(traces.is_of(address) for address in member.addresses):
            mine.add(member.offset)
    quoted = False
    if traces.pattern is not None:
        pages = (
            response.body
            for ref, response in iter_captures(body, name, on_corrupt=_pass_over)
            if ref.offset not in mine
        )
        quoted = any(traces.quoted(_plain(page)) for page in pages)
    return Found(len(mine), quoted)


def _pass_over(error: CaptureCorrupt) -> None:
    """A damaged record can be read by nobody; whether it is the story's its offset says."""


def _plain(page: bytes) -> bytes:
    """A page as a reader sees it, near enough to find a sentence in it."""
    return folded(html.unescape(_TAG.sub("", page.decode("utf-8", "replace")))).encode()


def _in_manifest(body: bytes, traces: Traces) -> Found:
    """Identifiers in the bounds of files, whole or cut."""
    bounds = [one[:BOUND].encode() for one in traces.story.ids]
    text = b"".join(_avro_blocks(body))
    return Found(sum(text.count(bound) for bound in bounds))


def _avro_blocks(body: bytes) -> Iterator[bytes]:
    """The blocks of an Avro container file, unpacked (Avro 1.11, "Object Container Files")."""
    at = 4
    codec = b"null"
    while (count := _Varint(body, at)).value:
        at = count.end
        if count.value < 0:
            at = _Varint(body, at).end
        for _ in range(abs(count.value)):
            key = _Varint(body, at)
            name, at = body[key.end : key.end + key.value], key.end + key.value
            length = _Varint(body, at)
            value, at = body[length.end : length.end + length.value], length.end + length.value
            codec = value if name == b"avro.codec" else codec
    at = count.end + 16  # the sync marker
    while at < len(body):
        size = _Varint(body, _Varint(body, at).end)
        block = body[size.end : size.end + size.value]
        yield zlib.decompress(block, -zlib.MAX_WBITS) if codec == b"deflate" else block
        at = size.end + size.value + 16


class _Varint:
    """A zigzag number of an Avro file: its value, and where what follows it begins."""

    def __init__(self, body: bytes, at: int) -> None:
        raw = shift = 0
        while True:
            byte = body[at]
            raw |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not byte & 0x80:
                break
        self.value = (raw >> 1) ^ -(raw & 1)
        self.end = at


def _unzstd(body: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
        return bytes(stream.read())
