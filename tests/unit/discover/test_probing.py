"""A paper that nobody described: what its front page, usual places and robots.txt tell of it."""

from __future__ import annotations

import asyncio

import pytest

from contracts.press import (
    FEED,
    HOME,
    OTHER_FEED,
    Web,
    address,
    at,
    entry,
    index,
    item,
    paper,
    rss,
    unreachable,
    urlset,
)
from newsdesk.discover.probing import MAX_ASKED, Draft, probe
from newsdesk.errors import FeedError

NEWS = urlset(entry(address(9), published="2026-01-15T09:00:00Z"))


def front(*links: str, head: str = "", title: str = "The Harbour Post") -> bytes:
    alternate = '<link rel="alternate" type="application/rss+xml" href="{}">'
    named = "".join(alternate.format(link) for link in links)
    return f'<html lang="tr-TR"><head><title>{title}</title>{named}{head}</head></html>'.encode()


def drafted(web: Web) -> Draft:
    return asyncio.run(probe(paper(discover={"feeds": ()}), web, at(12)))


def test_feeds_that_the_front_page_names_and_that_list_stories() -> None:
    web = Web(
        {
            HOME: front("/rss/world", OTHER_FEED, "/rss/comments"),
            FEED: rss(item(1, at(8)), item(2, at(9))),
            OTHER_FEED: rss(),
        }
    )
    draft = drafted(web)
    assert draft.feeds == {FEED: 2}
    assert [link.url for link in draft.links] == [address(2), address(1)]
    assert draft.problems == [f"{OTHER_FEED}: lists no story of the paper"]
    assert (draft.title, draft.language, draft.home) == ("The Harbour Post", "tr", HOME)
    assert draft.domain == "harbour-post.example"


def test_a_page_of_feeds_is_followed_once() -> None:
    listing = f'<a href="{FEED}">World</a><a href="/rss">again</a><a href="/about">us</a>'
    web = Web(
        {
            HOME: b'<html><a href="/rss">Feeds</a></html>',
            f"{HOME}rss": f"<html><body>{listing}</body></html>".encode(),
            FEED: rss(item(1, at(8))),
        }
    )
    assert drafted(web).feeds == {FEED: 1}
    assert [url for url, _, _ in web.asked].count(f"{HOME}rss") == 1


def test_usual_places_are_tried_when_none_is_named() -> None:
    web = Web({HOME: front(), f"{HOME}feed": rss(item(1, at(8)))})
    assert drafted(web).feeds == {f"{HOME}feed": 1}


def test_news_sitemaps_are_told_from_archives() -> None:
    robots = f"Sitemap: {HOME}sitemap.xml\nSitemap: {HOME}2026.xml\nSitemap: {HOME}gone.xml"
    web = Web(
        {
            HOME: front(),
            f"{HOME}sitemap.xml": index([f"{HOME}news.xml", f"{HOME}pages.xml"]),
            f"{HOME}news.xml": NEWS,
            f"{HOME}2026.xml": urlset(entry(address(3), "2026-01-15")),
        },
        robots=robots,
    )
    draft = drafted(web)
    assert draft.news_sitemaps == {f"{HOME}news.xml": 1}
    assert draft.archives == [f"{HOME}{name}.xml" for name in ("sitemap", "2026", "gone")]
    assert f"{HOME}pages.xml" not in [url for url, _, _ in web.asked]


def test_what_fails_stops_nothing() -> None:
    web = Web({HOME: front(FEED, OTHER_FEED), FEED: unreachable(), OTHER_FEED: rss(item(1, at(8)))})
    web.robots = unreachable()
    draft = drafted(web)
    assert draft.feeds == {OTHER_FEED: 1}
    assert len(draft.problems) == 2


def test_feeds_without_end_are_left_at_some_point() -> None:
    web = Web({HOME: front(*(f"/rss/{n}" for n in range(MAX_ASKED + 5)))})
    draft = drafted(web)
    assert f"{MAX_ASKED} were tried" in draft.problems[MAX_ASKED]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Harbour Post", "The Harbour Post"),
        ("News from the quays | Harbour Post", "Harbour Post"),
        ("Harbour-Post – ships, tides", "Harbour-Post"),
        ("Ships and tides - daily", "Ships and tides"),
        ("", "www.harbour-post.example"),
    ],
)
def test_the_papers_name(title: str, name: str) -> None:
    assert drafted(Web({HOME: front(title=title)})).title == name


def test_the_name_that_it_gives_itself_wins() -> None:
    head = '<meta property="og:site_name" content="HP &amp;amp; Co">'
    assert drafted(Web({HOME: front(head=head)})).title == "HP & Co"


def test_a_front_page_that_is_not_had_is_an_error() -> None:
    with pytest.raises(FeedError, match=f"{HOME}: answers 403"):
        drafted(Web({HOME: 403}))
