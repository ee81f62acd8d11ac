"""Looks: asked politely, recorded once, never stopped by one broken feed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contracts.memory_store import MemoryStore
from contracts.press import (
    FEED,
    NEWS_SITEMAP,
    OTHER_FEED,
    Web,
    address,
    at,
    entry,
    feed_look,
    item,
    link,
    look_of,
    paper,
    rss,
    unreachable,
    urlset,
)
from newsdesk.article import FeedLook, Look, Response
from newsdesk.discover import previous_feeds, read_looks, resting_feeds, take_look, write_look
from newsdesk.errors import FetchError, StoreError
from newsdesk.layout import Layout
from newsdesk.sources import Source

LAYOUT = Layout("test")
PAPER = paper(discover={"feeds": (FEED, OTHER_FEED), "news_sitemaps": (NEWS_SITEMAP,)})


def looked(
    web: Web, hour: float, before: Sequence[Look] = (), sources: Sequence[Source] = (paper(),)
) -> Look:
    return asyncio.run(take_look(sources, web, previous=previous_feeds(before), now=at(hour)))


def only(look: Look) -> FeedLook:
    ((_, feed),) = look.feeds
    return feed


def test_a_first_look_records_what_a_feed_lists() -> None:
    web = Web({FEED: rss(item(1, at(8)), item(2, at(7)))})
    feed = only(looked(web, 9))
    assert web.asked == [(FEED, None, None)]
    assert (feed.url, feed.kind, feed.looked_at, feed.status) == (FEED, "feed", at(9), 200)
    assert [(x.url, x.published_hint) for x in feed.links] == [
        (address(1), at(8)),
        (address(2), at(7)),
    ]
    assert feed.etag
    assert feed.seen_share is None
    assert feed.error is None


def test_every_feed_and_news_sitemap_of_every_paper_is_looked_at() -> None:
    other = paper(name="other_post", discover={"feeds": ("https://harbour-post.example/other",)})
    web = Web({FEED: rss(item(1)), OTHER_FEED: rss(), NEWS_SITEMAP: urlset(entry(address(3)))})
    look = looked(web, 9, sources=[PAPER, other])
    assert [(name, feed.url, feed.kind, feed.status) for name, feed in look.feeds] == [
        ("harbour_post", FEED, "feed", 200),
        ("harbour_post", OTHER_FEED, "feed", 200),
        ("harbour_post", NEWS_SITEMAP, "news_sitemap", 200),
        ("other_post", "https://harbour-post.example/other", "feed", 404),
    ]
    assert look.feeds[2][1].links[0].via == ("news_sitemap",)


def test_the_second_look_asks_whether_anything_changed() -> None:
    web = Web({FEED: rss(item(1, at(8)))})
    first = looked(web, 9)
    second = looked(web, 10, [first])
    assert web.asked[1] == (FEED, only(first).etag, None)
    feed = only(second)
    assert (feed.status, feed.seen_share, feed.looked_at) == (304, 1.0, at(10))
    assert feed.links == only(first).links
    assert feed.etag == only(first).etag
    third = looked(web, 11, [first, second])
    assert only(third).status == 304


def test_the_date_of_change_is_sent_only_without_an_entity_tag() -> None:
    before = feed_look(9, link(1), etag=None, last_modified="Thu, 15 Jan 2026 08:00:00 GMT")
    web = Web({FEED: rss(item(1))})
    looked(web, 10, [look_of(before)])
    looked(web, 10, [look_of(replace(before, etag='"x"'))])
    assert web.asked == [(FEED, None, "Thu, 15 Jan 2026 08:00:00 GMT"), (FEED, '"x"', None)]


def test_a_304_that_was_not_asked_for_is_an_error() -> None:
    feed = only(looked(Web({FEED: 304}), 9))
    assert feed.error == f"{FEED}: answers 304"


def test_the_share_of_seen_links_and_when_each_was_seen_first() -> None:
    web = Web({FEED: rss(item(1), item(2), item(3))})
    first = looked(web, 9)
    web.pages[FEED] = rss(item(4), item(1), item(2), item(3))
    second = looked(web, 10, [first])
    assert only(second).seen_share == 0.75
    assert [x.seen_at for x in only(second).links] == [at(10), at(9), at(9), at(9)]
    web.pages[FEED] = rss(item(4), item(5))
    third = looked(web, 11, [first, second])
    assert [x.seen_at for x in only(third).links] == [at(10), at(11)]
    web.pages[FEED] = rss(item(6), item(7))
    assert only(looked(web, 12, [first, second, third])).seen_share == 0.0


def test_an_empty_feed_has_no_share() -> None:
    web = Web({FEED: rss(item(1))})
    first = looked(web, 9)
    web.pages[FEED] = rss()
    feed = only(looked(web, 10, [first]))
    assert (feed.status, feed.links, feed.seen_share, feed.error) == (200, (), None, None)


@pytest.mark.parametrize(
    ("page", "status", "error"),
    [
        (unreachable(), None, f"{FEED}: no connection"),
        (unreachable("https://cdn.example/x"), None, f"{FEED}: https://cdn.example/x: no conn"),
        (404, 404, f"{FEED}: answers 404"),
        (503, 503, f"{FEED}: answers 503"),
        (b"<html>Sign in</html>", 200, f"{FEED}: is an HTML page, not a feed"),
        (b"\0" * 10_485_761, 200, f"{FEED}: cut after 10485760 bytes (length)"),
    ],
)
def test_a_feed_that_fails_is_recorded_and_stops_no_other(
    page: bytes | int | Exception, status: int | None, error: str
) -> None:
    web = Web({FEED: page, OTHER_FEED: rss(item(1)), NEWS_SITEMAP: urlset(entry(address(2)))})
    feeds = [feed for _, feed in looked(web, 9, sources=[PAPER]).feeds]
    assert feeds[0].status == status
    assert (feeds[0].error or "").startswith(error)
    assert (feeds[0].links, feeds[0].etag) == ((), None)
    assert [len(feed.links) for feed in feeds[1:]] == [1, 1]
    assert [feed.error for feed in feeds[1:]] == [None, None]


def test_a_bug_of_ours_is_recorded_too(caplog: pytest.LogCaptureFixture) -> None:
    web = Web({FEED: ZeroDivisionError("oops"), OTHER_FEED: rss(item(1))})
    with caplog.at_level(logging.ERROR):
        feeds = [feed for _, feed in looked(web, 9, sources=[PAPER]).feeds]
    assert feeds[0].error == f"{FEED}: ZeroDivisionError: oops"
    assert len(feeds[1].links) == 1
    assert FEED in caplog.text


def test_the_last_good_look_with_links_is_the_one_before() -> None:
    good, empty = feed_look(8, link(1), etag='"1"'), feed_look(9, etag='"2"')
    failed = feed_look(10, status=503, error="503")
    looks = [look_of(failed), look_of(empty), look_of(good)]
    assert previous_feeds(looks) == {("harbour_post", FEED): good}
    assert previous_feeds([look_of(empty), look_of(failed)]) == {("harbour_post", FEED): empty}
    assert previous_feeds([look_of(failed)]) == {}
    newer = feed_look(11, link(2))
    assert previous_feeds([*looks, look_of(newer)]) == {("harbour_post", FEED): newer}


def test_a_failure_does_not_make_known_stories_new() -> None:
    web = Web({FEED: rss(item(1))})
    first = looked(web, 8)
    web.pages[FEED] = 503
    second = looked(web, 9, [first])
    web.pages[FEED] = rss(item(1), item(2))
    feed = only(looked(web, 10, [first, second]))
    assert feed.seen_share == 0.5
    assert feed.links[0].seen_at == at(8)


def test_looks_are_written_once_and_read_in_order() -> None:
    store = MemoryStore()
    looks = [look_of(feed_look(hour, link(1))) for hour in (-3, 2, 23.5, 25)]
    for look in reversed(looks):
        key = write_look(store, LAYOUT, look)
        assert write_look(store, LAYOUT, replace(look, feeds=())) == key
    later = look_of(feed_look(2), shard=1)
    write_look(store, LAYOUT, later)
    day = dt.date(2026, 1, 15)
    assert read_looks(store, LAYOUT, day, day) == [looks[1], later, looks[2]]
    around = read_looks(store, LAYOUT, day - dt.timedelta(1), day + dt.timedelta(1))
    assert around == [looks[0], looks[1], later, looks[2], looks[3]]
    assert read_looks(store, LAYOUT, day, day - dt.timedelta(1)) == []


def test_a_look_that_cannot_be_read_names_its_key() -> None:
    store = MemoryStore()
    key = write_look(store, LAYOUT, look_of(feed_look(1)))
    store.put(key, b"torn")
    with pytest.raises(StoreError, match=key):
        read_looks(store, LAYOUT, dt.date(2026, 1, 15), dt.date(2026, 1, 15))


def test_what_is_odd_about_a_feed_is_told() -> None:
    web = Web({FEED: rss(item(1))})
    first = looked(web, 8)
    assert only(first).notice is None
    web.pages[FEED] = rss()
    assert only(looked(web, 9, [first])).notice == "empty"
    assert only(looked(web, 9)).notice is None  # nobody knows that it ever showed anything
    web.pages[FEED] = b"<html>Sign in</html>"
    feed = only(looked(web, 10, [first]))
    assert (feed.notice, feed.failure) == ("html", "soft")
    web.pages[FEED] = 503
    assert (only(looked(web, 11)).notice, only(looked(web, 11)).failure) == (None, "temporary")


class Busy(Web):
    """Answers 429 with a Retry-After, or lets nobody ask because it did."""

    async def get(self, url: str, source: Source, **options: Any) -> Response:
        if url == OTHER_FEED:
            error = FetchError(url, "asks to be left alone", code="host_busy")
            error.retry_after = 7_200.0
            raise error
        response = await super().get(url, source, **options)
        return replace(response, status=429, headers=(("Retry-After", "7200"),))


def test_until_when_a_host_asks_to_be_left_alone_is_recorded() -> None:
    look = looked(Busy({FEED: rss(item(1))}), 8, sources=[PAPER])
    told = {feed.url: (feed.failure, feed.rest_until) for _, feed in look.feeds}
    assert told[FEED] == told[OTHER_FEED] == ("temporary", at(10))
    name = PAPER.name
    assert (name, FEED) in resting_feeds([look], at(9.9), only_asked=True)
    assert not resting_feeds([look], at(10), only_asked=True)
    assert only(looked(Web({FEED: 503}), 8)).rest_until is None


def test_a_feed_that_was_moved_is_read_and_told() -> None:
    class Moved(Web):
        async def get(self, url: str, source: Source, **options: Any) -> Response:
            response = await super().get(url, source, **options)
            return replace(response, moved_to=OTHER_FEED, final_url=OTHER_FEED)

    feed = only(looked(Moved({FEED: rss(item(1))}), 8))
    assert (feed.notice, feed.moved_to, len(feed.links)) == ("moved", OTHER_FEED, 1)
