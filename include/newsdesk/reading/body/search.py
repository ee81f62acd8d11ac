"""The body's search: site selectors, then the container's paragraphs, then what machines are told."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsdesk.fields.captions import split_credit
from newsdesk.fields.names import squash
from newsdesk.fields.text import tidy
from newsdesk.reading.body import container, junk, repair
from newsdesk.reading.body.paragraphs import (
    TEXT_TAGS,
    distinct,
    is_links,
    paragraphs_of,
    says_label,
    split_lines,
)
from newsdesk.reading.body.weight import weight
from newsdesk.reading.document import Document, drop_spoken, text_in
from newsdesk.reading.lines import BREAK, LEAVES, Box, Line, holds_blocks, read_lines

ENOUGH = 250
"""Weighted characters from which a text counts as a body at all."""


LAST = 100
"""Weighted characters below which the slow last resort is asked."""

AGREED = 0.9
"""Share of the data's text that lines of the page must make up to stand for it."""


LONG_KEY = 40
"""Letters of a line that stand in a text by no chance."""

WIDER = 1.3
"""How much more text loose elements must add to a short one in paragraphs."""

_NEVER_TEXT = "nav, footer, aside, form, [class*=newsletter], [id*=newsletter], [class*=cookie]"
MORE = 1.3
"""How much longer the data's text is when the container missed a part of the page's."""


@dataclass(frozen=True)
class Body:
    """A story's text.

    Attributes:
        rule: How it was found.
        paragraphs: In order.
        node: The element that holds it, if it is in the tree.
        evidence: The element's name and label.
        lines: The lines of the node, cut at ``<br>``, if they were read.
    """

    rule: str
    paragraphs: tuple[str, ...]
    node: LexborNode | None = None
    evidence: str = ""
    lines: tuple[Line, ...] = field(default=(), repr=False)

    @cached_property
    def size(self) -> int:
        """Weighted characters."""
        return sum(weight(one) for one in self.paragraphs)


def find_body(doc: Document, headline: LexborNode | None) -> list[Body]:
    """What may be the body, best first; empty when the page has none."""
    site = _by_site(doc)
    if site is not None and site.size >= ENOUGH:
        return [site]
    shown, told = _by_container(doc, headline), _told(doc)
    found = [body for body in (site, shown) if body is not None]
    best = max((body.size for body in found), default=0)
    if told is not None:
        agreed = _agreed(doc, shown, told) if told.size >= 0.8 * best else None
        if agreed is not None:
            found.insert(0, agreed)
        elif best < ENOUGH or told.size > 1.7 * best:
            found.insert(0, told)
        else:
            found.append(told)
        best = max(best, told.size)
    shots = _captions(doc) if best < ENOUGH else None
    if shots is not None and len(shots.paragraphs) >= 3 and shots.size > best:
        found.insert(0, shots)
        best = shots.size
    if best < LAST and site is None:
        rest = _last_resort(doc, headline)
        if rest is not None and rest.size > 2 * best:
            found.insert(0, rest)
    return found


def _agreed(doc: Document, shown: Body | None, told: Body) -> Body | None:
    """The lines of the page that make up the text which its data carries.

    Data has the whole text, often in one piece, sometimes with captions; the page has the
    paragraphs, sometimes with other things between them.
    """
    root = doc.tree.body
    if root is None:
        return None
    text = squash("".join(told.paragraphs))
    if shown is not None and shown.node is not None:
        found = _among(shown.lines, text, shown.node)
        if found is not None or told.size < MORE * shown.size:
            return found
    return _among(_lines_of(root), text, root)


def _among(lines: Sequence[Line], text: str, node: LexborNode) -> Body | None:
    """The lines that a squashed text holds, if they make it up."""
    keys = [(line, squash(line.text)) for line in lines]
    long = [n for n, (_, key) in enumerate(keys) if len(key) >= LONG_KEY and key in text]
    if not long:
        return None
    # A menu's words stand in every text: the story is from its first long line to its last,
    # with the paragraphs and the list that may end it.
    end = long[-1] + 1
    while end < len(keys) and keys[end][0].tag in TEXT_TAGS and keys[end][1] in text:
        end += 1
    own = [line for line, key in keys[long[0] : end] if len(key) > 1 and key in text]
    if sum(len(squash(one)) for one in distinct(own)) < AGREED * len(text):
        return None
    texts = distinct([one for one in own if not junk.is_skipped(one.text) and not is_links(one)])
    return Body("json_ld", texts, node, f"articleBody and {node.tag}", tuple(lines))


