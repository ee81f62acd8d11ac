"""
### Upkeep: tables that stay fast and cheap for years

Once a week, one table after another: small files of a partition become one, snapshots older than
`NEWSDESK_KEEP_SNAPSHOTS` days are forgotten with every file that only they had, and files that no
snapshot has are removed once they are older than `NEWSDESK_KEEP_ORPHANS` days. Each task tells
files and bytes before and after.

Runs may publish meanwhile: commits take turns in the pool, one that came first wins, and nothing
that a kept snapshot reaches is deleted. WARC files stay for ever unless `NEWSDESK_KEEP_RAW` says
otherwise.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from newsdesk_airflow import COMMITS_POOL, at_desk, scheduled

with DAG(
    "table_upkeep",
    doc_md=__doc__,
    description="Compact the tables, expire old snapshots, remove files that no snapshot has",
    schedule=CronTriggerTimetable("17 13 * * 0", timezone="UTC"),
    max_active_runs=1,
    tags=["newsdesk", "upkeep"],
    **scheduled(),
):

    @task
    def tables() -> list[str]:
        names: list[str] = at_desk("table_names")["tables"]
        return names

    @task(pool=COMMITS_POOL, map_index_template="table {{ ti.map_index }}", multiple_outputs=False)
    def tidy(table: str) -> dict[str, Any]:
        return at_desk("tidy", table=table)

    @task(multiple_outputs=False)
    def age_raw() -> dict[str, Any]:
        return at_desk("age_raw")

    tidy.expand(table=tables()) >> age_raw()
