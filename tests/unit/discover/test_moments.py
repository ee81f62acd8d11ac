"""Dates as written: exactly what they say, or nothing."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.press import at
from newsdesk.article import UTC
from newsdesk.discover.moments import (
    AHEAD,
    EARLIEST,
    Moment,
    Period,
    believable,
    claimed,
    file_period,
    local_day,
    local_days,
    made_at,
    story_period,
    written_date,
)

ISTANBUL = ZoneInfo("Europe/Istanbul")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from([dt.UTC, ISTANBUL, NEW_YORK, ZoneInfo("Asia/Kathmandu")])
DAYS = st.dates(dt.date(1990, 1, 2), dt.date(2090, 1, 1))
INSTANTS = st.datetimes(dt.datetime(1991, 1, 1), dt.datetime(2090, 1, 1)).map(  # noqa: DTZ001  # zone follows
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-15T08:30Z", "2026-01-15T08:30+00:00"),
        ("2026-01-15T08:30:15.123456789+03:00", "2026-01-15T05:30:15.123456+00:00"),
        ("2026-01-15 08:30:15", "2026-01-15T05:30:15+00:00"),
        ("20260115T083015Z", "2026-01-15T08:30:15+00:00"),
        ("2026-01-15T08:30:60Z", "2026-01-15T08:30:59+00:00"),
        ("Thu, 15 Jan 2026 08:30:00 GMT", "2026-01-15T08:30:00+00:00"),
        ("Thu, 15 Jan 26 08:30 EST", "2026-01-15T13:30:00+00:00"),
        ("thursday, 15-January-2026 08:30:00 +0530", "2026-01-15T03:00:00+00:00"),
        ("15 Sept 2025 08:30:00 -0000", "2025-09-15T08:30:00+00:00"),
        ("Thu, 15 Jan 2026 08:30:00 +0300 (TRT)", "2026-01-15T05:30:00+00:00"),
        ("Thu, 15 Jan 2026 08:30:00 XYZ", "2026-01-15T05:30:00+00:00"),
        ("Thu Jan 15 08:30:00 2026", "2026-01-15T05:30:00+00:00"),
        ("Thu Jan 15 08:30:00 UTC 2026", "2026-01-15T05:30:00+00:00"),
        ("Jan 13, 2022 - 1:52 pm GMT+3", "2022-01-13T10:52:00+00:00"),
        ("January 13, 2022, 12:05 a.m.", "2022-01-12T21:05:00+00:00"),
        ("2026-01-15", "2026-01-15T09:00:00+00:00"),
        ("15 January 2026", "2026-01-15T09:00:00+00:00"),
        ("20260115", "2026-01-15T09:00:00+00:00"),
    ],
)
def test_the_forms_that_feeds_write(text: str, instant: str) -> None:
    moment = written_date(text, ISTANBUL)
    assert moment is not None
    assert moment.instant == dt.datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "2022-02-30",
        "2022-13-01",
        "1642067520",
        "1642067520000",
        "10000-01-01",
        "-0001-01-01",
        "0000-01-01",
        "2022-W02-4",
        "2022-013",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31",
        "0001-01-01T00:00:00+12:00",
        "2026-01-15T24:00:01Z",
        "2026-01-15T08:61Z",
        "2026-01-15T08:30+99:00",
        "2026-01-15T08:30 somewhere else",
        "15 Foo 2026",
        "15 Marraskuu 2026",
        "15 Marzipan 2026",
        "13/01/2022",
        "Jan 13, 2022 - 13:52 pm",
        "x" * 101,
        "1" * 100_000,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert written_date(text, UTC) is None


@given(INSTANTS, ZONES)
def test_every_instant_comes_back(instant: dt.datetime, zone: dt.tzinfo) -> None:
    local = instant.astimezone(zone)
    for text in (local.isoformat(), format_datetime(local), f"{instant:%Y%m%dT%H%M%SZ}"):
        moment = written_date(text, UTC)
        assert moment == Moment(instant, instant, instant)


@given(st.text(max_size=120), ZONES)
def test_any_text_is_a_date_or_none(text: str, zone: dt.tzinfo) -> None:
    moment = written_date(text, zone)
    assert moment is None or moment.start <= moment.end


@given(DAYS, ZONES)
def test_a_day_is_a_day_of_its_zone(day: dt.date, zone: dt.tzinfo) -> None:
    moment = written_date(day.isoformat(), zone)
    assert moment == local_day(day, zone)
    assert moment is not None
    assert moment.instant is not None
    assert moment.instant.astimezone(zone).time() == dt.time(12)
    assert dt.timedelta(hours=22) < moment.end - moment.start < dt.timedelta(hours=26)
    assert moment.end == local_day(day + dt.timedelta(days=1), zone).start


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("2024-02", "2024-02-01", "2024-03-01"), ("2025-12", "2025-12-01", "2026-01-01")]
    + [("2024", "2024-01-01", "2025-01-01")],
)
def test_months_and_years_are_spans_without_an_instant(text: str, start: str, end: str) -> None:
    moment = written_date(text, UTC)
    assert moment is not None
    assert (f"{moment.start:%Y-%m-%d}", f"{moment.end:%Y-%m-%d}") == (start, end)
    assert moment.instant is None
    assert believable(moment, at(0)) is None


def test_claims_before_the_web_and_after_tomorrow_are_not_believed() -> None:
    def claim(instant: dt.datetime) -> dt.datetime | None:
        return believable(Moment(instant, instant, instant), at(12))

    second = dt.timedelta(seconds=1)
    assert claim(EARLIEST) == EARLIEST
    assert claim(EARLIEST - second) is None
    assert claim(at(12) + AHEAD) == at(12) + AHEAD
    assert claim(at(12) + AHEAD + second) is None
    assert believable(None, at(12)) is None


def test_touching() -> None:
    day = local_day(dt.date(2026, 1, 15), UTC)
    assert day.touches(at(23), at(25))
    assert not day.touches(at(24), at(25))
    assert not day.touches(at(-1), at(0))
    instant = Moment(at(8), at(8), at(8))
    assert instant.touches(at(8), at(9))
    assert not instant.touches(at(7), at(8))


def test_local_noon_and_midnight_may_be_a_day_without_a_time() -> None:
    noon, midnight = at(9), at(21, dt.date(2026, 1, 14))
    assert claimed(noon, ISTANBUL) == claimed(midnight, ISTANBUL)
    assert claimed(noon, ISTANBUL) == local_day(dt.date(2026, 1, 15), ISTANBUL)
    assert claimed(at(12), ISTANBUL) == Moment(at(12), at(12), at(12))


def test_made_at_needs_ten_instants_within_a_minute() -> None:
    def dates(*seconds: float) -> list[Moment]:
        instants = [at(8) + dt.timedelta(seconds=s) for s in seconds]
        return [Moment(i, i, i) for i in instants]

    assert made_at(dates(*range(10)))
    assert made_at([None, *dates(*range(10)), None])
    assert not made_at(dates(*range(9)))
    assert not made_at(dates(*range(9), 61))
    assert not made_at([local_day(dt.date(2026, 1, 15), UTC)] * 20)


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ("https://a.example/world/2024/05/17/the-ferry-left", "2024-05-17", "2024-05-17"),
        ("https://a.example/2024-05-17-the-ferry-left", "2024-05-17", "2024-05-17"),
        ("https://a.example/2024/may/17/the-ferry-left", "2024-05-17", "2024-05-17"),
        ("https://a.example/2024/02/the-ferry-left", "2024-02-01", "2024-02-29"),
        ("https://a.example/2023/12", "2023-12-01", "2023-12-31"),
        ("https://a.example/2024/02/30/the-ferry-left", "2024-02-01", "2024-02-29"),
    ],
)
def test_the_day_in_a_storys_address(url: str, first: str, last: str) -> None:
    assert story_period(url) == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "path",
    [
        "20240517-the-ferry",
        "the-ferry-of-2024",
        "2024-05/17",
        "1024/05/17",
        "12024/05/17/a",
        "a?d=2024/05/17",
    ],
)
def test_numbers_that_are_no_day_of_a_story(path: str) -> None:
    assert story_period(f"https://a.example/{path}") is None


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("sitemap-2024-05-17.xml", "2024-05-17", "2024-05-17"),
        ("sitemap_20240517.xml.gz", "2024-05-17", "2024-05-17"),
        ("map.xml?yyyy=2024&mm=05&dd=17", "2024-05-17", "2024-05-17"),
        ("map.xml?year=2024&month=2", "2024-02-01", "2024-02-29"),
        ("sitemap-2024-12.xml", "2024-12-01", "2024-12-31"),
        ("sitemap202412.xml", "2024-12-01", "2024-12-31"),
        ("2024/articles.xml", "2024-01-01", "2024-12-31"),
        ("sitemap-2024-02-30.xml", "2024-02-01", "2024-02-29"),
    ],
)
def test_the_days_in_a_sitemaps_address(name: str, first: str, last: str) -> None:
    found = file_period(f"https://a.example/{name}")
    assert found == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize("name", ["sitemap.xml", "sitemap-17.xml", "post-sitemap123456.xml"])
def test_sitemaps_that_name_no_days(name: str) -> None:
    assert file_period(f"https://a.example/{name}") is None


@given(DAYS, ZONES)
def test_a_utc_day_meets_one_or_two_local_days_that_cover_it(day: dt.date, zone: dt.tzinfo) -> None:
    start, end = at(0, day), at(24, day)
    period = local_days(start, end, zone)
    assert (period.last - period.first).days == (0 if zone is dt.UTC else 1)
    assert local_day(period.first, zone).start <= start
    assert local_day(period.last, zone).end >= end
