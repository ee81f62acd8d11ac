"""A look at bytes before a parser gets them: what they are, and whether they are absurd.

feedparser takes time that grows with the square of the attributes of a tag and of the depth of
tags (200,000 attributes: more than a minute), so such documents are refused by counting; no
newspaper's feed comes near the limits. DTDs declare entities, which nobody's feed needs.
"""

from __future__ import annotations

import re
import zlib

from newsdesk.errors import FeedError

MAX_TAGS = 400_000
MAX_DEPTH = 5_000
MAX_REFERENCES = 1_000_000
MAX_ATTRIBUTE_COST = 50_000_000
"""Most of the sum of squares of attribute counts, over chunks with more than 200 of them."""

_SPACE = re.compile(rb"\s*")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")


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
    try:
        while rest.startswith(b"\x1f\x8b"):
            unzip = zlib.decompressobj(wbits=31)
            out += unzip.decompress(rest, limit + 1 - len(out))
            if len(out) > limit:
                raise FeedError(url, f"longer than {limit:,} bytes when unpacked")
            if not unzip.eof:
                raise FeedError(url, "gzip that ends too early")
            if len(unzip.unused_data) >= len(rest):
                break
            rest = unzip.unused_data
    except zlib.error as error:
        raise FeedError(url, f"broken gzip: {error}") from error
    return bytes(out)


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


def _first_tag(body: bytes) -> int:
    """Where the first tag begins that is neither a comment nor a processing instruction."""
    at = 3 if body.startswith(b"\xef\xbb\xbf") else 0
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


def refuse_declarations(body: bytes, *, url: str, doctype: bool) -> None:
    """Refuses entity declarations, and any document type when ``doctype`` is given.

    Raises:
        FeedError: There is one.
    """
    if re.search(rb"<!ENTITY", body, re.IGNORECASE):
        raise FeedError(url, "declares entities, which are refused")
    if doctype and re.search(rb"<!DOCTYPE", body, re.IGNORECASE):
        raise FeedError(url, "has a document type declaration, which is refused")


def refuse_absurd(body: bytes, *, url: str) -> None:
    """Refuses a document that would keep a parser busy for long.

    Args:
        body: The document in an encoding that keeps ASCII.
        url: Its address, for the error.

    Raises:
        FeedError: It has too many tags, attributes or references, or is nested too deeply.
    """
    if body.count(b"<") > MAX_TAGS:
        raise FeedError(url, f"has more than {MAX_TAGS:,} tags")
    if body.count(b"&") > MAX_REFERENCES:
        raise FeedError(url, f"has more than {MAX_REFERENCES:,} character references")
    depth = cost = 0
    for chunk in body.split(b"<")[1:]:
        attributes = chunk.count(b"=")
        if attributes > 200:
            cost += attributes**2
            if cost > MAX_ATTRIBUTE_COST:
                raise FeedError(url, "has too many attributes")
        if chunk.startswith(b"/"):
            depth = max(0, depth - 1)
        elif chunk.startswith((b"item", b"entry")):
            depth = 0  # what an item before left open in its text does not count
        elif not chunk.startswith((b"!", b"?")) and b"/>" not in chunk:
            depth += 1
            if depth > MAX_DEPTH:
                raise FeedError(url, f"is nested deeper than {MAX_DEPTH:,} tags")
