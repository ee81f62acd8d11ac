"""One queue per host: requests take turns, with a pause between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LONGEST_PAUSE = 60.0
"""Seconds; how far a host that answers 429 or 503 is slowed down."""


class HostQueue:
    """The turns of one host.

    First come, first served; one request at a time; each starts at least a pause after the one
    before has ended. A host that says it has too much to do gets longer pauses, until it answers
    well again.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._ended_at = 0.0
        self._pause = 0.0
        self._times = 1.0
        self._rests_until = 0.0
        self._slowness = 1.0

    @property
    def wait(self) -> float:
        """Seconds until the host may be asked again."""
        free_at = self._ended_at + self._pause * self._times
        return max(0.0, free_at - _clock(), self.resting)

    @property
    def resting(self) -> float:
        """Seconds for which the host has still asked to be left alone."""
        return max(0.0, self._rests_until - _clock())

    @asynccontextmanager
    async def turn(
        self, pause: float, times: Callable[[], float] = lambda: 1.0
    ) -> AsyncIterator[None]:
        """Waits for a turn, and keeps the host free for the pause after it.

        Args:
            pause: Least seconds between this request and the next.
            times: How many times as long pauses are, because others ask the host, too. Asked anew
                when a pause is over: they may have come meanwhile.
        """
        async with self._turn:
            self._times = times()
            while self.wait:  # another request may have been told to wait longer meanwhile
                await asyncio.sleep(self.wait)
                self._times = times()
            try:
                yield
            finally:
                self._pause = min(pause * self._slowness, max(pause, LONGEST_PAUSE))
                self._ended_at = _clock()

    def rest(self, seconds: float) -> None:
        """Leaves the host alone for a while, because it asks for it."""
        self._rests_until = max(self._rests_until, _clock() + seconds)

    def slow_down(self) -> None:
        """Doubles the pauses."""
        self._slowness = min(self._slowness * 2, 64.0)

    def speed_up(self) -> None:
        """Halves what pauses were lengthened by."""
        self._slowness = max(self._slowness / 2, 1.0)


def _clock() -> float:
    return asyncio.get_running_loop().time()
