"""The demo paper filled by Airflow's own backfill through its scheduler.

A month, twice; and some days, paused, cancelled and taken up again beside a run of the same day.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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

FEW = [dt.date(2024, 2, 26) + dt.timedelta(days=number) for number in range(5)]
SOON = dt.datetime(2024, 3, 3, 3, 30, tzinfo=UTC)
"""The paper's time after those: its software has not touched their stories yet."""

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
        return self.ended(self.fill(DAYS, "--max-active-runs", "4", *more))

    def fill(self, days: Sequence[dt.date], *more: str) -> set[str]:
        """Begins a backfill; gives the names of the runs that there were before."""
        before = set(self.runs())
        span = ("--from-date", str(days[0]), "--to-date", str(days[-1]))
        self.airflow.cli("backfill", "create", "--dag-id", "daily_news", *span, *more)
        self.ask("PATCH", "/dags/daily_news", {"is_paused": False})
        return before

    def ended(self, before: set[str]) -> set[str]:
        """Waits for a backfill to end well; gives the days of its runs."""

        def mine() -> dict[str, str]:
            new = {name: run for name, run in self.runs().items() if name not in before}
            states = {run["partition_key"]: run["state"] for run in new.values()}
            assert "failed" not in states.values(), new
            return states

        self.wait(lambda: set(mine().values()) == {"success"} and not self.is_filling())
        return set(mine())

    def wait(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60 * MINUTES
        while time.monotonic() < deadline:
            if happened():
                return
            time.sleep(2)
        raise AssertionError(f"not in {MINUTES} minutes: {self.runs()}")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """A request that may be repeated.

        A busy API server keeps one waiting, or finds SQLite's file locked: 500, Database error.
        """
        for _ in range(9):
            try:
                return self.airflow.call(method, path, body)
            except OSError:
                continue
            except AirflowError as error:
                if "Database error" not in str(error):
                    raise
            time.sleep(2)
        return self.airflow.call(method, path, body)

    def is_filling(self) -> bool:
        """Whether the scheduler has yet to see that a backfill is over: it takes no other before."""
        return any(one["completed_at"] is None for one in self.backfills())

    def backfills(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/backfills?dag_id=daily_news")["backfills"]
        return found

    def tell(self, what: str) -> None:
        """Pauses, unpauses or cancels the backfill that is under way."""
        (number,) = (one["id"] for one in self.backfills() if one["completed_at"] is None)
        self.airflow.call("PUT", f"/backfills/{number}/{what}")

    def runs(self) -> dict[str, Any]:
        found = self.ask("GET", "/dags/daily_news/dagRuns?limit=100")["dag_runs"]
        return {run["dag_run_id"]: run for run in found}

    def states(self) -> Counter[str]:
        return Counter(run["state"] for run in self.runs().values())

    def stories(self, days: Sequence[dt.date]) -> dict[dt.date, set[str]]:
        """The published stories of some days."""
        found: dict[dt.date, set[str]] = {day: set() for day in days}
        for row in self.rows("articles"):
            if row["published_at"].date() in found:
                found[row["published_at"].date()].add(row["article_id"])
        return found

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
def house(folder: Path, now: dt.datetime, last: dt.date) -> Iterator[House]:
    home = Home(folder)
    with home.store() as endpoint, Paper(now, folder / "paper.log") as paper:
        environment = {
            **home.environment(endpoint),
            "NEWSDESK_PAPERS": PAPER,
            "NEWSDESK_FETCH_VIA": json.dumps({PAPER: paper.address}),
            "NEWSDESK_SCHEDULE_UNTIL": str(last),  # the scheduler starts nothing by itself
        }
        with Standalone(folder / "airflow", environment) as airflow:
            open_warehouse(home.settings(endpoint)).close()  # while Airflow starts
            airflow.wait({"daily_news"})
            pool = {"name": COMMITS_POOL, "slots": 1, "description": "", "include_deferred": False}
            with suppress(AirflowError):  # it may have made it itself
                airflow.call("POST", "/pools", pool)
            yield House(home, endpoint, airflow)


def printed(days: Sequence[dt.date], now: dt.datetime) -> dict[dt.date, set[str]]:
    """The stories that the paper printed on each day and that can be read."""
    source = load_sources()[PAPER]
    return {
        day: {source.article_id(url_of(told.story)) for told in truth(day, now)} for day in days
    }


def test_a_month_is_filled_and_filled_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with house(tmp_path, LATER, DAYS[-1]) as it:
        began = time.monotonic()
        assert it.backfill() == {str(day) for day in DAYS}
        first = time.monotonic()
        assert it.stories(DAYS) == printed(DAYS, LATER)
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


def test_a_backfill_is_paused_cancelled_and_taken_up(tmp_path: Path) -> None:
    with house(tmp_path, SOON, FEW[-1]) as it:
        it.fill(FEW, "--max-active-runs", "1")
        it.wait(lambda: it.states()["success"] >= 1)
        it.tell("pause")
        it.wait(lambda: not it.states()["running"])
        paused = it.states()
        time.sleep(20)
        assert it.states() == paused  # what is queued waits
        assert paused["queued"] > 0

        it.tell("unpause")
        it.wait(lambda: it.states()["running"] > 0)
        (busy,) = (run for run in it.runs().values() if run["state"] == "running")
        same = {"partition_key": busy["partition_key"], "logical_date": None}
        it.airflow.call("POST", "/dags/daily_news/dagRuns", same)
        it.wait(lambda: it.states()["running"] == 2)
        it.tell("cancel")
        it.wait(lambda: not it.states()["running"])
        cancelled = it.states()
        assert not cancelled["queued"]
        assert cancelled["failed"] > 0  # those that had not begun
        done = {run["partition_key"] for run in it.runs().values() if run["state"] == "success"}
        half, whole = it.stories(FEW), printed(FEW, SOON)
        assert all(half[day] == whole[day] for day in FEW if str(day) in done)
        # of the others at most what runs for the days beside them came upon, which says so
        complete = {row["published_day"] for row in it.rows("coverage") if row["complete"]}
        assert len(done) < len(FEW)
        assert not [day for day in FEW if str(day) not in done and day in complete]

        before = it.fill(FEW, "--max-active-runs", "2", "--reprocess-behavior", "failed")
        assert it.ended(before) == {str(day) for day in FEW} - done
        assert it.stories(FEW) == whole
