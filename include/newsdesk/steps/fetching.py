"""Fetching a shard: every link becomes a landed page or a fate, and nothing is fetched twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from newsdesk import __version__, records
from newsdesk.article import Capture, CaptureRef, Fate, Link, Response
from newsdesk.errors import AddressRefused, FetchError, RobotsRefused
from newsdesk.fetch import Fetcher
from newsdesk.landing import WarcWriter
from newsdesk.steps.desk import Desk
from newsdesk.steps.discovering import load_plan

log = logging.getLogger(__name__)

PART_BYTES = 8_000_000
"""A WARC file is closed at this size, so that a killed task loses little and one plain PUT does."""

AT_ONCE = 16
"""Pages that a task has under way; the pause of each host bounds it further."""


@dataclass(frozen=True, slots=True)
class CapturePart:
    """What became of some links: the record beside one WARC file."""

    captures: tuple[Capture, ...]


def fetch(desk: Desk, day: dt.date, run_id: str, shard: int) -> dict[str, int]:
    """Fetches and lands the links of one shard, but those an earlier try has landed.

    Returns:
        Counts: links, pages landed, links that gave none.
    """
    links = load_plan(desk, day, run_id).shards[shard]
    landed = load_captures(desk, day, run_id, shard)
    done = {capture.link.article_id for capture in landed}
    left = [link for link in links if link.article_id not in done]
    if left:
        first_part = len(list(desk.store.list(desk.layout.captures(day, run_id, shard))))
        asyncio.run(_fetch(desk, day, run_id, shard, left, first_part))
        landed = load_captures(desk, day, run_id, shard)
    return {
        "links": len(links),
        "landed": sum(capture.fate is None for capture in landed),
        "not_landed": sum(capture.fate is not None for capture in landed),
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
    desk: Desk, day: dt.date, run_id: str, shard: int, links: Sequence[Link], part: int
) -> None:
    async with desk.fetcher() as fetcher, aclosing(_outcomes(desk, fetcher, links)) as outcomes:
        finished = False
        while not finished:
            key = desk.layout.raw(day, run_id, shard, part)
            writer = WarcWriter(
                key,
                software=f"newsdesk/{__version__}",
                info={"format": "WARC file version 1.1", "isPartOf": f"newsdesk run {day}"},
            )
            captures: list[Capture] = []
            finished = True
            async for link, outcome in outcomes:
                ref = writer.add(outcome) if isinstance(outcome, Response) else None
                captures.append(capture_of(link, outcome, ref, desk.now()))
                if writer.size >= PART_BYTES:
                    finished = False
                    break
            if captures:
                part = _land(desk, day, run_id, shard, part, writer, captures)


def _land(
    desk: Desk,
    day: dt.date,
    run_id: str,
    shard: int,
    part: int,
    writer: WarcWriter,
    captures: list[Capture],
) -> int:
    """Writes one part: first the pages, then the record that makes them known.

    Two tries at once may want the same part: the one whose WARC stands there first has it, the
    other moves on to the next number.

    Returns:
        The number of the next part.
    """
    body = writer.finish()
    while not desk.store.put_if_absent(
        desk.layout.raw(day, run_id, shard, part), body, content_type="application/warc"
    ):
        part += 1
    key = desk.layout.raw(day, run_id, shard, part)
    captures = [moved(capture, key) for capture in captures]
    desk.store.put_if_absent(
        desk.layout.capture_part(day, run_id, shard, part),
        records.pack(CapturePart(tuple(captures))),
    )
    return part + 1


def moved(capture: Capture, key: str) -> Capture:
    """The same capture, in the file that it was landed in."""
    if capture.ref is None or capture.ref.key == key:
        return capture
    return replace(capture, ref=replace(capture.ref, key=key))


async def _outcomes(
    desk: Desk, fetcher: Fetcher, links: Sequence[Link]
) -> AsyncGenerator[tuple[Link, Response | FetchError]]:
    """Every link with what came of it, as it comes; at most ``AT_ONCE`` under way."""

    async def one(link: Link) -> tuple[Link, Response | FetchError]:
        try:
            return link, await fetcher.get(link.url, desk.sources[link.source])
        except FetchError as error:
            return link, error
        except Exception as error:  # one odd page must not stop the others of its shard
            log.exception("fetching %s failed", link.url)
            return link, FetchError(link.url, f"{type(error).__name__}: {error}"[:300])

    waiting = iter(fairly(links))
    under_way: set[asyncio.Task[tuple[Link, Response | FetchError]]] = set()
    try:
        while True:
            for link in waiting:
                under_way.add(asyncio.create_task(one(link)))
                if len(under_way) >= AT_ONCE:
                    break
            if not under_way:
                return
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in under_way:
            task.cancel()


def fairly(links: Sequence[Link]) -> list[Link]:
    """The links so that papers take turns: a slow one does not hold the others up."""
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
    link: Link, outcome: Response | FetchError, ref: CaptureRef | None, now: dt.datetime
) -> Capture:
    """The record of one attempt: a page to read, or the link's final fate with a code."""
    if isinstance(outcome, FetchError):
        refused = isinstance(outcome, AddressRefused | RobotsRefused)
        return Capture(
            link=link,
            fate="refused" if refused else "failed",
            reason=outcome.code,
            captured_at=now,
            attempts=1,
        )
    fate, reason = fate_of(outcome)
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
