"""
### A consumer: one changed day as plain Parquet

For engines that cannot read Iceberg. Runs once for every day that `daily_news` says has changed,
and writes that day of `news.articles` under `<env>/hive/articles/` in the bucket: files of a new
version, then the manifest that names them. Readers see the day before or after, never between;
a day that says the same is not written again. Old versions go after `NEWSDESK_KEEP_ORPHANS` days.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable, task

from newsdesk_airflow import ARTICLES, EVERY, take

with DAG(
    "export_hive",
    doc_md=__doc__,
    description="Export one changed day of news.articles in Hive's layout",
    schedule=PartitionedAssetTimetable(assets=ARTICLES, default_partition_mapper=IdentityMapper()),
    max_active_runs=4,
    tags=["newsdesk", "consumer"],
    **EVERY,
):

    @task(multiple_outputs=False)
    def export(**context: Any) -> dict[str, Any]:
        return take("export", context)

    export()
