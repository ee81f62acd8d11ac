"""Which names are news agencies: the list is data, in ``agencies.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Agency by lower-case name, and agency by code in capitals."""
    with Path(__file__).with_name("agencies.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)["names"]
    words: dict[str, str] = {}
    codes: dict[str, str] = {}
    for agency, written in table.items():
        for name in written:
            if name.isupper():
                codes[name] = agency
            else:
                words[name] = agency
                if len(name) <= 4 and name.isascii():
                    codes[name.upper()] = agency
    return words, codes


def agency(text: str, *, alone: bool = False) -> str | None:
    """The agency that a printed name means, ``None`` when it means none.

    Codes of the list count in capitals. Those of two or three letters may be words ("pa",
    "aa"); in small letters they count only when ``alone``: when nothing else is printed.

    >>> agency("reuters"), agency("AP"), agency("ap"), agency("ap", alone=True)
    ('Reuters', 'Associated Press', None, 'Associated Press')
    """
    text = " ".join(text.split()).strip(" .,;:()[]/|-–—")
    words, codes = _names()
    if found := words.get(text.lower()) or codes.get(text):
        return found
    if alone and (found := codes.get(text.upper())):
        return found
    without = re.sub(
        r"(?i)^(?:the|redazione|redaktion|redacción|rédaction)\s+|\s+(?:news(?: agency)?|agency|staff|wire|reporters|correspondents)$",
        "",
        text,
    )
    if without != text:
        return words.get(without.lower()) or codes.get(without)
    return None
