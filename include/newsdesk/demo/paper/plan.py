"""What a day of the paper has: its stories, when each comes up, what it is about, where it lies.

Everything follows from day and number. A story's subject and place take turns (seven subjects, a
number of places that seven does not divide), so that no two stories of a time are about the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import quote, unquote

from newsdesk.demo.paper.dice import Dice
from newsdesk.demo.paper.prose import WEEKDAYS, Writer, times
from newsdesk.demo.paper.site import (
    ARABIC,
    HOME,
    Desk,
    arabic_digits,
    code,
    desks,
    local,
    locate,
    slug,
    words,
)

Kind = Literal[
    "edited",  # its text changes after some hours
    "moved",  # its date is corrected to the next day
    "withdrawn",  # gone after a day
    "wall",  # hidden behind a consent wall
    "broken",  # its markup is
    "missing",  # listed, but not there
    "undated",  # its feed items bear no date
    "night",  # published when it is tomorrow in the paper's zone
    "document",  # a PDF that feeds link to
    "column",
    "opinion",
    "gallery",
    "video",
    "arabic",
    "news",
]

EVERY_DAY: tuple[Kind, ...] = (
    *("edited", "moved", "withdrawn", "wall", "broken", "missing", "undated", "night"),
    *("document", "column", "opinion", "gallery", "video", "arabic", "arabic", "arabic"),
)
"""The first stories of every day, by number; the others are plain news."""

YEARS = range(1990, 2101)
"""Years that the paper has stories of."""

EDITED_AFTER = dt.timedelta(hours=5)
WITHDRAWN_AFTER = dt.timedelta(hours=26)
MOVED_AT = dt.timedelta(days=1, hours=7)
"""After the midnight (UTC) that its first day began with; the new date is half an hour earlier."""

_HOURS = (0, 2, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15)
_LATE_HOURS = (16, 16, 17, 18, 18, 19, 20, 21, 22, 23)
_OPINIONS = ("opinion/op-ed", "opinion/readers-corner", "opinion/editorial")


@dataclass(frozen=True, slots=True)
class Story:
    """One story, as far as it never changes.

    Attributes:
        day: UTC day on which it was first published.
        number: Its number on that day.
        kind: What is special about it.
        desk: Where it is filed.
        turn: Which subject and place have their turn.
        first_at: When it was first published, UTC.
    """

    day: dt.date
    number: int
    kind: Kind
    desk: Desk
    turn: int
    first_at: dt.datetime

    @property
    def language(self) -> str:
        """``en`` or ``ar``."""
        return "ar" if self.kind == "arabic" else "en"

    def dice(self, about: str) -> Dice:
        """The story's own choices in one matter."""
        return Dice(self.day, self.number, about)

    def change_at(self) -> dt.datetime | None:
        """When it is edited, moved or withdrawn, UTC; ``None`` when it never is."""
        if self.kind == "edited":
            return self.first_at + EDITED_AFTER
        if self.kind == "withdrawn":
            return self.first_at + WITHDRAWN_AFTER
        if self.kind == "moved":
            return _midnight(self.day) + MOVED_AT
        return None

    def changed(self, clock: dt.datetime) -> bool:
        """Whether that has happened by the paper's clock."""
        change = self.change_at()
        return change is not None and clock >= change

    def published_at(self, clock: dt.datetime) -> dt.datetime:
        """The date that it bears by the paper's clock, UTC."""
        if self.kind == "moved" and self.changed(clock):
            return _midnight(self.day) + MOVED_AT - dt.timedelta(minutes=30)
        return self.first_at

    def modified_at(self, clock: dt.datetime) -> dt.datetime:
        """When it was last changed by the paper's clock, UTC."""
        change = self.change_at()
        return change if change is not None and clock >= change else self.first_at

    def listed(self, clock: dt.datetime) -> bool:
        """Whether feeds and sitemaps know it by the paper's clock."""
        return clock >= self.first_at and not (self.kind == "withdrawn" and self.changed(clock))


@lru_cache(maxsize=800)
def stories_of(day: dt.date) -> tuple[Story, ...]:
    """The stories that were first published on a UTC day, by number; none outside ``YEARS``."""
    if day.year not in YEARS:
        return ()
    dice = Dice("day", day)
    weekend = day.weekday() >= 5
    count = dice.between(22, 28) if weekend else dice.between(30, 40)
    turns = [
        (desk, day.toordinal() * desk.weight + slot + 37 * row)  # rows apart: not all in one city
        for row, desk in enumerate(desks().values())
        for slot in range(desk.weight)
    ]
    drawn = iter(dice.draw(turns, count + len(EVERY_DAY)))
    kinds = [*EVERY_DAY, *["news" for _ in range(count)]]
    return tuple(_story(day, number, kind, drawn) for number, kind in enumerate(kinds))  # type: ignore[arg-type]  # "news" is a Kind


