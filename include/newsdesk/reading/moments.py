"""When a story was published and changed: every place that says so, and which one is believed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from zoneinfo import ZoneInfo

from newsdesk.article import Link
from newsdesk.fields.dates import DATE_LIKE, Moment, Unreadable, read_date
from newsdesk.reading import jsonld, scripted
from newsdesk.reading.document import Document, value_of
from newsdesk.reading.kind import shown
from newsdesk.reading.lines import Line, inside
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import NEAR_TAIL, Surroundings, called, is_caption

MAX_LINE = 200
"""Characters of a line that may hold a date."""

LABEL = 30
"""Characters of a line that may say what the next one is."""

BARE_LINE = 45
"""Characters of a line that is nothing but a date, besides the word that says whose."""

APART = dt.timedelta(hours=1)
"""How far a feed's time may lie from the page's: feeds date a story by when they got it."""

SHORT_LINE = 90
"""Characters of a line that is hardly more than a date."""

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time",
    "parsely-pub-date", "sailthru.date", "datepublished", "date.published", "article.published",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued",
    "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "dcterms.available",
    "pubdate", "publish-date", "publish_date", "publication_date", "publicationdate", "publishdate",
    "article_date_original", "originalpublicationdate", "published_at", "published_time_telegram",
    "bt:pubdate", "ptime", "displaydate", "rbpubdate", "iso-8601-publish-date", "vr:published_time",
    "article:post_date", "article_publication_date", "eomportal-instanceid.date", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified",
    "datemodified", "last-modified", "lastmod", "dc.date.modified", "dcterms.modified",
    "article.updated", "revision_date", "vr:updated_time", "modified_time", "lmtime",
    "article:updated_time", "utime",
)  # fmt: skip
_UPDATED = re.compile(
    r"(?i)updat|modif|edited|revis|aktualisiert|\bstand\s*:|actualiz|atualiz|mis(?:es?)? à jour|aggiorn|güncelle|bijgewerkt|opdater"
    r"|oppdater|uppdater|päivitetty|frissít|обновл|изменен|تحديث|更新|수정|aktualizac|aktualizov"
    r"|zaktualizow|cập nhật|diperbarui|ปรับปรุง|อัปเดต|แก้ไขล่าสุด|अपडेट|আপডেট|হালনাগাদ|עודכן|оновлен|ενημ[εέ]ρώ?|izmjen|izmen|actualitzac|uuendatud|atjaunin|atnaujint|ažurir|posodoblj|актуализ|ажурир|módosít"
)
_LABELS = re.compile(
    rf"(?P<updated>{_UPDATED.pattern.removeprefix('(?i)')})|publish|posted|veröffentlicht|erstellt"
    r"|publi(?:cad|é)|yayın|pubblicat|gepubliceerd|udgivet|publisert|publicerad|опубликован|نشر|opublikow|diterbitkan|เผยแพร่|प्रकाशित|প্রকাশ|פורסם|опубліков|vydán|publikov|objav|avaldat|paskelbt|megjelen|δημοσ|публик",
    re.IGNORECASE,
)
_CALLED = frozenset(
    [
        *("date", "datetime", "dates", "time", "timestamp", "pubdate", "posted", "datum", "fecha"),
        *("tarih", "created"),
    ]
)
_AMERICAN = frozenset(
    [
        *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        *("America/Phoenix", "America/Detroit", "America/Anchorage", "Pacific/Honolulu"),
    ]
)
"""Zones in which 3/4 is the fourth of March."""

_CLOCK = re.compile(r"\d[:.h]\d\d(?!\d|[./-]\d)|\d\s?[ap]\.?m\b", re.IGNORECASE)
_IS_CLOCK = re.compile(
    r"(?:at |um |kl\.? |klo |à |alle |ore |às )?\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\.?)?(?:\s?(?:uhr|[A-Z]{2,4}|GMT\s?[+-]\d+))?",
    re.IGNORECASE,
)
"""A line that is a time of the day and nothing else."""

_AGO = re.compile(
    r"\d\s?(?:[smhdw]|min|hr|hour|day|week|month)s?\s+ago\b|\bvor \d+ |\bil y a \d|\bhace \d|\bhá \d"
)
"""A time told from now on; the day it means may stand in the element's title."""

