"""Who signs without a label: beside the date, below the text, or inside of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from selectolax.lexbor import LexborNode

from newsdesk.article import Contributor
from newsdesk.fields import bylines
from newsdesk.fields.agencies import agency
from newsdesk.fields.byline_words import SOURCE, SPLIT, WITH
from newsdesk.fields.dates import DATE_LIKE
from newsdesk.fields.names import squash
from newsdesk.reading.author_links import author_links
from newsdesk.reading.document import text_in
from newsdesk.reading.lines import Line, children, label_of
from newsdesk.reading.surroundings import Surroundings, called, is_caption

Names = tuple[Contributor, ...]
Signed = tuple[str, Names, str]
"""The rule, who signs, and the line that says so."""

MAX_LINE = 250
"""Characters of a line that may be a byline, or stand beside one."""

MAX_SIGNED = 60
"""Characters of a line that is names and nothing else."""

MAX_INITIALS = 120
"""Characters of a line that may begin with initials."""

WIRE = 6
"""Letters of an agency's name that stands beside a date."""

BESIDE = 4
"""Elements of a line with a date that may be names."""

_TOPIC = re.compile(
    r"\b(?:climate|weather|warning|northern|southern|eastern|western|central|europe|asia|africa"
    r"|america|américa|city|council|reading|listen|dakika|haber|copa|liga|league|cup|bayern|crisis"
    r"|election|elections|war|budget|court|police|health|travel|food|style|science|market|markets)\b",
    re.IGNORECASE,
)
"""Words of topics and places that two words with capitals before a date may be."""

_SOURCE = re.compile(rf"(?:^|(?<=[\s|]))(?:{SOURCE})\s?[:：]\s*[^|]{{2,60}}", re.IGNORECASE)
"""Where a story is from, as papers print it that name no writer."""

_OPENING = re.compile(
    r"^[\[(【][^\])】]{2,20}[\])】]\s?([가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4})* 기자)\s?="
    r"|^[^。（(]{0,30}[（(](?:本报|本報|实习)?[记記]者[:：]?\s?([^（）()]{2,30})[）)]"
)
"""[서울=뉴시스] 김민수 기자 = …, and 新华社北京11月3日电（记者李明）…"""

_CLOSING = re.compile(r"【([^【】、]{2,12}(?:、[^【】、]{2,12}){0,3})】$")
"""…と話した。【山田太郎】"""

_PICTURES = frozenset(["credit", "credits", "copyright", "photographer", "photo", "photocredit"])
"""What the box of a line is called that says whose a picture is."""

_NAMED = frozenset(["", "name", "fullname", "isim"])
"""What elements are called that hold a name, or anything."""

_AT = re.compile(r"\s(?:at|in|from) (?:the )?[A-Z][^,;:|]*$")
"""Where somebody was, behind the name."""


def unlabelled(
    around: Surroundings, paragraphs: Sequence[str], outlets: list[str], *, german: bool
) -> list[Signed]:
    """Who signs without any label: the surest place alone, empty when there is none.

    Args:
        around: The lines around the text.
        paragraphs: The text.
        outlets: The paper's own names.
        german: Whether initials in small letters sign.
    """
    found = (
        _beside_date(around, outlets)
        or _source(around, outlets)
        or _signature(around, outlets, german=german)
        or _in_text(paragraphs, around, outlets)
    )
    return [found] if found else []


def _beside_date(around: Surroundings, outlets: list[str]) -> Signed | None:
    """Names in the head, in the line of the date or in one beside it."""
    head = around.head
    own = {squash(name) for name in outlets}
    for place, line in enumerate(head):
        if called(line, _PICTURES):
            continue
        for text in (line.text, *map(text_in, line.nodes)):
            if _is_paper_with_agencies(text, own):
                names = bylines.read_byline(text, outlets=outlets)
                return "paper_with_agencies", names, text
        if line.linked and not author_links(line):
            continue  # a section's name
        for text in _apart_from_date(line):
            if names := people_of(text, outlets):
                return "beside_date", names, text
        beside = [*head[max(0, place - 1) : place], *head[place + 1 : place + 2]]
        if any(DATE_LIKE.search(one.text) and len(one.text) <= MAX_LINE for one in beside):
            names = () if _TOPIC.search(line.text) else _only_people(line, outlets)
            if names := names or _only_wires(line, outlets):
                return "beside_date", names, line.text
    return None


