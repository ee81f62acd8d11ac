"""What kind of story a page tells, and in which language."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from newsdesk.article import Article, Page
from newsdesk.reading import read_page, source_for

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
URL = "https://paper.example/town/the-bridge-is-open-again"
TEXT = "The bridge over the river opened again on Sunday, and the first ferries passed below it. "
PUBLISHED = '<meta property="article:published_time" content="2026-03-01T09:00:13Z">'


def read(
    text: str = TEXT * 3,
    *,
    url: str = URL,
    lang: str = "en",
    head: str = "",
    data: dict[str, object] | None = None,
) -> Article:
    told = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>The bridge is open again</title>{head}"
        f"{told}</head><body><article><h1>The bridge is open again</h1><time>1 March 2026</time>"
        f"<p>{text}</p></article></body>"
    )
    page = Page(url=url, body=html.encode(), captured_at=AT)
    return read_page(page, source_for(url, {})).article


def film(name: str, kind: str = "VideoObject") -> dict[str, object]:
    return {"@type": kind, "name": name, "uploadDate": "2023-11-02T08:00:07Z"}


@pytest.mark.parametrize("kind", ["VideoObject", "ImageGallery"])
@pytest.mark.parametrize("og", ["", '<meta property="og:type" content="article">'])
def test_a_film_in_a_text_neither_dates_it_nor_makes_it_a_film(kind: str, og: str) -> None:
    article = read(head=PUBLISHED + og, data=film("The flood of the century", kind))
    assert (article.article_type, article.published_day_local) == ("news", dt.date(2026, 3, 1))
    printed = read(head=og, data=film("The flood of the century", kind))
    assert (printed.article_type, printed.published_day_local) == ("news", dt.date(2026, 3, 1))


@pytest.mark.parametrize(
    ("url", "name", "head"),
    [
        (URL, "The bridge is open again", ""),
        (URL.replace("town", "video"), "Ferries below the bridge", ""),
        (URL, "Ferries below the bridge", '<meta property="og:type" content="video.other">'),
    ],
)
def test_a_film_that_the_page_is_there_to_show_dates_it(url: str, name: str, head: str) -> None:
    article = read(url=url, head=head, data=film(name))
    assert article.article_type == "video"
    assert article.published_at == dt.datetime(2023, 11, 2, 8, 0, 7, tzinfo=dt.UTC)


def test_what_is_told_of_the_story_comes_before_what_is_told_of_its_page() -> None:
    page: dict[str, object] = {
        "@type": "WebPage",
        "name": "The bridge is open again",
        "datePublished": "2019-05-06T07:00:05Z",
    }
    article = read(head=PUBLISHED, data=page)
    assert article.published_at == dt.datetime(2026, 3, 1, 9, 0, 13, tzinfo=dt.UTC)
    alone = read(data=page)
    assert alone.published_at == dt.datetime(2019, 5, 6, 7, 0, 5, tzinfo=dt.UTC)
