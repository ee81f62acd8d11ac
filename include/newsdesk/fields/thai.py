"""Dates as Thai papers print them: Thai months, years of the Buddhist era, clocks with a full stop.

A year of that era is 543 more than one of the common era:
https://en.wikipedia.org/wiki/Thai_solar_calendar
"""

from __future__ import annotations

import re

ERA = 543

_FULL = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
_SHORT = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค."
_MONTHS = {
    name: number for names in (_FULL, _SHORT) for number, name in enumerate(names.split(), start=1)
}
_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s*({'|'.join(map(re.escape, _MONTHS))})\s*(?:พ\.\s?ศ\.\s*)?(\d{{4}}|\d\d)(?!\d)"
)
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)\s*น\.?(?!\w)")


def rewritten(text: str) -> str:
    """A text with its Thai dates as year, month and day of the common era; others are as they were.

    >>> rewritten("3 พ.ย. 2569 17.42 น."), rewritten("3 พฤศจิกายน 69"), rewritten("3 Nov 2026")
    ('2026-11-03 17:42', '2026-11-03', '3 Nov 2026')
    """
    if not any("\u0e00" <= c <= "\u0e7f" for c in text):
        return text
    return _CLOCK.sub(r"\1:\2", _DATE.sub(_common, text))


def _common(found: re.Match[str]) -> str:
    written = int(found[3])
    year = written + 2500 - ERA if written < 100 else common_year(written)
    return f"{year}-{_MONTHS[found[2]]:02}-{int(found[1]):02}"


def common_year(year: int) -> int:
    """The year of the common era; one of the Buddhist era lies far ahead of any paper.

    >>> common_year(2569), common_year(2026)
    (2026, 2026)
    """
    return year - ERA if 2500 <= year < 2700 else year
