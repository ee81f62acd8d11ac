"""The pace of a host that several tasks ask at once, perhaps on several machines.

::

    asking/<task>.json.zst     the hosts that one task asks now

A task says in the bucket which hosts it asks, and looks there for who else does. Where there are n
of them each pauses n times as long, so that together they keep the host's pace. A pause that is made
for some tasks from the start, as those of web archives are, grows once there are more. Nobody waits for
anybody: a store that fails costs a warning. A task that was killed is passed over once its object has
stood unchanged for some minutes, by the clock of whoever looks for so long; for those that do not, once
its time is a quarter of an hour old, which no two machines' clocks differ by.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from newsdesk import records
from newsdesk.errors import ObjectMissing, StoreError
from newsdesk.layout import Layout
from newsdesk.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a task says of itself: the hosts it asks, and when (UTC) it said so."""

    hosts: tuple[str, ...]
    said_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds.

    Attributes:
        first: After which a task first tells and looks; shorter ones are no load on a host.
        every: Between two looks at the others.
        beat: Between two signs of life.
        dead: Without a sign of life after which a task is passed over.
        old: Since what a task says after which it is passed over whoever looks.
    """

    first: float = 2.0
    every: float = 20.0
    beat: float = 60.0
    dead: float = 200.0
    old: float = 900.0


class Sharing:
    """One task's part in it; an async context manager.

    Args:
        store: The bucket.
        layout: Its keys.
        intervals: How often it tells and looks.
        now: The clock, UTC.
        made_for: How many tasks the pauses are long enough for as they are.
    """

    def __init__(
        self,
        store: Store,
        layout: Layout,
        intervals: Intervals | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        made_for: float = 1.0,
    ) -> None:
        self._store = store
        self._layout = layout
        self._intervals = intervals or Intervals()
        self._key = layout.asking_of(uuid.uuid4().hex)
        self._hosts: set[str] = set()
        self._now = now
        self._made_for = made_for
        self._told: tuple[str, ...] = ()
        self._told_at = 0.0
        self._others: dict[str, _Other] = {}
        self._tasks: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._over = asyncio.Event()
        self._keeping = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        await self._keeping

    def tasks(self, host: str) -> int:
        """How many tasks ask a host, as far as is known; from now on this one is told to be one."""
        self._hosts.add(host)
        return 1 + self._tasks[host]

    def times(self, host: str) -> float:
        """How many times as long a host's pauses must be; see ``tasks``."""
        return max(1.0, self.tasks(host) / self._made_for)

    async def _keep(self) -> None:
        wait = self._intervals.first
        while not await self._is_over(wait):
            if self._hosts:
                await asyncio.to_thread(self._tell_and_look, tuple(sorted(self._hosts)))
            wait = self._intervals.every
        if self._told:
            await asyncio.to_thread(self._leave)

    async def _is_over(self, within: float) -> bool:
        try:
            await asyncio.wait_for(self._over.wait(), within)
        except TimeoutError:
            return False
        return True

    def _tell_and_look(self, hosts: tuple[str, ...]) -> None:
        now = time.monotonic()
        try:
            if hosts != self._told or now - self._told_at >= self._intervals.beat:
                self._store.put(self._key, records.pack(Asking(hosts, self._now())))
                self._told, self._told_at = hosts, now
            self._look(now)
        except StoreError as error:
            log.warning("who else asks the same hosts is not known: %s", error)

    def _look(self, now: float) -> None:
        others: dict[str, _Other] = {}
        for info in self._store.list(self._layout.asking()):
            if info.key == self._key:
                continue
            other = self._others.get(info.key)
            if other is None or other.etag != info.etag:
                try:
                    asking = self._read(info.key)
                except ObjectMissing:  # it has just ended
                    continue
                other = _Other(info.etag, asking, now)
            age = (self._now() - other.asking.said_at).total_seconds()
            if now - other.seen_at < self._intervals.dead and age < self._intervals.old:
                others[info.key] = other
            else:
                self._store.delete(info.key)
        self._others = others
        self._tasks = Counter(host for other in others.values() for host in other.asking.hosts)

    def _read(self, key: str) -> Asking:
        body = self._store.get(key)
        try:
            return records.unpack(Asking, body, subject=key)
        except StoreError as error:
            log.warning("passed over: %s", error)
            return Asking((), self._now())

    def _leave(self) -> None:
        try:
            self._store.delete(self._key)
        except StoreError as error:
            log.warning("others go on sharing hosts with a task that has ended: %s", error)


@dataclass(frozen=True, slots=True)
class _Other:
    """Another task: its object's tag, what it says, and when (seconds) that tag was first seen."""

    etag: str
    asking: Asking
    seen_at: float
