"""What became of rows that waited for their day and were released by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from newsdesk.article import UTC, CaptureRef, Fate, LedgerEntry
from newsdesk.publish.plan import Plan
from newsdesk.publish.waiting import Pair
from newsdesk.tables.merge import TOMBSTONE, VERSION

RELEASE = "release"
"""The code in ``news.ledger``, and the expectation in ``news.checks`` that says who and why."""


def released(plan: Plan, reasons: Mapping[Pair, str]) -> list[LedgerEntry]:
    """One entry for every story that was released, as things will stand after the plan.

    Nothing is fetched in a release. The rows keep the name of the run that read them, so that
    their versions are compared without it.

    Args:
        plan: What will be committed; its staged rows are those that were released.
        reasons: Name of the check that blocks a pair: a story that moves from a day of its own
            may still wait for that one.
    """
    changed = {x for rows in (plan.changed, plan.removed) for x in rows["article_id"].to_pylist()}
    standing = _versions(plan.changed) | {
        version for version in _versions(plan.held) if version[0] not in changed
    }
    columns = ["article_id", *VERSION, "source", "url", "published_at", "discovered_via", "capture"]
    found = {}
    for row in plan.staged.select(columns).to_pylist():
        version = tuple(row[name] for name in ("article_id", *VERSION))
        blocked = plan.held_back.get(row["article_id"])
        fate: Fate = "published" if version in standing else "unchanged"
        if row["content_hash"] == TOMBSTONE:
            fate = "rejected"
        found[row["source"], row["url"]] = LedgerEntry(
            source=row["source"],
            url=row["url"],
            article_id=row["article_id"],
            fate="blocked" if blocked else fate,
            reason=reasons.get(min(blocked), "check") if blocked else RELEASE,
            discovered_via=tuple(row["discovered_via"] or ()),
            capture=CaptureRef(**row["capture"]) if row["capture"] else None,
            published_day=row["published_at"].astimezone(UTC).date(),
        )
    return list(found.values())


def _versions(rows: pa.Table) -> set[tuple[object, ...]]:
    columns = [rows[name].to_pylist() for name in ("article_id", *VERSION)]
    return set(zip(*columns, strict=True))
