"""The page of a run's checks in Airflow's UI: real users, real tokens, a real bucket."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from contracts.environment import environment_of
from contracts.newsroom import DAY, PAPER, Newsroom, failing, passing
from integration.airflow_home import dagbag
from newsdesk import records
from newsdesk.article import UTC, Run, Verdict
from newsdesk.connections import connect, open_warehouse
from newsdesk.layout import Layout
from newsdesk.steps.documenting import document
from unit.steps.test_publishing import Walk, good

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from conftest import Lake

pytestmark = pytest.mark.integration

RUN = "scheduled__2026-01-16T00:00:00+00:00"


@pytest.fixture(scope="module")
def airflow() -> Iterator[None]:
    """Airflow's database with one run of the day, and its users."""
    dagbag()
    from airflow.api_fastapi.app import init_auth_manager
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunType

    patch = pytest.MonkeyPatch()
    patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "a secret of this test alone " * 3)
    init_auth_manager()
    now = dt.datetime(2026, 1, 16, tzinfo=UTC)
    with create_session() as session:
        run = DagRun(dag_id="daily_news", run_id=RUN, run_type=DagRunType.SCHEDULED, run_after=now)
        run.partition_key = str(DAY)
        session.add(run)
    yield
    patch.undo()


@pytest.fixture
def client(airflow: None, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    from fastapi.testclient import TestClient

    import newsdesk_plugin

    for name, value in environment_of(lake.settings).items():
        monkeypatch.setenv(name, value)
    with TestClient(newsdesk_plugin.serve) as made:
        yield made


def bearer(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="ada", role=role))
    return {"Authorization": f"Bearer {token}"}


def ask(client: TestClient, run: str = RUN, *, role: str | None = "viewer") -> Any:
    return client.get(
        "/checks", params={"run": run}, headers=bearer(role) if role is not None else {}
    )


def test_a_reader_of_the_dag_sees_the_checks_of_a_run(client: TestClient, lake: Lake) -> None:
    results = (passing((PAPER, DAY), 60), failing(("river_<b>times", DAY), 3))
    verdict = Verdict(None, (), (), (), results)
    key = Layout(lake.settings.env).verdict(DAY, RUN)
    lake.store.put(key, records.pack(verdict))
    page = ask(client)
    assert page.status_code == 200
    assert f"Checks of {DAY}" in page.text
    assert "river_&lt;b&gt;times" in page.text
    assert "1 failed, 1 passed" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_coverage_shows_the_days_of_every_paper(client: TestClient, lake: Lake) -> None:
    assert "No paper was ever published" in client.get("/coverage", headers=bearer("viewer")).text
    warehouse = open_warehouse(lake.settings)
    room = Newsroom(warehouse, lake.store, Layout(lake.settings.env))
    Walk(room).walk("a", [good(1), good(2)])
    warehouse.close()
    shown = client.get("/coverage", headers=bearer("viewer"))
    assert shown.status_code == 200
    assert f'title="{DAY}: 2 published of' in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    month = client.get("/coverage?last=2026-01-20&days=3", headers=bearer("viewer"))
    assert "2026-01-18 to 2026-01-20" in month.text
    for odd in ("last=0001-01-01", "last=9999-12-31"):
        assert client.get(f"/coverage?{odd}", headers=bearer("viewer")).status_code == 400
    assert client.get("/coverage?last=soon", headers=bearer("viewer")).status_code == 422
    assert client.get("/coverage?days=1000000", headers=bearer("viewer")).status_code == 200
    assert client.get("/coverage").status_code == 401


def page(client: TestClient, path: str, *, role: str | None = "viewer") -> Any:
    return client.get(f"/docs/{path}", headers=bearer(role) if role is not None else {})


