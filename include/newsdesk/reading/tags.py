"""Topics and keywords: what the page lists, split as the page splits it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsdesk.fields.names import squash
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.lines import Line
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import Surroundings

Tags = tuple[str, ...]
MAX_LENGTH = 80
MAX_TAGS = 60

_TOPIC_HEADING = re.compile(
    r"(?i)\W*(?:related )?(?:topics|tags|themen|temas|thèmes|konular|etiketler|schlagw[oö]rter"
    r"|stichw[oö]rter|argomenti|onderwerpen|emner|ämnen|المواضيع|مواضيع ذات صلة|مواضيع|الوسوم)"
    r"(?!\w)\W*"
)
_KEYWORD_HEADING = re.compile(
    r"(?i)\W*(?:keywords?|key words|mots-clés|palabras clave|anahtar kelimeler"
    r"|كلمات مفتاحية|الكلمات الدلالية|كلمات دلالية)(?!\w)\W*"
)


def keywords(doc: Document, around: Surroundings) -> list[Proposal[Tags]]:
    """What may be the keywords, best first."""
    found: list[Proposal[Tags]] = []

    def add(rule: str, values: Iterable[str]) -> None:
        tags = _tidied(values, doc)
        if tags:
            found.append(Proposal(rule, tags, "; ".join(tags)))

    add("site", _split_all(map(text_in, doc.select(doc.epoch.keywords))))
    add("visible", _under(around, _KEYWORD_HEADING))
    add("json_ld", _split_all(jsonld.texts_of(doc.story.get("keywords"))))
    for key in (
        ()
        if found and not doc.explain
        else (
            "news_keywords",
            "keywords",
            "article:tag",
            "parsely-tags",
            "sailthru.tags",
            "og:article:tag",
            "dc.subject",
            "cxenseparse:keywords",
        )
    ):
        add(f"meta:{key}", _split_all(doc.metas.get(key, [])))
    return found


def topics(doc: Document, around: Surroundings) -> list[Proposal[Tags]]:
    """What may be the topics, best first."""
    found: list[Proposal[Tags]] = []

    def add(rule: str, values: Iterable[str]) -> None:
        tags = _tidied(values, doc)
        if tags:
            found.append(Proposal(rule, tags, "; ".join(tags)))

    add("site", map(text_in, doc.select(doc.epoch.topics)))
    add("visible", _under(around, _TOPIC_HEADING))
    if found and not doc.explain:
        return found
    add("links", [text_in(n) for n in doc.tagged[:MAX_TAGS]])
    add("meta:article:tag", _split_all(doc.metas.get("article:tag", [])))
    return found


def _under(around: Surroundings, heading: re.Pattern[str]) -> list[str]:
    """What is listed under a heading below the text, or behind it in its line."""
    if not any(heading.match(line.text) for line in around.tail):
        return []
    entries = [_entry(line) for line in around.tail]
    for place, (text, links) in enumerate(entries):
        found = heading.match(text)
        if found is None:
            continue
        rest = text[found.end() :].strip(" :")
        if rest:
            if links and rest.startswith(links[0]):
                return links
            if ":" in text[: found.end() + 1]:
                return _split_all([rest])
            continue
        return _listed(entries[place + 1 :])
    return []


def _listed(entries: list[tuple[str, list[str]]]) -> list[str]:
    """The links of the entries up to the next heading; a first entry without any is a list."""
    listed: list[str] = []
    for text, links in entries:
        if len(text) > MAX_LENGTH * 4 or _is_heading(text):
            break
        if links and len("".join(links)) >= 0.5 * len(text.replace(" ", "")):
            listed.extend(links)
        elif listed:
            break
        else:
            return _split_all([text])
    return listed


def _entry(line: Line) -> tuple[str, list[str]]:
    """A printed line with the texts of its links."""
    links = [text for a in line.links() if (text := text_in(a))]
    return line.text, [link for link in links if link in line.text]


def _is_heading(text: str) -> bool:
    return any(
        (found := heading.match(text)) is not None and found.end() == len(text)
        for heading in (_TOPIC_HEADING, _KEYWORD_HEADING)
    )


def _split_all(texts: Iterable[str]) -> list[str]:
    """Lists split at their own separator: semicolons if there are any, else bars, else commas."""
    found: list[str] = []
    for text in map(jsonld.unescaped, texts):  # an entity ends in a semicolon
        for mark in (";", "|", ",", "،", "、", "，"):
            if mark in text:
                found.extend(text.split(mark))
                break
        else:
            found.append(text)
    return found


def _tidied(values: Iterable[str], doc: Document) -> Tags:
    kept: dict[str, str] = {}
    for value in values:
        text = tidy(jsonld.unescaped(value)).strip(" ,;#\"'")
        if 1 < len(text) <= MAX_LENGTH and len(kept) < MAX_TAGS:
            kept.setdefault(squash(text) or text, text)
    return tuple(kept.values())
