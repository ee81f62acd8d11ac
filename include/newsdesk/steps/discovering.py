"""The plan of a run: which stories its day had, and which of them must be fetched."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from newsdesk import records
from newsdesk.archives import Archives
from newsdesk.article import Capture, Discovery, Link, Look, Run
from newsdesk.discover import discover_day, pack_shards, read_looks
from newsdesk.discover.archived import kept_by, own_copy
from newsdesk.discover.budget import Ration, Rationed, within_budget
from newsdesk.discover.landed import read_landed
from newsdesk.discover.listed import Listed, read_listed
from newsdesk.discover.revisits import Known, is_retried, known_stories, revisits
from newsdesk.errors import ObjectMissing
from newsdesk.sources import Source
from newsdesk.steps.desk import Desk
from newsdesk.steps.looking import look, paper_groups
from newsdesk.steps.outline import Asked, Outline
from newsdesk.suppress import suppressed
from newsdesk.tables.visits import Held, all_told

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
        revisits: Those of them that nobody found again: stories whose time has come, and stories
            that earlier runs could not get.
        held: The versions that we hold of the stories to fetch.
    """

    run: Run
    discoveries: tuple[Discovery, ...]
    unchanged: tuple[str, ...]
    shards: tuple[tuple[Link, ...], ...]
    revisits: tuple[Link, ...] = ()
    held: tuple[Held, ...] = ()


