"""A newsdesk that knows more columns than the one before it, and finds what that one left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import DAY, PAPER, Newsroom, local_warehouse, newsroom, run_of, story
from contracts.older import older_newsdesk
from newsdesk import query, steps
from newsdesk.steps import rereading
from newsdesk.tables.scan import days_filter, read
from newsdesk.tables.schema import ARTICLES
from unit.steps.test_publishing import STRICT, Walk, good
from unit.steps.test_rereading import OLD, PAGES, House, prepare, replace_rules

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

ADDED = ("published_at_offset", "lead_image.credit")
"""A column, and a part of one, that the older newsdesk does without."""


def upgraded(room: Newsroom, folder: Path) -> None:
    """The tables as another process opens them."""
    room.warehouse.close()
    room.warehouse = local_warehouse(folder)


def test_rows_that_wait_are_published_with_their_day(tmp_path: Path) -> None:
    room = newsroom(tmp_path)
    room.judge = lambda pair, image: image.num_rows == 2
    with older_newsdesk(*ADDED):
        assert room.send(run_of("a"), [story(1)]).fates == {"blocked": 1}
    upgraded(room, tmp_path)
    assert room.send(run_of("b"), [story(2)]).fates == {"published": 1}
    rows = {row["headline"]: row for row in room.rows()}
    assert [rows[f"Ferry {n} leaves"]["published_at_offset"] for n in (1, 2)] == [None, 180]
    assert rows["Ferry 1 leaves"]["lead_image"] == rows["Ferry 2 leaves"]["lead_image"]
    room.warehouse.close()


def test_a_blocked_day_is_released(tmp_path: Path) -> None:
    walk = Walk(newsroom(tmp_path), {PAPER: STRICT})
    with older_newsdesk(*ADDED):
        assert walk.walk("a", [good(1), good(2)])["fates"] == {"blocked": 2}
    upgraded(walk.room, tmp_path)
    done = steps.release(walk.desk, DAY, "r", by="mina", reason="a short day")
    assert done["fates"] == {"published": 2}
    assert len(walk.room.rows()) == 2
    walk.room.warehouse.close()


@pytest.mark.parametrize("checked", [False, True])
def test_a_run_in_the_middle_goes_on(tmp_path: Path, checked: bool) -> None:
    walk = Walk(newsroom(tmp_path))
    with older_newsdesk(*ADDED):
        walk.read("a", [good(1), good(2)])
        if checked:
            steps.check(walk.desk, DAY, "a")
    upgraded(walk.room, tmp_path)
    assert steps.check(walk.desk, DAY, "a")["rows"] == 2
    assert steps.publish(walk.desk, DAY, "a")["fates"] == {"published": 2}
    assert [row["published_at_offset"] for row in walk.room.rows()] == [None, None]
    walk.room.warehouse.close()


def test_a_reread_in_the_middle_goes_on(tmp_path: Path) -> None:
    house = House(newsroom(tmp_path))
    with older_newsdesk(*ADDED):
        house.walk("first", PAGES)
        house.source = replace_rules(OLD, 1, headline=("h2",))
        prepare(house, "reread")
    upgraded(house.room, tmp_path)
    rereading.publish(house.desk, DAY, "reread")
    assert house.headlines() == {f"Number {n} is open to all" for n in (1, 2, 3)}
    house.room.warehouse.close()


def test_days_of_before_have_the_column_once_they_are_read_again(tmp_path: Path) -> None:
    house = House(newsroom(tmp_path))
    with older_newsdesk(*ADDED):
        house.walk("first", PAGES)
        assert "published_at_offset" not in house.room.rows()[0]
        told = counted(house)
    upgraded(house.room, tmp_path)
    assert {row["published_at_offset"] for row in house.room.rows()} == {None}
    house.source = replace_rules(OLD, 1)  # a reader of another column has another version
    assert house.reread()["days"][str(DAY)]["changed"] == 3
    assert {row["published_at_offset"] for row in house.room.rows()} == {0}
    again = [row for row in house.room.rows("revisions") if row["kind"] == "reread"]
    assert [row["published_at_offset"] for row in again] == [0, 0, 0]
    assert counted(house) == told
    with older_newsdesk(*ADDED):  # a reader that was not upgraded
        table = house.room.warehouse.table("articles")
        assert read(table, ARTICLES, days_filter(ARTICLES, [DAY])).num_rows == 3
        assert counted(house) == told
    house.room.warehouse.close()


def counted(house: House) -> list[Any]:
    """What a reader asks who knows nothing of columns that were added later."""
    asked = "SELECT headline, len(bylines), word_count FROM news.articles ORDER BY article_id"
    return list(query.query(house.room.warehouse, asked).rows)
