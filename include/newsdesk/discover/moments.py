"""When feeds, sitemaps and addresses say something happened, as exactly as they say it.

A ``Moment`` is the stretch of time a date stands for: an instant, a day, a month, a year. Nothing
is invented: what is no date by one of the rules here is ``None``, never a guess (feedparser's own
parsers turn ``2022-02-30`` into March and ``1642067520`` into the year 1642).

Formats: W3C-DTF (https://www.w3.org/TR/NOTE-datetime), RFC 822 dates and the forms that feeds
write instead of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
"""No paper was on the web before."""

AHEAD = dt.timedelta(days=1)
"""How far a claimed date may lie after the moment at which it was seen: wrong zones, embargoes."""

DAY = dt.timedelta(days=1)

_W3C = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T\s]\s*(?P<time>\d.*))?)?)?", re.DOTALL
)
_BASIC = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T(?P<time>\d.*))?", re.DOTALL)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(?P<day>\d{1,2})[\s-]+(?P<name>[^\W\d_]{3,9})\.?,?[\s-]+"
    r"(?P<year>\d{4}|\d\d)(?:,?\s+(?:-\s*)?(?P<time>\d.*))?",
    re.DOTALL,
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(?P<name>[^\W\d_]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+"
    r"(?P<year>\d{4})(?:,?\s+(?:-\s*)?(?P<time>\d.*))?",
    re.DOTALL,
)
_ASCTIME = re.compile(
    r"[A-Za-z]{3}\s+(?P<name>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<time>\d\d:\d\d:\d\d)\s+"
    r"(?:[A-Z]{3,4}\s+)?(?P<year>\d{4})"
)
_TIME = re.compile(
    r"(?P<hour>\d\d?)(?::?(?P<minute>\d\d))(?::?(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>.*)",
    re.DOTALL | re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:GMT|UTC|UT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?", re.IGNORECASE
)
_ZONES = {
    name: hours
    for hours, names in (
        (0, "z ut utc gmt wet"),
        (1, "cet bst"),
        (2, "cest eet"),
        (3, "eest msk trt"),
        (9, "jst kst"),
        (-4, "edt"),
        (-5, "est cdt"),
        (-6, "cst mdt"),
        (-7, "mst pdt"),
        (-8, "pst"),
    )
    for name in names.split()
}
_MONTHS = ["january", "february", "march", "april", "may", "june"]
_MONTHS += ["july", "august", "september", "october", "november", "december"]


@dataclass(frozen=True, slots=True)
class Moment:
    """The stretch of time that a written date stands for.

    Attributes:
        start: Its begin, UTC.
        end: Its end, UTC, exclusive; equal to ``start`` for an instant.
        instant: The instant to note down: the instant itself, the local noon of a day, ``None``
            for a month or a year.
    """

    start: dt.datetime
    end: dt.datetime
    instant: dt.datetime | None

    def touches(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether it may have been between two instants, the second exclusive."""
        return self.start < end and (self.end > start or self.start >= start)


def written_date(text: str, zone: dt.tzinfo) -> Moment | None:
    """A date as feeds and sitemaps write it: W3C, RFC 822, or a usual departure from them.

    Args:
        text: The date as received, of any precision; month names are English, whole or cut.
        zone: The paper's zone, for a date without one or with one of an unknown name.

    >>> written_date("2024-05-17T08:30+03:00", dt.UTC).instant.isoformat()
    '2024-05-17T05:30:00+00:00'
    >>> written_date("2024-02", dt.UTC).end.isoformat()
    '2024-03-01T00:00:00+00:00'
    >>> written_date("2022-02-30", dt.UTC)
    >>> written_date("Mon, 06 Sep 2021 00:01:00 +0200", dt.UTC).instant.isoformat()
    '2021-09-05T22:01:00+00:00'
    >>> written_date("Jan 13, 2022 - 1:52 pm GMT+3", dt.UTC).instant.isoformat()
    '2022-01-13T10:52:00+00:00'
    >>> written_date("1642067520", dt.UTC)
    """
    text = text.strip()
    if len(text) > 100:
        return None
    for form in (_W3C, _BASIC, _DAY_FIRST, _ASCTIME, _MONTH_FIRST):
        if found := form.fullmatch(text):
            return _moment(found, zone)
    return None


def believable(moment: Moment | None, seen_at: dt.datetime) -> dt.datetime | None:
    """The instant of a claimed date, unless it lies before 1990 or a day after it was seen."""
    if moment is None or moment.instant is None:
        return None
    return moment.instant if EARLIEST <= moment.instant <= seen_at + AHEAD else None


def made_at(moments: Iterable[Moment | None]) -> bool:
    """Whether the dates of a document's entries are the time at which it was made.

    Ten or more to the second, all within one minute: some papers write the time of asking.
    """
    given = [moment for moment in moments if moment is not None]
    if len(given) < 10 or any(moment.start != moment.end for moment in given):
        return False
    starts = [moment.start for moment in given]
    return max(starts) - min(starts) <= dt.timedelta(minutes=1)


def local_day(day: dt.date, zone: dt.tzinfo) -> Moment:
    """A day in a zone."""
    start, noon = (
        dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in (dt.time(), dt.time(12))
    )
    end = dt.datetime.combine(day + DAY, dt.time(), zone).astimezone(dt.UTC)
    return Moment(start, end, noon)


