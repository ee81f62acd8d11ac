"""From the lines of a container to the paragraphs of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsdesk.fields import months
from newsdesk.fields.byline_words import BY, WROTE
from newsdesk.fields.bylines import read_byline
from newsdesk.fields.captions import ends_in_credit
from newsdesk.fields.dates import DATE_LIKE
from newsdesk.fields.names import squash
from newsdesk.fields.text import tidy
from newsdesk.reading.body import junk
from newsdesk.reading.body.weight import weight
from newsdesk.reading.lines import BREAK, Box, Line

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PROSE = frozenset(["p", "li", "blockquote", "pre"])
TEXT_TAGS = _PROSE | _HEADINGS | {"dd", "dt", "td"}
_STOPS = '.!?…:"”’»)]。！？」』؟।۔։။។】）'

LINKED = 0.6
"""Share of linked characters from which a line is a teaser or a list of links."""

LONG = 200
"""Characters of a paragraph that no teaser has."""

_BREAKS = re.compile(rf"{BREAK}(?:\s*{BREAK})+")
"""An empty line: one line break alone stands inside a paragraph."""

_BREAK = re.compile(BREAK)

CARD = 5
"""Boxes from a card's text to the link around it."""

TEASERS = 3
"""Links from which a paragraph that holds hardly more is a list of other stories."""

LIST = 3
"""Items from which short ones below the text are a list of the story's, not a button."""

SUBHEAD = 80
"""Characters of a sub-head."""

LABELS = 4
"""Paragraphs among the first of which one may be a byline or a date."""

LABEL = 120
"""Characters of such a line."""

DATE_WORDS = 7
"""Words of a line that is a date and hardly anything else."""

DATE_DIGITS = 0.15
"""Share of digits in such a line."""

_BYLINE = re.compile(rf"(?:(?:{BY})\s+|(?:{WROTE})\s*)(?=[^\W\d_])", re.IGNORECASE)
_SHORTENED = re.compile(r"(?:m|\bmin|\bhrs?|\bstd|\bน)\.$", re.IGNORECASE)
"""Words of times that end in a full stop, which ends no sentence: 10 a.m., 3 min."""

BRIEF = 10
"""Weighted characters of the shortest sentence that is a paragraph of its own."""

_QUOTES = re.compile(r"[“”\"«»„]|(?<=\w)[,!?](?=[”\"» ])")
_DATES = re.compile(
    r"(?:published|updated|posted|last|first|on|by|mon|tues|wednes|thurs|fri|satur|sun|veröffentlicht|aktualisiert"
    r"|stand|publi|mis|actuali|pubblicat|aggiornat|güncell|yayın)",
    re.IGNORECASE,
)
"""How a line begins that dates a story."""

_BRIEFLY = re.compile(r"[^\W\d_]+(?:,? [^\W\d_]+){1,6}[.!?؟۔।]|[\w、，]{3,}[。！？]")
"""Such a sentence: words and a stop, no label, no number."""

_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")

LOOSE = 100
"""Characters of a text outside of any paragraph that may still be one of a story's."""


def paragraphs_of(lines: Sequence[Line], *, trusted: bool = False) -> tuple[str, ...]:
    """The paragraphs of a story among the lines of its container.

    Args:
        lines: In the page's order, cut at ``<br>``.
        trusted: Whether a site selector chose them: then nothing is judged, only split.
    """
    if trusted:
        return distinct(lines)
    kept: list[Line] = []
    begun = False
    whole = _mass(lines)
    prose = _mass([line for line in lines if line.tag in _PROSE])
    for place, line in enumerate(lines):
        if _in_junk(line):
            continue
        if (line.tag in _HEADINGS or len(line.text) < 40) and junk.ends_story(line):
            ends = line.tag in _HEADINGS or not line.linked  # one link stands between paragraphs
            if ends and _mass(kept) >= 0.6 * whole and not _goes_on(lines[place + 1 :]):
                break
            continue
        if len(kept) < LABELS and _is_label(line) and not (begun and _says_more(line)):
            continue
        begun = begun or _runs(line)
        if not _is_apart(line) and (
            line.tag in TEXT_TAGS or prose <= 0.7 * whole or len(line.text) >= LOOSE
        ):
            kept.append(line)
    return distinct(_trimmed(kept))


def _is_label(line: Line) -> bool:
    """Whether a line before the text says when or by whom: in some papers each is a paragraph."""
    return line.tag not in _HEADINGS and says_label(line.text)


def _says_more(line: Line) -> bool:
    """Whether a line with a date, below running text, tells of it: an item, or words before it."""
    first = line.text.split(maxsplit=1)[0]
    return line.tag == "li" or (
        first.isalpha()
        and DATE_LIKE.search(line.text) is not None
        and len(line.text.split()) > 5
        and months.names().get(first.lower()) is None
        and not _DATES.match(line.text)
    )


def says_label(text: str) -> bool:
    """Whether a text says when or by whom, and hardly anything else, whatever it stands in."""
    if len(text) > LABEL:
        return False
    if DATE_LIKE.search(text) and not _is_sentence(text):
        digits = sum(c.isdigit() for c in text)
        return len(text.split()) <= DATE_WORDS or digits >= DATE_DIGITS * len(text)
    text = _BRACKETS.sub("", text) or text  # "(DHA)" ends no sentence
    if _is_sentence(text):
        return False
    label = _BYLINE.match(text)
    signed = read_byline(text) if label else ()
    names = sum(len(squash(one.name)) for one in signed)
    return label is not None and names >= 0.6 * len(squash(text[label.end() :]))


