"""Publishers that die at every step, that meet in every order, that wake after their time."""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.environment import environment_of
from contracts.memory_store import MemoryStore
from contracts.newsroom import (
    DAY,
    Newsroom,
    at,
    known_to,
    local_warehouse,
    loose,
    newsroom,
    run_of,
    story,
)
from contracts.publisher import send
from contracts.workers import workers
from newsdesk.article import Article
from newsdesk.connections import open_warehouse
from newsdesk.layout import Layout
from newsdesk.tables.commit import Change, commit

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = [pytest.mark.integration, pytest.mark.faults]

NEXT = DAY + dt.timedelta(days=1)
STEPS = "wait article_days revisions articles forget rejected checks coverage ledger pointers"
INTERLEAVINGS = 50
RUNS = 8
"""Runs in one environment of those that are killed."""


# Killed at every effect


def settings_of(lake: Lake) -> str:
    return json.dumps(environment_of(lake.settings))


@contextmanager
def reader(lake: Lake) -> Iterator[list[str]]:
    """Somebody who looks all along, and what they saw that no reader may see."""
    stop, wrong = threading.Event(), []
    looks = []

    def look() -> None:
        room = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
        while not stop.is_set():
            rows = room.rows()
            looks.append(len(rows))
            edits = {row["body"] for row in rows if row["body"].startswith("Edit")}
            ids = [row["article_id"] for row in rows]
            if len(edits) != 1 or len(ids) != len(set(ids)) or len(ids) < 5:
                wrong.append(f"{len(ids)} rows, {edits}")
            stop.wait(0.3)
        room.warehouse.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        thread.join()
    assert len(looks) > RUNS  # on average at least once in every run


def told(done: Any) -> list[tuple[Any, ...]]:
    return [(c.day, c.rows, c.added, c.changed, c.removed, c.complete) for c in done.days]


def shown(room: Newsroom) -> dict[str, Any]:
    return room.facts() | {"coverage": room.rows("coverage"), "ledger": len(room.rows("ledger"))}


@pytest.mark.timeout(1200)
def test_killed_before_every_effect_and_repeated_the_tables_are_those_of_a_clean_run(
    lake: Lake, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """In a few environments one after the other: metadata that grows makes every run slower."""
    clean = newsroom(tmp_path / "clean")
    send(clean, 0)
    wanted = {number: (told(send(clean, number)), shown(clean)) for number in range(1, RUNS + 1)}
    clean.warehouse.close()
    effects, effect = "", 0
    with workers("publisher") as them:
        while not effects:
            env = f"{lake.settings.env}-{effect}"
            mine = replace(lake, settings=replace(lake.settings, env=env))
            room = Newsroom(open_warehouse(mine.settings), mine.store, Layout(env))
            send(room, 0)
            with reader(mine) as wrong:
                for number in range(1, RUNS + 1):
                    effect += 1
                    effects = them.ask(settings_of(mine), number, effect)
                    assert (told(send(room, number)), shown(room)) == wanted[number], effect
                    assert wrong == [], effect
                    if effects:
                        break
            room.warehouse.close()
    record_property("effects", effects)
    assert 40 <= int(effects) < effect  # each was fatal once; the runs have not all the same


# Frozen at every effect, while another run is published


@pytest.mark.timeout(1200)
def test_frozen_before_every_effect_a_publisher_wakes_to_what_another_made(
    lake: Lake, tmp_path: Path
) -> None:
    """Two runs with other content, two processes: one sleeps while the other does all its work."""
    clean = newsroom(tmp_path / "clean")
    send(clean, 0)
    wanted = []
    for number in range(1, RUNS + 1):
        send(clean, number)
        wanted.append(clean.facts())
    clean.warehouse.close()
    frozen, effect = "", 0
    with workers("publisher") as sleepers, workers("publisher") as others:
        while frozen or not effect:
            env = f"{lake.settings.env}-frozen-{effect}"
            mine = replace(lake, settings=replace(lake.settings, env=env))
            room = Newsroom(open_warehouse(mine.settings), mine.store, Layout(env))
            send(room, 0)
            with reader(mine) as wrong:
                for number in range(1, RUNS, 2):
                    effect += 1
                    told = sleepers.ask(settings_of(mine), number, -effect)
                    frozen = told if told.startswith("frozen") else ""
                    others.ask(settings_of(mine), number + 1, 0)
                    if not frozen:
                        break
                    sleepers.wake(frozen)
                    assert room.facts() == wanted[number], effect
                    assert wrong == [], effect
            room.warehouse.close()
    assert effect > INTERLEAVINGS


# Three writers, in many orders


class Conductor:
    """Lets writers go on one at a time, from step to step, in an order drawn from a seed."""

    def __init__(self, seed: int, names: str) -> None:
        self._draw = random.Random(seed)  # noqa: S311  # no secret
        self._names = set(names)
        self._waiting: set[str] = set()
        self._finished: set[str] = set()
        self._running: str | None = None
        self._changed = threading.Condition()
        self.order = ""

    def step(self, name: str) -> None:
        with self._changed:
            self._waiting.add(name)
            if self._running == name:
                self._running = None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._running == name)

    def end(self, name: str) -> None:
        with self._changed:
            self._finished.add(name)
            if self._running == name:
                self._running = None
            self._changed.notify_all()

    def conduct(self) -> None:
        with self._changed:
            while self._finished != self._names:
                self._changed.wait_for(
                    lambda: self._running is None and self._waiting | self._finished == self._names
                )
                if self._waiting:
                    self._running = self._draw.choice(sorted(self._waiting))
                    self._waiting.discard(self._running)
                    self.order += self._running
                    self._changed.notify_all()


