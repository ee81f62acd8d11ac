"""The publish of one run: judged rows become tables, in a fixed order of commits.

::

    wait             rows of blocked days are put aside in the bucket
    article_days     where stories are about to be
    revisions        every version, as read; those that are to wait after all leave it again
    articles         whole days, in one snapshot that says how each day changed
    forget           files of rows that waited and no longer do
    rejected         what was refused
    checks           what was judged
    coverage         how complete the days are
    ledger           what became of every URL
    pointers         current/<table>.json

Killed anywhere and repeated it ends the same: every step finds what it left before. Until
``articles`` is committed readers see every day as it was; what comes after it describes it and
may be minutes late. The plan stands on one snapshot of ``articles``, and the commit only succeeds
on top of that snapshot: when another run came between, everything from the merge on, checks
included, is made again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import (
    Capture,
    CheckResult,
    DayChange,
    Discovery,
    LedgerEntry,
    Link,
    Rejection,
    Run,
    Verdict,
)
from newsdesk.errors import CatalogError
from newsdesk.layout import Layout
from newsdesk.publish import coverage, days, waiting
from newsdesk.publish.fates import fates
from newsdesk.publish.plan import Plan, days_after, images, make_plan, stories
from newsdesk.publish.pointers import point
from newsdesk.publish.refused import all_refused, without_nulls
from newsdesk.publish.released import released
from newsdesk.publish.told import told, touched
from newsdesk.publish.versions import versions
from newsdesk.publish.waiting import Pair
from newsdesk.publish.withdrawn import withdrawn
from newsdesk.store import Store
from newsdesk.suppress import suppressed
from newsdesk.tables import index
from newsdesk.tables.catalog import Warehouse, trouble
from newsdesk.tables.commit import TRIES, Change, commit, is_conflict, pause
from newsdesk.tables.replace import append_absent, replace_coverage, replace_run
from newsdesk.tables.rows import check_rows, ledger_rows, rejected_rows
from newsdesk.tables.schema import ARTICLES, TABLES
from newsdesk.tables.versions import add_versions, take_back

Blocked = tuple[tuple[str, dt.date, str], ...]
Recheck = Callable[[pa.Table, Mapping[Pair, pa.Table]], tuple[Blocked, tuple[CheckResult, ...]]]
"""Judges days again: given the staged rows and the fresh images, gives what ``Verdict`` holds."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did.

    Attributes:
        days: How each published day changed, read back from the run's own snapshots of
            ``articles``; the same after a repetition.
        counts: Rows written by this call, per table.
        fates: URLs of the run, per fate.
        blocked: Papers and days that stay as they are, with why.
        unchanged: Whether this call found ``articles`` as it left it.
    """

    days: tuple[DayChange, ...]
    counts: Mapping[str, int]
    fates: Mapping[str, int]
    blocked: Blocked
    unchanged: bool


def publish(
    warehouse: Warehouse,
    store: Store,
    layout: Layout,
    run: Run,
    *,
    staged: pa.Table,
    rejections: Sequence[Rejection],
    captures: Sequence[Capture],
    discoveries: Sequence[Discovery],
    unchanged: Collection[str],
    verdict: Verdict,
    recheck: Recheck,
    now: dt.datetime,
    revisits: Sequence[Link] = (),
    docs: str | None = None,
    columns: Sequence[str] | None = None,
    kind: str = "capture",
    by_hand: bool = False,
    on_step: Callable[[str], None] = lambda step: None,
) -> Published:
    """Publishes one run.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        run: The run.
        staged: Rows that passed the row checks, in the articles schema; and tombstones, rows whose
            ``content_hash`` says so, of stories that are to leave.
        rejections: Pages that reading refused; what the verdict rejected is added here.
        captures: What became of every link that was to be fetched.
        discoveries: Every link of the run.
        unchanged: ``article_id`` of the links that were not fetched since nobody says the story
            has changed; any other link without a capture has failed.
        verdict: What the checks say.
        recheck: Judges days again when the verdict no longer stands on the newest snapshot, or
            when rows waited for these days.
        now: UTC.
        revisits: Links that were to be fetched though nothing that the run found names them.
        docs: Address of the run's Data Docs, for ``news.checks``.
        columns: Columns of the images that ``recheck`` is given; ``None`` is all.
        kind: How the rows came to be, for ``news.revisions``: ``capture``, or ``reread`` when a
            newer reader read what had been landed before.
        by_hand: The rows waited for their day and were released: no link led to them.
        on_step: Called before every step with its name.

    Raises:
        CatalogError: The catalog failed, or other runs came between too often.
        StoreError: The bucket failed.
    """
    staged, refused = without_nulls(staged)
    out = suppressed(store, layout)
    discoveries = [replace(one, links=out.links(one.links)) for one in discoveries]
    captures = [one for one in captures if not out.has(one.link.article_id, one.link.url)]
    revisits = out.links(revisits)
    rejections = [
        one
        for one in all_refused([*rejections, *verdict.rejected, *refused])
        if not out.has(one.article_id, one.url)
    ]

    def keep(rows: pa.Table) -> pa.Table:
        return suppressed(store, layout).rows(rows)

    counts: Counter[str] = Counter()
    gone = withdrawn(warehouse, run, captures)
    staged = pa.concat_tables([staged.cast(ARTICLES.loose), gone.rows])
    for attempt in range(TRIES):
        plan = make_plan(warehouse, store, layout, staged, kind)
        plan, blocked, results = _judged(plan, verdict, recheck, columns)
        reasons = {(source, day): why.partition(":")[0] for source, day, why in blocked}
        entries = (
            released(plan, reasons)
            if by_hand
            else fates(
                run,
                plan,
                discoveries=discoveries,
                captures=captures,
                rejections=rejections,
                unchanged=unchanged,
                revisits=revisits,
                reasons=reasons,
            )
        )
        found = coverage.facts(
            warehouse,
            run,
            plan,
            discoveries=discoveries,
            entries=entries,
            blocked=reasons,
            results=results,
            touched=touched(store, layout, plan.table, run),
        )
        on_step("wait")
        _put_aside(store, layout, plan)
        on_step("article_days")
        counts["article_days"] += index.add(warehouse, run, plan.changed, keep)
        on_step("revisions")
        read = versions(warehouse, run, plan, gone.gone, recorded_at=now)
        counts["revisions"] += add_versions(warehouse, run, read.brought, keep)
        taken = take_back(warehouse, run, read.waiting)
        on_step("articles")
        try:
            if taken.num_rows and not plan.pairs:
                _fence(warehouse, plan, run)
            counts["articles"] += _commit_articles(warehouse, plan, run, found, now)
            break
        except Exception as error:
            if not is_conflict(error):
                raise
            add_versions(warehouse, run, taken, keep)  # who came between may have published them
            pause(attempt)
    else:
        where = f"{warehouse.namespace}.{ARTICLES.name}"
        raise CatalogError(where, f"lost {TRIES} commits to other runs")
    on_step("forget")
    waiting.forget(store, plan.waiting, plan.held_back)
    on_step("rejected")
    rows = rejected_rows(rejections, run=run, recorded_at=now)
    counts["rejected"] += append_absent(warehouse, "rejected", run, rows, "url", keep)
    on_step("checks")
    rows = check_rows(results, run=run, docs=docs)
    counts["checks"] += replace_run(warehouse, "checks", run, rows)
    on_step("coverage")
    counts["coverage"] += replace_coverage(
        warehouse, run, lambda before: coverage.coverage_rows(found, before, now=now)
    )
    on_step("ledger")
    rows = ledger_rows(entries, run=run, recorded_at=now)
    counts["ledger"] += replace_run(warehouse, "ledger", run, rows, keep)
    on_step("pointers")
    for name in TABLES:
        point(warehouse, store, layout, name)
    return Published(
        days=told(warehouse, store, layout, run, now=now),
        counts={name: counts[name] for name in TABLES},
        fates=_count(entries),
        blocked=blocked,
        unchanged=not plan.pairs,
    )


def _judged(
    plan: Plan, verdict: Verdict, recheck: Recheck, columns: Sequence[str] | None
) -> tuple[Plan, Blocked, tuple[CheckResult, ...]]:
    """The plan without what the checks hold back, with what they say in the end.

    A story that moves between days changes both: held back for one of them it is missing from
    the other, which is then judged again.
    """
    if plan.base_snapshot == verdict.base_snapshot and not plan.waiting:
        blocked, results = verdict.blocked, verdict.results
    else:
        fresh = _again(plan, plan.pairs, recheck, columns)
        brought = {(source, day) for _, source, day in stories(plan.staged)}
        # A day may be blocked because nothing came for it: there is nothing to judge again.
        silent = [one for one in verdict.blocked if one[:2] not in plan.pairs | brought]
        blocked, results = (*silent, *fresh[0]), newer(verdict.results, fresh[1])
    while True:
        stopped = {(source, day) for source, day, _ in blocked}
        held_back = {
            article_id: pairs & stopped
            for article_id, pairs in plan.touches.items()
            if pairs & stopped
        }
        if not held_back:
            return plan, blocked, results
        shaken = frozenset().union(*(plan.touches[one] for one in held_back)) - stopped
        plan = plan.without(held_back)
        fresh = _again(plan, shaken & plan.pairs, recheck, columns)
        blocked, results = (*blocked, *fresh[0]), newer(results, fresh[1])


def _again(
    plan: Plan, pairs: Collection[Pair], recheck: Recheck, columns: Sequence[str] | None
) -> tuple[Blocked, tuple[CheckResult, ...]]:
    if not pairs:
        return (), ()
    return recheck(plan.staged, images(plan, pairs=pairs, columns=columns).tables)


def newer(old: Sequence[CheckResult], new: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """All results, the newer of the same expectation."""
    by_name = {(one.source, one.published_day, one.expectation): one for one in (*old, *new)}
    return tuple(by_name.values())


def _put_aside(store: Store, layout: Layout, plan: Plan) -> None:
    """Keeps the run's own rows that are held back, under every day that holds them."""
    stopped = frozenset().union(*plan.held_back.values())
    for pair in sorted(stopped):
        ids = [one for one, pairs in plan.held_back.items() if pair in pairs]
        among = pc.is_in(plan.staged["article_id"], value_set=pa.array(ids, pa.string()))
        rows = plan.staged.filter(among)
        if rows.num_rows:
            waiting.put_aside(store, layout, pair, rows, plan.kind)