def _is_sentence(text: str) -> bool:
    return text[-1] in _STOPS and not _SHORTENED.search(text)


def _goes_on(lines: Sequence[Line]) -> bool:
    """Whether a story goes on below: a box of other stories may stand between its paragraphs."""
    long = [line for line in lines if line.tag == "p" and weight(line.text) >= LONG]
    return sum(not is_links(line) and not _in_junk(line) for line in long) >= 2


def _is_apart(line: Line) -> bool:
    """Whether a line stands among a story's paragraphs without being one."""
    return (
        line.tag == "h1"
        or junk.is_skipped(line.text)
        or is_links(line)
        or ends_in_credit(line.text)
    )


def _trimmed(lines: list[Line]) -> list[Line]:
    """Lines without the labels before the first and after the last that is running text."""
    running = [n for n, line in enumerate(lines) if _runs(line)]
    while len(running) > 1 and _is_label(lines[running[-1]]):
        running.pop()
    if not running:
        return lines
    end = running[-1] + 1
    listed = end
    while listed < len(lines) and lines[listed].tag == "li":
        listed += 1
    start = running[0] - _is_first_of_headings(lines, running[0])
    return lines[start : listed if listed - end >= LIST else end]


def _is_first_of_headings(lines: Sequence[Line], place: int) -> bool:
    """Whether the line before some place is the first of several sub-heads, and no standfirst."""
    if place == 0 or lines[place - 1].tag not in _HEADINGS:
        return False
    heading = lines[place - 1]
    others = [line for line in lines[place:] if line.tag == heading.tag]
    is_one_of_them = any(_stands_as(line.box, heading.box) for line in others)
    return is_one_of_them and len(heading.text) <= SUBHEAD and heading.text[-1] not in ".…"


def _stands_as(one: Box, other: Box) -> bool:
    """Whether two elements stand in the same one, or in two that call themselves the same."""
    mine, theirs = one.parent, other.parent
    if mine is None or theirs is None or mine is theirs:
        return mine is theirs
    return one.depth == other.depth and mine.label == theirs.label


def _runs(line: Line) -> bool:
    """Whether a line is running text: long, or a sentence."""
    if line.tag in _HEADINGS:
        return False
    size = weight(line.text)
    sentence = 20 if line.tag in TEXT_TAGS else 40
    if size >= 80 or (size >= sentence and line.text[-1] in _STOPS):
        return True
    if line.tag != "p" or size < BRIEF:
        return False
    return _BRIEFLY.fullmatch(_QUOTES.sub("", line.text)) is not None


def distinct(lines: Sequence[Line]) -> tuple[str, ...]:
    """The texts of lines, those printed twice in a row once."""
    texts: list[str] = []
    for line in lines:
        if not texts or texts[-1] != line.text:
            texts.append(line.text)
    return tuple(texts)


def split_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines, cut at ``<br>``."""
    return [part for line in lines for part in _split(line)]


def _split(line: Line) -> list[Line]:
    """The lines that ``<br>`` makes of one."""
    if BREAK not in line.raw:
        return [line]
    texts = [text for text in map(tidy, _pieces(line)) if text]
    if len(texts) < 2:
        return [line]
    share = line.linked / max(1, len(line.text))
    return [
        Line(text, line.tag, line.box, text, line.nodes, int(share * len(text))) for text in texts
    ]


def _pieces(line: Line) -> list[str]:
    """The raw text of a line, cut where something else begins."""
    if line.tag not in TEXT_TAGS:
        return _BREAK.split(line.raw)
    pieces: list[str] = []
    for piece in _BREAKS.split(line.raw):
        # A table's cell holds what others print in elements: a headline, who wrote it, and when.
        inner = _BREAK.split(piece) if line.tag not in _PROSE | _HEADINGS else []
        labelled = any(says_label(text) for text in map(tidy, inner) if text)
        pieces += inner if labelled else [piece]
    return pieces


def _in_junk(line: Line) -> bool:
    return _is_within_junk(line.box)


def _is_within_junk(box: Box) -> bool:
    """Whether a box or one around it is junk; the container itself is not judged."""
    if box.junk is None:  # every box is asked once, its answer holds for all its lines
        box.junk = box.parent is not None and (junk.is_junk(box) or _is_within_junk(box.parent))
    return box.junk


def is_links(line: Line) -> bool:
    """A teaser or a list of links: nearly all of it is linked."""
    box: Box | None = line.box
    for _ in range(CARD):
        if box is None:
            break
        if box.tag == "a":
            return True  # a card: the link is around it
        box = box.parent
    if not line.linked or _is_anchor(line):
        return False
    share = line.linked / len(line.text)
    if line.tag == "p" and len(line.text) > 120:
        return share >= 0.9 or (share >= 0.8 and len(line.links()) >= TEASERS)
    return share >= LINKED


def _is_anchor(line: Line) -> bool:
    """Whether a sub-head links to its own place and nowhere else, for readers who share it."""
    return line.tag in _HEADINGS and all(
        (link.attributes.get("href") or "").startswith("#") for link in line.links()
    )


def _mass(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if len(line.text) >= 60)
