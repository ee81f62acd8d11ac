"""From the lines of a container to the paragraphs of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsdesk.fields.text import tidy
from newsdesk.reading.body import junk
from newsdesk.reading.lines import BREAK, Box, Line

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
LINKED = 0.6


def paragraphs_of(lines: Sequence[Line], *, trusted: bool = False) -> tuple[str, ...]:
    """The paragraphs of a story among the lines of its container.

    Args:
        lines: In the page's order.
        trusted: Whether a site selector chose them: then nothing is judged, only split.
    """
    kept: list[Line] = []
    for line in lines:
        if trusted:
            kept.append(line)
            continue
        if line.tag == "h1" or _in_junk(line) or junk.is_skipped(line) or _is_links(line):
            continue
        if junk.ends_story(line) and (line.tag in _HEADINGS or len(line.text) < 40):
            if _mass(kept) >= 0.6 * _mass(lines):
                break
            continue
        kept.append(line)
    while kept and kept[-1].tag in _HEADINGS:
        kept.pop()
    texts: list[str] = []
    for line in kept:
        for part in _split(line.raw):
            if not texts or texts[-1] != part:
                texts.append(part)
    return tuple(texts)


def _split(raw: str) -> list[str]:
    if BREAK not in raw:
        text = tidy(raw)
        return [text] if text else []
    return [text for text in map(tidy, re.split(rf"(?:{BREAK}\s*)+", raw)) if text]


def _in_junk(line: Line) -> bool:
    box: Box | None = line.box
    while box is not None and box.parent is not None:  # the container itself is not judged
        if junk.is_junk(box):
            return True
        box = box.parent
    return False


def _is_links(line: Line) -> bool:
    """A teaser or a list of links: nearly all of it is linked."""
    if not line.linked:
        return False
    return line.linked >= (0.9 if line.tag == "p" and len(line.text) > 120 else LINKED) * len(
        line.text
    )


def _mass(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if len(line.text) >= 60)
