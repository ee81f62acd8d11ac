"""Upkeep on a real object store: beside a running writer, by the steps and from a shell."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyiceberg.table import StaticTable

from contracts.environment import environment_of
from contracts.newsroom import DAY, Newsroom, at, run_of, story, story_id
from newsdesk import steps
from newsdesk.__main__ import main
from newsdesk.connections import connect, open_warehouse
from newsdesk.errors import SettingsError
from newsdesk.layout import Layout
from newsdesk.settings import Settings
from newsdesk.tables import TABLES
from newsdesk.tables.upkeep import Rules

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

NEXT = DAY + dt.timedelta(days=1)
NOTHING_IS_YOUNG = Rules(keep_snapshots=dt.timedelta(), keep_last=1)


def desk_of(lake: Lake, rules: Rules = NOTHING_IS_YOUNG) -> steps.Desk:
    return connect(replace(lake.settings, upkeep=rules))


@pytest.fixture
def room(lake: Lake) -> Iterator[Newsroom]:
    made = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
    yield made
    made.warehouse.close()


def night(number: int) -> list[Any]:
    hour = 1 + number
    edited = [story(n, text=f"Edit {number}.", captured_at=at(NEXT, hour)) for n in range(3)]
    return [*edited, story(10 + number, captured_at=at(NEXT, hour))]


def keys(lake: Lake) -> set[str]:
    return {info.key for info in lake.store.list(f"{lake.settings.env}/tables/")}


def test_objects_are_truly_deleted_and_pointers_lead_to_what_is_there(
    lake: Lake, room: Newsroom
) -> None:
    for number in range(5):
        room.send(run_of(f"{number}"), night(number))
    before, rows = keys(lake), {name: room.rows(name) for name in TABLES}
    desk = desk_of(lake)
    reports = {name: steps.tidy(desk, name) for name in steps.table_names(desk)["tables"]}
    gone = before - keys(lake)
    assert len(gone) >= 60
    assert sum(told["deleted"] for told in reports.values()) == len(gone)
    assert {name: room.rows(name) for name in TABLES} == rows
    for name, told in reports.items():
        there = [i for i in lake.store.list(f"{lake.settings.env}/tables/{name}/")]
        assert told["files_after"] == len(there)
        assert told["bytes_after"] == sum(info.size for info in there)
        pointer = json.loads(lake.store.get(Layout(lake.settings.env).current(name)))
        table = StaticTable.from_metadata(
            pointer["metadata_location"], properties=dict(room.warehouse.catalog.properties)
        )
        assert table.scan().count() == len(rows[name])


@pytest.mark.faults
def test_beside_a_writer_neither_loses_anything(lake: Lake, room: Newsroom) -> None:
    """A publisher and upkeep that never rests, on the same tables at once; a reader all along."""
    done, failed = threading.Event(), []
    room.send(run_of("first"), night(0))

    def guarded(work: Any) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
                failed.append(error)

        return threading.Thread(target=run)

    def keep_up() -> None:
        desk = desk_of(lake, replace(NOTHING_IS_YOUNG, keep_last=3))
        while not done.is_set():
            for name in ("revisions", "articles", "ledger", "article_days"):
                steps.tidy(desk, name)

    def read() -> None:
        mine = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
        while not done.is_set():
            ids = [row["article_id"] for row in mine.rows()]
            assert len(ids) == len(set(ids)) >= 4
        mine.warehouse.close()

    threads = [guarded(keep_up), guarded(read)]
    for thread in threads:
        thread.start()
    for number in range(1, 7):
        room.send(run_of(f"{number}"), night(number))
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(room.rows()) == 3 + 7
    assert {row["body"] for row in room.rows() if row["article_id"] == story_id(1)} == {"Edit 6."}
    assert len(room.rows("revisions")) == 4 * 7
    assert len({row["run_id"] for row in room.rows("ledger")}) == 7


def test_from_a_shell(
    lake: Lake,
    room: Newsroom,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(3):
        room.send(run_of(f"{number}"), night(number))
    for name, value in environment_of(lake.settings).items():
        monkeypatch.setenv(name, value)
    there = keys(lake)
    assert main(["upkeep", "--dry-run"]) == 0
    assert "revisions: " in (said := capsys.readouterr().out)
    assert "(3 compacted into 1, 0 snapshots expired, 0 files deleted)" in said
    assert "raw: 0 files, 0 bytes, 0 removed" in said
    assert keys(lake) == there
    assert main(["upkeep", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("table") for line in lines] == [*TABLES, None]
    assert lines[1]["compacted"] == 3

    assert main(["revisions", story_id(1), "--json"]) == 0
    versions = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [version["change"] for version in versions] == ["first", "edited", "edited"]
    assert main(["revisions", "https://harbour-post.example/nothing"]) == 1
    assert "no version of such a story" in capsys.readouterr().err
    sql = "SELECT count(*) AS stories FROM news.articles"
    assert main(["query", sql, "--json", "--as-of", "2026-01-16T00:59"]) == 0
    assert json.loads(capsys.readouterr().out) == {"stories": 0}
    assert main(["query", sql, "--json", "--as-of", "2026-01-16T01:00Z"]) == 0
    assert json.loads(capsys.readouterr().out) == {"stories": 6}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("NEWSDESK_KEEP_SNAPSHOTS", "soon"),
        ("NEWSDESK_KEEP_ORPHANS", "0"),
        ("NEWSDESK_KEEP_RAW", "-1"),
        ("NEWSDESK_DROP_POINTED_RAW", "perhaps"),
    ],
)
def test_a_setting_that_is_wrong_is_named(setting: str, value: str) -> None:
    given = {"NEWSDESK_S3_BUCKET": "papers", "NEWSDESK_CATALOG_URI": "sqlite://", setting: value}
    with pytest.raises(SettingsError, match=setting):
        Settings.from_environment(given)


def test_settings_become_rules() -> None:
    given = {
        "NEWSDESK_S3_BUCKET": "papers",
        "NEWSDESK_CATALOG_URI": "sqlite://",
        "NEWSDESK_KEEP_SNAPSHOTS": "7",
        "NEWSDESK_KEEP_RAW": "400",
        "NEWSDESK_DROP_POINTED_RAW": "yes",
    }
    rules = Settings.from_environment(given).upkeep
    assert rules == Rules(
        keep_snapshots=dt.timedelta(days=7),
        keep_raw=dt.timedelta(days=400),
        drop_pointed=True,
    )
