"""Airflow's side of the desk: which run a task is part of, and settings from connections.

Four optional connections stand in for environment variables, so that secrets can live in
whatever secrets backend Airflow has: ``docs/settings.md`` lists them beside the variables.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pendulum
from airflow.sdk import Asset
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowNotFoundException,
    AirflowSkipException,
)

from newsdesk import COMMITS_POOL

if TYPE_CHECKING:
    from newsdesk.settings import Settings

DEFAULTS: dict[str, Any] = {
    "owner": "newsdesk",
    "retries": 3,
    "retry_delay": dt.timedelta(seconds=20),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": dt.timedelta(minutes=10),
}
"""How every task of newsdesk is retried."""

EVERY: dict[str, Any] = {
    "start_date": pendulum.datetime(2014, 1, 1, tz="UTC"),
    "catchup": False,
    "default_args": DEFAULTS,
}
"""What all DAGs have in common."""

BY_HAND: dict[str, Any] = {
    **EVERY,
    "max_active_runs": 1,
    "is_paused_upon_creation": False,  # nothing starts by itself, and who triggers it means it
    "tags": ["newsdesk", "producer"],
}
"""What the DAGs that somebody triggers have in common."""


def scheduled() -> dict[str, Any]:
    """What the DAGs that start by the clock have in common.

    Raises:
        SettingsError: ``NEWSDESK_SCHEDULE_UNTIL``, which is for an archive that is complete and for
            the demo, is no day.
    """
    from newsdesk.errors import SettingsError

    until = os.environ.get("NEWSDESK_SCHEDULE_UNTIL", "").strip()
    try:
        last = pendulum.from_format(until, "YYYY-MM-DD", tz="UTC") if until else None
    except ValueError as error:
        raise SettingsError(
            "NEWSDESK_SCHEDULE_UNTIL", f"{until!r} is no day such as 2026-01-31"
        ) from error
    return {**EVERY, "end_date": last}


ARTICLES = Asset(uri="x-newsdesk://articles", name="articles")
"""``news.articles``, as producers tell of its changed days and consumers wait for them."""

__all__ = [
    "ARTICLES",
    "BY_HAND",
    "COMMITS_POOL",
    "EVERY",
    "at_desk",
    "day_of",
    "range_of",
    "scheduled",
    "settings",
    "take",
    "tell",
]

FIGURES_OF = 92
"""Most days, about three months, whose figures an event holds."""

log = logging.getLogger("newsdesk")


def day_of(context: Mapping[str, Any]) -> dt.date:
    """The day (UTC) a run works for.

    The partition key of a partitioned run; else the parameter ``day``; else ``ds``, which
    ``dag.test()`` sets because it cannot set a partition key.
    """
    key = context.get("partition_key") or (context.get("params") or {}).get("day")
    return dt.date.fromisoformat(key or context["ds"])


def range_of(params: Mapping[str, Any]) -> dict[str, dt.date]:
    """The days that the parameters ``first`` and ``last`` name, both inclusive."""
    return {name: dt.date.fromisoformat(params[name]) for name in ("first", "last")}


def take(step: str, context: Mapping[str, Any], **arguments: Any) -> dict[str, Any]:
    """Takes one step of the walk for the run that a task is part of.

    Args:
        step: Name of a function of ``newsdesk.steps``.
        context: The task's context.
        arguments: What the step wants beside the desk, the day and the run.

    Returns:
        The step's counts, which are logged too.

    Raises:
        AirflowFailException: A setting or a source file is wrong, what an earlier task leaves is
            not there, a sitemap is none, or a reread looks like a regression; a retry would not
            help.
    """
    return at_desk(step, day=day_of(context), run_id=context["dag_run"].run_id, **arguments)


def tell(event: Any, days: Mapping[str, Any]) -> list[str]:
    """Tells consumers of an asset which days have changed, one event for each.

    Airflow keeps the figures of all days beside every one of them, so of more than ``FIGURES_OF``
    days none are told: they stand in the snapshots.

    Args:
        event: The task's outlet event of the asset.
        days: By day its figures.

    Returns:
        The days, sorted.

    Raises:
        AirflowSkipException: No day changed; a task that ends well would emit an event by itself.
    """
    if not days:
        raise AirflowSkipException("no day changed")
    event.extra = {"days": dict(days) if len(days) <= FIGURES_OF else {}}
    event.add_partitions(sorted(days))
    return sorted(days)


def at_desk(step: str, **arguments: Any) -> dict[str, Any]:
    """Takes a step that belongs to no run; otherwise like ``take``."""
    from newsdesk import steps
    from newsdesk.connections import connect
    from newsdesk.errors import (
        FeedError,
        ObjectMissing,
        RereadRefused,
        SettingsError,
        SourceError,
    )

    try:
        counts: dict[str, Any] = getattr(steps, step)(connect(settings()), **arguments)
    except (FeedError, ObjectMissing, RereadRefused, SettingsError, SourceError) as error:
        raise AirflowFailException(str(error)) from error
    log.info("%s: %s", step, counts)
    return counts


def settings() -> Settings:
    """The settings: the environment, with Airflow's connections laid over it."""
    from newsdesk.settings import Settings

    return Settings.from_environment({**os.environ, **_from_connections()})


def _from_connections() -> dict[str, str]:
    found: dict[str, str | None] = {}
    if s3 := _connection("newsdesk_s3"):
        extra = s3.extra_dejson
        found |= {
            "AWS_ACCESS_KEY_ID": s3.login,
            "AWS_SECRET_ACCESS_KEY": s3.password,
            "AWS_SESSION_TOKEN": extra.get("aws_session_token"),
            "NEWSDESK_S3_ENDPOINT": extra.get("endpoint_url"),
            "NEWSDESK_S3_REGION": extra.get("region_name"),
            "NEWSDESK_S3_BUCKET": extra.get("bucket"),
        }
    if archives := _connection("newsdesk_archives"):
        found |= {
            "NEWSDESK_ARCHIVES_KEY_ID": archives.login,
            "NEWSDESK_ARCHIVES_SECRET": archives.password,
            "NEWSDESK_ARCHIVES_ENDPOINT": archives.extra_dejson.get("endpoint_url"),
        }
    if catalog := _connection("newsdesk_catalog"):
        found["NEWSDESK_CATALOG_URI"] = _address(catalog, "postgresql+psycopg2")
    if warehouse := _connection("newsdesk_warehouse"):
        found["NEWSDESK_WAREHOUSE"] = _address(warehouse, "postgresql")
    given = {name: value for name, value in found.items() if value}
    if "AWS_ACCESS_KEY_ID" in given:  # a token belongs to its keys: the environment's is of others
        given.setdefault("AWS_SESSION_TOKEN", "")
    return given


def _address(connection: Any, scheme: str) -> str:
    return f"{scheme}://" + str(connection.get_uri()).partition("://")[2]


def _connection(name: str) -> Any:
    from airflow.sdk import Connection

    try:
        return Connection.get(name)
    except AirflowNotFoundException:
        return None
