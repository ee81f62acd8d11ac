"""A file that every host has at one place, asked for once, and how asking went."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsdesk.article import Response
from newsdesk.sources import Source


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


class HostFiles:
    """What the files of all hosts have in common.

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
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._answers: list[RobotsAnswer] = []

    def answers(self) -> list[RobotsAnswer]:
        """How asking went since the last call."""
        answers, self._answers = self._answers, []
        return answers

    def _note(self, url: str, response: Response | None, problem: str | None) -> None:
        at = response.received_at if response else self._now()
        self._answers.append(RobotsAnswer(url, at, response, problem))
