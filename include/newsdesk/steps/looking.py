"""Looks: what the feeds show now, kept for the run of the day."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from newsdesk.article import Look
from newsdesk.discover import (
    looks_backwards,
    previous_feeds,
    resting_feeds,
    take_look,
    write_look,
)
from newsdesk.steps.desk import Desk
from newsdesk.steps.parts import robots_record
from newsdesk.suppress import suppressed

log = logging.getLogger(__name__)

PAPERS_A_LOOK = 50
"""Papers that share one look: one task, one object."""

MEMORY = dt.timedelta(days=2)
"""How far back a look searches for the one before it: validators and what was seen."""


def paper_groups(desk: Desk) -> dict[str, Any]:
    """The papers in the groups that are looked at together: arguments of ``look``."""
    names = sorted(desk.sources)
    starts = range(0, len(names), PAPERS_A_LOOK)
    groups = [
        {"papers": names[at : at + PAPERS_A_LOOK], "shard": shard}
        for shard, at in enumerate(starts)
    ]
    return {"groups": groups}


def look(
    desk: Desk, papers: Sequence[str], *, shard: int = 0, only_due: bool = False
) -> dict[str, int]:
    """Looks at the feeds of some papers once and records what they showed.

    A feed that fails is part of the record; it stops no other.

    Args:
        desk: The desk.
        papers: Their names.
        shard: Number of this group of papers.
        only_due: Passes over the feeds that are looked at too early by ``discover.intervals``;
            those whose host has asked to be left alone are passed over in any case.

    Returns:
        Counts: feeds looked at, feeds that failed, feeds with something odd about them, links
        listed. Where nothing was looked at, nothing is recorded.
    """
    recorded = asyncio.run(_look(desk, papers, shard, only_due=only_due))
    feeds = [feed for _, feed in recorded.feeds]
    for feed in feeds:
        if feed.notice is not None:
            log.warning("%s: %s %s", feed.url, feed.notice, feed.moved_to or "")
    return {
        "feeds": len(feeds),
        "failed": sum(feed.error is not None for feed in feeds),
        "odd": sum(feed.notice is not None for feed in feeds),
        "links": sum(len(feed.links) for feed in feeds),
    }


async def _look(desk: Desk, papers: Sequence[str], shard: int, *, only_due: bool) -> Look:
    now = desk.now()
    sources = [desk.sources[name] for name in papers if name in desk.sources]
    asked = {
        (source.name, url)
        for source in sources
        for url in (*source.discover.feeds, *source.discover.news_sitemaps)
    }
    earlier = _earlier(desk, asked, now)
    resting = resting_feeds(earlier, now, only_asked=not only_due) & asked
    if resting == asked:
        return Look(now, shard, ())
    async with desk.fetcher() as fetcher:
        taken = await take_look(
            sources,
            fetcher,
            previous=previous_feeds(earlier),
            now=now,
            shard=shard,
            resting=resting,
        )
        robots = tuple(map(robots_record, fetcher.robots_answers()))
    out = suppressed(desk.store, desk.layout)
    feeds = ((name, replace(feed, links=out.links(feed.links))) for name, feed in taken.feeds)
    taken = replace(taken, feeds=tuple(feeds), robots=robots)
    write_look(desk.store, desk.layout, taken)
    return taken


def _earlier(desk: Desk, asked: Collection[tuple[str, str]], now: dt.datetime) -> list[Look]:
    """The looks before, as far back as all feeds have shown something three times.

    The last two tell a feed's pace, and the one before them whether there was an outage.
    """
    looks: list[Look] = []
    shown: Counter[tuple[str, str]] = Counter()
    for look_ in looks_backwards(desk.store, desk.layout, (now - MEMORY).date(), now.date()):
        looks.append(look_)
        shown.update((name, feed.url) for name, feed in look_.feeds if feed.links)
        if all(shown[feed] >= 3 for feed in asked):
            break
    return looks