def _commit_articles(
    warehouse: Warehouse,
    plan: Plan,
    run: Run,
    found: Mapping[Pair, coverage.DayFacts],
    now: dt.datetime,
) -> int:
    """Rewrites the days that change, in one snapshot; gives how many rows are new, other or gone."""
    if not plan.pairs:
        return 0
    touched = {day for _, day in plan.pairs}
    facts = coverage.of_days(warehouse, found, touched, now=now)
    complete, verdicts = days.completeness(facts)
    changed, drop = days.changes(plan, complete, verdicts)

    def whole_days() -> Iterator[pa.Table]:  # one day in memory at a time
        for day in changed:
            yield days_after(plan, {day}, ARTICLES.arrow.names)

    with trouble(f"{warehouse.namespace}.{ARTICLES.name}"):
        said = {**days.as_property(changed), **days.pairs_as_property(plan.pairs)}
        commit(plan.table, Change(whole_days(), drop, said), run)
    return int(plan.changed.num_rows + plan.removed.num_rows)


def _fence(warehouse: Warehouse, plan: Plan, run: Run) -> None:
    """A commit of nothing: whoever counts on a version that was taken back is refused by it."""
    with trouble(f"{warehouse.namespace}.{ARTICLES.name}"):
        commit(plan.table, Change(()), run)


def _count(entries: Sequence[LedgerEntry]) -> dict[str, int]:
    return dict(sorted(Counter(entry.fate for entry in entries).items()))
