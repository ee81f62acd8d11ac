"""
### Tell consumers of days as they stand

Triggered by hand with a range of published days; never scheduled. Every day of it of which the
tables know anything becomes an event of the asset, as if it had changed, so that consumers load it:

- a new consumer, which wants the days that were published before it was there;
- after a command has changed days from a shell: `newsdesk reread`, `release`, `erase`.

Loading a day again changes nothing, so telling too much does no harm.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, task

from newsdesk_airflow import ARTICLES, BY_HAND, at_desk, range_of, tell

with DAG(
    "tell_consumers",
    doc_md=__doc__,
    description="Make consumers load published days that no run has told them of",
    schedule=None,
    **BY_HAND,
    params={
        "first": Param(type="string", format="date", title="First published day (UTC)"),
        "last": Param(type="string", format="date", title="Last day"),
    },
):

    @task(outlets=[ARTICLES])
    def signal(*, params: Any = None, outlet_events: Any = None) -> list[str]:
        days = at_desk("standing_days", **range_of(params))["days"]
        return tell(outlet_events[ARTICLES], days)

    signal()
