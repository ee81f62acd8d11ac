"""Archive sitemaps: which stories of past days a paper itself still lists.

What is asked: the ``archive_sitemaps`` of the source file, filled in for every day of the paper's
zone that a UTC day meets, and the ``Sitemap:`` lines of robots.txt. Indexes are followed where a
child's name (its year, month, day) or, when it has none, its ``lastmod`` can hold the day.

``judging`` says what in a file belongs to a day. What was harvested of a day (``listed``) is not asked
for again.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from newsdesk import article
from newsdesk.discover.asking import Asks, whole_body
from newsdesk.discover.intervals import failure_of
from newsdesk.discover.judging import Day, judge
from newsdesk.discover.listed import Listed, rules_of
from newsdesk.discover.moments import Moment, Period, file_period
from newsdesk.discover.sitemaps import MAX_BYTES, Sitemap, parse_sitemap
from newsdesk.discover.strategy import Found, Offer, bounds, pages_of
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
        listed: What was harvested of the day; of a paper in it nothing is asked, unless its file
            has changed since.
    """

    fetcher: Asks | None
    now: dt.datetime
    listed: Sequence[Listed] = ()
    name: article.Strategy = "archive_sitemaps"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``: a file for each local day it meets, indexes, and the pages."""
        sitemaps = source.discover
        if not sitemaps.archive_sitemaps and not sitemaps.robots_sitemaps:
            return None
        harvested = self._harvested(source, day)
        files = 2 * max(len(sitemaps.archive_sitemaps), 1) + sitemaps.robots_sitemaps
        return Offer(
            "archive_sitemaps",
            host=host_of(source.home),
            stories=len(harvested.links) if harvested else None,
            listing=0 if harvested else files,
            listing_pause=source.fetch.pause_seconds,
            pages=len(harvested.links) if harvested else pages_of(source),
            page_pause=source.fetch.pause_seconds,
        )

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``."""
        if harvested := self._harvested(source, day):
            return Found(
                links=list(harvested.links),
                proven=list(harvested.proven),
                likely=list(harvested.likely),
                problems=list(harvested.problems),
            )
        if self.fetcher is None:
            raise ValueError("archive sitemaps: cannot be asked without a fetcher")
        return (await ask_archives(source, [day], self.fetcher, self.now))[day]

    def _harvested(self, source: Source, day: dt.date) -> Listed | None:
        asked = (source.name, day, rules_of(source))
        return next((x for x in self.listed if (x.source, x.day, x.rules) == asked), None)