Work = Callable[[Newsroom, str, Callable[[str], None]], object]


def play(folder: Path, seed: int, work: Work) -> tuple[Newsroom, str]:
    """Three writers with connections of their own, interleaved; the tables, and the order."""
    conductor, store, failed = Conductor(seed, "abc"), MemoryStore(), []
    newsroom(folder).warehouse.table("articles")

    def write(name: str) -> None:
        room = Newsroom(local_warehouse(folder), store, Layout("test"))
        try:
            conductor.step(name)
            work(room, name, lambda step: conductor.step(name))
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            failed.append((seed, name, error))
        finally:
            conductor.end(name)
            room.warehouse.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    conductor.conduct()
    for thread in threads:
        thread.join()
    assert failed == []
    return Newsroom(local_warehouse(folder), store, Layout("test")), conductor.order


def content(name: str) -> list[Article]:
    """What each of them has read: the same stories, other content, other days; one page is all's."""
    seen = at(NEXT, 1 + "abc".index(name))
    before = at(DAY - dt.timedelta(days=3), 5)
    same = story(5, text="Of all.", captured_at=at(NEXT, 0.7))
    if name == "a":
        return [*(story(n, text="Of a.", captured_at=seen) for n in range(5)), same]
    if name == "b":
        return [
            same,
            story(0, text="Of b.", captured_at=seen),
            story(1, text="Of b, moved.", captured_at=seen, published_at=at(NEXT, 2)),
            story(2, text="Of b, older.", captured_at=at(NEXT, 0.5)),
            story(3, text="Of b, moved back.", captured_at=seen, published_at=before),
            story(7, text="Of b alone.", captured_at=seen),
        ]
    return [
        same,
        story(0, text="Of c, older than b.", captured_at=at(NEXT, 1.5)),
        story(1, text="Of c, moved on.", captured_at=seen, published_at=before),
        story(4, text="Of c.", captured_at=seen, reader_version=2),
        story(9, text="Of c alone.", captured_at=seen),
    ]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    room = newsroom(tmp_path_factory.mktemp("clean"))
    for name in "abc":
        room.send(run_of(name), content(name), links=known_to(name, content(name)))
    facts = room.facts()
    room.warehouse.close()
    return facts


