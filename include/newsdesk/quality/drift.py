"""What a day has against the weeks before: a paper that changed its layout shows the same day.

The reader goes on finding headlines and bodies when a paper moves its bylines, so no row is wrong
and no bound of the source file need be crossed. What changes is a share or a length that was the
same for weeks. A day is compared with its own paper's past days: the median is what is usual, and
the median absolute deviation how much it moves by itself, so that a few odd days, or a first day
of trouble, move neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.quality.suites import DRIFTS, Drift
from newsdesk.sources import CheckName

WEEKS = dt.timedelta(days=28)
"""How far back a day is compared."""

ENOUGH_DAYS = 5
ENOUGH_STORIES = 10
"""A day with fewer stories says nothing about shares; with fewer days nothing is usual."""

SIGMAS = 4 * 1.4826
"""Median absolute deviations that are still usual: four standard deviations of a normal
distribution, whose deviation is 1.4826 times that median."""

HISTORY_COLUMNS = (
    "source",
    "section",
    "article_type",
    "headline",
    "summary",
    "bylines",
    "dateline",
    "published_at",
    "word_count",
    "lead_image",
)
"""Columns of ``news.articles`` that past days are measured by."""

Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual for one figure of one paper.

    Attributes:
        low: Least usual value.
        high: Greatest usual value.
        usual: The median of the past days.
        days: How many days it was learnt from.
    """

    low: float
    high: float
    usual: float
    days: int

    def outside(self, value: float | None) -> float | None:
        """How far a value lies outside; 0 inside, ``None`` for no value."""
        return None if value is None else max(self.low - value, 0.0, value - self.high)


Bands = Mapping[CheckName, Band]


def slim(narrow: pa.Table) -> pa.Table:
    """What ``measure`` needs of narrow rows: flags and two lengths, a few bytes a story."""
    written = narrow["written"]
    signed = pc.greater(pc.list_value_length(narrow["bylines"]), 0)
    nobody = pc.if_else(written, pc.invert(signed), pa.scalar(None, pa.bool_()))
    return pa.table(
        {
            "source": narrow["source"],
            "day": narrow["published_at"].cast(pa.date32()),
            "words": narrow["body_words"],
            "headline_characters": narrow["headline_characters"],
            "no_summary": pc.invert(narrow["has_summary"]),
            "no_byline": nobody,
            "no_section": pc.is_null(narrow["section"]),
            "no_image": pc.invert(narrow["has_image"]),
            "no_dateline": pc.invert(narrow["has_dateline"]),
        }
    )


def measure(rows: pa.Table) -> dict[tuple[str, dt.date], Figures]:
    """The figures of every paper and day.

    Args:
        rows: What ``slim`` gave.

    Returns:
        For each pair the ``figure`` of every drift; a share or length is ``None`` of fewer than
        ten stories.
    """
    names = [name for name in rows.column_names if name not in ("source", "day")]
    grouped = rows.group_by(["source", "day"]).aggregate([(name, "list") for name in names])
    return {
        (row["source"], row["day"]): {
            "stories": len(row["no_section_list"]),
            **{
                drift.figure: _figure(drift, row[f"{drift.column}_list"])
                for drift in DRIFTS
                if drift.column is not None
            },
        }
        for row in grouped.to_pylist()
    }


def bands(history: pa.Table, day: dt.date) -> dict[str, dict[CheckName, Band]]:
    """What is usual for the figures of every paper on a day.

    Args:
        history: What ``slim`` gave of the days before.
        day: The day to be judged; only days of the four weeks before it are learnt from.

    Returns:
        By paper; a figure with too few days to learn from is left out.
    """
    past: dict[str, dict[dt.date, Figures]] = {}
    for (source, then), figures in measure(history).items():
        if day - WEEKS <= then < day:
            past.setdefault(source, {})[then] = figures
    return {source: _bands(days, day) for source, days in past.items()}


def _figure(drift: Drift, values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if len(known) < ENOUGH_STORIES:
        return None
    return median(known) if drift.relative else round(sum(known) / len(known), 4)


def _bands(days: Mapping[dt.date, Figures], day: dt.date) -> dict[CheckName, Band]:
    found = {}
    for drift in DRIFTS:
        values = [
            value
            for figures in days.values()
            if (figures["stories"] or 0) >= ENOUGH_STORIES
            and (value := figures[drift.figure]) is not None
        ]
        if len(values) < ENOUGH_DAYS:
            continue
        usual = median(values)
        moves = SIGMAS * median(abs(value - usual) for value in values)
        if drift.relative:
            low, high = min(usual / 2, usual - moves), max(usual * 2, usual + moves)
        else:
            low, high = usual - max(drift.tolerated, moves), usual + max(drift.tolerated, moves)
        if drift.column is None:
            weekday = _same_weekday(days, day)
            low, high = min(low, weekday), max(high, weekday)
        top = high if drift.relative else min(high, 1.0)
        found[drift.name] = Band(round(max(low, 0.0), 4), round(top, 4), usual, len(values))
    return found


def _same_weekday(days: Mapping[dt.date, Figures], day: dt.date) -> float:
    """The median of stories on the same weekday: a Sunday may be thin every week.

    A day without stories counts once the paper was known.
    """
    first = min(days)
    same = [day - dt.timedelta(weeks=back) for back in range(1, 5)]
    counts = [days[one]["stories"] or 0 if one in days else 0 for one in same if one >= first]
    usual = median(figures["stories"] or 0 for figures in days.values())
    return median(counts) if len(counts) > 1 else usual
