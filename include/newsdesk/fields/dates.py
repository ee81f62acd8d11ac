"""How newspapers write a moment: an instant, the offset it was printed with, how exact it is.

``read_date`` takes one short text that claims to be a date. It never guesses: a day and month
that could be swapped need to be told which comes first, a missing year stays missing, and what
lies outside [1990-01-01, capture + 1 hour] is refused with a reason.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from newsdesk.article import Precision
from newsdesk.fields import eras, iranian, months, thai

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
TOLERANCE = dt.timedelta(hours=1)
"""How far a clock may run ahead of ours."""

MAX_LENGTH = 300

NEAR = 24
"""Characters before a time among which the word beside it stands."""

EVENING = 5
"""The first hour after noon that is called night anywhere."""

_SIGNS = "\u0300-\u036f" + "".join(
    one for one in map(chr, range(0x900, 0x1800)) if unicodedata.category(one) in ("Mn", "Mc")
)
"""Marks on letters, for a set of a pattern: scripts of South Asia write most vowels with them."""

_NAME = rf"[^\W\d_](?:[^\W\d_]+|[{_SIGNS}]\w*)(?:[{_SIGNS}]\w*)*"
"""A word of two characters or more; a pattern without groups."""

_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)"
    r"(?:(?:[T ]|\s*,\s*|\s+-\s+)\s*(?P<H>\d\d?):?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<z>.*))?",
    re.DOTALL,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(
    r"(?<![\d.,/-])(?P<H>[01]?\d|2[0-3])\s*(?:[:h.٫]|시\s?|時|时|点)\s*(?P<M>[0-5]\d)(?![\d/]|\.\d)\s*[분分]?"
    r"(?::(?P<S>[0-5]\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?\s?m\b\.?|[ap]m)?"
    r"|(?<![\d.,/-])(?P<H2>1[0-2]|0?[1-9])\s*(?P<half2>[ap]\.?\s?m\b\.?|[ap]m)"
    r"|(?<![\d.,/-])(?P<H3>[01]?\d|2[0-3])\s*(?:uhr\b|h\b)",
)
_OFFSET = re.compile(
    r"^[\s,(\[]*(?:gmt|utc|z)?\s*(?P<sign>[+\-−])\s*(?P<h>\d{1,2}):?(?P<m>\d\d)?(?!\d)"
)
_NAMED = re.compile(r"^[\s,(\[]*(?:uhr\s+)?(?P<name>[^\W\d_]{1,5})\b")
_BESIDE = re.compile(rf"[^\W\d_]+(?:[{_SIGNS}]\w*)*")
"""A word beside a time."""

_CTIME = re.compile(
    r"([a-z]{3,9})\.? {1,2}(\d{1,2}),? (\d\d?:\d\d(?::\d\d)?)((?: [a-z]{1,5}| [+-]\d{4})?) ((?:19|20)\d\d)(?!\d)"
)
_YMD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_DMY = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?![\d/]|[.-]\d)"
)
_DAY_MONTH = re.compile(
    r"(?<![\d:])(\d{1,2})(?:\.|º|°|st|nd|rd|th|er|\s?-?(?:го|ое))?[\s./-]*(?:de |of |d['’]|ta['’] ?|ng )?\s*"
    rf"({_NAME})\.?[,،]?[\s./-]*(?:(?:de|del|of|’|')\s*)?((?:19|20)\d\d|'\d\d)(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"({_NAME})\.?\s*(\d{{1,2}})(?:st|nd|rd|th|\.)?(?!\d|:)[\s,.]*((?:19|20)\d\d)(?!\d)"
)
_VOWELS = re.compile("[\u064b-\u0652\u200f]")
"""Arabic's marks for vowels, which papers print or leave out, and the mark of its direction."""

_TWO_NAMES = re.compile(r"(?<=\d )([^\W\d_]{2,}) */ ?(?=[^\W\d_]{2,} (?:19|20)\d\d)")
"""A month in two languages, as Arab papers print it: 24 Nisan / April 2020."""

_YEAR_FIRST = re.compile(
    r"((?:19|20)\d\d)(?:\. gada|[ -]?yil|[ -]?йил| жылғы| жылдың| года)[ ,]+(\d{1,2})[. -]+([^\W\d_]+)"
)
"""2026. gada 3. novembrī, 2026 yil 3 noyabr, 2026 жылғы 3 қараша."""

