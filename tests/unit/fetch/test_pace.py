from __future__ import annotations

import asyncio
import itertools

from newsdesk.fetch.pace import LONGEST_PAUSE, HostQueue


async def starts(queue: HostQueue, requests: int, pause: float) -> list[float]:
    clock = asyncio.get_running_loop().time
    started: list[float] = []

    async def one() -> None:
        async with queue.turn(pause):
            started.append(clock())

    await asyncio.gather(*(one() for _ in range(requests)))
    return [after - before for before, after in itertools.pairwise(started)]


def test_requests_of_a_host_keep_the_pause() -> None:
    gaps = asyncio.run(starts(HostQueue(), 4, 0.03))
    assert len(gaps) == 3
    assert min(gaps) >= 0.03


def test_one_request_at_a_time_first_come_first_served() -> None:
    async def go() -> list[int]:
        queue, order, under_way = HostQueue(), [], 0

        async def one(number: int) -> None:
            nonlocal under_way
            async with queue.turn(0):
                under_way += 1
                assert under_way == 1
                await asyncio.sleep(0.001)
                under_way -= 1
                order.append(number)

        await asyncio.gather(*(one(number) for number in range(10)))
        return order

    assert asyncio.run(go()) == list(range(10))


def test_a_pause_that_is_shared_is_no_rest_that_the_host_asked_for() -> None:
    async def go() -> None:
        queue = HostQueue()
        async with queue.turn(20.0, lambda: 4):
            pass
        assert 79 < queue.wait <= 80
        assert queue.resting == 0
        queue.rest(100.0)
        assert 99 < queue.resting <= 100
        assert 99 < queue.wait <= 100

    asyncio.run(go())


def test_who_waits_learns_that_others_have_come() -> None:
    async def go() -> float:
        queue, clock = HostQueue(), asyncio.get_running_loop().time
        async with queue.turn(0.05, lambda: 1):
            began = clock()
        others = iter([1, 4, 4])
        async with queue.turn(0.05, lambda: next(others)):
            return clock() - began

    assert 0.2 <= asyncio.run(go()) < 0.4


def test_a_busy_host_is_slowed_down_and_recovers() -> None:
    async def go() -> None:
        queue = HostQueue()
        for _ in range(3):
            queue.slow_down()
        async with queue.turn(1.0):
            pass
        assert 7 < queue.wait <= 8
        queue = HostQueue()
        for _ in range(20):
            queue.slow_down()
        async with queue.turn(30.0):
            pass
        assert queue.wait <= LONGEST_PAUSE
        for _ in range(20):
            queue.speed_up()
        queue = HostQueue()
        queue.speed_up()
        async with queue.turn(1.0):
            pass
        assert 0.9 < queue.wait <= 1

    asyncio.run(go())


def test_rest_is_never_shortened() -> None:
    async def go() -> None:
        queue = HostQueue()
        queue.rest(50)
        queue.rest(5)
        assert queue.wait > 49

    asyncio.run(go())


def test_a_failure_frees_the_turn() -> None:
    async def go() -> None:
        queue = HostQueue()
        for _ in range(2):
            try:
                async with queue.turn(0):
                    raise LookupError
            except LookupError:
                pass
        async with asyncio.timeout(1), queue.turn(0):
            pass

    asyncio.run(go())
