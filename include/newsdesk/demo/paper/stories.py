"""How a story reads at a moment of the paper's clock: what its page says, and so the truth.

``tell`` gives every field that a reader of the page must find; ``truth`` all that a day has. The
pages are printed from the same ``Telling``, so the two cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from newsdesk.article import ArticleType, Contributor, Dateline, LeadImage
from newsdesk.demo.paper.dice import Dice
from newsdesk.demo.paper.plan import (
    Kind,
    Story,
    cast,
    columnist,
    find,
    headline,
    path_of,
    stories_of,
    url_of,
)
from newsdesk.demo.paper.prose import Writer
from newsdesk.demo.paper.site import IMAGES, TITLE, desks, local, slug, words

__all__ = [
    "Kind",
    "Story",
    "Telling",
    "find",
    "path_of",
    "stories_of",
    "tell",
    "truth",
    "url_of",
]

Metadata = Literal["json_ld", "open_graph", "none"]

UNREADABLE: tuple[Kind, ...] = ("wall", "missing", "document")
"""Kinds of which no page can be read."""

_TYPES: dict[Kind, ArticleType] = {
    "column": "opinion",
    "opinion": "opinion",
    "gallery": "gallery",
    "video": "video",
}
_AGENCIES = {
    "reuters": "Reuters",
    "afp": "Agence France-Presse",
    "AP": "Associated Press",
    "Anadolu Agency": "Anadolu Agency",
    "dpa": "dpa",
    "agencies": "Agencies",
}
_PARTNERS = {"AA": "Anadolu Agency", "Agencies": "Agencies", "Reuters": "Reuters"}
_ARABIC_AGENCIES = {
    "رويترز": "Reuters",
    "الأناضول": "Anadolu Agency",
    "فرانس برس": "Agence France-Presse",
}
_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("fact", "fact", "fact"),
    ("quote", "fact"),
    ("back", "fact"),
    ("second",),
    ("fact", "quote", "fact"),
    ("back", "quote"),
    ("fact", "fact", "second"),
    ("quote", "fact"),
    ("fact", "back", "fact"),
)

_ARABIC_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("fact", "quote"),
    ("fact", "back"),
    ("fact", "quote"),
    ("fact", "back"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a story's page says at a moment.

    Attributes:
        story: The story.
        metadata: How much its page says beside what can be seen.
        language: ``en`` or ``ar``.
        section: Display name, as in the source file.
        subsection: Display name; ``None`` for a story of the section itself.
        article_type: What it is.
        headline: Without the paper's name.
        summary: What metadata give as description; ``None`` on pages without them.
        bylines: Contributors in the order of the page.
        byline_raw: As printed.
        dateline: The place in capitals; ``None`` when none is printed.
        published_at: UTC.
        modified_at: UTC; ``None`` on pages that do not say it.
        paragraphs: Of the body; of a gallery its captions.
        image: Its picture, by the canonical address.
        topics: As printed.
        keywords: As printed.
    """

    story: Story
    metadata: Metadata
    language: str
    section: str
    subsection: str | None
    article_type: ArticleType
    headline: str
    summary: str | None
    bylines: tuple[Contributor, ...]
    byline_raw: str
    dateline: Dateline | None
    published_at: dt.datetime
    modified_at: dt.datetime | None
    paragraphs: tuple[str, ...]
    image: LeadImage | None
    topics: tuple[str, ...]
    keywords: tuple[str, ...]


def tell(story: Story, clock: dt.datetime) -> Telling:
    """A story as it stands by the paper's clock (a later one than ``first_at``), aware."""
    told = _told(story)
    if story.kind == "moved":
        told = replace(told, published_at=story.published_at(clock))
    if story.kind == "edited" and story.changed(clock):
        paragraphs = (told.paragraphs[0], _update(story), *told.paragraphs[1:])
        told = replace(told, headline=headline(story, revised=True), paragraphs=paragraphs)
    if told.metadata != "none":
        told = replace(told, modified_at=story.modified_at(clock))
    return told


def truth(day: dt.date, clock: dt.datetime) -> tuple[Telling, ...]:
    """What newsdesk must publish for a UTC day when it reads the paper at a moment.

    Stories whose page can be read and whose date, by the paper's clock, lies in the day; by time.
    """
    about = [*stories_of(day - dt.timedelta(days=1)), *stories_of(day)]
    told = [
        tell(story, clock)
        for story in about
        if story.listed(clock) and story.kind not in UNREADABLE
    ]
    of_day = [t for t in told if t.published_at.date() == day]
    return tuple(sorted(of_day, key=lambda t: (t.published_at, t.story.number)))


# -- the parts --------------------------------------------------------------------------------


@lru_cache(maxsize=4_000)
def _told(story: Story) -> Telling:
    """A story as first published."""
    arabic = story.language == "ar"
    metadata = _metadata(story)
    home = desks()[story.desk.path]  # the Arabic edition is filed under the same names
    raw, bylines = _byline(story)
    paragraphs = _paragraphs(story)
    image = _image(story)
    people = words("arabic" if arabic else "people")
    dice = story.dice("labels")
    return Telling(
        story=story,
        metadata=metadata,
        language=story.language,
        section=home.section_title,
        subsection=home.title if home.subsection else None,
        article_type=_TYPES.get(story.kind, "news"),
        headline=headline(story),
        summary=None if metadata == "none" else _summary(paragraphs[0]),
        bylines=bylines,
        byline_raw=raw,
        dateline=_dateline(story),
        published_at=story.first_at,
        modified_at=None,
        paragraphs=paragraphs,
        image=image,
        topics=tuple(dice.draw(people["topics"], dice.between(2, 3))),
        keywords=_keywords(story, dice),
    )