_MONGOLIAN = re.compile(r"((?:19|20)\d\d) (?:оны|он) (\d{1,2})(?:-р)? сарын (\d{1,2})")
_VIETNAMESE = re.compile(r"(\d{1,2}) tháng (\d{1,2})(?:,| năm)? ((?:19|20)\d\d)(?!\d)")
_YEAR_MONTH_DAY = re.compile(
    rf"((?:19|20)\d\d)(?:ko)?\.?[\s,]*(?:m\.\s*)?({_NAME})\.?\s*(\d{{1,2}})(?![\d:])"
)

# Abbreviations with one usual meaning in a newspaper, minutes east of Greenwich.
_ABBREVIATIONS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "sast": 120, "cat": 120, "eest": 180, "msk": 180,
    "trt": 180, "мск": 180, "tsi": 180, "eat": 180, "pkt": 300, "ict": 420, "wib": 420, "wita": 480,
    "wit": 540, "hkt": 480, "sgt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600, "acdt": 630,
    "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "adt": -180, "edt": -240, "est": -300,
    "cdt": -300, "cst": -360, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480, "akst": -540,
    "hst": -600, "clt": -240, "clst": -180, "art": -180, "wat": 60, "gst": 240, "npt": 345,
    "myt": 480, "nst": -210, "ndt": -150,
}  # fmt: skip
DATE_LIKE = re.compile(
    r"[12][09]\d\d|(?<!\d)25[4-9]\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d\d|[٠-٩۰-۹०-९০-৯૦-૯๐-๙၀-၉០-៩]{4}|[ก-ฮ]\. ?\d\d(?!\d)|'\d\d|令和|平成|民[国國]|[\u0621-\u06cc] 1[34]\d\d(?!\d)"
)
"""What nearly every printed date has: a year, an era, or three numbers; of Iranian years those behind a
word in Arabic letters."""

