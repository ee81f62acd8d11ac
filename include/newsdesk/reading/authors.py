"""Who signed: from the story's data, metas and the printed line, agreed with one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from newsdesk.article import Contributor
from newsdesk.fields import bylines
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in, value_of
from newsdesk.reading.headline import site_titles
from newsdesk.reading.lines import Line
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import BYLINE, Surroundings, labels

Names = tuple[Contributor, ...]

_METAS = (
    "author", "parsely-author", "sailthru.author", "article:author", "dc.creator", "dcterms.creator",
    "dc.contributor", "byl", "byline", "article.author", "cxenseparse:author", "og:article:author",
    "rbauthors", "news_author", "authors", "dcsext.author", "twitter:creator",
)  # fmt: skip
_PRINTED = re.compile(
    r"(?:(?:written|compiled|reported|story|words|text) by|by|von|par|por|di|door|av|af|oleh)\s+\S",
    re.IGNORECASE,
)


def authors(doc: Document, around: Surroundings) -> tuple[list[Proposal[Names]], str | None]:
    """Proposals, best first, and the byline as printed."""
    outlets = site_titles(doc)
    found: list[Proposal[Names]] = []

    def add(rule: str, names: Names, evidence: str) -> None:
        if rule not in ("site", "visible"):  # data names the paper where nobody signed
            names = tuple(one for one in names if one.kind != "outlet")
        if names:
            found.append(Proposal(rule, names, evidence))

    printed = _printed(doc, around, outlets)
    raw = printed[0][1] if printed else None
    for node in doc.select(doc.epoch.byline)[:1]:
        raw = text_in(node)
        add("site", bylines.read_byline(raw, outlets=outlets), raw)
    told = list(_told(doc))
    add(
        "json_ld",
        _people(bylines.read_byline(name, outlets=outlets, trusted=True) for name in told),
        "; ".join(told),
    )
    for key in _METAS:
        values = [v for v in doc.metas.get(key, []) if not v.startswith(("http", "@"))]
        names = _people(bylines.read_byline(v, outlets=outlets, trusted=True) for v in values)
        add(f"meta:{key}", names, "; ".join(values))
    items = [value_of(n) for n in doc.items.get("author", []) if "itemscope" not in n.attributes]
    add(
        "microdata",
        _people(bylines.read_byline(v, outlets=outlets) for v in items[:4]),
        "; ".join(items[:4]),
    )
    for names, line in printed:
        add("visible", names, line)
    if doc.page.link and doc.page.link.byline_hint:
        hint = doc.page.link.byline_hint
        add("feed", bylines.read_byline(hint, outlets=outlets, trusted=True), hint)
    return _ranked(found), raw


def _ranked(found: list[Proposal[Names]]) -> list[Proposal[Names]]:
    """Persons and agencies before the paper's own name, else in the order given."""

    def rank(one: Proposal[Names]) -> int:
        if one.rule == "site":
            return 0
        return 2 if all(c.kind == "outlet" for c in one.value) else 1

    return sorted(found, key=rank)


def _people(lines: Iterable[Names]) -> Names:
    return bylines.merge_bylines(list(lines))


def _told(doc: Document) -> Iterable[str]:
    """Names of the story's ``author`` and ``creator``."""
    for key in ("author", "creator"):
        values = jsonld.resolve(doc.story.get(key), doc.known)
        names = [name for value in values for name in _names(value, doc)]
        if names:
            yield from names
            return


def _names(value: Any, doc: Document) -> Iterable[str]:
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, dict | list):
            for one in name if isinstance(name, list) else [name]:
                yield from _names(one, doc)
            return
        if not name and ("givenName" in value or "familyName" in value):
            name = f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        value = name
    text = jsonld.text_of(value)
    if text and not text.startswith("http"):
        yield text


def _printed(doc: Document, around: Surroundings, outlets: list[str]) -> list[tuple[Names, str]]:
    """Bylines among the lines around the text: those labelled so, then those that begin so."""
    labelled: list[tuple[Names, str]] = []
    begun: list[tuple[Names, str]] = []
    for line in around.near:
        if len(line.text) > 250:
            continue
        starts = bool(_PRINTED.match(line.text))
        if starts or BYLINE.search(labels(line)):
            names = bylines.read_byline(line.text, outlets=outlets)
            if names:
                (begun if starts else labelled).append((names, line.text))
    return begun[:1] or _joined(labelled)


def _joined(labelled: list[tuple[Names, str]]) -> list[tuple[Names, str]]:
    """Names printed one a line, as one byline."""
    if not labelled:
        return []
    names = bylines.merge_bylines([one for one, _ in labelled[:6]])
    return [(names, ", ".join(dict.fromkeys(text for _, text in labelled[:6])))]


def line_is_byline(line: Line) -> bool:
    """Whether a line is a byline by its words."""
    return bool(_PRINTED.match(line.text)) and len(line.text) < 120