def discover(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """Makes the plan of a run, or finds the one that an earlier try made.

    The run for yesterday takes a last look first, visits again the stories of the last days whose
    time has come, and tries again those that earlier runs could not get; any other run knows only
    what was recorded and what the papers' archives list, so that a backfill of old days visits no
    story twice.

    Returns:
        ``shards`` (their numbers) and counts for the log.
    """
    key = desk.layout.discovered(day, run_id)
    if desk.store.head(key) is None:
        started_at = desk.now()
        if _is_latest(day, started_at):
            for group in paper_groups(desk)["groups"]:
                look(desk, **group)
        last = min(day + LAG, desk.now().date())
        looks = read_looks(desk.store, desk.layout, day - BEFORE, last)
        landed = read_landed(desk.store, desk.layout, day, run_id)
        listed = read_listed(desk.store, desk.layout, day)
        plan = asyncio.run(_plan(desk, Run(day, run_id, started_at), looks, landed, listed))
        desk.store.put_if_absent(key, records.pack(plan))
    plan = load_plan(desk, day, run_id)  # perhaps a twin's
    key = desk.layout.outline(day, run_id)
    if desk.store.head(key) is None:
        asked = tuple(Asked(one.source, one.day) for one in plan.discoveries)
        outline = Outline(plan.run, asked, len(plan.shards))
        desk.store.put_if_absent(key, records.pack(outline))
    return {
        "shards": list(range(len(plan.shards))),
        "stories": sum(len(found.links) for found in plan.discoveries),
        "to_fetch": sum(len(shard) for shard in plan.shards),
        "unchanged": len(plan.unchanged),
        "revisits": len(plan.revisits),
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


async def _plan(
    desk: Desk,
    run: Run,
    looks: Sequence[Look],
    landed: Sequence[Capture],
    listed: Sequence[Listed],
) -> Plan:
    ration = Ration(desk.host_requests)
    discoveries = await _discoveries(desk, run, ration, looks, landed, listed)
    out = suppressed(desk.store, desk.layout)
    discoveries = [replace(one, links=out.links(one.links)) for one in discoveries]
    found = {link.article_id for discovery in discoveries for link in discovery.links}
    papers = desk.sources.values() if _is_latest(run.day, run.started_at) else ()
    known = Known({}, {})
    if found or papers:
        known = known_stories(desk.open_warehouse(), run, found, papers)
    due = revisits(known, desk.sources, run.started_at) if papers else {}
    for link in out.links(_failed_before(desk, known, run.started_at)):
        mine = due.setdefault(link.source, [])
        if len(mine) < desk.sources[link.source].fetch.max_pages:
            mine.append(link)
    due_ids = {link.article_id for links in due.values() for link in links}
    unchanged = {
        link.article_id
        for discovery in discoveries
        for link in discovery.links
        if link.article_id not in due_ids and not is_due(link, known.visited_at(link.article_id))
    }
    again = {name: [x for x in links if x.article_id not in found] for name, links in due.items()}
    to_fetch = {
        one.source: (
            *(x for x in one.links if x.article_id not in unchanged),
            *again.get(one.source, ()),
        )
        for one in discoveries
    }
    discoveries = within_budget(discoveries, to_fetch, ration)
    over = {one.source for one in discoveries if one.over_budget}
    shards = pack_shards(
        [replace(x, links=to_fetch[x.source]) for x in discoveries if x.source not in over]
    )
    fetched = {link.article_id for shard in shards for link in shard}
    return Plan(
        run=run,
        discoveries=tuple(discoveries),
        unchanged=tuple(sorted(unchanged)),
        shards=tuple(tuple(shard) for shard in shards),
        revisits=tuple(
            link for name, links in sorted(again.items()) if name not in over for link in links
        ),
        held=tuple(held for one, held in sorted(known.held.items()) if one in fetched),
    )


async def _discoveries(
    desk: Desk,
    run: Run,
    ration: Ration,
    looks: Sequence[Look],
    landed: Sequence[Capture],
    listed: Sequence[Listed],
) -> list[Discovery]:
    """What is known of the day of each paper.

    Papers are asked about side by side. Where requests are counted, they take turns by name, so
    that who gets the last of them does not depend on whose host answers first.
    """
    async with desk.fetcher() as fetcher, desk.archive_fetcher() as archive_fetcher:
        archives = Archives(Rationed(archive_fetcher, ration), desk.archives)
        turns = asyncio.Semaphore(len(desk.sources) if ration.budget is None else 1)

        async def of(source: Source) -> Discovery:
            async with turns:
                return await discover_day(
                    source,
                    run.day,
                    looks=looks,
                    fetcher=Rationed(fetcher, ration),
                    now=run.started_at,
                    landed=landed,
                    listed=listed,
                    archives=archives,
                    told=lambda stories: all_told(desk.open_warehouse(), stories, run.day),
                )

        return await asyncio.gather(*(of(source) for _, source in sorted(desk.sources.items())))


def _failed_before(desk: Desk, known: Known, now: dt.datetime) -> list[Link]:
    """The stories that it is time to try again, as the plans of the runs that failed had them.

    Those that wait longest come first. A plan that is gone has none.
    """
    by_run: dict[tuple[dt.date, str], set[str]] = defaultdict(set)
    for article_id, failed in known.failed.items():
        by_run[failed.run_day, failed.run_id].add(article_id)
    due: dict[str, Link] = {}
    for (day, run_id), ids in sorted(by_run.items()):
        with suppress(ObjectMissing):
            for link in itertools.chain(*load_plan(desk, day, run_id).shards):
                if link.article_id in ids and is_retried(link, known.failed[link.article_id], now):
                    due[link.article_id] = link
    return sorted(due.values(), key=lambda x: (known.failed[x.article_id].at, x.article_id))


def _is_latest(day: dt.date, started_at: dt.datetime) -> bool:
    """Whether a run works for the day that has just ended."""
    return started_at.date() - day == dt.timedelta(days=1)


def is_due(link: Link, visited_at: dt.datetime | None) -> bool:
    """Whether a story must be fetched: we do not hold it, or something newer is said to exist.

    Args:
        link: What feeds and sitemaps say.
        visited_at: When we last learned how it stands; ``None`` when we hold no version of it.
    """
    if visited_at is None:
        return True
    copy = own_copy(link) or (link.copies[0] if kept_by(link) else None)
    if copy is not None and copy.captured_at > visited_at:
        return True  # the newest capture wins, in whatever order days are filled
    return link.modified_hint is not None and link.modified_hint > visited_at
