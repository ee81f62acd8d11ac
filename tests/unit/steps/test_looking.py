"""The look step: what it records, and from where it knows what was seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.press import (
    DAY,
    FEED,
    HOME,
    OTHER_FEED,
    Web,
    address,
    at,
    item,
    paper,
    rss,
    unreachable,
)
from newsdesk.article import FeedLook, Response
from newsdesk.discover import read_looks
from newsdesk.fetch.hostfile import RobotsAnswer
from newsdesk.sources import Source
from newsdesk.steps import Desk, look, paper_groups

TWO_FEEDS = paper(discover={"feeds": (FEED, OTHER_FEED)})


def recorded(desk: Desk) -> list[FeedLook]:
    looks = read_looks(desk.store, LAYOUT, DAY, DAY + dt.timedelta(days=2))
    return [feed for one in looks for _, feed in one.feeds]


def test_a_look_is_recorded_and_counted() -> None:
    web = Web({FEED: rss(item(1), item(2)), OTHER_FEED: unreachable(OTHER_FEED)})
    desk = desk_of(web, sources=[TWO_FEEDS], now=at(8))
    assert look(desk, ["harbour_post"]) == {"feeds": 2, "failed": 1, "odd": 0, "links": 2}
    first, second = recorded(desk)
    assert [one.url for one in first.links] == [address(1), address(2)]
    assert second.error == f"{OTHER_FEED}: no connection"
    assert [info.key for info in desk.store.list(LAYOUT.looks(DAY))] == [LAYOUT.look(at(8), 0)]


def test_a_later_look_asks_with_the_validator_of_the_earlier_also_after_midnight() -> None:
    store, web = MemoryStore(), Web({FEED: rss(item(1))})
    look(desk_of(web, store=store, now=at(23)), ["harbour_post"])
    desk = desk_of(web, store=store, now=at(25))
    look(desk, ["harbour_post"])
    first, second = recorded(desk)
    assert web.asked == [(FEED, None, None), (FEED, first.etag, None)]
    assert (second.status, second.seen_share, second.links) == (304, 1.0, first.links)


def test_a_look_that_is_repeated_is_a_look_of_its_own() -> None:
    store, web = MemoryStore(), Web({FEED: rss(item(1))})
    for hour in (8, 8.001):
        look(desk_of(web, store=store, now=at(hour)), ["harbour_post"])
    assert len(list(store.list(LAYOUT.looks(DAY)))) == 2


def test_two_looks_at_the_same_moment_leave_the_first() -> None:
    store = MemoryStore()
    look(desk_of(Web({FEED: rss(item(1))}), store=store, now=at(8)), ["harbour_post"])
    before = store.get(LAYOUT.look(at(8), 0))
    look(desk_of(Web({FEED: rss(item(2))}), store=store, now=at(8)), ["harbour_post"])
    assert store.get(LAYOUT.look(at(8), 0)) == before


def test_only_the_papers_of_the_group_are_looked_at() -> None:
    other = paper(name="other_post", discover={"feeds": (OTHER_FEED,)})
    web = Web({FEED: rss(), OTHER_FEED: rss()})
    desk = desk_of(web, sources=[paper(), other], now=at(8))
    look(desk, ["other_post", "a_paper_that_left"], shard=3)
    assert web.addresses == [OTHER_FEED]
    assert desk.store.head(LAYOUT.look(at(8), 3)) is not None


def test_every_paper_is_in_exactly_one_group() -> None:
    papers = [paper(name=f"paper_{number:03}") for number in range(120)]
    groups = paper_groups(desk_of(Web(), sources=reversed(papers)))["groups"]
    assert [group["shard"] for group in groups] == [0, 1, 2]
    assert [name for group in groups for name in group["papers"]] == [p.name for p in papers]
    assert max(len(group["papers"]) for group in groups) == 50


def test_a_scheduled_look_passes_over_feeds_that_are_not_due() -> None:
    store, web = MemoryStore(), Web({FEED: rss(item(1)), OTHER_FEED: unreachable(OTHER_FEED)})

    def at_hour(hour: float) -> int:
        desk = desk_of(web, store=store, sources=[TWO_FEEDS], now=at(hour))
        return look(desk, ["harbour_post"], only_due=True)["feeds"]

    assert at_hour(8) == 2
    assert at_hour(8.1) == 0
    assert at_hour(8.25) == 1  # the one that failed
    assert [feed.url for feed in recorded(desk_of(web, store=store))] == [
        FEED,
        OTHER_FEED,
        OTHER_FEED,
    ]
    assert at_hour(9) == 2
    assert len(list(store.list(LAYOUT.looks(DAY)))) == 3  # nothing due, nothing recorded
    desk = desk_of(web, store=store, sources=[TWO_FEEDS], now=at(9.1))
    assert look(desk, ["harbour_post"])["feeds"] == 2  # who asks by hand gets all


def test_how_asking_for_robots_txt_went_is_recorded_with_the_look() -> None:
    url = f"{HOME}robots.txt"
    answer = Response(url, url, 404, "", (), b"", b"", at(8))
    dead = RobotsAnswer("https://dead.example/robots.txt", at(9), None, "no connection")
    web = Web({FEED: rss(item(1))}, robots_told=[RobotsAnswer(url, at(8), answer, None), dead])
    desk = desk_of(web, now=at(8))
    look(desk, ["harbour_post"])
    (taken,) = read_looks(desk.store, LAYOUT, DAY, DAY)
    assert [(one.url, one.status, one.problem) for one in taken.robots] == [
        (url, 404, None),
        (dead.url, None, "no connection"),
    ]


def test_a_host_that_asked_for_rest_is_left_alone_by_everybody() -> None:
    class Busy(Web):
        async def get(self, url: str, source: Source, **options: Any) -> Response:
            response = await super().get(url, source, **options)
            return replace(response, status=503, headers=(("Retry-After", "7200"),))

    store = MemoryStore()
    busy, web = Busy({FEED: rss(item(1))}), Web({FEED: rss(item(1))})
    assert look(desk_of(busy, store=store, now=at(8)), ["harbour_post"])["failed"] == 1
    assert look(desk_of(web, store=store, now=at(9.9)), ["harbour_post"])["feeds"] == 0
    assert web.asked == []
    assert look(desk_of(web, store=store, now=at(10)), ["harbour_post"])["links"] == 1


def test_no_more_is_read_than_tells_what_every_feed_showed_last() -> None:
    class Counting(MemoryStore):
        reads = 0

        def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
            self.reads += 1
            return super().get(key, offset=offset, length=length)

    store, web = Counting(), Web({FEED: rss(item(1))})
    for hour in range(20):
        look(desk_of(web, store=store, now=at(hour)), ["harbour_post"])
    store.reads = 0
    look(desk_of(web, store=store, now=at(20)), ["harbour_post"])
    assert store.reads == 3


def test_a_busy_feed_is_looked_at_as_often_after_an_outage() -> None:
    store = MemoryStore()

    def looked(hour: float) -> int:
        web = Web({FEED: rss(*(item(n) for n in range(int(hour * 8), int(hour * 8) + 4)))})
        desk = desk_of(web, store=store, now=at(hour))
        return look(desk, ["harbour_post"], only_due=True)["feeds"]

    hours = [8, 9, 9.5, 9.75, 10, 17, 17.25]  # out of order from 10 to 17
    assert [looked(hour) for hour in hours] == [1] * len(hours)
