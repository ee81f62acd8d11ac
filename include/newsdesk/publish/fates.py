"""What became of every URL of a run: exactly one ledger entry for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import (
    UTC,
    Capture,
    CaptureRef,
    Discovery,
    LedgerEntry,
    Link,
    Rejection,
    Run,
)
from newsdesk.publish.plan import Plan, stories
from newsdesk.publish.waiting import Pair
from newsdesk.tables.commit import snapshots_of
from newsdesk.tables.merge import VERSION, tombstones
from newsdesk.tables.scan import days_filter, read
from newsdesk.tables.schema import ARTICLES

_IDENTITY = ("article_id", *VERSION, "run_id")
Version = tuple[object, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Staged:
    """What a page was read as."""

    article_id: str
    version: Version
    day: dt.date


def fates(
    run: Run,
    plan: Plan,
    *,
    discoveries: Sequence[Discovery],
    captures: Sequence[Capture],
    rejections: Sequence[Rejection],
    unchanged: Collection[str],
    revisits: Sequence[Link] = (),
    reasons: Mapping[Pair, str],
) -> list[LedgerEntry]:
    """One entry for every link of the run, as things will stand once the plan is committed.

    Args:
        run: The run.
        plan: What will be committed.
        discoveries: Every link, fetched or not.
        captures: What became of those that were to be fetched.
        rejections: Pages and rows refused, by reader and checks.
        unchanged: ``article_id`` of the links that were not fetched because nobody says the
            story changed.
        revisits: Links that were to be fetched though no discovery has them.
        reasons: Name of the check that blocks a pair.
    """
    links = {(link.source, link.url): link for link in revisits}
    links.update({(x.source, x.url): x for found in discoveries for x in found.links})
    links.update({(c.link.source, c.link.url): c.link for c in captures})
    by_link = {(c.link.source, c.link.url): c for c in captures}
    by_story = {c.link.article_id: c for c in captures}
    read_as = _by_page(plan.staged)
    refused = _refusals(rejections)
    standing = _standing(run, plan)
    over_budget = {found.source for found in discoveries if found.over_budget}
    entries = []
    for place, link in sorted(links.items()):
        capture = by_link.get(place)
        if capture is None and link.article_id in by_story:
            capture = by_story[link.article_id]  # another address of a story that was fetched
        entry = _entry(run, link, capture)
        if capture is None:
            if link.article_id in unchanged:
                entry = _with(entry, "unchanged", None)
            else:
                over = link.source in over_budget
                entry = _with(entry, "failed", "over_budget" if over else "not_fetched")
        elif capture.fate is not None:
            entry = _with(entry, capture.fate, capture.reason)
        else:
            page = _find(read_as, capture)
            why_not = _find(refused, capture)
            if page is None and why_not is None:  # read at two addresses, staged once
                page = read_as.get(link.article_id)
            if page is not None:
                entry = replace(entry, article_id=page.article_id, published_day=page.day)
                blocked = plan.held_back.get(page.article_id)
                if blocked is not None:
                    entry = _with(entry, "blocked", reasons.get(min(blocked), "check"))
                elif page.version in standing:
                    entry = _with(entry, "published", None)
                else:
                    entry = _with(entry, "unchanged", None)
            elif why_not is not None:
                day = _utc_day(why_not.published_at) or entry.published_day
                entry = replace(entry, article_id=why_not.article_id, published_day=day)
                entry = _with(entry, "rejected", why_not.reason)
            else:
                entry = _with(entry, "failed", "not_read")
        entries.append(entry)
    return entries


def _entry(run: Run, link: Link, capture: Capture | None) -> LedgerEntry:
    return LedgerEntry(
        source=link.source,
        url=link.url,
        article_id=link.article_id,
        fate="failed",
        discovered_via=link.via,
        http_status=capture.status if capture else None,
        bytes=capture.size if capture else 0,
        seconds=capture.seconds if capture else 0.0,
        attempts=capture.attempts if capture else 0,
        capture=capture.ref if capture else None,
        published_day=_utc_day(link.published_hint) or run.day,
        visited_at=capture.captured_at if capture else None,
    )


def _with(entry: LedgerEntry, fate: object, reason: str | None) -> LedgerEntry:
    return replace(entry, fate=fate, reason=reason)  # type: ignore[arg-type]  # a Fate's text


def _utc_day(instant: dt.datetime | None) -> dt.date | None:
    return instant.astimezone(UTC).date() if instant else None


def _place(key: str, offset: int) -> str:
    return f"{key} {offset}"


def _find(by_page: Mapping[str, T], capture: Capture) -> T | None:
    """What is known of a landed page: by where it is landed, else by its URL."""
    ref = capture.ref
    if ref is not None and (found := by_page.get(_place(ref.key, ref.offset))) is not None:
        return found
    return by_page.get(capture.link.url)


def _by_page(staged: pa.Table) -> dict[str, _Staged]:
    found: dict[str, _Staged] = {}
    columns = [*_IDENTITY, "published_at", "url", "capture"]
    for row in staged.filter(pc.invert(tombstones(staged))).select(columns).to_pylist():
        page = _Staged(
            row["article_id"],
            tuple(row[name] for name in _IDENTITY),
            row["published_at"].astimezone(UTC).date(),
        )
        found[row["url"]] = page
        found.setdefault(page.article_id, page)
        if row["capture"] is not None:
            found[_place(row["capture"]["key"], row["capture"]["offset"])] = page
    return found


def _refusals(rejections: Sequence[Rejection]) -> dict[str, Rejection]:
    found: dict[str, Rejection] = {}
    for one in rejections:
        found.setdefault(one.url, one)
        ref: CaptureRef | None = one.capture
        if ref is not None:
            found.setdefault(_place(ref.key, ref.offset), one)
    return found


def _standing(run: Run, plan: Plan) -> set[Version]:
    """The run's versions that stand in the table after the plan, or stood there by this run.

    An earlier try of the run may have committed a version that another run has replaced since:
    the snapshot of that try still says so.
    """
    names = list(_IDENTITY)
    changed = {x for rows in (plan.changed, plan.removed) for x in rows["article_id"].to_pylist()}
    after = [row for row in plan.held.select(names).to_pylist() if row["article_id"] not in changed]
    after += plan.changed.select(names).to_pylist()
    standing = _versions(after, run)
    left = _versions(plan.staged.select(names).to_pylist(), run) - standing
    if left:
        ids = {version[0] for version in left}
        days = {day for article_id, _, day in stories(plan.staged) if article_id in ids}
        for snapshot in snapshots_of(plan.table, run.run_id):
            rows = read(
                plan.table,
                ARTICLES,
                days_filter(ARTICLES, days),
                columns=names,
                snapshot_id=snapshot.snapshot_id,
            )
            standing |= left & _versions(rows.to_pylist(), run)
    return standing


def _versions(rows: Sequence[Mapping[str, object]], run: Run) -> set[Version]:
    return {tuple(row[n] for n in _IDENTITY) for row in rows if row["run_id"] == run.run_id}
