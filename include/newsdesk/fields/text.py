"""Texts: tidied, counted, and reduced to numbers that tell whether two are the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Sequence

import numpy as np

from newsdesk.article import Contributor

SHINGLE = 3
"""Words in one shingle of ``simhash``."""

_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, Kana, Han."""

_SPACELESS = re.compile(f"[{_WIDE}]")
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”„‘’‚«»‹›…–—·•¡¿،؛؟।"
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")


def tidy(text: str) -> str:
    r"""One line without control characters, composed, with single spaces.

    >>> tidy(" a\u00a0 b\n\u200bc ")
    'a b c'
    """
    line = " ".join(text.split())
    if not line.isascii() and not unicodedata.is_normalized("NFC", line):
        line = unicodedata.normalize("NFC", line)
    if line.isprintable():  # nearly always, and much faster to ask than to search
        return line
    return " ".join(_UNSEEN.sub("", line).split())


def join_paragraphs(paragraphs: Sequence[str]) -> str | None:
    """Paragraphs as one body, blank lines between them; ``None`` when there are none."""
    return "\n\n".join(paragraphs) or None


def words(text: str | None) -> list[str]:
    """Words without the punctuation around them; of scripts written without spaces, characters.

    >>> words("Rain, again: it's well-known."), words("雨が降る"), words(None)
    (['Rain', 'again', "it's", 'well-known'], ['雨', 'が', '降', 'る'], [])
    """
    if not text:
        return []
    if not text.isascii() and _SPACELESS.search(text):
        return _TOKEN.findall(text)
    # Much faster than a search for letters, on which half of reading's own time would go.
    return [word for part in text.split() if (word := part.strip(_PUNCTUATION))]


def word_count(text: str | None) -> int:
    """How many words a text has.

    >>> word_count("Rain, again."), word_count("雨が降る"), word_count(None)
    (2, 4, 0)
    """
    return len(words(text))


def simhash(tokens: Sequence[str]) -> bytes | None:
    """64 bits over shingles of words: near-duplicates differ in few bits. 8 bytes, big endian.

    Args:
        tokens: What ``words`` gave; case does not matter.

    Returns:
        ``None`` for a text without words.
    """
    if not tokens:
        return None
    joined = "\n".join(tokens)
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        joined = unicodedata.normalize("NFC", joined)
    folded = joined.casefold().encode("utf-8", "replace").split(b"\n")
    hashes = np.fromiter(map(zlib.crc32, folded), dtype=np.uint64, count=len(folded))
    width = min(SHINGLE, len(hashes))
    count = len(hashes) - width + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(width):  # splitmix64's constants, so that every bit depends on every word
        mixed = (mixed ^ hashes[place : place + count]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    ones = np.unpackbits(mixed.astype(">u8").view(np.uint8).reshape(count, 8), axis=1).sum(
        axis=0, dtype=np.uint32
    )
    return np.packbits(ones * 2 > count).tobytes()


def content_hash(
    *,
    headline: str | None,
    summary: str | None,
    body: str | None,
    bylines: Sequence[Contributor],
    published_at: dt.datetime | None,
    image_url: str | None,
) -> bytes:
    """SHA-256 over what an editor changes, not what a template does. 32 bytes."""
    parts = [
        1,  # version of this rule
        headline,
        summary,
        body,
        [[c.name, c.kind, c.role] for c in bylines],
        published_at.astimezone(dt.UTC).isoformat() if published_at else None,
        image_url,
    ]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