def test_the_data_docs_are_one_click_further(client: TestClient, lake: Lake) -> None:
    results = (passing((PAPER, DAY), 60), failing(("river_times", DAY), 3))
    layout, run = Layout(lake.settings.env), Run(DAY, RUN, dt.datetime(2026, 1, 16, tzinfo=UTC))
    lake.store.put(layout.verdict(DAY, RUN), records.pack(Verdict(None, (), (), (), results)))
    document(connect(lake.settings), run, results)
    (link,) = re.findall(r'href="docs/([^"]+)"', ask(client).text)
    first = page(client, link)
    assert first.status_code == 200
    assert "1 failed, 1 passed" in first.text
    assert first.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in first.headers["content-security-policy"]
    paper = page(client, link.replace("index.html", f"{PAPER}.html"))
    assert f"Checks of {DAY}: {PAPER}" in paper.text
    for every in (page(client, ""), page(client, "index.html")):
        assert every.status_code == 200
        assert link in every.text
    head = lake.store._client.head_object(Bucket=lake.store.bucket, Key=layout.docs(DAY, RUN))
    assert head["ContentType"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "../runs/2026-01-15/verdict.json.zst",
        "%2e%2e/current/articles.json",
        "2026-01-15/0123456789abcdef/..%2f..%2f..%2findex.html",
        "2026-01-15/0123456789abcdef/none.html",
        "runs.json",
        "2026-01-15",
        "index.html%00",
        "index.html%0a",
    ],
)
def test_no_path_leads_out_of_the_data_docs(client: TestClient, lake: Lake, path: str) -> None:
    lake.store.put(Layout(lake.settings.env).current("articles"), b"{}")
    assert page(client, path).status_code == 404


def test_nobody_reads_the_data_docs_without_a_login(client: TestClient) -> None:
    assert page(client, "index.html", role=None).status_code == 401


def test_nobody_sees_them_without_a_login(client: TestClient) -> None:
    assert ask(client, role=None).status_code == 401
    forged = client.get("/checks", params={"run": RUN}, headers={"Authorization": "Bearer no"})
    assert forged.status_code == 403


def test_every_route_asks_who_is_there(client: TestClient) -> None:
    from fastapi.routing import APIRoute

    import newsdesk_plugin

    routes = newsdesk_plugin.app().routes
    assert [route.path for route in routes if isinstance(route, APIRoute)] == [
        "/coverage",
        "/checks",
        "/docs/{path:path}",
    ]
    assert all(isinstance(route, APIRoute) and route.dependencies for route in routes)


def test_what_is_not_there_is_said_in_one_line(client: TestClient) -> None:
    unknown = ask(client, "manual__<i>")
    assert (unknown.status_code, unknown.text) == (404, "<p>There is no such run.</p>")
    unchecked = ask(client)
    assert unchecked.status_code == 404
    assert "not been checked yet" in unchecked.text


def test_a_store_that_is_away_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_S3_BUCKET", "nobodys")
    away = ask(client)
    assert away.status_code == 503
    assert "s3://nobodys: the bucket does not exist" in away.text


def test_the_plugin_costs_a_task_no_web_framework() -> None:
    ask_python = (
        "import sys, airflow.sdk, airflow.providers.standard.decorators.python, newsdesk_plugin;"
        "print({'fastapi', 'airflow.api_fastapi', 'newsdesk.quality'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask_python],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"


def test_the_link_stands_on_the_tasks_that_judge() -> None:
    from types import SimpleNamespace

    import newsdesk_plugin

    link = newsdesk_plugin.ChecksLink()

    def of(dag_id: str, task_id: str) -> str:
        key: Any = SimpleNamespace(dag_id=dag_id, task_id=task_id, run_id=RUN)
        return link.get_link(None, ti_key=key)  # type: ignore[arg-type]

    assert of("daily_news", "publish").endswith(
        "/newsdesk/checks?run=scheduled__2026-01-16T00%3A00%3A00%2B00%3A00"
    )
    for task in ("check", "close"):
        assert of("daily_news", task).endswith(
            "/newsdesk/checks?run=scheduled__2026-01-16T00%3A00%3A00%2B00%3A00"
        )
    assert of("daily_news", "discover") == ""
    assert of("load_warehouse", "publish") == ""
