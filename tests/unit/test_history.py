"""What was known when: versions of a story, and the tables as of a moment."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    loose,
    newsroom,
    run_of,
    story,
    story_id,
    url_of,
)
from newsdesk import query
from newsdesk.article import Article, Rejection
from newsdesk.errors import QueryError
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.merge import merge
from newsdesk.tables.schema import ARTICLES, REVISIONS

NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    yield made
    made.warehouse.close()


def edit(text: str, hour: float, number: int = 1, **changes: Any) -> Article:
    return story(number, text=text, captured_at=at(NEXT, hour), **changes)


def as_of(room: Newsroom, moment: dt.datetime) -> list[dict[str, Any]]:
    result = query.query(room.warehouse, "FROM news.articles ORDER BY article_id", as_of=moment)
    assert result.columns == tuple(ARTICLES.arrow.names)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def now(room: Newsroom) -> list[dict[str, Any]]:
    """The table itself, with maps as DuckDB gives them."""
    return [{**row, "field_rules": dict(row["field_rules"])} for row in room.rows()]


def changes(room: Newsroom, number: int = 1) -> list[str]:
    return [one.change for one in query.revisions(room.warehouse, story_id(number))]


# Versions


def test_an_edit_undone_is_three_versions(room: Newsroom) -> None:
    for hour, text in ((1, "Calm."), (2, "Storm."), (3, "Calm.")):
        room.send(run_of(f"{hour}"), [edit(text, hour)])
    assert [row["body"] for row in room.rows("revisions")] == ["Calm.", "Storm.", "Calm."]
    assert changes(room) == ["first", "edited", "edited"]
    assert {row["kind"] for row in room.rows("revisions")} == {"capture"}
    assert [row["captured_at"] for row in room.rows()] == [at(NEXT, 3)]


def test_another_reader_is_told_from_an_edit(room: Newsroom) -> None:
    first = edit("The ferry left.", 1)
    read_again = replace(
        first, reader_version=2, body="The ferry left.\n\nLate.", content_hash=b"n" * 32
    )
    room.send(run_of("a"), [first])
    room.send(run_of("again"), [read_again], kind="reread")
    room.send(run_of("b"), [edit("The ferry came.", 5, reader_version=2)])
    room.send(run_of("c"), [edit("The ferry came.", 6, reader_version=3)])
    room.send(run_of("d"), [edit("The ferry sank.", 7, reader_version=4)])
    kinds = [(row["reader_version"], row["kind"]) for row in room.rows("revisions")]
    assert kinds == [(1, "capture"), (2, "reread"), (2, "capture"), (3, "capture"), (4, "capture")]
    assert changes(room) == ["first", "reread", "edited", "same", "unclear"]
    assert room.rows()[0]["body"] == "The ferry sank."


def test_a_row_that_waited_keeps_how_it_came_to_be(room: Newsroom) -> None:
    room.judge = lambda pair, image: image.num_rows > 1  # type: ignore[attr-defined]
    room.send(run_of("again"), [edit("Read again.", 1, reader_version=2)], kind="reread")
    assert room.rows("revisions") == []
    room.send(run_of("b"), [edit("Another.", 1, number=2)])
    kinds = {row["article_id"]: row["kind"] for row in room.rows("revisions")}
    assert kinds == {story_id(1): "reread", story_id(2): "capture"}


def test_versions_come_in_the_order_in_which_they_win_whenever_they_were_written(
    room: Newsroom,
) -> None:
    room.send(run_of("late"), [edit("Second.", 5)], now=at(NEXT, 6))
    room.send(run_of("early"), [edit("First.", 1)], now=at(NEXT, 7))
    first, second = query.revisions(room.warehouse, story_id(1))
    assert (first.run_id, first.change, first.recorded_at) == ("early", "first", at(NEXT, 7))
    assert (second.run_id, second.change, second.recorded_at) == ("late", "edited", at(NEXT, 6))


def test_what_differs_is_shown_line_by_line(room: Newsroom) -> None:
    room.send(run_of("a"), [edit("One.\n\nTwo.\n\nThree.", 1)])
    later = edit("One.\n\nTwo and a half.\n\nThree.", 2, headline="Ferry 1 is late")
    room.send(run_of("b"), [later])
    first, second = query.revisions(room.warehouse, story_id(1))
    assert (first.headline, first.body) == ((), ())
    assert second.headline == ("-Ferry 1 leaves", "+Ferry 1 is late")
    assert second.body == ("-Two.", "+Two and a half.")


def test_a_story_is_found_by_every_address_it_had(room: Newsroom) -> None:
    amp = f"{url_of(1)}/amp"
    room.send(run_of("a"), [edit("One.", 1, url=amp)])
    room.send(run_of("b"), [edit("Two.", 30), edit("Another.", 30, number=2)])
    for address in (amp, url_of(1), story_id(1)):
        assert [v.url for v in query.revisions(room.warehouse, address)] == [amp, url_of(1)]
    assert query.revisions(room.warehouse, "https://harbour-post.example/none") == ()


def test_a_paper_knows_which_story_an_address_is(room: Newsroom) -> None:
    from newsdesk.sources import PACKAGED, load_sources

    source = load_sources([PACKAGED])["daily_sabah"]
    address = "https://www.dailysabah.com/world/asia-pacific/ferry-leaves"
    one = edit("One.", 1, url=address, canonical_url=address, source="daily_sabah")
    room.send(run_of("a"), [replace(one, article_id=source.article_id(address))])
    asked = "http://dailysabah.com/world/asia-pacific/ferry-leaves/amp?utm_source=x"
    assert query.revisions(room.warehouse, asked) == ()
    assert len(query.revisions(room.warehouse, asked, [source])) == 1


def test_before_anything_is_published(room: Newsroom) -> None:
    assert query.revisions(room.warehouse, story_id(1)) == ()
    assert as_of(room, at(NEXT, 9)) == []


def test_how_versions_are_shown(room: Newsroom) -> None:
    room.send(run_of("a"), [edit("Calm.", 1)])
    room.send(run_of("b"), [edit("[red]Storm.\x1b[2J", 2)])
    versions = query.revisions(room.warehouse, story_id(1))
    console = Console(file=io.StringIO(), width=100, highlight=False)
    query.show_revisions(versions, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1. 2026-01-16 01:00:00Z  first version" in text
    assert "2. 2026-01-16 02:00:00Z  edited by the paper" in text
    assert "-Calm." in text
    assert "+[red]Storm. [2J" in text
    assert "\x1b" not in text
    console = Console(file=io.StringIO())
    query.show_revisions(versions, console, as_json=True)
    first, second = map(json.loads, console.file.getvalue().splitlines())  # type: ignore[attr-defined]
    assert first["change"] == "first"
    assert second["body"] == ["-Calm.", "+[red]Storm.\x1b[2J"]
    assert second["captured_at"] == "2026-01-16T02:00:00+00:00"


# As of a moment


def test_the_tables_as_they_were_known_after_each_run(room: Newsroom) -> None:
    runs = [
        ("a", 2, [edit("One.", 1), edit("Two.", 1, number=2)]),
        ("b", 4, [edit("One, edited.", 3), edit("Three.", 3, number=3)]),
        (
            "c",
            6,
            [edit("Two, late.", 0.5, number=2), edit("One, moved.", 5, published_at=at(NEXT))],
        ),
    ]
    seen = [(at(NEXT, 1), [])]
    for name, hour, stories in runs:
        room.send(run_of(name), stories, now=at(NEXT, hour))
        seen.append((at(NEXT, hour), now(room)))
    assert len(seen[-1][1]) == 3
    for moment, rows in seen:
        assert as_of(room, moment) == rows
        assert as_of(room, moment + dt.timedelta(minutes=59)) == rows


def test_a_page_that_was_harvested_later_was_not_known_before(room: Newsroom) -> None:
    room.send(run_of("today"), [edit("Today.", 1)], now=at(NEXT, 2))
    month = DAY + dt.timedelta(days=30)
    old = story(5, captured_at=at(DAY, 3), published_at=at(DAY, 2))
    room.send(run_of("backfill"), [old], now=at(month))
    assert [row["article_id"] for row in as_of(room, at(NEXT, 3))] == [story_id(1)]
    assert len(as_of(room, at(month))) == 2


def test_an_hour_in_another_zone_is_the_same_moment(room: Newsroom) -> None:
    room.send(run_of("a"), [edit("One.", 1)], now=at(NEXT, 2))
    ankara = dt.timezone(dt.timedelta(hours=3))
    assert as_of(room, dt.datetime(2026, 1, 16, 4, 59, tzinfo=ankara)) == []
    assert len(as_of(room, dt.datetime(2026, 1, 16, 5, 0, tzinfo=ankara))) == 1


def tombstone(room: Newsroom, number: int, recorded_at: dt.datetime) -> None:
    """A version that was read as a refusal by a newer reader."""
    (row,) = [r for r in room.rows("revisions") if r["article_id"] == story_id(number)][-1:]
    row |= {"kind": "tombstone", "reader_version": 2, "recorded_at": recorded_at}
    rows = pa.Table.from_pylist([row], schema=REVISIONS.arrow)
    commit(room.warehouse.table("revisions"), Change([rows]), run_of("reread"))


def test_a_tombstone_takes_a_story_out_until_a_later_version(room: Newsroom) -> None:
    room.send(run_of("a"), [edit("One.", 1), edit("Two.", 1, number=2)], now=at(NEXT, 2))
    tombstone(room, 1, at(NEXT, 3))
    assert len(as_of(room, at(NEXT, 2))) == 2
    assert [row["article_id"] for row in as_of(room, at(NEXT, 3))] == [story_id(2)]
    assert changes(room) == ["first", "tombstone"]
    room.send(run_of("b"), [edit("One again.", 9)], now=at(NEXT, 10))
    assert len(as_of(room, at(NEXT, 3))) == 1
    assert len(as_of(room, at(NEXT, 10))) == 2
    assert changes(room)[-1] == "unclear"


def test_a_story_that_is_gone_says_so_as_soon_as_it_was_known(room: Newsroom) -> None:
    one = edit("One.", 1)
    room.send(run_of("a"), [one], now=at(NEXT, 2))
    for run, hour in (("b", 30), ("c", 40)):
        more = [
            capture_of(
                one, fate="missing", reason="http_404", status=404, captured_at=at(NEXT, hour)
            )
        ]
        room.send(run_of(run, NEXT), [], more_captures=more, now=at(NEXT, hour + 1))
        assert as_of(room, at(NEXT, hour + 1)) == now(room)
    (row,) = room.rows()
    assert row["withdrawn_at"] == at(NEXT, 30)
    assert [row["withdrawn_at"] for row in as_of(room, at(NEXT, 31))] == [None]
    assert changes(room) == ["first", "withdrawn"]
    room.send(run_of("d", NEXT), [edit("One, back.", 50)], now=at(NEXT, 51))
    assert as_of(room, at(NEXT, 51)) == now(room)
    assert [row["withdrawn_at"] for row in now(room)] == [None]
    assert changes(room) == ["first", "withdrawn", "edited"]


def test_what_else_remembers_and_what_does_not(room: Newsroom) -> None:
    refusal = Rejection(PAPER, url_of(6), story(6).captured_at, "soft_404", "", 1, story_id(6))
    run = run_of("a")
    more = [capture_of(story(6))]
    room.send(run, [edit("One.", 1)], rejections=[refusal], more_captures=more, now=at(NEXT, 2))

    def count(name: str, moment: dt.datetime) -> int:
        return len(list(query.query(room.warehouse, f"FROM news.{name}", as_of=moment).rows))

    for name, rows in (("revisions", 1), ("rejected", 1), ("article_bylines", 2)):
        assert count(name, at(NEXT, 1)) == 0
        assert count(name, at(NEXT, 2)) == rows
    for name in ("ledger", "checks", "coverage", "article_days"):
        with pytest.raises(QueryError, match=rf"news\.{name}: has no past"):
            count(name, at(NEXT, 2))
    with pytest.raises(QueryError, match="no_such_table"):
        count("no_such_table", at(NEXT, 2))


made = st.builds(
    dict,
    number=st.integers(1, 5),
    hour=st.integers(1, 4),
    text=st.sampled_from(["Calm.", "Storm.", "Rain."]),
    reader_version=st.integers(1, 2),
    published=st.integers(-40, 40),
    seen=st.integers(-40, 0),
    via=st.sets(st.sampled_from(["look", "landed", "given"])),
    gone=st.none() | st.integers(1, 6),
    recorded=st.integers(1, 3),
)
"""A version of one of five stories, and perhaps when the story was found to be gone."""


def version(one: dict[str, Any]) -> dict[str, Any]:
    changes = {"reader_version": one["reader_version"], "published_at": at(DAY, one["published"])}
    (row,) = loose([edit(one["text"], one["hour"], one["number"], **changes)]).to_pylist()
    row |= {
        "first_seen_at": at(DAY, one["seen"]),
        "discovered_via": sorted(one["via"]),
        "kind": "capture",
        "recorded_at": at(NEXT, one["recorded"]),
    }
    return row


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=st.lists(made, min_size=20, max_size=40))
def test_what_was_known_is_the_merge_of_the_versions_known(
    versions: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in versions:
        pages.setdefault((one["number"], one["hour"], one["text"], one["reader_version"]), one)
    known = [version(one) for one in pages.values()]
    marks = [  # later somebody finds a story gone: its row as it was, and since when
        version(one) | {"withdrawn_at": at(NEXT, one["gone"]), "kind": "withdrawn"}
        for one in pages.values()
        if one["gone"] is not None and one["gone"] > one["hour"]
    ]

    room = newsroom(tmp_path_factory.mktemp("room"))
    there = [{**row, "captured_at": row["withdrawn_at"]} for row in marks]
    rows = pa.Table.from_pylist(known + there, schema=REVISIONS.arrow)
    commit(room.warehouse.table("revisions"), Change([rows]), run_of("a"))
    for hour in (1, 2, 3):
        by_then = [row for row in known if row["recorded_at"] <= at(NEXT, hour)]
        by_then += [row for row in marks if row["recorded_at"] <= at(NEXT, hour)]
        wanted = merge([pa.Table.from_pylist(by_then, schema=ARTICLES.loose)]).to_pylist()
        found = as_of(room, at(NEXT, hour))
        assert [row["article_id"] for row in found] == [row["article_id"] for row in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert one == {**other, "field_rules": dict(other["field_rules"])}
    room.warehouse.close()
