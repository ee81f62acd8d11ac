"""A run that is killed before every object it leaves, from discover to close, and repeated."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from contracts.environment import environment_of
from contracts.walker import NOW, RUN_DAY, desk_of, walk
from contracts.workers import workers
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.tables import TABLES

if TYPE_CHECKING:
    from conftest import Lake
    from newsdesk.steps import Desk

pytestmark = [pytest.mark.integration, pytest.mark.faults]

OF_THE_TRY = {
    *("run_id", "recorded_at", "updated_at", "started_at", "docs"),
    *("captured_at", "visited_at", "first_seen_at", "capture", "seconds", "attempts"),
}
"""What one try of a run may say otherwise than another: when, where, and how long it took."""


@pytest.fixture
def paper() -> Iterator[str]:
    """The address of the demo paper, at the moment of the run."""
    server = PaperServer(0, Clock(NOW))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.address
    server.shutdown()
    server.server_close()
    thread.join()


def settings_of(lake: Lake, env: str, paper: str) -> str:
    via = {"demo_paper": paper}
    there = environment_of(replace(lake.settings, env=env))
    return json.dumps(
        {**there, "NEWSDESK_PAPERS": "demo_paper", "NEWSDESK_FETCH_VIA": json.dumps(via)}
    )


def left(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table without what is a try's own, and what kinds of objects there are."""
    warehouse = desk.open_warehouse()
    found = {}
    for name in TABLES:
        rows = warehouse.table(name).scan().to_arrow().to_pylist()
        found[name] = sorted(
            str({k: v for k, v in row.items() if k not in OF_THE_TRY}) for row in rows
        )
    warehouse.close()
    run = desk.layout.run(RUN_DAY, "run")
    # A WARC file without its record is passed over: the next part has another number.
    found["records"] = sorted(
        {
            re.sub(r"-\d{4}|staged/.*", "", info.key.removeprefix(run))
            for info in desk.store.list(run)
        }
    )
    found["waiting"] = [info.key for info in desk.store.list(desk.layout.blocked_zone())]
    found["asking"] = [info.key for info in desk.store.list(desk.layout.asking())]
    return found


def without_snapshot(told: dict[str, Any]) -> dict[str, Any]:
    return {day: figures | {"snapshot": 0} for day, figures in told.items()}


@pytest.mark.timeout(1200)
def test_a_run_killed_before_every_object_and_repeated_ends_as_a_clean_one(
    lake: Lake, paper: str, record_property: Callable[[str, object], None]
) -> None:
    env = lake.settings.env
    clean = desk_of(settings_of(lake, f"{env}-clean", paper))
    wanted = (without_snapshot(walk(clean)), left(clean))
    assert wanted[0]
    effects, effect = "", 0
    with workers("walker") as them:
        while not effects:
            effect += 1
            settings = settings_of(lake, f"{env}-{effect}", paper)
            effects = them.ask(settings, effect)
            desk = desk_of(settings)
            told, there = without_snapshot(walk(desk)), left(desk)
            assert told == wanted[0], effect
            for name, rows in wanted[1].items():
                assert there[name] == rows, (effect, name)
    record_property("effects", effects)
    assert int(effects) == effect - 1  # each of them was fatal once
    assert int(effects) >= 15