def _by_site(doc: Document) -> Body | None:
    selector, matched = doc.selected(doc.epoch.body)
    nodes = _outermost(matched)
    texts: list[str] = []
    for is_container, group in groupby(nodes, _is_container):
        if is_container:
            texts += _within(group)
        else:
            lines = split_lines([line for line in map(_whole, group) if line.text])
            texts += paragraphs_of(lines, trusted=True)
    if texts:
        around = nodes[0] if len(nodes) == 1 and _is_container(nodes[0]) else nodes[0].parent
        return Body("site", tuple(texts), around, selector)
    selector, matched = doc.selected(doc.epoch.container)
    for node in matched[:1]:
        if inner := paragraphs_of(_lines_of(node)):
            return Body("site", inner, node, selector)
    return None


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Elements without those that stand inside of another one, whose text would come twice."""
    found: list[LexborNode] = []
    ids: set[int] = set()
    for node in nodes:  # in the page's order: the outer one comes first
        up = node.parent
        while up is not None and up.mem_id not in ids:
            up = up.parent
        if up is None:
            found.append(node)
            ids.add(node.mem_id)
    return found


def _is_container(node: LexborNode) -> bool:
    """Whether an element that a selector found holds paragraphs, rather than being one."""
    return node.tag not in LEAVES and holds_blocks(node)


def _within(nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    """The paragraphs inside some containers, by the general rules; all there is if they keep none."""
    lines: list[Line] = []
    for node in nodes:
        drop_spoken(node)
        lines += _lines_of(node)
    return paragraphs_of(lines) or paragraphs_of(lines, trusted=True)


def _lines_of(node: LexborNode) -> list[Line]:
    return split_lines(read_lines(node))


def _whole(node: LexborNode) -> Line:
    """An element as one line."""
    tag, raw = node.tag or "", node.text()
    return Line(tidy(raw), tag, Box(node, tag, None), raw, [node], 0)


def _by_container(doc: Document, headline: LexborNode | None) -> Body | None:
    root = doc.tree.body
    if root is None:
        return None
    pieces = container.paragraphs_in(doc.marks)
    box = container.find(root, pieces, headline)
    body, mass = _body_in(box), box.mass if box is not None else 0.0
    if body is not None and body.size >= ENOUGH and mass >= container.STORY:
        return body
    wider = container.find(root, [*pieces, *container.loose_in(root)], headline)
    other = _body_in(wider)
    if other is not None and wider is not None and (body is None or wider.mass > WIDER * mass):
        return other
    return body


def _body_in(box: Box | None) -> Body | None:
    if box is None:
        return None
    drop_spoken(box.node)
    lines = _lines_of(box.node)
    texts = paragraphs_of(lines)
    evidence = f"{box.tag}{box.label}".strip()
    return Body("container", texts, box.node, evidence, tuple(lines)) if texts else None


def _captions(doc: Document) -> Body | None:
    """The captions of a page of pictures."""
    figures = doc.marked.get("figure", [])
    nodes = [n for figure in figures if (n := figure.css_first("figcaption")) is not None]
    texts = tuple(dict.fromkeys(split_credit(text_in(node))[0] or "" for node in nodes))
    texts = tuple(text for text in texts if text)
    return Body("captions", texts, None, "figcaption") if texts else None


def _told(doc: Document) -> Body | None:
    """The text that the page's JSON-LD carries."""
    written = doc.story.get("articleBody") or doc.story.get("text")
    if isinstance(written, list):
        written = "\n".join(str(one) for one in written)
    if not isinstance(written, str) or len(written) < 40:
        return None
    if ("<" in written or "&lt;" in written) and re.search(r"<(?:p|br|div)\b|&lt;p", written):
        texts = repair.paragraphs(written)
    else:
        plain = html.unescape(written) if "&" in written else written
        plain = plain.replace(BREAK, "\n")
        texts = tuple(t for t in map(tidy, re.split(r"\n+|\s{3,}", plain)) if t)
    texts = tuple(text for text in texts if not junk.is_skipped(text))
    return Body("json_ld", texts, None, "articleBody") if texts else None


def _last_resort(doc: Document, headline: LexborNode | None) -> Body | None:
    """The answer of trafilatura: slow, and only asked when nothing else found a text."""
    from trafilatura.core import extract

    text = doc.tree.html or ""
    if len(text) > 5_000_000:
        return None
    tree = LexborHTMLParser(text)  # the page's own is looked at again
    for node in reversed(tree.css(_NEVER_TEXT)):
        node.decompose()
    found = extract(
        tree.html or "", include_comments=False, include_tables=False, favor_precision=True
    )
    title = text_in(headline) if headline is not None else ""
    texts = tuple(
        line
        for line in map(tidy, (found or "").split("\n"))
        if line and line != title and not junk.is_skipped(line) and not says_label(line)
    )
    return Body("trafilatura", texts, None, "the whole page") if texts else None
