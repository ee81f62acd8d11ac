"""Broken pages and odd strings: the reader gives a reading or a reason, and never raises."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from contracts.bombs import BOMBS, around
from contracts.mutants import NAUGHTY, mutants, page_with
from contracts.press import paper
from newsdesk.article import Page, Reading
from newsdesk.reading import read_page
from newsdesk.reading.batch import answer, line_of
from newsdesk.reading.children import PageWork, read_all
from newsdesk.reading.walls import REASONS

AT = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
URL = "https://www.harbour-post.example/world/ferry"
SOURCE = paper()
QUICK = ["loose options", "nested JSON-LD", "NULs in a story", "bad UTF-8", "forms", "no bytes"]


def read(body: bytes, content_type: str | None = None) -> Reading:
    """A page read, and everything said of it written as JSON in UTF-8."""
    page = Page(url=URL, body=body, captured_at=AT, content_type=content_type)
    reading = read_page(page, SOURCE, explain=True)
    json.dumps(line_of("x", reading), ensure_ascii=False).encode()
    json.dumps(answer(reading, explain=True))
    if reading.rejection is not None:
        assert reading.rejection.reason in REASONS
        assert len(reading.rejection.evidence) <= 300
    when = reading.article.published_at
    assert when is None or dt.datetime(1990, 1, 1, tzinfo=dt.UTC) <= when <= AT + dt.timedelta(
        hours=1
    )
    return reading


def test_a_few_hundred_broken_pages_raise_nothing() -> None:
    readings = [read(body) for body in mutants(300)]
    good = sum(reading.rejection is None for reading in readings)
    assert 30 < good < 300  # neither harmless nor hopeless


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_odd_strings_raise_nothing(text: str) -> None:
    read(page_with(text).encode("utf-8", "surrogatepass"))


def test_the_known_naughty_strings_raise_nothing(corpus: Path) -> None:
    strings = json.loads((corpus / "strings" / "blns.json").read_text("utf-8"))
    assert len(strings) > 500
    for text in strings:
        read(page_with(text).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "cp1254", "iso8859_9", "cp1252", "utf-8-sig"]
)
def test_a_story_is_read_in_its_declared_encoding(encoding: str) -> None:
    body = around("").decode().replace("Ferry leaves", "Fähre läßt").encode(encoding)
    headline = read(body, f"text/html; charset={encoding.removesuffix('-sig')}").article.headline
    assert headline == "Fähre läßt early"


def test_hostile_pages_cost_themselves_alone() -> None:
    bodies = [body for name in QUICK for body in (BOMBS[name](), around(""))]
    work = [PageWork(Page(url=URL, body=body, captured_at=AT)) for body in bodies]
    readings = list(read_all(work, {}))
    assert len(readings) == len(bodies)
    assert {one.rejection for one in readings[1::2]} == {None}
