"""The plan of a run: which stories its day had, and which of them must be fetched."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from newsdesk import records
from newsdesk.article import Discovery, Link, Look, Run
from newsdesk.discover import discover_day, pack_shards, read_looks
from newsdesk.steps.desk import Desk
from newsdesk.steps.looking import look, paper_groups
from newsdesk.tables import last_captures

BEFORE, LAG = dt.timedelta(days=1), dt.timedelta(days=3)
"""Looks of the day before prove how a day began; those taken after it still show stories of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run sets out to do: one record, the same for all its tasks.

    Attributes:
        run: The run.
        discoveries: What is known of each paper, every link.
        unchanged: Identifiers of stories that we hold and that nobody says have changed.
        shards: The links to fetch, as they are spread over tasks.
    """

    run: Run
    discoveries: tuple[Discovery, ...]
    unchanged: tuple[str, ...]
    shards: tuple[tuple[Link, ...], ...]


def discover(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """Makes the plan of a run, or finds the one that an earlier try made.

    The run for yesterday takes a last look first; any other run knows only what was recorded and
    what the papers' archives list.

    Returns:
        ``shards`` (their numbers) and counts for the log.
    """
    key = desk.layout.discovered(day, run_id)
    if desk.store.head(key) is None:
        started_at = desk.now()
        if started_at.date() - day == dt.timedelta(days=1):
            for group in paper_groups(desk)["groups"]:
                look(desk, **group)
        last = min(day + LAG, desk.now().date())
        looks = read_looks(desk.store, desk.layout, day - BEFORE, last)
        plan = asyncio.run(_plan(desk, Run(day, run_id, started_at), looks))
        desk.store.put_if_absent(key, records.pack(plan))
    plan = load_plan(desk, day, run_id)
    return {
        "shards": list(range(len(plan.shards))),
        "stories": sum(len(found.links) for found in plan.discoveries),
        "to_fetch": sum(len(shard) for shard in plan.shards),
        "unchanged": len(plan.unchanged),
        "strategies": {found.source: found.strategy for found in plan.discoveries},
        "errors": [found.error for found in plan.discoveries if found.error],
    }


def load_plan(desk: Desk, day: dt.date, run_id: str) -> Plan:
    """The plan of a run.

    Raises:
        ObjectMissing: The run has none yet.
    """
    key = desk.layout.discovered(day, run_id)
    return records.unpack(Plan, desk.store.get(key), subject=key)


async def _plan(desk: Desk, run: Run, looks: Sequence[Look]) -> Plan:
    async with desk.fetcher() as fetcher:
        discoveries = await asyncio.gather(
            *(
                discover_day(source, run.day, looks=looks, fetcher=fetcher, now=run.started_at)
                for source in desk.sources.values()
            )
        )
    found = {link.article_id for discovery in discoveries for link in discovery.links}
    captured = last_captures(desk.open_warehouse(), found) if found else {}
    unchanged = {
        link.article_id
        for discovery in discoveries
        for link in discovery.links
        if not is_due(link, captured.get(link.article_id))
    }
    to_fetch = [
        replace(found, links=tuple(x for x in found.links if x.article_id not in unchanged))
        for found in discoveries
    ]
    shards = pack_shards(to_fetch)
    return Plan(
        run=run,
        discoveries=tuple(discoveries),
        unchanged=tuple(sorted(unchanged)),
        shards=tuple(tuple(shard) for shard in shards),
    )


def is_due(link: Link, captured_at: dt.datetime | None) -> bool:
    """Whether a story must be fetched: we do not hold it, or it is said to have changed since.

    Args:
        link: What feeds and sitemaps say.
        captured_at: When the version we hold was captured; ``None`` when we hold none.
    """
    if captured_at is None:
        return True
    return link.modified_hint is not None and link.modified_hint > captured_at
