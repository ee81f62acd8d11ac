"""What every step is handed: clients of archives that keep their pace together."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import pytest

from contracts.archives import Answer, Archive, serving
from contracts.desk import desk_of
from contracts.press import Web
from newsdesk.archives import Access, Archives
from newsdesk.fetch.sharing import Intervals
from newsdesk.steps import Desk
from newsdesk.steps import desk as desk_module

QUICK = Intervals(first=0.0, every=0.02)
TASKS, REQUESTS = 6, 4


class Timed(Archive):
    """An archive that notes when it is asked."""

    def answer(self, target: str, range_: str | None) -> Answer:
        self.times.append(time.monotonic())
        return super().answer(target, range_)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.times: list[float] = []


@pytest.mark.parametrize("pace", [1, 2])
def test_tasks_keep_the_pace_of_an_archive_however_many_they_are(
    monkeypatch: pytest.MonkeyPatch, pace: int
) -> None:
    monkeypatch.setattr(desk_module, "ARCHIVE_INTERVALS", QUICK)

    async def one(desk: Desk) -> None:
        async with desk.archive_fetcher() as fetcher:
            for _ in range(REQUESTS):
                await Archives(fetcher, desk.archives).ask("wayback", "web/20260115000000id_/x")

    async def all_of(desk: Desk) -> None:
        await asyncio.gather(*(one(desk) for _ in range(TASKS)))

    with serving(Timed()) as archive:
        access = Access(via=archive.via, pace=pace)
        asyncio.run(all_of(dataclasses.replace(desk_of(Web()), archives=access)))
    took = archive.times[-1] - archive.times[TASKS]  # they have met after the first of each
    assert took / (TASKS * (REQUESTS - 2)) >= 0.8 * access.pause("wayback") / pace
