"""Checking, publishing, signalling, closing: the part of the walk that a run does once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk import publish as publisher
from newsdesk import quality, records
from newsdesk.article import CaptureRef, CheckResult, DayChange, Rejection, Run, StagedFile, Verdict
from newsdesk.errors import PublishBlocked, StoreError
from newsdesk.publish import Blocked, Pair, Published
from newsdesk.steps.desk import Desk
from newsdesk.steps.discovering import load_plan
from newsdesk.steps.documenting import address, document, has_docs
from newsdesk.steps.history import usual
from newsdesk.steps.outline import Outline, load_outline, shards_read
from newsdesk.steps.reading import load_readings, load_staged
from newsdesk.tables import TABLES
from newsdesk.tables.merge import merge

BODY_CHARACTERS = pa.field("body_characters", pa.int32())
"""What is kept of a body to judge it."""

PUT_TOGETHER = 32
"""Staged files whose rows become one piece: columns as they are read have room for more rows."""

REFUSED_COLUMNS = (
    "source",
    "url",
    "captured_at",
    "reader_version",
    "article_id",
    "capture",
    "headline",
    "published_at",
)
"""What ``news.rejected`` says of a row."""


def check(desk: Desk, day: dt.date, run_id: str) -> dict[str, int]:
    """Judges the staged rows, and the days as they would stand with them.

    Returns:
        Counts: rows, rows rejected, days blocked, expectations by outcome.
    """
    key = desk.layout.verdict(day, run_id)
    outline = load_outline(desk, day, run_id)
    if desk.store.head(key) is None:
        desk.store.put_if_absent(key, records.pack(_judge(desk, outline)))
    verdict = load_verdict(desk, day, run_id)
    if not has_docs(desk, outline.run):
        document(desk, outline.run, verdict.results)
    outcomes = [result.outcome for result in verdict.results]
    return {
        "rows": sum(staged.rows for staged in verdict.staged),
        "rejected": len(verdict.rejected),
        "blocked_days": len(verdict.blocked),
        **{outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
    }


def load_verdict(desk: Desk, day: dt.date, run_id: str) -> Verdict:
    """What the checks said of a run.

    Raises:
        ObjectMissing: It was not checked yet.
    """
    key = desk.layout.verdict(day, run_id)
    return records.unpack(Verdict, desk.store.get(key), subject=key)


def publish(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """Commits what passed.

    Returns:
        ``days`` that changed with their figures, the fates of the run's URLs, rows written.
    """
    plan = load_plan(desk, day, run_id)
    verdict = load_verdict(desk, day, run_id)
    readings = load_readings(desk, day, run_id, len(plan.shards))
    judge = DayJudge(desk, plan.run)
    again: list[CheckResult] = []

    def recheck(
        staged: pa.Table, images: Mapping[Pair, pa.Table]
    ) -> tuple[Blocked, tuple[CheckResult, ...]]:
        blocked, results = judge(images)
        again.extend(results)
        return blocked, results

    done = publisher.publish(
        desk.open_warehouse(),
        desk.store,
        desk.layout,
        plan.run,
        staged=without(staged_rows(desk, verdict.staged), verdict.rejected),
        rejections=[one for reading in readings for one in reading.rejections],
        captures=[one for reading in readings for one in reading.captures],
        discoveries=plan.discoveries,
        unchanged=plan.unchanged,
        revisits=plan.revisits,
        verdict=verdict,
        recheck=recheck,
        now=desk.now(),
        docs=address(desk, plan.run) if has_docs(desk, plan.run) else None,
        columns=quality.DAY_COLUMNS,
    )
    if again:
        document(desk, plan.run, publisher.newer(verdict.results, again))
    desk.store.put(desk.layout.published(day, run_id), records.pack(done))
    return {
        "days": day_figures(done.days),
        "fates": dict(done.fates),
        "rows": {name: count for name, count in done.counts.items() if count},
        "blocked": [f"{source} {blocked}: {why}" for source, blocked, why in done.blocked],
    }


def signals(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """The days that a run changed, as its commits say: what consumers are told.

    Returns:
        ``days``: by published day its rows, added, changed, removed, complete, snapshot, verdict.
    """
    return {"days": day_figures(load_published(desk, day, run_id).days)}


def close(desk: Desk, day: dt.date, run_id: str) -> dict[str, int]:
    """Ends a run: good only if every shard was read and no day was blocked.

    Raises:
        StoreError: A shard was lost; its links are in the ledger as failed.
        PublishBlocked: A day failed its checks and stays as it was.
    """
    outline = load_outline(desk, day, run_id)
    read = {reading.shard for reading in shards_read(desk, outline)}
    lost = sorted(set(range(outline.shards)) - read)
    if lost:
        numbers = ", ".join(map(str, lost))
        raise StoreError(f"run {run_id}", f"shard {numbers} was not read; clear its tasks")
    blocked = load_published(desk, day, run_id).blocked
    if blocked:
        source, which, why = blocked[0]
        more = f" (and {len(blocked) - 1} more)" if len(blocked) > 1 else ""
        docs = f"; docs: {address(desk, outline.run)}" if has_docs(desk, outline.run) else ""
        raise PublishBlocked(f"{source} {which}", f"failed its checks: {why}{more}{docs}")
    return {"shards": outline.shards}


def _judge(desk: Desk, outline: Outline) -> Verdict:
    staged = tuple(read.staged for read in shards_read(desk, outline) if read.staged)
    rows = judged_part(desk, staged)
    checked = quality.check_rows(quality.narrow(rows), desk.sources)
    rejected = row_rejections(rows, checked.bad)
    images = publisher.merged_images(
        desk.open_warehouse(),
        desk.store,
        desk.layout,
        without(rows, rejected).drop_columns(BODY_CHARACTERS.name),
        # A paper that brought nothing is judged too: its day may be too thin for just that.
        also=[(asked.source, outline.run.day) for asked in outline.discoveries],
        columns=quality.DAY_COLUMNS,
    )
    blocked, results = DayJudge(desk, outline.run)(images.tables)
    unjudged = _unjudged(outline.run, rows, checked.unjudged)
    return Verdict(
        base_snapshot=images.base_snapshot,
        staged=staged,
        rejected=rejected,
        blocked=(*unjudged, *(one for one in blocked if one[0] not in checked.unjudged)),
        results=(*checked.results, *results),
    )


def _unjudged(run: Run, rows: pa.Table, why: Mapping[str, str]) -> Blocked:
    """The days of rows that no check could judge: the rows are refused, and the run must say so."""
    days = rows["published_at"].cast(pa.date32()).to_pylist()
    pairs = {
        (source, day or run.day)
        for source, day in zip(rows["source"].to_pylist(), days, strict=True)
        if source in why
    }
    return tuple((*pair, why[pair[0]]) for pair in sorted(pairs))


@dataclass
class DayJudge:
    """Judges days for one run; looks at the weeks before once, and only if its day is judged."""

    desk: Desk
    run: Run

    def __call__(self, images: Mapping[Pair, pa.Table]) -> tuple[Blocked, tuple[CheckResult, ...]]:
        """What is blocked with why, and every result, as ``Verdict`` holds them."""
        found = quality.check_days(
            {pair: quality.narrow(image) for pair, image in images.items()},
            self.desk.sources,
            run_day=self.run.day,
            now=self.run.started_at,
            usual=self.usual if any(day == self.run.day for _, day in images) else None,
        )
        return found.blocked, found.results

    @cached_property
    def usual(self) -> Mapping[str, quality.Bands]:
        """What is usual on the run's day, by paper."""
        return usual(self.desk.open_warehouse(), self.run.day)


