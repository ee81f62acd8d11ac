"""How newspapers sign: one printed line into persons, agencies, desks and the paper itself.

Nothing is invented: what looks like no name is dropped, and an e-mail address, a date, a job
title or the paper's own name never becomes a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from newsdesk.article import Contributor
from newsdesk.fields import byline_words as words
from newsdesk.fields.agencies import agency
from newsdesk.fields.byline_parts import Parts, beginnings, spelled, without_label
from newsdesk.fields.names import loud, squash

MAX_LENGTH = 600
WORD = 3
"""Letters of initials alone on a line; more of them may be a word."""


def read_byline(
    text: str, *, outlets: Iterable[str] = (), trusted: bool = False, signed: bool = False
) -> tuple[Contributor, ...]:
    """The contributors that a printed byline names, in its order.

    Args:
        text: The line as printed, or one name of structured data.
        outlets: The paper's own names.
        trusted: Whether the text is known to be a name and nothing else (structured data):
            one word, or a word without a capital, is then a name too.
        signed: Whether the text stands where papers sign, as after "By": a desk is then one.

    >>> [(c.name, c.kind) for c in read_byline("by reuters")]
    [('Reuters', 'agency')]
    >>> [(c.name, c.kind, c.role) for c in read_byline("Daily Post with AA", outlets=["Daily Post"])]
    [('Daily Post', 'outlet', None), ('Anadolu Agency', 'agency', 'with')]
    >>> [c.name for c in read_byline("By Ada Moss and Jon Reed in Istanbul, Senior Editor")]
    ['Ada Moss', 'Jon Reed']
    """
    return _read(text[:MAX_LENGTH], tuple(outlets), trusted, signed)


@lru_cache(maxsize=256)  # a page names who signed in several places
def _read(
    text: str, outlets: tuple[str, ...], trusted: bool, signed: bool
) -> tuple[Contributor, ...]:
    own = {squash(name): name for name in reversed(outlets) if name}
    own.pop("", None)
    line = " ".join(_visible(text).split())
    if words.PAID.match(line):
        return ()
    bare = without_label(line)
    if words.REPORTERS.match(line) or words.CHINESE.match(line):
        bare = words.BETWEEN_REPORTERS.sub("、", bare)
    if loud(bare).isupper():
        bare = words.SHOUTED.sub(lambda found: found[0].lower(), bare)
    for whole in (line, bare):
        if squash(whole) in own:
            return (Contributor(spelled(whole, own), "outlet"),)
    if found := agency(bare, alone=True):
        return (Contributor(found, "agency"),)
    named = trusted or signed or bare != line
    reader = Parts(own, tuple(beginnings(outlets)), named=named, trusted=trusted)
    reader.read(_prepared(bare, own))
    return _distinct(_signed(reader.found))


def read_initials(text: str, *, outlets: Iterable[str] = ()) -> tuple[Contributor, ...]:
    """The contributors of a line that is signed by initials in small letters, else none.

    Args:
        text: The line as printed; what stands behind a semicolon is not looked at.
        outlets: The paper's own names.

    >>> [(c.name, c.kind) for c in read_initials("(mbr/dpa)")]
    [('mbr', 'person'), ('dpa', 'agency')]
    >>> read_initials("mit Material von dpa"), read_initials("dpa"), read_initials("mehr")
    ((), (), ())
    """
    found = words.INITIALS.match(text)
    if found is None:
        return ()
    own = {squash(name) for name in outlets}
    codes = re.split(r"\s*[,;/]\s*", found["codes"])
    people = []
    for code in codes:
        if wire := agency(code, alone=True):
            people.append(Contributor(wire, "agency"))
        elif squash(code) in own:
            people.append(Contributor(code, "outlet"))
        elif code.islower():
            people.append(Contributor(code, "desk" if code == "red" else "person"))
    bare = len(codes) == 1 and not found["open"]
    if (bare and len(codes[0]) > WORD) or not {one.kind for one in people} & {"person", "desk"}:
        return ()
    return _distinct(people)


def merge_bylines(lines: Sequence[tuple[Contributor, ...]]) -> tuple[Contributor, ...]:
    """Several bylines as one: every contributor once, in the order of first mention."""
    return _distinct([person for line in lines for person in line])


_AROUND_ADDRESS = re.compile(rf"[^,;|/]*(?:{words.ADDRESS.pattern})[^,;|/]*", re.IGNORECASE)


def _signed(found: list[Contributor]) -> list[Contributor]:
    """Without the papers that stand behind a person's name: they are where the person works."""
    if not any(one.kind == "person" for one in found):
        return found
    return [
        one for n, one in enumerate(found) if one.kind != "outlet" or n == 0 or one.role == "with"
    ]


def _prepared(line: str, own: Mapping[str, str]) -> str:
    """A line without addresses, dates, buttons, and brackets that hold no contributor."""
    if words.ADDRESS.search(line):  # rare, and the pattern around it is slow
        line = _AROUND_ADDRESS.sub(_kept_of(own), line)
    line = words.LEFT_OF_DATE.sub("", words.TAIL.sub("", line))
    line = words.SPECIAL.sub("", words.POSTED.sub(r"\1", line))
    if not line.isascii():
        line = words.GLUED_NAMES.sub(" | ", line)
    return words.BRACKET.sub(
        lambda found: f" | {found[1]} | " if _wanted(found[1], own) else " | ", line
    )


def _kept_of(own: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    """What stays of a part with an address in it: the paper's own domain, or the name before."""

    def kept(found: re.Match[str]) -> str:
        address = words.ADDRESS.search(found[0])
        if address is None or squash(found[0]) in own:
            return found[0]
        before = found[0][: address.start()].strip(" (\t-–—")
        return f" {before} | " if "@" in address[0] or squash(before) in own else " | "

    return kept


def _visible(text: str) -> str:
    return re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))


def _wanted(inside: str, own: Mapping[str, str]) -> bool:
    """Whether brackets hold an agency, the paper, or what somebody did; not a title or an age."""
    if words.DONE.fullmatch(inside):
        return True
    return agency(without_label(inside), alone=True) is not None or squash(inside) in own


def _distinct(people: Iterable[Contributor]) -> tuple[Contributor, ...]:
    kept: dict[str, Contributor] = {}
    for person in people:
        kept.setdefault(squash(person.name), person)
    return tuple(kept.values())
