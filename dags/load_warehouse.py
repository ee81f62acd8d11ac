"""
### A consumer: one changed day into the warehouse

Runs once for every day that `daily_news` says has changed, and brings that day of
`news.articles` into a DuckDB file (`NEWSDESK_WAREHOUSE`), or into PostgreSQL when the
connection `newsdesk_warehouse` is set (nested columns become `jsonb`).

One transaction per day: it deletes the stories that come in, wherever they were, and what is
left of the day, then inserts. Readers see the day before or after, never between; loading a day
twice changes nothing; two runs for one day take turns.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable, task

from newsdesk_airflow import ARTICLES, EVERY, take

with DAG(
    "load_warehouse",
    doc_md=__doc__,
    description="Load one changed day of news.articles into DuckDB or PostgreSQL",
    schedule=PartitionedAssetTimetable(assets=ARTICLES, default_partition_mapper=IdentityMapper()),
    max_active_runs=4,
    tags=["newsdesk", "consumer"],
    **EVERY,
):

    @task(multiple_outputs=False)
    def load(**context: Any) -> dict[str, Any]:
        return take("load", context)

    load()
