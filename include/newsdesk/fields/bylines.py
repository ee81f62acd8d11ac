"""How newspapers sign: one printed line into persons, agencies, desks and the paper itself.

Nothing is invented: what looks like no name is dropped, and an e-mail address, a date, a job
title or the paper's own name never becomes a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from newsdesk.article import Contributor, ContributorKind
from newsdesk.fields.agencies import agency

MAX_LENGTH = 600

_LABEL = re.compile(
    r"^\s*(?:(?:written|compiled|reported|edited|posted|published|story|words|text|report|analysis|review|opinion"
    r"|interview|exclusive|column)s?\s+by|reporting by|by|von|par|por|di|da|door|av|af|oleh|od|autore?:?|autora:?"
    r"|authors?\s?:|autor(?:en|i|es)?\s?:|auteurs?\s?:|texte?\s?:|tekst\s?:|texto\s?:|from|fra|från|ein[e]? .{3,40} von"
    r"|haber\s?:|yazan\s?:|editör\s?:|penulis\s?:|reporter\s?:|writer\s?:|bericht von|redacción\s?:|foto\s?:|photos?\s?:"
    r"|بقلم|كتب[ت]?|автор\s?:|текст\s?:|取材・文|文：?|記者)(?=[\s:：]|$)\s*[:：]?\s*",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\S+@\S+\.\w+|(?<!\w)@\w+|https?://\S+|www\.\S+|\S+\.(?:com|net|org)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:(?:last\s+)?updated|published|posted|modified|aktualisiert|veröffentlicht|publicado|actualizado|mis à jour"
    r"|publié|pubblicato|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\d+\s*min(?:ute)?s?\b"
    r"|\d+ comments?|follow\b|read more|share\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·\n\t/]|,|\s[-–—]\s|、|，|・|\s(?:and|&|und|et|y|ve|og|och|en|e|i|и|և|és|ja|dan)\s"
    r"|\s(?:with|mit|avec|con|com|ile|med|met)\s|\s(?=for\s+(?:the\s+)?[A-Z]))\s*"
)
_WITH = re.compile(r"\s(with|mit|avec|con|com|ile|med|met)\s", re.IGNORECASE)
_PLACE = re.compile(r"\s+(?:in|from|at|aus|à|en|em|im|reports from|reporting from)\s+[A-ZÀ-Þ].*$")
_FOR = re.compile(r"^for\s+", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[]\s*([^()\[\]]{1,60})\s*[)\]]")
_TITLES = (
    r"editors?|chief|correspondents?|reporters?|writers?|staff|columnists?|journalists?|producers?|analysts?"
    r"|contributors?|contributing|photographers?|anchors?|presenters?|critics?|assistant|managing|executive|senior"
    r"|deputy|director|manager|professor|lecturer|fellow|researcher|author|head|intern|freelance|freelancer"
    r"|politi(?:cs|cal)|business|sports?|health|science|technology|environment|education|crime|breaking|digital"
    r"|multimedia|video|data|investigative|foreign|national|local|diplomatic|economics?|community|features?|religion"
    r"|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|autor(?:in)?|ressortleiter(?:in)?|chefredakteur(?:in)?"
    r"|volontär(?:in)?|periodista|redactora?|corresponsal|journaliste|rédacteur|rédactrice|giornalista|muhabiri?"
    r"|editörü?|jornalista|repórter|redaktør|journalister?|toimittaja|기자|記者|特派員|인턴기자|선임기자|특파원"
)
_TITLE = re.compile(rf"(?:the|of|for|and|&|at|in|on|a|an|-|\s|{_TITLES})+", re.IGNORECASE)
_TITLE_END = re.compile(r"\s*(?:기자|記者|特派員|인턴기자|선임기자|특파원)$")
_DESK = re.compile(
    r"\b(?:desk|newsdesk|newsroom|news\s?team|web team|staff|editorial(?: board| team)?|editors|team|redaktion|redakcja"
    r"|redacción|redacao|redação|rédaction|redazione|redactie|redaktionen|redaksi|toimitus|newsfeed|correspondents?"
    r"|reporters?|contributors|wire services|bureau|webdesk|servisi|masası|편집국|뉴스팀|編集部)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?i)^(?:admin(?:istrator)?|unknown|none|null|undefined|n/?a|author|authors|anonymous|guest|user|editor|news|home"
    r"|contact|subscribe|about|website|web|online|advertisement|ad|sponsored|press release|pressrelease|read more"
    r"|more|view all.*|see all.*|all posts.*|click here.*|sign up.*|log ?in.*|true|false|default|default author"
    r"|article|opinion|comment|exclusive|live|video|photo|photos|from|by|for|the|via|source|sources?|image|images"
    r"|follow.*|email.*|e-mail.*|share.*|print.*|special to.*|special for.*|twitter|facebook|instagram|linkedin|x"
    r"|\W*|ph\.?d|m\.?d|jr|sr)$"
)
_NOT_IN_NAMES = re.compile(
    r"(?i)\b(?:click|subscribe|newsletter|cookie|copyright|reserved|privacy|read|watch|minutes?|ago|comments?"
    r"|updated|published|posted|http|www|policy|here|your|our|this|that|was|were|is|are|has|have|who|about|get|"
    r"latest|join|support|article|story|photo|image|video|picture)\b"
)
_CREDIT_LIKE = re.compile(r"(?i)getty|shutterstock|istock|alamy|imago|picture alliance|unsplash")


def read_byline(
    text: str, *, outlets: Iterable[str] = (), trusted: bool = False
) -> tuple[Contributor, ...]:
    """The contributors that a printed byline names, in its order.

    Args:
        text: The line as printed, or one name of structured data.
        outlets: The paper's own names.
        trusted: Whether the text is known to be a name and nothing else (structured data):
            one word, or a word without a capital, is then a name too.

    >>> [(c.name, c.kind) for c in read_byline("by reuters")]
    [('Reuters', 'agency')]
    >>> [(c.name, c.kind, c.role) for c in read_byline("Daily Post with AA", outlets=["Daily Post"])]
    [('Daily Post', 'outlet', None), ('Anadolu Agency', 'agency', 'with')]
    >>> [c.name for c in read_byline("By Ada Moss and Jon Reed in Istanbul, Senior Editor")]
    ['Ada Moss', 'Jon Reed']
    """
    line = " ".join(_visible(text[:MAX_LENGTH]).split())
    own = {squash(name) for name in outlets if name}
    if squash(line) and squash(line) in own:
        return (Contributor(line, "outlet"),)
    labelled = bool(_LABEL.match(line))
    line = _without_label(line)
    if squash(line) and squash(line) in own:
        return (Contributor(line, "outlet"),)
    if found := agency(line, alone=True):
        return (Contributor(found, "agency"),)
    line = _TAIL.sub("", _MAIL.sub(" | ", line))
    line = _BRACKET.sub(lambda m: f" | {m[1]} | " if _wanted(m[1], own) else " | ", line)
    people: list[Contributor] = []
    role: str | None = None
    position = 0
    for mark in [*_SPLIT.finditer(line), None]:
        part = line[position : mark.start() if mark else len(line)]
        for found_part in _read_part(part, own, trusted, labelled):
            people.append(Contributor(found_part.name, found_part.kind, found_part.role or role))
        if not _read_part(part, own, trusted, labelled) and people and _is_title(part):
            people[-1] = Contributor(
                people[-1].name, people[-1].kind, people[-1].role or part.strip(" .,-") or None
            )
        if mark:
            position = mark.end()
            role = "with" if _WITH.search(mark[0]) else None
    return _distinct(people)


def merge_bylines(lines: Sequence[tuple[Contributor, ...]]) -> tuple[Contributor, ...]:
    """Several bylines as one: every contributor once, in the order of first mention."""
    return _distinct([person for line in lines for person in line])


def squash(text: str) -> str:
    """Letters and digits alone, in one case: for comparing names.

    >>> squash("The Daily-Post!")
    'thedailypost'
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def looks_like_person(name: str, *, trusted: bool = False) -> bool:
    """Whether a text looks like one person's name."""
    if not 2 <= len(name) <= 60 or _NO_NAME.match(name) or re.search(r"\d|[@#<>{}=_?!:%…]", name):
        return False
    words = name.split()
    if len(words) > 6 or _NOT_IN_NAMES.search(name) or _CREDIT_LIKE.search(name):
        return False
    if not name.isascii() and not any(c.isupper() or c.islower() for c in name):
        return len(words) <= 4  # a script without case
    if trusted:
        return len(words) >= 2 or name[:1].isupper()
    big = [w for w in words if w[:1].isupper()]
    small = [w for w in words if not w[:1].isupper()]
    if any(w.lower() not in _PARTICLES for w in small):
        return False
    return len(words) >= 2 and len(big) >= 2


