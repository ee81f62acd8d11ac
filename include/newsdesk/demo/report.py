"""What the demo shows in the end: everything from the published tables, by the same SQL as anybody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.markup import escape

from newsdesk import query
from newsdesk.connections import open_warehouse
from newsdesk.demo.home import Home
from newsdesk.settings import Settings

_LAST_RUNS = """
run_id IN (
    SELECT arg_max(run_id, recorded_at) FROM news.ledger
    WHERE run_day BETWEEN '{first}' AND '{last}' GROUP BY run_day
)
"""
"""The newest run of each day: a demo that is run again has several."""

_CHECKS = f"""
SELECT severity, outcome, count(*) AS expectations FROM news.checks
WHERE {_LAST_RUNS} GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  # our own text

_NOT_PASSED = f"""
SELECT published_day AS day, severity, expectation, outcome, observed, expected,
       failing || ' of ' || "rows" AS failing
FROM news.checks WHERE outcome <> 'passed' AND {_LAST_RUNS} ORDER BY ALL LIMIT 12
"""  # noqa: S608  # our own text

_REASONS = """
SELECT reason, count(*) AS refused, count(DISTINCT url) AS pages FROM news.rejected
WHERE run_day BETWEEN '{first}' AND '{last}' GROUP BY ALL ORDER BY ALL
"""

_REFUSED = """
SELECT DISTINCT ON (reason, url)
       reason, regexp_replace(url, '^https?://[^/]+', '') AS page, http_status AS http, evidence
FROM news.rejected
WHERE run_day BETWEEN '{first}' AND '{last}' ORDER BY reason, url, captured_at DESC LIMIT 6
"""

_FATES = f"""
SELECT run_day, fate, reason, count(*) AS urls FROM news.ledger
WHERE {_LAST_RUNS} GROUP BY ALL ORDER BY ALL
"""  # noqa: S608  # our own text

_ARTICLES = """
SELECT published_at, section, headline,
       list_transform(bylines, lambda b: b.name || ' (' || b.kind || ')') AS bylines
FROM news.articles WHERE published_at::DATE BETWEEN '{first}' AND '{last}'
ORDER BY published_at DESC LIMIT 3
"""

_LOADED = """
SELECT l.day, count(a.article_id), l.loaded_at
FROM news.loads l LEFT JOIN news.articles a ON a.published_at::DATE = l.day
GROUP BY ALL ORDER BY ALL
"""


def show(
    home: Home,
    environment: Mapping[str, str],
    console: Console,
    first: dt.date,
    second: dt.date,
    changed: Mapping[str, Mapping[str, Any]],
) -> None:
    """Prints what the demo's two days came to.

    Args:
        home: The house.
        environment: Settings of the running demo, as environment variables.
        console: Where to.
        first: The first day.
        second: The second day.
        changed: The days that this demo changed: day to its rows, added, changed, removed,
            complete and verdict.
    """
    settings = Settings.from_environment(environment)
    with closing(open_warehouse(settings)) as warehouse:

        def ask(sql: str) -> None:
            result = query.query(
                warehouse,
                sql.format(first=first, last=second),
                server=settings.server,
            )
            query.show(result, console)

        _show_changed(console, changed)
        _head(console, "Coverage", "news.coverage")
        query.show_status(query.status(warehouse, first, second), console, env=settings.env)
        _head(console, "Checks", "news.checks, the newest run of each day")
        ask(_CHECKS)
        console.print("What did not pass:")
        ask(_NOT_PASSED)
        _head(console, "Refused", "news.rejected")
        ask(_REASONS)
        ask(_REFUSED)
        _head(console, "What became of every URL", "news.ledger, the newest run of each day")
        ask(_FATES)
        _head(console, "Stories", "news.articles")
        console.print(_ARTICLES.strip().format(first=first, last=second), style="dim", markup=False)
        ask(_ARTICLES)
    _show_loaded(home, console)


def what_next(home: Home, console: Console) -> None:
    """Prints where things are, and what to try."""
    places = {
        "bucket": home.folder / "s3" / "data",
        "catalog": home.folder / "catalog.db",
        "warehouse": home.warehouse,
        "Airflow's logs": home.folder / "airflow" / "logs",
    }
    console.print("\n[bold]Where things are[/]")
    for name, path in places.items():
        console.print(f"  {name:<16}{path}", markup=False, soft_wrap=True)
    console.print("\n[bold]What to try[/]")
    for command, why in (
        (".venv/bin/newsdesk status", "how complete each day is"),
        ('.venv/bin/newsdesk query "SELECT * FROM news.articles LIMIT 1"', "every column"),
        ('.venv/bin/newsdesk query --csv "FROM news.ledger" > ledger.csv', "every URL"),
        ("make demo", "again: nothing new is published, and it says so"),
        ("make up", "Airflow's UI, the bucket and the paper, until Ctrl-C"),
    ):
        console.print(f"  {escape(command)}  [dim]{why}[/]", soft_wrap=True)
    console.print(
        "  With `make up`, fill any other range of days: in Airflow's UI, daily_news, Trigger, "
        "Backfill.\n  The demo paper has had stories every day for years.",
        soft_wrap=True,
    )


def _show_changed(console: Console, changed: Mapping[str, Mapping[str, Any]]) -> None:
    _head(console, "Published", "the days that this run changed")
    if not changed:
        console.print("[bold yellow]Nothing new was published:[/] every story was there already.")
        return
    counts = ("rows", "added", "changed", "removed")
    result = query.Result(
        ("day", *counts, "complete", "verdict"),
        iter(
            (day, *(told[name] for name in counts), told["complete"], told["verdict"])
            for day, told in sorted(changed.items())
        ),
    )
    query.show(result, console)


def _show_loaded(home: Home, console: Console) -> None:
    import duckdb

    _head(console, "The consumer", f"news.articles in {home.warehouse}, by load_warehouse")
    if not home.warehouse.exists():
        console.print("No day was loaded.")
        return
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        rows = db.execute(_LOADED).fetchall()
    query.show(query.Result(("day", "stories", "loaded at"), iter(rows)), console)


def _head(console: Console, title: str, where: str) -> None:
    console.print(f"\n[bold]{escape(title)}[/]  [dim]{escape(where)}[/]", soft_wrap=True)
