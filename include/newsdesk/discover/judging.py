"""Which entries of a sitemap belong to a day, and of which time it lists every story.

A story's day is judged by the best evidence there is: the news extension's date, the day in its
address, the day in the file's name, and last ``lastmod``, which many papers set to the latest edit
or to the time of asking. Where every entry of a file bears the same minute it is the latter, and
is passed over. Entries of a month's or a year's file whose day nobody can tell are shared out over
its days, so that a backfill of the month or year asks for each once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.article import Link
from newsdesk.discover.coverage import Span
from newsdesk.discover.links import make_link
from newsdesk.discover.moments import (
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


def judge(sitemap: Sitemap, named: Period | None, day: Day) -> Judged:
    """Picks a day's stories out of a sitemap.

    Args:
        sitemap: The sitemap, no index.
        named: The days that its name tells, if any.
        day: The day.
    """
    passed_over = made_at(entry.modified for entry in sitemap.entries)
    links: list[Link] = []
    dates: list[Moment] = []
    stories = 0
    for entry in sitemap.entries:
        url = clean_url(entry.url, sitemap.url)
        if url is None or not day.source.is_story(url):
            continue
        stories += 1
        modified = None if passed_over else entry.modified
        date = _date(url, entry, modified, named, day.source.zone)
        if date is not None:
            dates.append(date)
            wanted = day.holds(date) or (entry.published is not None and day.holds(modified))
        else:
            wanted = _is_its_turn(url, named, day)
        if wanted and (link := _link(url, entry, modified, day)):
            links.append(link)
    enough = dates and 2 * len(dates) >= stories
    return Judged(tuple(links), _proven(dates, named, day) if enough else ())


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


def _is_its_turn(url: str, named: Period | None, day: Day) -> bool:
    """Whether a story of which only month or year is known falls to the day that is asked."""
    span = story_period(url) or named
    if span is None or not span.meets(day.local):
        return False
    number = int(day.source.article_id(url)[:8], 16)
    return number % _days(span) == (day.start.date() - span.first).days


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


def _proven(dates: Sequence[Moment], named: Period | None, day: Day) -> tuple[Span, ...]:
    """The time of which a sitemap with such dates lists every story."""
    newest = min(max(date.start for date in dates), day.now)
    if named:  # the own file of a day, month or year lists it, and may still grow
        begin, end = _bounds(named, day.source.zone)
        if any(date.touches(begin, end) for date in dates):
            return ((begin, end if end <= day.now else newest),)
    elif any(day.holds(date) for date in dates):  # a file of everything, or of what is new
        return ((min(date.end for date in dates), newest),)
    return ()


def _bounds(period: Period, zone: dt.tzinfo) -> Span:
    return local_day(period.first, zone).start, local_day(period.last, zone).end


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1
