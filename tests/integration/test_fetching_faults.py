"""Kills and a failing web: what was landed stays, what was not is fetched once more, all is told."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from contracts.desk import LAYOUT
from contracts.environment import environment_of
from contracts.memory_store import MemoryStore
from contracts.newsroom import local_warehouse
from integration.conftest import Lake
from integration.storm import Storm, Weather, asked, links, serving
from newsdesk import records, steps
from newsdesk.article import Capture, Discovery, Run
from newsdesk.fetch import Fetcher
from newsdesk.fetch.tries import Patience
from newsdesk.landing import CaptureCorrupt, iter_captures
from newsdesk.layout import Layout
from newsdesk.steps import Desk, Plan
from newsdesk.steps.desk import utcnow
from newsdesk.steps.fetching import load_captures
from newsdesk.store import Store

pytestmark = pytest.mark.faults

DAY = dt.date(2026, 1, 15)
RUN = "scheduled__2026-01-16"
SRC = Path(__file__).resolve().parents[2] / "include"

CHILD = """
import json, sys
from dataclasses import replace
from newsdesk import steps
from newsdesk.connections import connect
from newsdesk.settings import Settings
from newsdesk.sources import Source
from newsdesk.steps import parts
import datetime as dt
told = json.load(sys.stdin)
parts.PART_BYTES = 6_000
desk = connect(Settings.from_environment())
desk = replace(desk, sources={n: Source.model_validate(s) for n, s in told["sources"].items()})
print(steps.fetch(desk, dt.date.fromisoformat(told["day"]), told["run"], 0))
"""


def landed_urls(store: Store, prefix: str) -> Counter[str]:
    """How often each page stands in the WARC files under a prefix; damaged files fail the test."""

    def fail(error: CaptureCorrupt) -> None:
        raise error

    return Counter(
        response.url
        for info in store.list(prefix)
        for _, response in iter_captures(store.get(info.key), info.key, on_corrupt=fail)
        if not response.url.endswith(("/robots.txt", "/tdmrep.json"))
    )


def known_urls(store: Store, layout: Layout) -> dict[str, Capture]:
    desk = Desk(store, layout, {}, str, pytest.fail)
    return {one.link.url: one for one in load_captures(desk, DAY, RUN, 0)}


def test_a_killed_fetch_leaves_no_half_file_and_asks_again_only_for_what_was_not_landed(
    lake: Lake,
) -> None:
    with serving(Storm(latency=0.02)) as storm:
        sources = storm.papers(4)
        stories = links(sources, 30, utcnow())
        layout = Layout(lake.settings.env)
        plan = Plan(Run(DAY, RUN, utcnow()), (), (), (tuple(stories),))
        lake.store.put_if_absent(layout.discovered(DAY, RUN), records.pack(plan))
        told = json.dumps(
            {
                "sources": {name: one.model_dump(mode="json") for name, one in sources.items()},
                "day": str(DAY),
                "run": RUN,
            }
        )
        for kill_after in (15, 25, 35, None):
            before = known_urls(lake.store, layout)
            storm.requests.clear()
            child = subprocess.Popen(
                [sys.executable, "-c", CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **environment_of(lake.settings), "PYTHONPATH": str(SRC)},
            )
            with child:
                assert child.stdin is not None
                child.stdin.write(told)
                child.stdin.close()
                while kill_after is not None and len(storm.requests) < kill_after:
                    assert child.poll() is None
                    time.sleep(0.005)
                if kill_after is not None:
                    os.kill(child.pid, signal.SIGKILL)
                assert child.wait(60) == (-signal.SIGKILL if kill_after else 0)
            assert not asked(storm).keys() & before.keys()
            assert max(asked(storm).values()) == 1
            landed = landed_urls(lake.store, f"{lake.settings.env}/raw/")
            after = known_urls(lake.store, layout)
            assert before.items() <= after.items()
            assert after.keys() <= landed.keys()
    assert after.keys() == {one.url for one in stories}
    assert all(one.fate is None for one in after.values())
    assert sum(landed.values()) <= len(stories) + 3 * 40  # orphans: what a kill took the record of
    orphans = sum(landed.values()) - len(stories)
    assert orphans <= 3 * 12, "a part is small here, so a kill wastes little"


def _number(path: str) -> int:
    return int(path.rpartition("-")[2])


def weather(path: str, number: int) -> Weather:
    """10 % errors, 5 % resets, 5 % stalls, 2 % truncations, by page and try; some never mend."""
    story = _number(path)
    if story % 1000 == 7:
        return "error"
    dice = (story * 7919 + number * 104_729 + story // 1000 * 31) % 100
    if dice < 10:
        return "error"
    if dice < 15:
        return "reset"
    if dice < 20:
        return "stall"
    return "cut" if dice < 22 else "fair"


class StormDesk(Desk):
    """A desk whose fetcher waits little between tries."""

    def fetcher(self) -> Fetcher:
        patience = Patience(tries=4, first_wait=0.02, longest_wait=1.0)
        return Fetcher(self.user_agent(), self.now, patience=patience)


def test_in_a_failing_web_every_story_is_landed_once_or_told_with_its_reason(
    tmp_path: Path,
) -> None:
    warehouse = local_warehouse(tmp_path)
    with serving(Storm(weather=weather)) as storm:
        sources = storm.papers(10, timeout_seconds=1.0)
        stories = links(sources, 30, utcnow())
        desk = StormDesk(
            MemoryStore(), LAYOUT, sources, lambda: "newsdesk-tests", lambda: warehouse
        )
        discoveries = tuple(
            Discovery(name, DAY, "looks", tuple(x for x in stories if x.source == name))
            for name in sources
        )
        plan = Plan(Run(DAY, RUN, utcnow()), discoveries, (), (tuple(stories),))
        desk.store.put_if_absent(LAYOUT.discovered(DAY, RUN), records.pack(plan))
        done = steps.fetch(desk, DAY, RUN, 0)
    met = Counter(
        weather(host + path, number)
        for (host, path), times in Counter((h, p) for h, p, _ in storm.requests).items()
        for number in range(times)
    )
    assert min(met[kind] for kind in ("error", "reset", "stall", "cut")) >= 5, met
    steps.read(desk, DAY, RUN, 0)
    steps.check(desk, DAY, RUN)
    steps.publish(desk, DAY, RUN)
    ledger = warehouse.table("ledger").scan().to_arrow().to_pylist()
    assert Counter(row["url"] for row in ledger) == Counter(one.url for one in stories)
    failed = {row["url"]: row["reason"] for row in ledger if row["fate"] == "failed"}
    assert all(failed.values())
    assert sum(_number(url) % 1000 == 7 for url in failed) == 10
    assert len(failed) <= 10 + 9  # a story whose four tries all failed, or its time ran out
    landed = landed_urls(desk.store, "test/raw/")
    assert max(landed.values()) == 1
    assert done["landed"] == len(stories) - len(failed)
    assert {row["url"] for row in ledger if row["fate"] != "failed"} <= landed.keys()
    read = Counter(row["fate"] for row in ledger)
    assert read["published"] + read["blocked"] == done["landed"], read
    warehouse.close()