def judged_part(desk: Desk, files: Sequence[StagedFile]) -> pa.Table:
    """What the checks need of some staged files, one row per story: no bodies, but how long each is.

    One file's bodies are in memory at a time.
    """
    kept = {*quality.ROW_COLUMNS, *REFUSED_COLUMNS}
    parts = [TABLES["articles"].loose.append(BODY_CHARACTERS).empty_table()]
    few: list[pa.Table] = []
    for file in files:
        rows = load_staged(desk, file)
        lengths = pc.utf8_length(rows["body"]).cast(BODY_CHARACTERS.type)
        few.append(publisher.light(rows, kept).append_column(BODY_CHARACTERS, lengths))
        if len(few) == PUT_TOGETHER:
            parts.append(pa.concat_tables(few).combine_chunks())
            few.clear()
    rows = pa.concat_tables([*parts, *few])
    ids = rows["article_id"]
    if pc.count_distinct(ids, mode="all").as_py() == rows.num_rows:
        return rows  # nothing to merge, which would take three times the memory
    return merge([rows])


def staged_rows(desk: Desk, files: Sequence[StagedFile]) -> pa.Table:
    """The rows of some staged files, one per story: two addresses may lead to one."""
    empty = TABLES["articles"].loose.empty_table()
    return merge([empty, *(load_staged(desk, file) for file in files)])


def without(rows: pa.Table, rejected: Sequence[Rejection]) -> pa.Table:
    """Staged rows but those of rejected stories."""
    if not rejected:
        return rows
    ids = pa.array(sorted({one.article_id for one in rejected}), pa.string())
    among = pc.is_in(pc.fill_null(rows["article_id"], ""), value_set=ids)
    return rows.filter(pc.invert(among))


def row_rejections(rows: pa.Table, bad: Mapping[int, Mapping[str, str]]) -> tuple[Rejection, ...]:
    """One rejection for every reason that a staged row was refused for."""
    found = []
    for number, reasons in sorted(bad.items()):
        values = rows.select(REFUSED_COLUMNS).slice(number, 1).to_pylist()[0]
        capture = values.pop("capture")
        article_id = values.pop("article_id") or ""
        found += [
            Rejection(
                **values,
                article_id=article_id,
                reason=reason,
                evidence=evidence,
                capture=CaptureRef(**capture) if capture else None,
            )
            for reason, evidence in reasons.items()
        ]
    return tuple(found)


def load_published(desk: Desk, day: dt.date, run_id: str) -> Published:
    """What publishing a run came to.

    Raises:
        ObjectMissing: It was not published yet.
    """
    key = desk.layout.published(day, run_id)
    return records.unpack(Published, desk.store.get(key), subject=key)


def day_figures(days: Iterable[DayChange]) -> dict[str, dict[str, Any]]:
    """What consumers are told of each changed day, as plain JSON values."""
    return {
        str(change.day): {k: v for k, v in asdict(change).items() if k != "day"} for change in days
    }