def _story(day: dt.date, number: int, kind: Kind, drawn: Iterator[tuple[Desk, int]]) -> Story:
    ordinal = day.toordinal()
    fixed = {
        "column": "opinion/columns",
        "opinion": _OPINIONS[ordinal % len(_OPINIONS)],
        "gallery": "gallery",
        "video": "tv",
    }
    if kind == "arabic":
        desk, turn = arabic_desks()[(3 * ordinal + number) % 5], (3 * ordinal + number) // 5
    elif kind in fixed:
        desk, turn = desks()[fixed[kind]], ordinal + 11 * number
    else:
        desk, turn = next(drawn)
    return Story(day, number, kind, desk, turn, _midnight(day) + _time(day, number, kind))


def _time(day: dt.date, number: int, kind: Kind) -> dt.timedelta:
    dice = Dice("time", day, number)
    hours = {"edited": (5, 6, 7, 8), "moved": (9, 10), "withdrawn": (11, 12), "night": (23,)}
    hour = dice.pick(hours.get(kind, _HOURS + _LATE_HOURS))
    minute = dice.between(30, 45) if kind == "night" else dice.below(60)
    return dt.timedelta(hours=hour, minutes=minute)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


@cache
def arabic_desks() -> tuple[Desk, ...]:
    """The sections of the Arabic edition."""
    return tuple(
        Desk(
            section=section,
            subsection=None,
            title=own["title"],
            section_title=own["title"],
            beat="arabic",
            region="arabic",
            weight=0,
            subjects=tuple(own["subjects"]),
        )
        for section, own in words("arabic")["sections"].items()
    )


# -- what a story is about --------------------------------------------------------------------


@cache
def _places(region: str) -> dict[str, str]:
    """City and country of a region; ``any`` is all of them."""
    if region == "arabic":
        return dict(words("arabic")["places"])
    regions = words("places")
    if region != "any":
        return dict(regions[region])
    return {city: country for cities in regions.values() for city, country in cities.items()}


def cast(story: Story) -> dict[str, str]:
    """Whom and what the sentences of a story speak of: the slots of its templates."""
    dice = story.dice("cast")
    places = _places(story.desk.region)
    cities = list(places)
    place = cities[story.turn % len(cities)]
    subject = story.desk.subjects[story.turn % len(story.desk.subjects)]
    arabic = story.language == "ar"
    people = words("arabic" if arabic else "people")
    first = dice.draw(people["first"], 2)
    last = dice.draw(people["last"], 2)
    beat = people if arabic else words("english")[story.desk.beat]
    body = "" if arabic else dice.pick(beat["bodies"])
    slots = {
        "subject": subject,
        "Subject": subject[0].upper() + subject[1:],
        "place": place,
        "country": places[place],
        "other": dice.pick([city for city in cities if city != place]),
        "speaker": f"{first[0]} {last[0]}",
        "last": last[0],
        "role": dice.pick(beat["roles"]),
        "second": f"{first[1]} {last[1]}",
        "srole": "" if arabic else dice.pick(people["side_roles"]),
        "body": body,
        "body_short": body.removeprefix("the "),
        "body_cap": body.removeprefix("the "),
    }
    slots |= times(local(story.first_at), dice)
    if arabic:
        slots["weekday"] = people["weekdays"][WEEKDAYS.index(slots["weekday"])]
        slots["past"] = arabic_digits(slots["past"])
    return slots


@lru_cache(maxsize=40_000)
def headline(story: Story, *, revised: bool = False) -> str:
    """Its headline; ``revised`` is what an editor made of it later."""
    writer = Writer(story.language, story.desk.beat, cast(story), story.dice("head"))
    first = writer.sentence("head")
    return writer.sentence("head") if revised else first


# -- where it lies ----------------------------------------------------------------------------


def path_of(story: Story) -> str:
    """The path of a story's address, escaped; it keeps the first headline for good."""
    tail = f"{slug(headline(story))}-{code(story.day, story.number)}"
    desk = story.desk
    if story.kind == "document":
        return f"/{desk.path}/{tail}.pdf"
    if story.kind == "column":
        return f"/columns/{slug(columnist(story))}/{tail}"
    if story.kind == "arabic":
        return f"/{ARABIC}/{desk.section}/{quote(tail)}"
    if desk.subsection or story.kind in ("gallery", "video"):
        return f"/{desk.path}/{tail}"
    return f"/{desk.section}/{tail}/news"


def url_of(story: Story) -> str:
    """The recorded address of a story."""
    return HOME + path_of(story)


def columnist(story: Story) -> str:
    """Who writes the column of a day: seven persons take turns."""
    people = words("people")
    number = story.day.toordinal() % 7
    return f"{people['first'][number * 7 + 1]} {people['last'][number * 8 + 2]}"


def find(path: str) -> Story | None:
    """The story that an address means, by the code in it; the rest of the path may be wrong."""
    for part in reversed(unquote(path).removesuffix(".pdf").split("/")):
        found = re.fullmatch(r".*-(\w{7})", part, re.DOTALL)
        place = locate(found[1]) if found else None
        if place is not None:
            stories = stories_of(place[0])
            return stories[place[1]] if place[1] < len(stories) else None
    return None
