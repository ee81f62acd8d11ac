"""The DAG files: what Airflow makes of them, and what reading them costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, meta

from integration.airflow_home import DAGS, ROOT, dagbag
from newsdesk import COMMITS_POOL
from newsdesk.steps.batching import BATCHES

if TYPE_CHECKING:
    from airflow.sdk import DAG

pytestmark = pytest.mark.integration

FILES = sorted(DAGS.glob("*.py"))
NAMES = {
    *("daily_news", "erase_story", "export_hive", "harvest_archives", "load_warehouse"),
    *("release_day", "reread", "table_upkeep", "tell_consumers", "watch_feeds"),
}

ORDER = {
    "daily_news": {
        "discover": {"shard.fetch", "check"},
        "shard.fetch": {"shard.read"},
        "shard.read": {"check"},
        "check": {"publish"},
        "publish": {"signal", "close"},
        "signal": set(),
        "close": set(),
    },
    "erase_story": {
        "stories": {"erase"},
        "erase": {"signal", "close"},
        "signal": set(),
        "close": set(),
    },
    "export_hive": {"export": set()},
    "harvest_archives": {
        "files": {"harvest"},
        "harvest": set(),
        "papers": {"sitemaps"},
        "sitemaps": set(),
    },
    "load_warehouse": {"load": set()},
    "release_day": {"release": {"signal"}, "signal": set()},
    "reread": {
        "pages": {"read", "days"},
        "read": {"compare"},
        "days": {"compare", "review"},
        "compare": {"review"},
        "review": {"publish", "signal"},
        "publish": {"signal"},
        "signal": set(),
    },
    "table_upkeep": {"tables": {"tidy"}, "tidy": {"age_raw"}, "age_raw": set()},
    "tell_consumers": {"signal": set()},
    "watch_feeds": {"papers": {"look"}, "look": set()},
}


@pytest.fixture(scope="module")
def dags() -> dict[str, DAG]:
    return dict(dagbag().dags)


def test_every_file_is_read_without_error() -> None:
    assert dagbag().import_errors == {}


def test_there_are_exactly_these_dags(dags: dict[str, DAG]) -> None:
    assert set(dags) == NAMES
    assert {path.stem for path in FILES} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_dag_says_what_it_is(dags: dict[str, DAG], name: str) -> None:
    dag = dags[name]
    assert dag.doc_md
    assert dag.doc_md.strip().startswith("### ")
    assert dag.description
    assert "newsdesk" in dag.tags
    assert dag.tags & {"producer", "consumer", "upkeep"}
    assert not dag.catchup
    for task in dag.tasks:
        assert task.owner == "newsdesk"
        assert task.retries >= 1


@pytest.mark.parametrize("name", sorted(NAMES))
def test_tasks_follow_one_another(dags: dict[str, DAG], name: str) -> None:
    tasks = dags[name].tasks
    assert {task.task_id: set(task.downstream_task_ids) for task in tasks} == ORDER[name]


def test_commits_take_turns(dags: dict[str, DAG]) -> None:
    pools = {task.task_id: task.pool for task in dags["daily_news"].tasks}
    assert pools.pop("publish") == COMMITS_POOL
    assert set(pools.values()) == {"default_pool"}
    assert dags["release_day"].get_task("release").pool == COMMITS_POOL
    assert dags["reread"].get_task("publish").pool == COMMITS_POOL
    assert dags["table_upkeep"].get_task("tidy").pool == COMMITS_POOL


def test_batches_are_fewer_than_airflow_maps_over() -> None:
    from airflow.configuration import conf

    assert conf.getint("core", "max_map_length") >= BATCHES


def test_mapped_tasks_are_told_apart_by_name(dags: dict[str, DAG]) -> None:
    from airflow.sdk import Context

    for dag in dags.values():
        for task in dag.tasks:
            mapped = bool(task.is_mapped or list(task.iter_mapped_task_groups()))
            assert bool(task.map_index_template) == mapped, task.task_id
            parsed = Environment(autoescape=True).parse(task.map_index_template or "")
            asked = meta.find_undeclared_variables(parsed)
            assert bool(asked) == mapped  # else all are called the same
            assert asked <= Context.__annotations__.keys()


def test_a_lost_shard_does_not_stop_the_run(dags: dict[str, DAG]) -> None:
    assert dags["daily_news"].get_task("check").trigger_rule == "all_done"


def test_days_are_partition_keys(dags: dict[str, DAG]) -> None:
    timetable: Any = dags["daily_news"].timetable
    assert type(timetable).__name__ == "CronPartitionTimetable"
    assert (timetable.run_offset, timetable.key_format) == (-1, "%Y-%m-%d")
    assert str(timetable.timezone) == "UTC"
    for name in ("load_warehouse", "export_hive"):
        assert type(dags[name].timetable).__name__ == "PartitionedAssetTimetable"


def test_what_is_triggered_by_hand_runs_when_it_is(dags: dict[str, DAG]) -> None:
    release = dags["release_day"]
    assert release.is_paused_upon_creation is False
    assert set(release.params) == {"day", "reason", "source"}
    with pytest.raises(ValueError, match="day|required|No value"):
        release.params.validate()  # no day, no reason: nothing is released by mistake


def test_only_signal_emits_the_articles(dags: dict[str, DAG]) -> None:
    outlets = {
        task.task_id: [outlet.name for outlet in task.outlets]
        for dag in dags.values()
        for task in dag.tasks
        if task.outlets
    }
    assert outlets == {"signal": ["articles"]}


MEASURE = """
import importlib.util, json, sys, time
import airflow.sdk, airflow.sdk.exceptions, pendulum  # the parser has them loaded already
began = time.process_time()
spec = importlib.util.spec_from_file_location("dag_file", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(json.dumps([time.process_time() - began, sorted(sys.modules)]))
"""
HEAVY = {
    "aiohttp", "boto3", "bs4", "duckdb", "fastwarc", "feedparser", "great_expectations", "lxml",
    "numpy", "pandas", "pyarrow", "pyiceberg", "selectolax", "trafilatura",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_read_in_no_time(path: Any) -> None:
    paths = [str(ROOT / "include"), str(ROOT / "plugins")]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": ":".join(paths)},
    )
    seconds, modules = json.loads(done.stdout.splitlines()[-1])
    assert seconds < 2
    assert not HEAVY & {module.partition(".")[0] for module in modules}
