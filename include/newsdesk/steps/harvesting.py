"""Harvesting: the pages of our papers out of an archive's files, each file read once.

What a file gives is landed in WARC files of ours and recorded by the day that each page says it is
of, so that the run of that day finds it without network. A page that opts out of mining, of a paper
whose wish is obeyed, is neither kept nor read: it is recorded by the day of its capture, to be
refused. How far a file is read is recorded too: a task that was killed goes on from there.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastwarc.warc import WarcHeader, WarcRecord

from newsdesk import __version__, records
from newsdesk.archives import Archives, Window, news
from newsdesk.archives.access import is_html
from newsdesk.archives.records import BadRecord, from_record
from newsdesk.article import Capture, Link, Page, Reading, Response
from newsdesk.discover.landed import LandedPart
from newsdesk.discover.links import make_link
from newsdesk.errors import SettingsError
from newsdesk.fields.urls import host_of
from newsdesk.landing import WarcWriter
from newsdesk.reading.children import PageWork, Readers
from newsdesk.sources import Source
from newsdesk.steps.desk import Desk
from newsdesk.steps.fetching import capture_of
from newsdesk.suppress import suppressed

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)

PART_BYTES = 8_000_000
"""A part is landed at this size."""

CHECKPOINT = 268_435_456
"""Bytes of an archive's file after which a part is landed whatever its size."""


@dataclass(frozen=True, slots=True)
class HarvestPart:
    """How far a file was read when a part was landed.

    Attributes:
        until: Offset of the next record to read.
        done: Whether the file was read to its end.
        records: Responses read.
        pages: Pages landed.
        corrupt: Records that could not be read.
    """

    until: int
    done: bool
    records: int
    pages: int
    corrupt: int


def harvest_files(desk: Desk, first: dt.date, last: dt.date, after: int = 1) -> dict[str, Any]:
    """The files of the news crawl that can hold the stories of some days.

    Args:
        desk: The desk.
        first: First day, UTC.
        last: Last day, inclusive.
        after: Days after the last in which the crawl may have come by.

    Returns:
        ``files``: their paths, oldest first.

    Raises:
        SettingsError: The range is empty.
        FetchError: A list cannot be had.
    """
    if first > last:
        raise SettingsError(f"{first} to {last}", "holds no day")
    begin = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = dt.datetime.combine(last, dt.time(), dt.UTC) + DAY + after * DAY

    async def listed() -> list[news.NewsFile]:
        async with desk.archive_fetcher() as fetcher:
            return await news.files(Archives(fetcher, desk.archives), Window(begin, end))

    return {"files": [file.path for file in asyncio.run(listed())]}


def harvest(desk: Desk, file: str) -> dict[str, int]:
    """Lands the pages of the desk's papers that one file holds; goes on where a try stopped.

    Returns:
        Counts: responses read, pages landed, records that were corrupt.

    Raises:
        SettingsError: The path is none of the news crawl's.
        FetchError: The file cannot be had.
    """
    try:
        crawled = news.NewsFile.at(file)
    except ValueError as error:
        raise SettingsError("file", str(error)) from error
    parts = _progress(desk, crawled)
    if not any(part.done for part in parts):
        with asyncio.Runner() as runner, Readers[Reading](desk.sources) as readers:
            _Harvest(desk, crawled, runner, readers, len(parts)).run(
                max((p.until for p in parts), default=0)
            )
        parts = _progress(desk, crawled)
    return {
        "records": sum(part.records for part in parts),
        "pages": sum(part.pages for part in parts),
        "corrupt": sum(part.corrupt for part in parts),
    }


def _progress(desk: Desk, file: news.NewsFile) -> list[HarvestPart]:
    prefix = desk.layout.harvest("cc_news", file.began.date(), file.path)
    return [
        records.unpack(HarvestPart, desk.store.get(info.key), subject=info.key)
        for info in desk.store.list(prefix)
    ]


