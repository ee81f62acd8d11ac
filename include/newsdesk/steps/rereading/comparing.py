"""What pages read as now, beside what the tables hold of them; nothing is committed here.

Every page has one outcome, by which it is counted:

``same``        reads as the row says
``changed``     reads otherwise
``gained``      a story that the table does not have
``lost``        its row is in the table, and it is rejected now: the row leaves
``renamed``     its row is in the table, and it turns out to be another story: the row leaves
``rejected``    no row is of it, and it is rejected still, or now
``superseded``  the table has a later capture of its story
``unreadable``  damaged, or its reader was ended: says nothing, what stands stays
``not_newer``   reads otherwise, by a reader that is no newer: what stands stays
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from newsdesk import publish as publisher
from newsdesk import quality, records
from newsdesk.article import Capture, CaptureRef, Rejection, ShardReading, StagedFile, Verdict
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
from newsdesk.tables import Warehouse
from newsdesk.tables.index import copies
from newsdesk.tables.merge import TOMBSTONE
from newsdesk.tables.scan import days_filter
from newsdesk.tables.scan import read as read_table
from newsdesk.tables.schema import ARTICLES, REVISIONS

FIELDS = (
    *("headline", "bylines", "published_at", "body", "summary", "section", "subsection"),
    *("article_type", "language", "byline_raw", "dateline", "published_at_precision"),
    *("modified_at", "lead_image", "topics", "keywords", "access", "canonical_url"),
)
"""What is compared."""

INCONCLUSIVE = frozenset(
    {"capture_corrupt", "reader_failed", "reader_timeout", "reader_memory", "reader_killed"}
)
"""Reasons that say something of the bucket or the reader, and nothing of the story."""

Place = tuple[str, int]
"""Where a page is landed: key and offset."""


@dataclass(slots=True)
class Figures:
    """What became of the pages of one paper.

    Attributes:
        outcomes: Pages by outcome, as the module says.
        lost: Rows that leave, by reason.
        differ: Rows that read otherwise, by field; ``day`` is a move to another published day.
        emptied: Rows whose field had a value and has none now; ``half_body``: fewer than half of
            the words are left.
        filled: Rows whose field had none.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    differ: Counter[str] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        """Pages that the table has a row of."""
        return sum(self.outcomes[name] for name in ("same", "changed", "lost", "renamed"))

    def add(self, other: Figures) -> None:
        """Takes other figures in."""
        for name in ("outcomes", "lost", "differ", "emptied", "filled"):
            getattr(self, name).update(getattr(other, name))


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
    new = _Index(without(staged_rows(desk, files), refused))
    rejections = [*(one for reading in readings for one in reading.rejections), *refused]
    why = {_place(one.capture): one for one in rejections if one.capture is not None}
    captures = [one for reading in readings for one in reading.captures]
    ids = {*new.ids, *(one.article_id for one in rejections), *_known_as(warehouse, captures)}
    old = _Index(copies(warehouse, warehouse.table(ARTICLES.name), ids))
    figures: dict[str, Figures] = {}
    outcomes = [_outcome(_place(one.ref), new, why, old) for one in captures]
    pairs = [(n, one) for n, one in enumerate(outcomes) if one.same_story]
    differing = _differences(
        _take(old.rows, [one.old for _, one in pairs]),
        _take(new.rows, [one.new for _, one in pairs]),
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
            _take(new.rows, [one.new for one in outcomes if one.publish]),
            _tombstones(old.rows, outcomes, found.run.run_id),
        ]
    )
    said = {
        _place(capture.ref)
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
        rejections=tuple(one for one in rejections if _place(one.capture) in said),
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


class _Index:
    """Rows in the articles schema, found by page and by story."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows.cast(ARTICLES.loose)
        self.ids: list[str] = rows["article_id"].to_pylist()
        self.versions: list[int] = rows["reader_version"].to_pylist()
        self.captured: list[dt.datetime] = rows["captured_at"].to_pylist()
        self.by_id = {article_id: n for n, article_id in enumerate(self.ids)}
        self.by_place = {
            (ref["key"], ref["offset"]): n
            for n, ref in enumerate(rows["capture"].to_pylist())
            if ref is not None
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one page.

    Attributes:
        name: As the module says.
        publish: Whether it changes the tables.
        new: Number of the row that it reads as.
        old: Number of the row that it is compared with, or that leaves.
        reason: Why it is rejected, or could not be read.
        version: Version of the reader.
        leaves: Whether the old row leaves.
        same_story: Whether both rows are of one story.
    """

    name: str
    publish: bool = False
    new: int | None = None
    old: int | None = None
    reason: str | None = None
    version: int = 0
    leaves: bool = False
    same_story: bool = False

    def judged(self, differs: bool) -> _Outcome:
        """The outcome of a page of which both rows are known."""
        if not differs:
            return replace(self, name="same")
        return replace(self, name="changed" if self.publish else "not_newer")


def _outcome(place: Place, new: _Index, why: Mapping[Place, Rejection], old: _Index) -> _Outcome:
    row, there = new.by_place.get(place), old.by_place.get(place)
    if row is None and place not in why:
        return _Outcome("superseded")  # another of these pages is a later capture of its story
    if row is None:
        reason, version = why[place].reason, why[place].reader_version
        if reason in INCONCLUSIVE:
            return _Outcome("unreadable", reason=reason)
        if there is None:
            return _Outcome("rejected", reason=reason)
        if old.versions[there] >= version:
            return _Outcome("not_newer", reason=reason)
        return _Outcome("lost", True, None, there, reason, version, leaves=True)
    version = new.versions[row]
    newer = there is None or version > old.versions[there]
    if there is not None and old.ids[there] != new.ids[row]:
        if not newer:
            return _Outcome("not_newer")
        return _Outcome("renamed", True, row, there, None, version, leaves=True)
    if there is None:
        there = old.by_id.get(new.ids[row])
        if there is None:
            return _Outcome("gained", True, row)
        if old.captured[there] >= new.captured[row]:
            return _Outcome("superseded")
    return _Outcome("changed", newer, row, there, None, version, same_story=True)


def _differences(old: pa.Table, new: pa.Table, figures: Sequence[Figures]) -> list[bool]:
    """Counts what differs between rows side by side; gives for each whether anything does."""
    differs = [False] * len(figures)
    for name in FIELDS:
        columns = zip(old[name].to_pylist(), new[name].to_pylist(), strict=True)
        for number, (before, after) in enumerate(columns):
            if before == after:
                continue
            differs[number] = True
            mine = figures[number]
            mine.differ[name] += 1
            if not before or not after:
                (mine.filled if after else mine.emptied)[name] += 1
    words = zip(old["word_count"].to_pylist(), new["word_count"].to_pylist(), strict=True)
    days = zip(*(x["published_at"].cast(pa.date32()).to_pylist() for x in (old, new)), strict=True)
    for mine, (before, after), (day, now) in zip(figures, words, days, strict=True):
        if 2 * after < before:
            mine.emptied["half_body"] += 1
        if day != now:
            mine.differ["day"] += 1
    return differs


def _tombstones(old: pa.Table, outcomes: Sequence[_Outcome], run_id: str) -> pa.Table:
    """The rows that leave, as versions of a newer reader that take their stories out."""
    leaving = {one.old: one for one in outcomes if one.leaves and one.old is not None}
    rows = _take(old, list(leaving))
    made = {
        "reader_version": [one.version for one in leaving.values()],
        "content_hash": [TOMBSTONE] * len(leaving),
        "run_id": [run_id] * len(leaving),
    }
    for name, values in made.items():
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(at), pa.array(values, rows.schema.types[at]))
    return rows


def _as_read(capture: Capture, outcome: _Outcome) -> Capture:
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
        places = {_place(one.ref) for one in captures}
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


def _take(rows: pa.Table, numbers: Sequence[int | None]) -> pa.Table:
    """Some rows, by number; where there is no number there is no row."""
    return rows.take(pa.array([n for n in numbers if n is not None], pa.int64()))


def _place(ref: CaptureRef | None) -> Place:
    return (ref.key, ref.offset) if ref is not None else ("", 0)
