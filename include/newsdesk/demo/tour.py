"""The demo: two days of a small newspaper, from its feeds to tables, through Airflow's scheduler.

The paper, the object store and Airflow are real processes on 127.0.0.1; what they leave lies in
``.newsdesk/``. Run again, it finds everything published and says so.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rich.console import Console

from newsdesk import COMMITS_POOL
from newsdesk.connections import open_warehouse
from newsdesk.demo import report
from newsdesk.demo.home import PAPER, Home
from newsdesk.demo.standalone import AirflowError, Standalone
from newsdesk.embedded import end_group

DAGS = {"watch_feeds", "daily_news", "load_warehouse"}
LOOKS_AT = ("00:10", "08:00", "16:00", "23:00")
"""UTC times of the second day at which the demo looks; midnight after it is the last."""

_RUN_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs while the demo runs."""

    home: Home
    paper: Paper
    airflow: Standalone


class Paper:
    """The demo paper as a process of its own.

    Args:
        clock: The time it starts at; its readers see only what is published by then.
        log: Where its output goes.
    """

    def __init__(self, clock: dt.datetime, log: Path) -> None:
        self._clock = clock
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def __enter__(self) -> Self:
        """Starts it and waits for its address."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, no shell
                [
                    *(sys.executable, "-m", "newsdesk.demo.paper"),
                    *("--port", "0", "--clock", self._clock.isoformat()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self._process.stdout is not None  # noqa: S101  # it was asked for above
        line = self._process.stdout.readline().decode()
        if "http://" not in line:
            raise AirflowError("demo paper", f"did not start; see {self._log}")
        self.address = "http://" + line.rsplit("http://", 1)[1].strip().rstrip("/.")
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it."""
        if self._process is not None:
            end_group(self._process, 3.0)
            if self._process.stdout is not None:
                self._process.stdout.close()

    def set_clock(self, at: dt.datetime) -> None:
        """Moves the paper's time."""
        request = urllib.request.Request(  # noqa: S310  # always our own http address
            f"{self.address}/_clock", method="PUT", data=at.isoformat().encode()
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # as above


def demo(home: Home, console: Console) -> int:
    """Runs the demo from nothing to tables and back to nothing running.

    Returns:
        Exit status: 0 when both days were published (or were already).
    """
    began = time.monotonic()
    first, second = _days(home)
    with _running(home, console, until=second, clock=_at(second, LOOKS_AT[0])) as stage:
        again = _published_before(home, stage)
        _look_at_feeds(stage, console, second, again=again)
        changed = _backfill(stage, console, first, second)
        _wait_for_consumers(stage, console, changed)
        report.show(home, stage.airflow.environment, console, first, second, changed)
    console.print(
        f"\n[bold]Done in {time.monotonic() - began:.0f} s.[/] Everything has been taken down."
    )
    report.what_next(home, console)
    return 0


def up(home: Home, console: Console) -> int:
    """Keeps Airflow, the store and the demo paper running until Ctrl-C."""
    with _running(home, console, until=None, clock=dt.datetime.now(dt.UTC)) as stage:
        for dag in sorted(DAGS):
            _unpause(stage.airflow, dag)
        airflow, endpoint = stage.airflow, stage.airflow.environment
        console.print(f"\n[bold]Airflow[/]     {airflow.url}   user {airflow.user}   ", end="")
        console.print(f"password {airflow.password}", highlight=False)
        console.print(
            f"[bold]S3[/]          {endpoint['NEWSDESK_S3_ENDPOINT']}   "
            f"bucket {endpoint['NEWSDESK_S3_BUCKET']}   key {endpoint['AWS_ACCESS_KEY_ID']}   "
            f"secret {endpoint['AWS_SECRET_ACCESS_KEY']}",
            highlight=False,
        )
        console.print(f"[bold]Demo paper[/]  {stage.paper.address}/", highlight=False)
        console.print("\nCtrl-C stops everything.")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
        console.print("Stopping …")
    return 0


@contextlib.contextmanager
def _running(
    home: Home, console: Console, *, until: dt.date | None, clock: dt.datetime
) -> Iterator[Stage]:
    """Store, paper and Airflow, brought up in order and taken down in reverse."""
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background jobs ignore the second
        signal.signal(number, _interrupt)  # else what runs would outlive this process
    home.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        with _step(console, "object store (SeaweedFS)"):
            endpoint = stack.enter_context(home.store())
        with _step(console, "demo paper"):
            paper = stack.enter_context(Paper(clock, home.folder / "paper.log"))
        environment = {
            **home.environment(endpoint),
            "NEWSDESK_PAPERS": PAPER,
            "NEWSDESK_FETCH_VIA": json.dumps({PAPER: paper.address}),
        }
        if until is not None:  # the scheduler starts nothing by itself: the demo does
            environment["NEWSDESK_SCHEDULE_UNTIL"] = until.isoformat()
        with _step(console, "Airflow (scheduler, API server, DAG processor)"):
            airflow = stack.enter_context(Standalone(home.folder / "airflow", environment))
            open_warehouse(home.settings(endpoint))  # while Airflow starts
            airflow.wait(DAGS)
            _make_pool(airflow)
        yield Stage(home, paper, airflow)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _days(home: Home) -> tuple[dt.date, dt.date]:
    """The two days of this house's demo: those before the day on which it first ran."""
    note = home.folder / "demo.json"
    if not note.exists():
        home.folder.mkdir(parents=True, exist_ok=True)
        today = dt.datetime.now(dt.UTC).date()
        note.write_text(json.dumps({"days": [str(today - dt.timedelta(days=n)) for n in (2, 1)]}))
    first, second = (dt.date.fromisoformat(day) for day in json.loads(note.read_text())["days"])
    return first, second


def _at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), dt.UTC)


