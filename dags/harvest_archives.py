"""
### Harvest: pages of our papers out of the files of a news crawl

Common Crawl's news crawl (CC-NEWS) has no index by address: its files, of about 1 GB each, must be
read whole. So each is read once, by a task of its own, for all papers at a time; what it holds of
them is landed and noted by the day that each page says it is of. A run of `daily_news` for that
day then finds it in the bucket, without network: harvest first, then backfill.

Trigger it with the days that are wanted, for instance
`{"first": "2026-01-01", "last": "2026-01-31"}`. A story is captured after it was published, so the
files of the days after the last are read too (`days_after`), and those that began up to 24 hours
before the first, because a file holds a day of captures.

A task that was killed goes on where its last part was landed. A file that was read to its end is
not read again.
"""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import DAG, Param, task

from newsdesk_airflow import DEFAULTS, at_desk

with DAG(
    "harvest_archives",
    doc_md=__doc__,
    description="Land what the files of a news crawl hold of our papers",
    schedule=None,
    start_date=pendulum.datetime(2014, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    max_active_tasks=4,  # as many tasks as share the archive's pace (NEWSDESK_ARCHIVE_PACE)
    tags=["newsdesk", "producer"],
    default_args=DEFAULTS,
    params={
        "first": Param("2026-01-01", type="string", format="date", description="First day, UTC"),
        "last": Param("2026-01-01", type="string", format="date", description="Last day"),
        "days_after": Param(1, type="integer", minimum=0, maximum=60),
    },
):

    @task
    def files(*, params: Any = None) -> list[str]:
        first, last = (dt.date.fromisoformat(params[name]) for name in ("first", "last"))
        found = at_desk("harvest_files", first=first, last=last, after=params["days_after"])
        names: list[str] = found["files"]
        return names

    @task(
        map_index_template="file {{ ti.map_index }}",
        retry_delay=timedelta(minutes=2),
        multiple_outputs=False,
    )
    def harvest(file: str) -> dict[str, int]:
        return at_desk("harvest", file=file)

    harvest.expand(file=files())
