"""The element that holds the story: where the running text of the page is.

Every paragraph gives its characters to the boxes around it; the search then goes down from the
page as long as one child holds nearly all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from newsdesk.reading.body import junk
from newsdesk.reading.lines import Box, label_of

SHORT = 80
"""Characters below which a paragraph may be a teaser or a label: it counts a quarter."""

LINKED = 0.5
"""Share of linked characters from which a paragraph is a list of links."""

STAY = 0.8
"""Share of the mass that a child must hold for the search to go down into it."""

STAY_LABELLED = 0.55
"""The same for a child that calls itself a story's body."""

_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


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
            made = Box(one, one.tag or "", label_of(one), box, box.depth + 1 if box else 0)
            self._made[one.mem_id] = made
            if box is not None:
                self.children.setdefault(id(box), []).append(made)
            box = made
        assert box is not None  # noqa: S101 - the chain holds at least the node itself
        return box

    def below(self, box: Box) -> list[Box]:
        """The boxes directly inside one."""
        return self.children.get(id(box), [])


def weight(text: str) -> int:
    """Characters of a text, those of scripts without spaces or with few letters a word thrice."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(_WIDE.findall(text))


def find(root: LexborNode, nodes: Iterable[LexborNode]) -> Box | None:
    """The box that holds the story; ``None`` when no paragraph is long enough to tell.

    Args:
        root: ``<body>``.
        nodes: Elements that may be paragraphs.
    """
    boxes = Boxes()
    top = boxes.of(root)
    heavy: list[tuple[Box, float]] = []
    for node in nodes:
        text = node.text()
        size = weight(text.strip())
        if size < 20:
            continue
        linked = sum(len(a.text()) for a in node.css("a")) if "<a" in (node.html or "") else 0
        if linked > LINKED * len(text):
            continue
        parent = node.parent
        if parent is None:
            continue
        heavy.append((boxes.of(parent), size if size >= SHORT else size / 4))
    _spread(heavy)
    if not top.mass:
        return None
    whole = top.mass
    for box, _ in heavy:  # what calls itself junk counts only if it is most of the page
        for one in box.above():
            if one.lines == 0:
                one.lines = 2 if junk.is_junk(one) and one.mass < 0.4 * whole else 1
    kept = [(box, size) for box, size in heavy if all(one.lines != 2 for one in box.above())]
    for box, _ in heavy:
        for one in box.above():
            one.mass = 0.0
    _spread(kept or heavy)
    return _descend(top, boxes)


def _spread(heavy: Iterable[tuple[Box, float]]) -> None:
    for box, size in heavy:
        one: Box | None = box
        while one is not None:
            one.mass += size
            one = one.parent


def _descend(top: Box, boxes: Boxes) -> Box:
    box = top
    while True:
        heaviest = max(boxes.below(box), key=lambda one: one.mass, default=None)
        if heaviest is None:
            return box
        share = STAY_LABELLED if junk.BODY.search(heaviest.label) else STAY
        if heaviest.mass < share * box.mass:
            return box
        box = heaviest
