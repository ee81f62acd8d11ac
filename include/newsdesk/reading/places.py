"""Section and subsection, and the dateline."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from selectolax.lexbor import LexborNode

from newsdesk.article import Contributor, Dateline
from newsdesk.fields import urls
from newsdesk.fields.datelines import (
    dateline_before_date,
    dateline_of,
    labelled_dateline,
    read_dateline,
)
from newsdesk.fields.dates import DATE_LIKE
from newsdesk.fields.names import squash
from newsdesk.fields.sections import sections_by_name, sections_of_path
from newsdesk.reading import jsonld
from newsdesk.reading.author_links import author_links
from newsdesk.reading.body import Body
from newsdesk.reading.document import Document, text_in
from newsdesk.reading.lines import Line, label_of, words_of
from newsdesk.reading.proposals import Proposal
from newsdesk.reading.surroundings import LABELLED, Surroundings, called, is_byline_box

Names = tuple[str, str | None]

_METAS = (
    "article:section", "parsely-section", "sailthru.section", "section", "article.section", "cxenseparse:recs:category",
    "og:article:section", "og:section", "category", "dc.subject.section",
)  # fmt: skip
MAX_LINE = 120
"""Characters of a line that may date a story and say where it was filed."""

MAX_SECTIONS = 4
"""Segments at the beginning of a path that may be sections."""

MAX_LINKS = 8
"""Links to a section that are looked at."""

BESIDE = 2
"""Lines above the headline or below it that may name the section."""

_SEGMENT = re.compile(r"(?=[^/]*[^\W\d_][^/]*[^\W\d_][^/]*[^\W\d_])[\w%.-]{3,60}")
"""Part of a path that may be a section's: no number, and no language's two letters."""

OWN = 6
"""Letters of the paper's name from which no place has it in its own."""

MAX_NAME = 40
"""Characters of a section's name."""

_NO_SECTION = re.compile(
    r"\d{2}|['’]s profile$|^(?:view|see|read|show|more|back|zurück|retour|volver|voltar|indietro|torna|terug|tilbage|tillbaka|geri|назад|overview|übersicht)\b",
    re.IGNORECASE,
)
"""What links say that are no section's name."""

_KICKERS = frozenset(
    [
        *("kicker", "eyebrow", "overline", "section", "category", "categories", "rubric", "rubrik"),
        *(
            "ressort",
            "channel",
            "supertitle",
            "cat",
            "rubrique",
            "categoria",
            "seccion",
            "rubrika",
            "rubriik",
        ),
    ]
)
"""What the box of a section's name beside the headline is called."""

_CONTROLS = frozenset(["button", "form", "nav", "label"])
_CALLED = frozenset(["dateline", "location", "place", "city"])
_FRONTS = frozenset(["", "home", "index.htm", "index.html", "index.php"])
_CRUMBS = '[class*="breadcrumb"], [class~="crumbs"], [itemtype*="BreadcrumbList"]'


def sections(doc: Document, headline: str | None, around: Surroundings) -> list[Proposal[Names]]:
    """What may be section and subsection, best first."""
    known = doc.source.sections
    found: list[Proposal[Names]] = []

    def add(rule: str, names: list[str], *, by_name: bool = True) -> None:
        names = [name for name in names if name and name != headline]
        section, sub = sections_by_name(names, known) if by_name else (names[0], names[1])
        if section:
            found.append(Proposal(rule, (section, sub), " / ".join(names)))

    add("site", [text_in(node) for node in doc.select(doc.epoch.section)])
    path = urls.path_of(doc.source.canonical_url(doc.page.url))
    for edition in doc.source.editions:  # what is renamed is renamed in all of them
        if path.startswith(edition.path):
            path = "/" + path[len(edition.path) :].lstrip("/")
    for old, new in doc.source.urls.renamed.items():
        if path.startswith(old):
            path = new + path[len(old) :]
    if known:
        section, sub = sections_of_path(path, known)
        if section:
            found.append(Proposal("url", (section, sub), path))
    ways: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("json_ld:breadcrumb", lambda: _breadcrumb(doc)),
        ("json_ld", lambda: list(jsonld.texts_of(doc.story.get("articleSection")))[:2]),
        ("meta", lambda: doc.first_meta(_METAS)[:2]),
        ("breadcrumb", lambda: _crumbs(doc)),
        ("category", lambda: list(map(text_in, doc.filed[:1]))),
        ("link", lambda: _linked(doc, path)),
        ("kicker", lambda: _kicker(around)),
    )
    for rule, names in ways:
        if doc.explain or not found:
            add(rule, names())
    if doc.page.link and doc.page.link.section_hint:
        add("feed", [doc.page.link.section_hint])
    return found


