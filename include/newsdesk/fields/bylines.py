"""How newspapers sign: one printed line into persons, agencies, desks and the paper itself.

Nothing is invented: what looks like no name is dropped, and an e-mail address, a date, a job
title or the paper's own name never becomes a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from newsdesk.article import Contributor, ContributorKind
from newsdesk.fields import byline_words as words
from newsdesk.fields import casing
from newsdesk.fields.agencies import agency

MAX_LENGTH = 600
OWN = 6
"""Letters from which a paper's name is told from a word that a name begins with."""

WORD = 3
"""Letters of initials alone on a line; more of them may be a word."""

_NO_LETTERS = re.compile(r"[^a-z0-9]+")


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
    bare = _without_label(line)
    if _loud(bare).isupper():
        bare = words.SHOUTED.sub(lambda found: found[0].lower(), bare)
    for whole in (line, bare):
        if squash(whole) in own:
            return (Contributor(_spelled(whole, own), "outlet"),)
    if found := agency(bare, alone=True):
        return (Contributor(found, "agency"),)
    named = trusted or signed or bare != line
    reader = _Parts(own, tuple(_beginnings(outlets)), named=named, trusted=trusted)
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


@lru_cache(maxsize=4096)  # a page's names are compared with one another many times
def squash(text: str) -> str:
    """Letters and digits alone, in one case: for comparing names.

    >>> squash("The Daily-Post!")
    'thedailypost'
    """
    if text.isascii():
        return _NO_LETTERS.sub("", text.lower())
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def looks_like_person(name: str, *, trusted: bool = False) -> bool:
    """Whether a text looks like one person's name.

    >>> looks_like_person("Ada Moss"), looks_like_person("Read more here")
    (True, False)
    """
    words_ = name.split()
    if not 2 <= len(name) <= 60 or sum(w.lower() not in words.PARTICLES for w in words_) > 6:
        return False
    if words.NO_NAME.fullmatch(name) or re.search(r"[@#<>{}=_?!:%…+]", name):
        return False
    if any(c.isdigit() for c in name):
        return False
    if words.NOT_IN_NAMES.search(name):
        return False
    if not any(c.isupper() or c.islower() for c in name):  # a script without case
        return len(words_) <= 4 and len(name) <= 24 and "を" not in name and "の記事" not in name
    if trusted:
        return len(words_) >= 2 or name[:1].isupper()
    if any(not w[:1].isupper() and w.lower() not in words.PARTICLES for w in words_):
        return False
    return sum(w[:1].isupper() for w in words_) >= 2


