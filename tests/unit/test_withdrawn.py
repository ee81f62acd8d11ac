"""Stories that are gone: a row that says since when, whatever the order in which runs publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.newsroom import DAY, Newsroom, at, capture_of, loose, newsroom, run_of, story
from newsdesk.article import Capture
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.merge import merge
from newsdesk.tables.schema import ARTICLES, REVISIONS


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    room = newsroom(tmp_path)
    room.send(run_of("first"), [story(1), story(2)])
    yield room
    room.warehouse.close()


def visit(days: int, fate: str | None, status: int) -> Capture:
    """A visit to the first story, some days after it was captured."""
    ref = None if fate == "unchanged" else story(1, captured_at=at(DAY, 24 * days)).capture
    return capture_of(
        story(1), fate=fate, status=status, captured_at=at(DAY, 24 * days + 0.5), ref=ref
    )


def send(room: Newsroom, days: int, fate: str = "missing", status: int = 404) -> None:
    run = run_of(f"day {days}", DAY + dt.timedelta(days=days - 1))
    room.send(run, [], more_captures=[visit(days, fate, status)])


def row(room: Newsroom) -> dict[str, Any]:
    (mine,) = [one for one in room.rows() if one["article_id"] == story(1).article_id]
    return mine


def test_one_visit_says_nothing_and_a_second_says_since_when(room: Newsroom) -> None:
    before = room.rows()
    send(room, 3)
    assert room.rows() == before
    send(room, 5, status=410)
    assert row(room)["withdrawn_at"] == at(DAY, 24 * 3 + 0.5)
    assert [{**one, "withdrawn_at": None} for one in room.rows()] == before  # nothing else
    versions = [one for one in room.rows("revisions") if one["kind"] == "withdrawn"]
    assert [(one["captured_at"], one["capture"]["digest"]) for one in versions] == [
        (at(DAY, 24 * 3 + 0.5), visit(3, "missing", 404).ref.digest)  # type: ignore[union-attr]
    ]


def test_a_third_visit_and_a_repeated_run_change_nothing(room: Newsroom) -> None:
    send(room, 3)
    send(room, 5)
    facts = room.facts()
    send(room, 5)
    send(room, 8)
    assert room.facts() == facts


@pytest.mark.parametrize("good", [("unchanged", 304), ("rejected", 200)], ids=["same", "wall"])
def test_a_page_that_was_there_in_between_is_not_withdrawn(
    room: Newsroom, good: tuple[str, int]
) -> None:
    send(room, 3)
    send(room, 4, *good)
    send(room, 5)
    assert row(room)["withdrawn_at"] is None


def test_a_later_capture_clears_it(room: Newsroom) -> None:
    send(room, 3)
    send(room, 5)
    back = story(1, captured_at=at(DAY, 24 * 6))
    room.send(run_of("back", DAY + dt.timedelta(days=5)), [back])
    assert row(room)["withdrawn_at"] is None
    assert row(room)["captured_at"] == back.captured_at


def test_runs_that_publish_late_come_to_the_same(room: Newsroom, tmp_path: Path) -> None:
    for order in permutations((3, 5)):
        other = newsroom(tmp_path / str(order))
        other.send(run_of("first"), [story(1), story(2)])
        for days in order:
            send(other, days)
        assert row(other)["withdrawn_at"] == at(DAY, 24 * 3 + 0.5)
        other.warehouse.close()


def test_a_capture_that_comes_late_leaves_the_first_mark_after_it(room: Newsroom) -> None:
    send(room, 3)
    send(room, 5)
    (first,) = [one for one in room.rows("revisions") if one["kind"] == "withdrawn"]
    again = at(DAY, 24 * 8)  # it had come back, and was gone again
    later = pa.Table.from_pylist(
        [first | {"captured_at": again, "withdrawn_at": again}], schema=REVISIONS.arrow
    )
    commit(room.warehouse.table("revisions"), Change([later]), run_of("day 9"))
    back = story(1, captured_at=at(DAY, 24 * 6))
    room.send(run_of("late", DAY + dt.timedelta(days=5)), [back])
    assert row(room)["captured_at"] == back.captured_at
    assert row(room)["withdrawn_at"] == again


def test_a_page_found_at_another_address_in_the_same_run_is_there(room: Newsroom) -> None:
    send(room, 3)
    other = capture_of(story(1), fate="unchanged", status=304, captured_at=at(DAY, 24 * 5))
    run = run_of("day 5", DAY + dt.timedelta(days=4))
    room.send(run, [], more_captures=[visit(5, "missing", 404), other])
    assert row(room)["withdrawn_at"] is None


def marked(captured: float, withdrawn: float | None) -> pa.Table:
    (made,) = loose([story(1, captured_at=at(DAY, captured))]).to_pylist()
    made["withdrawn_at"] = None if withdrawn is None else at(DAY, withdrawn)
    return pa.Table.from_pylist([made], schema=ARTICLES.loose)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.integers(1, 12),
    st.data(),
)
def test_merging_keeps_the_mark_unless_a_later_capture_clears_it(
    captures: list[int], gone: int, data: st.DataObject
) -> None:
    rows = [marked(hour, None) for hour in captures] + [marked(min(captures), gone)]
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    (one,) = merge([merge(part) for part in parts]).to_pylist()
    assert one["captured_at"] == at(DAY, max(captures))
    assert one["withdrawn_at"] == (at(DAY, gone) if gone > max(captures) else None)