def _apart_from_date(line: Line) -> list[str]:
    """Texts in the line of a date whose elements call themselves nothing, or a name."""
    if not line.nodes or not DATE_LIKE.search(line.text):
        return []
    nodes = _elements(line)[:BESIDE]
    texts = [text_in(node) for node in nodes if label_of(node).strip() in _NAMED]
    if len(nodes) == 1:  # the date itself is in no element
        texts = [text for text in texts if line.text.startswith(text) and text != line.text]
    return [text for text in texts if not _TOPIC.search(text)]


def _elements(line: Line) -> list[LexborNode]:
    """The elements that a line is made of: where it is one paragraph, those inside of it."""
    if len(line.nodes) > 1 or line.nodes[0].mem_id != line.box.node.mem_id:
        return list(line.nodes)
    return [node for node in children(line.nodes[0]) if node.tag != "-text"]


def _source(around: Surroundings, outlets: list[str]) -> Signed | None:
    """The agency that a line names as the story's source."""
    for line in around.near:
        if len(line.text) > MAX_LINE or is_caption(line):
            continue
        if said := _SOURCE.search(line.text):
            wires = bylines.read_byline(said[0], outlets=outlets)
            if wires and all(one.kind == "agency" for one in wires):
                return "source", wires, said[0]
    return None


def _signature(around: Surroundings, outlets: list[str], *, german: bool) -> Signed | None:
    """Who signs in the first line below the text."""
    for line in around.tail[:1]:
        if found := agency(line.text, alone=line.text[:1] in "([—–"):
            return "signature", (Contributor(found, "agency"),), line.text
        if line.tag == "p" and not line.linked and (names := _only_people(line, outlets)):
            return "signature", names, line.text
        initials = german and not line.linked and len(line.text) <= MAX_INITIALS
        if initials and (names := bylines.read_initials(line.text, outlets=outlets)):
            return "signature", names, line.text
    return None


def _in_text(paragraphs: Sequence[str], around: Surroundings, outlets: list[str]) -> Signed | None:
    """Who signs inside of the text, as papers in East Asia print it: before it, or at its end."""
    below = [line.text for line in around.tail[:1]]
    places = [(text, _OPENING) for text in paragraphs[:1]]
    places += [(text, _CLOSING) for text in (*paragraphs[-1:], *below)]
    for text, form in places:
        if found := form.search(text):
            said = next(one for one in found.groups() if one)
            if names := bylines.read_byline(said, outlets=outlets, signed=True):
                return "in_text", names, said
    return None


def _only_people(line: Line, outlets: list[str]) -> Names:
    """The persons of a line that holds nothing else."""
    return () if is_caption(line) or line.tag[:1] == "h" else people_of(line.text, outlets)


def _only_wires(line: Line, outlets: list[str]) -> Names:
    """The agencies of a line that holds nothing else; a mere code may be a picture's credit."""
    if len(line.text) > MAX_SIGNED or len(squash(line.text)) < WIRE or is_caption(line):
        return ()
    names = bylines.read_byline(line.text, outlets=outlets)
    return names if all(one.kind == "agency" for one in names) else ()


def _is_paper_with_agencies(text: str, own: AbstractSet[str]) -> bool:
    """Whether a text is the paper's name and the agencies it wrote with, and nothing else."""
    text = text.lower()  # agencies are told by their codes, too, where nothing else is printed
    if len(text) > MAX_SIGNED or not WITH.search(text):
        return False
    paper, *wires = SPLIT.split(text)
    return squash(paper) in own and all(agency(one, alone=True) for one in wires)


def people_of(text: str, outlets: list[str]) -> Names:
    """The persons of a text that holds nothing else but their agencies, and where they are."""
    if len(text) > MAX_SIGNED or (not text.isupper() and not any(c.islower() for c in text)):
        return ()  # without capitals nothing tells a name from another word
    names = bylines.read_byline(text, outlets=outlets)
    if not any(one.kind == "person" for one in names):
        return ()
    letters = sum(len(squash(one.name)) for one in names if one.kind in ("person", "agency"))
    return names if letters >= 0.9 * len(squash(_AT.sub("", text))) else ()