def claimed(instant: dt.datetime, zone: dt.tzinfo) -> Moment:
    """What a noted instant may stand for: local noon or midnight may be a day without a time.

    >>> claimed(dt.datetime(2024, 5, 17, 12, tzinfo=dt.UTC), dt.UTC).end.isoformat()
    '2024-05-18T00:00:00+00:00'
    """
    local = instant.astimezone(zone)
    if local.time() in (dt.time(), dt.time(12)):
        return local_day(local.date(), zone)
    return Moment(instant, instant, instant)


# -- dates in addresses -----------------------------------------------------------------------

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_STORY_PERIODS = (
    re.compile(_YEAR + r"([-/_.])(?P<month>0[1-9]|1[0-2])\2(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(
        _YEAR
        + r"/(?P<name>"
        + "|".join(m[:3] for m in _MONTHS)
        + r")/(?P<day>0[1-9]|[12]\d|3[01])/"
    ),
    re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>0[1-9]|1[0-2])/"),
)
_QUERY_DAY = r"[?&](?:yyyy|year|y)=(?P<year>\d{4})"
_FILE_PERIODS = (
    *_STORY_PERIODS[:2],
    re.compile(_YEAR + r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(_QUERY_DAY + r"&(?:mm|month|m)=(?P<month>\d\d?)&(?:dd|day|d)=(?P<day>\d\d?)(?!\d)"),
    re.compile(_YEAR + r"[-/_.]?(?P<month>0[1-9]|1[0-2])(?!\d)"),
    re.compile(_QUERY_DAY + r"&(?:mm|month|m)=(?P<month>\d\d?)(?!\d)"),
    re.compile(_YEAR + r"(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days, both inclusive, that an address says it is about."""

    first: dt.date
    last: dt.date

    def meets(self, other: Period) -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


def story_period(url: str) -> Period | None:
    """The day or month in a story's address; ``None`` when it holds none.

    Eight digits in a row are rather a number than a day, so only parted ones count.

    >>> story_period("https://paper.example/world/2024/05/17/rain").first.isoformat()
    '2024-05-17'
    >>> story_period("https://paper.example/world/rain-20240517")
    """
    parts = urlsplit(url)
    return _period(_STORY_PERIODS, parts.path.lower() + "/")


def file_period(url: str) -> Period | None:
    """The day, month or year in a sitemap's address; ``None`` when it holds none.

    >>> file_period("https://paper.example/sitemap-2024-02.xml.gz").last.isoformat()
    '2024-02-29'
    >>> file_period("https://paper.example/map.xml?year=2024&month=5&day=3").last.isoformat()
    '2024-05-03'
    """
    parts = urlsplit(url)
    return _period(_FILE_PERIODS, parts.path.lower() + ("?" + parts.query if parts.query else ""))


def local_days(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> Period:
    """The days of a zone that a stretch of time (its end exclusive) meets."""
    last = end - dt.timedelta(microseconds=1)
    return Period(start.astimezone(zone).date(), last.astimezone(zone).date())


# -- inner parts ------------------------------------------------------------------------------


def _moment(found: re.Match[str], zone: dt.tzinfo) -> Moment | None:
    parts = found.groupdict()
    try:
        period = _period_of(parts)
        if parts.get("time"):
            time = _TIME.fullmatch(parts["time"].strip())
            instant = _instant(period.first, time, zone) if time else None
            return Moment(instant, instant, instant) if instant else None
        start = local_day(period.first, zone)
        if period.first == period.last:
            return start
        return Moment(start.start, local_day(period.last, zone).end, None)
    except (ValueError, OverflowError):
        return None


def _period_of(parts: dict[str, str | None]) -> Period:
    """The days that the parts of a date name. Raises ValueError when there are none such."""
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 69 else 1900  # RFC 2822, section 4.3, and POSIX
    name = parts.get("name")
    month = _month(name) if name else int(parts.get("month") or 0)
    day = int(parts.get("day") or 0)
    if day:
        only = dt.date(year, month, day)
        return Period(only, only)
    first = dt.date(year, month or 1, 1)
    after = dt.date(year + month // 12, month % 12 + 1, 1) if month else dt.date(year + 1, 1, 1)
    return Period(first, after - DAY)


def _month(name: str) -> int:
    """The month of an English name of three letters or more. Raises ValueError for any other."""
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name.lower()):
            return number
    raise ValueError(f"no month: {name}")


def _instant(day: dt.date, time: re.Match[str], zone: dt.tzinfo) -> dt.datetime | None:
    hour, minute, second = (int(time[name] or 0) for name in ("hour", "minute", "second"))
    if time["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if time["half"][0] in "pP" else 0)
    micro = int((time["part"] or "")[:6].ljust(6, "0"))
    clock = dt.time(hour, minute, min(second, 59), micro)  # a leap second is the one before
    return dt.datetime.combine(day, clock, _zone(time["zone"].strip(), zone)).astimezone(dt.UTC)


def _zone(text: str, zone: dt.tzinfo) -> dt.tzinfo:
    """The zone as written; the paper's own when there is none or an unknown name."""
    text = re.sub(r"\s*\(.*\)$", "", text)
    if found := _OFFSET.fullmatch(text):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return dt.timezone(dt.timedelta(minutes=-minutes if found["sign"] == "-" else minutes))
    hours = _ZONES.get(text.lower())
    if hours is not None:
        return dt.timezone(dt.timedelta(hours=hours))
    if re.fullmatch(r"[^\W\d_]{0,6}", text):
        return zone
    raise ValueError(f"no zone: {text}")


def _period(forms: tuple[re.Pattern[str], ...], text: str) -> Period | None:
    for form in forms:
        if found := form.search(text):
            try:
                return _period_of(found.groupdict())
            except ValueError:
                continue
    return None
