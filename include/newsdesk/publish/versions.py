"""What a plan brings to ``news.revisions``, and what must not be there yet.

Versions are written before the articles are, so that no story stands without its version. When
another run comes between the two, days are judged again, and may be blocked this time: then the
versions that wait are taken back, or whoever asks what was known would be shown what
``news.articles`` never did. The same is done by a retry, by whichever run meets rows that wait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import CaptureRef, Run
from newsdesk.publish.plan import Plan
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.merge import VERSION, tombstones
from newsdesk.tables.rows import capture_struct, revision_rows
from newsdesk.tables.schema import REVISIONS
from newsdesk.tables.visits import Visits, visits_of


@dataclass(frozen=True, slots=True)
class Versions:
    """Rows of ``news.revisions``.

    Attributes:
        brought: Of the stories that are not held back.
        waiting: Of those that are, what goes beyond what ``news.articles`` has of them.
    """

    brought: pa.Table
    waiting: pa.Table


def versions(
    warehouse: Warehouse,
    run: Run,
    plan: Plan,
    gone: Mapping[str, CaptureRef | None],
    *,
    recorded_at: dt.datetime,
) -> Versions:
    """The versions of a plan.

    Args:
        warehouse: The tables.
        run: The run.
        plan: What will be committed.
        gone: The first answer that said that a story is gone, of those that the run found so.
        recorded_at: When they are written, UTC.
    """
    rows = plan.incoming()
    held_back = pa.array(sorted(plan.held_back), pa.string())
    waits = pc.is_in(rows["article_id"], value_set=held_back)
    brought, waiting = rows.filter(pc.invert(waits)), _beyond(plan, rows.filter(waits))

    def as_revisions(rows: pa.Table) -> pa.Table:
        marks = pc.and_(pc.is_valid(rows["withdrawn_at"]), pc.invert(tombstones(rows)))
        if not pc.any(marks).as_py():
            return revision_rows(rows, recorded_at=recorded_at)
        as_read = revision_rows(rows.filter(pc.invert(marks)), recorded_at=recorded_at)
        withdrawals = _withdrawals(warehouse, run, rows.filter(marks), gone, recorded_at)
        return pa.concat_tables([as_read, withdrawals])

    return Versions(as_revisions(brought), as_revisions(waiting))


def _beyond(plan: Plan, waiting: pa.Table) -> pa.Table:
    """The rows that would change what stands; a version that has stood, or has lost, stays."""
    columns = ["article_id", *VERSION]
    stands: dict[str, tuple[object, ...]] = {}
    for article_id, *version in zip(*(plan.stands[c].to_pylist() for c in columns), strict=True):
        stands[article_id] = max(stands.get(article_id, tuple(version)), tuple(version))
    marks = dict(
        zip(*(plan.held[c].to_pylist() for c in ("article_id", "withdrawn_at")), strict=True)
    )

    def beyond(article_id: str, version: tuple[object, ...], mark: dt.datetime | None) -> bool:
        known = stands.get(article_id)
        if known is None or version > known:
            return True
        since = marks.get(article_id)
        return version == known and mark is not None and (since is None or mark < since)

    asked = [waiting[name].to_pylist() for name in (*columns, "withdrawn_at")]
    told = [beyond(one, tuple(rest[:-1]), rest[-1]) for one, *rest in zip(*asked, strict=True)]
    return waiting.filter(pa.array(told, pa.bool_()))


def _withdrawals(
    warehouse: Warehouse,
    run: Run,
    marks: pa.Table,
    gone: Mapping[str, CaptureRef | None],
    recorded_at: dt.datetime,
) -> pa.Table:
    """Rows that are marked as withdrawn, as versions: of the answer that said so, not of a page."""
    # Of a mark that waited for its day only the ledger knows the answer.
    waited = set(marks["article_id"].to_pylist()) - gone.keys()
    visits = visits_of(warehouse, waited, now=run.started_at, run_day=run.day) if waited else {}

    def answer(article_id: str, since: dt.datetime) -> CaptureRef | None:
        missed = dict(visits.get(article_id, Visits()).missed)
        return gone[article_id] if article_id in gone else missed.get(since)

    rows = [
        {
            **row,
            "captured_at": row["withdrawn_at"],
            "capture": capture_struct(answer(row["article_id"], row["withdrawn_at"])),
            "kind": "withdrawn",
            "recorded_at": recorded_at,
        }
        for row in marks.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=REVISIONS.arrow)
