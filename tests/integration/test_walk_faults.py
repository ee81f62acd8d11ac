"""A run that is killed before every object it leaves, from discover to close, and repeated."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.walker import NOW, RUN_DAY, desk_of, walk
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.tables import TABLES

if TYPE_CHECKING:
    from conftest import Lake
    from newsdesk.steps import Desk

pytestmark = [pytest.mark.integration, pytest.mark.faults]

ROOT = Path(__file__).resolve().parents[2]

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


@contextmanager
def walkers() -> Iterator[Callable[[str, int], int | None]]:
    """Runs that die before an object; gives how many they left if they did not."""
    with subprocess.Popen(
        [sys.executable, "-m", "contracts.walker"],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def killed(settings: str, fatal: int) -> int | None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{settings}\t{fatal}\n")
            process.stdin.flush()
            told = process.stdout.readline()
            assert told, f"the run failed: {fatal}"
            return int(told) if told.strip() else None

        yield killed
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def settings_of(lake: Lake, env: str, paper: str) -> str:
    names = ("bucket", "catalog_uri", "endpoint", "access_key", "secret_key")
    return json.dumps(
        {name: getattr(lake.settings, name) for name in names}
        | {
            "env": env,
            "contact": "https://newsdesk.example/tests",
            "papers": ["demo_paper"],
            "fetch_via": {"demo_paper": paper},
        }
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
    effects, effect = None, 0
    with walkers() as killed:
        while effects is None:
            effect += 1
            settings = settings_of(lake, f"{env}-{effect}", paper)
            effects = killed(settings, effect)
            desk = desk_of(settings)
            told, there = without_snapshot(walk(desk)), left(desk)
            assert told == wanted[0], effect
            for name, rows in wanted[1].items():
                assert there[name] == rows, (effect, name)
    record_property("effects", effects)
    assert effects == effect - 1  # each of them was fatal once
    assert effects >= 15
