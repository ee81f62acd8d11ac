"""The services of the compose file, with its own settings, as processes of this machine.

No container engine is needed: PostgreSQL, Redis and SeaweedFS are the real ones, every Airflow
process is started by the file's own command with the file's own environment, and only addresses
and folders are other ones. Two days of the demo paper go through Celery workers.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.postgres import postgres
from newsdesk.article import UTC
from newsdesk.connections import open_warehouse
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.demo.paper.stories import truth
from newsdesk.embedded import SeaweedFS, end_group, free_port
from newsdesk.settings import Settings

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
FIRST, SECOND = dt.date(2024, 5, 14), dt.date(2024, 5, 15)
SECRETS = {
    "AIRFLOW_ADMIN_PASSWORD": "admin-of-tests",
    "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(b"fernet key of a test, 32 bytes! ").decode(),
    "AIRFLOW_JWT_SECRET": "jwt-secret-of-a-test-long-enough-for-sha-512-signatures-and-more-to-spare",
    "AIRFLOW_SECRET_KEY": "secret-key-of-a-test",
    "POSTGRES_PASSWORD": "postgres-of-tests",
    "NEWSDESK_POSTGRES_PASSWORD": "catalog-of-tests",
    "REDIS_PASSWORD": "redis-of-tests",
    "S3_ACCESS_KEY": "access-of-tests",
    "S3_SECRET_KEY": "secret-of-tests",
    "NEWSDESK_CONTACT": "https://newsdesk.example/tests",
}
STARTED = ("apiserver", "scheduler", "dag-processor", "triggerer", "worker")


@dataclass
class Cluster:
    """What runs: Airflow's API, and newsdesk's settings to look at the tables with."""

    api: str
    settings: Settings
    clock: Clock
    cli: Callable[..., None]
    logs: Path
    _token: str = ""

    def call(self, method: str, path: str, body: object = None) -> Any:
        if not self._token:
            login = {"username": "admin", "password": SECRETS["AIRFLOW_ADMIN_PASSWORD"]}
            self._token = request("POST", f"{self.api}/auth/token", login, {})["access_token"]
        bearer = {"Authorization": f"Bearer {self._token}"}
        return request(method, f"{self.api}/api/v2{path}", body, bearer)

    def wait_for(self, dag: str, count: int) -> list[dict[str, Any]]:
        """The runs of a DAG, when so many have succeeded."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            runs = self.call("GET", f"/dags/{dag}/dagRuns?limit=100")["dag_runs"]
            assert not [run for run in runs if run["state"] == "failed"], f"{dag}: see {self.logs}"
            if len([run for run in runs if run["state"] == "success"]) >= count:
                return list(runs)
            time.sleep(1)
        raise AssertionError(f"{dag} did not finish; see {self.logs}")


def request(method: str, url: str, body: object, headers: dict[str, str]) -> Any:
    asked = urllib.request.Request(
        url,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
        method=method,
    )
    with urllib.request.urlopen(asked, timeout=30) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def services() -> dict[str, Any]:
    """The compose file as Compose reads it, with the secrets of this test."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed: make proof-deps")
    done = subprocess.run(
        [program, "--project-directory", ROOT, "-f", ROOT / "docker-compose.yaml", "config"],
        env={"PATH": os.environ["PATH"], **SECRETS},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = yaml.safe_load(done.stdout)["services"]
    return found


@contextmanager
def program(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """Runs a program in a group of its own; ended with all it started."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield
    finally:
        end_group(process, 10)


