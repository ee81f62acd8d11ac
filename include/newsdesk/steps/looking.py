"""Looks: what the feeds show now, kept for the run of the day."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

from newsdesk.article import Look
from newsdesk.discover import previous_feeds, read_looks, take_look, write_look
from newsdesk.steps.desk import Desk

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


def look(desk: Desk, papers: Sequence[str], *, shard: int = 0) -> dict[str, int]:
    """Looks at every feed of some papers once and records what they showed.

    A feed that fails is part of the record; it stops no other.

    Returns:
        Counts: feeds looked at, feeds that failed, links listed.
    """
    recorded = asyncio.run(_look(desk, papers, shard))
    feeds = [feed for _, feed in recorded.feeds]
    return {
        "feeds": len(feeds),
        "failed": sum(feed.error is not None for feed in feeds),
        "links": sum(len(feed.links) for feed in feeds),
    }


async def _look(desk: Desk, papers: Sequence[str], shard: int) -> Look:
    now = desk.now()
    earlier = read_looks(desk.store, desk.layout, (now - MEMORY).date(), now.date())
    async with desk.fetcher() as fetcher:
        taken = await take_look(
            [desk.sources[name] for name in papers if name in desk.sources],
            fetcher,
            previous=previous_feeds(earlier),
            now=now,
            shard=shard,
        )
    write_look(desk.store, desk.layout, taken)
    return taken
