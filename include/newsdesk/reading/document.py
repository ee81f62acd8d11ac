"""One page, parsed once: its tree and what it says of itself to machines.

Reading order matters: scripts are read, then cut out of the tree, so that no later step meets
their text.
"""

from __future__ import annotations

from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from newsdesk.article import Page
from newsdesk.fields import urls
from newsdesk.fields.names import squash
from newsdesk.fields.text import tidy
from newsdesk.reading import jsonld
from newsdesk.reading.lines import BREAK
from newsdesk.sources import Epoch, Source

MAX_SCRIPT = 3_000_000
"""Characters of JSON-LD in one script that are looked at."""

SPOKEN = 120
"""Characters of a text for screen readers alone; a longer one is hidden for another reason."""

_FOR_SCREEN_READERS = (
    'span[class*="sr-only"], span[class*="visually"], span[class*="screen-reader"],'
    ' span[class*="screenreader"], span[class*="offscreen"], a span[hidden]'
)
_SITE_NAMES = (
    "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site",
)  # fmt: skip
_TOLD = frozenset(["meta", "title", "link", "script"])
"""What a page tells machines."""

_CUT = frozenset(["script", "style", "svg", "noscript", "template", "iframe", "select", "textarea"])
"""Elements whose text no reader sees, or that is no part of any story."""

_MARKS = (
    "h1, p, blockquote, pre, dd, li:not(:has(a,p,div)), figure, img, amp-img, source, video[poster],"
    " time, [itemprop], [rel~=tag]"
)
_SOUGHT = f"meta, title, link[rel~=canonical], br, {', '.join(sorted(_CUT))}, {_MARKS}"


