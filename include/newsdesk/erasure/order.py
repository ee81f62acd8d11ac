"""An erasure under way, and its receipt, which says nothing of what was erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsdesk.erasure.story import Story


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be erased: kept while it is, so that a killed erasure knows what to look for.

    Attributes:
        story: What tells the story; it grows as more of it is found.
        by: Who says so.
        reason: Why.
        ordered_at: UTC.
        found: What was found of it at first, by where: rows, records or mentions.
        objects: Objects in which it was found.
    """

    story: Story
    by: str
    reason: str
    ordered_at: dt.datetime
    found: Mapping[str, int] = field(default_factory=dict)
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure came to.

    Attributes:
        story: SHA-256, hex, of the identifier or address that was given.
        by: Who said so.
        reason: Why.
        ordered_at: UTC.
        finished_at: When the bucket was found to be without it, UTC.
        found: What there was of it, by where: rows, records or mentions.
        objects: Objects in which it was.
        scanned: Objects that were searched in the end.
        left: Objects in which it still is: none, or the erasure is to be repeated.
        quoted: Objects in which a sentence of it stands under another story's name.
        days: Published days (UTC) that it left, for consumers that hold it still.
    """

    story: str
    by: str
    reason: str
    ordered_at: dt.datetime
    finished_at: dt.datetime
    found: Mapping[str, int]
    objects: int
    scanned: int
    left: int
    quoted: int
    days: tuple[dt.date, ...] = ()
