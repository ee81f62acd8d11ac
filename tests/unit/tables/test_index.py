"""The index: where copies of stories are, cheaply."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.newsroom import DAY, Newsroom, at, loose, newsroom, run_of, story, story_id
from newsdesk.tables import TABLES, index
from newsdesk.tables.schema import ARTICLE_DAYS

DAYS = [DAY + dt.timedelta(days=n) for n in range(4)]


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


def files(room: Newsroom) -> int:
    return len(list(room.warehouse.table("article_days").scan().plan_files()))


def test_it_knows_every_day_a_story_was_on(room: Newsroom) -> None:
    first = loose([story(1), story(2)])
    moved = loose([story(1, published_at=at(DAYS[2]))])
    assert index.add(room.warehouse, run_of("a"), first) == 2
    assert index.add(room.warehouse, run_of("b"), moved) == 1
    found = index.days_of(room.warehouse.table("article_days"), [story_id(1), story_id(3)])
    assert found == {story_id(1): {DAY, DAYS[2]}}


def test_what_it_knows_is_not_added_again(room: Newsroom) -> None:
    rows = loose([story(n) for n in range(20)])
    assert index.add(room.warehouse, run_of("a"), rows) == 20
    before = room.warehouse.table("article_days").metadata_location
    assert index.add(room.warehouse, run_of("b"), rows) == 0
    assert room.warehouse.table("article_days").metadata_location == before


def test_many_ids_are_found_like_few(room: Newsroom) -> None:
    index.add(room.warehouse, run_of("a"), loose([story(n) for n in range(400)]))
    table = room.warehouse.table("article_days")
    for count in (1, index.FEW, index.FEW + 1, 400):
        assert len(index.days_of(table, [story_id(n) for n in range(count)])) == count


def test_a_run_writes_one_file_a_bucket_and_small_ones_are_folded_in(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "SMALL_FILES", 3)
    counts = []
    for turn in range(8):
        rows = loose([story(n) for n in range(turn * 100, turn * 100 + 100)])
        assert index.add(room.warehouse, run_of(f"{turn}"), rows) == 100
        counts.append(files(room))
    assert counts[0] == 4
    assert 8 < max(counts) <= 12  # never more than three small files in a bucket
    assert counts[3] < 6
    assert (
        len(index.days_of(room.warehouse.table("article_days"), [story_id(n) for n in range(900)]))
        == 800
    )


def test_an_index_of_more_buckets_is_kept_as_it_was_made(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "SMALL_FILES", 3)
    with monkeypatch.context() as before:
        sixteen = replace(ARTICLE_DAYS.partition, buckets=16)
        before.setitem(TABLES, "article_days", replace(ARTICLE_DAYS, partition=sixteen))
        room.warehouse.table("article_days")
    counts = []
    for turn in range(4):
        rows = loose([story(n) for n in range(turn * 100, turn * 100 + 100)])
        assert index.add(room.warehouse, run_of(f"{turn}"), rows) == 100
        counts.append(files(room))
    assert counts[0] == 16
    assert counts[3] < 24 < counts[2]  # small ones are folded in there, too


def test_only_days_that_the_index_names_are_read(room: Newsroom) -> None:
    for number, day in enumerate(DAYS):
        room.send(run_of(f"{number}", day), [story(number, published_at=at(day))])
    articles = room.warehouse.table("articles")
    for day, paths in room.files_by_day().items():
        if day != DAYS[1]:
            for path in paths:
                Path(path.removeprefix("file://")).unlink()
    rows = index.copies(room.warehouse, articles, [story_id(1)])
    assert rows["article_id"].to_pylist() == [story_id(1)]
