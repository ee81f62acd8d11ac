"""
### One day of news, from links to tables

The run at midnight UTC works on the day that ended; its partition key is that day. A range of
past days is filled by `airflow backfill create --dag-id daily_news --from-date … --to-date …`.

| task | what it does | what it leaves |
|---|---|---|
| `discover` | which stories the day had: recorded looks, else the papers' archive sitemaps | the plan: links, shards, gaps |
| `shard.fetch` | fetches politely, lands responses as received | WARC files and the fate of every link |
| `shard.read` | turns pages into articles or rejections | one staged Parquet file |
| `check` | Great Expectations on rows and on merged days | the verdict |
| `publish` | commits what passed, one table after the other | Iceberg snapshots, the ledger |
| `signal` | one event per changed day for consumers | asset events |
| `close` | fails the run if a day was blocked or a shard was lost | |

Every task may be killed, repeated or run twice at once: the tables come out equal.
A page that cannot be read is a row of `news.rejected`; every URL has a row in `news.ledger`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronPartitionTimetable, TriggerRule, task, task_group

from newsdesk_airflow import ARTICLES, COMMITS_POOL, scheduled, take, tell

with DAG(
    "daily_news",
    doc_md=__doc__,
    description="Fetch, read, check and publish one day of every paper",
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y-%m-%d"
    ),
    max_active_runs=4,
    tags=["newsdesk", "producer"],
    **scheduled(),
):

    @task(retry_delay=timedelta(minutes=2))
    def discover(**context: Any) -> list[int]:
        shards: list[int] = take("discover", context)["shards"]
        return shards

    @task_group
    def shard(number: int) -> None:
        @task(map_index_template="shard {{ ti.map_index }}")
        def fetch(number: int, **context: Any) -> int:
            take("fetch", context, shard=number)
            return number

        @task(map_index_template="shard {{ ti.map_index }}", multiple_outputs=False)
        def read(number: int, **context: Any) -> dict[str, int]:
            return take("read", context, shard=number)

        read(fetch(number))  # type: ignore[arg-type]  # a task's result stands for its value

    # a lost shard stops no other, and a day without anything to fetch is judged and recorded too
    @task(trigger_rule=TriggerRule.ALL_DONE, multiple_outputs=False)
    def check(**context: Any) -> dict[str, Any]:
        return take("check", context)

    @task(pool=COMMITS_POOL, multiple_outputs=False)
    def publish(**context: Any) -> dict[str, Any]:
        return take("publish", context)

    @task(outlets=[ARTICLES])
    def signal(*, outlet_events: Any = None, **context: Any) -> list[str]:
        return tell(outlet_events[ARTICLES], take("signals", context)["days"])

    @task(retries=1)
    def close(**context: Any) -> None:
        take("close", context)

    found = discover()
    checked = check()
    [found, shard.expand(number=found)] >> checked >> publish() >> [signal(), close()]