_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)(?:[/-]?(\d\d|[a-z]{3})[/-]?(\d\d)(?=[/-]|\D|$)|/(\d\d?)/(\d\d?)(?=/.))",
    re.IGNORECASE,
)


class Dates:
    """Reads the dates of one page: knows its zone, its language and when it was captured."""

    def __init__(self, doc: Document, language: str | None) -> None:
        self.doc = doc
        self.zone = doc.source.zone
        self.captured_at = doc.page.captured_at
        self.language = language
        self.day_first = _day_first(doc.language_tag or doc.source.language, self.zone.key)
        self._printed: list[tuple[str, str, bool]] | None = None

    def read(self, text: str) -> Moment | None:
        """The moment that a text says, ``None`` when it says none."""
        found = read_date(
            text,
            zone=self.zone,
            captured_at=self.captured_at,
            language=self.language,
            day_first=self.day_first,
        )
        return None if isinstance(found, Unreadable) else found

    def published(self, around: Surroundings) -> list[Proposal[Moment]]:
        """What may be the time of publication, best first."""
        return self._all(self._published(around)) or self._all(self._scripted())

    def modified(self, around: Surroundings) -> list[Proposal[Moment]]:
        """What may be the time of the last change, best first."""
        return self._all(self._modified(around))

    def _all(self, texts: Iterator[tuple[str, str]]) -> list[Proposal[Moment]]:
        found: list[Proposal[Moment]] = []
        for rule, text in texts:
            moment = self.read(text)
            if moment is None:
                continue
            found.append(Proposal(rule, moment, text))
            if not self.doc.explain and _is_exact(found[0].value):
                break  # nothing that follows can win
        return found

    def _published(self, around: Surroundings) -> Iterator[tuple[str, str]]:
        doc = self.doc
        for node in doc.select(doc.epoch.date)[:2]:
            yield "site", node.attributes.get("datetime") or node.text()
        names = ("datePublished", "dateCreated", "uploadDate")
        yield from _told(self._stories, *names)
        for key in _PUBLISHED:
            for content in doc.metas.get(key, []):
                yield f"meta:{key}", content
        for node in doc.items.get("datePublished", [])[:2]:
            yield "microdata", value_of(node)
        yield from _told(self._others, *names)
        yield from self._visible(around, updated=False)
        for node in doc.marked.get("time", []):  # some are there for machines alone
            if (written := node.attributes.get("datetime")) and not node.text().strip():
                yield "time", written
                break
        if found := _URL_DAY.search(doc.page.url):
            year, month, day = (one for one in found.groups() if one)
            numbers = f"{year}-{month:0>2}-{day:0>2}"
            yield "url", numbers if month.isdigit() else f"{day} {month} {year}"
        if doc.page.link and doc.page.link.published_hint:
            yield "feed", doc.page.link.published_hint.isoformat()
        # Some pages print the time of their last change alone.
        yield from ((f"updated:{rule}", text) for rule, text in self._visible(around, updated=True))

    def _scripted(self) -> Iterator[tuple[str, str]]:
        """Times for scripts, if they are all of one day: else some are of other stories."""
        texts = scripted.times(self.doc.page.body)
        read = [moment for text in texts if (moment := self.read(text))]
        if len({moment.at.date() for moment in read}) == 1:
            yield from (("script", text) for text in texts)

    def _modified(self, around: Surroundings) -> Iterator[tuple[str, str]]:
        yield from _told(self._stories, "dateModified")
        for key in _MODIFIED:
            for content in self.doc.metas.get(key, []):
                yield f"meta:{key}", content
        for node in self.doc.items.get("dateModified", [])[:1]:
            yield "microdata", value_of(node)
        yield from _told(self._others, "dateModified")
        yield from self._visible(around, updated=True)
        if self.doc.page.link and self.doc.page.link.modified_hint:
            yield "feed", self.doc.page.link.modified_hint.isoformat()

    @cached_property
    def _stories(self) -> list[jsonld.Node]:
        """The data of a written story."""
        return [self.doc.story] if jsonld.is_story(self.doc.story) else []

    @cached_property
    def _others(self) -> list[jsonld.Node]:
        """Where no story is told, the data of the page, and of what it is there to show.

        A film inside of a text is older or younger than the text.
        """
        if self._stories:
            return []
        pages = [node for node in self.doc.nodes if "WebPage" in jsonld.types(node)]
        return [*shown(self.doc), *pages]

    def _visible(self, around: Surroundings, *, updated: bool) -> Iterator[tuple[str, str]]:
        """Dates printed around the text: machine-readable ones first, then the barest lines."""
        if self._printed is None:
            self._printed = _printed(around)
        yield from ((rule, text) for rule, text, late in self._printed if late == updated)


