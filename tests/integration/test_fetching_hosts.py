"""Many papers in one shard: the day takes as long as its slowest host, not as all of them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from contracts.desk import LAYOUT
from contracts.memory_store import MemoryStore
from integration.storm import Storm, links, serving
from newsdesk import records
from newsdesk.article import Run
from newsdesk.steps import Desk, Plan, fetch
from newsdesk.steps.desk import utcnow

pytestmark = pytest.mark.integration

PAPERS, PAGES = 50, 8
LATENCY, PAUSE = 0.05, 0.5
DAY = dt.date(2026, 1, 15)


def test_a_shard_of_many_hosts_takes_no_longer_than_the_politest_of_them(
    record_property: Callable[[str, object], None],
) -> None:
    with serving(Storm(latency=LATENCY)) as storm:
        sources = storm.papers(PAPERS, pause_seconds=PAUSE)
        store = MemoryStore()
        desk = Desk(store, LAYOUT, sources, lambda: "newsdesk-tests", pytest.fail)
        stories = tuple(links(sources, PAGES, utcnow()))
        plan = Plan(Run(DAY, "run", utcnow()), (), (), (stories,))
        store.put_if_absent(LAYOUT.discovered(DAY, "run"), records.pack(plan))
        started = time.monotonic()
        done = fetch(desk, DAY, "run", 0)
        seconds = time.monotonic() - started
    assert done["landed"] == PAPERS * PAGES
    # robots.txt and tdmrep.json first, and a pause between any two requests
    polite = (PAGES + 2) * LATENCY + (PAGES + 1) * PAUSE
    record_property("of_polite_minimum", seconds / polite)
    assert seconds <= 1.2 * polite + 0.5  # half a second to start on a busy machine
    for host in {host for host, _, _ in storm.requests}:
        times = [at for seen, _, at in storm.requests if seen == host]
        assert min(b - a for a, b in pairwise(times)) >= PAUSE


def test_a_host_that_never_answers_holds_up_nobody_else() -> None:
    def weather(path: str, number: int) -> str:
        return "stall" if path.startswith(("paper00", "paper01")) else "fair"

    with serving(Storm(weather=weather)) as storm:  # type: ignore[arg-type]  # a Weather's text
        sources = storm.papers(8, timeout_seconds=1.0)
        store = MemoryStore()
        desk = Desk(store, LAYOUT, sources, lambda: "newsdesk-tests", pytest.fail)
        stories = tuple(links(sources, 3, utcnow()))
        plan = Plan(Run(DAY, "run", utcnow()), (), (), (stories,))
        store.put_if_absent(LAYOUT.discovered(DAY, "run"), records.pack(plan))
        started = time.monotonic()
        done = fetch(desk, DAY, "run", 0)
        seconds = time.monotonic() - started
    assert (done["landed"], done["not_landed"]) == (18, 6)
    assert seconds < 3 * 1.0 + 1.5  # three pages of a dead host, one after the other
    good = [
        at for host, _, at in storm.requests if host not in ("paper00.example", "paper01.example")
    ]
    assert max(good) - started < 1.5