def _breadcrumb(doc: Document) -> list[str]:
    """The names of the page's breadcrumbs as its data tells them."""
    for node in doc.nodes:
        if "BreadcrumbList" in jsonld.types(node):
            items = node.get("itemListElement")
            items = (
                [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
            )
            crumbs = {
                jsonld.text_of(one.get("name")) or jsonld.text_of(one.get("item")): _address(
                    one.get("item")
                )
                for one in items
            }
            return [name for name in _below_front(doc, crumbs) if not name.startswith("http")]
    return []


def _crumbs(doc: Document) -> list[str]:
    """The texts of the links of what calls itself breadcrumbs."""
    for node in doc.tree.css(_CRUMBS):
        crumbs: dict[str | None, str | None] = {}
        for one in node.css("a, [itemprop=name]"):
            text = text_in(one)
            crumbs[text] = crumbs.get(text) or one.attributes.get("href")
        if names := _below_front(doc, crumbs):
            return names[:6]
    return []


def _linked(doc: Document, path: str) -> list[str]:
    """What the page's links to the beginnings of a story's path are called: sections."""
    parts = path.strip("/").split("/")[:-1][:MAX_SECTIONS]
    names: list[str] = []
    for place, part in enumerate(parts, 1):
        if not _SEGMENT.fullmatch(part):
            continue
        below = "/" + "/".join(parts[:place])
        found: list[str] = []
        for node in doc.tree.css(f'a[href$="/{part}"], a[href$="/{part}/"]')[:MAX_LINKS]:
            address = urls.clean_url(node.attributes.get("href") or "", doc.url) or ""
            if urls.path_of(address).rstrip("/") == below and doc.source.owns(address):
                found.append(text_in(node))
        spelled = (name for name in found if squash(name) == squash(part))
        if name := next(spelled, None) or next(filter(_is_name, found), None):
            names.append(name)
    return names


def _is_name(text: str) -> bool:
    """Whether a link's text may be a section's name."""
    return 0 < len(text) <= MAX_NAME and _NO_SECTION.search(text) is None


def _kicker(around: Surroundings) -> list[str]:
    """The section that a link beside the headline names, in a box that is called so."""
    for line in (*around.above[:BESIDE], *around.head[:BESIDE]):
        if not line.linked or is_byline_box(line) or author_links(line):
            continue
        links = line.links()
        labels = {word for link in links for word in words_of(label_of(link))}
        if called(line, _KICKERS) or not _KICKERS.isdisjoint(labels):
            return list(filter(_is_name, map(text_in, links)))[:1]
    return []


def _below_front(doc: Document, crumbs: Mapping[str | None, str | None]) -> list[str]:
    """The names of breadcrumbs, by which their addresses stand, without the front page's."""
    return [
        name
        for place, (name, address) in enumerate(crumbs.items())
        if name
        and not _leads_home(doc, address)
        and not (place == 0 and squash(name) in doc.site_names)
    ]


def _address(item: object) -> str | None:
    """The address of a breadcrumb in the page's data."""
    if isinstance(item, dict):
        item = item.get("@id") or item.get("url")
    return item if isinstance(item, str) else None


def _leads_home(doc: Document, address: str | None) -> bool:
    """Whether a breadcrumb leads to the front page of the paper.

    A section may have a host of its own, an address with two letters (/uk), or a query.
    """
    if not address or "#" in address or "?" in address:
        return False
    cleaned = urls.clean_url(address, doc.url) or ""
    host = urls.host_of(cleaned).removeprefix("www.")
    return host in doc.source.domains and urls.path_of(cleaned).strip("/") in _FRONTS


def datelines(
    doc: Document, around: Surroundings, body: Body | None, bylines: tuple[Contributor, ...]
) -> list[Proposal[Dateline]]:
    """What may be the dateline, best first; never the name of who signed."""
    found: list[Proposal[Dateline]] = []
    for node in doc.select(doc.epoch.dateline)[:1]:
        text = text_in(node)
        if named := _dateline(text):
            found.append(Proposal("site", named, text))
    told = jsonld.text_of(doc.story.get("dateline")) or ""
    if named := _dateline(told):
        found.append(Proposal("json_ld", named, told))
    if body and body.paragraphs:
        if named := _labelled(body):
            found.append(Proposal("labelled", named, body.paragraphs[0][:80]))
        if doc.language_tag[:2] == "de" and (bold := _bold(body)):
            found.append(Proposal("bold", *bold))
        for text in body.paragraphs[:2]:
            if (lead := dateline_of(text)) and not _speaks(lead, body):
                found.append(Proposal("lead", lead, text[:80]))
                break
    signed = [squash(one.name) for one in bylines]
    own = [name for name in doc.site_names if len(name) >= OWN]
    for one, line in itertools.chain(_printed(around.head), _printed(around.inside)):
        raw = squash(one.raw)
        if raw not in doc.site_names and not any(name in raw for name in (*signed, *own)):
            found.append(Proposal("visible", one, line.text))
            break
    return found


def _labelled(body: Body) -> Dateline | None:
    """The dateline in an element of its own, at the beginning of the first paragraph."""
    line = next((one for one in body.lines if one.text == body.paragraphs[0]), None)
    node = _first_element(line) if line is not None else None
    if node is None or _CALLED.isdisjoint(words_of(label_of(node))):
        return None
    return labelled_dateline(text_in(node))


def _bold(body: Body) -> tuple[Dateline, str] | None:
    """The place in bold and with a full stop that German papers begin a text with, and its text.

    Where other paragraphs begin so too, these are headings.
    """
    texts = set(body.paragraphs)
    begun = [
        (line.text, text_in(node))
        for line in body.lines
        if line.text in texts
        and (node := _first_element(line)) is not None
        and node.tag in ("b", "strong")
    ]
    begun = [(text, bold) for text, bold in begun if bold.endswith(".") and text != bold]
    if len(begun) != 1 or begun[0][0] not in body.paragraphs[:2]:
        return None
    place = labelled_dateline(begun[0][1])
    return (place, begun[0][0][:80]) if place else None


def _first_element(line: Line) -> LexborNode | None:
    """The element that a paragraph begins with; ``None`` when it begins with text."""
    node = line.nodes[0].first_child if line.nodes else None
    while node is not None and node.tag == "-text" and not (node.text_content or "").strip():
        node = node.next
    return node if node is not None and node.tag != "-text" else None


def _speaks(place: Dateline, body: Body) -> bool:
    """Whether it is a name before what somebody says, in an interview: it comes again."""
    return any(text.startswith(f"{place.raw}:") for text in body.paragraphs[2:])


def _printed(lines: Sequence[Line]) -> Iterator[tuple[Dateline, Line]]:
    """Datelines in the lines that date a story, or beside them."""
    for place, line in enumerate(lines):
        if len(line.text) > MAX_LINE or any(b.tag in _CONTROLS for b in line.box.above(LABELLED)):
            continue
        links = [text_in(link) for link in line.links()] if line.linked else []
        options = [dateline_before_date(line.text)]
        if called(line, _CALLED) or any(map(_is_dated, lines[max(0, place - 1) : place + 2])):
            nodes = sorted(line.nodes, key=lambda one: _CALLED.isdisjoint(words_of(label_of(one))))
            options += [read_dateline(text) for text in (line.text, *map(text_in, nodes))]
        for one in options:  # what is linked is a section's name, or somebody's
            if one is not None and not any(one.raw in link for link in links):
                yield one, line


def _is_dated(line: Line) -> bool:
    return len(line.text) <= MAX_LINE and DATE_LIKE.search(line.text) is not None


def _dateline(text: str) -> Dateline | None:
    """The dateline of a text that is one, or that begins with one."""
    return read_dateline(text) or dateline_of(text)
