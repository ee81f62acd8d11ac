"""Sifting one file of the news crawl: the pages of our papers out of it, landed part by part.

A part is a WARC file of ours, the records of its pages by the day that each says it is of, and last
how far the crawl's file is read, and for which papers. Whoever was killed loses at most one part.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fastwarc.warc import WarcHeader, WarcRecord

from newsdesk import __version__, records
from newsdesk.archives import Archives, news
from newsdesk.archives.access import is_html
from newsdesk.archives.records import BadRecord, from_record
from newsdesk.article import Capture, Link, Page, Reading, Response
from newsdesk.discover.landed import LandedPart
from newsdesk.discover.links import make_link
from newsdesk.fields.urls import host_of
from newsdesk.landing import WarcWriter
from newsdesk.reading.children import PageWork, Readers
from newsdesk.sources import Source
from newsdesk.steps.desk import Desk
from newsdesk.steps.fetching import capture_of
from newsdesk.suppress import suppressed

log = logging.getLogger(__name__)

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
        papers: The papers whose pages before that offset are landed, each with its rules; see
            ``harvesting.crawl_rules_of``.
    """

    until: int
    done: bool
    records: int
    pages: int
    corrupt: int
    papers: Mapping[str, str] = field(default_factory=dict)


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


class Sifting:
    """One file being read.

    Args:
        desk: The desk.
        file: The file.
        runner: What asks for its bytes.
        readers: What reads pages; of all parts, for a start costs as much as reading a hundred.
        number: Of the next part; one that is taken is passed over.
        begins: The papers to sift for, each with the offset before which its pages are landed.
        rules: What is noted of each of these papers.
    """

    def __init__(
        self,
        desk: Desk,
        file: news.NewsFile,
        runner: asyncio.Runner,
        readers: Readers[Reading],
        number: int,
        begins: Mapping[str, int],
        rules: Mapping[str, str],
    ) -> None:
        self._desk = desk
        self._file = file
        self._runner = runner
        self._readers = readers
        self._number = number
        self._begins = begins
        self._rules = rules
        self._papers = _Papers(desk.sources)
        self._erased = suppressed(desk.store, desk.layout)
        self._begin_part()

    def run(self) -> None:
        """Reads the file to its end, from where the first of the papers wants it."""
        fetcher = self._desk.archive_fetcher()
        self._runner.run(fetcher.__aenter__())
        try:
            archives = Archives(fetcher, self._desk.archives)

            # Not Runner.run: it sets a signal handler, and Python's signal module makes the text of a
            # handler, of its task and so of its result, which are megabytes here.
            loop = self._runner.get_loop()

            def more(at: int) -> bytes:
                return loop.run_until_complete(news.chunk(archives, self._file, at))[0]

            landed_at = offset = min(self._begins.values())
            for at, record in news.responses(more, offset, self._corrupt):
                if self._size >= PART_BYTES or at - landed_at >= CHECKPOINT:
                    self._land(at, done=False)
                    landed_at = at
                self._records += 1
                if page := self._page(at, record):
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

    def _page(self, at: int, record: WarcRecord) -> tuple[Link, Response] | None:
        """The link and the response of a record, if it is a story's page that is not landed yet."""
        # Not by its name: comparing texts would cost as much as all else of a foreign record.
        url = (record.headers.get(WarcHeader.WARC_TARGET_URI) or "").strip("<>")  # as of WARC 1.0
        source = self._papers.owner(url)
        if source is None or at < self._begins.get(source.name, at + 1):
            return None
        try:
            response = from_record(record)
        except BadRecord as error:
            self._corrupt(at, str(error))
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
        counts = (self._records, len(self._pages), self._broken)
        part = records.pack(HarvestPart(until, done, *counts, dict(self._rules)))
        place = ("cc_news", file.began.date(), file.path)
        while not desk.store.put_if_absent(desk.layout.harvest_part(*place, self._number), part):
            self._number += 1  # a twin's says how far that one is, perhaps for other papers
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
