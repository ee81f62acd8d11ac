"""The lines around a story's text: where papers print who wrote it, when, and from where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborNode

from newsdesk.fields.text import tidy
from newsdesk.reading.body import Body
from newsdesk.reading.document import Document
from newsdesk.reading.lines import BREAK, Box, Line, label_of, read_lines, words_of

TEXT = 100
"""Weighted characters from which a body is one that other lines stand around."""

BEFORE = 30
"""Lines looked at between headline and text."""

ABOVE = 8
"""Lines looked at above the headline: some papers date a story there."""

AFTER = 40
"""Lines looked at below the text."""

INSIDE = 12
"""Lines between paragraphs that are looked at."""

LABELLED = 4
"""Boxes around a line whose names say what the line is."""

NESTED = 3
"""Elements in one another inside a line that are looked into for their names."""

NEAR_TAIL = 12
"""Lines below the text that may still date or sign it."""


@dataclass(frozen=True)
class Surroundings:
    """Lines around and between the text, none of them part of it.

    Attributes:
        head: From the headline to the first paragraph.
        inside: Between paragraphs: a standfirst may stand before the byline.
        above: Before the headline, nearest first.
        tail: After the last paragraph.
    """

    head: tuple[Line, ...] = ()
    inside: tuple[Line, ...] = ()
    above: tuple[Line, ...] = ()
    tail: tuple[Line, ...] = ()

    @cached_property
    def near(self) -> tuple[Line, ...]:
        """All of them, the likelier places for a byline or a date first."""
        return (*self.head, *self.inside, *self.above, *self.tail[:NEAR_TAIL])


def look_around(doc: Document, body: Body | None, headline: LexborNode | None) -> Surroundings:
    """The lines around a body, or around the headline when there is no body."""
    root = doc.tree.body
    if root is None:
        return Surroundings()
    if body is not None and body.size < TEXT:
        body = None  # what there is may itself be a date or a name
    inner = body.node if body is not None else None
    known = {inner.mem_id: list(body.lines)} if body is not None and inner is not None else {}
    lines = read_lines(
        _common(headline, inner) or root, known if body and body.lines else None, AFTER
    )
    start = _find(lines, headline)
    paragraphs = body.paragraphs if body is not None else ()
    first = _line_with(lines, paragraphs[0], start or 0) if paragraphs else None
    if first is None and start is not None and paragraphs:
        first, start = _line_with(lines, paragraphs[0], 0), None
    if first is None:
        at = -1 if start is None else start
        return Surroundings(
            head=_cut(lines[at + 1 : at + 1 + BEFORE]),
            above=_cut(lines[max(0, at - ABOVE) : max(0, at)][::-1]),
        )
    last = _line_with(lines, paragraphs[-1], first) or first
    top = start if start is not None else max(-1, first - BEFORE - 1)
    texts = set(paragraphs)
    return Surroundings(
        head=_cut(lines[top + 1 : first][:BEFORE]),
        inside=_cut([line for line in lines[first:last] if line.text not in texts][:INSIDE]),
        above=_cut(lines[max(0, top - ABOVE) : max(0, top)][::-1]),
        tail=_cut(_of_story(lines[last + 1 :][:AFTER], lines[last])),
    )


def _cut(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines cut at line breaks: outside of the text each one says something else."""
    found: list[Line] = []
    for line in lines:
        raw = line.apart()
        if BREAK not in raw:
            text = line.text if raw is line.raw else tidy(raw)
            found.append(
                line if text == line.text else Line(text, line.tag, line.box, raw, line.nodes)
            )
            continue
        parts = [part for part in map(tidy, raw.split(BREAK)) if part]
        found += [Line(part, line.tag, line.box, part, line.nodes) for part in parts]
    return tuple(found)


def _of_story(lines: Sequence[Line], last: Line) -> list[Line]:
    """Lines below a story's last one, without those of comments and of other stories' boxes."""
    around = {id(box) for box in last.box.above()}

    def is_elsewhere(line: Line) -> bool:
        box: Box | None = line.box
        while box is not None and id(box) not in around:  # what holds the story holds them all
            if box.tag == "aside" or (
                _is_called(box.label, _ELSEWHERE, ()) and not _is_called(box.label, _FILED, ())
            ):
                return True
            box = box.parent
        return False

    return [line for line in lines if not is_elsewhere(line)]


