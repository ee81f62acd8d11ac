"""The headline: what the page shows, checked against what it tells machines."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborNode

from newsdesk.fields.bylines import squash
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, text_in, value_of
from newsdesk.reading.lines import BREAK
from newsdesk.fields.text import tidy
from newsdesk.reading.proposals import Proposal

_JOINTS = re.compile(r"\s+[|–—»·•:-]\s+|\s*[|｜»]\s*|\s+[-–—]|:\s+(?=[^:]*$)")
MAX_LENGTH = 400


def headline_node(doc: Document) -> LexborNode | None:
    """The element of the headline: the ``<h1>`` that most resembles what machines are told."""
    if selected := doc.select(doc.epoch.headline):
        return selected[0]
    nodes = doc.tree.css("h1") or doc.tree.css("[itemprop=headline]") or doc.tree.css("h2")
    told = [t for t in (doc.meta("og:title"), doc.title_tag, _told(doc)) if t]
    best, score = None, 0.0
    for node in nodes[:40]:
        text = text_in(node)
        if not text or len(text) > MAX_LENGTH:
            continue
        likeness = max((_likeness(text, one) for one in told), default=0.0)
        if best is None or likeness > score + 0.05:
            best, score = node, likeness
    if best is not None and best.tag == "h2" and score < 0.5:
        return None
    return best


def headlines(doc: Document, node: LexborNode | None) -> list[Proposal[str]]:
    """What may be the headline, best first."""
    found: list[Proposal[str]] = []

    def add(rule: str, text: str | None, evidence: str = "") -> None:
        text = tidy(text.replace(BREAK, " ")) if text else ""
        if text and len(text) <= MAX_LENGTH:
            found.append(Proposal(rule, without_site(text, doc, visible), evidence or text))

    visible = text_in(node) if node is not None else None
    if selected := doc.select(doc.epoch.headline):
        add("site", text_in(selected[0]))
    og, told = doc.meta("og:title"), _told(doc)
    title = doc.title_tag
    if visible and any(_likeness(visible, one) >= 0.5 for one in (og, told, title) if one):
        add("h1", visible)
    add("json_ld", told)
    add("meta:og:title", og)
    add("microdata", next((value_of(n) for n in doc.items.get("headline", [])[:1]), None))
    add("meta:twitter:title", doc.meta("twitter:title", "dc.title", "parsely-title", "title"))
    add("h1", visible)
    add("title", title)
    if doc.page.link and doc.page.link.headline_hint:
        add("feed", doc.page.link.headline_hint)
    return found


def without_site(text: str, doc: Document, visible: str | None = None) -> str:
    """A headline without the paper's name at its end or start.

    The evidence is the page's own: its ``og:site_name``, publisher, domain, the paper's file; or
    a part of the title that neither the visible headline nor the story's data has.
    """
    names = site_names(doc)
    parts = _JOINTS.split(text)
    for _ in range(3):
        joint = None
        for joint in _JOINTS.finditer(text):
            pass
        if joint is None:
            break
        tail = text[joint.end() :]
        if squash(tail) and (squash(tail) in names):
            text = text[: joint.start()].strip()
            continue
        if visible and squash(text[: joint.start()]) == squash(visible) and len(parts) > 1:
            text = text[: joint.start()].strip()
            continue
        break
    head = _JOINTS.search(text)
    if head and squash(text[: head.start()]) in names and len(text) - head.end() > 10:
        text = text[head.end() :].strip()
    return text


def site_names(doc: Document) -> set[str]:
    """Names of the paper, squashed: from its file, the page's data and the address."""
    return {squash(name) for name in site_titles(doc)} - {""}


def site_titles(doc: Document) -> list[str]:
    """Names of the paper as written."""
    source = doc.source
    names = [source.title, *source.outlet_names]
    names += (
        doc.metas.get("og:site_name", ()) + doc.metas.get("application-name", []) if False else []
    )
    for key in ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site"):
        names += doc.metas.get(key, [])
    for value in jsonld.resolve(doc.story.get("publisher"), doc.known):
        names += list(jsonld.texts_of(value))
    domain = source.domains[0]
    names += [domain, domain.split(".")[0], "www." + domain]
    return [name.lstrip("@") for name in names if name]


def _told(doc: Document) -> str | None:
    return jsonld.text_of(doc.story.get("headline")) or jsonld.text_of(doc.story.get("name"))


def _likeness(one: str, other: str) -> float:
    """Share of the words of one text that another one has, both ways, 0 to 1."""
    a, b = Counter(_words(one)), Counter(_words(other))
    if not a or not b:
        return 0.0
    common = sum((a & b).values())
    return common / min(a.total(), b.total()) * (0.5 + 0.5 * common / max(a.total(), b.total()))


def _words(text: str) -> list[str]:
    found = re.findall(r"\w+", text.casefold())
    return found if len(found) > 2 else list("".join(found))
