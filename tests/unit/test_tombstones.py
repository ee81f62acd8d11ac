"""Stories that are taken out: what a newer reader rejects leaves, and nothing older brings it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import DAY, PAPER, Newsroom, at, newsroom, run_of, story
from newsdesk.article import Article, Rejection
from newsdesk.publish import waiting_for
from newsdesk.tables.merge import TOMBSTONE

LATER = at(DAY + dt.timedelta(days=1), 9)
READ = story(1)
REJECTED = replace(READ, reader_version=2, content_hash=TOMBSTONE)
"""What a newer reader makes of the same page."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    room = newsroom(tmp_path)
    room.send(run_of("first"), [story(n) for n in range(1, 4)])
    yield room
    room.warehouse.close()


def why(article: Article) -> Rejection:
    return Rejection(
        source=PAPER,
        url=article.url,
        captured_at=article.captured_at,
        reason="too_short",
        evidence="11 words",
        reader_version=article.reader_version,
        article_id=article.article_id,
        capture=article.capture,
        published_at=article.published_at,
    )


def take_out(room: Newsroom, name: str = "reread", article: Article = REJECTED) -> Any:
    return room.send(run_of(name), [article], rejections=[why(article)], kind="reread")


def ids(room: Newsroom) -> list[str]:
    return [row["article_id"] for row in room.rows()]


def test_a_story_leaves_and_everything_says_so(room: Newsroom) -> None:
    done = take_out(room)
    assert READ.article_id not in ids(room)
    assert len(ids(room)) == 2
    (change,) = done.days
    assert (change.day, change.rows, change.added, change.changed, change.removed) == (
        *(DAY, 2, 0, 0),
        1,
    )
    assert room.fates(run_of("reread")) == {READ.url: ("rejected", "too_short")}
    marks = [row for row in room.rows("revisions") if row["kind"] == "tombstone"]
    assert [(row["article_id"], row["reader_version"]) for row in marks] == [(READ.article_id, 2)]
    assert [row["reason"] for row in room.rows("rejected")] == ["too_short"]
    (covered,) = room.rows("coverage")
    assert (covered["published"], covered["rejected"], covered["missing"]) == (2, 1, 0)


def test_a_second_time_changes_nothing(room: Newsroom) -> None:
    first = take_out(room)
    before = room.facts()
    again = take_out(room)
    assert again.days == first.days
    assert again.unchanged
    assert room.facts() == before


def test_the_day_can_lose_its_last_story(room: Newsroom) -> None:
    gone = [replace(story(n), reader_version=2, content_hash=TOMBSTONE) for n in (1, 2, 3)]
    room.send(run_of("reread"), gone, kind="reread")
    assert ids(room) == []


@pytest.mark.faults
def test_whatever_the_order_the_same_stands(tmp_path: Path) -> None:
    """An older reading of the page never returns; a later capture does, and knows all there was."""
    versions = {
        "read": READ,
        "tombstone": REJECTED,
        "zombie": replace(READ, headline="Read otherwise", content_hash=b"z" * 32),
        "later": story(1, captured_at=LATER, text="It left again."),
    }
    found = []
    orders = ("read tombstone zombie later", "read later tombstone zombie", "later read tombstone")
    for turn, order in enumerate(orders):
        room = newsroom(tmp_path / f"{turn}")
        for name in order.split():
            if name == "later" and "zombie" in order.partition("later")[0]:
                assert room.rows() == []
            room.send(run_of(name), [versions[name]])
        found.append([{**row, "run_id": None} for row in room.rows()])
        room.warehouse.close()
    assert all(one == found[0] for one in found)
    assert found[0][0]["first_seen_at"] == READ.captured_at - dt.timedelta(hours=6)


def test_an_older_tombstone_takes_nothing_out(room: Newsroom) -> None:
    newer = replace(READ, reader_version=3, headline="Read well")
    room.send(run_of("newer"), [newer], kind="reread")
    before = room.rows()
    take_out(room)
    assert room.rows() == before


def test_a_day_that_would_be_too_thin_stays_and_the_tombstone_waits(room: Newsroom) -> None:
    room.judge = lambda pair, image: image.num_rows >= 3
    done = take_out(room)
    assert done.blocked
    assert READ.article_id in ids(room)
    assert [row["kind"] for row in room.rows("revisions")] == ["capture"] * 3
    (file,) = waiting_for(room.store, room.layout, [DAY])
    assert file.rows["content_hash"].to_pylist() == [TOMBSTONE]
    room.send(run_of("more"), [story(8)])
    assert sorted(ids(room)) == sorted(story(n).article_id for n in (2, 3, 8))
    assert {row["kind"] for row in room.rows("revisions")} == {"capture", "tombstone"}


@pytest.mark.faults
@pytest.mark.parametrize("step", ["articles", "rejected"])
def test_killed_anywhere_and_repeated_it_ends_the_same(room: Newsroom, step: str) -> None:
    def die(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.send(run_of("reread"), [REJECTED], rejections=[why(REJECTED)], on_step=die)
    take_out(room)
    assert READ.article_id not in ids(room)
    assert len(room.rows("rejected")) == 1
    assert [r["kind"] for r in room.rows("revisions")].count("tombstone") == 1
