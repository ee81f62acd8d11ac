"""The paper's name, its section tree, its addresses and its time.

An address ends in seven characters that hold day and number of the story, so that the server
finds the one story meant without looking at any other. Addresses are unique for all time.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TITLE = "Bosphorus Ledger"
OWNER = "Bosphorus Ledger Publishing House"
DOMAIN = "bosphorusledger.example"
HOME = f"https://www.{DOMAIN}"
"""Recorded home, without a trailing slash. Every link that the paper prints starts here."""

IMAGES = f"https://img.{DOMAIN}/ly/uploads/images"
ZONE = ZoneInfo("Europe/Istanbul")
FIRST_MONTH = (2012, 3)
"""The archive's index starts here; days before it exist too, for those who ask."""

ARABIC = "arabic"
"""First segment of the Arabic edition's addresses."""

_WORDS = Path(__file__).parent / "words"
_SYMBOLS = "0123456789bcdfghjklmnpqrstvwxz"  # no vowels: no word comes out by chance
_CODE_LENGTH = 7
_SPACE = len(_SYMBOLS) ** _CODE_LENGTH
_STEP = 7_919_190_001  # has no factor in common with the space, so codes are a permutation
_UNSTEP = pow(_STEP, -1, _SPACE)
_PER_DAY = 128


@cache
def words(name: str) -> dict[str, Any]:
    """One of the paper's lists of words, by file name."""
    return tomllib.loads((_WORDS / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Desk:
    """A section or subsection: where stories are filed.

    Attributes:
        section: First path segment.
        subsection: Second one; ``None`` for the section itself.
        title: Display name.
        section_title: Display name of the section it belongs to.
        beat: Which words it writes with.
        region: Where its stories happen.
        weight: How often it gets a story.
        subjects: What its stories are about.
    """

    section: str
    subsection: str | None
    title: str
    section_title: str
    beat: str
    region: str
    weight: int
    subjects: tuple[str, ...]

    @property
    def path(self) -> str:
        """``world`` or ``world/asia-pacific``."""
        return f"{self.section}/{self.subsection}" if self.subsection else self.section


@cache
def desks() -> dict[str, Desk]:
    """Every section and subsection by path, in the order of the menus."""
    found: dict[str, Desk] = {}
    for section, about in words("sections").items():
        for subsection, own in [(None, about), *about.get("sub", {}).items()]:
            desk = Desk(
                section=section,
                subsection=subsection,
                title=own["title"],
                section_title=about["title"],
                beat=about["beat"],
                region=own.get("region", about["region"]),
                weight=own["weight"],
                subjects=tuple(own["subjects"]),
            )
            found[desk.path] = desk
    return found


def sections() -> dict[str, list[Desk]]:
    """Every section's desks, itself first."""
    tree: dict[str, list[Desk]] = {}
    for desk in desks().values():
        tree.setdefault(desk.section, []).append(desk)
    return tree


def code(day: dt.date, number: int) -> str:
    """The end of an address: day and number of a story, made to look like an identifier.

    >>> locate(code(dt.date(2022, 1, 13), 5)) == (dt.date(2022, 1, 13), 5)
    True
    """
    value = (day.toordinal() * _PER_DAY + number) * _STEP % _SPACE
    symbols = ""
    for _ in range(_CODE_LENGTH):
        value, rest = divmod(value, len(_SYMBOLS))
        symbols += _SYMBOLS[rest]
    return symbols


def locate(text: str) -> tuple[dt.date, int] | None:
    """Day and number that ``code`` stands for; ``None`` when it is no code."""
    if len(text) != _CODE_LENGTH or not set(text) <= set(_SYMBOLS):
        return None
    value = 0
    for symbol in reversed(text):
        value = value * len(_SYMBOLS) + _SYMBOLS.index(symbol)
    ordinal, number = divmod(value * _UNSTEP % _SPACE, _PER_DAY)
    if not 1 <= ordinal <= dt.date.max.toordinal():
        return None
    return dt.date.fromordinal(ordinal), number


def slug(headline: str) -> str:
    """A headline as part of an address: lower case, words joined by hyphens.

    >>> slug("Türkiye's ferry pier: what's next?")
    'turkiyes-ferry-pier-whats-next'
    """
    plain = headline.translate(str.maketrans("üöçşğıİÜÖÇŞĞâéãñ", "uocsgiiuocsgaean")).lower()
    return re.sub(r"[\W_]+", "-", re.sub("['’%]", "", plain)).strip("-")


def local(instant: dt.datetime) -> dt.datetime:
    """An instant in the paper's zone."""
    return instant.astimezone(ZONE)


def offset_name(instant: dt.datetime) -> str:
    """The offset as the paper prints it: ``GMT+3``."""
    seconds = (local(instant).utcoffset() or dt.timedelta()).total_seconds()
    return f"GMT{seconds / 3600:+.0f}"


def written_date(instant: dt.datetime, *, comma: bool = True) -> str:
    """``Jan 13, 2022 - 1:52 pm``, or without the dash."""
    at = local(instant)
    dash = " - " if comma else " "
    half = "am" if at.hour < 12 else "pm"
    return f"{at:%b} {at.day}, {at.year}{dash}{at.hour % 12 or 12}:{at:%M} {half}"


def arabic_digits(text: str) -> str:
    """The same text with the digits of Arabic."""
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
