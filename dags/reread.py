"""
### Reread: landed pages once more, after a change of the reader

Triggered by hand, with the first and the last day: days that runs worked for, or, with `published`,
days that stories were published on. Everything comes from the bucket; no paper is asked. Pages that
were rejected are read again, too.

| task | what it does |
|---|---|
| `pages` | finds the landed pages, by shards |
| `read` | reads them, and stages what they say |
| `compare` | what differs from the tables, field by field; checks of rows and days |
| `review` | adds it up; stops when it looks like a regression, unless `accept` says otherwise |
| `publish` | commits day by day; rows whose page is rejected now leave as tombstones |
| `signal` | one event per changed day for consumers |

With `dry_run` it ends after `review`, whose log and return value say what would change. How much a
paper may lose before it counts as a regression is `NEWSDESK_REREAD_LIMIT`.

Only a newer reader replaces what is there: `reader_version` must have grown, by a new version of
newsdesk or by `rules_version` in a paper's file.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, task

from newsdesk_airflow import ARTICLES, BY_HAND, COMMITS_POOL, at_desk, tell


def run_of(context: dict[str, Any]) -> str:
    return str(context["dag_run"].run_id)


with DAG(
    "reread",
    doc_md=__doc__,
    description="Read landed pages again after a change of the reader, and publish what differs",
    schedule=None,
    **BY_HAND,
    params={
        "first": Param(type="string", format="date", title="First day (UTC)"),
        "last": Param(type="string", format="date", title="Last day"),
        "published": Param(False, type="boolean", title="Days of publication, not of runs"),
        "source": Param(None, type=["null", "string"], title="Paper (none: all of them)"),
        "dry_run": Param(False, type="boolean", title="Only say what would change"),
        "accept": Param(False, type="boolean", title="Publish though it looks worse"),
    },
):

    @task
    def pages(*, params: Any = None, **context: Any) -> list[Any]:
        chosen = {name: params[name] for name in ("first", "last", "published", "source")}
        found: list[Any] = at_desk("reread_pages", run_id=run_of(context), **chosen)["batches"]
        return found

    @task(map_index_template="batch {{ ti.map_index }}", multiple_outputs=False)
    def read(batch: Any, **context: Any) -> dict[str, int]:
        return at_desk("reread_read", run_id=run_of(context), batch=batch)

    @task
    def days(batches: Any) -> list[Any]:
        found: list[Any] = at_desk("reread_days", batches=batches)["batches"]
        return found

    @task(map_index_template="batch {{ ti.map_index }}", multiple_outputs=False)
    def compare(batch: Any, **context: Any) -> dict[str, int]:
        return at_desk("reread_compare", run_id=run_of(context), days=batch)

    @task
    def review(batches: Any, *, params: Any = None, **context: Any) -> list[Any]:
        how = {name: params[name] for name in ("accept", "dry_run")}
        told = at_desk("reread_review", run_id=run_of(context), batches=list(batches), **how)
        context["ti"].xcom_push("report", told["report"])
        publishing: list[Any] = told["batches"]
        return publishing

    @task(pool=COMMITS_POOL, map_index_template="batch {{ ti.map_index }}", multiple_outputs=False)
    def publish(batch: Any, **context: Any) -> dict[str, Any]:
        return at_desk("reread_publish", run_id=run_of(context), days=batch)

    @task(outlets=[ARTICLES])
    def signal(batches: Any, *, outlet_events: Any = None, **context: Any) -> list[str]:
        told = at_desk("reread_signals", run_id=run_of(context), batches=list(batches))
        return tell(outlet_events[ARTICLES], told["days"])

    found = pages()
    of_days = days(found)
    reviewed = review(of_days)
    read.expand(batch=found) >> compare.expand(batch=of_days) >> reviewed
    publish.expand(batch=reviewed) >> signal(reviewed)
