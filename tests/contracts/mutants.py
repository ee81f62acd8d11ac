"""Pages of our own, broken in a thousand ways by seeded dice, and strings that break readers."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from newsdesk.demo.paper.answers import answer
from newsdesk.demo.paper.plan import path_of, stories_of

SAVED = Path(__file__).parents[1] / "pages"
DAY = dt.date(2026, 1, 15)

PIECES = (
    b"<", b">", b"</", b"<!--", b"-->", b"\0", b"\xff", b"&#x110000;", b"&#0;", b"&lt;p&gt;",
    b"<script type='application/ld+json'>", b"</script>", b"<template>", b"<svg>", b"<table>",
    b"<body>", b"</html>", b"<title>", b'"', b"'", b"{", b"}]", b"\\ud800", b"<meta charset=utf-16>",
    "\u202e".encode(), "\u0661\u0664".encode(), b"9999-99-99T99:99:99Z", b"31.02.2026", b"()" * 40,
    b"<a href='//[::1'>", b"<base href='javascript:'>", b"<link rel=canonical href='http://%zz/'>",
)  # fmt: skip
"""What is put into pages."""

NAUGHTY = (
    "", " ", "\0", "\ufeff", "\u202e", "\ud800", "\udfff\ud800", "null", "NaN", "-1", "1e400",
    "../../etc/passwd", "%00", "%zz", "://", "//", "http://", "http://[::1", "javascript:alert(1)",
    "=HYPERLINK(1)", "' or 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${x}", "%s%n", "\\",
    "a" * 5_000, "\u0301" * 500, "🚢" * 300, "ﷺ" * 50, "İıßﬁ", "١٤ يناير", "0000-00-00", "9" * 400,
    "9999-12-31T23:59:59-23:59", "0001-01-01", "2026-13-45", "-0001-01-01", "1642067520000000",
    "By , and , with", "By By By", "()" * 200, "ISTANBUL, (", "— — —", "\r\n\r\n", "\x1b[31m",
)  # fmt: skip
"""Strings of our own that have broken readers of text before."""


@cache
def originals() -> tuple[bytes, ...]:
    """The saved pages, and a day of the demo paper."""
    clock = dt.datetime.combine(DAY, dt.time(), dt.UTC) + dt.timedelta(days=1, minutes=5)
    demo = [answer(path_of(story), {}, clock).body for story in stories_of(DAY)]
    saved = [path.read_bytes() for path in sorted(SAVED.rglob("*.html"))]
    return (*saved, *demo)


def mutants(count: int, seed: int = 0) -> Iterator[bytes]:
    """Some broken pages; the same count and seed give the same."""
    pages = originals()
    for number in range(count):
        dice = random.Random(f"{seed} {number}")  # noqa: S311 - the same every time
        page = bytearray(dice.choice(pages))
        for _ in range(dice.randint(1, 12)):
            _break(page, dice, pages)
        yield bytes(page)


def _break(page: bytearray, dice: random.Random, pages: tuple[bytes, ...]) -> None:
    start = dice.randint(0, len(page))
    end = min(len(page), start + dice.randint(1, 400))
    match dice.randint(0, 5):
        case 0:
            del page[start:end]
        case 1:
            page[start:start] = page[start:end] * dice.randint(1, 30)
        case 2:
            page[start:start] = dice.choice(PIECES) * dice.randint(1, 20)
        case 3:
            page[start:end] = dice.randbytes(end - start)
        case 4:
            page[start:end] = dice.choice(NAUGHTY).encode("utf-8", "surrogatepass")
        case _:
            other = dice.choice(pages)
            place = dice.randint(0, len(other))
            page[start:end] = other[place : place + 2_000]


def page_with(text: str) -> str:
    """A story that has one text in every field."""
    return (
        f"<html lang='{text}'><head><title>{text}</title><meta name=author content='{text}'>"
        f"<meta property='og:title' content='{text}'><meta property='og:image' content='{text}'>"
        f"<meta property='article:published_time' content='{text}'><meta name=keywords content='{text}'>"
        f"<link rel=canonical href='{text}'></head><body><article><h1>{text}</h1>"
        f"<div class=byline>By {text}</div><time datetime='{text}'>{text}</time>"
        f"<figure><img src='{text}'><figcaption>{text}</figcaption></figure>"
        f"<p>{text} — The ferry left before dawn, and nobody was there to wave it off today.</p>"
        f"<a rel=tag href='{text}'>{text}</a></article></body></html>"
    )
