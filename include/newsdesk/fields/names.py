"""Names of people: what looks like one, how one is written, and when two are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsdesk.fields import byline_words as words
from newsdesk.fields import casing

_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_PREFIXED = re.compile(r"\b([A-Z][a-z]{1,2})([A-Z]{3,})\b")


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
    if any(not _is_capital(w) and w.lower() not in words.PARTICLES for w in words_):
        return False
    return sum(map(_is_capital, words_)) >= 2


def _is_capital(word: str) -> bool:
    """Whether a word begins with a capital, behind an article that is written small: al-Masri."""
    return word[:1].isupper() or words.ARTICLE.match(word) is not None


def cased(name: str) -> str:
    """A name printed in capitals or in small letters as a name is written."""
    turkish = casing.is_turkish(name)
    if len(name) > 4 and " " in name and (loud(name).isupper() or name.islower()):
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


def loud(text: str) -> str:
    """A text without the small letters that names keep in capitals: McMARSH."""
    return _PREFIXED.sub(lambda found: found[0].upper(), text)


def _is_shouted(word: str) -> bool:
    """Whether a word of a name is in capitals: papers tell surnames so. Numbers after one are not."""
    all_of_it = loud(word)
    is_name = all_of_it.isalpha() and not words.SUFFIX.fullmatch(all_of_it)
    return len(all_of_it) > 2 and all_of_it.isupper() and is_name


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
