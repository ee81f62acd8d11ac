"""The same by tasks: days as text, shards in batches, every value plain, as an orchestrator keeps it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from newsdesk.steps.batching import in_batches
from newsdesk.steps.desk import Desk
from newsdesk.steps.rereading.comparing import compare
from newsdesk.steps.rereading.gathering import gather, read
from newsdesk.steps.rereading.publishing import publish, signals
from newsdesk.steps.rereading.reviewing import refuse_regression, review
from newsdesk.steps.rereading.showing import as_dict


def reread_pages(
    desk: Desk, first: str, last: str, run_id: str, *, published: bool, source: str | None
) -> dict[str, Any]:
    """Notes which pages are read again; see ``gather``.

    Returns:
        ``batches`` of shards, a pair of day and number each.
    """
    units = gather(
        desk,
        dt.date.fromisoformat(first),
        dt.date.fromisoformat(last),
        run_id,
        published=published,
        papers=(source,) if source else (),
    )
    return {"batches": in_batches([[str(day), shard] for day, shard in units])}


def reread_read(desk: Desk, run_id: str, batch: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Reads some shards; gives their counts."""
    told: Counter[str] = Counter()
    for day, shard in batch:
        told.update(read(desk, dt.date.fromisoformat(day), run_id, shard))
    return dict(told)


def reread_days(desk: Desk, batches: Sequence[Sequence[tuple[str, int]]]) -> dict[str, Any]:
    """The days of all batches of shards, in ``batches``."""
    return {"batches": in_batches(sorted({day for batch in batches for day, _ in batch}))}


def reread_compare(desk: Desk, run_id: str, days: Sequence[str]) -> dict[str, int]:
    """Compares some days with the tables; gives pages by outcome."""
    told: Counter[str] = Counter()
    for day in days:
        told.update(compare(desk, dt.date.fromisoformat(day), run_id))
    return dict(told)


def reread_review(
    desk: Desk, run_id: str, batches: Sequence[Sequence[str]], *, accept: bool, dry_run: bool
) -> dict[str, Any]:
    """Looks at all days together; see ``review`` and ``refuse_regression``.

    Returns:
        ``report``, and in ``batches`` the days to publish: none of a dry run.

    Raises:
        RereadRefused: It looks like a regression and was not accepted.
    """
    days = [dt.date.fromisoformat(day) for batch in batches for day in batch]
    report = review(desk, days, run_id)
    if not dry_run:
        refuse_regression(report, accept=accept)
    return {"report": as_dict(report), "batches": [] if dry_run else [list(x) for x in batches]}


def reread_publish(desk: Desk, run_id: str, days: Sequence[str]) -> dict[str, Any]:
    """Publishes some days.

    Returns:
        ``days`` that changed with the rows they have now, what is ``blocked``.
    """
    done = [publish(desk, dt.date.fromisoformat(day), run_id) for day in days]
    return {
        "days": {day: told["rows"] for one in done for day, told in one["days"].items()},
        "blocked": [why for one in done for why in one["blocked"]],
    }


def reread_signals(desk: Desk, run_id: str, batches: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The days that changed, as consumers are told; see ``signals``."""
    return signals(desk, [dt.date.fromisoformat(day) for batch in batches for day in batch], run_id)