_CIVIL = {"et": "America/New_York", "ct": "America/Chicago", "pt": "America/Los_Angeles"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as printed.

    Attributes:
        at: The instant, UTC; local noon when only a day is printed.
        offset: Minutes east of Greenwich of the printed local time; ``None`` for a mere day.
        precision: How exact the printed date is.
        day_local: The day as printed.
        zone_assumed: Whether the zone is not printed but the paper's own.
    """

    at: dt.datetime
    offset: int | None
    precision: Precision
    day_local: dt.date
    zone_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no usable date, in a few words."""

    reason: str


SWAPPED = Unreadable("day and month may be swapped")


def read_date(
    text: str,
    *,
    zone: ZoneInfo,
    captured_at: dt.datetime,
    language: str | None = None,
    day_first: bool | None = None,
) -> Moment | Unreadable:
    """Reads a moment as a newspaper writes it.

    Args:
        text: ISO 8601, RFC 2822, or text with a month's name or number, in any order.
        zone: The paper's zone, for a time printed without one.
        captured_at: When the page was received.
        language: Two letters; decides what an ambiguous month name means.
        day_first: Whether 3/4 is the third of April; ``None`` when nothing tells, and then such
            a date is refused.

    >>> z, now = ZoneInfo("Europe/Istanbul"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> read_date("Jan 13, 2022 - 1:52 pm GMT+3", zone=z, captured_at=now).at.isoformat()
    '2022-01-13T10:52:00+00:00'
    >>> read_date("2022-02-30", zone=z, captured_at=now)
    Unreadable(reason='no such day')
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        return Unreadable("no date")
    found = _read(text, language, day_first)
    if found == SWAPPED:  # one of the two may not have come yet
        orders = (_read(text, language, True), _read(text, language, False))
        latest = captured_at.astimezone(zone).date()
        past = [one for one in orders if isinstance(one, _Printed) and one.day_of() <= latest]
        found = past[0] if len(past) == 1 else found
    if isinstance(found, Unreadable):
        return found
    moment = _place(found, zone)
    if isinstance(moment, Moment):
        if moment.at < EARLIEST:
            return Unreadable("before 1990")
        if moment.at > captured_at + TOLERANCE and not (
            moment.precision == "day" and moment.day_local <= captured_at.astimezone(zone).date()
        ):
            return Unreadable("later than the capture")
        if moment.at > captured_at + TOLERANCE:  # today's date before local noon
            return Moment(captured_at, None, "day", moment.day_local, moment.zone_assumed)
    return moment


@dataclass(frozen=True, slots=True)
class _Printed:
    """Numbers as printed; ``zone`` is an offset in minutes, a zone, or unknown."""

    year: int
    month: int
    day: int
    clock: tuple[int, int, int] | None = None
    seconds: bool = False
    zone: int | ZoneInfo | None = None
    zone_name: str = ""

    def day_of(self) -> dt.date:
        """The printed day; the last of all when there is no such day."""
        try:
            return dt.date(self.year, self.month, self.day)
        except ValueError:
            return dt.date.max


def _place(printed: _Printed, zone: ZoneInfo) -> Moment | Unreadable:
    """Puts printed numbers on the time line."""
    hour, minute, second = printed.clock or (12, 0, 0)
    try:
        local = dt.datetime(  # noqa: DTZ001 - its zone is found below
            printed.year, printed.month, printed.day, hour, minute, min(second, 59)
        )
    except ValueError:
        return Unreadable("no such day" if printed.clock is None else "no such day or time")
    where: dt.tzinfo = zone
    if isinstance(printed.zone, int):
        where = dt.timezone(dt.timedelta(minutes=printed.zone))
    elif printed.zone is not None:
        where = printed.zone
    aware = local.replace(tzinfo=where)
    # "CST" is Chicago's or Shanghai's: the paper's own zone decides if it has that name.
    if printed.zone_name and local.replace(tzinfo=zone).tzname() == printed.zone_name.upper():
        aware = local.replace(tzinfo=zone)
    try:
        at = aware.astimezone(dt.UTC)
    except OverflowError:
        return Unreadable("no such day or time")
    if printed.clock is None:
        return Moment(at, None, "day", local.date(), True)
    offset = aware.utcoffset() or dt.timedelta()
    return Moment(
        at=at,
        offset=int(offset.total_seconds() // 60),
        precision="second" if printed.seconds else "minute",
        day_local=local.date(),
        zone_assumed=printed.zone is None,
    )


@lru_cache(maxsize=512)
def _read(text: str, language: str | None, day_first: bool | None) -> _Printed | Unreadable:
    """The numbers of a text; pages print one date many times, hence the cache."""
    if iso := _ISO.fullmatch(text):
        iranian_year = language == "fa" and int(iso["y"]) < 1600
        if not iranian_year and (printed := _read_iso(iso)) is not None:
            return printed
    elif _EPOCH.fullmatch(text):
        moment = dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
        clock = (moment.hour, moment.minute, moment.second)
        return _Printed(moment.year, moment.month, moment.day, clock, True, 0)
    return _read_text(_plain(text), language, day_first)


def _read_iso(iso: re.Match[str]) -> _Printed | None:
    year, month, day = int(iso["y"]), int(iso["m"]), int(iso["d"])
    if iso["H"] is None:
        return _Printed(year, month, day)
    if not iso["sep"] and ":" not in iso[0] and len(iso["H"]) != 2:
        return None
    rest = iso["z"].strip().lower()
    clock = (int(iso["H"]), int(iso["M"]), int(iso["S"] or 0))
    if rest.startswith(("am", "pm", "a.m", "p.m")) or _half("", _plain(rest)):
        return None
    zone, name = _read_zone(re.sub(r"\[.*\]$", "", rest))
    return _Printed(year, month, day, clock, iso["S"] is not None, zone, name)


def _plain(text: str) -> str:
    """Lower case, one kind of space, ASCII digits, no weekday commas that mislead."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text
    )
    text = text.replace("\u0130", "i").lower()
    for printed, half in months.HALVES.items():
        text = text.replace(printed, half)
    return " ".join(_VOWELS.sub("", unicodedata.normalize("NFC", text)).split())


def _read_zone(rest: str) -> tuple[int | ZoneInfo | None, str]:
    """The zone at the start of what follows a time: offset or zone, and its printed name."""
    if offset := _OFFSET.match(rest):
        hours, minutes = int(offset["h"]), int(offset["m"] or 0)
        if hours <= 14 and minutes < 60:
            total = hours * 60 + minutes
            return (total if offset["sign"] == "+" else -total), ""
    if name := _NAMED.match(rest):
        word = name["name"]
        if word in _ABBREVIATIONS:
            return _ABBREVIATIONS[word], word
        if word in _CIVIL:
            return ZoneInfo(_CIVIL[word]), ""
        if word == "ist":  # India, Israel, Ireland: the paper's zone decides
            return None, word
    return None, ""


def _read_clock(text: str) -> tuple[tuple[int, int, int] | None, bool, str]:
    """The time of day, whether it has seconds, and what follows it."""
    for clock in _CLOCK.finditer(text):
        hour = int(clock["H"] or clock["H2"] or clock["H3"])
        minute, second = int(clock["M"] or 0), int(clock["S"] or 0)
        before, after = text[: clock.start()], text[clock.end() :]
        half = (clock["half"] or clock["half2"] or "").replace(".", "").replace(" ", "")
        hour = _hour(hour, half or _half(before, after))
        return (hour, minute, second), clock["S"] is not None, after
    return None, False, ""


