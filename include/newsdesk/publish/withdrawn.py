"""Stories that are gone at the publisher: their rows stay, and say since when.

A page that is missing once may be back tomorrow. A story that was gone (404, 410) at two visits,
with no visit in between at which it was there, is withdrawn since the first of them. The mark is
one more version of the row, merged like any other: a later capture clears it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from newsdesk.article import Capture, CaptureRef, Run
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.index import copies
from newsdesk.tables.schema import ARTICLES
from newsdesk.tables.visits import Visits, visits_of


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a run found withdrawn.

    Attributes:
        rows: Rows as ``news.articles`` has them but for ``withdrawn_at``, in its loose schema.
        gone: The first answer that said so, by ``article_id``.
    """

    rows: pa.Table
    gone: dict[str, CaptureRef | None]


def withdrawn(warehouse: Warehouse, run: Run, captures: Sequence[Capture]) -> Withdrawn:
    """The stories that a run found gone, and that another visit had found gone too.

    Args:
        warehouse: The tables.
        run: The run; what it said of its visits in an earlier try does not count twice.
        captures: What became of the run's links.
    """
    there = {one.link.article_id for one in captures if one.fate in (None, "unchanged")}
    missing = {
        one.link.article_id: one
        for one in captures
        if one.fate == "missing" and one.link.article_id not in there
    }
    nothing = Withdrawn(ARTICLES.loose.empty_table(), {})
    articles = warehouse.existing(ARTICLES.name)
    if not missing or articles is None:
        return nothing
    held = copies(warehouse, articles, missing)
    visits = visits_of(
        warehouse, missing, now=run.started_at, run_day=run.day, without_run=run.run_id
    )
    rows: list[dict[str, Any]] = []
    gone: dict[str, CaptureRef | None] = {}
    for row in held.to_pylist():
        article_id = row["article_id"]
        capture = missing[article_id]
        before = visits.get(article_id, Visits()).missed_since(row["captured_at"])
        good = visits.get(article_id, Visits()).good or row["captured_at"]
        if not before or capture.captured_at <= max(good, row["captured_at"]):
            continue
        first = min(*before, capture.captured_at)
        rows.append({**row, "withdrawn_at": first})
        gone[article_id] = before.get(first, capture.ref)
    return Withdrawn(pa.Table.from_pylist(rows, schema=ARTICLES.loose), gone)
