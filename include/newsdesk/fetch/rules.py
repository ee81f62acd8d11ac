"""The rules of every host that is asked: its robots.txt, fetched once a day, and how that went."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsdesk.article import Response
from newsdesk.errors import AddressRefused, FetchError, LimitExceeded, RobotsRefused
from newsdesk.fetch.optout import AGENTS
from newsdesk.fetch.robots import Robots, parse_robots
from newsdesk.fetch.target import Target, named
from newsdesk.sources import Source

ROBOTS_LIFE = 24 * 3600.0
"""Seconds that a robots.txt is good for (RFC 9309, section 2.4)."""

ROBOTS_RETRY = 600.0
"""Seconds that a host is left alone after its robots.txt could not be had."""


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """How asking a host for its rules went: its robots.txt, or its tdmrep.json.

    Attributes:
        url: Its address.
        at: UTC; when it was answered, or given up.
        response: The answer, if there was one.
        problem: Why there is none: of a robots.txt, why nothing may be asked of the host.
    """

    url: str
    at: dt.datetime
    response: Response | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a host's robots.txt says, or why it could not be had, until when."""

    good_until: float
    robots: Robots | None = None
    reason: str = ""
    code: str = ""


class Rules:
    """The robots.txt of every host.

    Args:
        ask: Gets one, whatever it says.
        now: The clock; UTC.
    """

    def __init__(
        self,
        ask: Callable[[str, Source], Awaitable[Response]],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._ask = ask
        self._now = now
        self._verdicts: dict[str, _Verdict] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._answers: list[RobotsAnswer] = []

    def answers(self) -> list[RobotsAnswer]:
        """How asking went since the last call."""
        answers, self._answers = self._answers, []
        return answers

    async def of(self, target: Target, source: Source) -> Robots:
        """The rules of a target's host, asked for once.

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
        at = response.received_at if response else self._now()
        self._answers.append(RobotsAnswer(url, at, response, verdict.reason or None))
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
