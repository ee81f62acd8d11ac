"""What a page that is read again comes to, beside the row that the tables hold of it.

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

from newsdesk.article import CaptureRef, Rejection
from newsdesk.tables.schema import ARTICLES

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
        return sum(self.outcomes[x] for x in ("same", "changed", "lost", "renamed", "not_newer"))

    def add(self, other: Figures) -> None:
        """Takes other figures in."""
        for name in ("outcomes", "lost", "differ", "emptied", "filled"):
            getattr(self, name).update(getattr(other, name))


class Index:
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
class Outcome:
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

    def judged(self, differs: bool) -> Outcome:
        """The outcome of a page of which both rows are known."""
        if not differs:
            return replace(self, name="same")
        return replace(self, name="changed" if self.publish else "not_newer")


def outcome_of(place: Place, new: Index, why: Mapping[Place, Rejection], old: Index) -> Outcome:
    """What becomes of a page.

    Args:
        place: Where it is landed.
        new: What all pages read as now, the latest page of each story.
        why: Rejections.
        old: The rows that the table has of these pages and their stories.
    """
    row, there = new.by_place.get(place), old.by_place.get(place)
    if row is None and place not in why:
        return Outcome("superseded")  # another of these pages is a later capture of its story
    if row is None:
        reason, version = why[place].reason, why[place].reader_version
        if reason in INCONCLUSIVE:
            return Outcome("unreadable", reason=reason)
        if there is None:
            return Outcome("rejected", reason=reason)
        if old.versions[there] >= version:
            return Outcome("not_newer", reason=reason)
        return Outcome("lost", True, None, there, reason, version, leaves=True)
    version = new.versions[row]
    newer = there is None or version > old.versions[there]
    if there is not None and old.ids[there] != new.ids[row]:
        if not newer:
            return Outcome("not_newer")
        return Outcome("renamed", True, row, there, None, version, leaves=True)
    if there is None:
        there = old.by_id.get(new.ids[row])
        if there is None:
            return Outcome("gained", True, row)
        if old.captured[there] >= new.captured[row]:
            return Outcome("superseded")
    return Outcome("changed", newer, row, there, None, version, same_story=True)


def differences(old: pa.Table, new: pa.Table, figures: Sequence[Figures]) -> list[bool]:
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


def take(rows: pa.Table, numbers: Sequence[int | None]) -> pa.Table:
    """Some rows, by number; where there is no number there is no row."""
    return rows.take(pa.array([n for n in numbers if n is not None], pa.int64()))


def place_of(ref: CaptureRef | None) -> Place:
    """The place of a landed page."""
    return (ref.key, ref.offset) if ref is not None else ("", 0)
