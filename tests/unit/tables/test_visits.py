"""What is recorded of visits: the version held, when the page was there, when it was gone."""

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
    capture_of,
    link_to,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk.tables.visits import (
    Failed,
    Visits,
    all_told,
    failed_tries,
    held_since,
    held_stories,
    visits_of,
)

NOW = at(DAY, 24 * 9)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Two stories captured once; the first visited again: unchanged, gone, failed, gone."""
    room = newsroom(Path(tmp_path_factory.mktemp("tables")))
    room.send(run_of("first"), [story(1), story(2, published_at=at(DAY, -60))])
    for number, (fate, status) in enumerate(
        [("unchanged", 304), ("missing", 404), ("failed", None), ("missing", 410)], start=2
    ):
        capture = capture_of(
            story(1), fate=fate, status=status, captured_at=at(DAY, 24 * number), ref=None
        )
        run = run_of(f"day {number}", DAY + dt.timedelta(days=number))
        room.send(run, [], more_captures=[capture])
    yield room
    room.warehouse.close()


def visits(room: Newsroom, **options: object) -> dict[str, Visits]:
    asked = {"now": NOW, "run_day": DAY, **options}
    return visits_of(room.warehouse, [story_id(1), story_id(2), story_id(3)], **asked)


def test_what_is_held_names_its_capture_and_its_link(room: Newsroom) -> None:
    held = held_stories(room.warehouse, [story_id(1), story_id(3)])
    assert list(held) == [story_id(1)]
    one = held[story_id(1)]
    assert (one.captured_at, one.capture) == (story(1).captured_at, story(1).capture)
    assert one.link == replace(link_to(story(1)), via=("look",))


def test_stories_are_found_by_when_they_were_published(room: Newsroom) -> None:
    assert set(held_since(room.warehouse, [PAPER], at(DAY, 0), NOW)) == {story_id(1)}
    assert len(held_since(room.warehouse, [PAPER], at(DAY, -90), NOW)) == 2
    assert held_since(room.warehouse, ["other_post"], at(DAY, -90), NOW) == {}


def test_visits_that_told_nothing_are_none(room: Newsroom) -> None:
    found = visits(room)
    assert set(found) == {story_id(1), story_id(2)}
    told = found[story_id(1)]
    assert (told.last, told.good) == (at(DAY, 24 * 5), at(DAY, 24 * 2))
    assert [when for when, _ in told.missed] == [at(DAY, 24 * 3), at(DAY, 24 * 5)]
    assert list(told.missed_since(at(DAY, 0))) == [at(DAY, 24 * 3), at(DAY, 24 * 5)]
    assert list(told.missed_since(at(DAY, 24 * 4))) == [at(DAY, 24 * 5)]
    assert found[story_id(2)].good == story(2).captured_at


def test_tries_that_failed_are_found_by_the_day_of_their_run(room: Newsroom) -> None:
    day = DAY + dt.timedelta(days=4)
    only = {story_id(1): Failed("day 4", day, at(DAY, 24 * 4))}
    assert failed_tries(room.warehouse, [PAPER], at(DAY, 0), NOW) == only
    assert failed_tries(room.warehouse, [PAPER], at(day, 24), NOW) == {}
    assert failed_tries(room.warehouse, ["other_post"], at(DAY, 0), NOW) == {}


def test_a_run_may_be_left_out_and_old_visits_are_forgotten(room: Newsroom) -> None:
    (last,) = [
        told.last for one, told in visits(room, without_run="day 5").items() if one == story_id(1)
    ]
    assert last == at(DAY, 24 * 3)
    late = NOW + dt.timedelta(days=40)
    assert set(visits(room, now=late)) == {story_id(1), story_id(2)}  # the run of that very day
    assert visits(room, now=late, run_day=late.date()) == {}


def test_all_is_told_of_stories_that_were_published_refused_or_gone(tmp_path: Path) -> None:
    room = newsroom(tmp_path)
    assert all_told(room.warehouse, [], DAY)
    assert not all_told(room.warehouse, [story_id(1)], DAY)
    captures = [
        capture_of(story(number), fate=fate, status=status, captured_at=NOW, ref=None)
        for number, fate, status in ((11, "missing", 404), (12, "failed", None))
    ]
    room.send(run_of("all"), [story(n) for n in range(1, 10)], more_captures=captures)
    here = [story_id(n) for n in range(1, 10)]
    assert all_told(room.warehouse, here, DAY)
    assert all_told(room.warehouse, [*here, story_id(11)], DAY)
    assert not all_told(room.warehouse, [*here, story_id(12)], DAY)  # another try could get it
    assert not all_told(room.warehouse, [*here, story_id(13)], DAY)  # nobody asked for it
    assert not all_told(room.warehouse, [story_id(11), story_id(1)], DAY + 90 * ONE_DAY)
    room.warehouse.close()
