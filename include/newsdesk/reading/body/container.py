"""The element that holds the story: where the running text of the page is.

Every paragraph gives its characters to the boxes around it; the search then goes down from the
page, towards the headline and the text, until the paragraphs of the story part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from newsdesk.fields.text import tidy
from newsdesk.reading.body import junk
from newsdesk.reading.body.weight import weight
from newsdesk.reading.lines import Box, inside

SHORT = 80
"""Characters below which a paragraph may be a teaser or a label: it counts a quarter."""

SHORTEST = 20
"""Characters below which a text is none."""

LINKED = 0.5
"""Share of linked characters from which a paragraph is a list of links."""

STAY = 0.8
"""Share of the mass that a child must hold for the search to go down into it."""

APART = 0.4
"""The same when what stands beside the child is of another kind than the child."""

WITH_HEADLINE = 0.1
"""The same for a child that holds the headline too."""

STORY = 600
"""Weighted characters that may be a whole story."""

_PARAGRAPHS = frozenset(["p", "blockquote", "pre", "dd", "li"])
_PARTS = "p, div, h2, h3, h4"
_LOOSE = "div, section, article, main, td, span, font, center"
IN_LIST = 3
"""By how much a text inside a list's item counts less."""

_LISTS = frozenset(["ul", "ol", "dl", "blockquote", "li", "p"])
"""What is a part of a story, never the whole."""

_NEVER = frozenset(["nav", "footer"])


class Boxes:
    """The boxes around some nodes, made once each."""

    def __init__(self) -> None:
        self._made: dict[int, Box] = {}
        self.children: dict[int, list[Box]] = {}

    def of(self, node: LexborNode) -> Box:
        """The box of an element."""
        chain: list[LexborNode] = []
        current: LexborNode | None = node
        while current is not None and current.mem_id not in self._made:
            chain.append(current)
            current = current.parent
        box = self._made[current.mem_id] if current is not None else None
        for one in reversed(chain):
            made = Box(one, one.tag or "", box)
            self._made[one.mem_id] = made
            if box is not None:
                self.children.setdefault(id(box), []).append(made)
            box = made
        assert box is not None  # noqa: S101 - the chain holds at least the node itself
        return box

    def below(self, box: Box) -> list[Box]:
        """The boxes directly inside one."""
        return self.children.get(id(box), [])


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that may be a paragraph: the element that holds it, and what it weighs."""

    holder: LexborNode
    size: float


def paragraphs_in(nodes: Iterable[LexborNode]) -> list[Piece]:
    """Texts in elements that are made for paragraphs, among some elements."""
    pieces = []
    for node in nodes:
        if node.tag not in _PARAGRAPHS:
            continue
        text = node.text()
        size = weight(text.strip())
        if node.tag not in ("p", "li") and node.css_first(_PARTS) is not None:
            continue  # its parts are counted
        if size >= SHORTEST and (parent := node.parent) is not None and not _is_linked(node, text):
            counted = size if size >= SHORT else size / 4
            pieces.append(Piece(parent, counted / IN_LIST if _in_list(parent) else counted))
    return pieces


def _in_list(node: LexborNode) -> bool:
    """Whether a text stands in something that is an item of a list: teasers do."""
    up = node.parent
    return node.tag == "li" or (up is not None and up.tag == "li")


def loose_in(root: LexborNode) -> list[Piece]:
    """Texts that stand in elements made for anything."""
    pieces = []
    for node in root.css(_LOOSE):
        text = tidy(node.text(deep=False))
        size = weight(text)
        if size < SHORTEST:
            continue
        # A short text is one paragraph among its siblings; a long one holds its paragraphs.
        holder = node if size >= STORY or node.tag == "td" else node.parent
        if holder is not None:
            pieces.append(Piece(holder, size if size >= SHORT else size / 4))
    return pieces


def find(root: LexborNode, pieces: Sequence[Piece], headline: LexborNode | None) -> Box | None:
    """The box that holds the story; ``None`` when no text tells.

    Args:
        root: ``<body>``.
        pieces: Texts that may be its paragraphs.
        headline: The element of the headline, if there is one.
    """
    boxes = Boxes()
    top = boxes.of(root)
    sizes: dict[Box, float] = {}
    for piece in pieces:
        holder = boxes.of(piece.holder)
        sizes[holder] = sizes.get(holder, 0.0) + piece.size
    heavy = list(sizes.items())
    _spread(heavy)
    if not top.mass:
        return None
    path = {id(box) for box in boxes.of(headline).above()} if headline is not None else set()
    whole = top.mass

    def never(box: Box) -> bool:
        return id(box) not in path and (box.tag in _NEVER or junk.is_never(box))

    def outside(box: Box, test: Callable[[Box], bool]) -> bool:
        return not any(test(one) for one in box.above())

    for box, _ in heavy:  # what calls itself junk counts only if it is most of the page
        one: Box | None = box
        while one is not None and one.junk is None:  # those around one that was judged were, too
            one.junk = never(one) or (one.mass < 0.4 * whole and junk.is_junk(one))
            one = one.parent
    kept = [(box, size) for box, size in heavy if outside(box, lambda one: bool(one.junk))]
    kept = kept or [(box, size) for box, size in heavy if outside(box, never)]
    if not kept:
        return None
    if len(kept) < len(heavy):
        for box, _ in heavy:
            for holder in box.above():
                holder.mass = holder.own = 0.0
        _spread(kept)
    return _descend(top, boxes, path)


def _spread(heavy: Iterable[tuple[Box, float]]) -> None:
    for box, size in heavy:
        box.own += size
        one: Box | None = box
        while one is not None:
            one.mass += size
            one = one.parent


def _descend(box: Box, boxes: Boxes, path: set[int]) -> Box:
    """Goes down from a box as long as one child is the story's alone."""
    while True:
        below = sorted(boxes.below(box), key=lambda one: -one.mass)
        if not below or not below[0].mass:
            return box
        heaviest = below[0]
        if heaviest.tag in _LISTS:
            return box
        titled = next((one for one in below if id(one) in path), None)
        if (
            titled is not None
            and titled.mass >= max(STORY, WITH_HEADLINE * box.mass)
            and _holds_story(titled, boxes)
            and _is_apart(box, titled, [one for one in below if one is not titled], whole=True)
        ):
            box = titled
            continue
        share = heaviest.mass / box.mass
        whole = heaviest is titled or not path or heaviest.mass >= STORY
        if share >= STAY or (share >= APART and _is_apart(box, heaviest, below[1:], whole=whole)):
            box = heaviest
            continue
        return box


