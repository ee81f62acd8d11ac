"""The pace of a host that several tasks ask at once, perhaps on several machines.

::

    asking/<task>.json.zst     the hosts that one task asks now

A task says in the bucket which hosts it asks, and looks there for who else does. Where there are n
of them each pauses n times as long, so that together they keep the host's pace. Nobody waits for
anybody: a store that fails costs a warning, and a task that was killed is passed over as soon as
its object has stood unchanged for a while. Whether it has is seen by its tag and the looker's own
clock; the clocks of two machines are never compared.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import Counter
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
    """What a task says of itself: the hosts it asks, and a number that shows that it lives."""

    hosts: tuple[str, ...]
    beat: int


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds.

    Attributes:
        first: After which a task first tells and looks; shorter ones are no load on a host.
        every: Between two looks at the others.
        beat: Between two signs of life.
        dead: Without a sign of life after which a task is passed over.
    """

    first: float = 2.0
    every: float = 20.0
    beat: float = 60.0
    dead: float = 200.0


class Sharing:
    """One task's part in it; an async context manager.

    Args:
        store: The bucket.
        layout: Its keys.
        intervals: How often it tells and looks.
    """

    def __init__(self, store: Store, layout: Layout, intervals: Intervals | None = None) -> None:
        self._store = store
        self._layout = layout
        self._intervals = intervals or Intervals()
        self._key = layout.asking_of(uuid.uuid4().hex)
        self._hosts: set[str] = set()
        self._told = Asking((), 0)
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

    async def _keep(self) -> None:
        wait = self._intervals.first
        while not await self._is_over(wait):
            if self._hosts:
                await asyncio.to_thread(self._tell_and_look, tuple(sorted(self._hosts)))
            wait = self._intervals.every
        if self._told.beat:
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
            if hosts != self._told.hosts or now - self._told_at >= self._intervals.beat:
                asking = Asking(hosts, self._told.beat + 1)
                self._store.put(self._key, records.pack(asking))
                self._told, self._told_at = asking, now
            self._look(now)
        except StoreError as error:
            log.warning("who else asks the same hosts is not known: %s", error)

    def _look(self, now: float) -> None:
        known, self._others = self._others, {}
        for info in self._store.list(self._layout.asking()):
            if info.key == self._key:
                continue
            other = known.get(info.key)
            if other is None or other.etag != info.etag:
                try:
                    body = self._store.get(info.key)
                except ObjectMissing:  # it has just ended
                    continue
                hosts = records.unpack(Asking, body, subject=info.key).hosts
                other = _Other(info.etag, hosts, now)
            if now - other.seen_at < self._intervals.dead:
                self._others[info.key] = other
            else:
                self._store.delete(info.key)
        self._tasks = Counter(host for other in self._others.values() for host in other.hosts)

    def _leave(self) -> None:
        try:
            self._store.delete(self._key)
        except StoreError as error:
            log.warning("others go on sharing hosts with a task that has ended: %s", error)


@dataclass(frozen=True, slots=True)
class _Other:
    """Another task: its object's tag, its hosts, and when (seconds) that tag was first seen."""

    etag: str
    hosts: tuple[str, ...]
    seen_at: float
