from __future__ import annotations

import datetime as dt
import re

import pytest

from newsdesk.demo.paper import listings
from newsdesk.demo.paper.answers import answer
from newsdesk.demo.paper.plan import stories_of, url_of
from newsdesk.demo.paper.site import ZONE
from newsdesk.discover import parse_feed, parse_sitemap
from newsdesk.sources import PACKAGED, load_source

DAY = dt.date(2026, 1, 15)
CLOCK = dt.datetime(2026, 1, 16, 0, 5, tzinfo=dt.UTC)
HOME = "https://www.bosphorusledger.example"
SOURCE = load_source(PACKAGED / "demo_paper.toml")


def body(path: str, clock: dt.datetime = CLOCK) -> bytes:
    reply = answer(path, {}, clock)
    assert reply.status == 200, path
    return reply.body


def links(path: str, clock: dt.datetime = CLOCK) -> list[str]:
    found = parse_feed(body(path, clock), url=HOME + path, source=SOURCE, looked_at=clock)
    return [link.url for link in found]


@pytest.mark.parametrize("url", SOURCE.discover.feeds)
def test_every_feed_of_the_source_file_lists_stories_newest_first(url: str) -> None:
    found = parse_feed(body(url.removeprefix(HOME)), url=url, source=SOURCE, looked_at=CLOCK)
    dates = [link.published_hint for link in found if link.published_hint]
    assert 30 <= len(found) <= 36
    assert dates == sorted(dates, reverse=True)
    assert max(dates) <= CLOCK
    assert all(link.headline_hint and link.byline_hint and link.section_hint for link in found)


def test_feeds_show_windows_of_different_length() -> None:
    def hours(path: str) -> float:
        found = parse_feed(body(path), url=HOME + path, source=SOURCE, looked_at=CLOCK)
        dates = [link.published_hint for link in found if link.published_hint]
        return (max(dates) - min(dates)).total_seconds() / 3600

    assert 8 < hours("/rss/latest") < 24
    assert 48 < hours("/rss/business") < 200
    assert hours("/rss/business/energy") > 500


def test_every_story_of_a_day_stands_in_its_sections_feed() -> None:
    latest = {re.sub("/turkey/", "/turkiye/", url) for url in links("/rss/latest")}
    for story in stories_of(DAY):
        path = "arabic" if story.language == "ar" else story.desk.section
        assert url_of(story) in links(f"/rss/{path}")
    assert latest <= {url_of(s) for n in (0, 1) for s in stories_of(DAY - n * listings.DAY)}


def test_one_item_has_no_date() -> None:
    undated = next(story for story in stories_of(DAY) if story.kind == "undated")
    path = f"/rss/{undated.desk.path}"
    found = parse_feed(body(path), url=HOME + path, source=SOURCE, looked_at=CLOCK)
    assert [link.published_hint for link in found if link.url == url_of(undated)] == [None]


def test_numbered_feeds_are_twins() -> None:
    assert body("/rssFeed/1") == body("/rss/latest")
    assert b"<item>" not in body("/rssFeed")
    assert b"<item>" not in body("/rssFeed/")


def test_a_withdrawn_story_leaves_the_lists() -> None:
    story = next(story for story in stories_of(DAY) if story.kind == "withdrawn")
    after = CLOCK + dt.timedelta(days=1)
    assert url_of(story) in links(f"/rss/{story.desk.section}")
    assert url_of(story) not in links(f"/rss/{story.desk.section}", after)
    assert url_of(story).encode() not in body("/sitemap/archive-2026-01.xml", after)


def test_the_news_sitemap_holds_two_days() -> None:
    sitemap = parse_sitemap(body("/sitemap/news.xml"), url=HOME, zone=ZONE)
    dates = [entry.published.start for entry in sitemap.entries if entry.published]
    assert len(dates) == len(sitemap.entries) > 60
    assert CLOCK - dt.timedelta(days=2) < min(dates) < CLOCK - dt.timedelta(days=1, hours=20)
    assert {entry.language for entry in sitemap.entries} == {"en", "ar"}


def test_the_index_lists_every_month_as_changed_now() -> None:
    index = parse_sitemap(body("/sitemap.xml"), url=HOME, zone=ZONE)
    assert index.kind == "index"
    urls = [child.url for child in index.children]
    assert urls[1] == f"{HOME}/sitemap/archive-2012-03.xml"
    assert urls[-1] == f"{HOME}/sitemap/archive-2026-01.xml"
    assert len(urls) == 1 + 10 + 13 * 12 + 1
    assert {child.modified.start for child in index.children if child.modified} == {CLOCK}
    for child in index.children[:2]:
        assert parse_sitemap(body(child.url.removeprefix(HOME)), url=HOME, zone=ZONE).entries


def test_months_are_the_papers_own() -> None:
    last = dt.date(2026, 1, 31)
    clock = dt.datetime(2026, 2, 10, tzinfo=dt.UTC)
    night = next(story for story in stories_of(last) if story.kind == "night")
    assert url_of(night).encode() not in body("/sitemap/archive-2026-01.xml", clock)
    assert url_of(night).encode() in body("/sitemap/archive-2026-02.xml", clock)


def test_dates_of_the_archive_lie() -> None:
    def lie(clock: dt.datetime) -> int:
        sitemap = parse_sitemap(body("/sitemap/archive-2025-11.xml", clock), url=HOME, zone=ZONE)
        assert len(sitemap.entries) > 1_000
        return sum(e.modified.start.month == 12 for e in sitemap.entries if e.modified)

    assert lie(dt.datetime(2025, 12, 1, tzinfo=dt.UTC)) == 0
    assert lie(CLOCK) > 50


def test_robots_name_the_sitemaps_and_forbid_the_search() -> None:
    from protego import Protego

    rules = Protego.parse(body("/robots.txt").decode())
    assert list(rules.sitemaps) == [f"{HOME}/sitemap.xml", f"{HOME}/sitemap/news.xml"]
    assert not rules.can_fetch(f"{HOME}/search?q=x", "newsdesk")
    assert all(rules.can_fetch(url_of(story), "newsdesk") for story in stories_of(DAY))
