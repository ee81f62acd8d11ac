"""The compose file: valid, every secret required, every port on loopback, the walk's rules kept."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yaml"
SECRETS = re.findall(r"^([A-Z0-9_]+)=$", (ROOT / "deploy/example.env").read_text(), re.MULTILINE)


def config(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed: make proof-deps")
    return subprocess.run(
        [program, "--project-directory", str(ROOT), "-f", str(COMPOSE), "config"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def resolved() -> dict[str, Any]:
    done = config({name: f"value-of-{name.lower()}" for name in SECRETS})
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = yaml.safe_load(done.stdout)
    return loaded


def test_the_file_keeps_to_the_compose_specification() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [str(check), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.deploy
@pytest.mark.parametrize("missing", SECRETS)
def test_no_secret_may_be_left_out(missing: str) -> None:
    done = config({name: "x" for name in SECRETS if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


@pytest.mark.deploy
def test_only_loopback_is_published(resolved: dict[str, Any]) -> None:
    ports = [port for service in resolved["services"].values() for port in service.get("ports", [])]
    assert ports
    for port in ports:
        assert str(port).startswith("127.0.0.1:")


@pytest.mark.deploy
def test_the_store_shares_no_network_with_the_databases(resolved: dict[str, Any]) -> None:
    services = resolved["services"]
    store = set(services["s3"]["networks"])
    assert store
    assert not store & set(services["postgres"]["networks"])
    assert not store & set(services["redis"]["networks"])


@pytest.mark.deploy
def test_every_process_of_airflow_has_the_same_settings(resolved: dict[str, Any]) -> None:
    ours = {
        name: {k: v for k, v in service["environment"].items() if k != "AIRFLOW_ADMIN_PASSWORD"}
        for name, service in resolved["services"].items()
        if name.startswith("airflow-")
    }
    ours["airflow-worker"].pop("DUMB_INIT_SETSID")
    assert len(ours) == 6
    first = next(iter(ours.values()))
    assert all(environment == first for environment in ours.values())
    assert first["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


@pytest.mark.deploy
def test_every_documented_setting_reaches_the_tasks(resolved: dict[str, Any]) -> None:
    text = (ROOT / "docs/settings.md").read_text()
    names = set(re.findall(r"`((?:NEWSDESK|AWS)_[A-Z0-9_]+)`", text.partition("| connection")[0]))
    assert len(names) > 20
    there = set(resolved["services"]["airflow-worker"]["environment"])
    assert names - there == {"NEWSDESK_HOME"}  # the local house's


@pytest.mark.deploy
def test_a_setting_of_the_operator_is_the_one_that_counts() -> None:
    from newsdesk.settings import Settings

    done = config(
        {
            **{name: f"value-of-{name.lower()}" for name in SECRETS},
            "NEWSDESK_KEEP_RAW": "90",
            "NEWSDESK_HOST_REQUESTS": "100",
            "NEWSDESK_ARCHIVES": '{"common_crawl_data": "s3://commoncrawl"}',
            "NEWSDESK_ARCHIVES_KEY_ID": "key",
            "NEWSDESK_ARCHIVES_SECRET": "secret",
        }
    )
    assert done.returncode == 0, done.stderr
    environment = yaml.safe_load(done.stdout)["services"]["airflow-worker"]["environment"]
    settings = Settings.from_environment({k: str(v or "") for k, v in environment.items()})
    assert settings.upkeep.keep_raw == dt.timedelta(days=90)
    assert settings.host_requests == 100
    assert list(settings.archives.buckets) == ["common_crawl_data"]


@pytest.mark.deploy
def test_papers_of_ones_own_are_where_tasks_and_ui_look(resolved: dict[str, Any]) -> None:
    for name in ("airflow-worker", "airflow-scheduler", "airflow-apiserver"):
        service = resolved["services"][name]
        folder = service["environment"]["NEWSDESK_SOURCES"]
        assert any(str(volume).endswith(f"{folder}:ro") for volume in service["volumes"])


@pytest.mark.deploy
def test_the_settings_are_those_that_newsdesk_reads(resolved: dict[str, Any]) -> None:
    from newsdesk.settings import Settings

    environment = resolved["services"]["airflow-worker"]["environment"]
    settings = Settings.from_environment({k: str(v or "") for k, v in environment.items()})
    assert settings.server.endpoint == "http://s3:8333"
    assert settings.catalog_uri.startswith("postgresql+psycopg2://newsdesk:")
    assert settings.user_agent.startswith("newsdesk/")
