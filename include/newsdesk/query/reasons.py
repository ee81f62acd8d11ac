"""Why stories of a day were rejected, as the ledger says it last.

``news.rejected`` keeps every refusal of every capture, also of stories that were published since; how
a story stands is what the last run said that met it, as for the counts of ``news.coverage``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from newsdesk.tables.schema import LEDGER

if TYPE_CHECKING:
    from newsdesk.tables import Warehouse

_COLUMNS = ("article_id", "source", "fate", "reason", "published_day", "recorded_at", "run_id")


def why_rejected(
    warehouse: Warehouse, pairs: Collection[tuple[str, dt.date]]
) -> dict[tuple[str, dt.date], Mapping[str, int]]:
    """The rejected stories of some days, by reason, most frequent first.

    Args:
        warehouse: The tables.
        pairs: Papers and published days that have rejected stories.
    """
    from newsdesk.publish.coverage import RUNS_AFTER
    from newsdesk.tables.scan import days_filter, read

    ledger = warehouse.existing(LEDGER.name)
    if ledger is None or not pairs:
        return {}
    days = {day for _, day in pairs}
    runs = {day + dt.timedelta(days=n) for day in days for n in range(-1, RUNS_AFTER.days + 1)}
    sources = {source for source, _ in pairs}
    rows = read(
        ledger, LEDGER, days_filter(LEDGER, runs), columns=_COLUMNS, where=("source", sources)
    )
    ever = pc.unique(rows.filter(pc.equal(rows["fate"], "rejected"))["article_id"])
    rows = rows.filter(pc.is_in(rows["article_id"], ever))
    order = [("recorded_at", "ascending"), ("run_id", "ascending")]
    last = {row["article_id"]: row for row in rows.sort_by(order).to_pylist()}
    counts: dict[tuple[str, dt.date], Counter[str]] = defaultdict(Counter)
    for row in last.values():
        pair = (row["source"], row["published_day"])
        if row["fate"] == "rejected" and pair in pairs:
            counts[pair][row["reason"] or ""] += 1
    return {pair: _ranked(found) for pair, found in counts.items()}


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
