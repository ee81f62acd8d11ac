"""The publish of a reread, day by day, and what consumers are told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from newsdesk import publish as publisher
from newsdesk import quality, records
from newsdesk.article import CheckResult, DayChange
from newsdesk.publish import Blocked, Pair
from newsdesk.steps.desk import Desk
from newsdesk.steps.documenting import address, document, has_docs
from newsdesk.steps.publishing import DayJudge, day_figures, load_published
from newsdesk.steps.reading import load_staged
from newsdesk.steps.rereading.comparing import load_comparison
from newsdesk.steps.rereading.gathering import load_rereading, run_of
from newsdesk.tables.schema import ARTICLES


def publish(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """Commits what the pages of one day read as; a day that was published is left alone.

    Returns:
        ``days`` that changed with their figures, the fates of the pages, what is ``blocked``.

    Raises:
        ObjectMissing: The day was not compared.
    """
    run = load_rereading(desk, day, run_id).run
    key = desk.layout.published(day, run.run_id)
    if desk.store.head(key) is None:
        found = load_comparison(desk, day, run_id)
        judge = DayJudge(desk, run)

        def recheck(
            staged: pa.Table, images: Mapping[Pair, pa.Table]
        ) -> tuple[Blocked, tuple[CheckResult, ...]]:
            # A story may join a day of a paper that no run takes any more.
            return judge({pair: x for pair, x in images.items() if pair[0] in desk.sources})

        if not has_docs(desk, run):
            document(desk, run, found.verdict.results)
        done = publisher.publish(
            desk.open_warehouse(),
            desk.store,
            desk.layout,
            run,
            staged=load_staged(desk, found.staged)
            if found.staged
            else ARTICLES.loose.empty_table(),
            rejections=found.rejections,
            captures=sorted(found.captures, key=lambda one: (one.fate is None, one.captured_at)),
            discoveries=(),
            unchanged=(),
            verdict=found.verdict,
            recheck=recheck,
            now=desk.now(),
            docs=address(desk, run) if has_docs(desk, run) else None,
            columns=quality.DAY_COLUMNS,
            kind="reread",
        )
        desk.store.put(key, records.pack(done))
    told = load_published(desk, day, run.run_id)
    return {
        "days": day_figures(told.days),
        "fates": dict(told.fates),
        "blocked": [f"{source} {blocked}: {why}" for source, blocked, why in told.blocked],
    }


def signals(desk: Desk, days: Sequence[dt.date], run_id: str) -> dict[str, Any]:
    """The days that all days of a reread have changed, as their commits say.

    Returns:
        ``days``, as ``steps.signals`` gives them.

    Raises:
        ObjectMissing: One was not published.
    """
    table = desk.open_warehouse().table(ARTICLES.name)
    order = {one.snapshot_id: one.sequence_number or 0 for one in table.snapshots()}
    changes = [
        change for day in days for change in load_published(desk, day, run_of(run_id, day)).days
    ]
    told: dict[dt.date, DayChange] = {}
    for change in sorted(changes, key=lambda one: order.get(one.snapshot, 0)):
        before = told.get(change.day)
        told[change.day] = change if before is None else _both(before, change)
    return {"days": day_figures(told[day] for day in sorted(told))}


def _both(before: DayChange, after: DayChange) -> DayChange:
    """A day that two commits changed: it is as the later one left it."""
    return replace(
        after,
        added=before.added + after.added,
        changed=before.changed + after.changed,
        removed=before.removed + after.removed,
    )
