"""The consumer into a real PostgreSQL: types, turns, transactions, what readers see meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contracts.at_once import at_once
from contracts.newsroom import DAY, Newsroom, at, newsroom, run_of, story, story_id
from contracts.postgres import postgres
from newsdesk.article import Contributor
from newsdesk.consume import Loaded, load_day
from newsdesk.consume import postgres as loader
from newsdesk.consume.postgres import open_postgres
from newsdesk.errors import TargetError
from newsdesk.tables.schema import ARTICLES

pytestmark = pytest.mark.deploy

BEFORE = DAY - dt.timedelta(days=1)
NIGHT = DAY + dt.timedelta(days=1)
NESTED = {"bylines", "dateline", "lead_image", "topics", "keywords", "capture"}
NESTED |= {"discovered_via", "field_rules"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of our own on loopback; the address of its databases, without a name."""
    with postgres("news") as address:
        yield address


@pytest.fixture
def target(server: str) -> str:
    """An empty database."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS desk WITH (FORCE)")
        admin.execute("CREATE DATABASE desk")
    return f"{server}/desk"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path / "room")
    yield made
    made.warehouse.close()


def load(room: Newsroom, day: dt.date, target: str) -> Loaded:
    return load_day(room.warehouse, day, target, run_id="load", now=at(NIGHT, 2))


def ask(target: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(target) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def held(target: str) -> list[dict[str, Any]]:
    names = ARTICLES.arrow.names
    rows = ask(target, f"SELECT {', '.join(names)} FROM news.articles ORDER BY article_id")  # noqa: S608  # our own names
    return [dict(zip(names, row, strict=True)) for row in rows]


def as_jsonb(value: Any) -> Any:
    """A nested value of the contract as jsonb gives it back."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: as_jsonb(one) for key, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return dict(value)
    return [as_jsonb(one) for one in value] if isinstance(value, list) else value


def published(room: Newsroom) -> list[dict[str, Any]]:
    return [
        {name: as_jsonb(value) if name in NESTED else value for name, value in row.items()}
        for row in room.rows()
    ]


def counts(loaded: Loaded) -> tuple[int, int, int, int]:
    return loaded.rows, loaded.added, loaded.changed, loaded.removed


def test_a_day_arrives_as_it_was_published(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    assert counts(load(room, DAY, target)) == (5, 5, 0, 0)
    assert held(target) == published(room)
    kinds = dict(
        ask(
            target,
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'news' AND table_name = 'articles'",
        )
    )
    assert kinds["published_at"] == "timestamp with time zone"
    assert kinds["published_day_local"] == "date"
    assert kinds["content_hash"] == "bytea"
    assert {name for name, kind in kinds.items() if kind == "jsonb"} == NESTED
    assert ask(
        target, 'SELECT count(*) FROM news.articles WHERE bylines @> \'[{"name": "Mina Aral"}]\''
    ) == [(5,)]


def test_a_second_load_changes_nothing_and_says_so(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    before = ask(target, "SELECT article_id, xmin::text FROM news.articles ORDER BY 1")
    assert load(room, DAY, target).unchanged
    ask(target, "UPDATE news.loads SET files = ''")  # as if the files had been compacted
    assert load(room, DAY, target).unchanged
    assert ask(target, "SELECT article_id, xmin::text FROM news.articles ORDER BY 1") == before
    assert ask(target, "SELECT day, rows, run_id, loaded_at FROM news.loads") == [
        (DAY, 5, "load", at(NIGHT, 2))
    ]


def test_edited_and_new_stories_are_counted(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    signed = (Contributor("Deniz Ilter", "person"),)
    edited = story(0, bylines=signed, captured_at=at(NIGHT, 5), content_hash=b"e" * 32)
    room.send(run_of("b"), [edited, story(7)])
    assert counts(load(room, DAY, target)) == (6, 1, 1, 0)
    assert held(target) == published(room)


@pytest.mark.parametrize(
    "order",
    [(BEFORE, DAY), (DAY, BEFORE), (BEFORE,), (DAY,)],
    ids=["the day it left first", "the day it came to first", "only the first", "only the other"],
)
def test_a_story_whose_date_moved_stands_once_after_every_load(
    room: Newsroom, target: str, order: tuple[dt.date, ...]
) -> None:
    room.send(run_of("a", BEFORE), [story(n, published_at=at(BEFORE, 20)) for n in range(3)])
    room.send(run_of("b"), [story(n) for n in range(3, 6)])
    load(room, BEFORE, target)
    load(room, DAY, target)
    room.send(run_of("c"), [story(0, published_at=at(DAY, 2), captured_at=at(NIGHT, 5))])
    for day in order:
        load(room, day, target)
        rows = held(target)
        assert rows == published(room)
        assert {r["article_id"]: r["published_at"] for r in rows}[story_id(0)] == at(DAY, 2)


def test_a_column_that_is_new_in_the_contract_is_added(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(3)])
    load(room, DAY, target)
    ask(target, "ALTER TABLE news.articles DROP COLUMN lead_image, DROP COLUMN modified_at")
    room.send(run_of("b"), [story(7)])
    load(room, DAY, target)
    assert held(target) == published(room)


def test_a_column_of_another_type_is_named(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(1)])
    load(room, DAY, target)
    ask(target, "ALTER TABLE news.articles ALTER word_count TYPE text")
    with pytest.raises(TargetError, match=r"news.articles.word_count is text, expected int4"):
        load(room, DAY, target)


def test_a_role_that_may_only_write_to_its_tables_can_load(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(1)])
    load(room, DAY, target)
    ask(target, "DROP ROLE IF EXISTS loader")
    ask(target, "CREATE ROLE loader LOGIN")
    ask(target, "GRANT USAGE ON SCHEMA news TO loader")
    ask(target, "GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA news TO loader")
    room.send(run_of("b"), [story(2)])
    assert load(room, DAY, target.replace("news@", "loader@")).rows == 2