class _Parts:
    """Reads the parts of one byline from left to right."""

    def __init__(
        self, own: Mapping[str, str], beginnings: tuple[str, ...], *, named: bool, trusted: bool
    ) -> None:
        self.own = own
        self.beginnings = beginnings
        self.named = named
        self.trusted = trusted
        self.alone = False
        self.shouted = False
        self.where = False
        self.found: list[Contributor] = []

    def read(self, line: str) -> None:
        """Adds the contributors of a line."""
        position = 0
        role: str | None = None
        before: re.Match[str] | None = None
        self.alone = words.SPLIT.search(line) is None
        self.shouted = _loud(words.SPLIT.split(line, maxsplit=1)[0]).isupper()
        for joint in [*words.SPLIT.finditer(line), None]:
            self.where = before is not None and self._is_where(before[0].strip())
            self._part(line[position : joint.start() if joint else len(line)], role)
            if joint:
                position = joint.end()
                role = "with" if words.WITH.search(joint[0]) else None
            before = joint

    def _is_where(self, joint: str) -> bool:
        """Whether what follows says from where: "Ada Moss, The Daily Post — Little Oaken"."""
        kinds = [one.kind for one in self.found[-2:]]
        if joint in _DASHES and kinds == ["person", "outlet"]:
            return True
        if joint == "|":
            return kinds[-1:] == ["agency"]
        return joint == "—" and (kinds[-1:] in (["outlet"], ["desk"]))

    def _part(self, part: str, role: str | None) -> None:
        part = part.strip()
        if self.found:
            part = words.JOINT.sub("", part)
            if did := words.DID.match(part):
                part, role = part[did.end() :], did["role"].lower()
        part = _without_label(part.strip())
        if (wire := words.BEGINS_WITH.match(part)) and agency(part[wire.end() :]):
            part, role = part[wire.end() :], "with"
        is_employer = bool(self.found) and words.FOR.match(part) is not None
        part = words.FOR.sub("", part).strip(_EDGES)
        if self.found and words.DONE.fullmatch(part):
            self._title(part.lower())
        if not part or words.NO_NAME.fullmatch(part):
            return
        key = squash(part)
        if key in self.own or key.removeprefix("the") in self.own:
            self._add(_spelled(part, self.own), "outlet", role)
        elif found := agency(part) or agency(words.PLACE.sub("", part)) or _wired(part):
            self._add(found, "agency", role)
        elif is_employer:
            return
        elif self._is_department(part, key):
            self._department(part, role)
        elif self.found and (words.DEGREES.fullmatch(part) or words.SUFFIX.fullmatch(part)):
            return
        elif not self.found and words.DESK.search(part) and not self._titled(part):
            self._desk(words.PLACE.sub("", part), role)
        elif words.TITLE.fullmatch(part) or words.TITLE_OF.fullmatch(part):
            self._title(part)
        elif not self.where:
            self._name(words.PLACE.sub("", part), role)

    def _name(self, part: str, role: str | None) -> None:
        """A part that is a desk, an organisation or a person, or none of them."""
        after_person = bool(self.found) and self.found[-1].kind == "person"
        if titled := self._titled(part):
            self._add(_cased(titled[0]), "person", titled[1])
        elif (title := words.TITLE_END.search(part)) and (
            after_person or looks_like_person(part[: title.start()])
        ):
            self._title(part)
        elif behind := _works_for(part):
            self._name(behind[0], role)
            if wire := agency(behind[1]):
                self._add(wire, "agency", None)
        elif words.DESK.search(part):
            self._desk(part, role)
        elif words.AGENCY.search(part):
            if self.named:
                self._add(part, "agency", role)
        elif words.ORGANISATION.search(part) or (
            after_person and (part.startswith("The ") or self._is_shouted(part))
        ):
            if self.named:
                self._add(part, "outlet", role)
        else:
            part = re.sub(rf"(?:[\s,]+{words.DEGREES.pattern})+$", "", part)
            part = words.HONORIFIC.sub("", part)
            if looks_like_person(part, trusted=self.trusted and (self.alone or " " in part)):
                self._add(_cased(part), "person", role)

    def _titled(self, part: str) -> tuple[str, str] | None:
        """A person's name and the job title behind it, without a comma."""
        title = words.TITLE_END.search(part)
        if title is None:
            return None
        name = part[: title.start()].strip(_EDGES)
        if not looks_like_person(name, trusted=self.trusted) or words.DESK.search(name):
            return None
        if words.ORGANISATION.search(name):
            return None
        if name.startswith("The ") or words.TITLE_WORD.fullmatch(name.split()[0]):
            return None
        return (name, title[0].strip()) if agency(name) is None else None

    def _is_shouted(self, part: str) -> bool:
        """Whether a part is in capitals behind a name that is not: where the person works."""
        if re.fullmatch(r"[A-Z]{3,6}", part):
            return True
        return " " in part and part.isupper() and not self.shouted

    def _is_department(self, part: str, key: str) -> bool:
        """Whether a part is the paper's name and behind it a department's."""
        if key.startswith(self.beginnings):
            return True
        first, _, rest = part.partition(" ")  # one word may be a person's, too
        is_own = len(first) >= OWN and squash(first) in self.own
        return is_own and words.DEPARTMENT.fullmatch(rest) is not None

    def _department(self, part: str, role: str | None) -> None:
        """The paper's own name and a department of it: who signs there, or works there."""
        if not self.found:
            self._desk(part, role)
        elif words.TITLE_END.search(part):
            self._title(part)

    def _desk(self, part: str, role: str | None) -> None:
        if self.named and len(part.split()) <= 6 and not re.search(r"\d{3}", part):
            self._add(part, "desk", role)

    def _add(self, name: str, kind: ContributorKind, role: str | None) -> None:
        self.found.append(Contributor(name, kind, role))

    def _title(self, part: str) -> None:
        """A job title belongs to the name before it."""
        if self.found and self.found[-1].kind == "person" and not self.found[-1].role:
            last = self.found[-1]
            self.found[-1] = Contributor(last.name, last.kind, part.strip(" .,-") or None)


def _beginnings(names: Iterable[str]) -> Iterator[str]:
    """The paper's names that no person's name begins with, squashed: those of several words."""
    for name in names:
        key = squash(name)
        if " " not in name or len(key) < OWN:
            continue
        yield key
        if name.lower().startswith("the ") and name.count(" ") > 1:
            yield key.removeprefix("the")


