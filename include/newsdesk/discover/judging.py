"""Which entries of a sitemap belong to a day, and of which time it lists every story.

A story's day is judged by the best evidence there is: the news extension's date, the day in its
address, the day in the file's name, and last ``lastmod``, which many papers set to the latest edit
or to the time of asking. Where every entry of a file bears the same minute it is the latter, and
is passed over. Entries of a month's or a year's file whose day nobody can tell are shared out over
its days, so that a backfill of the month or year asks for each once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsdesk.article import Link
from newsdesk.discover.coverage import Span
from newsdesk.discover.links import make_link
from newsdesk.discover.moments import (
    DAY,
    Moment,
    Period,
    believable,
    local_day,
    local_days,
    made_at,
    story_period,
)
from newsdesk.discover.sitemaps import Entry, Sitemap
from newsdesk.fields.urls import clean_url
from newsdesk.sources import Source


@dataclass(frozen=True, slots=True)
class Day:
    """The UTC day that is asked about, and whose: a paper, begin, end (exclusive), time of asking."""

    source: Source
    start: dt.datetime
    end: dt.datetime
    now: dt.datetime

    @property
    def local(self) -> Period:
        """The days of the paper's zone that it meets."""
        return local_days(self.start, self.end, self.source.zone)

    def holds(self, moment: Moment | None) -> bool:
        """Whether something may have been on the day."""
        return moment is not None and moment.touches(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one sitemap says of a day.

    Attributes:
        links: Stories that may belong to it.
        proven: Stretches of time of which the sitemap lists every story.
    """

    links: tuple[Link, ...]
    proven: tuple[Span, ...]


def judge(sitemap: Sitemap, named: Period | None, days: Sequence[Day]) -> dict[dt.date, Judged]:
    """Picks the stories of some days out of a sitemap.

    Args:
        sitemap: The sitemap, no index.
        named: The days that its name tells, if any.
        days: The days, at least one, of one paper and asked at one time.

    Returns:
        What the sitemap says of each day, by its UTC date.
    """
    by_date = {day.start.date(): day for day in days}
    source = days[0].source
    passed_over = made_at(entry.modified for entry in sitemap.entries)
    links: dict[dt.date, list[Link]] = {date: [] for date in by_date}
    dates: list[Moment] = []
    stories = 0
    for entry in sitemap.entries:
        url = clean_url(entry.url, sitemap.url)
        if url is None or not source.is_story(url):
            continue
        stories += 1
        modified = None if passed_over else entry.modified
        date = _date(url, entry, modified, named, source.zone)
        if date is not None:
            dates.append(date)
            claims = (date, modified) if entry.published is not None else (date,)
            wanted = {on for claim in claims for on in _held(claim, by_date)}
        else:
            turn = _turn(url, named, source)
            wanted = {turn} if turn in by_date else set()
        if wanted and (link := _link(url, entry, modified, days[0])):
            for on in wanted:
                links[on].append(link)
    enough = dates and 2 * len(dates) >= stories
    held = {on for date in dates for on in _held(date, by_date)}
    return {
        on: Judged(tuple(links[on]), _proven(dates, named, day, on in held) if enough else ())
        for on, day in by_date.items()
    }


def _held(moment: Moment | None, by_date: Mapping[dt.date, Day]) -> Iterator[dt.date]:
    """The days, among some, on which something may have been."""
    if moment is None:
        return
    on = max(moment.start.date(), min(by_date))
    last = min(moment.end.date(), max(by_date))  # some lastmod are of the year 9999
    while on <= last:
        if on in by_date and by_date[on].holds(moment):
            yield on
        on += DAY


def _date(
    url: str, entry: Entry, modified: Moment | None, named: Period | None, zone: dt.tzinfo
) -> Moment | None:
    """When a story was published, by the best evidence; ``None`` when nothing tells the day."""
    if entry.published is not None and entry.published.instant is not None:
        return entry.published
    in_url = story_period(url)
    if in_url and _days(in_url) == 1:
        return local_day(in_url.first, zone)
    if named and _days(named) == 1:
        return local_day(named.first, zone)
    if modified is None or modified.instant is None:
        return None
    span = in_url or named
    if span and not modified.touches(*_bounds(span, zone)):
        return None  # edited in another month or year than it was published in
    return modified


def _turn(url: str, named: Period | None, source: Source) -> dt.date | None:
    """The day to which a story falls of which only month or year is known."""
    span = story_period(url) or named
    if span is None:
        return None
    return span.first + int(source.article_id(url)[:8], 16) % _days(span) * DAY


def _link(url: str, entry: Entry, modified: Moment | None, day: Day) -> Link | None:
    return make_link(
        day.source,
        url,
        base=url,
        via="archive_sitemap",
        seen_at=day.now,
        published=believable(entry.published, day.now),
        modified=believable(modified, day.now),
        headline=entry.title,
    )


def _proven(
    dates: Sequence[Moment], named: Period | None, day: Day, held: bool
) -> tuple[Span, ...]:
    """The time of which a sitemap with such dates, one of the day or none, lists every story."""
    newest = min(max(date.start for date in dates), day.now)
    if named:  # the own file of a day, month or year lists it, and may still grow
        begin, end = _bounds(named, day.source.zone)
        if any(date.touches(begin, end) for date in dates):
            return ((begin, end if end <= day.now else newest),)
    elif held:  # a file of everything, or of what is new
        return ((min(date.end for date in dates), newest),)
    return ()


def _bounds(period: Period, zone: dt.tzinfo) -> Span:
    return local_day(period.first, zone).start, local_day(period.last, zone).end


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1
