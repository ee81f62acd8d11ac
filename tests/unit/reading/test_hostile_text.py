"""Whatever stands on a page, reading it gives an answer and the same one twice."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.article import Page
from newsdesk.reading import read_page, source_for
from newsdesk.reading.walls import REASONS
from newsdesk.sources import PACKAGED, load_source

PAGES = sorted((Path(__file__).parents[2] / "pages").rglob("*.html"))
URL = "https://www.dailysabah.com/world/a-story-of-the-day"
AT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
SABAH = load_source(PACKAGED / "daily_sabah.toml")


def read(body: bytes, content_type: str | None = None) -> None:
    page = Page(url=URL, body=body, captured_at=AT, content_type=content_type)
    for source in (SABAH, source_for(URL, {})):
        reading = read_page(page, source, explain=True)
        assert reading.rejection is None or reading.rejection.reason in REASONS
        article = reading.article
        for text in (article.headline, article.body, article.summary, article.byline_raw):
            assert text is None or (text and "\x00" not in text)
            (text or "").encode()  # no lone surrogates
        assert read_page(page, source, explain=True) == reading


def page_of(text: str) -> bytes:
    return (
        f"<html lang='{text}'><title>{text}</title><meta name=author content=\"{text}\">"
        f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{json.dumps(text)},'
        f'"datePublished":{json.dumps(text)},"image":{json.dumps(text)}}}</script>'
        f"<h1>{text}</h1><p class=byline>{text}</p><time datetime='{text}'>{text}</time>"
        f"<img src='{text}'><p>{text}</p><a href='{text}'>{text}</a>"
    ).encode("utf-8", "surrogatepass")


@given(st.text(max_size=120))
@settings(max_examples=40, deadline=None)
def test_any_text(text: str) -> None:
    read(page_of(text))


@given(st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=utf-16"]))
@settings(max_examples=60, deadline=None)
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    read(body, content_type)


def mutant(body: bytes, dice: random.Random) -> bytes:
    """A page with pieces cut, doubled, moved or overwritten."""
    page = bytearray(body)
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(page))
        end = min(len(page), start + dice.choice([1, 2, 9, 60, 900]))
        piece = page[start:end]
        match dice.randrange(4):
            case 0:
                del page[start:end]
            case 1:
                page[start:start] = piece * dice.randint(1, 4)
            case 2:
                page[start:end] = bytes(dice.randrange(256) for _ in piece)
            case _:
                del page[start:end]
                place = dice.randrange(len(page) + 1)
                page[place:place] = piece
        if not page:
            break
    return bytes(page)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_mutants_of_saved_pages(path: Path) -> None:
    body = path.read_bytes()
    dice = random.Random(path.stem)  # noqa: S311 - the same mutants every time, no secret
    for _ in range(6):
        read(mutant(body, dice))