def _half(before: str, after: str) -> str:
    """Which part of the day the words beside a time tell: am, pm, noon, night, or empty."""
    near = {*_BESIDE.findall(before[-NEAR:])[-1:]}
    if behind := _BESIDE.match(after.lstrip()):
        near.add(behind[0])
    return next((half for half, words in months.PARTS_OF_DAY.items() if words & near), "")


def _hour(hour: int, half: str) -> int:
    """The hour of 24, from one of 12 and the part of the day; one of 24 stays."""
    if (half.startswith("p") and hour < 12) or (half == "noon" and hour < EVENING):
        return hour + 12
    if half.startswith("a") and hour == 12:
        return 0
    if half == "night" and EVENING <= hour <= 12:  # one at night is after midnight
        return (hour + 12) % 24
    return hour


def _read_text(text: str, language: str | None, day_first: bool | None) -> _Printed | Unreadable:
    for name, number in months.TWO_WORDS.items():
        if name in text:
            text = text.replace(name, f"{_LEVANT[number]:<{len(name)}}")
    text = _TWO_NAMES.sub("", _CTIME.sub(r"\1 \2 \5 \3\4", text))
    text = _MONGOLIAN.sub(r"\1-\2-\3", _YEAR_FIRST.sub(r"\2 \3 \1", text))
    text = _VIETNAMESE.sub(r"\3-\2-\1", eras.rewritten(thai.rewritten(text), language))
    date = _read_day(text, language, day_first)
    if isinstance(date, Unreadable):
        return date
    year, month, day, start, end = date
    # The clock stands after the date, or before it; the date's own digits are none of it.
    clock, seconds, after = _read_clock(text[end:])
    if clock is None:
        clock, seconds, after = _read_clock(text[:start])
    if clock is None:
        return _Printed(year, month, day)
    zone, name = _read_zone(after)
    return _Printed(year, month, day, clock, seconds, zone, name)


def _read_day(
    text: str, language: str | None, day_first: bool | None
) -> tuple[int, int, int, int, int] | Unreadable:
    """Year, month, day, and where they stand in the text."""
    table = months.names(language)
    for pattern, order in (
        (_DAY_MONTH, (2, 1, 0)),
        (_MONTH_DAY, (2, 0, 1)),
        (_YEAR_MONTH_DAY, (0, 1, 2)),
    ):
        for named in pattern.finditer(text):
            groups = named.groups()
            month = table.get(groups[order[1]])
            if month:
                year = int(groups[order[0]].lstrip("'"))
                year += 2000 if year < 100 else 0
                return year, month, int(groups[order[2]]), named.start(), named.end()
    if persian := iranian.find(text, language):
        day, start, end = persian
        return day.year, day.month, day.day, start, end
    if months.OTHER_CALENDARS & set(re.findall(r"[^\W\d_]+", text)):
        return Unreadable("another calendar")
    if found := _YMD.search(text):
        numbers = [int(number) for number in found.groups()]
        return numbers[0], numbers[1], numbers[2], found.start(), found.end()
    if found := _DMY.search(text):
        first, mark, second, written = found.groups()
        if len(written) == 2 and not (mark == "." or (mark == "/" and day_first)):
            return Unreadable("no year")
        year = thai.common_year(int(written) + (2000 if len(written) == 2 else 0))
        one, two = int(first), int(second)
        if mark != "." and one != two and max(one, two) <= 12:
            day_first = _by_weekday(text, year, one, two, day_first)
        # Dots are written day first everywhere; of slashes only one order may be possible.
        if mark == "." or one > 12 or one == two or (day_first and two <= 12):
            return year, two, one, found.start(), found.end()
        if two > 12 or day_first is False:
            return year, one, two, found.start(), found.end()
        return SWAPPED
    return Unreadable("no date")


def _by_weekday(text: str, year: int, one: int, two: int, told: bool | None) -> bool | None:
    """Whether the day stands first, by the weekday that stands beside it; else as it was told."""
    found = _WEEKDAY.search(text)
    if found is None:
        return told
    wanted = _WEEKDAYS.index(found[1])
    is_first = dt.date(year, two, one).weekday() == wanted
    is_second = dt.date(year, one, two).weekday() == wanted
    return told if is_first == is_second else is_first


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})(?:day|sday|nesday|rsday|urday)?\b")
_LEVANT = {1: "يناير", 12: "ديسمبر", 10: "أكتوبر", 11: "نوفمبر"}
