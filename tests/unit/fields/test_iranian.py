from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fields import iranian
from newsdesk.fields.dates import Moment, Unreadable, read_date

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("year", "first"),
    [  # Nowruz as it was kept
        (1357, dt.date(1978, 3, 21)),
        (1375, dt.date(1996, 3, 20)),
        (1376, dt.date(1997, 3, 21)),
        (1399, dt.date(2020, 3, 20)),
        (1400, dt.date(2021, 3, 21)),
        (1404, dt.date(2025, 3, 21)),
    ],
)
def test_the_first_day_of_a_year(year: int, first: dt.date) -> None:
    assert iranian.gregorian(year, 1, 1) == first


@given(st.integers(1343, 1502), st.integers(1, 12), st.integers(1, 31))
def test_days_follow_one_another(year: int, month: int, day: int) -> None:
    here = iranian.gregorian(year, month, day)
    if here is None:
        assert day > 29
        return
    after = [(year, month, day + 1), (year + month // 12, month % 12 + 1, 1)]
    following = next(found for one in after if (found := iranian.gregorian(*one)))
    assert following - here == dt.timedelta(1)


def test_a_printed_date_with_its_time() -> None:
    found = read_date("۲ تیر ۱۳۹۹ - ۱۲:۰۹", zone=TEHRAN, captured_at=NOW)
    assert isinstance(found, Moment)
    assert found.day_local == dt.date(2020, 6, 22)
    assert found.at == dt.datetime(2020, 6, 22, 7, 39, tzinfo=dt.UTC)  # summer time, +04:30


def test_the_halves_of_a_day_in_persian() -> None:
    late = read_date("دوشنبه 2 تير 1399 - 1:05 ب.ظ", zone=TEHRAN, captured_at=NOW)
    early = read_date("دوشنبه 2 تير 1399 - 1:05 ق.ظ", zone=TEHRAN, captured_at=NOW)
    assert isinstance(late, Moment)
    assert isinstance(early, Moment)
    assert late.at - early.at == dt.timedelta(hours=12)


def test_numbers_alone_are_iranian_in_persian_only() -> None:
    for printed in ("1399/04/02", "۱۳۹۹/۰۴/۰۲", "۱۳۹۹/۴/۲ - ۱۲:۰۹"):
        persian = read_date(printed, zone=TEHRAN, captured_at=NOW, language="fa")
        assert isinstance(persian, Moment)
        assert persian.day_local == dt.date(2020, 6, 22)
    assert isinstance(
        read_date("1399/04/02", zone=TEHRAN, captured_at=NOW, language="ar"), Unreadable
    )


def test_no_such_day() -> None:
    assert iranian.gregorian(1402, 12, 30) is None
    assert iranian.gregorian(1403, 7, 31) is None
    assert isinstance(read_date("31 مهر 1403", zone=TEHRAN, captured_at=NOW), Unreadable)
    assert isinstance(read_date("12 رمضان 1445", zone=TEHRAN, captured_at=NOW), Unreadable)
