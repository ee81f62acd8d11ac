"""The parts of one byline, read from left to right: each a person, an agency, a desk or the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from newsdesk.article import Contributor, ContributorKind
from newsdesk.fields import byline_words as words
from newsdesk.fields.agencies import agency
from newsdesk.fields.cities import is_city
from newsdesk.fields.names import cased, looks_like_person, loud, squash

OWN = 6
"""Letters from which a paper's name is told from a word that a name begins with."""

_DASHES = frozenset("-–—")
_COMMAS = frozenset(",|")
_EDGES = " ,.:;|-–—•·*\"'〔〕【】"


class Parts:
    """Reads the parts of one byline from left to right."""

    def __init__(
        self, own: Mapping[str, str], beginnings: tuple[str, ...], *, named: bool, trusted: bool
    ) -> None:
        self.own = own
        self.beginnings = beginnings
        self.initials = set(map(_initials, own.values())) - {""}
        self.named = named
        self.trusted = trusted
        self.alone = False
        self.shouted = False
        self.where = False
        self.behind_comma = False
        self.found: list[Contributor] = []

    def read(self, line: str) -> None:
        """Adds the contributors of a line."""
        position = 0
        role: str | None = None
        before: re.Match[str] | None = None
        self.alone = words.SPLIT.search(line) is None
        self.shouted = loud(words.SPLIT.split(line, maxsplit=1)[0]).isupper()
        for joint in [*words.SPLIT.finditer(line), None]:
            mark = before[0].strip() if before else ""
            self.where = bool(mark) and self._is_where(mark)
            self.behind_comma = mark in _COMMAS
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
        return joint == "—" and kinds[-1:] in (["outlet"], ["desk"])

    def _part(self, part: str, role: str | None) -> None:
        part = part.strip()
        if self.found:
            part = words.JOINT.sub("", part)
            if did := words.DID.match(part):
                part, role = part[did.end() :], did["role"].lower()
        part = without_label(part.strip())
        if helped := words.BEGINS_WITH.match(part):
            helper = part[helped.end() :]
            if agency(helper) or (self.found and looks_like_person(helper)):
                part, role = helper, "with"
        is_employer = bool(self.found) and words.FOR.match(part) is not None
        part = words.FOR.sub("", part).strip(_EDGES)
        if self.found and words.DONE.fullmatch(part):
            self._title(part.lower())
        if not part or words.NO_NAME.fullmatch(part) or is_city(cased(part)):
            return
        key = squash(part)
        if key in self.own or key.removeprefix("the") in self.own:
            self._add(spelled(part, self.own), "outlet", role)
        elif found := agency(part) or agency(words.PLACE.sub("", part)) or _wired(part):
            self._add(found, "agency", role)
        elif is_employer or self._is_employer(part):
            return
        elif self._is_department(part, key):
            self._department(part, role)
        elif self.found and (words.DEGREES.fullmatch(part) or words.SUFFIX.fullmatch(part)):
            return
        elif not self.found and words.DESK.search(part) and not self._titled(part):
            self._desk(words.PLACE.sub("", part), role)
        elif words.TITLE.fullmatch(part) or words.TITLE_OF.fullmatch(part):
            self._title(part)
        elif not self.where and not self._is_desk_s_place(part):
            self._name(words.PLACE.sub("", part), role)

    def _name(self, part: str, role: str | None) -> None:
        """A part that is a desk, an organisation or a person, or none of them."""
        after_person = self._is_after_person()
        if titled := self._titled(part):
            self._add(cased(titled[0]), "person", titled[1])
        elif (title := words.TITLE_END.search(part)) and (
            after_person or looks_like_person(part[: title.start()])
        ):
            self._title(part)
        elif title and (wire := agency(part[: title.start()])):
            self._add(wire, "agency", role)
        elif (name := self._apart_from_own(part)) != part:
            self._name(name, role)
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
                self._add(cased(part), "person", role)

    def _titled(self, part: str) -> tuple[str, str] | None:
        """A person's name and the job title behind it, without a comma, or before it."""
        if (title := words.TITLE_END.search(part)) or (title := self._of_staff(part)):
            name = self._apart_from_own(part[: title.start()].strip(_EDGES))
        elif title := words.TITLE_BEFORE.match(part):
            name = part[title.end() :]
        else:
            return None
        if not looks_like_person(name, trusted=self.trusted) or words.DESK.search(name):
            return None
        if words.ORGANISATION.search(name):
            return None
        if name.startswith("The ") or words.TITLE_WORD.fullmatch(name.split()[0]):
            return None
        return (name, title[0].strip()) if agency(name) is None else None

    def _is_desk_s_place(self, part: str) -> bool:
        """Whether it is where a desk is, in a script whose names look like any other word."""
        is_desk_s = self.behind_comma and bool(self.found) and self.found[-1].kind == "desk"
        return is_desk_s and not any(c.isupper() or c.islower() for c in part)

    def _of_staff(self, part: str) -> re.Match[str] | None:
        """The end of a part that names the paper by its last word: "Ada Moss Globe Staff"."""
        end = words.STAFF_END.search(part)
        key = squash(end["paper"]) if end else ""
        return end if key and any(own.endswith(key) for own in self.own) else None

    def _is_employer(self, part: str) -> bool:
        """Whether a part is the newspaper at which the person before it works."""
        if not self.behind_comma or not self._is_after_person():
            return False
        return bool(words.STAFF.fullmatch(part) or words.EMPLOYER.fullmatch(part))

    def _is_after_person(self) -> bool:
        return bool(self.found) and self.found[-1].kind == "person"

    def _apart_from_own(self, part: str) -> str:
        """A person's name without the paper's or its initials, which need no comma before them."""
        for name, rest in _cuts(part):
            paper = rest.removeprefix("of ").removeprefix("for ")
            if squash(paper) in self.own or rest in self.initials:
                return name if looks_like_person(name) else part
        return part

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
        if self._is_after_person() and not self.found[-1].role:
            last = self.found[-1]
            self.found[-1] = Contributor(last.name, last.kind, part.strip(" .,-") or None)


