"""A fetch that outlives the token of its Airflow task still ends well."""

from __future__ import annotations

import datetime as dt
import time
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.environment import environment_of
from integration.conftest import Lake
from integration.orchestrated import now_with_time_left
from integration.storm import Storm, serving
from newsdesk.demo.standalone import Standalone

pytestmark = pytest.mark.faults

TOKEN_SECONDS, PAGES, PAUSE = 12, 18, 1.5

SOURCE = """
title = "The Paper"
home = "https://slow.example/"
domains = ["slow.example"]
language = "en"
[discover]
feeds = ["https://slow.example/feed.xml"]
robots_sitemaps = false
[fetch]
pause_seconds = {pause}
fetch_via = "{address}"
[urls]
article = ["^/world/"]
"""


def feed(day: dt.date) -> bytes:
    """A feed of stories of a day."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    items = "".join(
        f"<item><link>https://slow.example/world/the-ferry-is-late-again-{number}</link>"
        f"<pubDate>{format_datetime(noon + number * dt.timedelta(minutes=7))}</pubDate></item>"
        for number in range(PAGES)
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_a_fetch_outlives_the_token_of_its_task(lake: Lake, tmp_path: Path) -> None:
    yesterday = now_with_time_left().date() - dt.timedelta(days=1)
    with serving(Storm(documents={"/feed.xml": feed(yesterday)})) as storm:
        (tmp_path / "sources").mkdir()
        source = SOURCE.format(pause=PAUSE, address=storm.address)
        (tmp_path / "sources" / "slow.toml").write_text(source)
        airflow = Standalone(
            tmp_path / "airflow",
            {
                **environment_of(lake.settings),
                "NEWSDESK_SOURCES": str(tmp_path / "sources"),
                "NEWSDESK_PAPERS": "slow",
                "AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME": str(TOKEN_SECONDS),
            },
        )
        with airflow:
            airflow.wait({"daily_news"})
            # the run for yesterday starts by itself
            airflow.call("PATCH", "/dags/daily_news", {"is_paused": False})
            fetched = wait_for_fetch(airflow)
    assert fetched["state"] == "success"
    assert fetched["try_number"] == 1
    assert fetched["duration"] > 2 * TOKEN_SECONDS
    assert len(storm.requests) == PAGES


def wait_for_fetch(airflow: Standalone) -> dict[str, Any]:
    """The fetch of the only run, once it has ended."""
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        runs = airflow.call("GET", "/dags/daily_news/dagRuns")["dag_runs"]
        for run in runs:
            path = f"/dags/daily_news/dagRuns/{run['dag_run_id']}/taskInstances"
            for task in airflow.call("GET", path)["task_instances"]:
                ended = task["state"] in ("success", "failed", "up_for_retry", "upstream_failed")
                if task["task_id"] == "shard.fetch" and task["map_index"] >= 0 and ended:
                    found: dict[str, Any] = task
                    return found
        time.sleep(1)
    raise AssertionError(f"the fetch did not end; see {airflow.log}")
