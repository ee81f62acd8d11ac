"""Dates of the Iranian calendar (Solar Hijri), as papers in Persian print them.

A year begins at the March equinox; its first six months have 31 days, the next five 30, the last
29 or, in a leap year, 30. Leap years follow a cycle of 33 years, which agrees with the
observed equinox from 1343 to 1503 (1964 to 2124):
https://en.wikipedia.org/wiki/Solar_Hijri_calendar
"""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین farvardin",
            "اردیبهشت ordibehesht",
            "خرداد khordad",
            "تیر tir",
            "مرداد امرداد mordad",
            "شهریور shahrivar",
            "مهر mehr",
            "آبان ابان aban",
            "آذر اذر azar",
            "دی dey",
            "بهمن bahman",
            "اسفند esfand",
        ),
        start=1,
    )
    for name in names.split()
}
_LEAP = frozenset([1, 5, 9, 13, 17, 22, 26, 30])
_FIRST = dt.date(2020, 3, 20)
_FIRST_YEAR = 1399
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]+)(?:\s+ماه)?[\s,،]+(1[34]\d\d)(?!\d)")
_NUMBERED = re.compile(r"(?<![\d/-])(1[34]\d\d)\s?[/-]\s?(\d{1,2})\s?[/-]\s?(\d{1,2})(?![\d/-])")
_ARABIC_LETTERS = str.maketrans("يك", "یک")
"""Letters that some keyboards write for the Persian ones."""


def find(text: str, language: str | None) -> tuple[dt.date, int, int] | None:
    """A printed Iranian date as a Gregorian day, and where it stands in the text.

    Args:
        text: Lower case, digits in ASCII.
        language: Two letters; numbers alone (1399/04/02) are such a date in Persian only.

    Returns:
        ``None`` when the text has none, or one that does not exist.

    >>> find("2 تير 1399 - 12:09", None)
    (datetime.date(2020, 6, 22), 0, 10)
    """
    text = text.translate(_ARABIC_LETTERS)
    for found in _NAMED.finditer(text):
        month = _MONTHS.get(found[2])
        if month and (day := gregorian(int(found[3]), month, int(found[1]))):
            return day, found.start(), found.end()
    if language == "fa" and (found_ := _NUMBERED.search(text)):
        year, month, number = map(int, found_.groups())
        if day := gregorian(year, month, number):
            return day, found_.start(), found_.end()
    return None


def gregorian(year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian day of an Iranian one; ``None`` when there is no such day.

    >>> gregorian(1403, 12, 30), gregorian(1402, 12, 30)
    (datetime.date(2025, 3, 20), None)
    """
    if not 1343 <= year <= 1503 or not 1 <= month <= 12:
        return None
    longest = 31 if month <= 6 else 30 if month <= 11 or year % 33 in _LEAP else 29
    if not 1 <= day <= longest:
        return None
    years = range(_FIRST_YEAR, year) if year >= _FIRST_YEAR else range(year, _FIRST_YEAR)
    days = sum(366 if one % 33 in _LEAP else 365 for one in years)
    before = 31 * (month - 1) - max(0, month - 7)
    return _FIRST + dt.timedelta((days if year >= _FIRST_YEAR else -days) + before + day - 1)
