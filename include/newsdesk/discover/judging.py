"""Which entries of a sitemap belong to a day, and of which time it lists every story.

A story's day is judged by the best evidence there is: the news extension's date, the day in its
address, the day in the file's name, and last ``lastmod``, which many papers set to the latest edit
or to the time of asking. Where every entry of a file bears the same minute it is the latter, and
is passed over. Entries of a month's or a year's file whose day nobody can tell are shared out over
its days, so that a backfill of the month or year asks for each once.

A story is of no later day than that of its ``lastmod``, but it may be of any before. A file proves a
day by the better evidence alone; where it has none of some stories, the day is proven as soon as runs
have told what became of those that may be of it and are asked for by the runs of other days.
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
from newsdesk.discover.strategy import Likely
from newsdesk.fields.urls import clean_url
from newsdesk.sources import Source

MAX_UNSURE = 5_000
"""Stories of uncertain days up to which it is kept which they are; with more of them a file proves
nothing. The month of a large paper has so many."""

_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


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
        likely: Stretches that are proven once it is known of which day some other stories are.
    """

    links: tuple[Link, ...]
    proven: tuple[Span, ...] = ()
    likely: tuple[Likely, ...] = ()


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
    unsure: list[_Unsure] = []
    stories = 0
    for entry in sitemap.entries:
        url = clean_url(entry.url, sitemap.url)
        if url is None or not source.is_story(url):
            continue
        stories += 1
        modified = None if passed_over else entry.modified
        date = _date(url, entry, named, source.zone)
        if date is None:
            period = story_period(url) or named
            date = _changed(modified, period, source.zone)
            unsure.append(_Unsure(source.article_id(url), period, modified))
        if date is not None:
            dates.append(date)
            claims = (date, modified) if entry.published is not None else (date,)
            wanted = {on for claim in claims for on in _held(claim, by_date)}
        else:
            turn = _turn(unsure[-1])
            wanted = {turn} if turn in by_date else set()
        if wanted and (link := _link(url, entry, modified, days[0])):
            for on in wanted:
                links[on].append(link)
    if 2 * len(dates) < stories or not dates:
        return {on: Judged(tuple(links[on])) for on in by_date}
    held = {on for date in dates for on in _held(date, by_date)}
    unsure.sort(key=lambda one: one.latest, reverse=True)
    return {
        on: _judged(links[on], _proven(dates, named, day, on in held), unsure, day)
        for on, day in by_date.items()
    }


@dataclass(frozen=True, slots=True)
class _Unsure:
    """A story of which a sitemap tells no day.

    Attributes:
        article_id: Its identifier.
        period: The month or year that its address or the file's name tells, if any.
        modified: When it last changed, if that is told; it was not published later.
    """

    article_id: str
    period: Period | None
    modified: Moment | None

    @property
    def latest(self) -> dt.datetime:
        """When it was published at the latest, as far as is told."""
        return self.modified.end if self.modified else _FAR


def _judged(
    links: Sequence[Link], spans: tuple[Span, ...], unsure: Sequence[_Unsure], day: Day
) -> Judged:
    """What is said of a day of which a sitemap proves stretches, stories without a day apart.

    Args:
        links: The day's.
        spans: What it would prove if there were none of those.
        unsure: They, the latest first.
        day: The day.
    """
    found = {link.article_id for link in links}
    others: set[str] = set()
    for one in unsure if spans else ():
        if one.latest < day.start or len(others) > MAX_UNSURE:
            break
        within = one.period is None or one.period.meets(day.local)
        later = one.modified is None or one.modified.touches(day.start, _FAR)
        if within and later and one.article_id not in found:
            others.add(one.article_id)
    if not others:
        return Judged(tuple(links), spans)
    if len(others) > MAX_UNSURE:
        return Judged(tuple(links))
    stories = tuple(sorted(others))
    return Judged(tuple(links), likely=tuple(Likely(span, stories) for span in spans))


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


def _date(url: str, entry: Entry, named: Period | None, zone: dt.tzinfo) -> Moment | None:
    """When a story was published; ``None`` when nothing tells the day."""
    if entry.published is not None and entry.published.instant is not None:
        return entry.published
    in_url = story_period(url)
    if in_url and _days(in_url) == 1:
        return local_day(in_url.first, zone)
    if named and _days(named) == 1:
        return local_day(named.first, zone)
    return None


def _changed(modified: Moment | None, period: Period | None, zone: dt.tzinfo) -> Moment | None:
    """When a story last changed, unless it was in another month or year than it was published in."""
    if modified is None or modified.instant is None:
        return None
    return modified if period is None or modified.touches(*_bounds(period, zone)) else None


def _turn(story: _Unsure) -> dt.date | None:
    """The day to which a story falls of which only month or year is known."""
    if story.period is None:
        return None
    return story.period.first + int(story.article_id[:8], 16) % _days(story.period) * DAY


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
