"""The export in Hive's layout: whole versions, killed exports, unchanged days, old versions."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from contracts.memory_store import MemoryStore
from contracts.newsroom import DAY, Newsroom, at, loose, newsroom, run_of, story, story_id
from newsdesk.article import Article
from newsdesk.consume.hive import Exported, export_day
from newsdesk.errors import CatalogError
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.scan import files

BEFORE = DAY - dt.timedelta(days=1)
NIGHT = DAY + dt.timedelta(days=1)
KEEP = dt.timedelta(days=3)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    stand(made, story(1), story(2))
    yield made
    made.warehouse.close()


def export(room: Newsroom, day: dt.date = DAY, *, hours: float = 2, **changes: Any) -> Exported:
    parts = {"run_id": "export", "now": at(NIGHT, hours), "keep": KEEP, **changes}
    return export_day(room.warehouse, room.store, room.layout, day, **parts)


def read(room: Newsroom, day: dt.date = DAY) -> list[dict[str, Any]]:
    """The day as a reader has it who follows the manifest."""
    lines = room.store.get(room.layout.hive_day(day)).decode().splitlines()
    keys = [line.removeprefix("memory://") for line in lines]
    rows = [
        row for key in keys for row in pq.read_table(io.BytesIO(room.store.get(key))).to_pylist()
    ]
    return sorted(rows, key=lambda row: str(row["article_id"]))


def written(room: Newsroom) -> dict[str, str]:
    return {info.key: info.etag for info in room.store.list(f"{room.layout.env}/hive/")}


def stand(room: Newsroom, *stories: Article, one_file_each: bool = False) -> None:
    """Makes the table hold these stories and no others, in files of its own choice."""
    from pyiceberg.expressions import AlwaysTrue

    table = room.warehouse.table("articles")
    there = tuple(task.file for task in files(table, AlwaysTrue()))
    groups = [[one] for one in stories] if one_file_each else [stories]
    commit(table, Change([loose(list(group)) for group in groups], there), run_of("a"))


def edit(room: Newsroom, text: str) -> None:
    stand(room, story(1, text=text), story(2))


def test_the_rows_are_those_of_the_table(room: Newsroom) -> None:
    done = export(room)
    assert (done.rows, done.files, done.unchanged) == (2, 1, False)
    assert read(room) == room.rows()


def test_a_day_that_says_the_same_is_not_written_again(room: Newsroom) -> None:
    export(room)
    before = written(room)
    assert export(room, hours=3).unchanged
    stand(room, story(2), story(1), one_file_each=True)  # as compaction does, the other way round
    done = export(room, hours=4)
    assert (done.unchanged, done.rows, done.files) == (True, 2, 1)
    assert written(room) == before


def test_an_edit_and_a_story_that_left_make_a_new_version(room: Newsroom) -> None:
    export(room)
    moved = story(2, published_at=at(BEFORE))
    stand(room, story(1, text="Edited."), moved)
    assert export(room).rows == 1
    assert [row["body"] for row in read(room)] == ["Edited."]
    export(room, BEFORE)
    assert [row["article_id"] for row in read(room, BEFORE)] == [story_id(2)]


def test_a_day_that_every_story_left_is_empty_and_can_be_read(room: Newsroom) -> None:
    export(room)
    stand(room, story(1, published_at=at(BEFORE)))
    assert export(room).rows == 0
    assert read(room) == []


def test_a_day_without_stories_is_not_there(room: Newsroom) -> None:
    assert export(room, BEFORE) == Exported(BEFORE, 0, 0, 0, unchanged=True, removed=0)
    assert written(room) == {}


def test_nothing_to_export(tmp_path: Path) -> None:
    room = newsroom(tmp_path / "empty")
    with pytest.raises(CatalogError, match="nothing was published yet"):
        export(room)
    room.warehouse.close()


class Killed(Exception):
    pass


class Mortal(MemoryStore):
    """A store whose user is killed at one of its writes, before or after it is done."""

    def __init__(self, inner: MemoryStore, at_write: int, *, done: bool) -> None:
        super().__init__()
        self._objects = inner._objects
        self.left = at_write
        self.done = done

    def put(self, key: str, body: bytes, **kind: Any) -> str:
        self.left -= 1
        if self.left == 0 and not self.done:
            raise Killed
        tag = super().put(key, body, **kind)
        if self.left == 0:
            raise Killed
        return tag


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_killed_at_any_write(room: Newsroom, write: int, *, done: bool) -> None:
    export(room)
    old = read(room)
    edit(room, "An edit.")
    new = room.rows()
    assert new != old
    store = room.store
    assert isinstance(store, MemoryStore)
    with pytest.raises(Killed):
        export_day(
            room.warehouse,
            Mortal(store, write, done=done),
            room.layout,
            DAY,
            run_id="killed",
            now=at(NIGHT, 4),
            keep=KEEP,
        )
    assert read(room) == (new if (write, done) == (3, True) else old)
    export(room, hours=5)
    assert read(room) == new
    # Long after, what the killed one left is gone, and so is what the day was before.
    export(room, now=at(NIGHT, 5) + KEEP)
    assert read(room) == new
    assert len(written(room)) == 3


def test_no_export_puts_back_what_a_later_one_replaced(room: Newsroom) -> None:
    export(room)
    edit(room, "An edit.")
    store = room.store
    assert isinstance(store, MemoryStore)

    class Slow(MemoryStore):
        """Between its snapshot and its manifest another run publishes and exports."""

        def __init__(self) -> None:
            super().__init__()
            self._objects = store._objects
            self.came = False

        def put_if_match(self, key: str, body: bytes, etag: str | None, **kind: Any) -> str:
            if not self.came:
                self.came = True
                edit(room, "A later edit.")
                export(room, hours=6)
            return super().put_if_match(key, body, etag, **kind)

    done = export_day(
        room.warehouse, Slow(), room.layout, DAY, run_id="slow", now=at(NIGHT, 4), keep=KEEP
    )
    assert done.unchanged  # it looked again
    assert [row["body"] for row in read(room) if row["article_id"] == story_id(1)] == [
        "A later edit."
    ]


def test_an_old_version_stays_for_those_who_are_reading_it(room: Newsroom) -> None:
    export(room, now=at(NIGHT, 2) - dt.timedelta(days=30))
    first = room.store.get(room.layout.hive_day(DAY)).decode().split()
    edit(room, "An edit.")
    export(room, hours=4)  # the first is a month old, but only now replaced
    assert all(room.store.head(line.removeprefix("memory://")) for line in first)
    assert export(room, now=at(NIGHT, 3) + KEEP).removed == 0
    assert export(room, now=at(NIGHT, 4) + KEEP).removed == 2
    assert not any(room.store.head(line.removeprefix("memory://")) for line in first)


def test_old_versions_can_go_at_once(room: Newsroom) -> None:
    export(room)
    edit(room, "An edit.")
    assert export(room, hours=4, keep=dt.timedelta()).removed == 2
    assert read(room) == room.rows()
