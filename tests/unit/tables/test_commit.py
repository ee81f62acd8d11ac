"""Commits: one snapshot each, refused when another came first, made again from fresh."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.table import Table

from contracts.newsroom import (
    DAY,
    Newsroom,
    at,
    loose,
    newsroom,
    run_of,
    story,
    url_of,
)
from newsdesk.article import LedgerEntry, Rejection
from newsdesk.errors import CatalogError
from newsdesk.tables import commit as commits
from newsdesk.tables.commit import Change, commit, commit_fresh, is_conflict, snapshots_of
from newsdesk.tables.replace import append_absent, replace_run
from newsdesk.tables.rows import ledger_rows, rejected_rows
from newsdesk.tables.scan import days_filter, files
from newsdesk.tables.schema import ARTICLES

NOW = at(DAY + dt.timedelta(days=1), 2)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


def entry(number: int, fate: str = "published") -> LedgerEntry:
    return LedgerEntry("harbour_post", url_of(number), "a" * 32, fate)  # type: ignore[arg-type]


def test_a_handle_that_is_no_longer_the_newest_commits_nothing(room: Newsroom) -> None:
    early, late = room.warehouse.table("articles"), room.warehouse.table("articles")
    commit(early, Change([loose([story(1)])]), run_of("a"))
    with pytest.raises(Exception, match="ref|branch") as caught:
        commit(late, Change([loose([story(2)])]), run_of("b"))
    assert is_conflict(caught.value)
    assert [row["run_id"] for row in room.rows()] == ["run"]
    assert len(room.rows()) == 1


def test_an_error_that_is_no_conflict_is_told_apart() -> None:
    assert not is_conflict(ValueError("Mismatch in fields"))
    assert is_conflict(ValueError("Cannot add snapshot with sequence number 3 older than 3"))


def test_no_snapshot_in_the_history_shows_a_day_without_its_rows(room: Newsroom) -> None:
    table = room.warehouse.table("articles")
    commit(table, Change([loose([story(n) for n in range(3)])]), run_of("a"))
    drop = tuple(task.file for task in files(table, days_filter(ARTICLES, [DAY])))
    commit(table, Change([loose([story(n) for n in range(4)])], drop), run_of("b"))
    counts = [
        table.scan(snapshot_id=snapshot.snapshot_id).to_arrow().num_rows
        for snapshot in table.snapshots()
    ]
    assert counts == [3, 4]
    assert [len(snapshots_of(table, run)) for run in ("a", "b", "c")] == [1, 1, 0]


def test_rows_that_break_the_contract_are_not_committed(room: Newsroom) -> None:
    table = room.warehouse.table("articles")
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        commit(table, Change([loose([story(1, headline=None)])]), run_of("a"))
    assert room.rows() == []


def test_a_writer_who_always_loses_gives_up_and_says_where(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "pause", lambda attempt: None)
    monkeypatch.setattr(commits, "TRIES", 3)
    tries = []

    def build(table: Table) -> Change:
        tries.append(1)
        number = len(tries)
        commit(room.warehouse.table("articles"), Change([loose([story(number)])]), run_of("other"))
        return Change([loose([story(100)])])

    with pytest.raises(CatalogError, match=r"test_news\.articles: lost 3 commits"):
        commit_fresh(room.warehouse, "articles", run_of("a"), build)
    assert len(room.rows()) == 3


def test_rows_of_a_run_replace_its_own_and_no_others(room: Newsroom) -> None:
    def write(name: str, *entries: LedgerEntry, now: dt.datetime = NOW) -> int:
        rows = ledger_rows(entries, run=run_of(name), recorded_at=now)
        return replace_run(room.warehouse, "ledger", run_of(name), rows)

    assert write("scheduled__2026-01-15 first", entry(1)) == 1
    assert write("scheduled__2026-01-15 second", entry(1), entry(2)) == 2
    assert write("scheduled__2026-01-15 second", entry(2), entry(1), now=at(DAY)) == 0
    assert write("scheduled__2026-01-15 second", entry(1, "failed")) == 1
    found = {(row["run_id"][-6:], row["fate"]) for row in room.rows("ledger")}
    assert found == {(" first", "published"), ("second", "failed")}


def test_rows_of_others_in_the_same_file_stay(room: Newsroom) -> None:
    both = [ledger_rows([entry(1)], run=run_of(n), recorded_at=NOW) for n in ("a", "b")]
    together = pa.concat_tables(both)
    commit(room.warehouse.table("ledger"), Change([together]), run_of("upkeep"))
    rows = ledger_rows([entry(1, "failed")], run=run_of("b"), recorded_at=NOW)
    assert replace_run(room.warehouse, "ledger", run_of("b"), rows) == 1
    assert [(row["run_id"], row["fate"]) for row in room.rows("ledger")] == [
        ("a", "published"),
        ("b", "failed"),
    ]


def test_only_rows_with_a_new_key_are_appended(room: Newsroom) -> None:
    def refusal(number: int, reason: str) -> Rejection:
        made = story(number)
        return Rejection(
            made.source, made.url, made.captured_at, reason, "", 1, made.article_id, made.capture
        )

    def write(*refusals: Rejection) -> int:
        rows = rejected_rows(refusals, run=run_of("a"), recorded_at=NOW)
        return append_absent(room.warehouse, "rejected", run_of("a"), rows, "url")

    assert write(refusal(1, "soft_404"), refusal(1, "soft_404"), refusal(2, "soft_404")) == 2
    before = room.warehouse.table("rejected").metadata_location
    assert write(refusal(1, "soft_404")) == 0
    assert room.warehouse.table("rejected").metadata_location == before
    assert write(refusal(1, "too_short"), refusal(2, "soft_404")) == 1
    assert len(room.rows("rejected")) == 3


def test_far_days_are_read_apart_and_neighbours_as_one_range() -> None:
    days = [DAY + dt.timedelta(days=n) for n in (0, 1, 2, 9)]
    text = str(days_filter(ARTICLES, days))
    assert text.count("GreaterThanOrEqual") == 2
    assert "2026-01-18T00:00:00+00:00" in text
    assert "AlwaysFalse" in str(days_filter(ARTICLES, []))
