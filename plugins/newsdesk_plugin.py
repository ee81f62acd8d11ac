"""What newsdesk adds to Airflow's UI: how complete the days are, and the checks of a run.

::

    /newsdesk/coverage               every paper's days; "Coverage" in the navigation
    /newsdesk/checks?run=<run id>    what a run was judged by, as its verdict says
    /newsdesk/docs/...               the Data Docs as they lie in the bucket

Whoever may read the DAG may read them all. The checks are one click from a run's tasks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from airflow.providers.standard.decorators.python import _PythonDecoratedOperator
from airflow.sdk import BaseOperatorLink

from newsdesk import YEARS

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey
    from fastapi import FastAPI
    from fastapi.responses import HTMLResponse

DAG_ID = "daily_news"
TASK_IDS = ("check", "publish", "close")
PREFIX = "/newsdesk"
BASE = conf.get("api", "base_url", fallback="/").rstrip("/")
"""Where Airflow's UI is."""

LONGEST = 366
"""Days that the coverage page shows at most."""


class ChecksLink(BaseOperatorLink):
    """A button on some tasks that opens the checks their run was judged by."""

    name = "Checks"
    operators = [_PythonDecoratedOperator]  # noqa: RUF012  # Airflow reads the attribute of the class

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Address of the page; empty, and so no button, on every other task."""
        if ti_key.dag_id != DAG_ID or ti_key.task_id not in TASK_IDS:
            return ""
        return f"{BASE}{PREFIX}/checks?{urlencode({'run': ti_key.run_id})}"


@cache
def app() -> FastAPI:
    """The routes, made when the first is asked for.

    Airflow imports its plugins in every task's process too, where FastAPI and the API server's
    own modules would cost more than most tasks take.
    """
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI
    from fastapi.responses import HTMLResponse, Response

    made = FastAPI(title="newsdesk", docs_url=None, redoc_url=None, openapi_url=None)
    # A plugin's routes are open to everyone unless they say otherwise: each names what it asks.
    reader = Depends(requires_access_dag("GET", param_dag_id=DAG_ID))
    made.get("/coverage", dependencies=[reader], response_class=HTMLResponse)(coverage)
    made.get("/checks", dependencies=[reader], response_class=HTMLResponse)(checks)
    made.get("/docs/{path:path}", dependencies=[reader], response_class=Response)(docs)
    return made


async def serve(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """The routes as an ASGI application."""
    await app()(scope, receive, send)


def coverage(last: dt.date | None = None, days: int = 31) -> Any:
    """How complete the days of every paper are, as a page.

    Args:
        last: The last day (UTC) that is shown; the newest that any paper has when not given.
        days: How many days are shown, at most a year.
    """
    from fastapi.responses import HTMLResponse

    from newsdesk.connections import open_warehouse
    from newsdesk.errors import NewsdeskError
    from newsdesk.query.coverage import status
    from newsdesk.query.page import render
    from newsdesk_airflow import settings

    if last is not None and last.year not in YEARS:
        return _message(400, "There is no news of such days.")
    shown = min(max(days, 1), LONGEST)
    try:
        with closing(open_warehouse(settings())) as warehouse:
            page = render(status(warehouse, last=last, span=shown), shown)
        return HTMLResponse(page, headers=_HEADERS)
    except NewsdeskError as error:
        return _message(503, str(error))


def checks(run: str) -> Any:
    """The checks of one run of ``daily_news``, as a page.

    Args:
        run: The run's id.
    """
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from fastapi.responses import HTMLResponse
    from sqlalchemy import select

    from newsdesk.errors import NewsdeskError, ObjectMissing

    with create_session(scoped=False) as session:
        found = session.scalar(select(DagRun).where(DagRun.dag_id == DAG_ID, DagRun.run_id == run))
        if found is None:
            return _message(404, "There is no such run.")
        day = dt.date.fromisoformat(found.partition_key or f"{found.logical_date:%Y-%m-%d}")
    try:
        return HTMLResponse(_page(day, run), headers=_HEADERS)
    except ObjectMissing:
        return _message(404, "This run has not been checked yet.")
    except NewsdeskError as error:
        return _message(503, str(error))


def docs(path: str) -> Any:
    """One page of the Data Docs.

    Args:
        path: Below ``docs/`` in the bucket; nothing is the list of all runs.
    """
    from fastapi.responses import HTMLResponse

    from newsdesk.connections import connect
    from newsdesk.errors import NewsdeskError, ObjectMissing
    from newsdesk_airflow import settings

    try:
        desk = connect(settings())
        key = desk.layout.docs_page(path or "index.html")
        return HTMLResponse(desk.store.get(key), headers=_HEADERS)
    except (ObjectMissing, ValueError):
        return _message(404, "There is no such page.")
    except NewsdeskError as error:
        return _message(503, str(error))


def _page(day: dt.date, run: str) -> str:
    from newsdesk.connections import connect
    from newsdesk.quality import render
    from newsdesk.steps.publishing import load_verdict
    from newsdesk_airflow import settings

    desk = connect(settings())
    verdict = load_verdict(desk, day, run)
    key = desk.layout.docs(day, run)
    more = ""
    if desk.store.head(key) is not None:
        page = key.removeprefix(desk.layout.docs_index().removesuffix("index.html"))
        more = f'<p><a href="docs/{page}">Data Docs of this run</a></p>'
    return render(verdict.results, title=f"Checks of {day}", more=more)


def _message(status: int, text: str) -> HTMLResponse:
    from html import escape

    from fastapi.responses import HTMLResponse

    return HTMLResponse(f"<p>{escape(text)}</p>", status_code=status, headers=_HEADERS)


_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'",
    "X-Content-Type-Options": "nosniff",
}


class NewsdeskPlugin(AirflowPlugin):
    """Registers the link and the pages."""

    name = "newsdesk"
    fastapi_apps: list[Any] = [{"app": serve, "url_prefix": PREFIX, "name": "newsdesk"}]  # noqa: RUF012  # as above
    external_views: list[Any] = [  # noqa: RUF012  # as above
        {
            "name": "Coverage",
            "href": f"{urlsplit(BASE).path}{PREFIX}/coverage",
            "destination": "nav",
            "url_route": "newsdesk-coverage",
            "nav_top_level": True,
        }
    ]
    operator_extra_links: list[Any] = [ChecksLink()]  # noqa: RUF012  # as above
