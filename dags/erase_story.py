"""
### Stories, taken out of everything because somebody says so

Triggered by hand, with the stories (each an address that it has or had, or its `article_id`) and a
reason; never scheduled. Each goes out of every table, snapshot, file, record and WARC, and is kept
out; a search of every object proves it, and a receipt under `erasures/` says who, when and why, and
nothing of the story. Consumers are told which days to load again.

A story that `newsdesk erase` has taken out from a shell is searched for again, and its days are told.
Put no word of the story into the reason. Airflow keeps the parameters of a run: delete the run if they
hold an address that must not be remembered, or give the `article_id`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, TriggerRule, task

from newsdesk_airflow import ARTICLES, BY_HAND, COMMITS_POOL, at_desk, tell

with DAG(
    "erase_story",
    doc_md=__doc__,
    description="Take stories out of every table, snapshot, file and WARC, with who says so and why",
    schedule=None,
    **BY_HAND,
    params={
        "stories": Param(
            type="array", items={"type": "string"}, minItems=1, title="Addresses or identifiers"
        ),
        "reason": Param(type="string", minLength=3, title="Why"),
    },
):

    @task
    def stories(*, params: Any = None) -> list[str]:
        return sorted(set(params["stories"]))

    # in the pool of those that publish: no run then puts back what it had in its hands
    @task(
        pool=COMMITS_POOL,
        map_index_template="story {{ ti.map_index }}",
        retry_delay=timedelta(minutes=1),
    )
    def erase(story: str, **context: Any) -> list[str]:
        by = context["dag_run"].triggering_user_name or "unknown"
        done = at_desk("erase_story", story=story, by=by, reason=context["params"]["reason"])
        days: list[str] = done["days"]
        return days

    # a story that could not be erased keeps no consumer from letting go of the others
    @task(outlets=[ARTICLES], trigger_rule=TriggerRule.ALL_DONE)
    def signal(days: Any, *, outlet_events: Any = None) -> list[str]:
        told = at_desk("erased_days", days=list(days or ()))["days"]
        return tell(outlet_events[ARTICLES], told)

    @task
    def close(days: Any) -> int:
        """Does not run, and so fails the run, when a story could not be erased."""
        return len(list(days))

    erased = erase.expand(story=stories())
    signal(erased)
    close(erased)
