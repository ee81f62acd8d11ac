"""A month of the demo paper, filled by Airflow's own backfill through its scheduler, twice."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsdesk import COMMITS_POOL
from newsdesk.article import UTC
from newsdesk.connections import open_warehouse
from newsdesk.demo.home import Home
from newsdesk.demo.paper.plan import url_of
from newsdesk.demo.paper.stories import truth
from newsdesk.demo.standalone import AirflowError, Standalone
from newsdesk.demo.tour import PAPER, Paper
from newsdesk.embedded import Endpoint
from newsdesk.sources import load_sources

pytestmark = [pytest.mark.backfill, pytest.mark.integration, pytest.mark.timeout(2 * 60 * 50)]

FIRST = dt.date(2024, 3, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(31)]
LATER = dt.datetime(2024, 5, 1, 3, 30, tzinfo=UTC)
"""The paper's time: the month is over, and so is every edit and removal in it; its software has
touched old stories since, so that many a ``lastmod`` lies in another month."""

NEXT_MONTH = dt.datetime(2024, 3, 31, 21, tzinfo=UTC)
"""Midnight in Istanbul."""

MINUTES = 45
"""For one backfill on two cores, where it took 26 beside other work: a day is eight processes."""


@dataclass
class House:
    """Airflow, a store and the paper, and the tables that they fill."""

    home: Home
    endpoint: Endpoint
    airflow: Standalone

    def backfill(self, *more: str) -> set[str]:
        """Fills the month; gives the days whose runs ended well."""
        before = set(self.runs())
        days = ("--from-date", str(DAYS[0]), "--to-date", str(DAYS[-1]))
        self.airflow.cli(
            *("backfill", "create", "--dag-id", "daily_news", *days),
            *("--max-active-runs", "4", *more),
        )
        self.airflow.call("PATCH", "/dags/daily_news", {"is_paused": False})
        deadline = time.monotonic() + 60 * MINUTES
        states: set[str] = set()
        while time.monotonic() < deadline:
            time.sleep(2)
            try:
                now, filling = self.runs(), self.is_filling()
            except OSError:  # a busy API server keeps one waiting
                continue
            mine = {name: run for name, run in now.items() if name not in before}
            states = {run["state"] for run in mine.values()}
            assert "failed" not in states, mine
            if mine and states == {"success"} and not filling:
                return {run["partition_key"] for run in mine.values()}
        raise AssertionError(f"not filled in {MINUTES} minutes: {sorted(states)}")

    def is_filling(self) -> bool:
        """Whether the scheduler has yet to see that a backfill is over: it takes no other before."""
        found = self.airflow.call("GET", "/backfills?dag_id=daily_news")["backfills"]
        return any(one["completed_at"] is None for one in found)

    def runs(self) -> dict[str, Any]:
        found = self.airflow.call("GET", "/dags/daily_news/dagRuns?limit=100")["dag_runs"]
        return {run["dag_run_id"]: run for run in found}

    def rows(self, table: str) -> list[dict[str, Any]]:
        warehouse = open_warehouse(self.home.settings(self.endpoint))
        rows: list[dict[str, Any]] = warehouse.table(table).scan().to_arrow().to_pylist()
        return rows

    def facts(self) -> dict[str, list[str]]:
        """What must not change: all but who wrote it and when."""
        apart = {"run_id", "recorded_at"}
        tables = {
            name: [{k: v for k, v in row.items() if k not in apart} for row in self.rows(name)]
            for name in ("articles", "revisions", "article_days")
        }
        # A page that was refused is fetched again, and refused again at another time.
        tables["rejected"] = [
            {"url": url, "reason": reason}
            for url, reason in {(row["url"], row["reason"]) for row in self.rows("rejected")}
        ]
        return {name: sorted(map(str, rows)) for name, rows in tables.items()}


@contextmanager
def house(folder: Path) -> Iterator[House]:
    home = Home(folder)
    with home.store() as endpoint, Paper(LATER, folder / "paper.log") as paper:
        environment = {
            **home.environment(endpoint),
            "NEWSDESK_PAPERS": PAPER,
            "NEWSDESK_FETCH_VIA": json.dumps({PAPER: paper.address}),
            "NEWSDESK_SCHEDULE_UNTIL": str(DAYS[-1]),  # the scheduler starts nothing by itself
        }
        with Standalone(folder / "airflow", environment) as airflow:
            open_warehouse(home.settings(endpoint)).close()  # while Airflow starts
            airflow.wait({"daily_news"})
            pool = {"name": COMMITS_POOL, "slots": 1, "description": "", "include_deferred": False}
            with suppress(AirflowError):  # it may have made it itself
                airflow.call("POST", "/pools", pool)
            yield House(home, endpoint, airflow)


def printed() -> dict[dt.date, set[str]]:
    """The stories that the paper printed on each day and that can be read."""
    source = load_sources()[PAPER]
    return {
        day: {source.article_id(url_of(told.story)) for told in truth(day, LATER)} for day in DAYS
    }


def test_a_month_is_filled_and_filled_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with house(tmp_path) as it:
        began = time.monotonic()
        assert it.backfill() == {str(day) for day in DAYS}
        first = time.monotonic()
        published: dict[dt.date, set[str]] = {day: set() for day in DAYS}
        for row in it.rows("articles"):
            if row["published_at"].date() in published:
                published[row["published_at"].date()].add(row["article_id"])
        assert published == printed()
        before = it.facts()
        assert it.backfill("--reprocess-behavior", "completed") == {str(day) for day in DAYS}
        second = time.monotonic()
        assert it.facts() == before
        coverage = {row["published_day"]: row for row in it.rows("coverage")}
        # every story of the month is known now; the last day's end is of the paper's next month
        assert all(coverage[day]["complete"] for day in DAYS[:-1])
        assert coverage[DAYS[-1]]["gap_from"] == NEXT_MONTH
    with capsys.disabled():
        print(f"\n{len(DAYS)} days in {first - began:.0f} s, again in {second - first:.0f} s")
