"""A blocked day, published because somebody says so: who and why are part of what is published.

::

    runs/<day>/<run>/release.json.zst      the decision and the rows it is about, written first
    runs/<day>/<run>/published.json.zst    what came of it, written last

A release is a run like any other, so it may be killed and repeated. One that was left between the
two is completed by the next for that day.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from newsdesk import publish as publisher
from newsdesk import quality, records
from newsdesk.article import CheckResult, DayChange, Run, StagedFile, Verdict
from newsdesk.errors import SettingsError
from newsdesk.publish import Blocked, Pair, Published
from newsdesk.steps.desk import Desk
from newsdesk.steps.publishing import DayJudge, day_figures, load_published, staged_rows
from newsdesk.steps.reading import stage_rows


@dataclass(frozen=True, slots=True)
class Release:
    """A decision to publish rows of one day though checks blocked it.

    Attributes:
        run: The run; its day is the day released.
        sources: The papers, sorted.
        by: Who decided.
        reason: Why.
        staged: The rows that waited when it was decided.
    """

    run: Run
    sources: tuple[str, ...]
    by: str
    reason: str
    staged: tuple[StagedFile, ...]


def release(
    desk: Desk,
    day: dt.date,
    run_id: str | None = None,
    *,
    by: str,
    reason: str,
    source: str | None = None,
) -> dict[str, Any]:
    """Publishes what waits for a day, whatever the checks say of that day.

    Other days that the stories touch are judged as ever: a story that moves from a day that fails
    goes on waiting.

    Args:
        desk: The desk.
        day: The published day, UTC.
        run_id: The run; the same one again completes itself. ``None`` makes a new one.
        by: Who says so.
        reason: Why.
        source: The paper; ``None`` is every paper that has rows waiting.

    Returns:
        ``released`` (papers), ``days`` that changed as ``signals`` tells them, the ``fates`` of
        the stories, what is still ``blocked``. Without anything that waits ``released`` is empty,
        and ``days`` are those of earlier releases of the day, so that consumers can be told.

    Raises:
        SettingsError: There is no such paper.
    """
    unfinished, finished = _releases(desk, day)
    run = Run(day, run_id or f"release__{desk.now():%Y-%m-%dT%H:%M:%S.%f}", desk.now())
    mine = next((one for one in unfinished + finished if one.run.run_id == run.run_id), None)
    done = {one.run.run_id: _publish(desk, one) for one in unfinished}
    if mine is None and (mine := _decide(desk, run, by, reason, source)) is not None:
        done[run.run_id] = _publish(desk, mine)
    elif mine is not None and mine in finished:
        done[run.run_id] = load_published(desk, day, run.run_id)
    if not done:
        before = [load_published(desk, day, one.run.run_id) for one in finished]
        return _told((), _as_one(desk, run, before))
    released = {one for each in (*unfinished, mine) if each is not None for one in each.sources}
    return _told(sorted(released), _as_one(desk, run, list(done.values())))


def _decide(desk: Desk, run: Run, by: str, reason: str, source: str | None) -> Release | None:
    """Writes down what is to be released; ``None`` when nothing waits."""
    waiting = [
        one
        for one in publisher.waiting_for(desk.store, desk.layout, [run.day])
        if source is None or one.pair[0] == source
    ]
    if not waiting:
        if source is not None and source not in {paper.name for paper in desk.every_paper()}:
            raise SettingsError(source, "no source file of that name, and nothing of it waits")
        return None
    rows = pa.concat_tables([one.rows for one in waiting])
    decided = Release(
        run=run,
        sources=tuple(sorted({one.pair[0] for one in waiting})),
        by=by,
        reason=reason,
        staged=(stage_rows(desk, run.day, run.run_id, rows),),
    )
    desk.store.put_if_absent(desk.layout.release(run.day, run.run_id), records.pack(decided))
    return decided


def _publish(desk: Desk, decided: Release) -> Published:
    run = decided.run
    pairs = {(source, run.day) for source in decided.sources}
    judge = DayJudge(desk, run)

    def recheck(
        staged: pa.Table, images: Mapping[Pair, pa.Table]
    ) -> tuple[Blocked, tuple[CheckResult, ...]]:
        known = {pair: image for pair, image in images.items() if pair[0] in desk.sources}
        blocked, results = judge(known)
        return tuple(one for one in blocked if one[:2] not in pairs), results

    said = tuple(_said(decided, pair) for pair in sorted(pairs))
    done = publisher.publish(
        desk.open_warehouse(),
        desk.store,
        desk.layout,
        run,
        staged=staged_rows(desk, decided.staged),
        rejections=(),
        captures=(),
        discoveries=(),
        unchanged=(),
        verdict=Verdict(None, decided.staged, (), (), said),
        recheck=recheck,
        now=desk.now(),
        columns=quality.DAY_COLUMNS,
        by_hand=True,
    )
    desk.store.put(desk.layout.published(run.day, run.run_id), records.pack(done))
    return done


def _said(decided: Release, pair: Pair) -> CheckResult:
    """Who released a day and why, as a row of ``news.checks``."""
    rows = sum(file.rows for file in decided.staged)
    said = json.dumps({"by": decided.by, "reason": decided.reason}, ensure_ascii=False)
    return CheckResult(*pair, publisher.RELEASE, "info", "passed", said, "{}", rows, 0)


def _releases(desk: Desk, day: dt.date) -> tuple[list[Release], list[Release]]:
    """The releases of a day that were left before their end, and those that ended; oldest first."""
    keys = {info.key for info in desk.store.list(desk.layout.runs(day))}
    marks = [key for key in keys if key.endswith("/release.json.zst")]
    every = sorted(
        (records.unpack(Release, desk.store.get(key), subject=key) for key in marks),
        key=lambda one: (one.run.started_at, one.run.run_id),
    )
    ended = {one for one in every if desk.layout.published(day, one.run.run_id) in keys}
    return [one for one in every if one not in ended], [one for one in every if one in ended]


def _as_one(desk: Desk, run: Run, done: list[Published]) -> Published:
    """What several releases of a day came to, kept as what this run tells consumers."""
    days: dict[dt.date, DayChange] = {}
    fates: dict[str, int] = {}
    for one in done:
        for change in one.days:
            before = days.get(change.day)
            days[change.day] = change if before is None else _after(before, change)
        for fate, count in one.fates.items():
            fates[fate] = fates.get(fate, 0) + count
    told = Published(
        days=tuple(days[day] for day in sorted(days)),
        counts={},
        fates=fates,
        blocked=tuple(dict.fromkeys(blocked for one in done for blocked in one.blocked)),
        unchanged=all(one.unchanged for one in done),
    )
    desk.store.put(desk.layout.published(run.day, run.run_id), records.pack(told))
    return told


def _after(before: DayChange, change: DayChange) -> DayChange:
    return replace(
        change,
        added=before.added + change.added,
        changed=before.changed + change.changed,
        removed=before.removed + change.removed,
    )


def _told(released: Any, done: Published) -> dict[str, Any]:
    return {
        "released": list(released),
        "days": day_figures(done.days),
        "fates": dict(done.fates),
        "blocked": [f"{source} {day}: {why}" for source, day, why in done.blocked],
    }