_PARTICLES = frozenset(
    [
        *("de", "del", "della", "der", "den", "di", "da", "do", "dos", "das", "du", "des", "la"),
        *("le", "van", "von", "vom", "zu", "zur", "bin", "ibn", "al", "el", "ben", "ten", "ter"),
        *("y", "e", "af", "av", "os", "abu", "st", "jr", "af", "d'", "in"),
    ]
)


def _visible(text: str) -> str:
    return re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))


def _without_label(line: str) -> str:
    for _ in range(3):
        shorter = _LABEL.sub("", line, count=1)
        if shorter == line:
            break
        line = shorter
    return line.strip(" ,.:;|-–—•·*\"'")


def _wanted(inside: str, own: set[str]) -> bool:
    """Whether brackets in a byline hold an agency or the paper, not a title or an age."""
    return agency(inside, alone=True) is not None or squash(inside) in own


def _is_title(part: str) -> bool:
    part = part.strip(" .,-")
    return bool(part) and bool(_TITLE.fullmatch(part) or re.search(rf"(?i)\b(?:{_TITLES})$", part))


def _read_part(part: str, own: set[str], trusted: bool, labelled: bool) -> tuple[Contributor, ...]:
    """The contributor that one part of a byline names: none or one."""
    part = _FOR.sub("", _without_label(part.strip()))
    part = _TITLE_END.sub("", part).strip(" ,.:;|-–—•·*\"'")
    if not part or _NO_NAME.match(part):
        return ()
    key = squash(part)
    if key in own or (key.startswith("the") and key[3:] in own):
        return (Contributor(part, "outlet"),)
    if found := agency(part):
        return (Contributor(found, "agency"),)
    part = _PLACE.sub("", part)
    if _DESK.search(part):
        if not re.search(r"\d", part) and len(part.split()) <= 6 and (labelled or trusted):
            whose = squash(_DESK.sub("", part))
            kind: ContributorKind = (
                "outlet" if whose in own and not key.endswith("desk") else "desk"
            )
            return (Contributor(part, "desk" if kind == "desk" else "desk"),)
        return ()
    if _TITLE.fullmatch(part):
        return ()
    if looks_like_person(part, trusted=trusted):
        return (Contributor(_cased(part), "person"),)
    return ()


def _cased(name: str) -> str:
    """A name printed in capitals or in small letters as a name is written."""
    if len(name) > 4 and " " in name and (name.isupper() or name.islower()):
        return " ".join(
            w.lower() if i and w.lower() in _PARTICLES else "-".join(map(_capital, w.split("-")))
            for i, w in enumerate(name.split())
        )
    return name


def _capital(word: str) -> str:
    if len(word) <= 2 and word.endswith("."):
        return word.upper()
    lower = word.lower()
    if lower.startswith(("mc", "o'", "o’")) and len(lower) > 3:
        return lower[:2].capitalize() + lower[2:].capitalize()
    return lower[:1].upper() + lower[1:]


def _distinct(people: Iterable[Contributor]) -> tuple[Contributor, ...]:
    kept: dict[str, Contributor] = {}
    for person in people:
        kept.setdefault(squash(person.name), person)
    return tuple(kept.values())
