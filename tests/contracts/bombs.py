"""Pages made to break whoever reads them, written by us: each by name, as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable

HEAD = "<html lang=en><head><title>Ferry leaves early</title></head><body>"
STORY = (
    "<article><h1>Ferry leaves early</h1><time datetime='2026-01-15T08:00:00Z'>15 January 2026</time>"
    + "".join(
        f"<p>The ferry to the {place} left before dawn, and nobody was there to wave it off.</p>"
        for place in ("harbour", "island", "river mouth", "garden", "market")
    )
    + "</article>"
)


def around(bomb: str) -> bytes:
    """A story with something in front of it."""
    return f"{HEAD}{bomb}{STORY}".encode()


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def broken_ld(size: int) -> str:
    """JSON-LD of some bytes that no parser can finish, and that invites repairs."""
    item = '{"@type": "NewsArticle", "headline": "A \\x \n b",, "keywords": ["a" "b",]},\n'
    return ld("[" + item * (size // len(item)))


BOMBS: dict[str, Callable[[], bytes]] = {
    "divs": lambda: around("<div>" * 100_000),
    "closed divs": lambda: around("<div>" * 100_000 + "</div>" * 100_000),
    "inline elements": lambda: around("<b><i><font>" * 40_000),
    "lists": lambda: around("<ul><li>" * 50_000),
    "tables": lambda: around("<table><tr><td>" * 30_000),
    "options": lambda: around("<select>" + "<option>x" * 50_000 + "</select>"),
    "loose options": lambda: around("<option>" * 50_000),
    "attributes": lambda: around(f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>x</p>"),
    "one attribute": lambda: around(f'<p class="{"a " * 5_000_000}">x</p>'),
    "comments": lambda: around("<!--" * 300_000),
    "closed comments": lambda: around("<!-- x -->" * 300_000),
    "angles": lambda: around("<" * 1_000_000),
    "links": lambda: around('<a href="' * 100_000),
    "closed links": lambda: around('<a href="/x">x</a> ' * 100_000),
    "paragraphs": lambda: around("<p>A short line." * 200_000),
    "breaks": lambda: around("<br>" * 500_000),
    "one word": lambda: around(f"<p>{'x' * 10_000_000}</p>"),
    "spaces": lambda: around(f"<p>{' ' * 10_000_000}x</p>"),
    "entities": lambda: around(f"<p>{'&amp;' * 1_000_000}</p>"),
    "metas": lambda: around("<meta name=a content=b>" * 200_000),
    "one meta": lambda: around(f'<meta name=keywords content="{"a,b " * 1_000_000}">'),
    "times": lambda: around("<time datetime='2026-01-15'>15 January 2026</time> " * 50_000),
    "bylines": lambda: around("<span class=byline>By Mina Aral and Jon Esk</span> " * 30_000),
    "headings": lambda: around("<h1>Ferry leaves early</h1>" * 50_000),
    "pictures": lambda: around(
        "<figure><img src=/x.jpg><figcaption>X</figcaption></figure>" * 30_000
    ),
    "microdata": lambda: around("<i itemprop='author name datePublished'>x</i>" * 50_000),
    "nested JSON-LD": lambda: around(ld('{"a":' * 100_000)),
    "deep JSON-LD": lambda: around(ld('{"@type":"NewsArticle","a":' * 900 + "1" + "}" * 900)),
    "broken JSON-LD": lambda: around(broken_ld(10_000_000)),
    "many JSON-LD": lambda: around(ld('{"@type":"NewsArticle"}') * 20_000),
    "long JSON-LD": lambda: around(
        ld(json.dumps({"@type": "NewsArticle", "articleBody": "Ferry left. " * 200_000}))
    ),
    "escaped body": lambda: around(
        ld(json.dumps({"@type": "NewsArticle", "articleBody": "&lt;p&gt;" * 200_000}))
    ),
    "NUL bytes": lambda: around("\0" * 1_000_000),
    "NULs in a story": lambda: around("").replace(b"ferry", b"fe\0rry"),
    "nothing but NULs": lambda: b"\0" * 1_000_000,
    "text": lambda: b"x " * 50_000_000,
    "text in a paragraph": lambda: around(f"<p>{'x ' * 50_000_000}</p>"),
    "30 MB of text": lambda: around(f"<p>{'Ferries leave. ' * 2_000_000}</p>"),
    "three bytes a character": lambda: around(f"<p>{'船 ' * 5_000_000}</p>"),
    "astral characters": lambda: around(f"<p>{'🚢 ' * 5_000_000}</p>"),
    "combining marks": lambda: around(f"<p>a{'́' * 1_000_000}</p>"),
    "right to left": lambda: around(f"<p>{chr(0x202E) * 1_000_000}</p>"),
    "no bytes": lambda: b"",
    "bad UTF-8": lambda: around("").replace(b"ferry", b"\xff\xfe\xc0\x80"),
    "nothing but bad UTF-8": lambda: b"<p>" + b"\xff" * 1_000_000,
    "UTF-16 without a mark": lambda: around("").decode().encode("utf-16-le"),
    "an encoding that is none": lambda: around("<meta charset=klingon>"),
    "random bytes": lambda: b"<html>" + bytes(n * n % 251 for n in range(1_000_000)),
    "svg": lambda: around("<svg><g>" * 50_000),
    "math": lambda: around("<math><mi><svg><desc>" * 20_000),
    "templates": lambda: around("<template>" * 50_000),
    "frames": lambda: around("<iframe>" * 50_000),
    "forms": lambda: around("<form><input>" * 50_000),
    "scripts": lambda: around("<script>" * 100_000),
    "plaintext": lambda: around("<plaintext>" * 100_000),
    "doctypes": lambda: around("<!DOCTYPE html>" * 100_000),
    "unclosed title": lambda: b"<title>" + b"x" * 5_000_000,
    "rel canonical": lambda: around("<link rel=canonical href='//[::1'>" * 20_000),
}
