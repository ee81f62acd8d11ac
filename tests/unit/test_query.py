"""Asking the tables: what a query may reach, how answers look, what coverage leaves unsaid."""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

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
from newsdesk import query
from newsdesk.article import Rejection
from newsdesk.errors import NewsdeskError
from newsdesk.query import sandbox
from newsdesk.query.coverage import watermark
from newsdesk.query.sandbox import Result
from newsdesk.tables import TABLES

NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    made = newsroom(tmp_path_factory.mktemp("room"))
    made.send(run_of("a"), [story(n) for n in range(4)])
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    made = newsroom(tmp_path_factory.mktemp("nothing"))
    yield made
    made.warehouse.close()


def ask(room: Newsroom, sql: str) -> list[tuple[Any, ...]]:
    return list(query.query(room.warehouse, sql).rows)


def shown(result: Result, form: Any = "table", width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    query.show(result, console, form=form)
    return console.file.getvalue()  # type: ignore[attr-defined]


def given_rows(*rows: tuple[Any, ...], columns: tuple[str, ...] = ("a", "b")) -> Result:
    return Result(columns[: len(rows[0])], iter(rows))


# What a query sees


def test_the_rows_are_those_of_the_table(room: Newsroom) -> None:
    found = ask(room, "SELECT article_id, published_at, bylines FROM news.articles")
    assert sorted(found) == sorted(
        (row["article_id"], row["published_at"], row["bylines"]) for row in room.rows()
    )
    assert {row[1].utcoffset() for row in found} == {dt.timedelta(0)}


def test_every_table_is_there_before_anything_is_published(nothing: Newsroom) -> None:
    for name, shape in TABLES.items():
        result = query.query(nothing.warehouse, f"FROM news.{name}")
        assert result.columns == tuple(shape.arrow.names)
        assert list(result.rows) == []


def test_a_table_that_is_made_and_has_no_rows_is_empty(nothing: Newsroom) -> None:
    nothing.warehouse.table("rejected")
    assert ask(nothing, "SELECT count(*) FROM news.rejected") == [(0,)]


def test_one_row_per_contributor(room: Newsroom) -> None:
    sql = "SELECT article_id, position, name, kind, role FROM news.article_bylines ORDER BY ALL"
    found = ask(room, sql)
    assert [row[1:] for row in found if row[0] == story_id(1)] == [
        (1, "Mina Aral", "person", None),
        (2, "HN", "agency", "with"),
    ]
    assert len(found) == 8


def test_columns_of_the_same_name_are_told_apart(room: Newsroom) -> None:
    result = query.query(room.warehouse, "SELECT 1 AS n, 2 AS n, 3 AS n_1")
    assert result.columns == ("n", "n_1", "n_1_1")


# What it may not do


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "DROP VIEW news.articles",
        "SET enable_external_access = true",
        "COPY news.articles TO 'x.csv'",
        "ATTACH 'x.db'",
        "INSTALL json",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'",
        "CREATE TABLE t AS SELECT 1",
    ],
)
def test_only_a_single_select_is_taken(room: Newsroom, sql: str) -> None:
    with pytest.raises(NewsdeskError, match="query: one SELECT is expected"):
        ask(room, sql)


