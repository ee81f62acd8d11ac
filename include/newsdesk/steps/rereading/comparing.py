"""What pages read as now, compared with the tables and judged; nothing is committed here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from newsdesk import publish as publisher
from newsdesk import quality, records
from newsdesk.article import Capture, Rejection, ShardReading, StagedFile, Verdict
from newsdesk.errors import StoreError
from newsdesk.steps.desk import Desk
from newsdesk.steps.publishing import (
    DayJudge,
    judged_part,
    row_rejections,
    staged_rows,
    without,
)
from newsdesk.steps.reading import load_readings, stage_rows
from newsdesk.steps.rereading.gathering import Rereading, load_rereading
from newsdesk.steps.rereading.outcomes import (
    Figures,
    Index,
    Outcome,
    differences,
    outcome_of,
    place_of,
    take,
)
from newsdesk.tables import Warehouse
from newsdesk.tables.index import copies
from newsdesk.tables.merge import TOMBSTONE
from newsdesk.tables.scan import days_filter
from newsdesk.tables.scan import read as read_table
from newsdesk.tables.schema import ARTICLES, REVISIONS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What reading a day's pages again comes to.

    Attributes:
        figures: By paper.
        staged: The rows to publish, tombstones among them; ``None`` when there are none.
        rejections: Why pages, and rows, are rejected now.
        captures: Every page, with the fate of those that change nothing.
        verdict: What the checks say of rows and days.
        missing: Pages whose file is not in the bucket any more.
    """

    figures: Mapping[str, Figures]
    staged: StagedFile | None
    rejections: tuple[Rejection, ...]
    captures: tuple[Capture, ...]
    verdict: Verdict
    missing: int = 0


def compare(desk: Desk, day: dt.date, run_id: str) -> dict[str, int]:
    """Compares the pages of a day, read again, with the tables, and judges rows and days.

    Returns:
        Pages by outcome.

    Raises:
        StoreError: A shard was not read.
    """
    found = load_rereading(desk, day, run_id)
    key = desk.layout.compared(day, found.run.run_id)
    if desk.store.head(key) is None:
        shards = max(1, len(found.shards))
        readings = load_readings(desk, day, found.run.run_id, shards)
        if len(readings) != shards:
            raise StoreError(f"run {found.run.run_id}", "a shard was not read; clear its tasks")
        desk.store.put_if_absent(key, records.pack(_compared(desk, found, readings)))
    told: Counter[str] = Counter()
    for figures in load_comparison(desk, day, run_id).figures.values():
        told.update(figures.outcomes)
    return dict(sorted(told.items()))


def load_comparison(desk: Desk, day: dt.date, run_id: str) -> Comparison:
    """What comparing a day gave.

    Raises:
        ObjectMissing: It was not compared.
    """
    run = load_rereading(desk, day, run_id).run
    key = desk.layout.compared(day, run.run_id)
    return records.unpack(Comparison, desk.store.get(key), subject=key)


def _compared(desk: Desk, found: Rereading, readings: Sequence[ShardReading]) -> Comparison:
    warehouse = desk.open_warehouse()
    files = [one.staged for one in readings if one.staged is not None]
    narrow = judged_part(desk, files)
    checked = quality.check_rows(quality.narrow(narrow), desk.sources)
    refused = row_rejections(narrow, checked.bad)
    new = Index(without(staged_rows(desk, files), refused))
    rejections = [*(one for reading in readings for one in reading.rejections), *refused]
    why = {place_of(one.capture): one for one in rejections if one.capture is not None}
    captures = [one for reading in readings for one in reading.captures]
    ids = {*new.ids, *(one.article_id for one in rejections), *_known_as(warehouse, captures)}
    old = Index(copies(warehouse, warehouse.table(ARTICLES.name), ids))
    figures: dict[str, Figures] = {}
    outcomes = [outcome_of(place_of(one.ref), new, why, old) for one in captures]
    pairs = [(n, one) for n, one in enumerate(outcomes) if one.same_story]
    differing = differences(
        take(old.rows, [one.old for _, one in pairs]),
        take(new.rows, [one.new for _, one in pairs]),
        [figures.setdefault(captures[n].link.source, Figures()) for n, _ in pairs],
    )
    for (number, _), differs in zip(pairs, differing, strict=True):
        outcomes[number] = outcomes[number].judged(differs)
    for capture, one in zip(captures, outcomes, strict=True):
        mine = figures.setdefault(capture.link.source, Figures())
        mine.outcomes[one.name] += 1
        if one.name == "lost":
            mine.lost[one.reason or ""] += 1
    rows = pa.concat_tables(
        [
            take(new.rows, [one.new for one in outcomes if one.publish]),
            _tombstones(old.rows, outcomes, found.run.run_id),
        ]
    )
    said = {
        place_of(capture.ref)
        for capture, one in zip(captures, outcomes, strict=True)
        if one.publish or one.name == "rejected"
    }
    staged = stage_rows(desk, found.run.day, found.run.run_id, rows) if rows.num_rows else None
    images = publisher.merged_images(
        warehouse, desk.store, desk.layout, rows, columns=quality.DAY_COLUMNS
    )
    # A story may touch a day of a paper that no run takes any more.
    known = {pair: image for pair, image in images.tables.items() if pair[0] in desk.sources}
    blocked, results = DayJudge(desk, found.run)(known)
    return Comparison(
        figures=figures,
        staged=staged,
        rejections=tuple(one for one in rejections if place_of(one.capture) in said),
        captures=tuple(map(_as_read, captures, outcomes)),
        verdict=Verdict(
            base_snapshot=images.base_snapshot,
            staged=(staged,) if staged else (),
            rejected=(),
            blocked=blocked,
            results=(*checked.results, *results),
        ),
        missing=found.missing,
    )


def _tombstones(old: pa.Table, outcomes: Sequence[Outcome], run_id: str) -> pa.Table:
    """The rows that leave, as versions of a newer reader that take their stories out."""
    leaving = {one.old: one for one in outcomes if one.leaves and one.old is not None}
    rows = take(old, list(leaving))
    made = {
        "reader_version": [one.version for one in leaving.values()],
        "content_hash": [TOMBSTONE] * len(leaving),
        "run_id": [run_id] * len(leaving),
    }
    for name, values in made.items():
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(at), pa.array(values, rows.schema.types[at]))
    return rows


def _as_read(capture: Capture, outcome: Outcome) -> Capture:
    """The capture as the ledger tells it: nothing was fetched, and what changes nothing is told."""
    capture = replace(capture, size=0, seconds=0.0, attempts=0)
    if outcome.publish or outcome.name == "rejected":
        return capture
    if outcome.name == "unreadable":
        return replace(capture, fate="failed", reason=outcome.reason)
    return replace(capture, fate="unchanged", reason=f"reread_{outcome.name}")


def _known_as(warehouse: Warehouse, captures: Sequence[Capture]) -> set[str]:
    """Every story that the pages were read as before, and those that their links are of."""
    ids = {one.link.article_id for one in captures}
    revisions = warehouse.existing(REVISIONS.name)
    if revisions is not None:
        places = {place_of(one.ref) for one in captures}
        days = {one.captured_at.astimezone(dt.UTC).date() for one in captures}
        rows = read_table(
            revisions,
            REVISIONS,
            days_filter(REVISIONS, days),
            columns=["article_id", "capture"],
            where=("source", {one.link.source for one in captures}),
        )
        for article_id, ref in zip(
            rows["article_id"].to_pylist(), rows["capture"].to_pylist(), strict=True
        ):
            if ref is not None and (ref["key"], ref["offset"]) in places:
                ids.add(article_id)
    return ids
