"""What is usual for a paper, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.newsroom import DAY, PAPER, at, loose, story
from newsdesk.article import Article, Dateline
from newsdesk.quality import HISTORY_COLUMNS, WEEKS, bands, narrow, slim
from newsdesk.quality.drift import ENOUGH_DAYS, Band, measure
from newsdesk.quality.suites import DRIFTS

TEXT = "The ferry left the harbour in the morning, full of people and bicycles. " * 3


def day_of(back: int) -> dt.date:
    return DAY - dt.timedelta(days=back)


def stories(day: dt.date, count: int = 20, **changes: Any) -> list[Article]:
    """An ordinary day: every fifth story is unsigned, every second has no dateline."""
    return [
        replace(
            story(day.toordinal() * 1000 + n, published_at=at(day, n % 24), text=TEXT),
            summary="A ferry leaves.",
            bylines=() if n % 5 == 0 else story(n).bylines,
            dateline=Dateline("Izmir", "IZMIR") if n % 2 else None,
            **changes,
        )
        for n in range(count)
    ]


def slimmed(articles: Sequence[Article]) -> pa.Table:
    return slim(narrow(loose(articles)))


def weeks(count: int = 28, make: Callable[[dt.date], list[Article]] = stories) -> pa.Table:
    return slimmed([one for back in range(1, count + 1) for one in make(day_of(back))])


def test_a_day_is_measured_by_shares_and_medians() -> None:
    found = measure(slimmed(stories(DAY)))[PAPER, DAY]
    assert found == {
        "stories": 20,
        "median_words": 39,
        "median_characters": len("Ferry 737804000 leaves"),
        "without_summary": 0.0,
        "without_byline": 0.2,
        "without_section": 0.0,
        "without_image": 0.0,
        "without_dateline": 0.5,
    }
    assert set(found) == {drift.figure for drift in DRIFTS}


def test_few_stories_say_nothing_about_shares() -> None:
    found = measure(slimmed(stories(DAY, 9)))[PAPER, DAY]
    assert found.pop("stories") == 9
    assert set(found.values()) == {None}


def test_galleries_are_not_asked_who_signed_them() -> None:
    silent = [replace(one, article_type="gallery", bylines=()) for one in stories(DAY, 12)]
    assert measure(slimmed(silent))[PAPER, DAY]["without_byline"] is None


def test_columns_that_history_reads_are_enough() -> None:
    rows = loose(stories(DAY))
    whole, read = slim(narrow(rows)), slim(narrow(rows.select(list(HISTORY_COLUMNS))))
    assert whole.equals(read)


def test_every_figure_has_a_band_after_enough_days() -> None:
    found = bands(weeks(), DAY)[PAPER]
    assert set(found) == {drift.name for drift in DRIFTS}
    byline = found["drift(bylines)"]
    assert (byline.low, byline.high, byline.usual, byline.days) == (0.0, 0.4, 0.2, 28)
    words = found["drift(body)"]
    assert (words.low, words.high) == (19.5, 78)
    assert (found["drift(volume)"].low, found["drift(volume)"].high) == (10, 40)


def test_too_few_days_or_stories_are_no_rule() -> None:
    assert bands(weeks(ENOUGH_DAYS - 1), DAY) == {PAPER: {}}
    assert set(bands(weeks(ENOUGH_DAYS), DAY)[PAPER]) == {drift.name for drift in DRIFTS}
    assert bands(weeks(28, lambda day: stories(day, 5)), DAY) == {PAPER: {}}


def test_only_the_four_weeks_before_count() -> None:
    assert bands(weeks(40), DAY)[PAPER]["drift(volume)"].days == WEEKS.days
    assert bands(slimmed(stories(DAY)), DAY) == {}


@pytest.mark.parametrize("odd", range(1, 13))
def test_odd_days_do_not_move_what_is_usual(odd: int) -> None:
    def make(day: dt.date) -> list[Article]:
        strange = day > day_of(odd + 1)
        return stories(day, 200 if strange else 20, **({"section": None} if strange else {}))

    found = bands(weeks(28, make), DAY)[PAPER]
    assert found["drift(volume)"].usual == 20
    assert found["drift(section)"].usual == 0
    assert found["drift(section)"].high <= 0.2


def test_a_figure_that_moves_by_itself_has_a_wider_band() -> None:
    def make(day: dt.date) -> list[Article]:
        return stories(day, 20, section="World" if day.toordinal() % 2 else None)

    assert bands(weeks(28, make), DAY)[PAPER]["drift(section)"].high == 1.0


def test_a_thin_sunday_is_usual_on_sundays_alone() -> None:
    sunday = dt.date(2026, 1, 18)

    def make(count: int) -> list[Article]:
        days = [sunday - dt.timedelta(days=back) for back in range(1, 29)]
        return [x for day in days for x in stories(day, count if day.weekday() == 6 else 40)]

    for on_sundays in (0, 2):
        history = slimmed(make(on_sundays))
        assert bands(history, sunday)[PAPER]["drift(volume)"].low == on_sundays
        monday = sunday + dt.timedelta(days=1)
        assert bands(history, monday)[PAPER]["drift(volume)"].low == 20


def test_papers_have_bands_of_their_own() -> None:
    other = [
        replace(one, source="river_times", bylines=())
        for back in range(1, 10)
        for one in stories(day_of(back))
    ]
    found = bands(pa.concat_tables([weeks(), slimmed(other)]), DAY)
    assert found[PAPER]["drift(bylines)"].usual == 0.2
    assert found["river_times"]["drift(bylines)"].usual == 1.0


@given(
    low=st.floats(0, 1),
    width=st.floats(0, 1),
    value=st.floats(-2, 4),
)
def test_outside_is_nought_exactly_inside(low: float, width: float, value: float) -> None:
    band = Band(low, low + width, low, 9)
    outside = band.outside(value)
    assert outside is not None
    assert (outside == 0) == (low <= value <= low + width)
    assert band.outside(None) is None
