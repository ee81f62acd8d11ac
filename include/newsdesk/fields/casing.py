"""Capitals into small letters, where Turkish has letters of its own for them."""

from __future__ import annotations

import re

_TURKISH = re.compile("[İŞĞ]")


def is_turkish(text: str) -> bool:
    """Whether capitals are Turkish: no other language of papers prints these."""
    return _TURKISH.search(text) is not None


def lower(text: str, *, turkish: bool) -> str:
    """A text in small letters; never an ``i`` with a second dot.

    >>> lower("DİYARBAKIR", turkish=True), lower("BERLIN", turkish=False)
    ('diyarbakır', 'berlin')
    """
    text = text.replace("I\u0307", "i").replace("İ", "i")
    return (text.replace("I", "ı") if turkish else text).lower()
