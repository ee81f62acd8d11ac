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
from newsdesk.reading.surroundings import Surroundings, called

Tags = tuple[str, ...]
MAX_LENGTH = 80
MAX_TAGS = 60
MAX_FILED = 8
"""Categories of one story."""

MAX_HAN = 14
"""Letters of a tag in Chinese or Japanese; a longer text is a headline."""


_TOPIC_HEADING = re.compile(
    r"(?i)\W*(?:filed under|tagged(?: with| in)?|explore more on these topics|topics in this (?:story|article)"
    r"|(?:related )?(?:topics|tags?|themen|temas|thèmes|konular|etiketler|schlagw[oö]rter"
    r"|stichw[oö]rter|argomenti|onderwerpen|emner|ämnen|aiheet|teemad|tagi|teme|temata|témata|címkék|θέματα|etiquetas|теги|тэги|темы"
    r"|tópicos|etichete|štítky|sujets|chủ đề|теми|برچسب‌?ها|แท็ก|टैग|키워드|كلمات البحث|המשך נושאים|תגיות|标签|標籤|關鍵字|タグ|キーワード|태그|المواضيع|مواضيع ذات صلة|مواضيع|الوسوم))"
    r"(?!\w)\W*"
)
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_TAGGED = re.compile(r"(?i)\s(?:tagged(?: with| in)?|tags)\s?:\s*")
_TAG_BOX = frozenset(
    [
        *("tags", "topics", "taglist", "tagcloud", "themen", "temas", "topicos"),
        *("etiquetas", "etiketler"),
    ]
)
"""What the box of a story's topics is called."""

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
    listed = _under(around, _TOPIC_HEADING)
    linked = [text_in(node) for node in doc.tagged[:MAX_TAGS]]
    if linked and set(linked) <= set(listed):  # what stands below the last is no part of the list
        listed = listed[: 1 + max(map(listed.index, linked))]
    add("visible", filter(_is_tag, listed))
    if found and not doc.explain:
        return found
    add("tag_box", filter(_is_tag, _boxed(around)))
    if found and not doc.explain:
        return found
    add("links", linked)
    add("meta:article:tag", _split_all(doc.metas.get("article:tag", [])))
    if len(doc.filed) <= MAX_FILED:  # more of them are a menu
        add("categories", map(text_in, doc.filed))
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
        if again := _TAGGED.search(rest):  # Filed under: Town Tagged: ferry, lake
            rest = rest[again.end() :]
            links = [link for link in links if link in rest]
        if rest:
            if links and rest.startswith(links[0]):
                return links
            if ":" in text[: found.end() + 1]:
                return _split_all([rest])
            continue
        return _listed(entries[place + 1 :])
    return []


def _is_tag(text: str) -> bool:
    """Whether a link in a list of topics may name one: no heading, and no story's headline."""
    is_long = len(text) > MAX_HAN and _HAN.match(text) is not None and " " not in text
    return not (text.endswith(":") or is_long)


def _boxed(around: Surroundings) -> list[str]:
    """The links of a box below the text that is called tags or topics, without a heading."""
    lines = (line for line in around.tail if called(line, _TAG_BOX) and line.linked)
    return [
        link for text, links in map(_entry, lines) if len(text) <= MAX_LENGTH * 4 for link in links
    ]


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