def _is_apart(box: Box, child: Box, others: list[Box], *, whole: bool) -> bool:
    """Whether what stands beside a child is something else than more of the story.

    Beside a ``whole`` story, articles are other stories; beside a short text that the headline
    stands outside of, they are like it: entries of a live blog.
    """
    if box.own > 0.1 * box.mass:  # paragraphs stand beside it
        return False
    kin = [one for one in others if one.mass >= SHORT and _are_kin(one, child)]
    return all(
        (whole and one.tag == "article") or one.node.css_first("h1") is not None for one in kin
    )


def _are_kin(one: Box, other: Box) -> bool:
    """Whether two boxes are called alike: parts of one story are."""
    if one.tag != other.tag:
        return False
    mine, theirs = (frozenset(w for w in box.words if len(w) > 1) for box in (one, other))
    if not mine or not theirs:
        return mine == theirs
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _holds_story(box: Box, boxes: Boxes) -> bool:
    """Whether a box, or one below it, holds the mass of a story directly."""
    waiting = [box]
    while waiting:
        one = waiting.pop()
        if one.own >= STORY:
            return True
        # None below it holds more than a box itself does.
        waiting += [child for child in boxes.below(one) if child.mass >= STORY]
    return False


def _is_linked(node: LexborNode, text: str) -> bool:
    if len(text) > 400:  # no teaser is that long
        return False
    links = inside([node], "a")
    return bool(links) and sum(len(a.text()) for a in links) > LINKED * len(text)
