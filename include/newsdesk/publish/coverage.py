"""How complete the days are that a run touched.

A story is *expected* of a day when this run or an earlier one says that it belongs to it, or
when ``news.articles`` has it there; unless it turned out to belong to another day. What is
expected is published, rejected, waiting for its day to pass, or missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from newsdesk.article import UTC, CheckResult, Discovery, LedgerEntry, Run
from newsdesk.publish.plan import Plan, days_after, stories
from newsdesk.publish.released import RELEASE
from newsdesk.publish.waiting import Pair
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.index import days_of
from newsdesk.tables.scan import days_filter, read
from newsdesk.tables.schema import ARTICLE_DAYS, COVERAGE, LEDGER

DAY = dt.timedelta(days=1)

RUNS_AFTER = dt.timedelta(days=10)
"""Earlier runs are asked about a day if they worked for it, the day before it, or this much later:
later ones know single late stories, which are in ``news.articles`` if they were published."""

_COUNTS = ("expected", "fetched", "published", "rejected", "missing")


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What a run found out about one day of one paper."""

    counts: Mapping[str, int]
    waiting: int
    left: int
    """Stories that failed and that another try could get."""
    verdict: str | None
    """``None``: nothing was judged in this run."""
    watched: bool
    """Whether this run asked what the day had."""
    gap: tuple[dt.datetime, dt.datetime] | None
    """What nobody watched of it, if this run asked."""


def facts(
    warehouse: Warehouse,
    run: Run,
    plan: Plan,
    *,
    discoveries: Sequence[Discovery],
    entries: Sequence[LedgerEntry],
    blocked: Collection[Pair],
    results: Sequence[CheckResult],
    touched: Collection[Pair] = (),
) -> dict[Pair, DayFacts]:
    """What a run found out about the days it touched and, for each paper, its run day.

    Args:
        warehouse: The tables.
        run: The run.
        plan: What is about to be committed.
        discoveries: What was known before anything was fetched.
        entries: The run's ledger.
        blocked: Pairs that stay as they are.
        results: Every expectation.
        touched: Pairs that an earlier try of the run has changed.
    """
    asked = {(found.source, found.day): found for found in discoveries}
    pairs = set(asked) | set(plan.pairs) | set(blocked) | set(touched)
    pairs |= {
        (e.source, e.published_day)
        for e in entries
        if e.published_day is not None and e.fate != "unchanged"
    }
    published = _published(plan, pairs)
    fate_of = _earlier_fates(warehouse, run, pairs)
    for entry in entries:
        for told in fate_of.values():
            told.pop(entry.article_id, None)  # this run knows better, also which day it is of
    for entry in entries:
        pair = (entry.source, entry.published_day or run.day)
        if pair in fate_of:
            fate_of[pair][entry.article_id] = entry.fate
    elsewhere = _elsewhere(warehouse, fate_of, published)
    found = {}
    for pair in sorted(pairs):
        open_fates = {
            article_id: fate
            for article_id, fate in fate_of[pair].items()
            if article_id not in published[pair] and (pair[1], article_id) not in elsewhere
        }
        rejected = sum(fate == "rejected" for fate in open_fates.values())
        held = sum(fate == "blocked" for fate in open_fates.values())
        fetched = len(published[pair]) + rejected + held
        expected = len(published[pair]) + len(open_fates)
        counts = (expected, fetched, len(published[pair]), rejected, expected - fetched)
        found[pair] = DayFacts(
            counts=dict(zip(_COUNTS, counts, strict=True)),
            waiting=held,
            left=sum(fate == "failed" for fate in open_fates.values()),
            verdict=verdict_of(pair, blocked, results),
            watched=pair in asked,
            gap=_gap(asked[pair]) if pair in asked else None,
        )
    return found


def coverage_rows(
    found: Mapping[Pair, DayFacts], before: pa.Table, *, now: dt.datetime
) -> pa.Table:
    """The rows of ``news.coverage`` of some days.

    Args:
        found: What the run found out.
        before: What the table says so far, of these days at least.
        now: UTC.

    Returns:
        One row for each pair of ``found``, sorted.
    """
    old = {(row["source"], row["published_day"]): row for row in before.to_pylist()}
    rows = []
    for (source, day), facts_ in sorted(found.items()):
        prior = old.get((source, day))
        gap = _gap_now(day, facts_, prior)
        verdict = facts_.verdict or (prior["verdict"] if prior else "not_evaluated")
        rows.append(
            {
                "source": source,
                "published_day": day,
                **facts_.counts,
                "gap_from": gap[0] if gap else None,
                "gap_to": gap[1] if gap else None,
                "verdict": verdict,
                "complete": not gap
                and verdict != "failed"
                and not facts_.waiting
                and not facts_.left,
                "updated_at": now,
            }
        )
    return pa.Table.from_pylist(rows, schema=COVERAGE.arrow)


