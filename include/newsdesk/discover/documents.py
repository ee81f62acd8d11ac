"""A look at bytes before a parser gets them: what they are, and whether they are absurd.

feedparser takes time that grows with the square of the attributes of a tag (200,000 of them: more
than a minute) and of the keywords of an item, and some 50 microseconds for any tag. Documents that
would cost more than seconds are refused by counting; no newspaper's feed comes near the limits.
DTDs declare entities and attributes for every tag, which nobody's feed needs; of a document type
only the name may stand, and where to find it, as RSS 0.91 has them.
"""

from __future__ import annotations

import re
import zlib

from newsdesk.errors import FeedError

MAX_TAGS = 150_000
MAX_DEPTH = 5_000
MAX_REFERENCES = 1_000_000
MAX_SQUARES = 50_000_000
"""Most of the sum of squares of attribute counts of tags, and of keyword counts of items."""

MAX_MEMBERS = 100
"""Most gzip members of a body: each costs a copy of what follows it. Servers send one or two."""

ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
"""Where an item of an RSS feed or an entry of an Atom feed begins."""

_SPACE = re.compile(rb"\s*")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_BARE_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+(?:rss|rdf:RDF|feed)(?:\s+[a-z]+(?:\s+"[^"<>]*"|\s+'[^'<>]*')*)?\s*>""",
    re.IGNORECASE,
)
_REST_OF_TAG = rb"""[^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+[^<>]*+"""
_TAG = re.compile(b"<" + _REST_OF_TAG)
_KEYWORDS = re.compile(
    rb"<((?:[\w.-]+:)?(?:category|subject|keywords|tags)\b)" + _REST_OF_TAG, re.IGNORECASE
)


def unzipped(body: bytes, *, url: str, limit: int) -> bytes:
    """The bytes, unpacked when they are gzip by their first two bytes.

    Raises:
        FeedError: They are broken, or longer than ``limit`` when unpacked.
    """
    if not body.startswith(b"\x1f\x8b"):
        if len(body) > limit:
            raise FeedError(url, f"longer than {limit:,} bytes")
        return body
    out, rest = bytearray(), body
    for _ in range(MAX_MEMBERS):
        unzip = zlib.decompressobj(wbits=31)
        try:
            out += unzip.decompress(rest, limit + 1 - len(out))
        except zlib.error as error:
            raise FeedError(url, f"broken gzip: {error}") from error
        if len(out) > limit:
            raise FeedError(url, f"longer than {limit:,} bytes when unpacked")
        if not unzip.eof:
            raise FeedError(url, "gzip that ends too early")
        rest = unzip.unused_data
        if not rest.startswith(b"\x1f\x8b"):  # the end, or padding that means nothing
            return bytes(out)
    raise FeedError(url, f"gzip of more than {MAX_MEMBERS} members")


def root_of(body: bytes) -> str:
    """Name of the first element in lower case, without prefix; empty when there is none.

    ``html`` also for a document that only says so in its doctype.

    >>> root_of(b"<?xml version='1.0'?><!-- a --><rdf:RDF xmlns='x'>")
    'rdf'
    """
    at = _first_tag(body)
    if body[at : at + 9].lower() == b"<!doctype":
        if re.match(rb"\s+html\b", body[at + 9 : at + 40], re.IGNORECASE):
            return "html"
        found = _ROOT.search(body, at + 9)
    else:
        found = _ROOT.match(body, at)
    return found[1].decode("ascii", "replace").lower() if found else ""


def _first_tag(body: bytes, at: int = 0) -> int:
    """Where the next tag begins that is neither a comment nor a processing instruction."""
    at = 3 if not at and body.startswith(b"\xef\xbb\xbf") else at
    while True:
        space = _SPACE.match(body, at)
        at = space.end() if space else at
        for begin, end in ((b"<!--", b"-->"), (b"<?", b"?>")):
            if body.startswith(begin, at):
                close = body.find(end, at + len(begin))
                at = len(body) if close < 0 else close + len(end)
                break
        else:
            return at


def refuse_declarations(body: bytes, *, url: str) -> None:
    """Refuses entity declarations, and a document type other than a feed's bare name.

    Past the first tag a parser takes a document type for text, as a feed about HTML has it.

    Args:
        body: The document in an encoding that keeps ASCII.
        url: Its address, for the error.

    Raises:
        FeedError: There is one.
    """
    if re.search(rb"<!ENTITY", body, re.IGNORECASE):
        raise FeedError(url, "declares entities, which are refused")
    at = _first_tag(body)
    if bare := _BARE_DOCTYPE.match(body, at):
        at = _first_tag(body, bare.end())
    if body[at : at + 9].lower() == b"<!doctype":
        raise FeedError(url, "has a document type declaration, which is refused")


def refuse_absurd(body: bytes, *, url: str) -> None:
    """Refuses a document that would keep a parser busy for long.

    Args:
        body: The document in an encoding that keeps ASCII.
        url: Its address, for the error.

    Raises:
        FeedError: It has too many tags, attributes, keywords or references, or is nested too
            deeply.
    """
    if body.count(b"<") > MAX_TAGS:
        raise FeedError(url, f"has more than {MAX_TAGS:,} tags")
    if body.count(b"&") > MAX_REFERENCES:
        raise FeedError(url, f"has more than {MAX_REFERENCES:,} character references")
    if sum(tag[0].count(b"=") ** 2 for tag in _TAG.finditer(body)) > MAX_SQUARES:
        raise FeedError(url, "has tags with too many attributes")
    items = _items(body)
    if sum(_keywords(item) ** 2 for item in items) > MAX_SQUARES:
        raise FeedError(url, "has items with too many keywords")
    if max(map(_depth, items)) > MAX_DEPTH:
        raise FeedError(url, f"is nested deeper than {MAX_DEPTH:,} tags")


def _items(body: bytes) -> list[bytes]:
    """The document cut where its items begin: what one leaves open does not count for the next."""
    starts = [found.start() for found in ITEM.finditer(body)]
    return [body[a:b] for a, b in zip([0, *starts], [*starts, len(body)], strict=True)]


def _keywords(item: bytes) -> int:
    """How many keywords an item has: one an element, and one more for each comma in it."""
    count = counted = 0
    for found in _KEYWORDS.finditer(item):
        count += 1
        if found.end() >= counted and not found[0].endswith(b"/"):
            end = item.find(b"</" + found[1], found.end())
            counted = end if end >= 0 else len(item)
            count += item.count(b",", found.end(), counted)
    return count


def _depth(item: bytes) -> int:
    """How deep tags are nested, if every open one is closed some time: an upper bound."""
    depth = deepest = 0
    for tag in item.split(b"<")[1:]:
        if tag.startswith(b"/"):
            depth = max(0, depth - 1)
        elif not tag.startswith((b"!", b"?")) and b"/>" not in tag:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
