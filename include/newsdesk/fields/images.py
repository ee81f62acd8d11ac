"""Pictures: one address for the many a CDN gives."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from newsdesk.fields.urls import clean_url

_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)
_ORIGINALS = ("url", "u", "src", "image", "img", "file")
_SIZED = re.compile(
    r"/(?:thumbs?/)?\d{2,4}x\d{2,4}(?=/)"  # /thumbs/800x531/, /1200x675/
    r"|/(?:cdn-cgi/image|fit-in|resize)/[^/]*(?=/)"
    r"|/(?:(?:[whcqfg]|ar|dpr|fl|e)_[\w.:!-]+,?)+(?=/)"  # /c_fill,w_800,h_600/
)
_WORDPRESS = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{3,4}$)")


def canonical_image(url: str, base: str | None = None) -> str | None:
    """The picture's own address, behind resizers, thumbnails and versions.

    Args:
        url: As written.
        base: Address of the page.

    Returns:
        ``None`` when it is no usable address.

    >>> canonical_image("https://cdn.example.com/u/thumbs/800x531/7.jpg?v=1642")
    'https://cdn.example.com/u/7.jpg'
    >>> canonical_image("https://r.example.com/x/480/0?u=https%3A%2F%2Fcdn.example.com%2F7.jpg")
    'https://cdn.example.com/7.jpg'
    """
    if url.startswith("data:"):
        return None
    cleaned = clean_url(url, base)
    for _ in range(2):  # a resizer may stand behind another one
        inner = _original(cleaned) if cleaned else None
        if inner is None:
            break
        cleaned = clean_url(inner, base)
    if cleaned is None:
        return None
    parts = urlsplit(cleaned)
    path = _SIZED.sub("", parts.path)
    path = _WORDPRESS.sub("", path) if "/uploads/" in path else path
    query = "" if _FILE.search(path) else parts.query
    return f"{parts.scheme}://{parts.netloc}{path}{'?' + query if query else ''}"


def _original(url: str) -> str | None:
    """The picture's address inside a resizer's: in its query, or at the end of its path."""
    if "?" not in url and "http" not in url[8:].lower() and ".wp.com/" not in url:
        return None  # nearly always
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _ORIGINALS and (
            re.match(r"(?:https?:)?//", value) or (value.startswith("/") and _FILE.search(value))
        ):
            return clean_url(value, url)
    found = re.search(r"(?<=/)(https?(?::|%3a)(?:/|%2f){1,2}[^/].*)$", parts.path, re.IGNORECASE)
    if found:
        inner = unquote(found[1]) if "%2f" in found[1].lower() else found[1]
        return re.sub(r"^(https?):/{1,2}", r"\1://", inner)
    if re.fullmatch(r"i\d\.wp\.com", parts.netloc):
        return "https:/" + parts.path
    return None