def of_days(
    warehouse: Warehouse,
    found: Mapping[Pair, DayFacts],
    days: Collection[dt.date],
    *,
    now: dt.datetime,
) -> list[dict[str, Any]]:
    """The coverage of every paper on some days as it will be, also of papers not touched."""
    table = warehouse.existing(COVERAGE.name)
    wanted = {day for _, day in found} | set(days)
    before = (
        read(table, COVERAGE, days_filter(COVERAGE, wanted))
        if table is not None
        else COVERAGE.arrow.empty_table()
    )
    rows = {(row["source"], row["published_day"]): row for row in before.to_pylist()}
    for row in coverage_rows(found, before, now=now).to_pylist():
        rows[row["source"], row["published_day"]] = row
    return [row for row in rows.values() if row["published_day"] in days]


def verdict_of(pair: Pair, blocked: Collection[Pair], results: Sequence[CheckResult]) -> str | None:
    """What the checks say of one day of one paper; ``None`` when none looked at it.

    A check that raised holds back whatever its severity, also one of the paper's rows.
    """
    source, day = pair
    mine = [one for one in results if one.source == source and one.published_day == day]
    rows = [one for one in results if one.source == source and one.published_day is None]
    if pair in blocked:
        failed = any(one.outcome == "failed" and one.severity == "critical" for one in mine)
        raised = any(one.outcome == "not_evaluated" for one in (*mine, *rows))
        return "not_evaluated" if raised and not failed else "failed"
    if any(one.expectation == RELEASE for one in mine):
        return "released"
    return "passed" if mine else None


def _published(plan: Plan, pairs: Collection[Pair]) -> dict[Pair, set[str]]:
    """The stories that ``news.articles`` will have of some days."""
    days = {day for _, day in pairs}
    published: dict[Pair, set[str]] = {pair: set() for pair in pairs}
    columns = ["article_id", "source", "published_at"]
    for article_id, source, day in stories(days_after(plan, days, columns)):
        if (source, day) in published:
            published[source, day].add(article_id)
    return published


def _earlier_fates(
    warehouse: Warehouse, run: Run, pairs: Collection[Pair]
) -> dict[Pair, dict[str, str]]:
    """What earlier runs said last of the stories of some days."""
    fate_of: dict[Pair, dict[str, str]] = {pair: {} for pair in pairs}
    ledger = warehouse.existing(LEDGER.name)
    if ledger is None or not pairs:
        return fate_of
    runs = {
        day + DAY * shift
        for day in {day for _, day in pairs}
        for shift in range(-1, RUNS_AFTER.days + 1)
    }
    columns = ["run_id", "source", "article_id", "fate", "published_day", "recorded_at"]
    sources = {source for source, _ in pairs}
    rows = read(
        ledger, LEDGER, days_filter(LEDGER, runs), columns=columns, where=("source", sources)
    )
    for row in sorted(rows.to_pylist(), key=lambda row: (row["recorded_at"], row["run_id"])):
        if row["run_id"] == run.run_id:
            continue
        told = fate_of.get((row["source"], row["published_day"]))
        if told is not None:
            told[row["article_id"]] = row["fate"]
    return fate_of


def _elsewhere(
    warehouse: Warehouse,
    fate_of: Mapping[Pair, Mapping[str, str]],
    published: Mapping[Pair, Collection[str]],
) -> set[tuple[dt.date, str]]:
    """Stories that are not of the day they were said to be of: the index has them on another."""
    unclear = {
        (day, article_id)
        for (source, day), told in fate_of.items()
        for article_id in told
        if article_id not in published[source, day]
    }
    index = warehouse.existing(ARTICLE_DAYS.name)
    if index is None:
        return set()
    known = days_of(index, {article_id for _, article_id in unclear})
    return {(day, one) for day, one in unclear if known.get(one, set()) - {day}}


def _gap(found: Discovery) -> tuple[dt.datetime, dt.datetime] | None:
    """What nobody watched of a run day; all of it when the paper could not be asked at all."""
    if found.gap_from is not None and found.gap_to is not None:
        return found.gap_from, found.gap_to
    if found.strategy == "none" or found.error is not None:
        return _whole(found.day)
    return None


def _whole(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.combine(day, dt.time(), UTC)
    return start, start + DAY


def _gap_now(
    day: dt.date, found: DayFacts, prior: Mapping[str, Any] | None
) -> tuple[dt.datetime, dt.datetime] | None:
    """What is still unwatched: only what every run that asked calls so.

    A day that only late stories of other runs touched was watched by nobody.
    """
    before = _whole(day)
    if prior is not None:
        if prior["gap_from"] is None:
            return None
        before = (prior["gap_from"], prior["gap_to"])
    if not found.watched:
        return before
    if found.gap is None:
        return None
    both = (max(before[0], found.gap[0]), min(before[1], found.gap[1]))
    return both if both[0] < both[1] else None
