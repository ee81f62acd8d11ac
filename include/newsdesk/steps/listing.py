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
from newsdesk.errors import FetchError
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
    had; an older record of that day stays. Sitemaps that span years are asked once for each.

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
        FetchError: Sitemaps could not be had or read; names the first, and how many days lack them.
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
    for _, of_year in groupby(days, key=lambda day: day.year):  # a year's links are held at a time
        answers = asyncio.run(_asked(desk, source, list(of_year), began))
        out = suppressed(desk.store, desk.layout)
        for day, found in answers.items():
            if found.problems:
                lacking.append(found.problems[0])
                continue
            links = tuple(out.links(tuple(fold(found.links).values())))
            listed = Listed(source.name, day, began, links, tuple(found.proven), rules)
            desk.store.put(desk.layout.listed_by(day, source.name), records.pack(listed))
            counts["days"] += 1
            counts["links"] += len(links)
    if days and not counts["links"]:
        log.warning("%s: its sitemaps list no story of %s to %s", paper, first, last)
    if lacking:
        raise FetchError(source.name, f"{len(lacking)} days are not recorded: {lacking[0]}")
    return counts


def _recorded(desk: Desk, day: dt.date, paper: str, rules: str, since: dt.datetime | None) -> bool:
    """Whether a day was recorded since some moment, by the same rules."""
    key = desk.layout.listed_by(day, paper)
    if since is None or desk.store.head(key) is None:
        return False
    listed = records.unpack(Listed, desk.store.get(key), subject=key)
    return listed.asked_at >= since and listed.rules == rules


async def _asked(
    desk: Desk, source: Source, days: list[dt.date], now: dt.datetime
) -> dict[dt.date, Found]:
    async with desk.fetcher() as fetcher:
        return await ask_archives(source, days, fetcher, now)