class _Papers:
    """Whose page a record is: the papers by host, found once for every host."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = list(sources.values())
        self._by_host: dict[str, Source | None] = {}

    def owner(self, url: str) -> Source | None:
        """The paper on whose own domain an address lies; a look-alike host has none."""
        host = url[8:].partition("/")[0] if url.startswith("https://") else host_of(url)
        if host not in self._by_host:
            owners = (source for source in self._sources if source.owns(url))
            self._by_host[host] = next(owners, None)
        return self._by_host[host]


class _Harvest:
    """One file being read."""

    def __init__(
        self,
        desk: Desk,
        file: news.NewsFile,
        runner: asyncio.Runner,
        readers: Readers[Reading],
        number: int,
    ) -> None:
        self._desk = desk
        self._file = file
        self._runner = runner
        self._readers = readers  # of all parts: a start costs as much as reading a hundred pages
        self._number = number
        self._papers = _Papers(desk.sources)
        self._erased = suppressed(desk.store, desk.layout)
        self._begin_part()

    def run(self, offset: int) -> None:
        """Reads the file from an offset to its end."""
        fetcher = self._desk.archive_fetcher()
        self._runner.run(fetcher.__aenter__())
        try:
            archives = Archives(fetcher, self._desk.archives)

            # Not Runner.run: it sets a signal handler, and Python's signal module makes the text of a
            # handler, of its task and so of its result, which are megabytes here.
            loop = self._runner.get_loop()

            def more(at: int) -> bytes:
                return loop.run_until_complete(news.chunk(archives, self._file, at))[0]

            landed_at = offset
            for at, record in news.responses(more, offset, self._corrupt):
                if self._size >= PART_BYTES or at - landed_at >= CHECKPOINT:
                    self._land(at, done=False)
                    landed_at = at
                self._records += 1
                if page := self._page(record):
                    self._take(*page)
                offset = at
            self._land(offset, done=True)
        finally:
            self._runner.run(fetcher.__aexit__(None, None, None))

    def _begin_part(self) -> None:
        self._pages: list[tuple[Link, Response]] = []
        self._left_alone: list[Capture] = []
        self._size = self._records = self._broken = 0

    def _corrupt(self, at: int, why: str) -> None:
        self._broken += 1
        log.warning("%s at %d: %s", self._file.path, at, why)

    def _take(self, link: Link, response: Response) -> None:
        desk = self._desk
        if response.opt_out and desk.sources[link.source].fetch.obey_opt_out:
            refusal = capture_of(link, response, None, desk.now(), opted_out=True)
            self._left_alone.append(refusal)
        else:
            self._pages.append((link, response))
            self._size += len(response.raw)

    def _page(self, record: WarcRecord) -> tuple[Link, Response] | None:
        """The link and the response of a record, if it is a story's page of one of our papers."""
        # Not by its name: comparing texts would cost as much as all else of a foreign record.
        url = (record.headers.get(WarcHeader.WARC_TARGET_URI) or "").strip("<>")  # as of WARC 1.0
        source = self._papers.owner(url)
        if source is None:
            return None
        try:
            response = from_record(record)
        except BadRecord as error:
            self._corrupt(record.stream_pos, str(error))
            return None
        if response.status != 200 or response.truncated:
            return None
        if not is_html(response.header("content-type")):
            return None
        seen_at = response.received_at
        link = make_link(source, url, base=url, via="cc_news", seen_at=seen_at)
        if link is None or self._erased.has(link.article_id, link.url):
            return None
        return link, response

    def _land(self, until: int, *, done: bool) -> None:
        """Writes a part: the pages, the records by day, and last how far the file is read."""
        desk, file = self._desk, self._file
        if self._pages or self._left_alone:
            by_day: dict[dt.date, list[Capture]] = defaultdict(list)
            for capture, day in self._dated(self._landed()):  # claims the number, even if empty
                by_day[day].append(capture)
            for capture in self._left_alone:
                by_day[capture.captured_at.date()].append(capture)
            for day, captures in sorted(by_day.items()):
                key = desk.layout.landed_part(day, file.path, self._number)
                desk.store.put_if_absent(key, records.pack(LandedPart(tuple(captures))))
        part = HarvestPart(until, done, self._records, len(self._pages), self._broken)
        key = desk.layout.harvest_part("cc_news", file.began.date(), file.path, self._number)
        desk.store.put_if_absent(key, records.pack(part))
        self._number += 1
        self._begin_part()

    def _landed(self) -> list[Capture]:
        """The pages in a WARC file of ours; a twin's file under the same key is left alone."""
        store, layout, file = self._desk.store, self._desk.layout, self._file
        place = (file.began.date(), file.path, 0)
        writer = WarcWriter(
            layout.raw(*place, self._number),
            software=f"newsdesk/{__version__}",
            info={"format": "WARC file version 1.1", "isPartOf": file.path},
        )
        refs = [
            writer.add(response, archive_url=f"https://data.commoncrawl.org/{file.path}")
            for _, response in self._pages
        ]
        body = writer.finish()
        while not store.put_if_absent(
            layout.raw(*place, self._number), body, content_type="application/warc"
        ):
            self._number += 1
        key = layout.raw(*place, self._number)
        return [
            capture_of(link, response, replace(ref, key=key), self._desk.now())
            for (link, response), ref in zip(self._pages, refs, strict=True)
        ]

    def _dated(self, captures: list[Capture]) -> Iterator[tuple[Capture, dt.date]]:
        """Each page with the day that it says it is of; the day of its capture if it says none."""

        def work() -> Iterator[PageWork]:
            for capture, (_, response) in zip(captures, self._pages, strict=True):
                yield PageWork(_page_of(capture, response), capture.link.source)

        readings = self._readers.read(work())
        for capture, reading in zip(captures, readings, strict=True):
            said = reading.article.published_at
            link = replace(capture.link, published_hint=said)
            day = (said or capture.captured_at).astimezone(dt.UTC).date()
            yield replace(capture, link=link), day


def _page_of(capture: Capture, response: Response) -> Page:
    return Page(
        url=capture.link.url,
        body=response.body,
        captured_at=capture.captured_at,
        final_url=capture.final_url,
        content_type=capture.content_type,
        status=response.status,
        link=capture.link,
        ref=capture.ref,
    )
