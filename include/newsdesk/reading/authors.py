"""Who signed: from the story's data, metas and the printed line, agreed with one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from newsdesk.fields import bylines
from newsdesk.fields.byline_words import BY, ORGANISATION, TAIL, WROTE
from newsdesk.fields.dates import DATE_LIKE
from newsdesk.fields.names import squash
from newsdesk.reading import told
from newsdesk.reading.author_links import author_links
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.lines import Line
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import (
    Surroundings,
    is_byline_box,
    is_caption,
    places_in,
    signing,
)
from newsdesk.reading.unlabelled import MAX_LINE, Names, Signed, people_of, unlabelled

_METAS = (
    "author", "parsely-author", "sailthru.author", "article:author", "dc.creator", "dcterms.creator",
    "dc.contributor", "byl", "byline", "article.author", "cxenseparse:author", "og:article:author",
    "rbauthors", "news_author", "authors", "dcsext.author", "twitter:creator",
)  # fmt: skip
_PRINTS = frozenset(["site", "visible", "author_link", "byline_box", "paper_with_agencies"])
"""Rules that read what a page prints. What it tells machines names the paper where nobody signed."""

MAX_LINKED = 120
"""Characters of a line that links to who wrote the story."""

LEADING = 4
"""Paragraphs before and at the beginning of the text that may be the names of who wrote it."""

SENTENCE = 8
"""Words from which a line that ends in a full stop is a sentence."""

NEXT = 2
"""Lines from one name to the next of the same byline."""

_EDITED = re.compile(
    r"\W*(?:edited by|editors?|editör|penyunting|redacteur|redaktör|redaktor)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:(?:written|compiled|reported|posted|submitted|(?:story|words|text|interview)(?: and (?:photos?|pictures|video))?) by|compiled from|autorin/autor"
    rf"|{BY})(?:\s?:\s*|\s+)\S|(?:{WROTE})\s*\S|[가-힣]{{2,4}} (?:[가-힣]{{2}})?기자(?:\s|$)",
    re.IGNORECASE,
)
_BY = re.compile(rf"\b(?:{BY})\s+\S|{WROTE}", re.IGNORECASE)
_AMONG = re.compile(
    r"(?:作者|撰文|记者|記者)\s?[:：]\s?[^\s:：|]{2,30}"
    r"|(?<=\s)(?:by|de|autore?|authors?|text)\s?:\s?[^:|\d]{4,60}$|(?<=\d\d)\s(?:by|por|par|von)\s[^:|\d]{4,60}$",
    re.IGNORECASE,
)
"""Who wrote in the middle or at the end of a line that says other things too."""

_LABEL_ALONE = re.compile(
    rf"(?:(?:written|words|story|text|report) by|{BY}|authors?|autore?|autor(?:in|en|es)|auteurs?|yazan|muhabir|penulis"
    r"|автор|作者|撰文|記者|记者|기자|بقلم|كاتب|מאת|लेखक)\s?[:：]?",
    re.IGNORECASE,
)
"""A line that says who wrote is named in the next one."""

_LOOSE_END = re.compile(
    r"(?:[\s|/,·•–—-](?:(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|on)?)+$",
    re.IGNORECASE,
)
"""What a date leaves behind that was cut from a line."""

_BAR = re.compile(r"\s*[|•·]\s*")


def authors(
    doc: Document, around: Surroundings, paragraphs: Sequence[str] = ()
) -> tuple[list[Proposal[Names]], str | None]:
    """Proposals, best first, and the byline as printed.

    Args:
        doc: The page.
        around: The lines around its text.
        paragraphs: The text; some papers print who wrote it in or before its first paragraph.
    """
    outlets = doc.site_titles
    found: list[Proposal[Names]] = []

    def add(rule: str, names: Names, evidence: str) -> None:
        if rule not in _PRINTS:
            names = tuple(one for one in names if one.kind != "outlet")
        if names:
            found.append(Proposal(rule, names, evidence))

    printed = _printed(doc, around, outlets)
    raw = _without_tail(printed[0][2]) if printed else None
    for node in doc.select(doc.epoch.byline)[:1]:
        raw = text_in(node)
        add("site", bylines.read_byline(raw, outlets=outlets), raw)
    said = list(told.names(doc))
    read = (bylines.read_byline(name, outlets=outlets, trusted=True) for name in said)
    add("json_ld", _people(read), "; ".join(said))
    for key in _METAS if doc.explain or not found else ():
        values = [v for v in doc.metas.get(key, []) if not v.startswith(("http", "@"))]
        read = (bylines.read_byline(v, outlets=outlets, trusted=True) for v in values)
        add(f"meta:{key}", _people(read), "; ".join(values))
    items = told.items(doc)
    german = doc.language_tag[:2] == "de"  # there, papers sign with initials, too
    read = (
        (german and bylines.read_initials(v, outlets=outlets))
        or bylines.read_byline(v, outlets=outlets)
        for v in items
    )
    add("microdata", _people(read), "; ".join(items))
    found = _signed_before_edited(found, printed, around, outlets)
    signed = any(one.kind != "outlet" for _, names, _ in printed for one in names)
    named = signed or any(_names_someone(one) for one in found)
    if not signed and (doc.explain or not named):
        bare = unlabelled(around, paragraphs, outlets, german=german)
        if raw is None and not named:
            raw = next((line for _, _, line in bare), None)
        printed += bare
    for rule, names, line in printed:
        add(rule, names, line)
    if doc.page.link and doc.page.link.byline_hint:
        hint = doc.page.link.byline_hint
        add("feed", bylines.read_byline(hint, outlets=outlets, trusted=True), hint)
    accounts = told.accounts(doc)
    if found and not any(_names_someone(one, accounts) for one in found):
        before = [line.text for line in around.head[-LEADING:] if line.tag == "p"]
        for text in (*before, *paragraphs[:LEADING]):
            add("lead", people_of(text, outlets), text)
    return _ranked(found, accounts), raw


def _without_tail(line: str) -> str:
    """A printed byline without the date, reading time or buttons behind it."""
    label = _PRINTED.match(line)
    start = label.end() - 1 if label else 0
    return _LOOSE_END.sub("", line[:start] + TAIL.sub("", line[start:])) or line


def _signed_before_edited(
    found: list[Proposal[Names]],
    printed: list[Signed],
    around: Surroundings,
    outlets: list[str],
) -> list[Proposal[Names]]:
    """Without what names the editor alone, where the page says so and prints who wrote it."""
    edited: set[str] = set()
    for line in around.near:
        if len(line.text) <= MAX_LINKED and (label := _EDITED.match(line.text)):
            names = bylines.read_byline(line.text[label.end() :], outlets=outlets, trusted=True)
            edited |= {squash(one.name) for one in names}
    wrote = [n for _, names, _ in printed for n in names if squash(n.name) not in edited]
    if not edited or not any(one.kind == "person" for one in wrote):
        return found
    return [
        one
        for one in found
        if one.rule == "site" or any(squash(c.name) not in edited for c in one.value)
    ]


def _names_someone(one: Proposal[Names], accounts: AbstractSet[str] = frozenset()) -> bool:
    return any(c.kind != "outlet" and squash(c.name) not in accounts for c in one.value)


def _ranked(found: list[Proposal[Names]], accounts: AbstractSet[str]) -> list[Proposal[Names]]:
    """Persons and agencies before the paper's own name and account, else in the order given.

    Data that names one of several who signed gives way to a line that names them all.
    """

    def rank(one: Proposal[Names]) -> int:
        if one.rule == "site":
            return 0
        return 1 if _names_someone(one, accounts) else 2

    ranked = sorted(found, key=rank)
    if not ranked or ranked[0].rule == "site":
        return ranked
    shown = next((one for one in ranked if one.rule == "visible"), None)
    unsigned = all(one.kind != "person" for one in ranked[0].value)
    if unsigned and (shown is None or not _names_someone(shown)):
        boxed = (one for one in ranked if one.rule in ("author_link", "byline_box"))
        shown = next((one for one in boxed if all(c.kind == "person" for c in one.value)), None)
    if shown is not None and unsigned and _names_someone(shown):
        return [shown, *(one for one in ranked if one is not shown)]  # data often names a desk
    have = {squash(one.name) for one in ranked[0].value}
    for other in ranked[1:]:
        names = {squash(one.name) for one in other.value if one.kind == "person"}
        if other.rule == "visible" and have < names and not ORGANISATION.search(other.evidence):
            return [other, *(one for one in ranked if one is not other)]
    return ranked


def _people(lines: Iterable[Names]) -> Names:
    return bylines.merge_bylines(list(lines))


def _printed(doc: Document, around: Surroundings, outlets: list[str]) -> list[Signed]:
    """Bylines among the lines around the text: rule, names, line; the surest first.

    Those that begin with "by", those that link to an author's page, those whose box is called a
    byline.
    """
    begun: list[tuple[Names, str]] = []
    linked: list[tuple[Names, str]] = []
    labelled: list[tuple[Names, str]] = []
    previous = -2
    of_story = len(around.head) + len(around.inside)  # lines behind them may be other stories'
    for place, line in enumerate(around.near):
        if len(line.text) > MAX_LINE or is_caption(line):
            continue
        if place < of_story and _LABEL_ALONE.fullmatch(line.text):
            if below := _below_label(around.near[place + 1 : of_story], outlets):
                begun.append(below)
                break
            continue
        begins = _PRINTED.match(line.text) is not None
        if begins:
            names = bylines.read_byline(_without_places(line), outlets=outlets)
            if names:
                begun.append((names, line.text))
                break  # nothing is surer
        part = _behind_date(line) if place < len(around.head) else None
        if part and (names := bylines.read_byline(part, outlets=outlets)):
            begun.append((names, part))
            break
        if begins:
            continue
        links = author_links(line) if len(line.text) <= MAX_LINKED else []
        if links and (not linked or place - previous <= NEXT):
            names = _people(bylines.read_byline(one, outlets=outlets, signed=True) for one in links)
            if names:
                linked.append((names, ", ".join(links)))
                previous = place
        elif (place < of_story or is_byline_box(line)) and (
            not labelled or place - previous <= NEXT
        ):
            names, text = _labelled(line, outlets)
            if names:
                labelled.append((names, text))
                previous = place
    found: list[Signed] = []
    if begun:
        found.append(("visible", *begun[0]))
    for rule, lines in (("author_link", linked), ("byline_box", labelled)):
        if lines:
            found.append((rule, *_joined(lines)))
    return found


def _below_label(lines: Sequence[Line], outlets: list[str]) -> tuple[Names, str] | None:
    """Who is named in the line below a label, and in those that go on with it."""
    found: list[tuple[Names, str]] = []
    for line in lines[: told.MAX_NAMES]:
        names = people_of(line.text, outlets)
        if not found and not names and len(line.text) <= MAX_LINKED:
            names = bylines.read_byline(line.text, outlets=outlets, signed=True)
        if not names:
            break
        found.append((names, line.text))
    return _joined(found) if found else None


def _behind_date(line: Line) -> str | None:
    """The part of a line that dates a story and behind it says by whom it is."""
    if not _BY.search(line.text) or not DATE_LIKE.search(line.text):
        return None  # nearly always
    among = map(str.strip, _AMONG.findall(line.text))
    parts = [*_BAR.split(line.text)[1:], *map(text_in, line.nodes), *among]
    return next((part for part in parts if _PRINTED.match(part)), None)


def _labelled(line: Line, outlets: list[str]) -> tuple[Names, str]:
    """Who signs in a line, or in the elements inside it, that call themselves a byline."""
    called = is_byline_box(line)
    inner = signing(line, in_byline=called)
    names = _people(bylines.read_byline(one, outlets=outlets, signed=True) for one in inner)
    if names:
        return names, line.text if called else ", ".join(inner)
    if not called or _is_sentence(line.text):
        return (), ""
    return bylines.read_byline(_without_places(line), outlets=outlets, signed=True), line.text


def _without_places(line: Line) -> str:
    """A line's text without the elements in it that say where somebody works.

    What stands behind a name that links to its author is parted from it: a place, or a date.
    """
    text = line.text
    for link in author_links(line):
        text = text.replace(link, f"{link} | ", 1)
    for place in places_in(line):
        text = text.replace(place, " | ", 1)
    return text


def _is_sentence(text: str) -> bool:
    """Whether a line tells of somebody: it stands beside names and is none."""
    return text.endswith(".") and len(text.split()) > SENTENCE


def _joined(lines: list[tuple[Names, str]]) -> tuple[Names, str]:
    """Names printed one a line, as one byline."""
    names = bylines.merge_bylines([one for one, _ in lines[: told.MAX_NAMES]])
    return names, ", ".join(dict.fromkeys(text for _, text in lines[: told.MAX_NAMES]))
