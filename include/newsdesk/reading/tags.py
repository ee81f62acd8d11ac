"""Topics and keywords: what the page lists, split as the page splits it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsdesk.fields.bylines import squash
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import Surroundings

Tags = tuple[str, ...]
MAX_LENGTH = 80
MAX_TAGS = 60

_TOPIC_HEADING = re.compile(
    r"(?i)^\W*(?:related )?(?:topics|tags|themen|temas|thèmes|konular|etiketler|schlagw[oö]rter|stichw[oö]rter|argomenti|onderwerpen|emner|ämnen|المواضيع|مواضيع|الوسوم)\W*$"
)
_KEYWORD_HEADING = re.compile(
    r"(?i)^\W*(?:keywords?|key words|mots-clés|palabras clave|anahtar kelimeler|كلمات مفتاحية|الكلمات الدلالية|كلمات دلالية)\W*:?"
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
        "news_keywords",
        "keywords",
        "article:tag",
        "parsely-tags",
        "sailthru.tags",
        "og:article:tag",
        "dc.subject",
        "cxenseparse:keywords",
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
    add("links", [text_in(n) for n in doc.tree.css("[rel~=tag]")[:MAX_TAGS]])
    add("meta:article:tag", _split_all(doc.metas.get("article:tag", [])))
    return found


def _under(around: Surroundings, heading: re.Pattern[str]) -> list[str]:
    """What is listed under a heading below the text, or behind it in its line."""
    for place, line in enumerate(around.tail):
        found = heading.match(line.text)
        if found is None:
            continue
        rest = line.text[found.end() :].strip()
        if rest:
            inner = [
                text_in(a)
                for node in line.nodes
                for a in ([node] if node.tag == "a" else node.css("a"))
            ]
            return inner or _split_all([rest])
        listed: list[str] = []
        for after in around.tail[place + 1 :]:
            if after.tag[:1] == "h" or len(after.text) > MAX_LENGTH * 4 or _is_heading(after.text):
                break
            inner = [
                text_in(a)
                for node in after.nodes
                for a in ([node] if node.tag == "a" else node.css("a"))
            ]
            inner = [one for one in inner if one]
            if inner:
                listed.extend(inner)
            elif listed:
                break
            else:
                listed.extend(_split_all([after.text]))
        return listed
    return []


def _is_heading(text: str) -> bool:
    return bool(_TOPIC_HEADING.match(text) or _KEYWORD_HEADING.match(text))


def _split_all(texts: Iterable[str]) -> list[str]:
    """Lists split at their own separator: semicolons if there are any, else bars, else commas."""
    found: list[str] = []
    for text in texts:
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
        text = tidy(value).strip(" ,;#\"'")
        if 1 < len(text) <= MAX_LENGTH and len(kept) < MAX_TAGS:
            kept.setdefault(squash(text) or text, text)
    return tuple(kept.values())