_AROUND_ADDRESS = re.compile(rf"[^,;|/]*(?:{words.ADDRESS.pattern})[^,;|/]*", re.IGNORECASE)
_PREFIXED = re.compile(r"\b([A-Z][a-z]{1,2})([A-Z]{3,})\b")
_DASHES = frozenset("-–—")
_EDGES = " ,.:;|-–—•·*\"'"


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
    line = words.POSTED.sub(r"\1", words.TAIL.sub("", line))
    if not line.isascii():
        line = words.GLUED_NAMES.sub(" | ", line)
    return words.BRACKET.sub(
        lambda found: f" | {found[1]} | " if _wanted(found[1], own) else " | ", line
    )


def _wired(part: str) -> str | None:
    """The agency of a part that is its code and the place from which it tells."""
    code, _, place = part.partition(" ")
    is_place = place.istitle() and len(place.split()) <= 3
    return agency(code) if is_place and len(code) > 2 and code.isupper() else None


def _works_for(part: str) -> tuple[str, str] | None:
    """A person's name and what stands behind it without a comma: an agency, or a broadcaster.

    One word behind a name may be another name; two words, or a code in capitals, are none.
    """
    parts = part.split()
    for place in range(2, len(parts)):
        name, rest = " ".join(parts[:place]), " ".join(parts[place:]).removeprefix("of ")
        is_code = len(rest) > 2 and parts[place].isupper() and not name.isupper()
        is_wire = (" " in rest or is_code) and agency(rest) is not None
        is_company = " " in rest and is_code and words.ORGANISATION.search(rest) is not None
        if (is_wire or is_company) and looks_like_person(name):
            return name, rest
    return None


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


def _without_label(line: str) -> str:
    for _ in range(3):
        label = words.LABEL.match(line) or words.GLUED.match(line)
        if not label:
            break
        line = line[label.end() :]
    return line.strip(_EDGES)


def _wanted(inside: str, own: Mapping[str, str]) -> bool:
    """Whether brackets hold an agency, the paper, or what somebody did; not a title or an age."""
    if words.DONE.fullmatch(inside):
        return True
    return agency(_without_label(inside), alone=True) is not None or squash(inside) in own


def _spelled(name: str, own: Mapping[str, str]) -> str:
    """The paper's name as printed, or as the paper spells it where it is printed in one case."""
    return own.get(squash(name), name) if name.isupper() or name.islower() else name


def _cased(name: str) -> str:
    """A name printed in capitals or in small letters as a name is written."""
    turkish = casing.is_turkish(name)
    if len(name) > 4 and " " in name and (_loud(name).isupper() or name.islower()):
        return " ".join(
            w.lower()
            if i and w.lower() in words.PARTICLES
            else "-".join(_capital(part, turkish=turkish) for part in w.split("-"))
            for i, w in enumerate(name.split())
        )
    first, *rest = name.split()
    if not first.isupper() and any(map(_is_shouted, rest)) and (turkish or "I" not in name):
        rest = [_capital(w, turkish=turkish) if _is_shouted(w) else w for w in rest]
        return " ".join([first, *rest])
    return name


def _loud(text: str) -> str:
    """A text without the small letters that names keep in capitals: McMARSH."""
    return _PREFIXED.sub(lambda found: found[0].upper(), text)


def _is_shouted(word: str) -> bool:
    """Whether a word of a name is in capitals: papers tell surnames so. Numbers after one are not."""
    loud = _loud(word)
    return len(loud) > 2 and loud.isupper() and loud.isalpha() and not words.SUFFIX.fullmatch(loud)


def _capital(word: str, *, turkish: bool) -> str:
    if len(word) <= 2 and word.endswith("."):
        return word.upper()
    if prefixed := _PREFIXED.fullmatch(word):
        return prefixed[1] + prefixed[2].capitalize()
    lower = word.lower()
    if lower.startswith(("mc", "o'", "o’")) and len(lower) > 3:
        return lower[:2].capitalize() + lower[2:].capitalize()
    if turkish:  # the one language of papers in which I is no capital of i
        return word[:1].upper() + casing.lower(word[1:], turkish=True)
    return lower[:1].upper() + lower[1:]


def _distinct(people: Iterable[Contributor]) -> tuple[Contributor, ...]:
    kept: dict[str, Contributor] = {}
    for person in people:
        kept.setdefault(squash(person.name), person)
    return tuple(kept.values())
