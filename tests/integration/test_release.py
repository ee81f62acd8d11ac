"""A blocked day on a real store, released from a shell and from Airflow."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.newsroom import DAY, PAPER, Newsroom
from integration.airflow_home import dagbag
from integration.orchestrated import environment
from newsdesk.__main__ import main
from newsdesk.connections import open_warehouse
from newsdesk.layout import Layout
from unit.steps.test_publishing import STRICT, Walk, good

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

PAPER_FILE = """
title = "The Harbour Post"
home = "https://harbour-post.example/"
domains = ["harbour-post.example"]
language = "en"

[normal]
pages_per_day = [3, 10]
severity = { volume = "critical" }
"""


@pytest.fixture
def walk(lake: Lake, tmp_path: Path) -> Iterator[Walk]:
    """A day of two stories, blocked, and the environment that commands and tasks read."""
    (tmp_path / f"{PAPER}.toml").write_text(PAPER_FILE)
    settings = dataclasses.replace(lake.settings, papers=(PAPER,))
    warehouse = open_warehouse(settings)
    walk = Walk(Newsroom(warehouse, lake.store, Layout(settings.env)), {PAPER: STRICT})
    with environment(settings, tmp_path, [PAPER]):
        assert walk.walk("a", [good(1), good(2)])["fates"] == {"blocked": 2}
        yield walk
    warehouse.close()


def said(walk: Walk) -> dict[str, str]:
    (row,) = [one for one in walk.room.rows("checks") if one["expectation"] == "release"]
    found: dict[str, str] = json.loads(row["observed"])
    return found


def test_from_a_shell(walk: Walk, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["release", str(DAY), "--source", PAPER, "--reason", "a thin holiday", "--by", "ada"]
    assert main(asked) == 0
    assert f"{DAY}: 2 added, 0 changed, 2 rows now" in capsys.readouterr().out
    assert len(walk.room.rows()) == 2
    assert said(walk) == {"by": "ada", "reason": "a thin holiday"}
    pointer = json.loads(walk.room.store.get(walk.room.layout.current("articles")))
    assert (
        pointer["snapshot_id"] == walk.room.warehouse.table("articles").metadata.current_snapshot_id
    )

    assert main(asked) == 1
    assert capsys.readouterr().err == f"newsdesk: {DAY}: nothing of {PAPER} waits for this day\n"


def test_from_airflow_with_an_event_for_the_consumers(walk: Walk) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    run = (
        dagbag()
        .dags["release_day"]
        .test(run_conf={"day": str(DAY), "reason": "a thin holiday", "source": None})
    )
    states = {task.task_id: str(task.state) for task in run.get_task_instances()}
    assert states == {"release": "success", "signal": "success"}
    assert len(walk.room.rows()) == 2
    assert said(walk) == {"by": "dag_test", "reason": "a thin holiday"}
    with create_session() as session:
        events = session.scalars(
            select(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
        ).all()
        ((key, extra),) = [(event.partition_key, event.extra) for event in events]
    assert key == str(DAY)
    assert extra["days"][str(DAY)]["verdict"] == "released"
