"""What a run set out to do and what it staged, without its links and captures.

The records of a large day hold a hundred thousand of them, which take more memory than all that is
judged. So a plan has its outline in an object of its own beside it, and of what reading gave only
these smaller shapes are made.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from newsdesk import records
from newsdesk.article import Run, StagedFile
from newsdesk.errors import ObjectMissing
from newsdesk.steps.desk import Desk


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper that was asked for a day."""

    source: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that is only counted."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A ``Plan`` in outline: see there. ``shards`` is how many it has."""

    run: Run
    discoveries: tuple[Asked, ...]
    shards: int


@dataclass(frozen=True, slots=True)
class _PlanInOutline:
    """The record of a ``Plan``; its links are passed over."""

    run: Run
    discoveries: tuple[Asked, ...]
    shards: tuple[tuple[Passed, ...], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A ``ShardReading`` in outline: see there."""

    shard: int
    staged: StagedFile | None


def load_outline(desk: Desk, day: dt.date, run_id: str) -> Outline:
    """The plan of a run in outline.

    Raises:
        ObjectMissing: The run has none yet.
    """
    key = desk.layout.outline(day, run_id)
    try:
        return records.unpack(Outline, desk.store.get(key), subject=key)
    except ObjectMissing:  # of a plan that was killed before its outline was written
        key = desk.layout.discovered(day, run_id)
        plan = records.unpack(_PlanInOutline, desk.store.get(key), subject=key)
        return Outline(plan.run, plan.discoveries, len(plan.shards))


def shards_read(desk: Desk, outline: Outline) -> list[Read]:
    """What reading gave, of every shard that was read."""
    found = []
    for shard in range(outline.shards):
        key = desk.layout.reading(outline.run.day, outline.run.run_id, shard)
        try:
            found.append(records.unpack(Read, desk.store.get(key), subject=key))
        except ObjectMissing:
            continue
    return found
