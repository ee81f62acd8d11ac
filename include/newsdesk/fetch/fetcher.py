"""One page, politely: robots first, then a turn of its host, redirects vetted, failures retried."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsdesk.article import Response
from newsdesk.errors import FetchError, LimitExceeded, RobotsRefused
from newsdesk.fetch.hostfile import RobotsAnswer
from newsdesk.fetch.optout import signals
from newsdesk.fetch.pace import HostQueue
from newsdesk.fetch.reservations import MAX_BYTES as RESERVATION_BYTES
from newsdesk.fetch.reservations import Reservations
from newsdesk.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from newsdesk.fetch.robots import Robots
from newsdesk.fetch.rules import Rules
from newsdesk.fetch.sharing import Sharing
from newsdesk.fetch.target import Target, named, redirected, target_of
from newsdesk.fetch.tries import BUSY, REPEATED, Allowance, Patience, retry_after
from newsdesk.sources import Source

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

MAX_REDIRECTS = 5
"""As many as RFC 9309 asks crawlers to follow for robots.txt."""

AT_ONCE = 32
"""Requests under way at a time, over all hosts; waiting for a host's turn does not count."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")


def _utcnow() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Fetcher:
    """Gets pages, feeds and sitemaps; an async context manager.

    One Fetcher keeps the queue of each host and its robots.txt, so papers that share a host share
    its turns.

    Args:
        user_agent: What newsdesk calls itself to papers, with a contact.
        now: The clock that captures are dated by; UTC.
        patience: How often and how soon failed tries are repeated.
        resolver: Makes what answers for host names; the system's resolver when not given.
        sharing: Knows which other tasks ask the same hosts; without it nobody is taken to.
    """

    def __init__(
        self,
        user_agent: str,
        now: Callable[[], dt.datetime] = _utcnow,
        *,
        patience: Patience | None = None,
        resolver: Callable[[], AbstractResolver] | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._now = now
        self._patience = patience or Patience()
        self._resolver = resolver
        self._sharing = sharing
        self._queues: defaultdict[str, HostQueue] = defaultdict(HostQueue)
        self._under_way = asyncio.Semaphore(AT_ONCE)
        self._rules = Rules(self._ask_robots, now)
        self._reservations = Reservations(self._ask_reservations, now)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        from newsdesk.fetch.client import Client  # imports aiohttp, which takes 0.3 s

        client = Client(self._user_agent, self._now, self._resolver)
        self._client = await self._stack.enter_async_context(client)
        if self._sharing is not None:
            await self._stack.enter_async_context(self._sharing)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def get(
        self,
        url: str,
        source: Source,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
        mined: bool = False,
    ) -> Response:
        """Gets one URL of a paper.

        Args:
            url: Absolute http(s) URL, as it is to be recorded.
            source: The paper: its pace, limits and ``fetch_via``.
            etag: Validator of the last capture; the answer may then be an empty 304.
            last_modified: The other validator; not used when there is an ETag.
            max_bytes: Most bytes of the body; the paper's own limit when not given.
            mined: Whether it is a page whose text is taken: then what its host reserves from
                mining is asked for, too.

        Returns:
            The final response, whatever its status; with a part of the body when it was too long
            or too slow (``truncated``).

        Raises:
            AddressRefused: The URL, or one it redirects to, is none that may be connected to.
            RobotsRefused: robots.txt forbids it, or the server failed to give one.
            LimitExceeded: No answer in time, header too large, too many redirects, or an encoding
                that is refused.
            FetchError: No answer that could be used.
        """
        headers: dict[str, str] = {}
        if etag and _VALIDATOR.fullmatch(etag):
            headers["If-None-Match"] = etag
        elif last_modified and _VALIDATOR.fullmatch(last_modified):
            headers["If-Modified-Since"] = last_modified
        limit = max_bytes or source.fetch.max_bytes
        return await self._get(url, source, headers, limit, obey_robots=True, mined=mined)

    async def ask(
        self,
        url: str,
        source: Source,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """Asks an interface that is made for programs, such as an archive's index.

        Like ``get``, but robots.txt, which is for crawlers, is not asked.

        Args:
            url: Absolute http(s) URL.
            source: Whose interface it is: its pace, limits and ``fetch_via``.
            headers: More header lines, such as a Range.
            max_bytes: Most bytes of the body.

        Returns:
            See ``get``.

        Raises:
            FetchError: See ``get``.
        """
        limit = max_bytes or source.fetch.max_bytes
        return await self._get(url, source, headers or {}, limit, obey_robots=False)

    async def sitemaps(self, source: Source) -> tuple[str, ...]:
        """The ``Sitemap:`` lines of the paper's robots.txt; none when it has no such file.

        Raises:
            FetchError: The file could not be had.
        """
        return (await self._rules.of(target_of(source.home, source), source)).sitemaps

    def robots_answers(self) -> list[RobotsAnswer]:
        """The answers for robots.txt and tdmrep.json since the last call, to be recorded."""
        return [*self._rules.answers(), *self._reservations.answers()]

    async def _ask_robots(self, url: str, source: Source) -> Response:
        return await self._get(url, source, {}, ROBOTS_BYTES, obey_robots=False)

    async def _ask_reservations(self, url: str, source: Source) -> Response:
        return await self._get(url, source, {}, RESERVATION_BYTES, obey_robots=True)

    # -- redirects and tries ------------------------------------------------------------------

    async def _get(
        self,
        url: str,
        source: Source,
        headers: Mapping[str, str],
        max_bytes: int,
        *,
        obey_robots: bool,
        mined: bool = False,
    ) -> Response:
        """Follows redirects, each vetted like the first URL, to the final response."""
        allowance = Allowance(source.fetch.timeout_seconds)
        address, repeated = url, 0
        moved_to: str | None = None
        permanent = True  # until a redirect is not
        opt_out: tuple[str, ...] = ()
        for hop in range(MAX_REDIRECTS + 1):
            try:
                target = target_of(address, source)
                pause = source.fetch.pause_seconds
                if obey_robots:
                    robots = await self._rules.of(target, source)
                    self._refuse_unless_allowed(target, robots)
                    opt_out = await self._opt_out(target, robots, source, mined=mined)
                    pause = max(pause, robots.delay or 0.0)
                response = await self._try(target, pause, headers, max_bytes, allowance)
            except FetchError as error:
                error.attempts = repeated + max(error.attempts, min(hop, 1))
                raise
            repeated += response.attempts - 1
            location = response.header("location")
            if response.status not in _REDIRECTS or not location:
                return replace(
                    response,
                    url=url,
                    attempts=repeated + 1,
                    moved_to=moved_to,
                    opt_out=(*opt_out, *signals(response)),
                )
            address = redirected(target, location)
            permanent = permanent and response.status in _PERMANENT
            moved_to = address if permanent else moved_to
        endless = LimitExceeded(
            named(url), f"more than {MAX_REDIRECTS} redirects", code="too_many_redirects"
        )
        endless.attempts = repeated + 1
        raise endless

    @staticmethod
    def _refuse_unless_allowed(target: Target, robots: Robots) -> None:
        if not robots.allows(target.origin + target.path):
            raise RobotsRefused(named(target.url), "robots.txt forbids it")

    async def _opt_out(
        self, target: Target, robots: Robots, source: Source, *, mined: bool
    ) -> tuple[str, ...]:
        """What says, before a page is asked for, that its text is not to be mined or trained on.

        Raises:
            RobotsRefused: Something does, and the paper's wish is obeyed.
        """
        told = [f"robots:{agent}" for agent in robots.shut_out(target.origin + target.path)]
        if mined and (await self._reservations.of(target, source)).holds(target.path):
            told.append("tdmrep")
        if told and source.fetch.obey_opt_out:
            raise RobotsRefused(
                named(target.url), f"opts out of mining and training ({told[0]})", code="opt_out"
            )
        return tuple(told)

    async def _try(
        self,
        target: Target,
        pause: float,
        headers: Mapping[str, str],
        max_bytes: int,
        allowance: Allowance,
    ) -> Response:
        """Asks until there is an answer worth keeping, or no try left."""
        tried = 0
        while True:
            tried += 1
            try:
                response = await self._ask(target, pause, headers, max_bytes, allowance)
            except FetchError as error:
                error.attempts = tried - (error.code == "host_busy")  # that was not asked
                again = error.retriable or error.code == "timeout"
                if not again or tried == self._patience.tries or not allowance.left:
                    raise
                wait = self._patience.wait(tried) if error.retriable else 0.0  # it has waited
            else:
                again = response.status in REPEATED and allowance.left > 0
                asked = retry_after(response.header("retry-after"), self._now()) or 0.0
                if (
                    not again
                    or tried == self._patience.tries
                    or asked > self._patience.longest_wait
                ):
                    return replace(response, attempts=tried)
                wait = self._patience.wait(tried)
            await asyncio.sleep(wait)

    async def _ask(
        self,
        target: Target,
        pause: float,
        headers: Mapping[str, str],
        max_bytes: int,
        allowance: Allowance,
    ) -> Response:
        """One request in its host's turn."""
        queue = self._queues[target.host]
        self._refuse_while_resting(target, queue)
        async with queue.turn(pause, self._times(target, pause)), AsyncExitStack() as stack:
            self._refuse_while_resting(target, queue)
            await stack.enter_async_context(self._under_way)
            started = time.monotonic()
            with allowance.spending():
                response = await self._client.exchange(
                    target, headers=headers, max_bytes=max_bytes, allowance=allowance
                )
            if response.status in BUSY:
                queue.slow_down()
                queue.rest(retry_after(response.header("retry-after"), self._now()) or 0.0)
            elif response.status < 400:
                queue.speed_up()
            return replace(response, seconds=time.monotonic() - started)

    def _times(self, target: Target, pause: float) -> Callable[[], float]:
        sharing = self._sharing
        if not pause or sharing is None:
            return lambda: 1.0
        return lambda: sharing.times(target.host)

    def _refuse_while_resting(self, target: Target, queue: HostQueue) -> None:
        if queue.resting > self._patience.longest_wait:
            error = FetchError(
                named(target.url),
                f"{target.host} asks to be left alone for {queue.resting:.0f} s",
                code="host_busy",
                retriable=False,
            )
            error.retry_after = queue.resting
            raise error