@pytest.mark.timeout(1800)
def test_three_writers_in_fifty_orders_end_in_the_same_tables(
    tmp_path: Path, wanted: dict[str, Any]
) -> None:
    def publish(room: Newsroom, name: str, on_step: Callable[[str], None]) -> None:
        links = known_to(name, content(name))
        room.send(run_of(name), content(name), links=links, on_step=on_step)

    orders = set()
    for seed in range(INTERLEAVINGS):
        room, order = play(tmp_path / f"{seed}", seed, publish)
        orders.add(order)
        assert room.facts() == wanted, (seed, order)
        assert {row["run_id"] for row in room.rows("ledger")} == set("abc"), (seed, order)
        room.warehouse.close()
    assert len(orders) == INTERLEAVINGS
    # Whoever met another before its commit went back: more steps than three undisturbed runs have.
    undisturbed = 3 * (1 + len(STEPS.split()))
    assert sum(len(order) > undisturbed for order in orders) > INTERLEAVINGS / 2


def test_the_same_orders_are_too_much_for_writers_who_append_what_they_do_not_see(
    tmp_path: Path, wanted: dict[str, Any]
) -> None:
    """The control: without an index, a fence and a merge this test does find what goes wrong."""

    def append(room: Newsroom, name: str, on_step: Callable[[str], None]) -> None:
        known = {row["article_id"] for row in room.rows()}
        on_step("write")
        rows = loose([one for one in content(name) if one.article_id not in known], name)
        commit(room.warehouse.table("articles"), Change([rows]), run_of(name))

    wrong = 0
    for seed in range(INTERLEAVINGS):
        room, _ = play(tmp_path / f"{seed}", seed, append)
        rows = room.rows()
        bodies = {row["article_id"]: row["body"] for row in wanted["articles"]}
        wrong += len(rows) != len(bodies) or any(bodies[r["article_id"]] != r["body"] for r in rows)
        room.warehouse.close()
    assert wrong == INTERLEAVINGS


# A task that wakes after its retry, with content of its own


def read_at(hour: float, text: str, **changes: Any) -> list[Article]:
    return [story(n, text=text, captured_at=at(NEXT, hour), **changes) for n in range(4)]


OLD = read_at(1, "Of the zombie.")

MEANWHILE: dict[str, list[tuple[str, list[Article]]]] = {
    "its retry read newer pages": [("a", read_at(2, "Of the retry."))],
    "another run read newer pages": [("b", read_at(3, "Of another run."))],
    "a newer reader read the same pages": [
        (
            "b",
            [
                replace(one, reader_version=2, body="Read better.", content_hash=b"r" * 32)
                for one in OLD
            ],
        )
    ],
    "the stories moved to another day": [
        ("b", read_at(3, "Moved.", published_at=at(DAY - dt.timedelta(days=4), 6)))
    ],
    "retry and another run, there and back": [
        ("a", read_at(2, "Of the retry.", published_at=at(NEXT, 6))),
        ("b", read_at(4, "Of another run.")),
    ],
}


@pytest.mark.parametrize("step", STEPS.split())
@pytest.mark.parametrize("meanwhile", MEANWHILE.values(), ids=MEANWHILE)
def test_a_zombie_puts_nothing_old_over_anything_new(
    tmp_path: Path, step: str, meanwhile: list[tuple[str, list[Article]]]
) -> None:
    clean = newsroom(tmp_path / "clean")
    for name, stories in [("a", OLD), *meanwhile]:
        clean.send(run_of(name), stories)
    zombie = newsroom(tmp_path / "room")
    other = Newsroom(local_warehouse(tmp_path / "room"), zombie.store, zombie.layout)
    slept = []

    def sleep(name: str) -> None:
        if name == step and not slept:
            slept.append(name)
            for run, stories in meanwhile:
                other.send(run_of(run), stories)
            assert {row["body"] for row in other.rows()} == {meanwhile[-1][1][0].body}

    zombie.send(run_of("a"), OLD, on_step=sleep)
    assert slept == [step]
    assert zombie.facts() == clean.facts()
    assert {row["body"] for row in zombie.rows()} == {meanwhile[-1][1][0].body}
    for room in (clean, zombie, other):
        room.warehouse.close()
