"""
### A blocked day, published because somebody says so

Triggered by hand, with the day and a reason; never scheduled. What waits for that day is published
whatever its checks say, with who released it and why in `news.checks` (expectation `release`), and
consumers are told. Of other days that the stories touch the checks still decide.

A day that `newsdesk release` has already published from a shell is only told to the consumers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, task

from newsdesk_airflow import ARTICLES, BY_HAND, COMMITS_POOL, take, tell

with DAG(
    "release_day",
    doc_md=__doc__,
    description="Publish a day that its checks have blocked, with who says so and why",
    schedule=None,
    **BY_HAND,
    params={
        "day": Param(type="string", format="date", title="Published day (UTC)"),
        "reason": Param(type="string", minLength=3, title="Why"),
        "source": Param(None, type=["null", "string"], title="Paper (none: every one that waits)"),
    },
):

    @task(pool=COMMITS_POOL, multiple_outputs=False, retry_delay=timedelta(minutes=1))
    def release(**context: Any) -> dict[str, Any]:
        params = context["params"]
        return take(
            "release",
            context,
            by=context["dag_run"].triggering_user_name or "unknown",
            reason=params["reason"],
            source=params["source"],
        )

    @task(outlets=[ARTICLES])
    def signal(*, outlet_events: Any = None, **context: Any) -> list[str]:
        return tell(outlet_events[ARTICLES], take("signals", context)["days"])

    release() >> signal()
