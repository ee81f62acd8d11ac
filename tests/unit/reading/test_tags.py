"""Topics told by the boxes, headings and links below a text."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Page
from newsdesk.reading import read_page, source_for

URL = "https://www.lakesidetimes.example/2026/the-ferry-sails-again"
TEXT = "".join(
    f"<p>{n}. The ferry sailed again on Sunday after eleven weeks in the yard, the harbour office "
    "said, and the first lorries crossed the lake before noon.</p>"
    for n in range(3)
)
LAKE = "<a href=/about/lake>Lake</a>"
FERRY = "<a href=/about/ferry>Ferry</a>"


def topics(below: str) -> tuple[str, ...]:
    """What the story is told to be about when something stands below its text."""
    html = (
        "<html><head><title>The ferry sails again</title></head><body><article>"
        f"<h1>The ferry sails again</h1>{TEXT}{below}</article></body></html>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return read_page(page, source_for(URL, {})).article.topics


@pytest.mark.parametrize(
    "below",
    [
        f"<p>Topics: {LAKE} {FERRY}</p>",
        f"<h3>Explore more on these topics</h3><ul><li>{LAKE}</li><li>{FERRY}</li></ul>",
        f"<div><span>Filed under</span> {LAKE} {FERRY}</div>",
        f"<h4>タグ</h4><ul><li>{LAKE}</li><li>{FERRY}</li></ul>",
        f"<div class=article-tags>{LAKE}{FERRY}</div>",
        f"<div class=related_topics><h4>Related topics</h4>{LAKE} {FERRY}</div>",
        f"<p>Filed under: <a href=/c/7>Town</a> Tagged: {LAKE}, {FERRY}</p>",
        f"<p>키워드</p><ul><li>{LAKE}</li><li>{FERRY}</li></ul>",
        f"<ul class=topics><li><a href=/about>Topics:</a></li><li>{LAKE}</li><li>{FERRY}</li></ul>",
        f"<p>{LAKE.replace('<a', '<a rel=tag')} {FERRY.replace('<a', '<a rel=tag')}</p>",
        f"<h3>Topics</h3><p>{LAKE}</p><p>{FERRY.replace('<a', '<a rel=tag')}</p>",
    ],
)
def test_topics_are_listed_below_a_text(below: str) -> None:
    assert topics(below) == ("Lake", "Ferry")


def test_what_stands_below_the_list_of_topics_is_no_topic() -> None:
    tagged = [one.replace("<a", "<a rel=tag") for one in (LAKE, FERRY)]
    more = "<p><a href=/2026/other>A pier is built</a></p>"
    assert topics(f"<h3>Topics</h3><p>{tagged[0]}</p><p>{tagged[1]}</p>{more}") == ("Lake", "Ferry")


def test_categories_are_topics_where_nothing_else_is() -> None:
    filed = "<a rel='category tag' href=/c/{n}>Category {n}</a>"
    assert topics(filed.format(n="one")) == ("Category one",)
    assert topics("".join(filed.format(n=n * "i") for n in range(1, 12))) == ()


def test_headlines_in_a_box_of_tags_are_no_topics() -> None:
    story = "<a href=/2026/pier>長い桟橋の工事が春から始まると市が発表した</a>"
    assert topics(f"<div class=tags>{LAKE}{FERRY}{story}</div>") == ("Lake", "Ferry")
    assert topics(f"<div class=links>{LAKE}{FERRY}</div>") == ()
