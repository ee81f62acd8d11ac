"""Consumers are told of what no nightly run did: stories erased, days published before them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.newsroom import DAY, PAPER, Newsroom, story, story_id
from integration.airflow_home import dagbag
from integration.orchestrated import environment
from integration.test_release import PAPER_FILE
from newsdesk.__main__ import main
from newsdesk.article import Article
from newsdesk.connections import open_warehouse
from newsdesk.layout import Layout
from unit.steps.test_publishing import Walk, paper

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration


def told(number: int) -> Article:
    return story(number, text=f"Ferry number {number} waited until the fog had lifted. " * 3)


@pytest.fixture
def walk(lake: Lake, tmp_path: Path) -> Iterator[Walk]:
    """A published day of three stories, and the environment that commands and tasks read."""
    (tmp_path / f"{PAPER}.toml").write_text(PAPER_FILE.replace("critical", "warning"))
    settings = dataclasses.replace(lake.settings, papers=(PAPER,))
    warehouse = open_warehouse(settings)
    walk = Walk(Newsroom(warehouse, lake.store, Layout(settings.env)), {PAPER: paper()})
    with environment(settings, tmp_path, [PAPER]):
        assert walk.walk("a", [told(n) for n in (1, 2, 3)])["fates"] == {"published": 3}
        yield walk
    warehouse.close()


def run(dag: str, **conf: Any) -> tuple[dict[str, str], list[Any]]:
    """One run of a DAG: the state of its tasks, and the events it left."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    run = dagbag().dags[dag].test(run_conf=conf)
    with create_session() as session:
        wanted = select(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
        events = [(event.partition_key, event.extra) for event in session.scalars(wanted)]
    return {ti.task_id: str(ti.state) for ti in run.get_task_instances()}, events


def test_stories_leave_and_their_days_are_told(walk: Walk) -> None:
    command = ["erase", story_id(1), "--reason", "request 42", "--by", "ada"]
    assert main(command) == 0
    stories = [story_id(1), story_id(2)]
    states, events = run("erase_story", stories=stories, reason="request 42")
    assert set(states) == {"stories", "erase", "signal", "close"}
    assert set(states.values()) == {"success"}
    assert [row["article_id"] for row in walk.room.rows()] == [story_id(3)]
    ((key, extra),) = events
    assert key == str(DAY)
    day = extra["days"][str(DAY)]
    assert (day["rows"], day["removed"], day["added"]) == (1, 2, 0)
    assert day["snapshot"] == walk.room.warehouse.table("articles").metadata.current_snapshot_id


def test_what_no_paper_has_is_an_error_and_tells_nobody(walk: Walk) -> None:
    stories = ["https://elsewhere.example/a-story"]
    states, events = run("erase_story", stories=stories, reason="request 42")
    assert (states["erase"], states["close"], events) == ("failed", "upstream_failed", [])
    assert len(walk.room.rows()) == 3


def test_what_could_be_erased_is_told_whatever_could_not(walk: Walk) -> None:
    stories = ["https://elsewhere.example/a-story", story_id(1)]
    states, events = run("erase_story", stories=stories, reason="request 42")
    assert states["close"] == "upstream_failed"
    assert [key for key, _ in events] == [str(DAY)]


def test_a_new_consumer_is_told_of_what_was_published(walk: Walk) -> None:
    last = DAY + dt.timedelta(days=30)
    states, events = run("tell_consumers", first=str(DAY), last=str(last))
    assert states == {"signal": "success"}
    ((key, extra),) = events
    assert key == str(DAY)
    day = extra["days"][str(DAY)]
    assert (day["rows"], day["added"], day["removed"], day["verdict"]) == (3, 0, 0, "passed")
