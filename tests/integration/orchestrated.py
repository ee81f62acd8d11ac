"""Runs newsdesk's DAGs by ``dag.test()`` on a test's own bucket and catalog."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pendulum

from contracts.environment import environment_of
from integration.airflow_home import dagbag
from newsdesk.article import UTC
from newsdesk.settings import Settings

if TYPE_CHECKING:
    from airflow.sdk import DAG


def now_with_time_left() -> dt.datetime:
    """The time, UTC; in the last minutes of a day that of the next, so that a test is on one day."""
    now = dt.datetime.now(UTC)
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), UTC)
    if midnight - now < dt.timedelta(minutes=4):
        time.sleep((midnight - now).total_seconds() + 1)
    return dt.datetime.now(UTC)


@contextmanager
def environment(settings: Settings, sources: Path, papers: list[str]) -> Iterator[None]:
    """The settings as the environment variables that tasks read."""
    values = {
        **environment_of(settings),
        "NEWSDESK_SOURCES": str(sources),
        "NEWSDESK_PAPERS": ",".join(papers),
        "NEWSDESK_WAREHOUSE": settings.warehouse or "",
        "NEWSDESK_FETCH_VIA": json.dumps(dict(settings.fetch_via)) if settings.fetch_via else "",
        "NEWSDESK_ARCHIVES": json.dumps(dict(settings.archives.via)),
        "NEWSDESK_ARCHIVE_PACE": str(settings.archives.pace),
    }
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        _restore(before)


def run_dag(
    name: str, day: dt.date | None = None, conf: dict[str, Any] | None = None
) -> dict[str, str]:
    """One run of a DAG, in this process, with parameters if it wants some.

    Returns:
        State by task; a mapped task's worst.
    """
    when = pendulum.instance(
        dt.datetime.combine(day, dt.time(), UTC) if day else dt.datetime.now(UTC)
    )
    dag = dagbag().dags[name]
    # Retries would be waited for, and hide what failed.
    with _no_retries(dag), _own_parameters(dag):
        run = dag.test(logical_date=when, run_conf=conf)
    states: dict[str, str] = {}
    for task in run.get_task_instances():
        state = str(task.state)
        if states.get(task.task_id, "success") == "success":
            states[task.task_id] = state
    return states


@contextmanager
def _no_retries(dag: DAG) -> Iterator[None]:
    kept: list[tuple[dict[str, Any], Any]] = []
    for task in dag.tasks:
        settings = getattr(task, "partial_kwargs", None) or vars(task)
        kept.append((settings, settings["retries"]))
        settings["retries"] = 0
    try:
        yield
    finally:
        for settings, retries in kept:
            settings["retries"] = retries


@contextmanager
def _own_parameters(dag: DAG) -> Iterator[None]:
    """Keeps tasks from handing the parameters of this run on to the next one in this process."""
    kept = [(task.params, copy.deepcopy(task.params)) for task in dag.tasks]
    try:
        yield
    finally:
        for params, before in kept:
            for name in before:
                params[name] = before.get_param(name)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
