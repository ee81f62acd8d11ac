"""A whole run as a process of its own, that ends itself with SIGKILL before its n-th object.

``python -m contracts.walker`` reads lines of SETTINGS (JSON), a tab and N, and answers them like
``contracts.publisher``, which stands before what a publish does to the tables, too.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from contracts.publisher import Effects, serve
from newsdesk import steps
from newsdesk.article import UTC
from newsdesk.connections import connect
from newsdesk.settings import Settings
from newsdesk.steps import Desk

RUN_DAY = dt.date(2024, 2, 28)
NOW = dt.datetime(2024, 3, 1, 0, 5, tzinfo=UTC)
"""When the run runs: its day can only be had from archive sitemaps."""


def desk_of(settings: str) -> Desk:
    """The desk of some settings, at ``NOW``."""
    return replace(connect(Settings.from_environment(json.loads(settings))), now=lambda: NOW)


def walk(desk: Desk) -> dict[str, Any]:
    """The run, task by task; gives what consumers are told."""
    run = (RUN_DAY, "run")
    for shard in steps.discover(desk, *run)["shards"]:
        steps.fetch(desk, *run, shard)
        steps.read(desk, *run, shard)
    steps.check(desk, *run)
    steps.publish(desk, *run)
    told: dict[str, Any] = steps.signals(desk, *run)["days"]
    steps.close(desk, *run)
    return told


def walk_and_count(settings: str, fatal: str) -> int:
    """The run; gives how many objects it put or deleted."""
    effects = Effects(int(fatal))
    effects.watch_bucket()
    walk(desk_of(settings))
    return effects.count


if __name__ == "__main__":
    import great_expectations  # noqa: F401  # takes seconds

    serve(walk_and_count)