def _published_before(home: Home, stage: Stage) -> bool:
    runs = stage.airflow.call("GET", "/dags/daily_news/dagRuns?state=success&limit=2")
    return int(runs["total_entries"]) >= 2


def _look_at_feeds(stage: Stage, console: Console, day: dt.date, *, again: bool) -> None:
    """Lets ``watch_feeds`` look several times while the paper's clock moves through the day."""
    midnight = _at(day, "00:00") + dt.timedelta(days=1, minutes=5)
    moments = [midnight] if again else [*(_at(day, clock) for clock in LOOKS_AT), midnight]
    _unpause(stage.airflow, "watch_feeds")
    with _step(console, f"watch_feeds: {len(moments)} looks of {day}") as progress:
        for number, moment in enumerate(moments, start=1):
            progress(f"the paper's clock shows {moment:%H:%M}, look {number} of {len(moments)}")
            stage.paper.set_clock(moment)
            run = stage.airflow.call("POST", "/dags/watch_feeds/dagRuns", {"logical_date": None})[
                "dag_run_id"
            ]
            _wait_for_runs(stage.airflow, "watch_feeds", {run}, progress)


def _backfill(stage: Stage, console: Console, first: dt.date, second: dt.date) -> dict[str, Any]:
    """Fills both days by Airflow's own backfill.

    Returns:
        The days that changed, with their figures.
    """
    command = (
        *("backfill", "create", "--dag-id", "daily_news"),
        *("--from-date", str(first), "--to-date", str(second)),
        *("--reprocess-behavior", "completed", "--max-active-runs", "2"),
    )
    before = set(_runs(stage.airflow, "daily_news"))
    _end_old_backfills(stage.airflow)
    console.print(f"  [dim]$ airflow {' '.join(command)}[/]", highlight=False)
    with _step(console, f"daily_news: {first} from archive sitemaps, {second} from looks") as show:
        stage.airflow.cli(*command)
        _unpause(stage.airflow, "daily_news")
        _unpause(stage.airflow, "load_warehouse")
        runs = set(_runs(stage.airflow, "daily_news")) - before
        _wait_for_runs(stage.airflow, "daily_news", runs, show)
    changed: dict[str, Any] = {}
    for run in sorted(runs):
        value = stage.airflow.call(
            "GET",
            f"/dags/daily_news/dagRuns/{run}/taskInstances/publish/xcomEntries/return_value"
            "?deserialize=true",
        )["value"]
        changed |= value["days"]
    return changed


