"""Where a story was filed: "ALMATY", "ISTANBUL, June 3 (Reuters) —", "GAZA/JERUSALEM -"."""

from __future__ import annotations

import re

from newsdesk.article import Dateline
from newsdesk.fields import casing, months
from newsdesk.fields.agencies import agency
from newsdesk.fields.scripted_datelines import NO_PLACES, scripted_dateline

_CAPITALS = r"[^\W\d_a-zß-öø-ÿ]"
_PLACE = rf"{_CAPITALS}(?:{_CAPITALS}|[.'’/\- ]|,(?= {_CAPITALS}{{3}})|(?<= )(?:de|la|du|of|del|al)(?= )){{2,50}}"
_MIXED = r"[A-ZÀ-Þ][\w.'’-]+(?:[ /-][A-ZÀ-Þ][\w.'’-]+){0,3}"
_PART = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|[.'’-])+"
_REGION = rf"(?:,\s*{_PART}(?:\s(?:(?:of|and|the|de) |d['’])?{_PART}){{0,2}})?"
_DAY = r"(?:,?\s+(?P<{m}>[^\W\d_]{{3,9}})\.?\s+\d{{1,2}}(?:,?\s*\d{{4}})?|,?\s+\d{{1,2}}\.?\s+(?P<{n}>[^\W\d_]{{3,9}})\.?(?:\s+\d{{4}})?\.?)?"
_DASH = r"\.?\s*(?:—|–|--|-(?=\s)|:|⁠—)\s*"
_LEAD = re.compile(
    rf"^(?P<place>{_PLACE}){_REGION}{_DAY.format(m='m1', n='n1')}"
    rf"(?:\s*\((?P<agency>[^()]{{2,30}})\))?{_DASH}(?=\S)"
)
_LEAD_MIXED = re.compile(
    rf"^(?P<place>{_MIXED}){_REGION}{_DAY.format(m='m2', n='n2')}"
    rf"\s*\((?P<agency>[^()]{{2,30}})\){_DASH}(?=\S)"
)
_LEAD_BEHIND = re.compile(
    rf"^\((?P<agency>[^()]{{2,30}})\)\s*[-–—]\s*(?P<place>{_PLACE}){_REGION}{_DAY.format(m='m4', n='n4')}"
    rf"{_DASH}(?=\S)"
)
"""(ANSA) - ROMA, 3 NOV -"""

_LEAD_SLASHED = re.compile(
    rf"^(?P<place>{_PLACE}){_REGION}{_DAY.format(m='m3', n='n3')}"
    rf"[.,]?\s*/(?P<agency>[^/]{{2,30}})/\s*[.:—–-]?\s*(?=\S)"
)
"""MOSCOW, June 3. /TASS/."""

_ALONE = re.compile(rf"^(?P<place>{_PLACE}){_REGION}\W*$")
_LABELLED = re.compile(r"(?P<place>[A-ZÀ-Þ][\w.'’/ -]{1,40}?)\W{0,5}$")
_ADDRESS = re.compile(r"\w{3}\.\w{2}")
_BEFORE_DATE = re.compile(
    rf"^(?P<place>{_PLACE}?){_REGION}[\s,|•·–—-]+"
    r"(?=(?:\d{1,2}[ ./-]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d))"
)
_NO_PLACES = frozenset(
    [
        *("nato", "opec", "uefa", "fifa", "unesco", "unicef", "breaking", "update", "exclusive"),
        *("opinion", "analysis", "watch", "video", "photos", "photo", "live", "editorial", "news"),
        *("column", "review", "interview", "explainer", "note", "warning", "correction", "poll"),
        *("advertisement", "related", "question", "answer", "read more", "editor's note", "fact"),
        *("breaking news", "world", "politics", "sports", "business", "home", "updated", "faq"),
        *("related topics", "topics", "keywords", "tags", "photogallery", "photo gallery"),
        *("covid", "covid-19", "the", "local", "gallery", "podcast", "listen", "quiz", "recipe"),
    ]
)
_NO_WORDS = frozenset(
    [
        *("share", "subscribe", "trending", "facebook", "twitter", "whatsapp", "login", "log"),
        *("sign", "listen", "premium", "sport", "news", "updated", "posted", "published"),
        *("photo", "photos", "lifestyle", "economy", "politics", "business", "opinion"),
        *("culture", "by", "with", "story", "newsletter", "kommentar", "gündem"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("pazartesi", "salı", "sali", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar"),
        *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ]
)
"""Words of labels and weekdays: a line of capitals that has one is no place."""

_SMALL = frozenset(["de", "la", "du", "of", "del", "al", "and"])


def dateline_of(text: str) -> Dateline | None:
    """The dateline that a first paragraph begins with, with the agency in its brackets.

    The paragraph is left as it is. A place in ordinary case, or in a script without cases,
    counts only with an agency.

    >>> dateline_of("ISTANBUL, June 3 (Reuters) — The ferries sailed again.")
    Dateline(place='Istanbul', raw='ISTANBUL', agency='Reuters')
    >>> dateline_of("NATO — the alliance — met.")
    """
    head = " ".join(text[:160].split())
    if scripted := scripted_dateline(head):
        return Dateline(_ordinary(scripted[0]), *scripted)
    found = _LEAD_SLASHED.match(head) or _LEAD.match(head) or _LEAD_BEHIND.match(head)
    name = _wire(found["agency"]) if found and found["agency"] else None
    if found and found["agency"] and name is None:
        found = None
    if found is None:
        found = _LEAD_MIXED.match(head)
        name = _wire(found["agency"]) if found else None
        if found is None or name is None:
            return None
    if not _dated(found) or not (found.re is _LEAD_MIXED or _is_capitals(found["place"])):
        return None
    return _dateline(found["place"], name)


def dateline_before_date(text: str) -> Dateline | None:
    """The dateline that stands in capitals before a date, in the line that dates a story.

    >>> dateline_before_date("ALMATY Jan 13, 2022 - 1:52 pm GMT+3")
    Dateline(place='Almaty', raw='ALMATY', agency=None)
    >>> dateline_before_date("Published Jan 13, 2022")
    """
    found = _BEFORE_DATE.match(" ".join(text[:160].split()))
    return _dateline(found["place"]) if found and found["place"].isupper() else None


def read_dateline(text: str) -> Dateline | None:
    """The dateline that stands alone in an element of its own, in capitals.

    A script without capitals has one only with its agency: any short line, a byline say, would be one.

    >>> read_dateline("ALMATY")
    Dateline(place='Almaty', raw='ALMATY', agency=None)
    >>> read_dateline("بقلم سامي النجار")
    """
    line = " ".join(text.split())
    if scripted := scripted_dateline(line):
        return Dateline(_ordinary(scripted[0]), *scripted)
    found = _ALONE.match(line)
    return _dateline(found["place"]) if found and found["place"].isupper() else None


def labelled_dateline(text: str) -> Dateline | None:
    """The dateline in an element that is called one, in capitals or not.

    >>> labelled_dateline("Berlin."), labelled_dateline("last updated")
    (Dateline(place='Berlin', raw='Berlin', agency=None), None)
    >>> labelled_dateline("Posted by a reader")
    """
    found = _LABELLED.match(" ".join(text.split()))
    if found is None or any(w.islower() and w not in _SMALL for w in found["place"].split()):
        return None
    return _dateline(found["place"])


def _wire(printed: str) -> str | None:
    """The agency in a dateline's brackets, with its regional service or without: dpa/lby."""
    return agency(printed, alone=True) or agency(printed.partition("/")[0], alone=True)


def _is_capitals(place: str) -> bool:
    """Whether every word is in capitals, but for the small words inside of names of places."""
    return all(word.isupper() or word in _SMALL for word in re.findall(r"[^\W\d_]+", place))


def _dated(found: re.Match[str]) -> bool:
    words = [v for k, v in found.groupdict().items() if k[0] in "mn" and v]
    return all(word.lower().rstrip(".") in months.names() for word in words)


def _dateline(printed: str, named: str | None = None) -> Dateline | None:
    raw = printed.strip(" ,.-/'’")
    if (
        len(raw) < 3
        or raw.lower() in _NO_PLACES
        or raw in NO_PLACES
        or any(map(agency, raw.split("/")))
    ):
        return None
    if not _NO_WORDS.isdisjoint(re.findall(r"[^\W\d_]+", casing.lower(raw, turkish=False))):
        return None
    if len(raw.split()) > 5 or _ADDRESS.search(raw):  # PAPER.COM
        return None
    return Dateline(place=_ordinary(raw), raw=raw, agency=named)


def _ordinary(raw: str) -> str:
    """A place as an atlas writes it.

    >>> _ordinary("GAZA/NEW DELHI"), _ordinary("ST. PETERSBURG"), _ordinary("RIO DE JANEIRO")
    ('Gaza/New Delhi', 'St. Petersburg', 'Rio de Janeiro')
    """
    if not raw.isupper():
        return raw

    turkish = casing.is_turkish(raw)

    def word(match: re.Match[str]) -> str:
        text = match[0]
        if match.start() and text.lower() in _SMALL:
            return text.lower()
        if re.fullmatch(r"(?:[A-Z]\.)+[A-Z]?", text):  # D.C.
            return text
        return text[0] + casing.lower(text[1:], turkish=turkish)

    return re.sub(r"[^\W\d_](?:[^\W\d_]|\.(?=[A-Z]\b)|['’](?=\w))*\.?", word, raw)
