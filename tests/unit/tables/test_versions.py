"""Versions that come into the table of versions, and leave it again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from contracts.newsroom import DAY, Newsroom, at, loose, newsroom, run_of, story
from newsdesk.tables.rows import revision_rows
from newsdesk.tables.versions import add_versions, take_back


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    yield made
    made.warehouse.close()


def version(number: int, hour: float = 30, **changes: Any) -> pa.Table:
    """One row of a story; what is not the page's own may be given."""
    rows = loose([story(number, captured_at=at(DAY, hour))])
    row = {**rows.to_pylist()[0], "kind": "capture", **changes}
    made = pa.Table.from_pylist([row], schema=rows.schema.append(pa.field("kind", pa.string())))
    return revision_rows(made, recorded_at=at(DAY, hour + 1))


def add(room: Newsroom, *rows: pa.Table) -> int:
    return add_versions(room.warehouse, run_of("a"), pa.concat_tables(rows))


KNOWN = [
    {"first_seen_at": at(DAY, 9), "discovered_via": ["look"], "field_rules": [("a", "look")]},
    {"first_seen_at": at(DAY, 7), "discovered_via": ["landed"], "field_rules": [("a", "feed")]},
    {"first_seen_at": at(DAY, 8), "discovered_via": ["given", "look"], "kind": "reread"},
]
"""What three runs know of the same page."""


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_a_version_there_is_one_row_whoever_came_first(
    room: Newsroom, order: tuple[int, ...]
) -> None:
    added = [add(room, version(1, **KNOWN[n]), version(2 + n)) for n in order]
    assert added == [2, 1, 1]
    (row,) = [row for row in room.rows("revisions") if row["headline"] == "Ferry 1 leaves"]
    assert row["discovered_via"] == ["given", "landed", "look"]
    assert row["first_seen_at"] == at(DAY, 7)
    assert dict(row["field_rules"]) == {"a": "feed"}
    assert row["kind"] == "capture"
    assert row["body"] == story(1).body
    assert len(room.rows("revisions")) == 4


def test_what_is_known_already_is_not_written_again(room: Newsroom) -> None:
    assert add(room, *(version(1, **known) for known in KNOWN), version(2)) == 2
    before = room.warehouse.table("revisions").metadata_location
    for known in KNOWN:
        assert add(room, version(1, **known)) == 0
    assert room.warehouse.table("revisions").metadata_location == before


def test_a_file_without_a_row_that_learns_something_stays(room: Newsroom) -> None:
    add(room, version(1, **KNOWN[0]))
    add(room, version(2))

    def files() -> set[str]:
        return {
            task.file.file_path for task in room.warehouse.table("revisions").scan().plan_files()
        }

    before = files()
    assert add(room, version(1, **KNOWN[1])) == 0
    assert len(before & files()) == 1
    assert len(room.rows("revisions")) == 2


def test_versions_taken_back_are_gone_and_given(room: Newsroom) -> None:
    def numbers(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
        return sorted((row["headline"][6], row["captured_at"].hour) for row in rows)

    add(room, version(1, 30), version(1, 31), version(2, 30))
    gone = take_back(
        room.warehouse, run_of("a"), pa.concat_tables([version(1, 31), version(3, 31)])
    )
    assert numbers(gone.to_pylist()) == [("1", 7)]
    assert numbers(room.rows("revisions")) == [("1", 6), ("2", 6)]
    before = room.warehouse.table("revisions").metadata_location
    assert take_back(room.warehouse, run_of("a"), version(1, 31)).num_rows == 0
    assert room.warehouse.table("revisions").metadata_location == before
    assert add(room, gone) == 1
    assert numbers(room.rows("revisions")) == [("1", 6), ("1", 7), ("2", 6)]


def test_nothing_is_taken_back_before_there_is_a_table(room: Newsroom) -> None:
    assert take_back(room.warehouse, run_of("a"), version(1)).num_rows == 0
    assert room.warehouse.existing("revisions") is None
