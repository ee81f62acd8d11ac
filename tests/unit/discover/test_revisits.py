"""Which stories are due for another visit: from what is recorded, whatever happened to runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    newsroom,
    run_of,
    story,
    story_id,
)
from contracts.press import paper
from newsdesk.article import Link, Run
from newsdesk.discover.revisits import LATE, Known, is_due, known_stories, revisits
from newsdesk.tables.visits import Held, Visits

HOURS = (6, 24, 72, 168)
SOURCES = {PAPER: paper()}


def held(captured: float, published: float = 8) -> Held:
    link = Link(PAPER, "https://p/1", "1", ("look",), at(DAY, 0), published_hint=at(DAY, published))
    return Held(link, at(DAY, captured), None)


@pytest.mark.parametrize(
    ("captured", "now", "due"),
    [
        (9, 13, False),  # six hours have not passed
        (9, 14, True),
        (14, 15, False),  # captured since
        (14, 32, True),
        (33, 79, False),
        (33, 80, True),
        (81, 175, False),
        (81, 176, True),
        (177, 10_000, False),  # never again
        (9, 10_000, True),  # no run came for long: one visit makes up for all
    ],
)
def test_a_story_is_visited_when_an_hour_has_passed_since(
    captured: float, now: float, due: bool
) -> None:
    assert is_due(held(captured), Visits(), HOURS, at(DAY, now)) is due


def test_a_visit_counts_whatever_it_showed_but_a_failure() -> None:
    visited = Visits(last=at(DAY, 33), good=at(DAY, 33))
    assert not is_due(held(9), visited, HOURS, at(DAY, 34))
    assert is_due(held(9), visited, HOURS, at(DAY, 81))


def test_a_story_that_was_gone_once_is_asked_for_at_the_next_run() -> None:
    once = Visits(last=at(DAY, 33), missed=((at(DAY, 33), None),))
    twice = Visits(last=at(DAY, 57), missed=(*once.missed, (at(DAY, 57), None)))
    back = Visits(last=at(DAY, 57), good=at(DAY, 57), missed=once.missed)
    assert is_due(held(9), once, HOURS, at(DAY, 34))
    assert not is_due(held(9), twice, HOURS, at(DAY, 58))
    assert not is_due(held(9), back, HOURS, at(DAY, 58))
    assert not is_due(held(40), once, HOURS, at(DAY, 41))  # captured after it was gone


def test_a_paper_may_want_no_revisits() -> None:
    assert not is_due(held(9), Visits(), (), at(DAY, 10_000))


@given(st.lists(st.floats(1, 400), min_size=1, max_size=30, unique=True))
def test_however_runs_come_a_story_is_visited_once_an_hour_and_never_twice(
    runs: list[float],
) -> None:
    visits, made = Visits(), []
    for now in sorted(runs):
        if is_due(held(0.5, published=0), visits, HOURS, at(DAY, now)):
            made.append(now)
            visits = Visits(last=at(DAY, now), good=at(DAY, now))
    assert len(made) <= len(HOURS)
    for hour, end in zip(HOURS, (*HOURS[1:], 10_000), strict=True):
        between = [now for now in runs if hour <= now < end]
        assert [now for now in made if hour <= now < end] == sorted(between)[:1]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Stories of eight days, each captured on the night after it was published."""
    room = newsroom(tmp_path)
    for number in range(1, 9):
        day = DAY + dt.timedelta(days=number)
        stories = [story(number, published_at=at(day, 8), captured_at=at(day, 24.2))]
        room.send(run_of(f"run {number}", day), stories)
    yield room
    room.warehouse.close()


def due(room: Newsroom, run: Run) -> list[str]:
    known = known_stories(room.warehouse, run, (), SOURCES.values())
    return [link.article_id for link in revisits(known, SOURCES, run.started_at).get(PAPER, [])]


def test_a_nightly_run_takes_those_whose_time_came_since_the_last(room: Newsroom) -> None:
    run = run_of("tonight", DAY + dt.timedelta(days=8))
    assert due(room, run) == [story_id(n) for n in (1, 2, 3, 4, 5, 6, 7)]
    for number in range(1, 8):  # tonight's visits are in the ledger from now on
        page = story(number, published_at=at(DAY + dt.timedelta(days=number), 8))
        same = capture_of(page, fate="unchanged", status=304, captured_at=at(DAY, 24 * 9 + 0.5))
        room.send(run_of(f"v{number}", run.day), [], more_captures=[same])
    assert due(room, run_of("again", run.day)) == []
    # the night after: six hours, one day, three days and seven days have passed for these
    tomorrow = run_of("tomorrow", run.day + dt.timedelta(days=1))
    assert due(room, tomorrow) == [story_id(8), *(story_id(n) for n in (2, 6))]


def test_stories_of_long_ago_and_of_other_papers_are_left_alone(room: Newsroom) -> None:
    weeks = dt.timedelta(hours=HOURS[-1]) + LATE
    later = run_of("later", DAY + dt.timedelta(days=8) + weeks)
    assert due(room, later) == []
    tonight = run_of("tonight", DAY + dt.timedelta(days=8))
    known = known_stories(room.warehouse, tonight, (), [paper(name="other_post")])
    assert known == Known({}, {})


def test_no_more_than_the_paper_allows(room: Newsroom) -> None:
    run = run_of("tonight", DAY + dt.timedelta(days=8))
    few = {PAPER: paper(fetch={"max_pages": 2})}
    known = known_stories(room.warehouse, run, (), few.values())
    found = revisits(known, few, run.started_at)[PAPER]
    assert [link.article_id for link in found] == [story_id(1), story_id(2)]
