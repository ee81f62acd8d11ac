"""Several tasks at one host keep its pace together, and one that was killed is forgotten."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from contracts.memory_store import MemoryStore
from contracts.wire import HOME, Wire, http
from newsdesk.errors import StoreError
from newsdesk.fetch import Fetcher, Sharing
from newsdesk.fetch.sharing import Intervals
from newsdesk.layout import Layout
from newsdesk.store import BINARY

LAYOUT = Layout("test")
QUICK = Intervals(first=0.0, every=0.02, beat=0.05, dead=0.3)
HOST = "paper.example"


class Watched(MemoryStore):
    """Counts what is written."""

    writes = 0

    def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
        self.writes += 1
        return super().put(key, body, content_type=content_type)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def test_tasks_see_each_other_while_they_ask_the_same_host() -> None:
    store = MemoryStore()

    async def go() -> None:
        async with Sharing(store, LAYOUT, QUICK) as one:
            assert one.tasks(HOST) == 1
            async with Sharing(store, LAYOUT, QUICK) as other:
                assert other.tasks("another.example") == 1
                await asyncio.sleep(0.1)
                assert (one.tasks(HOST), one.tasks("another.example")) == (1, 2)
                other.tasks(HOST)
                await until(lambda: one.tasks(HOST) == other.tasks(HOST) == 2)
            await until(lambda: one.tasks(HOST) == 1)

    asyncio.run(go())
    assert list(store.list(LAYOUT.asking())) == []


def test_pauses_that_are_made_for_several_tasks_grow_when_there_are_more() -> None:
    store = MemoryStore()

    async def go() -> None:
        async with AsyncExitStack() as stack:
            tasks = [Sharing(store, LAYOUT, QUICK, made_for=2) for _ in range(3)]
            for number, one in enumerate(tasks, start=1):
                await stack.enter_async_context(one)
                one.times(HOST)
                await until(lambda count=number: tasks[0].tasks(HOST) == count)
                assert tasks[0].times(HOST) == max(1, number / 2)

    asyncio.run(go())


def test_a_killed_task_is_forgotten_and_a_living_one_is_not() -> None:
    store = MemoryStore()

    async def go() -> None:
        killed = Sharing(store, LAYOUT, QUICK)
        killed.tasks(HOST)
        killed._tell_and_look((HOST,))  # and never again
        async with Sharing(store, LAYOUT, QUICK) as one, Sharing(store, LAYOUT, QUICK) as other:
            one.tasks(HOST)
            other.tasks(HOST)
            await until(lambda: one.tasks(HOST) == 3)
            await until(lambda: one.tasks(HOST) == 2)
            await asyncio.sleep(2 * QUICK.dead)
            assert one.tasks(HOST) == other.tasks(HOST) == 2

    asyncio.run(go())
    assert list(store.list(LAYOUT.asking())) == []


def test_what_a_killed_task_said_long_ago_counts_for_nobody() -> None:
    store = MemoryStore()
    killed = Sharing(store, LAYOUT, QUICK, now=lambda: dt.datetime(2026, 1, 15, tzinfo=dt.UTC))
    killed._tell_and_look((HOST,))

    async def go() -> int:
        async with Sharing(store, LAYOUT, QUICK) as one:
            one.tasks(HOST)
            await asyncio.sleep(0.1)
            return one.tasks(HOST)

    assert asyncio.run(go()) == 1
    assert list(store.list(LAYOUT.asking())) == []


def test_what_cannot_be_read_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    store.put(LAYOUT.asking_of("0"), b"no record")

    async def go() -> None:
        async with Sharing(store, LAYOUT, QUICK) as one, Sharing(store, LAYOUT, QUICK) as other:
            one.tasks(HOST)
            other.tasks(HOST)
            await until(lambda: one.tasks(HOST) == 2)

    with caplog.at_level(logging.WARNING):
        asyncio.run(go())
    assert "is no Asking record" in caplog.text


def test_a_short_task_writes_nothing() -> None:
    store = Watched()

    async def go() -> None:
        async with Sharing(store, LAYOUT) as one:
            one.tasks(HOST)

    asyncio.run(go())
    assert store.writes == 0


def test_a_store_that_fails_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(MemoryStore):
        def put(self, key: str, body: bytes, *, content_type: str = BINARY) -> str:
            raise StoreError("asking", "the store is away")

    async def go() -> int:
        async with Sharing(Broken(), LAYOUT, QUICK) as one:
            one.tasks(HOST)
            await asyncio.sleep(0.05)
            return one.tasks(HOST)

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(go()) == 1
    assert "the store is away" in caplog.text


def test_two_fetchers_together_keep_the_pause_of_a_host() -> None:
    store = MemoryStore()
    wire = Wire({f"/{n}": http(b"a page") for n in range(12)})
    pause = 0.1

    async def all_of(numbers: range) -> None:
        sharing = Sharing(store, LAYOUT, QUICK)
        async with Fetcher("newsdesk/0.0", sharing=sharing) as fetcher:
            for number in numbers:
                await fetcher.get(f"{HOME}/{number}", wire.paper(pause_seconds=pause))

    async def go() -> None:
        async with wire:
            await asyncio.gather(all_of(range(6)), all_of(range(6, 12)))

    asyncio.run(go())
    times = sorted(request.at for request in wire.requests)[4:]  # they have met by then
    took = times[-1] - times[0]
    assert took / (len(times) - 1) >= 0.8 * pause
