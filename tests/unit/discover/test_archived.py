"""Which captures may be of a day: over month ends, leap days, year ends and local midnights."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.press import DAY, HOME, address, at, link, paper
from newsdesk.archives import Window
from newsdesk.archives.news import months
from newsdesk.article import Copy
from newsdesk.discover.archived import SPARE_COPIES, kept_by, links_of
from newsdesk.discover.strategy import bounds
from newsdesk.sources import Source

ONE_DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(1998, 1, 2), dt.date(2098, 12, 30))
EDGES = [dt.date(2024, 2, 29), dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2023, 3, 1)]


def copy(captured_at: dt.datetime, url: str = address(1), **changes: object) -> Copy:
    made = Copy("wayback", url, captured_at, "text/html")
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's own changes


def lagging(days: int, zone: str = "UTC") -> Source:
    return paper(discover={"archives": ("wayback",), "archive_lag_days": days}, time_zone=zone)


@given(day=DAYS, lag=st.integers(0, 5), hours=st.floats(0, 48))
@example(day=EDGES[0], lag=0, hours=0.0)
@example(day=EDGES[1], lag=1, hours=24.0)
def test_every_capture_is_found_by_the_days_that_it_may_belong_to_and_by_no_other(
    day: dt.date, lag: int, hours: float
) -> None:
    captured_at = bounds(day)[0] + dt.timedelta(hours=min(hours, 23.99))
    source = lagging(lag)
    asked = [day + n * ONE_DAY for n in range(-7, 3)]
    found = [one for one in asked if links_of([copy(captured_at)], source, one)]
    assert found == [day - n * ONE_DAY for n in range(lag, -1, -1)]


@given(day=DAYS, lag=st.integers(0, 5))
def test_a_page_that_was_captured_before_the_day_is_older_than_it(day: dt.date, lag: int) -> None:
    start, _ = bounds(day)
    before, after = copy(start - dt.timedelta(seconds=1)), copy(start)
    assert links_of([after], lagging(lag), day)
    assert links_of([before, after], lagging(lag), day) == []


@pytest.mark.parametrize("day", EDGES)
def test_the_day_in_an_address_is_one_of_the_papers_zone(day: dt.date) -> None:
    """At GMT+3 the local day begins at 21:00 UTC of the day before."""
    source = lagging(3, "Europe/Istanbul")
    url = f"{HOME}world/{day:%Y/%m/%d}/the-ferry-left-early"
    captured = copy(bounds(day)[0] + ONE_DAY, url)
    asked = [day + n * ONE_DAY for n in range(-3, 3)]
    assert [one for one in asked if links_of([captured], source, one)] == [day - ONE_DAY, day]


@given(st.permutations(range(6)))
def test_the_earliest_captures_are_noted_in_whatever_order_they_are_listed(
    order: list[int],
) -> None:
    captures = [copy(at(n)) for n in order]
    (found,) = links_of(captures, lagging(3), DAY)
    assert [one.captured_at for one in found.copies] == [at(n) for n in range(SPARE_COPIES)]
    assert found.seen_at == at(0)
    assert found.via == ("wayback",)


def test_addresses_of_one_story_are_one_link() -> None:
    twins = [copy(at(2), address(1).replace("www.", "")), copy(at(1), address(1) + "?utm_source=x")]
    (found,) = links_of(twins, lagging(3), DAY)
    assert len(found.copies) == 2


def test_pages_of_other_sites_and_fronts_are_no_stories() -> None:
    others = ["https://other.example/a-b-c-d", HOME, "https://nothrarbour-post.example/a-b-c"]
    assert links_of([copy(at(1), url) for url in others], lagging(3), DAY) == []


def test_only_what_nobody_but_archives_knows_is_had_from_them() -> None:
    kept = (copy(at(1)),)
    assert kept_by(link(1, via=("wayback",), copies=kept)) == "wayback"
    assert kept_by(link(1, via=("archive_sitemap", "wayback"), copies=kept)) is None
    assert kept_by(link(1, via=("wayback",))) is None
    ours = (copy(at(1), via="cc_news", digest=b"x"), *kept)
    assert kept_by(link(1, via=("cc_news",), copies=ours)) is None


@given(
    first=st.dates(dt.date(2015, 12, 1), dt.date(2040, 1, 1)),
    hours=st.integers(0, 23),
    days=st.floats(0.001, 800),
)
@example(first=dt.date(2020, 1, 20), hours=0, days=16)
@example(first=dt.date(2020, 1, 31), hours=0, days=61)
def test_every_month_that_a_range_meets_is_listed(first: dt.date, hours: int, days: float) -> None:
    begin = bounds(first)[0] + dt.timedelta(hours=hours)
    end = begin + dt.timedelta(days=days)
    met = {(moment.year, moment.month) for moment in (begin, end - dt.timedelta(microseconds=1))}
    step = begin
    while step < end:
        met.add((step.year, step.month))
        step += ONE_DAY
    assert list(months(begin, end)) == sorted(met)


@given(DAYS)
def test_a_window_holds_its_last_second_and_not_the_next(day: dt.date) -> None:
    window = Window(*bounds(day))
    assert window.first == f"{day:%Y%m%d}000000"
    assert window.last == f"{day:%Y%m%d}235959"
