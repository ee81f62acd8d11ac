"""A page as lines of text in boxes: one walk over the tree, which everything else looks at.

A ``Line`` is what a reader sees as one block: a paragraph, a heading, a list item, a loose text
between two blocks. A ``Box`` is an element that holds lines. Boxes know their parents, so that
no later step has to ask the tree again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsdesk.fields.text import tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_LINES = 20_000
MAX_DEPTH = 200
"""Elements deeper than this are read as one line: nobody reads there."""

BREAK = "\u2028"
"""Stands for ``<br>`` inside a line's raw text."""

_LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figcaption", "time", "dt"])
_INLINE = frozenset(
    [
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp"),
        *("small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "amp-link"),
    ]
)
_BLOCKS_INSIDE = (
    "p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, section, article, figure, img, table, blockquote,"
    " time, header"
)


@dataclass(slots=True, eq=False)
class Box:
    """An element that holds lines.

    Attributes:
        node: The element.
        tag: Its name.
        label: Class, id, role and similar in lower case, spaces around: what it says it is.
        parent: The box around it.
        depth: Distance from the root.
        mass: How much running text it holds; set by the body's search.
        own: How much of it stands directly inside.
        junk: Whether it is no part of a story; ``None`` until somebody judged.
    """

    node: LexborNode
    tag: str
    label: str
    parent: Box | None
    depth: int
    mass: float = 0.0
    own: float = 0.0
    junk: bool | None = None

    def above(self) -> list[Box]:
        """This box and those around it, innermost first."""
        found: list[Box] = []
        box: Box | None = self
        while box is not None:
            found.append(box)
            box = box.parent
        return found


@dataclass(slots=True, eq=False)
class Line:
    """One block of text.

    Attributes:
        text: Tidied.
        tag: Name of the element that is the block.
        box: The element itself if it is a leaf, else the one that holds the loose text.
        raw: As in the tree, with ``BREAK`` for line breaks.
        linked: Characters inside links.
        nodes: The inline elements or the leaf, for what needs a second look.
    """

    text: str
    tag: str
    box: Box
    raw: str
    linked: int = 0
    nodes: list[LexborNode] = field(default_factory=list)


def read_lines(root: LexborNode) -> list[Line]:
    """Every line below a node, in the page's order.

    Scripts, styles and the like must be gone; ``<br>`` must be ``BREAK``.
    """
    lines: list[Line] = []
    _Walk(lines).inside(root, Box(root, root.tag or "", " ", None, 0))
    return lines


class _Walk:
    """The walk: depth first, loose text gathered until a block begins or ends."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def inside(self, node: LexborNode, box: Box) -> None:
        loose: list[str] = []
        nodes: list[LexborNode] = []
        linked = 0
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content
                if text:
                    loose.append(text)
            elif tag in _INLINE and not _holds_blocks(child, tag):
                text = child.text()
                if text:
                    loose.append(text)
                    nodes.append(child)
                    if tag == "a":
                        linked += len(text)
                    elif "<a" in (child.html or "")[:2000] if len(text) > 2 else False:
                        linked += sum(len(a.text()) for a in child.css("a"))
            elif tag[:1] not in ("-", "!", "_", ""):
                if loose:
                    self.add(loose, node, box, nodes, linked)
                    loose, nodes, linked = [], [], 0
                if len(self.lines) >= MAX_LINES:
                    return
                inner = Box(child, tag, label_of(child), box, box.depth + 1)
                if tag in _LEAVES or box.depth >= MAX_DEPTH:
                    text = child.text()
                    if text and not text.isspace():
                        self.leaf(text, tag, inner)
                else:
                    self.inside(child, inner)
            child = child.next
        if loose:
            self.add(loose, node, box, nodes, linked)

    def add(
        self, loose: list[str], node: LexborNode, box: Box, nodes: list[LexborNode], linked: int
    ) -> None:
        raw = "".join(loose)
        text = tidy(raw)
        if text:
            self.lines.append(Line(text, box.tag, box, raw, linked, nodes))

    def leaf(self, raw: str, tag: str, box: Box) -> None:
        text = tidy(raw)
        if text:
            linked = sum(len(a.text()) for a in box.node.css("a"))
            self.lines.append(Line(text, tag, box, raw, linked, [box.node]))


def _holds_blocks(node: LexborNode, tag: str) -> bool:
    """Whether an inline element is used as a block: cards are links around headings."""
    inner = node.first_child
    if inner is None or (inner.tag == "-text" and inner.next is None):
        return False
    return node.css_first(_BLOCKS_INSIDE) is not None


def label_of(node: LexborNode) -> str:
    """What an element says it is, in lower case, with a space at each end."""
    attributes = node.attributes
    if not attributes:
        return " "
    parts = [
        attributes.get(name) or ""
        for name in ("class", "id", "role", "itemprop", "data-component", "data-testid")
        if name in attributes
    ]
    style = attributes.get("style") or ""
    if "hidden" in attributes or "display:none" in style.replace(" ", ""):
        parts.append("is-hidden")
    if attributes.get("aria-hidden") == "true":
        parts.append("is-hidden")
    return f" {' '.join(parts)} ".lower() if parts else " "
