"""Fetching a shard: every link becomes a landed page or a fate, and nothing is fetched twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing

from newsdesk import records
from newsdesk.archives import Archives
from newsdesk.article import Capture, CaptureRef, Fate, Link, Response
from newsdesk.discover.archived import kept_by, own_copy
from newsdesk.errors import AddressRefused, FetchError, RobotsRefused
from newsdesk.fields.urls import host_of
from newsdesk.landing import Same
from newsdesk.steps.copies import Outcome, Pages, capture_from
from newsdesk.steps.desk import Desk
from newsdesk.steps.discovering import load_plan
from newsdesk.steps.earlier import Earlier, earlier_captures
from newsdesk.steps.parts import CapturePart, Part
from newsdesk.suppress import suppressed

log = logging.getLogger(__name__)

HOSTS_AT_ONCE = 256
"""Hosts that a task asks side by side, one page each at a time: a slow one holds up only itself."""


def fetch(desk: Desk, day: dt.date, run_id: str, shard: int) -> dict[str, int]:
    """Fetches and lands the links of one shard, but those an earlier try has landed.

    Returns:
        Counts: links, pages landed, links that gave none, bytes received.
    """
    plan = load_plan(desk, day, run_id)
    links = suppressed(desk.store, desk.layout).links(plan.shards[shard])
    landed = load_captures(desk, day, run_id, shard)
    done = {capture.link.article_id for capture in landed}
    left = [link for link in links if link.article_id not in done]
    if left:
        number = len(list(desk.store.list(desk.layout.captures(day, run_id, shard))))
        earlier = earlier_captures(desk, left, plan.held)
        held = frozenset(held.link.article_id for held in plan.held)
        asyncio.run(_fetch(desk, Part(desk, day, run_id, shard, number), left, earlier, held))
        landed = load_captures(desk, day, run_id, shard)
    return {
        "links": len(links),
        "landed": sum(capture.fate is None for capture in landed),
        "unchanged": sum(capture.fate == "unchanged" for capture in landed),
        "not_landed": sum(capture.fate not in (None, "unchanged") for capture in landed),
        "bytes": sum(capture.size for capture in landed),
    }


def load_captures(desk: Desk, day: dt.date, run_id: str, shard: int) -> list[Capture]:
    """What became of the links of a shard so far; of a link met twice, the first record."""
    first: dict[str, Capture] = {}
    for info in desk.store.list(desk.layout.captures(day, run_id, shard)):
        part = records.unpack(CapturePart, desk.store.get(info.key), subject=info.key)
        for capture in part.captures:
            first.setdefault(capture.link.article_id, capture)
    return list(first.values())


async def _fetch(
    desk: Desk,
    part: Part,
    links: Sequence[Link],
    earlier: Mapping[str, Earlier],
    held: frozenset[str],
) -> None:
    asked: list[Link] = []
    for link in links:
        if copy := own_copy(link):
            part.note(capture_from(link, copy, desk.sources[link.source]))
        else:
            asked.append(link)
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(desk.fetcher())
        archive_fetcher = await stack.enter_async_context(desk.archive_fetcher())
        archives = Archives(archive_fetcher, desk.archives)
        pages = Pages(desk.sources, fetcher, archives, part.day, held)
        outcomes = await stack.enter_async_context(aclosing(_outcomes(pages, asked, earlier)))
        async for link, outcome in outcomes:
            if isinstance(outcome, Response) and not part.has_room(len(outcome.raw)):
                part = await asyncio.to_thread(part.closed)  # what is under way keeps its time
            part.note(_landed(desk, part, link, outcome, earlier.get(link.article_id)))
            for answer in fetcher.robots_answers():
                part.note_robots(answer)
        if not part.empty:
            await asyncio.to_thread(part.closed)


def _landed(
    desk: Desk, part: Part, link: Link, outcome: Outcome, earlier: Earlier | None
) -> Capture:
    """Lands a response in a part, if it may be kept, and says what became of its link."""
    if isinstance(outcome, FetchError):
        return capture_of(link, outcome, None, desk.now())
    if outcome.opt_out and desk.sources[link.source].fetch.obey_opt_out:
        return capture_of(link, outcome, None, desk.now(), opted_out=True)
    same = _same(outcome, earlier)
    return capture_of(link, outcome, part.land(outcome, same), desk.now(), same=same)


def _same(response: Response, earlier: Earlier | None) -> Same | None:
    """The earlier capture that a response adds nothing to, if there is one."""
    if earlier is None or not earlier.holds(response, hashlib.sha256(response.raw).digest()):
        return None
    return earlier.same


async def _outcomes(
    pages: Pages, links: Sequence[Link], earlier: Mapping[str, Earlier]
) -> AsyncGenerator[tuple[Link, Outcome]]:
    """Every link with what came of it, as it comes: all hosts side by side, each in its turns.

    What came and is not landed yet is bounded, so that a slow store slows the hosts down.
    """
    came: asyncio.Queue[tuple[Link, Outcome]] = asyncio.Queue(1)
    places = asyncio.Semaphore(HOSTS_AT_ONCE)

    async def one_host(mine: Sequence[Link]) -> None:
        async with places:
            for link in mine:
                await came.put((link, await pages.get(link, earlier.get(link.article_id))))

    tasks = [asyncio.create_task(one_host(mine)) for mine in by_host(links)]
    try:
        for _ in links:
            yield await came.get()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def by_host(links: Sequence[Link]) -> list[list[Link]]:
    """The links of each host, or archive; papers that share one take turns."""
    hosts: dict[str, list[Link]] = {}
    for link in fairly(links):
        hosts.setdefault(kept_by(link) or host_of(link.url), []).append(link)
    return list(hosts.values())


def fairly(links: Sequence[Link]) -> list[Link]:
    """The links so that papers take turns: a large one does not hold the others up."""
    queues: dict[str, list[Link]] = {}
    for link in links:
        queues.setdefault(link.source, []).append(link)
    turns = [
        (turn, number, link)
        for number, queue in enumerate(queues.values())
        for turn, link in enumerate(queue)
    ]
    return [link for _, _, link in sorted(turns, key=lambda item: item[:2])]


def capture_of(
    link: Link,
    outcome: Outcome,
    ref: CaptureRef | None,
    now: dt.datetime,
    *,
    same: Same | None = None,
    opted_out: bool = False,
) -> Capture:
    """The record of one attempt: a page to read, or the link's final fate with a code."""
    if isinstance(outcome, FetchError):
        refused = isinstance(outcome, AddressRefused | RobotsRefused)
        passing = outcome.code == "robots_unreachable"  # a server's trouble, not a rule
        return Capture(
            link=link,
            fate="refused" if refused and not passing else "failed",
            reason=outcome.code,
            captured_at=now,
            attempts=outcome.attempts,
        )
    fate, reason = fate_of(outcome)
    if same is not None:
        fate, reason = "unchanged", "not_modified" if outcome.status == 304 else "same_body"
    if opted_out:
        fate, reason = "refused", "opt_out"
    return Capture(
        link=link,
        fate=fate,
        reason=reason,
        captured_at=outcome.received_at,
        final_url=outcome.final_url,
        status=outcome.status,
        content_type=outcome.header("content-type"),
        ref=ref,
        size=len(outcome.raw),
        seconds=outcome.seconds,
        attempts=outcome.attempts,
        etag=outcome.header("etag"),
        last_modified=outcome.header("last-modified"),
        opt_out=outcome.opt_out,
    )


def fate_of(response: Response) -> tuple[Fate | None, str | None]:
    """What an HTTP answer means for its link; half a page is never read as a whole one."""
    if response.status in {404, 410}:
        return "missing", f"http_{response.status}"
    if not 200 <= response.status < 300:
        return "failed", f"http_{response.status}"
    if response.truncated:
        return "failed", f"truncated_{response.truncated}"
    return None, None
