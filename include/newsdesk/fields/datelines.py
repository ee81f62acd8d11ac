"""Where a story was filed: "ALMATY", "ISTANBUL, June 3 (Reuters) —", "GAZA/JERUSALEM -"."""

from __future__ import annotations

import re

from newsdesk.article import Dateline
from newsdesk.fields import casing, months
from newsdesk.fields import dateline_words as words
from newsdesk.fields.agencies import agency
from newsdesk.fields.cities import is_city
from newsdesk.fields.scripted_datelines import NO_PLACES, scripted_dateline

_CAPITALS = r"[^\W\d_a-zß-öø-ÿ]"
_PLACE = rf"{_CAPITALS}(?:{_CAPITALS}|[.'’/\- ]|,(?= {_CAPITALS}{{3}})|(?<= )(?:de|la|du|of|del|al|and|und)(?= )){{2,50}}"
_WORD = r"[A-ZÀ-Þ][\w.'’]+(?:-[\w.'’]+){0,3}"
_MIXED = rf"{_WORD}(?:[ /](?:de |es |and )?{_WORD}){{0,3}}"
_PART = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|[.'’-])+"
_REGION = rf"(?:,\s*{_PART}(?:\s(?:(?:of|and|the|de) |d['’])?{_PART}){{0,2}})?"
_DAY = r"(?:,?\s+(?P<{m}>[^\W\d_]{{3,9}})\.?\s+\d{{1,2}}(?:,?\s*\d{{4}})?|,?\s+\d{{1,2}}\.?\s+(?P<{n}>[^\W\d_]{{3,9}})\.?(?:\s+\d{{4}})?\.?)?"
_DASH = r"\.?\s*(?:—|–|--|-(?=\s)|:|⁠—)\s*"
_LEAD = re.compile(
    rf"^(?P<place>{_PLACE}){_REGION}{_DAY.format(m='m1', n='n1')}"
    rf"(?:,?\s*\((?P<agency>[^()]{{2,30}})\))?{_DASH}(?=\S)"
)
_LEAD_MIXED = re.compile(
    rf"^(?P<place>{_MIXED}){_REGION}{_DAY.format(m='m2', n='n2')}"
    rf"\s*\((?P<agency>[^()]{{2,30}})\){_DASH}(?=\S)(?P<code>)"
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

_LEAD_ORDINARY = re.compile(
    rf"^(?P<place>{_MIXED}){_REGION}{_DAY.format(m='m5', n='n5')}\s*(?:—|–|--|-(?=\s)|:|\|)\s*(?=[\"“„«‘]?[A-ZÀ-Þ])"
)
"""Dubai: The …, and Kathmandu, Nov 3: The …"""

_LEAD_UNDASHED = re.compile(
    rf"^(?P<place>{_PLACE}|{_MIXED}){_REGION}{_DAY.format(m='m6', n='n6')}"
    rf"(?:\s*\((?P<agency>[^()]{{2,30}})\)\s+(?=[\"“‘]?[A-ZÀ-Þ])|,\s*(?P<code>[A-Z]{{2,5}}){_DASH}(?=\S))"
)
"""NEW DELHI, Nov 3 (PTI) The …, and ACCRA, Nov 3, GNA - The …"""

_LEAD_BARRED = re.compile(
    rf"^(?P<place>{_PLACE}|{_MIXED})(?:{_REGION}\s\|\s(?P<code>[A-Z]{{2,5}})|\s(?:\|\s)?\(?(?P<agency>[a-z]{{2,5}})\)?)"
    r"\s+[|–—-]\s+(?=\S)"
)
"""BERLIN dpa | Die …, and Kampala, Uganda | AFP | The …"""

_LEAD_OF_SITE = re.compile(
    rf"^[\w.]+\.(?i:com|co|id),\s(?P<place>{_MIXED})\s*(?:—|–|--|-(?=\s))\s*(?=\S)"
)
"""PAPER.CO, Jakarta - The …"""

_AND = re.compile(r"\s(?:and|und)\s")
_JOINED = re.compile(rf"/|{_AND.pattern}")
_STATION = re.compile(r"[KW][A-Z]{3}(?:-TV)?(?:/[A-Z]{2,5})?")
_CODE = re.compile(r"[A-Z]{2,6}(?:/[A-Z]{2,6})?")
_DATE = r"(?=(?:\d{1,2}[ ./-]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d))"
"""Where a date begins; a pattern."""

_CITY_BEFORE_DATE = re.compile(rf"^(?P<place>{_MIXED})\s*[,|•·–—-]\s*{_DATE}")
_ARABIC_BEFORE_DATE = re.compile(
    r"(?P<place>[\u0620-\u0652]+(?: [\u0620-\u0652]+){0,2})\s*[،,|–-]?\s*(?=[\d٠-٩]{1,2}\s)"
)
_ALONE = re.compile(rf"^(?P<place>{_PLACE}){_REGION}\W*$")
_LABELLED = re.compile(r"(?P<place>[A-ZÀ-Þ][\w.'’/ -]{1,40}?)\W{0,5}$")
_ADDRESS = re.compile(r"\w{3}\.\w{2}")
_BEFORE_DATE = re.compile(rf"^(?P<place>{_PLACE}?){_REGION}[\s,|•·–—-]+{_DATE}")
_SMALL = frozenset(["de", "la", "du", "of", "del", "al", "and", "und"])


def dateline_of(text: str) -> Dateline | None:
    """The dateline that a first paragraph begins with, with the agency in its brackets.

    The paragraph is left as it is. A place in ordinary case counts with an agency or a day, or
    when it is a city of the list; one in a script without cases only with an agency.

    >>> dateline_of("ISTANBUL, June 3 (Reuters) — The ferries sailed again.")
    Dateline(place='Istanbul', raw='ISTANBUL', agency='Reuters')
    >>> dateline_of("NATO — the alliance — met.")
    """
    head = " ".join(text[:160].split())
    if scripted := scripted_dateline(head):
        return Dateline(_ordinary(scripted[0]), *scripted)
    return _in_capitals(head) or _in_ordinary_case(head)


def _in_capitals(head: str) -> Dateline | None:
    """The dateline in capitals before a dash, with its agency or a code that is none of the list."""
    found = _LEAD_SLASHED.match(head) or _LEAD.match(head) or _LEAD_BEHIND.match(head)
    if found is None or not _dated(found) or not _is_capitals(found["place"]):
        return None
    if _AND.search(found["place"]) and not _begins_with_city(found["place"]):
        return None  # BLACK and WHITE
    told = found["agency"]
    name = _wire(told) if told else None
    if told and name is None:
        says_more = found.start("agency") - found.end("place") > len(" (")
        is_code = says_more and (_CODE.fullmatch(told) or (told.isupper() and any(_days(found))))
        is_citys = found.re is _LEAD and _begins_with_city(found["place"])
        if not (_STATION.fullmatch(told) or is_code or is_citys):
            return None
    place, _, last = found["place"].rpartition(", ")
    if place and (wire := agency(last)):  # SYDNEY, AAP -
        return _dateline(place, wire)
    return _dateline(found["place"], name)


def _in_ordinary_case(head: str) -> Dateline | None:
    """The dateline that its agency, its day or the list of cities tells from other words."""
    for form in (_LEAD_MIXED, _LEAD_UNDASHED):
        if (found := form.match(head)) and _dated(found):
            name = _wire(found["agency"] or found["code"])
            is_told = form is _LEAD_MIXED or any(_days(found))
            if name and is_told:
                return _dateline(found["place"], name)
    if found := _LEAD_BARRED.match(head):
        name = _wire(found["agency"] or found["code"])
        is_place = _begins_with_city(found["place"]) or " " not in found["place"]
        if (name and is_place) or (_is_capitals(found["place"]) and "|" in found[0]):
            return _dateline(found["place"], name)
    if found := _LEAD_OF_SITE.match(head):
        return _dateline(found["place"])
    found = _LEAD_ORDINARY.match(head)
    if found and _dated(found):
        is_dated = any(_days(found)) and " " not in found["place"]
        return _dateline(found["place"]) if is_dated or _begins_with_city(found["place"]) else None
    return None


def dateline_before_date(text: str) -> Dateline | None:
    """The dateline that stands before a date, in the line that dates a story.

    It is in capitals, or a city of the list.

    >>> dateline_before_date("ALMATY Jan 13, 2022 - 1:52 pm GMT+3")
    Dateline(place='Almaty', raw='ALMATY', agency=None)
    >>> dateline_before_date("Published Jan 13, 2022")
    """
    head = " ".join(text[:160].split())
    city = _CITY_BEFORE_DATE.match(head) or _ARABIC_BEFORE_DATE.match(head)
    if city and is_city(city["place"]):
        return Dateline(city["place"], city["place"])
    found = _BEFORE_DATE.match(head)
    return _dateline(found["place"]) if found and found["place"].isupper() else None


def read_dateline(text: str) -> Dateline | None:
    """The dateline that stands alone in an element of its own, in capitals or a city of the list.

    A script without capitals has one only with its agency: any short line, a byline say, would be one.

    >>> read_dateline("ALMATY")
    Dateline(place='Almaty', raw='ALMATY', agency=None)
    >>> read_dateline("بقلم سامي النجار")
    """
    line = " ".join(text.split())
    if scripted := scripted_dateline(line):
        return Dateline(_ordinary(scripted[0]), *scripted)
    if is_city(line):
        return Dateline(line, line)
    found = _ALONE.match(line)
    if found is None or not found["place"].isupper():
        return None
    if not words.SECTIONS.isdisjoint(re.findall(r"[^\W\d_]+", line.lower())):
        return None
    return _dateline(found["place"])


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


def _days(found: re.Match[str]) -> list[str]:
    """The words that stand where a month does."""
    return [v for k, v in found.groupdict().items() if k[0] in "mn" and v]


def _dated(found: re.Match[str]) -> bool:
    return all(word.lower().rstrip(".") in months.names() for word in _days(found))


def _begins_with_city(place: str) -> bool:
    """Whether a place is a city of the list, or several, the first of them of the list."""
    return is_city(_ordinary(_JOINED.split(place)[0].strip()))


def _dateline(printed: str, named: str | None = None) -> Dateline | None:
    raw = printed.strip(" ,.-/'’")
    if (
        len(raw) < 3
        or raw.lower() in words.LABELS
        or raw in NO_PLACES
        or any(map(agency, raw.split("/")))
    ):
        return None
    if not words.WORDS.isdisjoint(re.findall(r"[^\W\d_]+", casing.lower(raw, turkish=False))):
        return None
    if len(raw.split()) > 5 or _ADDRESS.search(raw):  # PAPER.COM
        return None
    return Dateline(place=_ordinary(raw), raw=raw, agency=named)


def _ordinary(raw: str) -> str:
    """A place as an atlas writes it.

    >>> _ordinary("GAZA/NEW DELHI"), _ordinary("ST. PETERSBURG"), _ordinary("ROME and RIO DE JANEIRO")
    ('Gaza/New Delhi', 'St. Petersburg', 'Rome and Rio de Janeiro')
    """
    if not _is_capitals(raw):
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