@contextmanager
def redis(log: Path) -> Iterator[int]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("Redis is not installed: make proof-deps")
    port = free_port()
    asked = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with program([*asked, "--requirepass", SECRETS["REDIS_PASSWORD"]], dict(os.environ), log):
        yield port


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("celery")
    compose = services()
    with ExitStack() as stack:
        database = stack.enter_context(postgres("airflow", SECRETS["POSTGRES_PASSWORD"]))
        broker = stack.enter_context(redis(folder / "redis.log"))
        store = SeaweedFS(
            folder / "s3",
            access_key=SECRETS["S3_ACCESS_KEY"],
            secret_key=SECRETS["S3_SECRET_KEY"],
        )
        endpoint = stack.enter_context(store)
        clock = Clock(dt.datetime.combine(SECOND, dt.time(0, 10), UTC))
        paper = PaperServer(0, clock)
        threading.Thread(target=paper.serve_forever, daemon=True).start()
        stack.callback(paper.server_close)
        stack.callback(paper.shutdown)

        port = free_port()
        moved = {
            "@postgres/": f"@{database.rpartition('@')[2]}/",
            "@redis:6379": f"@127.0.0.1:{broker}",
            "http://airflow-apiserver:8080": f"http://127.0.0.1:{port}",
            "http://127.0.0.1:8080": f"http://127.0.0.1:{port}",
            "http://s3:8333": endpoint.url,
            "/opt/airflow/auth": str(folder),
            "/opt/newsdesk/": f"{folder}/",
            "/opt/newsdesk-papers": str(ROOT / "deploy" / "papers"),
        }
        ours = {
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(free_port()),
            "HOME": str(folder),
            "NEWSDESK_FETCH_VIA": json.dumps({"demo_paper": paper.address}),
            "NEWSDESK_PAPERS": "demo_paper",
            "NEWSDESK_SCHEDULE_UNTIL": str(FIRST),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "include"),
        }

        def environment(service: str) -> dict[str, str]:
            given = dict(compose[f"airflow-{service}"]["environment"])
            for name, value in given.items():
                for old, new in moved.items():
                    value = str(value).replace(old, new)
                given[name] = value
            return given | ours

        catalog = environment("worker")["NEWSDESK_CATALOG_URI"]
        prepare_database(database)
        init = ["bash", str(ROOT / "deploy" / "init.sh")]
        subprocess.run(init, env=environment("init"), check=True, capture_output=True)
        for service in STARTED:
            command = [*compose[f"airflow-{service}"]["command"]]
            command[0] = str(BIN / command[0])
            stack.enter_context(program(command, environment(service), folder / f"{service}.log"))

        def cli(*arguments: str) -> None:
            asked = [str(BIN / "airflow"), *arguments]
            subprocess.run(asked, env=environment("scheduler"), check=True, capture_output=True)

        settings = Settings(
            bucket=endpoint.bucket,
            catalog_uri=catalog,
            server=endpoint.server,
            env="prod",
            warehouse=str(folder / "warehouse.duckdb"),
        )
        made = Cluster(f"http://127.0.0.1:{port}", settings, clock, cli, folder)
        wait_until_known(made)
        yield made


def prepare_database(address: str) -> None:
    """What the image does when its volume is new: the script of the compose file."""
    host, port = address.rpartition("@")[2].split(":")
    script = ROOT / "deploy" / "postgres-init.sh"
    login = {
        "POSTGRES_USER": "airflow",
        "NEWSDESK_POSTGRES_PASSWORD": SECRETS["NEWSDESK_POSTGRES_PASSWORD"],
        "PGHOST": host,
        "PGPORT": port,
        "PGPASSWORD": SECRETS["POSTGRES_PASSWORD"],
        "PGDATABASE": "postgres",
        "PATH": os.environ["PATH"],
    }
    subprocess.run(["bash", script], env=login, check=True, capture_output=True)
    create = ["psql", "--username", "airflow", "-c", "CREATE DATABASE airflow"]
    subprocess.run(create, env=login, check=True, capture_output=True)


def wait_until_known(cluster: Cluster) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            dags = {dag["dag_id"] for dag in cluster.call("GET", "/dags")["dags"]}
            if {"watch_feeds", "daily_news", "load_warehouse"} <= dags:
                return
        except (OSError, ValueError, urllib.error.HTTPError):
            pass
        time.sleep(1)
    raise AssertionError(f"Airflow did not come up; see {cluster.logs}")


def test_two_days_go_through_celery_workers(cluster: Cluster) -> None:
    for dag in ("watch_feeds", "daily_news", "load_warehouse"):
        cluster.call("PATCH", f"/dags/{dag}", {"is_paused": False})
    for number, hours in enumerate((0.2, 8, 16, 23, 24.1), start=1):
        midnight = dt.datetime.combine(SECOND, dt.time(), UTC)
        cluster.clock.set(midnight + dt.timedelta(hours=hours))
        cluster.call("POST", "/dags/watch_feeds/dagRuns", {"logical_date": None})
        cluster.wait_for("watch_feeds", number)
    days = ("--from-date", str(FIRST), "--to-date", str(SECOND))
    cluster.cli("backfill", "create", "--dag-id", "daily_news", *days)
    runs = cluster.wait_for("daily_news", 2)
    assert {run["partition_key"] for run in runs} == {str(FIRST), str(SECOND)}

    articles = open_warehouse(cluster.settings).table("articles").scan().to_arrow().to_pylist()
    for day in (FIRST, SECOND):
        printed = sorted(told.headline for told in truth(day, cluster.clock.now()))
        mine = [row["headline"] for row in articles if row["published_at"].date() == day]
        assert sorted(mine) == printed

    loads = cluster.wait_for("load_warehouse", 2)
    assert {str(FIRST), str(SECOND)} <= {run["partition_key"] for run in loads}
