"""From bytes to text: which character encoding a page is in.

The order is that of browsers (WHATWG Encoding and HTML, section "determining the character
encoding"): byte order mark, HTTP header, ``<meta>`` in the first 1,024 bytes, then what the bytes
themselves allow.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import resolve_encoding

PRESCAN = 4_096
"""Bytes searched for a ``<meta>``: browsers read 1,024, papers put it later."""

DETECT = 65_536
"""Bytes that detection looks at."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_BYTES = ("utf-16-le", "utf-16-be", "iso2022_jp")
"""Encodings whose text looks like other text when it is read byte by byte."""

_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_SKIPPED = re.compile(rb"<!--.*?-->|<!--(?:-?>)|<[!/?][^>]*>", re.DOTALL)
_META = re.compile(
    rb"<meta[\s/](?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|<(?P<other>[a-z][^\s/>]*)"
    rb"(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"([^\s/>=\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?", re.DOTALL
)


def as_utf8(body: bytes, content_type: str | None = None) -> tuple[bytes, str]:
    """A page in UTF-8, as the parser takes it, and the name of the encoding it was in.

    Nearly every page is in UTF-8 already: it is given back as it is. See ``decode``.
    """
    if not body.startswith(codecs.BOM_UTF8) and _is_utf8(body, _from_http(content_type)):
        return body, "utf-8"
    text, encoding = decode(body, content_type)
    return text.encode("utf-8", "replace"), encoding


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    r"""The text of a page, and the name of the encoding it was read in.

    Bytes that are valid UTF-8 are UTF-8, whatever is declared: text in another encoding is valid
    UTF-8 only by a chance that no page of prose has, and crawlers and caches re-encode pages
    without changing what these declare. Never raises: what cannot be decoded becomes U+FFFD.

    >>> decode(b"<meta charset=latin1>caf\xe9")
    ('<meta charset=latin1>café', 'cp1252')
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    told = _from_http(content_type)
    if _is_utf8(body, told):
        return body.decode(), "utf-8"
    declared = told or _from_meta(body[:PRESCAN])
    if declared in _NOT_BYTES or (declared and body.isascii()):
        return body.decode(declared, "replace"), declared
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError as error:
        # One bad byte in a long page is damage; many are another encoding.
        if declared == "utf-8" or (declared is None and _mostly_utf8(body, error.start)):
            return body.decode("utf-8", "replace"), "utf-8"
    if declared:
        return body.decode(declared, "replace"), declared
    guessed = _detect(body)
    return body.decode(guessed, "replace"), guessed


def _is_utf8(body: bytes, told: str | None) -> bool:
    """Whether bytes are valid UTF-8 and nothing says that they mean something else."""
    if told in _NOT_BYTES or b"\x1b" in body[:PRESCAN]:  # it may be ISO-2022-JP
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _from_http(content_type: str | None) -> str | None:
    found = _HTTP.search(content_type or "")
    return _known(found[1]) if found else None


def _from_meta(head: bytes) -> str | None:
    """What the first ``<meta>`` that names an encoding says."""
    for tag in _META.finditer(_SKIPPED.sub(b"", head)):
        if tag["other"] is not None:
            continue
        values: dict[bytes, bytes] = {}
        for name, *written in _ATTRIBUTE.findall(tag["attributes"]):
            values.setdefault(name.lower(), next(filter(None, written), b""))
        label = values.get(b"charset")
        if label is None and values.get(b"http-equiv", b"").lower() == b"content-type":
            found = _HTTP.search(values.get(b"content", b"").decode("latin-1"))
            label = found[1].encode() if found else None
        if label is not None and (known := _known(label.decode("latin-1"))):
            # A page whose meta tag could be read is not in UTF-16 (WHATWG, prescan step 13).
            return "utf-8" if known.startswith("utf-16") else known
    return None


def _known(label: str) -> str | None:
    """Python's name for a label as browsers understand it (latin1 is Windows-1252)."""
    name = resolve_encoding(label.strip())
    return None if name is None else codecs.lookup(name).name


def _mostly_utf8(body: bytes, first_error: int) -> bool:
    sample = body[max(0, first_error - DETECT) : first_error + DETECT]
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return bad * 50 < sum(not c.isascii() for c in text)


def _detect(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:DETECT]).best()
    return best.encoding if best else "cp1252"
