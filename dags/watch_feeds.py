"""
### Looks: what the feeds show, several times a day

A feed shows only its newest items, so what nobody looks at in time is lost to it. Every look
records which links each feed and news sitemap of each paper showed, with conditional requests;
`daily_news` learns from these records which stories a day had, and where nobody watched.

A scheduled run looks at the feeds that are due: a feed whose items were mostly seen before is left
alone for up to six hours, one in which all was new is asked after fifteen minutes, one that fails
waits by the kind of its failure. A run that somebody triggers looks at all of them.

The share of links that the look before had shown already proves that nothing was missed.
A feed that fails is recorded as failed and stops no other.
"""

from __future__ import annotations

import os
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from newsdesk_airflow import at_desk, scheduled

with DAG(
    "watch_feeds",
    doc_md=__doc__,
    description="Record what every feed and news sitemap shows now",
    schedule=CronTriggerTimetable(
        os.environ.get("NEWSDESK_LOOK_CRON") or "*/15 * * * *", timezone="UTC"
    ),
    max_active_runs=1,
    tags=["newsdesk", "producer"],
    **scheduled(),
):

    @task
    def papers() -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = at_desk("paper_groups")["groups"]
        return groups

    @task(map_index_template="papers {{ ti.map_index }}", multiple_outputs=False)
    def look(group: dict[str, Any], **context: Any) -> dict[str, int]:
        by_itself = context["dag_run"].run_type == "scheduled"
        return at_desk("look", only_due=by_itself, **group)

    look.expand(group=papers())