def _metadata(story: Story) -> Metadata:
    if story.kind == "broken":
        return "none"  # its JSON-LD is cut off
    kinds: tuple[Metadata, ...] = ("none", "json_ld", "open_graph")
    return kinds[(story.number + story.day.toordinal()) % 3]


def _writer(story: Story, about: str) -> Writer:
    return Writer(story.language, story.desk.beat, cast(story), story.dice(about))


def _paragraphs(story: Story) -> tuple[str, ...]:
    writer = _writer(story, "body")
    dice = story.dice("shape")
    if story.kind == "gallery":
        return tuple(writer.sentence("shot") for _ in range(dice.between(6, 10)))
    if story.kind == "video":
        return (writer.paragraph(["lead", "fact"]), writer.paragraph(["quote", "close"]))
    if story.language == "ar":
        blocks = _ARABIC_BLOCKS[: dice.between(2, 4)]
    else:
        blocks = _BLOCKS[: dice.between(5, 9)]
    written = [writer.paragraph(kinds) for kinds in (["lead"], *blocks, ["close"])]
    return tuple(paragraph for paragraph in written if paragraph)


def _update(story: Story) -> str:
    return _writer(story, "update").paragraph(["update", "quote"])


def _summary(paragraph: str) -> str:
    """The first paragraph, cut at a word as the paper's own software does."""
    if len(paragraph) <= 160:
        return paragraph
    return paragraph[:157].rsplit(" ", 1)[0].rstrip(",.;: ") + "..."


def _dateline(story: Story) -> Dateline | None:
    if story.language == "ar" or story.desk.beat in ("opinion", "gallery"):
        return None
    place = cast(story)["place"]
    return Dateline(place=place, raw=place.upper())


def _image(story: Story) -> LeadImage | None:
    if story.desk.beat == "opinion":
        return None
    at = local(story.first_at)
    dice = story.dice("picture")
    url = f"{IMAGES}/{at:%Y/%m/%d}/{dice.between(100_000, 999_999)}{story.number:03d}.jpg"
    if story.kind == "video":
        return LeadImage(url)
    if story.kind == "gallery":
        return LeadImage(url, _paragraphs(story)[0], None)
    people = words("arabic" if story.language == "ar" else "people")
    caption = _writer(story, "caption").sentence("caption")
    return LeadImage(url, caption, dice.pick(people["credits"]))


def _keywords(story: Story, dice: Dice) -> tuple[str, ...]:
    slots = cast(story)
    if story.language == "ar":
        common = dice.draw(words("arabic")["keywords"], 2)
        return tuple(dict.fromkeys([slots["country"], slots["place"], *common]))
    common = dice.draw(words("english")[story.desk.beat]["keywords"], dice.between(2, 3))
    found = [slots["country"].lower(), *common, slots["speaker"].lower()]
    return tuple(dict.fromkeys(found))


def _byline(story: Story) -> tuple[str, tuple[Contributor, ...]]:
    """The byline as printed, and whom it names."""
    dice = story.dice("byline")
    if story.language == "ar":
        people = words("arabic")
        if dice.chance(50):
            printed = dice.pick(list(_ARABIC_AGENCIES))
            return printed, (Contributor(_ARABIC_AGENCIES[printed], "agency"),)
        name = f"{dice.pick(people['writers'])} {dice.pick(people['last'])}"
        return f"بقلم {name}", (Contributor(name, "person"),)
    if story.kind == "column":
        return f"by {columnist(story)}", (Contributor(columnist(story), "person"),)
    if story.desk.subsection == "editorial":
        return f"by {TITLE}", (Contributor(TITLE, "outlet"),)
    if story.desk.beat == "opinion":
        return _persons(dice, 1)
    if story.number % 6 in (0, 3):  # every day has Reuters, the partner and persons
        printed = "reuters" if story.number % 12 == 0 else dice.pick(list(_AGENCIES))
        return f"by {printed}", (Contributor(_AGENCIES[printed], "agency"),)
    if story.number % 6 in (1, 4):
        partner = "AA" if story.number % 12 == 1 else dice.pick(list(_PARTNERS))
        with_partner = Contributor(_PARTNERS[partner], "agency", "with")
        return f"by {TITLE} with {partner}", (Contributor(TITLE, "outlet"), with_partner)
    if story.number % 12 == 5:
        return f"by {TITLE}", (Contributor(TITLE, "outlet"),)
    return _persons(dice, 2 if dice.chance(15) else 1)


def _persons(dice: Dice, count: int) -> tuple[str, tuple[Contributor, ...]]:
    people = words("people")
    first, last = dice.draw(people["first"], count), dice.draw(people["last"], count)
    names = [f"{one} {other}" for one, other in zip(first, last, strict=True)]
    return f"by {' and '.join(names)}", tuple(Contributor(name, "person") for name in names)


def author_path(byline: str) -> str:
    """Where a byline links to."""
    return f"/author/{slug(byline.removeprefix('by '))}"