class Document:
    """A page with its evidence.

    Attributes:
        page: What was captured.
        source: The paper.
        epoch: The paper's selectors for the capture's day.
        url: The address that answered.
        title_tag: ``<title>``.
        tree: Parsed by lexbor, without scripts; ``<br>`` is ``lines.BREAK``.
        metas: Contents of ``<meta>`` by lower-case name, in the page's order.
        nodes: Every object of its JSON-LD.
        story: The JSON-LD object of the story; empty when there is none.
        known: JSON-LD objects by ``@id``.
        explain: Whether every proposal is wanted, not only those that may win.
        canonical: ``<link rel=canonical>`` as written.
        marks: The elements that several fields look at, in the page's order.
        items: Microdata: elements by property name.
        tagged: Links with ``rel=tag``.
        filed: Links with ``rel="category tag"``.
        language_tag: ``<html lang>`` in lower case, empty when there is none.
    """

    def __init__(self, page: Page, source: Source, html: bytes, *, explain: bool = False) -> None:
        self.explain = explain
        self.page = page
        self.source = source
        self.epoch: Epoch = source.epoch(page.captured_at)
        self.url = urls.clean_url(page.final_url or page.url) or page.url
        self.tree = LexborHTMLParser(html)
        for selector in self.epoch.remove:
            for node in reversed(self.tree.css(selector)):  # children before their parents
                node.decompose()
        told, breaks, cut, self.marks = _sorted(self.tree.css(_SOUGHT))
        self.metas = _metas(told["meta"])
        titles = told["title"]
        self.title_tag = (tidy(titles[0].text()) or None) if titles else None
        self.canonical = _canonical(told["link"])
        self.nodes = jsonld.flatten(_scripts(told["script"]))
        self.known = jsonld.by_id(self.nodes)
        self.story = jsonld.story_of(
            self.nodes, self.meta("og:title") or self.title_tag, urls.path_of(self.url)
        )
        root = self.tree.root
        attributes = root.attributes if root is not None else {}
        self.language_tag = (attributes.get("lang") or attributes.get("xml:lang") or "").lower()
        for node in breaks:
            node.replace_with(BREAK)
        for node in cut:
            node.decompose()
        self.items: dict[str, list[LexborNode]] = {}
        self.tagged: list[LexborNode] = []
        self.filed: list[LexborNode] = []
        for node in self.marks:
            attributes = node.attributes
            for name in (attributes.get("itemprop") or "").split():
                self.items.setdefault(name, []).append(node)
            related = (attributes.get("rel") or "").split()
            if "tag" in related:
                (self.filed if "category" in related else self.tagged).append(node)

    @cached_property
    def marked(self) -> dict[str, list[LexborNode]]:
        """The marks by tag."""
        found: dict[str, list[LexborNode]] = {}
        for node in self.marks:
            found.setdefault(node.tag or "", []).append(node)
        return found

    def meta(self, *names: str) -> str | None:
        """The first content of the first of some metas that has any."""
        for name in names:
            for content in self.metas.get(name, ()):
                return content
        return None

    @cached_property
    def site_titles(self) -> list[str]:
        """Names of the paper as written: from its file, the page's data and the address."""
        source = self.source
        names = [source.title, *source.outlet_names]
        for key in _SITE_NAMES:
            names += self.metas.get(key, [])
        for value in jsonld.resolve(self.story.get("publisher"), self.known):
            names += list(jsonld.texts_of(value))
        domain = source.domains[0]
        names += [domain, domain.split(".")[0], "www." + domain]
        return [name.lstrip("@") for name in names if name]

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The same, squashed for comparing."""
        return frozenset(squash(name) for name in self.site_titles) - {""}

    def first_meta(self, names: tuple[str, ...]) -> list[str]:
        """All contents of the first of some metas that has any."""
        return next((self.metas[name] for name in names if name in self.metas), [])

    @property
    def path(self) -> str:
        """Path of the recorded address."""
        return urls.path_of(self.page.url)

    def select(self, selectors: tuple[str, ...]) -> list[LexborNode]:
        """What the first site selector that finds anything finds."""
        return self.selected(selectors)[1]

    def selected(self, selectors: tuple[str, ...]) -> tuple[str, list[LexborNode]]:
        """The first site selector that finds anything, and what it finds."""
        for selector in selectors:
            try:
                found = self.tree.css(selector)
            except SelectolaxError:
                continue  # ``check_selectors`` says so; one bad selector loses no page
            if found:
                return selector, found
        return "", []


def _sorted(
    found: list[LexborNode],
) -> tuple[dict[str, list[LexborNode]], list[LexborNode], list[LexborNode], list[LexborNode]]:
    """What one search found, by its use: told to machines, line breaks, to be cut, marks.

    One search for all of it: a search costs its walk over the tree, whatever it looks for. What
    stands inside of something that will be cut is gone with it: it may only be told.
    """
    told: dict[str, list[LexborNode]] = {tag: [] for tag in _TOLD}
    breaks: list[LexborNode] = []
    cut: list[LexborNode] = []
    marks: list[LexborNode] = []
    within: int | None = None
    for node in found:
        tag = node.tag or ""
        if tag in told:
            told[tag].append(node)
        if within is not None:
            if _is_inside(node, within):
                continue
            within = None
        if tag in _CUT:
            cut.append(node)
            within = node.mem_id
        elif tag == "br":
            breaks.append(node)
        else:
            marks.append(node)
    return told, breaks, cut, marks


def _is_inside(node: LexborNode, other: int) -> bool:
    """Whether an element stands in another one, told by its ``mem_id``."""
    up = node.parent
    while up is not None and up.mem_id != other:
        up = up.parent
    return up is not None


def _canonical(links: list[LexborNode]) -> str | None:
    for node in links:
        attributes = node.attributes
        if "canonical" in (attributes.get("rel") or "").lower():
            return attributes.get("href")
    return None


def _scripts(nodes: list[LexborNode]) -> list[object]:
    """The values of the scripts that hold JSON-LD."""
    values = []
    for node in nodes:
        if "ld+json" not in (node.attributes.get("type") or "").lower():
            continue
        text = node.text()
        if text and len(text) <= MAX_SCRIPT:
            value = jsonld.parse(text)
            if value is not None:
                values.append(value)
    return values


def _metas(nodes: list[LexborNode]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in nodes:
        attributes = node.attributes
        content = attributes.get("content")
        content = tidy(content) if content else ""
        if not content:
            continue
        for kind in ("property", "name", "itemprop", "http-equiv"):
            written = attributes.get(kind)
            if written:
                key = "".join(written.lower().split())
                values = found.setdefault(key, [])
                if content not in values:
                    values.append(content)
    return found


def drop_spoken(node: LexborNode) -> None:
    """Cuts out of an element what is there for screen readers alone."""
    for inner in node.css(_FOR_SCREEN_READERS):
        text = inner.first_child
        alone = text is not None and text.next is None and text.tag == "-text"
        if text is not None and alone and len(text.text_content or "") <= SPOKEN:
            text.decompose()  # the element stays: others may point at it


def text_in(node: LexborNode) -> str:
    """An element's text as one line."""
    return tidy(node.text())


def value_of(node: LexborNode) -> str:
    """What a microdata element says: its machine-readable attribute, else its text."""
    attributes = node.attributes
    for name in ("content", "datetime", "href", "src"):
        if value := attributes.get(name):
            return tidy(value)
    return text_in(node)