def test_a_nul_in_a_text_is_left_out(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(1, headline="A\x00B", keywords=("c\x00d",))])
    load(room, DAY, target)
    assert ask(target, "SELECT headline, keywords FROM news.articles") == [("AB", ["cd"])]


def test_readers_see_the_day_before_or_after(room: Newsroom, target: str) -> None:
    """A reader asks all the time while the day is loaded, edited, again and again."""
    room.send(run_of("a"), [story(n) for n in range(40)])
    load(room, DAY, target)
    seen: set[tuple[int, int]] = set()
    done = threading.Event()

    def reader() -> None:
        with psycopg.connect(target, autocommit=True) as connection:
            while not done.is_set():
                row = connection.execute(
                    "SELECT count(*), count(DISTINCT body LIKE 'Turn%') FROM news.articles"
                ).fetchone()
                assert row is not None
                seen.add(row)

    thread = threading.Thread(target=reader)
    thread.start()
    for turn in range(3):
        later = at(NIGHT, 5 + turn)
        text = f"Turn {turn}."
        room.send(run_of(f"b{turn}"), [story(n, text=text, captured_at=later) for n in range(40)])
        assert load(room, DAY, target).changed == 40
    done.set()
    thread.join()
    assert seen == {(40, 1)}


def test_a_load_that_dies_before_its_end_leaves_the_day_before(
    room: Newsroom, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    before = held(target)
    room.send(run_of("b"), [story(7)])
    really = loader.PostgresTarget.execute

    class Killed(BaseException):
        pass

    def execute(self: Any, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        found = really(self, sql, *values)
        if sql.startswith("INSERT INTO news.articles"):
            raise Killed
        return found

    with monkeypatch.context() as patched:
        patched.setattr(loader.PostgresTarget, "execute", execute)
        with pytest.raises(Killed):
            load(room, DAY, target)
    assert held(target) == before
    assert counts(load(room, DAY, target)) == (6, 1, 0, 0)


def test_loads_at_once_take_turns(room: Newsroom, target: str) -> None:
    room.send(run_of("a", BEFORE), [story(n, published_at=at(BEFORE, 20)) for n in range(3)])
    room.send(run_of("b"), [story(n) for n in range(3, 6)])
    at_once(*(partial(load, room, day, target) for day in (DAY, BEFORE, DAY, BEFORE)))
    assert held(target) == published(room)


def test_a_load_that_waits_for_too_long_says_so(target: str) -> None:
    with (
        open_postgres(target),
        pytest.raises(TargetError, match=r"/desk: another load did not end within 0 s"),
        open_postgres(target, wait=0.3),
    ):
        pass


def test_a_database_that_is_not_there_is_named(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(1)])
    address = target.replace("news@", "news:secret@").replace("/desk", "/nobodys")
    with pytest.raises(TargetError, match=r"/nobodys: .*does not exist") as caught:
        load(room, DAY, address)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