def _wait_for_consumers(stage: Stage, console: Console, changed: dict[str, Any]) -> None:
    """Waits until the consumer has run for every day that was signalled."""
    with _step(console, f"load_warehouse: {len(changed)} changed days") as show:
        deadline = time.monotonic() + _RUN_SECONDS
        while time.monotonic() < deadline:
            runs = _runs(stage.airflow, "load_warehouse")
            states = {run["partition_key"]: run["state"] for run in runs.values()}
            _raise_on_failure("load_warehouse", runs)
            left = [d for d in changed if states.get(d) != "success"]
            if not left and all(run["state"] == "success" for run in runs.values()):
                return
            show(f"{len(changed) - len(left)} of {len(changed)} days loaded")
            time.sleep(0.5)
    raise AirflowError("load_warehouse", f"did not load {', '.join(left)} in time")


def _wait_for_runs(
    airflow: Standalone, dag: str, wanted: set[str], show: Callable[[str], None]
) -> None:
    deadline = time.monotonic() + _RUN_SECONDS
    under_way = "nothing"
    while time.monotonic() < deadline:
        runs = {name: run for name, run in _runs(airflow, dag).items() if name in wanted}
        _raise_on_failure(dag, runs)
        if runs and all(run["state"] == "success" for run in runs.values()):
            return
        states = "state=running&state=up_for_retry"
        tasks = airflow.call("GET", f"/dags/{dag}/dagRuns/~/taskInstances?{states}&limit=100")
        names = {
            f"{task['task_id'].split('.')[-1]}{' (again)' if task['try_number'] > 1 else ''}"
            for task in tasks["task_instances"]
        }
        under_way = ", ".join(sorted(names)) or "queued"
        show(under_way)
        time.sleep(0.5)
    raise AirflowError(dag, f"did not finish in {_RUN_SECONDS:.0f} s; last under way: {under_way}")


def _raise_on_failure(dag: str, runs: dict[str, Any]) -> None:
    failed = [name for name, run in runs.items() if run["state"] == "failed"]
    if failed:
        raise AirflowError(f"{dag} {failed[0]}", "failed; `make up` shows its log in Airflow's UI")


def _runs(airflow: Standalone, dag: str) -> dict[str, Any]:
    found = airflow.call("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=-run_after")["dag_runs"]
    return {run["dag_run_id"]: run for run in found}


def _end_old_backfills(airflow: Standalone) -> None:
    """Cancels what a demo that was killed left behind: one backfill of a DAG runs at a time."""
    found = airflow.call("GET", "/backfills?dag_id=daily_news&limit=100")["backfills"]
    for backfill in found:
        if backfill["completed_at"] is None:
            airflow.call("PUT", f"/backfills/{backfill['id']}/cancel")


def _unpause(airflow: Standalone, dag: str) -> None:
    airflow.call("PATCH", f"/dags/{dag}", {"is_paused": False})


def _make_pool(airflow: Standalone) -> None:
    with contextlib.suppress(AirflowError):  # it stands there from the last time
        airflow.call(
            "POST",
            "/pools",
            {
                "name": COMMITS_POOL,
                "slots": 1,
                "description": "commits to the tables take turns",
                "include_deferred": False,
            },
        )


@contextlib.contextmanager
def _step(console: Console, what: str) -> Iterator[Callable[[str], None]]:
    """Shows a step while it runs, and its seconds when it is done."""
    began = time.monotonic()
    with console.status(what) as status:

        def show(detail: str) -> None:
            status.update(f"{what}: {detail} ({time.monotonic() - began:.0f} s)")

        if not console.is_terminal:
            console.print(f"  … {what}", highlight=False)
        yield show
    console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.0f} s[/]", highlight=False)
