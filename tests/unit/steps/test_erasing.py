"""A story erased between the tries of a run that published others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    local_warehouse,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk import steps
from newsdesk.article import Article, DayChange
from newsdesk.publish import Published
from newsdesk.steps import Desk
from unit.steps.test_publishing import paper

NEXT = DAY + dt.timedelta(days=1)
BEFORE = DAY - dt.timedelta(days=2)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    yield made
    made.warehouse.close()


def read() -> list[Article]:
    """A new story, and one that moves to a day which nothing else is of."""
    return [story(5), story(1, captured_at=at(NEXT, 5), published_at=at(BEFORE))]


def send(room: Newsroom, killed_before: str | None = None) -> Published:
    def on_step(name: str) -> None:
        if name == killed_before:
            raise Killed

    return room.send(run_of("a"), read(), on_step=on_step)


def erase(room: Newsroom, folder: Path, number: int) -> None:
    other = Newsroom(local_warehouse(folder), room.store, room.layout)
    desk = Desk(
        store=room.store,
        layout=room.layout,
        sources={PAPER: paper()},
        user_agent=lambda: "test",
        open_warehouse=lambda: other.warehouse,
        now=lambda: at(NEXT, 12),
    )
    done = steps.erase(desk, story_id(number), by="the editor", reason="a court says so")
    assert done["left"] == []


def told(done: Published) -> dict[dt.date, DayChange]:
    return {change.day: replace(change, snapshot=0) for change in done.days}


@pytest.mark.parametrize("erased", [[0], [0, 2]], ids=["once", "twice"])
def test_a_retry_after_an_erasure_tells_the_days_that_the_run_changed(
    room: Newsroom, tmp_path: Path, erased: list[int]
) -> None:
    clean = newsroom(tmp_path / "clean")
    for each in (clean, room):
        each.send(run_of("first"), [story(n) for n in range(3)])
    wanted = told(send(clean))
    assert wanted.keys() == {BEFORE, DAY}
    clean.warehouse.close()
    with pytest.raises(Killed):
        send(room, killed_before="forget")
    for number in erased:
        erase(room, tmp_path, number)
    done = send(room)
    wanted[DAY] = replace(wanted[DAY], rows=wanted[DAY].rows - len(erased))
    assert told(done) == wanted
    # They are as of now where the run's own snapshot is forgotten.
    current = room.warehouse.table("articles").current_snapshot()
    assert current is not None
    assert {change.snapshot for change in done.days} == {current.snapshot_id}


def test_a_run_that_is_completed_after_an_erasure_tells_what_both_its_tries_did(
    room: Newsroom, tmp_path: Path
) -> None:
    room.send(run_of("first"), [story(n) for n in range(3)])
    room.send(run_of("a"), [story(5)])
    erase(room, tmp_path, 0)
    done = room.send(run_of("a"), [story(5), story(6)])
    (change,) = done.days
    assert (change.rows, change.added, change.changed, change.removed) == (4, 2, 0, 0)
    assert room.send(run_of("a"), [story(5), story(6)]).days == done.days
