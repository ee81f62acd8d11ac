"""A page as lines of text in boxes: one walk over the tree, which everything else looks at.

A ``Line`` is what a reader sees as one block: a paragraph, a heading, a list item, a loose text
between two blocks. A ``Box`` is an element that holds lines. Boxes know their parents, so that
no later step has to ask the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from newsdesk.fields.text import tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_LINES = 20_000
MAX_DEPTH = 200
"""Elements deeper than this are read as one line: nobody reads there."""

MAX_NESTED = 30
"""Inline elements in one another that are looked into."""

MAX_APART = 1_000
"""Characters of a line that may say by whom and when, with all that a page puts beside it."""

_EMPTY = frozenset(["img", "picture", "source", "input", "hr", "amp-img", "math", "meta", "link"])
"""Elements without text, which do not part the text around them."""

_OPEN = frozenset("(\u201c\u2018\u00ab\u201e\"'[")
"""What is printed without a space before who is quoted, whom else only the page's style parts."""

_WORDS = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])")  # generated names hold digits

BREAK = "\u2028"
"""Stands for ``<br>`` inside a line's raw text."""

_LABELS = ("id", "role", "itemprop", "data-component", "data-testid")

LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figcaption", "time", "dt"])
_INLINE = frozenset(
    [
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "i", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp"),
        *("small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr", "amp-link"),
    ]
)


@lru_cache(maxsize=8_192)  # a paper's pages are of one template, its labels the same
def words_of(label: str) -> tuple[str, ...]:
    """The words of a label, in its order."""
    return tuple(_WORDS.findall(label))


class Box:
    """An element that holds lines.

    Attributes:
        node: The element.
        tag: Its name.
        parent: The box around it.
        depth: Distance from the root.
        mass: How much running text it holds; set by the body's search.
        own: How much of it stands directly inside.
        junk: Whether it is no part of a story; ``None`` until somebody judged.
    """

    __slots__ = ("_label", "depth", "junk", "mass", "node", "own", "parent", "tag")

    def __init__(self, node: LexborNode, tag: str, parent: Box | None) -> None:
        self.node = node
        self.tag = tag
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.mass = 0.0
        self.own = 0.0
        self.junk: bool | None = None
        self._label: str | None = None

    @property
    def label(self) -> str:
        """Class, id, role and similar in lower case, spaces around: what it says it is."""
        label = self._label
        if label is None:  # most boxes are never asked
            label = self._label = label_of(self.node)
        return label

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the label: ``article-body__text`` is article, body, text."""
        return words_of(self.label)

    def above(self, most: int | None = None) -> list[Box]:
        """This box and those around it, innermost first: all of them, or not more than some."""
        found: list[Box] = []
        box: Box | None = self
        while box is not None and len(found) != most:
            found.append(box)
            box = box.parent
        return found


class Line:
    """One block of text.

    Attributes:
        text: Tidied.
        tag: Name of the element that is the block.
        box: The element itself if it is a leaf, else the one that holds the loose text.
        raw: As in the tree, with ``BREAK`` for line breaks.
        nodes: The inline elements or the leaf, for what needs a second look.
    """

    __slots__ = ("_linked", "box", "nodes", "raw", "tag", "text")

    def __init__(
        self,
        text: str,
        tag: str,
        box: Box,
        raw: str,
        nodes: Sequence[LexborNode] = (),
        linked: int | None = None,
    ) -> None:
        self.text = text
        self.tag = tag
        self.box = box
        self.raw = raw
        self.nodes = nodes
        self._linked = linked

    @property
    def linked(self) -> int:
        """Characters inside links."""
        if self._linked is None:
            self._linked = sum(len(a.text()) for a in self.links())
        return self._linked

    def apart(self) -> str:
        """The raw text, with a bar where elements touch that only their style parts.

        Of ``<span>ALMATY</span><span>Nov 23</span>`` it is "ALMATY | Nov 23". An initial before the
        rest of its word stays with it. A long line is given as it is.
        """
        if len(self.raw) > MAX_APART or not self.nodes:
            return self.raw
        first = self.nodes[0]
        if len(self.nodes) == 1 and first.mem_id == self.box.node.mem_id and _is_plain(first):
            return self.raw
        text, place = self.raw, 0
        for node in self.nodes:
            glued = node.text()
            start = text.find(glued, place)
            if start < 0:
                return text
            inner = _parted(node)
            before = text[start - 1 : start]
            if before and _touch(before, inner, elements=place == start):
                inner = f" | {inner}"
            end = start + len(glued)
            text = text[:start] + inner + text[end:]
            place = start + len(inner)
            if _touch(inner[-1:], text[place : place + 1], elements=False):
                text = f"{text[:place]} | {text[place:]}"
        return text

    def links(self) -> list[LexborNode]:
        """The links in the line."""
        return inside(self.nodes, "a")


def read_lines(
    root: LexborNode, known: Mapping[int, list[Line]] | None = None, after: int = MAX_LINES
) -> list[Line]:
    """Every line below a node, in the page's order.

    Scripts, styles and the like must be gone; ``<br>`` must be ``BREAK``.

    Args:
        root: The node.
        known: Lines of elements that were read before, by the elements' ``mem_id``.
        after: How many lines are wanted after the known ones.
    """
    walk = _Walk(known or {}, after)
    walk.inside(root, Box(root, root.tag or "", None))
    return walk.lines


class _Walk:
    """Depth first; loose text is gathered until a block begins or ends."""

    def __init__(self, known: Mapping[int, list[Line]], after: int) -> None:
        self.lines: list[Line] = []
        self.known = known
        self.after = after
        self.end = MAX_LINES

    def inside(self, node: LexborNode, box: Box) -> None:
        """Reads what an element holds."""
        loose: list[str] = []
        nodes: list[LexborNode] = []
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content
                if text and (loose or not text.isspace()):
                    loose.append(text)
            elif tag in _INLINE and not holds_blocks(child):
                text = child.text()
                if text:
                    glued = tag == "cite" and loose and loose[-1][-1:] not in _OPEN
                    loose.append(f" {text}" if glued else text)
                    nodes.append(child)
            elif tag[:1] not in ("-", "!", "_", ""):
                if loose:
                    self.add("".join(loose), box.tag, box, nodes)
                    loose, nodes = [], []
                if len(self.lines) >= self.end:
                    return
                if tag in LEAVES or box.depth >= MAX_DEPTH:
                    self.add(child.text(), tag, Box(child, tag, box), [child])
                elif self.known and (again := self.known.get(child.mem_id)):
                    again[0].box.above()[-1].parent = box
                    self.lines.extend(again)
                    self.end = min(self.end, len(self.lines) + self.after)
                else:
                    self.inside(child, Box(child, tag, box))
            child = child.next
        if loose:
            self.add("".join(loose), box.tag, box, nodes)

    def add(self, raw: str, tag: str, box: Box, nodes: list[LexborNode]) -> None:
        """Notes a line if there is anything to see in it."""
        if raw and (text := tidy(raw)):
            self.lines.append(Line(text, tag, box, raw, nodes))


def _is_plain(node: LexborNode) -> bool:
    """Whether an element holds one text and nothing else."""
    child = node.first_child
    return child is None or (child.tag == "-text" and child.next is None)


def _parted(node: LexborNode, depth: int = 0) -> str:
    """The text of an inline element, with a bar where elements in it touch."""
    if depth > MAX_NESTED or _is_plain(node):
        return node.text()
    found, was_element = "", False
    child = node.first_child
    while child is not None:
        element = child.tag != "-text"
        text = _parted(child, depth + 1) if element else child.text_content or ""
        if text:
            joint = found and _touch(found[-1], text, elements=element and was_element)
            found = f"{found} | {text}" if joint else found + text
            was_element = element
        child = child.next
    return found


def _touch(before: str, after: str, *, elements: bool) -> bool:
    """Whether two texts without a space between them are two words to a reader's eye."""
    last, first = before[-1:], after[:1]
    if not last.isalnum() or not first.isalnum():
        return False
    if elements:
        return not first.islower() or "@" in after.split(maxsplit=1)[0]
    return first.isupper() and not last.isupper()


