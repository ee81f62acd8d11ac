"""
### Harvest: what archives keep by the file, each file read once

Two kinds of archives tell of past days by the file, not by the day:

- **The news crawl** (Common Crawl's CC-NEWS) has no index by address: its files, of about 1 GB each,
  must be read whole. Each is read once, for all papers at a time, by a task of its own (or, beyond 200
  files, by one that reads several); what it holds of them is landed and noted by the day that each
  page says it is of.
- **Archive sitemaps** often list a month or a year. Those of a paper are asked by one task, each
  file once, and their links are noted by day.

A run of `daily_news` for such a day then finds pages and links in the bucket: harvest first, then
backfill.

Trigger it with the days that are wanted, for instance
`{"first": "2026-01-01", "last": "2026-01-31"}`; `archives` names the kinds, by default both. A story
is captured after it was published, so the files of the crawl of the days after the last are read too
(`days_after`), and those that began up to 24 hours before the first, because a file holds a day of
captures.

A task that was killed in a file of the crawl goes on where its last part was landed; a file that was
read to its end is read again only for papers that came, or changed, since. Sitemaps are asked anew at each harvest, and
what they said is passed over when the paper's file has changed since. A day that has not ended is
not noted, nor one some of whose sitemaps could not be had: the task is retried, and if it fails the
day's own run asks. Where a sitemap is not to be had at all (forbidden, or no sitemap), all else is
noted with that, and the task fails at once: a retry would ask in vain.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, task

from newsdesk_airflow import BY_HAND, at_desk, range_of

with DAG(
    "harvest_archives",
    doc_md=__doc__,
    description="Note what the files of archives hold of our papers",
    schedule=None,
    **BY_HAND,
    max_active_tasks=4,  # as many tasks as share the archive's pace (NEWSDESK_ARCHIVE_PACE)
    params={
        "first": Param(type="string", format="date", description="First day, UTC"),
        "last": Param(type="string", format="date", description="Last day"),
        "days_after": Param(1, type="integer", minimum=0, maximum=60),
        "archives": Param(
            ["news_crawl", "sitemaps"],
            type="array",
            items={"enum": ["news_crawl", "sitemaps"]},
            description="Which kinds of archives",
        ),
    },
):

    @task
    def files(*, params: Any = None) -> list[list[str]]:
        if "news_crawl" not in params["archives"]:
            return []
        days = range_of(params)
        found = at_desk("harvest_files", **days, after=params["days_after"])
        batches: list[list[str]] = found["batches"]
        return batches

    @task(
        map_index_template="batch {{ ti.map_index }}",
        retry_delay=timedelta(minutes=2),
        multiple_outputs=False,
    )
    def harvest(batch: list[str]) -> dict[str, int]:
        return at_desk("harvest_batch", files=batch)

    @task
    def papers(*, params: Any = None) -> list[str]:
        if "sitemaps" not in params["archives"]:
            return []
        names: list[str] = at_desk("sitemap_papers")["papers"]
        return names

    @task(
        map_index_template="paper {{ ti.map_index }}",
        retry_delay=timedelta(minutes=2),
        multiple_outputs=False,
    )
    def sitemaps(paper: str, *, params: Any = None, **context: Any) -> dict[str, int]:
        since = context["dag_run"].start_date  # a retry leaves alone what the try before noted
        return at_desk("harvest_sitemaps", paper=paper, since=since, **range_of(params))

    harvest.expand(batch=files())
    sitemaps.expand(paper=papers())
