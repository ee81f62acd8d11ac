"""The rules of every host that is asked: its robots.txt, and how getting it went.

Every task gets it anew, a look as well, so that a change is obeyed at the next look; only a task of
more than a day asks twice.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsdesk.article import Response
from newsdesk.errors import AddressRefused, FetchError, LimitExceeded, RobotsRefused
from newsdesk.fetch.hostfile import HostFiles
from newsdesk.fetch.optout import AGENTS
from newsdesk.fetch.robots import Robots, parse_robots
from newsdesk.fetch.target import Target, named
from newsdesk.sources import Source

ROBOTS_LIFE = 24 * 3600.0
"""Seconds that a robots.txt is good for (RFC 9309, section 2.4)."""

ROBOTS_RETRY = 600.0
"""Seconds that a host is left alone after its robots.txt could not be had."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a host's robots.txt says, or why it could not be had, until when."""

    good_until: float
    robots: Robots | None = None
    reason: str = ""
    code: str = ""


class Rules(HostFiles):
    """The robots.txt of every host."""

    def __init__(
        self,
        ask: Callable[[str, Source], Awaitable[Response]],
        now: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(ask, now)
        self._verdicts: dict[str, _Verdict] = {}

    async def of(self, target: Target, source: Source) -> Robots:
        """The rules of a target's host, asked for once in the life of a ``Fetcher`` or a day.

        Raises:
            AddressRefused: The guard refused the host.
            RobotsRefused: The server failed to give them, so nothing may be asked of it.
            FetchError: The host could not be reached.
        """
        async with self._asking[target.origin]:
            verdict = self._verdicts.get(target.origin)
            if verdict is None or verdict.good_until < time.monotonic():
                verdict = await self._fetched(target, source)
                self._verdicts[target.origin] = verdict
        if verdict.robots is not None:
            return verdict.robots
        if verdict.code == "robots_unreachable":
            raise RobotsRefused(named(target.url), verdict.reason, code=verdict.code)
        raise FetchError(named(target.url), verdict.reason, code=verdict.code)

    async def _fetched(self, target: Target, source: Source) -> _Verdict:
        url = target.origin + "/robots.txt"
        response: Response | None = None
        try:
            response = await self._ask(url, source)
            verdict = _verdict_of(response)
        except AddressRefused as error:  # as the page would be
            raise AddressRefused(named(target.url), error.reason, code=error.code) from error
        except LimitExceeded as error:
            if error.code == "too_many_redirects":
                verdict = _read(b"")
            else:
                verdict = _none(error.reason, error.code if error.code == "timeout" else None)
        except FetchError as error:
            verdict = _none(error.reason, error.code)
        self._note(url, response, verdict.reason or None)
        return verdict


def _verdict_of(response: Response) -> _Verdict:
    """What RFC 9309, section 2.3.1, makes of the answer for a host's robots.txt."""
    if 200 <= response.status < 300 and response.truncated != "time":
        return _read(response.body)
    if 300 <= response.status < 500 and response.status != 429:
        return _read(b"")  # no file: everything is allowed
    return _none(f"answers {response.status} {response.truncated or ''}".strip())


def _read(body: bytes) -> _Verdict:
    return _Verdict(time.monotonic() + ROBOTS_LIFE, parse_robots(body, others=AGENTS))


def _none(why: str, code: str | None = None) -> _Verdict:
    return _Verdict(
        time.monotonic() + ROBOTS_RETRY,
        reason=f"robots.txt could not be had: {why}",
        code=code or "robots_unreachable",
    )
