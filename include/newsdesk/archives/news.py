"""Common Crawl's news crawl (CC-NEWS): WARC files of about 1 GB, read as they come.

A month's ``warc.paths.gz`` lists its files. A file's name tells when its crawl began; it is closed
at 1 GB or after 24 hours, so what was captured in a stretch of time is in every file that began in
it or up to 24 hours before. There is no index by address: a file must be read whole.

It is read in ranges, each an ordinary polite request: memory stays flat whatever the size, a broken
transfer costs one range, and reading can go on later where it stopped.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsdesk.archives.access import Archives, Window, moment_of
from newsdesk.errors import FetchError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

FIRST = dt.datetime(2016, 8, 26, tzinfo=dt.UTC)
"""When the crawl began."""

LONGEST = dt.timedelta(hours=24)
"""How long one file takes in captures."""

CHUNK = 16_777_216
"""Bytes of one range."""

_FILE = re.compile(r"crawl-data/CC-NEWS/\d{4}/\d{2}/CC-NEWS-(\d{14})-\d{5}\.warc\.gz")
_MEMBER = b"\x1f\x8b\x08"
_RANGE = re.compile(r"bytes \d+-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class NewsFile:
    """One file of the news crawl: its path, and when it began (UTC)."""

    path: str
    began: dt.datetime

    @classmethod
    def at(cls, path: str) -> NewsFile:
        """The file of a path.

        Raises:
            ValueError: The path is none of the news crawl's.
        """
        found = _FILE.fullmatch(path)
        began = moment_of(found[1]) if found else None
        if began is None:
            raise ValueError(f"{path!r} is no file of CC-NEWS")
        return cls(path, began)


async def files(archives: Archives, window: Window) -> list[NewsFile]:
    """The files that can hold what was captured in a stretch of time, oldest first.

    Raises:
        FetchError: A month's list cannot be had. A month without one (404) has no files.
    """
    begin = max(window.begin - LONGEST, FIRST)
    found: dict[str, NewsFile] = {}
    for year, month in months(begin, window.end):
        path = f"crawl-data/CC-NEWS/{year:04d}/{month:02d}/warc.paths.gz"
        response = await archives.ask("common_crawl_data", path)
        if response.status == 404:
            continue
        if response.status != 200 or response.truncated:
            raise FetchError(
                response.url, f"answers {response.status}", code=f"archive_{response.status}"
            )
        for line in _lines(response.body, response.url):
            if _FILE.fullmatch(line):
                file = NewsFile.at(line)
                if begin <= file.began < window.end:
                    found[line] = file
    return sorted(found.values(), key=lambda file: (file.began, file.path))


def months(begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[int, int]]:
    """Every month that a stretch of time (its end exclusive) meets.

    >>> utc = dt.UTC
    >>> list(months(dt.datetime(2020, 1, 31, tzinfo=utc), dt.datetime(2020, 3, 1, tzinfo=utc)))
    [(2020, 1), (2020, 2)]
    """
    year, month = begin.year, begin.month
    while dt.datetime(year, month, 1, tzinfo=dt.UTC) < end:
        yield year, month
        year, month = year + month // 12, month % 12 + 1


async def chunk(archives: Archives, file: NewsFile, offset: int) -> tuple[bytes, int]:
    """A range of a file, and the size of the whole file.

    Returns:
        Bytes from ``offset``; none at the end of the file.

    Raises:
        FetchError: The range cannot be had.
    """
    asked = {"Range": f"bytes={offset}-{offset + CHUNK - 1}"}
    response = await archives.ask("common_crawl_data", file.path, headers=asked, max_bytes=CHUNK)
    if response.status == 416:
        return b"", offset
    size = _RANGE.fullmatch(response.header("content-range") or "")
    if response.status != 206 or size is None or not response.body:
        raise FetchError(
            response.url,
            f"answers {response.status} to a range",
            code=f"archive_{response.status}",
        )
    return response.body, int(size[1])


class Stream:
    """A file as the reader of WARC records wants it, from some offset on.

    Args:
        more: Gives the bytes from an offset on, none at the end.
        offset: Where to begin.
    """

    def __init__(self, more: Callable[[int], bytes], offset: int = 0) -> None:
        self._more = more
        self._chunk = memoryview(b"")
        self._at = 0
        self._offset = offset

    def read(self, size: int = -1) -> bytes:
        """At most so many of the next bytes; none at the end."""
        if self._at == len(self._chunk):
            self._offset += len(self._chunk)
            self._chunk, self._at = memoryview(self._more(self._offset)), 0
        end = len(self._chunk) if size < 0 else self._at + size
        piece = bytes(self._chunk[self._at : end])
        self._at += len(piece)
        return piece

    def tell(self) -> int:
        """Where the next byte lies in the file."""
        return self._offset + self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """A reader may only go on."""
        raise OSError(f"cannot go to {offset} ({whence})")

    def close(self) -> None:
        """Nothing is held open."""


def responses(
    more: Callable[[int], bytes], offset: int, on_corrupt: Callable[[int, str], None]
) -> Iterator[tuple[int, WarcRecord]]:
    """The response records of a file from an offset on, each with its own offset.

    What is broken between two good responses is reported once and passed over, the others are still
    read. A record must be used before the next one is asked for.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    start, told = offset, False
    while True:
        last = start
        kinds = WarcRecordType.response
        stream = Stream(more, start)
        try:
            for record in ArchiveIterator(stream, record_types=kinds, parse_http=False):
                last, told = record.stream_pos, False
                yield last, record
        except OSError as error:
            if not told:
                on_corrupt(last, str(error))
            told = True
            found = _next_member(more, last + 1)
            if found is None:
                return
            start = found
        else:
            return


def _next_member(more: Callable[[int], bytes], offset: int) -> int | None:
    """Where the next record begins after a broken one; ``None`` when there is none."""
    stream_end = False
    held = b""
    while not stream_end:
        new = more(offset + len(held))
        stream_end = not new
        held += new
        at = -1
        while (at := held.find(_MEMBER, at + 1)) >= 0:
            if len(held) - at < 4096 and not stream_end:
                break  # too little of it to tell
            try:
                begin = zlib.decompressobj(31).decompress(held[at : at + 4096], 8)
            except zlib.error:
                continue
            if begin.startswith(b"WARC/1."):
                return offset + at
        keep = max(len(held) - 4096, 0) if at < 0 else at
        offset += keep
        held = held[keep:]
    return None


def _lines(body: bytes, url: str) -> list[str]:
    try:
        return gzip.decompress(body).decode("ascii").split()
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise FetchError(url, f"is no list of files: {error}", code="archive_record") from error
