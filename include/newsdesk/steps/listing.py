"""Harvesting of archive sitemaps: what a paper lists of past days, each of its files asked once.

The links are recorded by day, so that the runs of those days ask for no sitemap.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from itertools import groupby

from newsdesk import records
from newsdesk.discover.archive_sitemaps import ask_archives
from newsdesk.discover.links import fold
from newsdesk.discover.listed import Listed, rules_of
from newsdesk.discover.strategy import Found, bounds
from newsdesk.errors import FeedError, FetchError
from newsdesk.sources import Source
from newsdesk.steps.desk import Desk
from newsdesk.steps.planning import chosen_papers, days_of
from newsdesk.suppress import suppressed

log = logging.getLogger(__name__)


def sitemap_papers(desk: Desk) -> dict[str, list[str]]:
    """The papers of the desk that name archive sitemaps, or whose robots.txt may.

    Returns:
        ``papers``: their names.
    """
    return {
        "papers": [
            name
            for name, source in desk.sources.items()
            if source.discover.archive_sitemaps or source.discover.robots_sitemaps
        ]
    }


def harvest_sitemaps(
    desk: Desk,
    paper: str,
    first: dt.date,
    last: dt.date,
    since: dt.datetime | None = None,
) -> dict[str, int]:
    """Records what the archive sitemaps of a paper list of a range of days, both ends inclusive.

    Of a day that has not ended nothing is recorded, nor of one whose sitemaps could not all be
    had for now. Where one of them is not to be had at all (it is forbidden, or no sitemap) the day
    is recorded with that, so that its run does not ask in vain, unless an older record of the day
    knows more. Sitemaps that span years are asked once for each.

    Args:
        desk: The desk.
        paper: Name of the paper.
        first: First day, UTC.
        last: Last day, inclusive.
        since: UTC; days that were recorded later are not asked for again, so that a retry goes on
            where the try before it ended.

    Returns:
        Counts: days recorded, links of them.

    Raises:
        SettingsError: The range is empty, reaches into the future or is longer than ten years; or
            the paper is none of the desk's.
        FetchError: Sitemaps could not be had for now; names the first, and how many days lack them.
        FeedError: The same, of sitemaps that another try would not get either.
    """
    (source,) = chosen_papers(desk, [paper])
    began = desk.now()
    rules = rules_of(source)
    days = [
        day
        for day in days_of(desk, first, last)
        if bounds(day)[1] <= began and not _recorded(desk, day, paper, rules, since)
    ]
    counts = {"days": 0, "links": 0}
    lacking: list[str] = []
    spoilt: list[str] = []
    for _, of_year in groupby(days, key=lambda day: day.year):  # a year's links are held at a time
        answers = asyncio.run(_asked(desk, source, list(of_year), began))
        out = suppressed(desk.store, desk.layout)
        for day, found in answers.items():
            if found.passing:
                lacking.append(found.problems[0])
                continue
            if found.problems:
                spoilt.append(found.problems[0])
                if _known(desk, day, paper, rules):
                    continue
            links = tuple(out.links(tuple(fold(found.links).values())))
            listed = Listed(
                source.name,
                day,
                asked_at=began,
                links=links,
                proven=tuple(found.proven),
                likely=tuple(found.likely),
                rules=rules,
                problems=tuple(found.problems),
            )
            desk.store.put(desk.layout.listed_by(day, source.name), records.pack(listed))
            counts["days"] += 1
            counts["links"] += len(links)
    if days and not counts["links"]:
        log.warning("%s: its sitemaps list no story of %s to %s", paper, first, last)
    if lacking:
        raise FetchError(source.name, f"{len(lacking)} days are not recorded: {lacking[0]}")
    if spoilt:
        raise FeedError(source.name, f"{len(spoilt)} days lack a sitemap for good: {spoilt[0]}")
    return counts


def _recorded(desk: Desk, day: dt.date, paper: str, rules: str, since: dt.datetime | None) -> bool:
    """Whether a day was recorded since some moment, by the same rules."""
    if since is None:
        return False
    listed = _standing(desk, day, paper)
    return listed is not None and listed.asked_at >= since and listed.rules == rules


def _known(desk: Desk, day: dt.date, paper: str, rules: str) -> bool:
    """Whether a day was recorded by the same rules when all its sitemaps could be had."""
    listed = _standing(desk, day, paper)
    return listed is not None and listed.rules == rules and not listed.problems


def _standing(desk: Desk, day: dt.date, paper: str) -> Listed | None:
    key = desk.layout.listed_by(day, paper)
    if desk.store.head(key) is None:
        return None
    return records.unpack(Listed, desk.store.get(key), subject=key)


async def _asked(
    desk: Desk, source: Source, days: list[dt.date], now: dt.datetime
) -> dict[dt.date, Found]:
    async with desk.fetcher() as fetcher:
        return await ask_archives(source, days, fetcher, now)
