"""The lines around a story's text: where papers print who wrote it, when, and from where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from newsdesk.reading.body import Body
from newsdesk.reading.document import Document
from newsdesk.reading.lines import Line, read_lines

BEFORE = 40
"""Lines looked at between headline and text."""

ABOVE = 12
"""Lines looked at above the headline: some papers date a story there."""

AFTER = 40
"""Lines looked at below the text."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Lines around the text.

    Attributes:
        head: From the headline to the first paragraph, without either.
        above: Before the headline.
        tail: After the last paragraph.
        first: The line of the first paragraph.
    """

    head: tuple[Line, ...] = ()
    above: tuple[Line, ...] = ()
    tail: tuple[Line, ...] = ()


def look_around(doc: Document, body: Body | None, headline: LexborNode | None) -> Surroundings:
    """The lines around a body, or around the headline when there is no body."""
    root = doc.tree.body
    if root is None:
        return Surroundings()
    inner = body.node if body is not None else None
    around = _common(headline, inner) or headline or inner or root
    lines = read_lines(around)
    start = _find(lines, headline)
    if body is None or not body.paragraphs:
        at = 0 if start is None else start
        return Surroundings(
            head=tuple(lines[at + 1 : at + 1 + BEFORE]), above=tuple(lines[max(0, at - ABOVE) : at])
        )
    first = _line_with(lines, body.paragraphs[0], start or 0)
    last = _line_with(lines, body.paragraphs[-1], first or 0)
    if first is None:
        first = min(len(lines), (start or 0) + BEFORE)
    if start is None or start > first:
        start = max(-1, first - BEFORE - 1)
    return Surroundings(
        head=tuple(lines[start + 1 : first][:BEFORE]),
        above=tuple(lines[max(0, start - ABOVE) : max(0, start)]),
        tail=tuple(lines[last + 1 :][:AFTER]) if last is not None else (),
    )


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


def labels(line: Line, depth: int = 4) -> str:
    """What the innermost boxes around a line call themselves."""
    return " ".join(box.label for box in line.box.above()[:depth])


BYLINE = re.compile(
    r"byline|by-line|(?<![a-z])authors?(?![a-z])|author-?name|writer|(?<![a-z])autore?s?(?![a-z])|firma|signature|reporter|contributor"
)