def _told(nodes: Sequence[jsonld.Node], *names: str) -> Iterator[tuple[str, str]]:
    """What some data says under some names, the first name first."""
    for name in names:
        for node in nodes:
            if text := jsonld.text_of(node.get(name)):
                yield "json_ld", text


def _printed(around: Surroundings) -> list[tuple[str, str, bool]]:
    """Dates among the lines: rule, text, and whether it is the time of a change."""
    near = _among((*around.head, *around.above))
    between, below = _among(around.inside), _among(around.tail[:NEAR_TAIL])
    kinds = (*near[:2], *between[:2], below[1], *near[2:], *between[2:], below[0], *below[2:])
    return list(itertools.chain.from_iterable(kinds))


def _among(lines: Sequence[Line]) -> list[list[tuple[str, str, bool]]]:
    """The same of some lines: those for machines, bare dates, short lines, others."""
    times: list[tuple[str, str, bool]] = []
    printed: list[list[tuple[str, str, bool]]] = [[], [], []]
    before = ""
    for line, following in itertools.zip_longest(lines, lines[1:]):
        dated = bool(DATE_LIKE.search(line.text))
        label, before = before, line.text if len(line.text) < LABEL and not dated else ""
        if len(line.text) > MAX_LINE:
            continue
        if not (dated or line.tag == "time" or _is_from_now(line)) or is_caption(line):
            continue
        written = _times(line)
        if not written and not dated:
            continue
        says_updated = bool(_UPDATED.search(line.text) or _UPDATED.search(label))
        if written:
            first = _UPDATED.search(line.text)
            shared = len(written) > 1 and first is not None and first.start() > 0
            times += [
                ("time", text, says_updated and (place > 0 or not shared))
                for place, text in enumerate(written)
            ]
            continue
        said = _LABELS.match(line.text)
        bare = len(line.text) - (said.end() if said else 0) <= BARE_LINE
        bare = bare or called(line, _CALLED, ("publish",))
        rank = 0 if bare else 1 if len(line.text) <= SHORT_LINE else 2
        text = line.text
        if (
            following is not None
            and not _CLOCK.search(text)
            and _IS_CLOCK.fullmatch(following.text)
        ):
            text = f"{text} {following.text}"  # each in an element of its own
        parts = [("visible", part, late) for part, late in _parts(text, says_updated)]
        says_published = (said is not None and said["updated"] is None) or called(line, _CALLED)
        if says_published and not says_updated and _CLOCK.search(text):
            times += parts  # the times that follow may be those of a live page's entries
        else:
            printed[rank] += parts
    return [times, *printed]


def _times(line: Line) -> list[str]:
    """What ``<time>`` elements of a line say to machines, or the title of a time told from now."""
    nodes = [line.box.node] if line.tag == "time" else inside(line.nodes, "time")
    if found := [written for node in nodes if (written := node.attributes.get("datetime"))]:
        return found
    if not _is_from_now(line):
        return []
    hints = [node.attributes.get("title") for node in (line.box.node, *line.nodes)]
    return [hint for hint in hints if hint and DATE_LIKE.search(hint)]


def _is_from_now(line: Line) -> bool:
    return len(line.text) <= LABEL and _AGO.search(line.text) is not None


def _parts(text: str, says_updated: bool) -> list[tuple[str, bool]]:
    """A line that prints several dates, cut before the words that say what they are."""
    if not says_updated:
        return [(text, False)]
    if _UPDATED.search(text) is None:
        return [(text, True)]
    marks = list(_LABELS.finditer(text))
    parts = [(text[: marks[0].start()], False)]
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        parts.append((text[mark.start() : end], mark["updated"] is not None))
    return [one for one in parts if DATE_LIKE.search(one[0])] or [(text, True)]


def _is_exact(moment: Moment) -> bool:
    return moment.precision == "second" and not moment.zone_assumed and moment.at.second != 0