@dataclass(frozen=True, slots=True)
class _File:
    """A sitemap to ask for.

    Attributes:
        url: Its address.
        days: Those of the days asked about that it may list stories of.
        period: The days that its name tells.
        modified: ``lastmod`` in its index.
        depth: How deep below the first files.
    """

    url: str
    days: frozenset[dt.date]
    period: Period | None
    modified: Moment | None = None
    depth: int = 0

    @property
    def rank(self) -> tuple[int, str, str]:
        """Order of asking: by how little time the name spans, then the earliest ``lastmod``."""
        spans = (self.period.last - self.period.first).days if self.period else 1_000
        stamp = self.modified.end.isoformat() if self.modified else "~"
        return spans, stamp, self.url


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a file was not had or read, and whether that may pass by itself."""

    told: str
    passing: bool


async def ask_archives(
    source: Source, days: Sequence[dt.date], fetcher: Asks, now: dt.datetime
) -> dict[dt.date, Found]:
    """Asks a paper's archive sitemaps which stories some UTC days had, every file once.

    A sitemap that is not there (404, 410) is no problem; any other failure is noted for the days
    that it may hold, and then nothing of them counts as proven: the missing file may list more.

    Args:
        source: The paper.
        days: UTC.
        fetcher: Who asks.
        now: UTC; when the links are seen.
    """
    answers = {day: Found() for day in days}
    abouts = {day: Day(source, *bounds(day), now) for day in days}
    waiting: dict[str, _File] = {}
    _add(waiting, await _first_files(abouts, fetcher, answers))
    read: dict[str, frozenset[dt.date]] = {}
    cut: Counter[dt.date] = Counter()
    while waiting:
        file = waiting.pop(min(waiting.values(), key=lambda file: file.rank).url)
        wanted = sorted(file.days - read.get(file.url, frozenset()))
        cut.update(day for day in wanted if len(answers[day].asked) == MAX_FILES)
        wanted = [day for day in wanted if len(answers[day].asked) < MAX_FILES]
        if not wanted:
            continue
        read[file.url] = read.get(file.url, frozenset()).union(wanted)
        for day in wanted:
            answers[day].asked.append(file.url)
        sitemap = await _ask(file, source, fetcher)
        if sitemap is None:
            continue
        if isinstance(sitemap, _Problem):
            for day in wanted:
                answers[day].problems.append(sitemap.told)
                answers[day].passing |= sitemap.passing
            continue
        if sitemap.kind == "index":
            _add(waiting, _children(sitemap, file, [abouts[day] for day in wanted]))
            continue
        judged = judge(sitemap, file.period, [abouts[day] for day in wanted])
        for day, one in judged.items():
            answers[day].links += one.links
            answers[day].proven += one.proven
            answers[day].likely += one.likely
            if not sitemap.whole:
                answers[day].problems.append(f"{file.url}: lists more than is read")
    for day, found in answers.items():
        if cut[day]:
            more = f"{cut[day]} more sitemaps may hold {day}, after {MAX_FILES}"
            found.problems.append(f"{source.name}: {more}")
        found.requests = len(found.asked)
        if found.problems:
            found.proven, found.likely = [], []
        for problem in found.problems:
            log.warning("archive of %s on %s: %s", source.name, day, problem)
    return answers


def _add(waiting: dict[str, _File], files: Iterable[_File]) -> None:
    """Adds files that wait to be asked for; one that does already takes the days of its twin."""
    for file in files:
        known = waiting.get(file.url)
        waiting[file.url] = replace(known, days=known.days | file.days) if known else file


async def _first_files(
    abouts: Mapping[dt.date, Day], fetcher: Asks, answers: Mapping[dt.date, Found]
) -> list[_File]:
    source = next(iter(abouts.values())).source
    files: list[_File] = []
    for on, about in abouts.items():
        for template in source.discover.archive_sitemaps:
            for day in (about.local.first, about.local.last):
                url = template
                for name, value in (("year", "%Y"), ("month", "%m"), ("day", "%d")):
                    url = url.replace(f"{{{name}}}", f"{day:{value}}")
                period = _template_period(template, day) or file_period(url)
                if period is None or period.meets(about.local):
                    files.append(_File(url, frozenset({on}), period))
    if source.discover.robots_sitemaps:
        try:
            lines = await fetcher.sitemaps(source)
        except FetchError as error:
            lines = ()
            for found in answers.values():
                found.problems.append(str(error))
                found.passing |= failure_of(error, None) == "temporary"
        for line in lines:
            if robots_url := clean_url(line, source.home):
                period = file_period(robots_url)
                held = (x for x, y in abouts.items() if period is None or period.meets(y.local))
                files.append(_File(robots_url, frozenset(held), period))
    return files


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


async def _ask(file: _File, source: Source, fetcher: Asks) -> Sitemap | _Problem | None:
    """What a file says, why it says nothing, or ``None`` if it is not there."""
    response = None
    try:
        response = await fetcher.get(file.url, source, max_bytes=MAX_BYTES)
        if response.status in (404, 410):
            return None
        return parse_sitemap(whole_body(response), url=file.url, zone=source.zone)
    except (FetchError, FeedError) as error:
        failure = failure_of(error, response.status if response else None)
        late = response is not None and response.truncated == "time"
        return _Problem(str(error), late or failure == "temporary")


def _children(index: Sitemap, file: _File, abouts: Sequence[Day]) -> Iterator[_File]:
    if file.depth == MAX_NESTING:
        return
    for child in index.children:
        url = clean_url(child.url, index.url)
        if url is None:
            continue
        period = file_period(url)
        if period is not None:
            held = [about for about in abouts if period.meets(about.local)]
        else:  # what was not changed since the day began lists nothing of it
            end = child.modified.end if child.modified else None
            held = [about for about in abouts if end is None or end >= about.start]
        if held:
            days = frozenset(about.start.date() for about in held)
            yield _File(url, days, period or file.period, child.modified, file.depth + 1)