def beginnings(names: Iterable[str]) -> Iterator[str]:
    """The paper's names that no person's name begins with, squashed: those of several words."""
    for name in names:
        key = squash(name)
        if " " not in name or len(key) < OWN:
            continue
        yield key
        if name.lower().startswith("the ") and name.count(" ") > 1:
            yield key.removeprefix("the")


def _initials(name: str) -> str:
    """The first letters of a name of two to four words, in capitals."""
    found = "".join(word[0] for word in name.split()).upper()
    return found if 2 <= len(found) <= 4 else ""


def _wired(part: str) -> str | None:
    """The agency of a part that is its code and the place from which it tells."""
    code, _, place = part.partition(" ")
    is_place = place.istitle() and len(place.split()) <= 3
    return agency(code) if is_place and len(code) > 2 and code.isupper() else None


def _cuts(part: str) -> Iterator[tuple[str, str]]:
    """A part cut in two, the first of two words or more: what may be a name, and what is behind."""
    words_ = part.split()
    for place in range(2, len(words_)):
        yield " ".join(words_[:place]), " ".join(words_[place:])


def _works_for(part: str) -> tuple[str, str] | None:
    """A person's name and what stands behind it without a comma: an agency, or a broadcaster.

    One word behind a name may be another name; two words, or a code in capitals, are none.
    """
    for name, behind in _cuts(part):
        rest = behind.removeprefix("of ")
        is_code = len(rest) > 2 and behind.split()[0].isupper() and not name.isupper()
        is_wire = (" " in rest or is_code) and agency(rest) is not None
        is_called = is_code or rest.startswith("The ")
        is_company = " " in rest and is_called and words.ORGANISATION.search(rest) is not None
        is_of = behind.startswith("of ") and rest.removeprefix("the ")[:1].isupper()
        if (is_wire or is_company or is_of) and looks_like_person(name):
            return name, rest
    return None


def without_label(line: str) -> str:
    """A line without what stands before its names, such as "By"."""
    for _ in range(3):
        label = words.LABEL.match(line) or words.GLUED.match(line) or words.REPORTERS.match(line)
        if not label:
            break
        line = line[label.end() :]
    return line.strip(_EDGES)


def spelled(name: str, own: Mapping[str, str]) -> str:
    """The paper's name as printed, or as the paper spells it where it is printed in one case."""
    return own.get(squash(name), name) if name.isupper() or name.islower() else name
