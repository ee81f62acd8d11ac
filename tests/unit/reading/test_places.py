"""Sections told by where a page says it stands."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from newsdesk.article import Page
from newsdesk.reading import read_page, source_for

URL = "https://www.lakesidetimes.example/2026/the-ferry-sails-again"
FRONTS = ["/", "/index.html", "https://lakesidetimes.example/", "https://www.lakesidetimes.example"]


def filed(printed: str = "", data: object = None, url: str = URL) -> tuple[str | None, str | None]:
    """Section and subsection of a story above whose headline something is printed."""
    told = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = (
        "<html><head><title>The ferry sails again</title>"
        f'<meta property="og:site_name" content="Lakeside Times">{told}</head><body>{printed}'
        "<h1>The ferry sails again</h1><p>The ferry sailed again on Sunday after eleven weeks in "
        "the yard, the harbour office said, and the first lorries crossed the lake.</p></body></html>"
    )
    page = Page(url=url, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    article = read_page(page, source_for(url, {})).article
    return article.section, article.subsection


def trail(*crumbs: tuple[str, str]) -> str:
    links = "".join(f"<li><a href={url}><b itemprop=name>{name}</b></a>" for name, url in crumbs)
    return f"<ul class=breadcrumb>{links}</ul>"


def listed(*crumbs: tuple[str, object]) -> object:
    items = [{"@type": "ListItem", "name": name, "item": item} for name, item in crumbs]
    return {"@type": "BreadcrumbList", "itemListElement": items}


@pytest.mark.parametrize("front", FRONTS)
def test_a_breadcrumb_that_leads_to_the_front_page_is_no_section(front: str) -> None:
    assert filed(trail(("Kotisivu", front), ("Lake", "/lake"))) == ("Lake", None)
    assert filed(data=listed(("Kotisivu", front), ("Lake", "/lake"))) == ("Lake", None)
    assert filed(data=listed(("Kotisivu", {"@id": front}), ("Lake", "/lake"))) == ("Lake", None)


def test_a_breadcrumb_that_is_the_paper_s_name_is_no_section() -> None:
    crumbs = (("Lakeside Times", "/start"), ("Lake", "/lake"), ("Ferries", "/lake/ferries"))
    assert filed(trail(*crumbs)) == ("Lake", "Ferries")
    assert filed(data=listed(*crumbs)) == ("Lake", "Ferries")


def test_a_section_may_be_called_as_the_paper_is() -> None:
    crumbs = (("Kotisivu", "/"), ("Lakeside Times", "/lakeside-times"))
    assert filed(trail(*crumbs)) == filed(data=listed(*crumbs)) == ("Lakeside Times", None)


def test_a_section_may_have_a_host_of_its_own() -> None:
    crumbs = (("Sport", "https://sport.lakesidetimes.example/"), ("Rowing", "/rowing"))
    assert filed(trail(*crumbs)) == ("Sport", "Rowing")
    assert filed(trail(("UK", "/uk"), ("Lake", "/?topic=lake"))) == ("UK", "Lake")
    assert filed(trail(("Lake", "#"), ("Ferries", "#"))) == ("Lake", "Ferries")


def test_a_link_to_the_beginning_of_a_story_s_path_names_its_section() -> None:
    below = URL.replace("/2026/", "/en/news/town/harbour/2026/")
    menu = (
        "<nav><a href=/en/>English</a><a href=/en/news/>All news</a><a href=/en/news/town>Town</a>"
        "<a href=/en/news/town/harbour>More of the harbour</a><a href=/en/news/town/harbour/>"
        "Harbour</a><a href=/sport/town>Other town</a></nav>"
    )
    assert filed(menu, url=below) == ("Town", "Harbour")
    assert filed(menu) == (None, None)
    people = "<nav><a href=/jon/>Jon Reed's profile</a><a href=/2026/>2026</a></nav>"
    assert filed(people, url=URL.replace("/2026/", "/jon/2026/")) == (None, None)


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("<a rel='category tag' href=/c/7>Harbour</a>", "Harbour"),
        ("<p class=article-kicker><a href=/c/7>Harbour</a></p>", "Harbour"),
        ("<p><a class=cat href=/c/7>Harbour</a></p>", "Harbour"),
        ("<div class=category><a href=/c/7>Harbour</a>, <a href=/c/8>Boats</a></div>", "Harbour"),
        ("<p class=article-kicker>Only here</p>", None),
        ("<p class=category><a href=/authors/moss>Ada Moss</a></p>", None),
        ("<p class=category><a href=/share>14 shares</a></p>", None),
        ("<p class=intro><a href=/c/7>Harbour</a></p>", None),
    ],
)
def test_a_link_above_the_headline_may_name_the_section(printed: str, section: str | None) -> None:
    assert filed(printed) == (section, None)