def decide(proposals: Sequence[Proposal[Moment]]) -> Proposal[Moment] | None:
    """The first proposal, or one that says the same more exactly.

    A time printed without a zone is believed where another place gives the zone; a mere day, which
    some data writes as its midnight, where another place gives that day's time.
    """
    if not proposals:
        return None
    best = _with_offset(_as_printed(proposals), proposals)
    if best.value.offset == 0 and best.rule != "site":
        for other in proposals[1:]:  # a local time that a template marked as UTC
            value = other.value
            printed = other.rule == "visible" and value.offset and not value.zone_assumed
            if printed and _clock(value) == _clock(best.value):
                return other
    if best.rule not in ("site", "visible") and _is_midnight(best.value):
        for other in proposals[1:]:
            printed = other.rule in ("visible", "time") and other.value.precision != "day"
            if printed and other.value.day_local == best.value.day_local:
                return best if _is_midnight(other.value) else other
    if best.rule == "site" or not (best.value.precision == "day" or best.value.zone_assumed):
        return best
    for other in proposals[1:]:
        value = other.value
        if value.precision == "day" or (value.zone_assumed and best.value.precision != "day"):
            continue
        if best.value.precision == "day":
            if value.day_local == best.value.day_local:
                return other
        elif value.offset is not None and _clock(value) == _clock(best.value):
            return other
    return best


def _with_offset(best: Proposal[Moment], proposals: Sequence[Proposal[Moment]]) -> Proposal[Moment]:
    """A proposal of data in UTC with the offset that the page prints for the same instant."""
    if best.value.offset != 0 or best.rule in ("site", "visible"):
        return best
    for other in proposals:
        value = other.value
        printed = other.rule == "visible" and value.offset and not value.zone_assumed
        if printed and abs(value.at - best.value.at) < dt.timedelta(minutes=1):
            told = dataclasses.replace(best.value, offset=value.offset, day_local=value.day_local)
            return dataclasses.replace(best, value=told)
    return best


def remarks(published: Moment | None, link: Link | None, zone: ZoneInfo) -> dict[str, str]:
    """What a reader of the table should know of a time of publication.

    Returns:
        ``published_at_zone`` when the page prints no zone and the paper's was taken;
        ``published_at_differs`` when feed or sitemap claim another day, or for a printed time
        one that is more than an hour away: who, and what.
    """
    if published is None:
        return {}
    said: dict[str, str] = {}
    if published.zone_assumed and published.precision != "day":
        said["published_at_zone"] = "source"
    hint = link.published_hint if link is not None else None
    if link is not None and hint is not None:
        if published.precision == "day":
            differs = hint.astimezone(zone).date() != published.day_local
        else:
            differs = abs(hint - published.at) > APART
        if differs:
            said["published_at_differs"] = f"{'+'.join(link.via)}: {hint.isoformat()}"
    return said


def _is_midnight(moment: Moment) -> bool:
    """Whether a moment is the first of its printed day, to the second."""
    return moment.precision != "day" and _clock(moment).time() == dt.time() and not moment.at.second


def _as_printed(proposals: Sequence[Proposal[Moment]]) -> Proposal[Moment]:
    """The first proposal, to the minute when the page prints no more and it says :00 itself."""
    best = proposals[0]
    if best.value.precision != "second" or best.value.at.second:
        return best
    for other in proposals[1:]:
        if other.value.precision == "minute" and _clock(other.value) == _clock(best.value):
            value = dataclasses.replace(best.value, precision="minute")
            return dataclasses.replace(best, value=value)
    return best


def _clock(moment: Moment) -> dt.datetime:
    """Local time without its zone, to the minute."""
    local = moment.at + dt.timedelta(minutes=moment.offset or 0)
    return local.replace(second=0, microsecond=0)


def _day_first(tag: str, zone: str) -> bool | None:
    """Whether 3/4 is the third of April on a page of a language and a paper's zone, if that is known.

    Templates call any English American: that is believed only where the zone does not tell otherwise.
    """
    if tag[:2] == "en" and zone in _AMERICAN:
        return False
    if tag in ("en-us", "en_us"):
        return False if zone == "UTC" else None
    if tag[:2] in ("en", "") and zone.startswith(("Europe/", "Africa/", "Asia/", "Australia/")):
        return True
    if tag[:2] in ("en", ""):
        return True if tag[2:] in ("-gb", "_gb", "-au", "-ie", "-in", "-nz", "-za") else None
    return True