def _common(one: LexborNode | None, other: LexborNode | None) -> LexborNode | None:
    """The innermost element that holds both."""
    if one is None or other is None:
        return None
    mine = set()
    node: LexborNode | None = one
    while node is not None:
        mine.add(node.mem_id)
        node = node.parent
    node = other
    while node is not None and node.mem_id not in mine:
        node = node.parent
    return node


def _find(lines: list[Line], node: LexborNode | None) -> int | None:
    if node is None:
        return None
    for place, line in enumerate(lines):
        if line.box.node.mem_id == node.mem_id:
            return place
    return None


def _line_with(lines: list[Line], text: str, start: int) -> int | None:
    for place in range(start, len(lines)):
        if text in lines[place].text:
            return place
    return None


def called(line: Line, names: frozenset[str], beginnings: tuple[str, ...] = ()) -> bool:
    """Whether one of the innermost boxes around a line is called by some word."""
    return any(_is_called(box.label, names, beginnings) for box in line.box.above(LABELLED))


@lru_cache(maxsize=8_192)  # a paper's pages are of one template, its labels the same
def _is_called(label: str, names: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    words = words_of(label)
    if not names.isdisjoint(words):
        return True
    return bool(beginnings) and any(word.startswith(beginnings) for word in words)


def is_byline_box(line: Line) -> bool:
    """Whether a line stands in what calls itself a byline."""
    return called(line, _BYLINE, _BEGINNINGS)


def signing(line: Line, *, in_byline: bool) -> list[str]:
    """Texts of the elements inside a line that say they hold who signed.

    In what calls itself a byline, one that is called a name does, too.
    """
    if called(line, _ELSEWHERE):
        return []
    names = _BYLINE | {"name"} if in_byline else _BYLINE

    def holds(label: str) -> bool:
        if not _is_called(label, names, _BEGINNINGS):
            return False
        return not _is_called(label, _BESIDE_NAMES, ()) and not _is_called(label, _ELSEWHERE, ())

    return _texts(line, holds)


def places_in(line: Line) -> list[str]:
    """Texts of the elements inside a line that say they hold a place."""
    return _texts(line, lambda label: _is_called(label, _PLACE, ()))


def _texts(line: Line, is_meant: Callable[[str], bool]) -> list[str]:
    """Texts of the outermost elements inside a line whose labels are meant."""
    found: list[str] = []
    waiting = [(node, 0) for node in reversed(line.nodes)]
    while waiting:
        node, depth = waiting.pop()
        own = depth == 0 and node.mem_id == line.box.node.mem_id  # a leaf: its label is the box's
        text = tidy(node.text()) if not own and is_meant(label_of(node)) else ""
        if text and text in line.text:  # of a line cut at a break, the rest's elements are no part
            found.append(text)
        elif depth < NESTED:
            inner = node.last_child
            while inner is not None:
                if inner.tag != "-text":
                    waiting.append((inner, depth + 1))
                inner = inner.prev
    return found


def is_caption(line: Line) -> bool:
    """Whether a line belongs to a picture."""
    above = line.box.above(LABELLED)
    return any(box.tag in _FIGURE or "caption" in box.label for box in above)


_ELSEWHERE = frozenset(
    [
        *("comment", "comments", "commenting", "disqus", "related", "recommended", "teaser"),
        *("teasers", "sidebar", "trending", "popular", "mostread", "commentlist", "respond"),
    ]
)
_FILED = frozenset(["topics", "topic", "tags", "keywords"])
"""What the box of a story's related topics is called, too."""

_BEGINNINGS = ("author", "byline")
_BESIDE_NAMES = frozenset(
    [
        *("title", "role", "job", "position", "bio", "description", "date", "time", "avatar"),
        *("image", "photo", "credit", "caption", "quote", "social", "email", "label", "prefix"),
    ]
)
"""What elements are called that stand beside a name, or name who did something else."""

_PLACE = frozenset(["location", "place", "city", "local", "lugar", "ort", "luogo", "dateline"])
_FIGURE = frozenset(["figure", "figcaption"])
_BYLINE = frozenset(
    [
        *("autor", "autore", "auteur", "writer", "firma", "signature", "reporter", "contributor"),
        *("byl", "yazar", "muhabir", "imza", "szerzo", "tekija", "forfatter", "skribent"),
    ]
)
