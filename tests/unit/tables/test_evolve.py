"""Columns that are new in the contract: added on opening, null in old rows, old readers go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from contracts.at_once import at_once
from contracts.newsroom import DAY, Newsroom, local_warehouse, loose, newsroom, run_of, story
from newsdesk import query
from newsdesk.errors import CatalogError
from newsdesk.tables import TABLES, catalog, commit
from newsdesk.tables.commit import Change
from newsdesk.tables.evolve import set_properties
from newsdesk.tables.scan import days_filter, read
from newsdesk.tables.schema import ARTICLES, Column, TableShape

MOOD = Column("mood", pa.string(), "Mood of the story.", "calm", "when unknown")
PART = Column("desk", pa.string(), "Desk of the contributor.", "World", "when unknown")


def grown(shape: TableShape = ARTICLES, new: Column = MOOD) -> TableShape:
    """The declaration of a later version: one more column, in the middle, and one more part."""
    columns = []
    for column in shape.columns:
        if column.name == "bylines":
            column = replace(column, parts=(*column.parts, PART))
        columns.append(column)
        if column.name == "headline":
            columns.append(new)
    return replace(shape, columns=tuple(columns))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    made.send(run_of("a"), [story(n) for n in range(3)])
    yield made
    made.warehouse.close()


def later(monkeypatch: pytest.MonkeyPatch, shape: TableShape) -> TableShape:
    for module in (catalog, commit):
        monkeypatch.setitem(module.TABLES, shape.name, shape)
    return shape


def with_mood(rows: pa.Table, shape: TableShape, mood: str) -> pa.Table:
    made = [
        {
            **row,
            "mood": mood,
            "bylines": [{**one, "desk": "World"} for one in row["bylines"]],
        }
        for row in rows.to_pylist()
    ]
    return pa.Table.from_pylist(made, schema=shape.arrow)


def test_a_new_column_is_added_on_opening_and_null_in_old_rows(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = later(monkeypatch, grown())
    table = room.warehouse.table("articles")
    assert {"mood", "bylines.element.desk"} <= set(table.schema().column_names)
    rows = read(table, shape, days_filter(shape, [DAY]))
    assert rows.schema == shape.arrow
    assert rows["mood"].to_pylist() == [None] * 3
    assert {one["desk"] for row in rows["bylines"].to_pylist() for one in row} == {None}
    before = table.metadata_location
    assert room.warehouse.table("articles").metadata_location == before  # done once


def test_written_again_old_days_have_it_and_readers_of_the_old_contract_go_on(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_handle = room.warehouse.table("articles")
    with monkeypatch.context() as patched:
        shape = later(patched, grown())
        table = room.warehouse.table("articles")
        tasks = tuple(task.file for task in table.scan().plan_files())
        again = with_mood(loose([story(n) for n in range(3)]), shape, "calm")
        commit.commit(table, Change([again], tasks), run_of("reread"))
        rows = read(room.warehouse.table("articles"), shape, days_filter(shape, [DAY]))
        assert rows["mood"].to_pylist() == ["calm"] * 3
        (asked,) = query.query(
            room.warehouse, "SELECT mood, count(*) FROM news.articles GROUP BY 1"
        ).rows
        assert asked == ("calm", 3)
    # The old process: it reads by name what it knows, whenever it opened the table.
    for handle in (old_handle, room.warehouse.table("articles")):
        rows = read(handle, ARTICLES, days_filter(ARTICLES, [DAY]))
        assert rows.schema == ARTICLES.arrow
        assert rows.num_rows == 3


def test_an_old_process_does_not_write_over_what_it_does_not_know(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        later(patched, grown())
        room.warehouse.table("articles")
    with pytest.raises(CatalogError, match=r"test_news\.articles: a newer newsdesk added .*mood"):
        room.send(run_of("b"), [story(7)])
    assert room.warehouse.table("articles").scan().count() == 3


def test_a_new_column_that_may_never_be_null_is_refused_by_name(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, grown(new=replace(MOOD, null=None)))
    with pytest.raises(CatalogError, match=r"test_news\.articles: .*mood"):
        room.warehouse.table("articles")


def test_processes_that_find_the_same_new_column_at_once_all_end_well(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, grown())

    def use() -> list[str]:
        with closing(local_warehouse(tmp_path)) as mine:
            return list(mine.table("articles").schema().column_names)

    assert all("mood" in columns for columns in at_once(*[use] * 4))
    assert len(room.warehouse.table("articles").schema().fields) == len(ARTICLES.columns) + 1


def test_a_writer_that_opened_the_table_before_commits_after(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run in the middle of its publish: its snapshot has the old columns, and stays readable."""
    old_handle = room.warehouse.table("articles")
    shape = grown()
    with monkeypatch.context() as patched:
        later(patched, shape)
        room.warehouse.table("articles")
    commit.commit(old_handle, Change([loose([story(8)])]), run_of("b"))
    later(monkeypatch, shape)
    rows = read(room.warehouse.table("articles"), shape, days_filter(shape, [DAY]))
    assert rows["mood"].to_pylist() == [None] * 4


def test_properties_are_set_when_they_differ(room: Newsroom) -> None:
    table = room.warehouse.table("articles")
    wanted: dict[str, Any] = catalog.properties_of(TABLES["articles"])
    assert not set_properties(table, wanted)
    assert set_properties(table, {**wanted, "write.parquet.compression-level": "12"})
    assert room.warehouse.table("articles").properties["write.parquet.compression-level"] == "12"
