"""The consumer into a DuckDB file: whole days, moved stories, loads that meet, repeat and fail."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from contracts.at_once import at_once
from contracts.newsroom import DAY, Newsroom, at, newsroom, run_of, story, story_id
from newsdesk import steps
from newsdesk.connections import connect, open_warehouse
from newsdesk.consume import Loaded, load_day
from newsdesk.consume.duck import open_duck
from newsdesk.errors import CatalogError, SettingsError, StoreError, TargetError
from newsdesk.layout import Layout
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

BEFORE = DAY - dt.timedelta(days=1)
NIGHT = DAY + dt.timedelta(days=1)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path / "room")
    yield made
    made.warehouse.close()


@pytest.fixture
def target(tmp_path: Path) -> str:
    return str(tmp_path / "warehouse.duckdb")


def load(room: Newsroom, day: dt.date, target: str) -> Loaded:
    return load_day(room.warehouse, day, target, run_id="load", now=at(NIGHT, 2))


def ask(target: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(target)) as db:
        db.execute("SET TimeZone = 'UTC'")
        return db.execute(sql).fetchall()


def held(target: str) -> list[dict[str, Any]]:
    """The rows of the target, as the contract types them."""
    with closing(duckdb.connect(target)) as db:
        db.execute("SET TimeZone = 'UTC'")
        rows = db.execute("FROM news.articles ORDER BY article_id").to_arrow_table()
    found: list[dict[str, Any]] = rows.select(ARTICLES.arrow.names).to_pylist()
    return found


def days_of(target: str) -> dict[str, str]:
    return dict(ask(target, "SELECT article_id, published_at::DATE::VARCHAR FROM news.articles"))


def counts(loaded: Loaded) -> tuple[int, int, int, int]:
    return loaded.rows, loaded.added, loaded.changed, loaded.removed


def test_a_day_arrives_as_it_was_published(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    assert counts(load(room, DAY, target)) == (5, 5, 0, 0)
    assert held(target) == room.rows()
    kinds = dict(ask(target, "SELECT column_name, column_type FROM (DESCRIBE news.articles)"))
    assert kinds["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert kinds["bylines"] == 'STRUCT("name" VARCHAR, kind VARCHAR, "role" VARCHAR)[]'
    assert kinds["field_rules"] == "MAP(VARCHAR, VARCHAR)"
    assert kinds["content_hash"] == "BLOB"


def test_a_second_load_changes_nothing_and_says_so(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    first = load(room, DAY, target)
    assert not first.unchanged
    size = Path(target).stat().st_size
    again = load(room, DAY, target)
    assert again.unchanged
    assert (again.rows, again.snapshot) == (5, first.snapshot)
    assert Path(target).stat().st_size == size


def test_another_days_snapshot_leaves_a_day_unchanged(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    room.send(run_of("b", BEFORE), [story(9, published_at=at(BEFORE))])
    assert load(room, DAY, target).unchanged
    loads = ask(target, "SELECT day, rows, run_id, loaded_at FROM news.loads")
    assert loads == [(DAY, 5, "load", at(NIGHT, 2))]


def test_a_day_that_somebody_emptied_is_filled_again(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    ask(target, "DELETE FROM news.articles")
    assert counts(load(room, DAY, target)) == (5, 5, 0, 0)


def test_edited_and_new_stories_are_counted(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    edited = story(0, text="Edited.", captured_at=at(NIGHT, 5))
    room.send(run_of("b"), [edited, story(7)])
    assert counts(load(room, DAY, target)) == (6, 1, 1, 0)
    assert held(target) == room.rows()


# A story whose date moved, from the day before to the day


@pytest.fixture
def moved(room: Newsroom, target: str) -> Newsroom:
    room.send(run_of("a", BEFORE), [story(n, published_at=at(BEFORE, 20)) for n in range(3)])
    room.send(run_of("b"), [story(n) for n in range(3, 6)])
    load(room, BEFORE, target)
    load(room, DAY, target)
    later = story(0, published_at=at(DAY, 2), captured_at=at(NIGHT, 5))
    changes = room.send(run_of("c"), [later])
    assert [change.day for change in changes.days] == [BEFORE, DAY]
    return room


@pytest.mark.parametrize(
    "order",
    [(BEFORE, DAY), (DAY, BEFORE), (BEFORE,), (DAY,)],
    ids=["the day it left first", "the day it came to first", "only the first", "only the other"],
)
def test_it_stands_once_on_its_new_day_after_every_load(
    moved: Newsroom, target: str, order: tuple[dt.date, ...]
) -> None:
    for day in order:
        load(moved, day, target)
        assert days_of(target)[story_id(0)] == str(DAY)
        assert held(target) == moved.rows()


def test_how_a_move_is_counted(moved: Newsroom, target: str) -> None:
    assert counts(load(moved, BEFORE, target)) == (2, 0, 0, 1)
    assert counts(load(moved, DAY, target)) == (4, 0, 0, 0)  # it came along already


def test_there_and_back_again(moved: Newsroom, target: str) -> None:
    load(moved, BEFORE, target)
    back = story(0, published_at=at(BEFORE, 20), captured_at=at(NIGHT, 9))
    moved.send(run_of("d"), [back])
    for day in (DAY, BEFORE):
        load(moved, day, target)
        assert held(target) == moved.rows()


# What the target looks like before


def test_a_column_that_is_new_in_the_contract_is_added(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(3)])
    load(room, DAY, target)
    ask(target, "ALTER TABLE news.articles DROP COLUMN lead_image")
    ask(target, "ALTER TABLE news.articles DROP COLUMN access")
    assert load(room, DAY, target).unchanged  # the column is there; old days fill as they change
    room.send(run_of("b"), [story(7)])
    load(room, DAY, target)
    assert held(target) == room.rows()


def test_a_column_of_another_type_is_named(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(1)])
    load(room, DAY, target)
    ask(target, "ALTER TABLE news.articles ALTER word_count TYPE VARCHAR")
    with pytest.raises(TargetError, match=r"news.articles.word_count is VARCHAR, expected INTEGER"):
        load(room, DAY, target)


def test_what_else_is_in_the_file_stays(room: Newsroom, target: str) -> None:
    ask(target, "CREATE TABLE mine AS SELECT 1 AS one")
    room.send(run_of("a"), [story(1)])
    load(room, DAY, target)
    assert ask(target, "FROM mine") == [(1,)]


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("mysql://u:secret@h/d", SettingsError, "NEWSDESK_WAREHOUSE: is neither"),
        ("{folder}/no/such/folder.duckdb", TargetError, "folder.duckdb: .*Cannot open file"),
        ("{folder}/text.duckdb", TargetError, "text.duckdb: .*not a valid DuckDB"),
        (
            "postgresql://u:secret@h/d?nonsense=1",
            SettingsError,
            "NEWSDESK_WAREHOUSE: is no address",
        ),
        ("postgresql://u:secret@127.0.0.1:1/d", TargetError, "^postgresql://127.0.0.1:1/d: "),
    ],
)
def test_a_target_that_cannot_be_opened_is_named_without_its_password(
    room: Newsroom, tmp_path: Path, address: str, error: type[Exception], said: str
) -> None:
    room.send(run_of("a"), [story(1)])
    (tmp_path / "text.duckdb").write_text("no database " * 2000)
    with pytest.raises(error, match=said) as caught:
        load(room, DAY, address.format(folder=tmp_path))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_published_yet(room: Newsroom, target: str) -> None:
    with pytest.raises(CatalogError, match=r"test_news.articles: nothing was published yet"):
        load(room, DAY, target)


# The step, from a real bucket


def test_the_step_says_what_it_did(lake: Lake, target: str) -> None:
    settings = replace(lake.settings, warehouse=target)
    room = Newsroom(open_warehouse(settings), lake.store, Layout(settings.env))
    done = room.send(run_of("a"), [story(n) for n in range(5)])
    told = {"day": "2026-01-15", "rows": 5, "snapshot": done.days[0].snapshot}
    first = steps.load(connect(settings), DAY, "load")
    assert first == {**told, "added": 5, "changed": 0, "removed": 0, "unchanged": False}
    again = steps.load(connect(settings), DAY, "load")
    assert again == {**told, "added": 0, "changed": 0, "removed": 0, "unchanged": True}
    assert held(target) == room.rows()
    room.warehouse.close()


def test_the_step_without_a_target(lake: Lake) -> None:
    with pytest.raises(SettingsError, match="^NEWSDESK_WAREHOUSE: is not set"):
        steps.load(connect(lake.settings), DAY, "load")


# Loads that fail and loads that meet


def test_a_load_that_dies_before_its_end_leaves_the_day_before(
    room: Newsroom, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    before = held(target)
    room.send(run_of("b"), [story(0, text="Edited.", captured_at=at(NIGHT, 5)), story(7)])

    class Killed(BaseException):
        pass

    from newsdesk.consume import duck

    really = duck.DuckTarget.execute

    def execute(self: Any, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        done = really(self, sql, *values)
        if sql.startswith("INSERT INTO news.articles"):
            raise Killed
        return done

    with monkeypatch.context() as patched:
        patched.setattr(duck.DuckTarget, "execute", execute)
        with pytest.raises(Killed):
            load(room, DAY, target)
    assert held(target) == before
    assert counts(load(room, DAY, target)) == (6, 1, 1, 0)


def test_a_file_that_cannot_be_read_is_an_error_of_the_store(
    room: Newsroom, target: str, tmp_path: Path
) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    load(room, DAY, target)
    before = held(target)
    room.send(run_of("b"), [story(7)])
    for path in (tmp_path / "room").rglob("articles/data/**/*.parquet"):
        path.unlink()
    with pytest.raises(StoreError, match="^articles: the store failed: "):
        load(room, DAY, target)
    assert held(target) == before


HOLD = """
import duckdb, sys, time
db = duckdb.connect(sys.argv[1])
print("open", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held_open(path: str, seconds: float) -> Iterator[None]:
    """Another process that has the file open for so long."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path, str(seconds)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        yield
        other.terminate()


def test_a_load_waits_for_another_process(room: Newsroom, target: str) -> None:
    room.send(run_of("a"), [story(n) for n in range(5)])
    with held_open(target, 1.0):
        assert load(room, DAY, target).rows == 5


def test_a_file_in_use_for_too_long_is_named(target: str) -> None:
    said = rf"{target}: others have kept it open for 0 s: .*PID"
    with (
        held_open(target, 60.0),
        pytest.raises(TargetError, match=said),
        open_duck(target, wait=0.2),
    ):
        pass


def test_loads_of_the_same_days_at_once_take_turns(room: Newsroom, target: str) -> None:
    room.send(run_of("a", BEFORE), [story(n, published_at=at(BEFORE, 20)) for n in range(3)])
    room.send(run_of("b"), [story(n) for n in range(3, 6)])
    at_once(*(partial(load, room, day, target) for day in (DAY, BEFORE, DAY, BEFORE)))
    assert held(target) == room.rows()
