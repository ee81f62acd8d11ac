"""Sentences from templates: ``[a|b]`` is a choice, ``{x}`` a slot of the story or a rolled number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from newsdesk.demo.paper.dice import Dice
from newsdesk.demo.paper.site import arabic_digits, words

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_SMALL = ("three", "four", "five", "six", "seven", "eight", "nine")
_NTH = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AP_MONTHS = (
    *("Jan.", "Feb.", "March", "April", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)

Rolls = Mapping[str, Callable[[Dice], str]]
"""Slots that get a new value wherever they stand."""

ENGLISH: Rolls = {
    "few": lambda dice: dice.pick(_SMALL),
    "nth": lambda dice: dice.pick(_NTH),
    "tens": lambda dice: str(dice.between(12, 96)),
    "hundreds": lambda dice: str(dice.between(110, 980)),
    "thousands": lambda dice: f"{dice.between(1_050, 68_900):,}",
    "millions": lambda dice: f"{dice.between(11, 940) / 10:.1f}",
    "pct": lambda dice: str(dice.between(2, 78)),
    "hour": lambda dice: str(dice.between(3, 9)),
    "decade": lambda dice: str(dice.between(2, 9) * 10),
    "century": lambda dice: str(dice.between(13, 18)),
    "month": lambda dice: dice.pick(MONTHS),
    "role_plain": lambda dice: dice.pick(words("people")["plain_roles"]),
}
ARABIC: Rolls = {
    "tens": lambda dice: arabic_digits(str(dice.between(12, 96))),
    "hundreds": lambda dice: arabic_digits(str(dice.between(111, 980))),
    "millions": lambda dice: arabic_digits(f"{dice.between(11, 940) / 10:.1f}"),
    "pct": lambda dice: arabic_digits(str(dice.between(12, 78))),
    "month": lambda dice: dice.pick(words("arabic")["months"]),
}


@cache
def lines(language: str, beat: str, kind: str) -> tuple[str, ...]:
    """The templates of one kind: a beat's own and the common ones."""
    if language == "ar":
        return tuple(words("arabic")["text"].get(kind, "").split("\n")[:-1])
    vocabulary = words("english")
    own = vocabulary[beat].get(kind, "")
    # opinions and captions of galleries are written by one person: the news desk's phrases are
    # not theirs
    common = "" if beat in ("opinion", "gallery") and own else vocabulary["common"].get(kind, "")
    return tuple(line for line in f"{own}{common}".split("\n") if line)


def write(template: str, slots: Mapping[str, str], dice: Dice, rolls: Rolls) -> str:
    """One sentence from one template; its first letter is a capital.

    >>> write("[we|you] saw {place}", {"place": "Rize"}, Dice(1), {}) in ("We saw Rize", "You saw Rize")
    True
    """

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        return rolls[name](dice) if name in rolls else slots[name]

    text = _CHOICE.sub(lambda found: dice.pick(found[1].split("|")), template)
    text = re.sub(r"\s+", " ", _SLOT.sub(fill, text)).strip()
    at = 1 if text[:1] == '"' else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def times(instant: dt.datetime, dice: Dice) -> dict[str, str]:
    """The slots that speak of time, for an English story of that local time."""
    return {
        "weekday": WEEKDAYS[instant.weekday()],
        "year": str(instant.year),
        "lastyear": str(instant.year - 1),
        "nextyear": str(instant.year + 1),
        "past": str(instant.year - dice.between(4, 14)),
        "ap_date": f"{_AP_MONTHS[instant.month - 1]} {instant.day}, {instant.year}",
    }


class Writer:
    """Writes the sentences of one story and uses no template twice.

    Args:
        language: ``en`` or ``ar``.
        beat: Which templates it draws from.
        slots: What the story is about.
        dice: Its choices.
    """

    def __init__(self, language: str, beat: str, slots: Mapping[str, str], dice: Dice) -> None:
        self._language = language
        self._beat = beat
        self._slots = slots
        self._dice = dice
        self._rolls = ARABIC if language == "ar" else ENGLISH
        self._left: dict[str, list[str]] = {}

    def sentence(self, kind: str) -> str:
        """One sentence of a kind; of a kind that is used up, a fact, and in the end nothing."""
        for wanted in (kind, "fact", "back", "quote"):
            left = self._left.get(wanted)
            if left is None:
                left = self._left[wanted] = list(lines(self._language, self._beat, wanted))
            if left:
                template = left.pop(self._dice.below(len(left)))
                return write(template, self._slots, self._dice, self._rolls)
        return ""

    def paragraph(self, kinds: Sequence[str]) -> str:
        """Some sentences in a row."""
        return " ".join(text for kind in kinds if (text := self.sentence(kind)))
