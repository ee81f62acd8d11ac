"""Archive sitemaps: which stories of a past day a paper itself still lists.

What is asked: the ``archive_sitemaps`` of the source file, filled in for every day of the paper's
zone that the UTC day meets, and the ``Sitemap:`` lines of robots.txt. Indexes are followed where a
child's name (its year, month, day) or, when it has none, its ``lastmod`` can hold the day.

``judging`` says what in a file belongs to the day.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from newsdesk import article
from newsdesk.discover.asking import Asks, whole_body
from newsdesk.discover.judging import Day, judge
from newsdesk.discover.moments import Moment, Period, file_period
from newsdesk.discover.sitemaps import MAX_BYTES, Sitemap, parse_sitemap
from newsdesk.discover.strategy import Found, Offer, pages_of
from newsdesk.errors import FeedError, FetchError
from newsdesk.fields.urls import clean_url, host_of
from newsdesk.sources import Source

log = logging.getLogger(__name__)

MAX_FILES = 40
"""Most sitemap files asked for one paper and day."""

MAX_NESTING = 3
"""How deep indexes of indexes are followed."""


@dataclass(frozen=True, slots=True)
class ArchiveSitemaps:
    """The strategy.

    Attributes:
        fetcher: Who asks; none is needed for offers.
        now: UTC; when the links are seen.
    """

    fetcher: Asks | None
    now: dt.datetime
    name: article.Strategy = "archive_sitemaps"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``: a file for each local day it meets, indexes, and the pages."""
        found = source.discover
        if not found.archive_sitemaps and not found.robots_sitemaps:
            return None
        files = 2 * max(len(found.archive_sitemaps), 1) + found.robots_sitemaps
        return Offer(
            "archive_sitemaps",
            host=host_of(source.home),
            listing=files,
            listing_pause=source.fetch.pause_seconds,
            pages=pages_of(source),
            page_pause=source.fetch.pause_seconds,
        )

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``."""
        if self.fetcher is None:
            raise ValueError("archive sitemaps: cannot be asked without a fetcher")
        return await ask_archives(source, day, self.fetcher, self.now)


@dataclass(frozen=True, slots=True)
class _File:
    """A sitemap to ask for: its address, the days its name tells, its depth below the first."""

    url: str
    period: Period | None
    modified: Moment | None = None
    depth: int = 0

    @property
    def rank(self) -> tuple[int, str, str]:
        """Order of asking: by how little time the name spans, then the earliest ``lastmod``."""
        spans = (self.period.last - self.period.first).days if self.period else 1_000
        stamp = self.modified.end.isoformat() if self.modified else "~"
        return spans, stamp, self.url


async def ask_archives(source: Source, day: dt.date, fetcher: Asks, now: dt.datetime) -> Found:
    """Asks a paper's archive sitemaps which stories a UTC day had.

    A sitemap that is not there (404, 410) is no problem; any other failure is noted, and then
    nothing counts as proven, because the missing file may list more.

    Args:
        source: The paper.
        day: UTC.
        fetcher: Who asks.
        now: UTC; when the links are seen.
    """
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    about = Day(source, start, start + dt.timedelta(days=1), now)
    archive = Found()
    waiting = {file.url: file for file in await _first_files(about, fetcher, archive)}
    while waiting:
        if len(archive.asked) == MAX_FILES:
            archive.problems.append(
                f"{source.name}: {len(waiting)} more sitemaps may hold {day}, after {MAX_FILES}"
            )
            break
        file = waiting.pop(min(waiting.values(), key=lambda file: file.rank).url)
        archive.asked.append(file.url)
        try:
            sitemap = await _ask(file, source, fetcher)
        except (FetchError, FeedError) as error:
            archive.problems.append(str(error))
            continue
        if sitemap is None:
            continue
        if sitemap.kind == "index":
            for child in _children(sitemap, file, about):
                if child.url not in archive.asked:
                    waiting.setdefault(child.url, child)
        else:
            judged = judge(sitemap, file.period, about)
            archive.links += judged.links
            archive.proven += judged.proven
            if not sitemap.whole:
                archive.problems.append(f"{file.url}: lists more than is read")
    archive.requests = len(archive.asked)
    if archive.problems:
        archive.proven = []
        for problem in archive.problems:
            log.warning("archive of %s on %s: %s", source.name, day, problem)
    return archive


async def _first_files(about: Day, fetcher: Asks, archive: Found) -> list[_File]:
    source, local = about.source, about.local
    files: list[_File] = []
    for template in source.discover.archive_sitemaps:
        for day in (local.first, local.last):
            url = template
            for name, value in (("year", "%Y"), ("month", "%m"), ("day", "%d")):
                url = url.replace(f"{{{name}}}", f"{day:{value}}")
            files.append(_File(url, _template_period(template, day) or file_period(url)))
    if source.discover.robots_sitemaps:
        try:
            lines = await fetcher.sitemaps(source)
        except FetchError as error:
            lines = ()
            archive.problems.append(str(error))
        cleaned = (clean_url(line, source.home) for line in lines)
        files += [_File(url, file_period(url)) for url in cleaned if url]
    return [file for file in files if file.period is None or file.period.meets(local)]


def _template_period(template: str, day: dt.date) -> Period | None:
    """The days that a filled-in template stands for."""
    if "{day}" in template:
        return Period(day, day)
    if "{month}" in template:
        after = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return Period(day.replace(day=1), after - dt.timedelta(days=1))
    if "{year}" in template:
        return Period(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))
    return None


async def _ask(file: _File, source: Source, fetcher: Asks) -> Sitemap | None:
    response = await fetcher.get(file.url, source, max_bytes=MAX_BYTES)
    if response.status in (404, 410):
        return None
    return parse_sitemap(whole_body(response), url=file.url, zone=source.zone)


def _children(index: Sitemap, file: _File, about: Day) -> Iterator[_File]:
    if file.depth == MAX_NESTING:
        return
    for child in index.children:
        url = clean_url(child.url, index.url)
        if url is None:
            continue
        period = file_period(url)
        if period is not None:
            possible = period.meets(about.local)
        else:  # what was not changed since the day began lists nothing of it
            possible = child.modified is None or child.modified.end >= about.start
            period = file.period
        if possible:
            yield _File(url, period, child.modified, file.depth + 1)