@pytest.mark.parametrize("found", ["read_text", "read_blob", "read_csv", "parquet_scan", "glob"])
def test_files_outside_the_tables_are_out_of_reach(
    room: Newsroom, tmp_path: Path, found: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(NewsdeskError, match="disabled by configuration") as caught:
        ask(room, f"FROM {found}('{secret}')")
    assert "\n" not in str(caught.value)


def test_the_network_is_out_of_reach(room: Newsroom) -> None:
    with pytest.raises(NewsdeskError, match="disabled by configuration"):
        ask(room, "SELECT * FROM read_text('http://127.0.0.1:1/x')")


def test_nothing_is_written_to_the_home_folder(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ask(room, "SELECT count(*) FROM news.articles") == [(4,)]
    assert list(tmp_path.iterdir()) == []


def test_wrong_sql_is_one_line(room: Newsroom) -> None:
    with pytest.raises(NewsdeskError) as caught:
        ask(room, "SELECT nothing_such FROM news.articles")
    assert str(caught.value).startswith('query: Binder Error: Referenced column "nothing_such"')
    assert "LINE 1" not in str(caught.value)


def test_an_error_in_the_middle_of_the_rows_is_one_line_too(room: Newsroom) -> None:
    result = query.query(
        room.warehouse, "SELECT CASE WHEN i = 300000 THEN error('late') END FROM range(400000) t(i)"
    )
    with pytest.raises(NewsdeskError, match="^query: Invalid Input Error: late$"):
        list(result.rows)


def test_an_error_is_told_also_where_a_thread_that_it_stopped_is_heard_first() -> None:
    class Overheard:
        """A connection whose fetch meets that chance: about one of a hundred on a busy machine."""

        def __init__(self) -> None:
            self.db = duckdb.connect()

        def fetchmany(self, _: int) -> list[tuple[object, ...]]:
            raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

        def execute(self, sql: str) -> None:
            self.db.execute(sql)

        def close(self) -> None:
            self.db.close()

    rows = sandbox._rows(cast("Any", Overheard()), "SELECT error('late')", None)
    with pytest.raises(NewsdeskError, match="^query: Invalid Input Error: late$"):
        list(rows)


# How answers look


def test_json_lines_hold_every_type() -> None:
    row = (
        b"\x01\xff",
        dt.datetime(2026, 1, 15, 11, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        dt.date(2026, 1, 15),
        [{"name": "Zoë", "tags": {"a": 1}}],
        float("nan"),
        decimal.Decimal("1.5"),
        None,
        uuid.UUID(int=7),
        2**90,
    )
    names = tuple("abcdefghi")
    assert json.loads(shown(given_rows(row, columns=names), "json")) == {
        "a": "01ff",
        "b": "2026-01-15T08:00:00+00:00",
        "c": "2026-01-15",
        "d": [{"name": "Zoë", "tags": {"a": 1}}],
        "e": None,
        "f": 1.5,
        "g": None,
        "h": "00000000-0000-0000-0000-000000000007",
        "i": 2**90,
    }


@given(text=st.text(max_size=12), start=st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]))
def test_no_cell_of_a_csv_is_a_formula(text: str, start: str) -> None:
    written = io.StringIO(shown(given_rows((start + text, 1)), "csv"), newline="")
    header, row = list(csv.reader(written))
    assert header == ["a", "b"]
    assert row[0].removeprefix("'") == (start + text).removeprefix("'")
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_of_a_csv_stay_numbers() -> None:
    assert shown(given_rows((-1, -2.5), (None, True)), "csv") == "a,b\r\n-1,-2.5\r\n,true\r\n"


def test_a_table_obeys_no_control_characters_and_no_markup() -> None:
    text = shown(given_rows(("\x1b[31mred\x9b2J\u202eabc\r\nnext [bold]x[/bold]", 1)))
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text
    assert len([line for line in text.splitlines() if line.strip()]) == 4  # head, rule, row, count


def test_long_cells_are_cut_and_many_rows_are_counted() -> None:
    text = shown(given_rows(*[("x" * 500, n) for n in range(201)]), width=200)
    assert "x" * 71 + "…" in text
    assert "the first 200 rows (--json and --csv give all)" in text
    assert shown(given_rows(("x", 1))).endswith("1 row\n")


def test_wide_rows_are_shown_one_below_the_other(room: Newsroom) -> None:
    text = shown(query.query(room.warehouse, "SELECT * FROM news.articles LIMIT 2"))
    assert "row 2" in text
    for name in TABLES["articles"].arrow.names:
        assert name in text


# Coverage


def rows_of(*complete: bool | None, first: dt.date = DAY) -> dict[dt.date, dict[str, Any]]:
    """Coverage rows of days in a row; ``None``: only a stray story is known."""
    found = {}
    for number, good in enumerate(complete):
        day = first + dt.timedelta(days=number)
        gap = (at(day, 0), at(day, 24)) if good is None else (None, None)
        found[day] = {"complete": bool(good), "gap_from": gap[0], "gap_to": gap[1]}
    return found


@pytest.mark.parametrize(
    ("complete", "mark"),
    [
        ((True, True, True), 2),
        ((True, True, False, True), 1),
        ((False, True), None),
        ((None, True, True), 2),  # a stray story of an older day does not begin the paper
        ((True, None, True), 0),
        ((None, None), None),
    ],
)
def test_the_watermark_is_the_last_day_of_an_unbroken_row(
    complete: tuple[bool | None, ...], mark: int | None
) -> None:
    wanted = None if mark is None else DAY + dt.timedelta(days=mark)
    assert watermark(rows_of(*complete)) == wanted


def test_a_day_without_a_row_ends_the_row() -> None:
    rows = rows_of(True, True, True)
    del rows[NEXT]
    assert watermark(rows) == DAY


def test_status_of_what_was_published(room: Newsroom) -> None:
    (row,) = query.status(room.warehouse)
    assert (row.source, row.published_day, row.published, row.complete) == (PAPER, DAY, 4, True)
    assert row.watermark == DAY


def test_a_day_without_a_row_is_unknown_and_a_gap(room: Newsroom) -> None:
    rows = query.status(room.warehouse, DAY - dt.timedelta(days=1), NEXT)
    assert [row.verdict for row in rows] == ["unknown", "passed", "unknown"]
    silent = rows[0]
    assert (silent.published, silent.complete, silent.updated_at) == (None, False, None)
    assert (silent.gap_from, silent.gap_to) == (at(DAY, -24), at(DAY, 0))


def test_a_range_that_ends_before_it_begins_is_named(room: Newsroom) -> None:
    with pytest.raises(NewsdeskError, match="2026-01-16 to 2026-01-15: the range ends"):
        query.status(room.warehouse, NEXT, DAY)


def test_status_before_anything_is_published(nothing: Newsroom) -> None:
    assert query.status(nothing.warehouse) == ()


def refused(number: int, reason: str) -> dict[str, Any]:
    """A page that a run landed and did not take for a story."""
    page = story(number)
    why = Rejection(PAPER, page.url, page.captured_at, reason, "", 1, page.article_id, page.capture)
    return {"capture": capture_of(page), "why": replace(why, published_at=page.published_at)}


def test_rejected_stories_are_told_by_the_reason_that_was_said_last(tmp_path: Path) -> None:
    room = newsroom(tmp_path)

    def run(name: str, good: Iterable[int], bad: Mapping[int, str], day: dt.date = DAY) -> None:
        pages = [refused(number, reason) for number, reason in bad.items()]
        room.send(
            run_of(name, day),
            [story(n) for n in good],
            more_captures=[page["capture"] for page in pages],
            rejections=[page["why"] for page in pages],
        )

    run("a", [1], {2: "too_short", 3: "soft_404", 4: "too_short", 5: "too_short"})
    assert query.status(room.warehouse)[0].reasons == {"too_short": 3, "soft_404": 1}
    run("b", [2], {3: "paywall"}, NEXT)  # one was published since, one is refused otherwise
    first, second = query.status(room.warehouse, DAY, NEXT)
    assert (first.rejected, first.reasons) == (3, {"too_short": 2, "paywall": 1})
    assert (second.rejected, second.reasons) == (0, {})
    console = Console(file=io.StringIO(), width=140)
    query.show_status([first, second], console, env="dev")
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "rejected because" in text
    assert "too_short 2" in text
    assert "paywall 1" in text
    console = Console(file=io.StringIO())
    query.show_status([first], console, env="dev", as_json=True)
    assert json.loads(console.file.getvalue())["reasons"] == {"too_short": 2, "paywall": 1}  # type: ignore[attr-defined]
    room.warehouse.close()


def test_how_status_is_shown(room: Newsroom) -> None:
    rows = query.status(room.warehouse, DAY, NEXT)
    console = Console(file=io.StringIO(), width=120, highlight=False)
    query.show_status(rows, console, env="dev")
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "whole day" in text
    assert "rejected because" not in text  # nothing was
    assert f"{PAPER}: complete through {DAY}" in text
    console = Console(file=io.StringIO())
    query.show_status(rows, console, env="dev", as_json=True)
    first, second = map(json.loads, console.file.getvalue().splitlines())  # type: ignore[attr-defined]
    assert (first["published"], first["watermark"]) == (4, "2026-01-15")
    assert (second["published"], second["verdict"]) == (None, "unknown")
    assert second["gap_from"] == "2026-01-16T00:00:00+00:00"