def holds_blocks(node: LexborNode, depth: int = 0) -> bool:
    """Whether an inline element is used as a block: cards are links around headings."""
    if depth > MAX_NESTED:
        return False
    child = node.first_child
    while child is not None:
        tag = child.tag or ""
        if tag in _INLINE:
            if holds_blocks(child, depth + 1):
                return True
        elif tag[:1] not in ("-", "!", "_", "") and tag not in _EMPTY:
            return True
        child = child.next
    return False


def inside(nodes: Iterable[LexborNode], tag: str, depth: int = 0) -> list[LexborNode]:
    """The elements of a name among and below some nodes; for short texts faster than a search."""
    found: list[LexborNode] = []
    if depth > MAX_NESTED:
        return found
    for node in nodes:
        if node.tag == tag:
            found.append(node)
            continue
        child = node.first_child
        while child is not None:
            name = child.tag
            if name == tag:
                found.append(child)
            elif name != "-text":
                found += inside([child], tag, depth + 1)
            child = child.next
    return found


def children(node: LexborNode) -> Iterator[LexborNode]:
    """What stands directly inside of an element, texts too, in order."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def label_of(node: LexborNode) -> str:
    """What an element says it is, in lower case, with a space at each end."""
    attributes = node.attributes
    label = attributes.get("class") or ""
    if len(attributes) > (1 if label else 0):  # most elements have a class and nothing else
        for name in _LABELS:
            if name in attributes:
                label = f"{label} {attributes[name] or ''}"
        style = attributes.get("style") or ""
        if (
            "hidden" in attributes
            or "display:none" in style.replace(" ", "")
            or attributes.get("aria-hidden") == "true"
        ):
            label += " is-hidden"
    return f" {label} ".lower() if label else " "
