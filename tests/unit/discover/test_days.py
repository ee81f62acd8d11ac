"""A paper's day: looks first, archives where nobody looked, and what neither proves."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pytest

from contracts.press import (
    DAY,
    FEED,
    HOME,
    OTHER_FEED,
    Web,
    address,
    at,
    entry,
    feed_look,
    link,
    look_of,
    paper,
    unreachable,
    urlset,
)
from newsdesk.article import Discovery, Inquiry, Link, Look
from newsdesk.discover import discover_day
from newsdesk.sources import Source

TEMPLATE = f"{HOME}sitemap/{{year}}-{{month}}.xml"
ARCHIVE = f"{HOME}sitemap/2026-01.xml"
ARCHIVED = paper(discover={"archive_sitemaps": (TEMPLATE,), "robots_sitemaps": False})
NOW = at(24.1)


def found(
    looks: Sequence[Look] = (),
    web: Web | None = None,
    source: Source = ARCHIVED,
    now: dt.datetime = NOW,
    told: Callable[[Collection[str]], bool] = lambda stories: not stories,
) -> Discovery:
    asked = discover_day(source, DAY, looks=looks, fetcher=web or Web(), now=now, told=told)
    return asyncio.run(asked)


def watched(*hours: float, until: float = 24.1) -> list[Look]:
    """Looks every two hours at a feed that shows the stories of the six hours before."""
    looks = []
    for hour in (*range(0, 24, 2), until):
        shown = [story for story in hours if hour - 6 <= story <= hour]
        links = [link(int(s * 100) + 1_000, at(s)) for s in sorted(shown, reverse=True)]
        looks.append(look_of(feed_look(hour, link(1, at(-5)), *links)))
    return looks


def numbers(discovery: Discovery) -> list[str]:
    return [one.url for one in discovery.links]


def test_a_day_that_was_watched_asks_nobody() -> None:
    web = Web()
    stories = [hour + 0.5 for hour in range(-6, 24)]
    day = found(watched(*stories), web)
    assert web.asked == []
    assert day.strategy == "looks"
    assert (day.gap_from, day.gap_to, day.error) == (None, None, None)
    assert numbers(day) == sorted(address(int(s * 100) + 1_000) for s in stories if s > 0)


def test_a_day_that_was_not_watched_asks_the_archive() -> None:
    web = Web({ARCHIVE: urlset(entry(address(7), "2026-01-15T08:00Z"))})
    day = found(web=web, now=at(24 * 60))
    assert day == Discovery(
        source="harbour_post",
        day=DAY,
        strategy="archive_sitemaps",
        links=(link(7, via=("archive_sitemap",), seen_at=at(24 * 60), modified_hint=at(8)),),
        inquiries=(Inquiry("looks", 0), Inquiry("archive_sitemaps", 1, requests=1)),
    )


def test_the_archive_fills_the_gap_of_an_outage() -> None:
    stories = [hour + 0.5 for hour in range(-6, 24)]
    looks = [look for look in watched(*stories) if not at(2) < look.looked_at < at(20)]
    alone = found(looks)
    assert alone.strategy == "looks"
    assert (alone.gap_from, alone.gap_to) == (at(2), at(14.5))
    web = Web(
        {
            ARCHIVE: urlset(
                *(entry(address(int(s * 100) + 1_000), at(s).isoformat()) for s in stories),
                entry(address(9), "2026-02-01"),
            )
        }
    )
    asked: list[set[str]] = []
    for told, gap in (False, (at(2), at(14.5))), (True, (None, None)):

        def knows(stories: Collection[str], told: bool = told) -> bool:
            asked.append(set(stories))
            return told

        both = found(looks, web, now=at(24 * 60), told=knows)
        assert both.strategy == "archive_sitemaps"
        assert (both.gap_from, both.gap_to) == gap
    assert asked == [{ARCHIVED.article_id(address(9))}] * 2  # it may have been edited since
    assert numbers(both) == sorted(address(int(s * 100) + 1_000) for s in stories if s > 0)
    seen = {one.url: one for one in both.links}
    assert seen[address(1_050)].via == ("archive_sitemap", "look")
    assert seen[address(1_050)].seen_at == at(0)


def test_what_neither_proves_is_written_down() -> None:
    stories = [hour + 0.5 for hour in range(-6, 24)]
    looks = [look for look in watched(*stories) if not at(2) < look.looked_at < at(20)]
    day = found(looks, Web({ARCHIVE: 503}))
    assert day.strategy == "looks"
    assert (day.gap_from, day.gap_to) == (at(2), at(14.5))
    assert day.error is None


def test_a_day_that_goes_on_has_a_gap_to_its_end() -> None:
    stories = [hour + 0.5 for hour in range(-6, 13)]
    looks = [look for look in watched(*stories) if look.looked_at <= at(12)]
    day = found(looks, now=at(12))
    assert (day.gap_from, day.gap_to) == (at(12), at(24))


@pytest.mark.parametrize(
    ("web", "error"),
    [
        (Web(), f"none of 1 sitemaps lists it, such as {ARCHIVE}"),
        (Web({ARCHIVE: 503}), f"{ARCHIVE}: answers 503"),
        (Web({ARCHIVE: unreachable(ARCHIVE)}), f"{ARCHIVE}: no connection"),
        (Web({ARCHIVE: b"<html>"}), f"{ARCHIVE}: is an HTML page, not a sitemap"),
    ],
)
def test_a_paper_that_cannot_say_anything_names_why(web: Web, error: str) -> None:
    day = found(web=web)
    assert (day.strategy, day.links) == ("none", ())
    assert day.error == f"harbour_post: no look shows 2026-01-15; {error}"
    assert (day.gap_from, day.gap_to) == (at(0), at(24))


def test_a_paper_without_archive_says_so() -> None:
    day = found(source=paper(discover={"robots_sitemaps": False}))
    assert day.error == "harbour_post: no look shows 2026-01-15; no archive sitemap to ask"


def test_a_bug_of_ours_stops_no_other_paper(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        day = found(web=Web({ARCHIVE: ZeroDivisionError("oops")}))
    assert day.error == "harbour_post: no look shows 2026-01-15; ZeroDivisionError: oops"
    assert "harbour_post" in caplog.text


def of_day(*links: Link, hour: float = 8, source: Source = ARCHIVED) -> list[str]:
    day = found([look_of(feed_look(hour, *links))], source=source)
    return [one.url[-1] for one in day.links]


def test_a_story_is_of_the_day_by_its_dates() -> None:
    assert of_day(
        link(1, at(0)),
        link(2, at(24) - dt.timedelta(seconds=1)),
        link(3, at(24)),
        link(4, at(-0.01)),
        link(5, at(-50), modified_hint=at(3)),
        link(6, modified_hint=at(3)),
        hour=30,
    ) == ["1", "2", "5", "6"]


def test_a_story_without_dates_is_of_the_day_it_was_seen_first() -> None:
    assert of_day(link(1, seen_at=at(3)), link(2, seen_at=at(-1)), link(3, seen_at=at(25))) == ["1"]


def test_a_date_without_a_time_counts_for_both_utc_days() -> None:
    istanbul = paper(time_zone="Europe/Istanbul", discover={"robots_sitemaps": False})
    assert of_day(link(1, at(9)), link(2, at(9 + 24)), link(3, at(9 + 48)), source=istanbul) == [
        "1",
        "2",
    ]


def test_the_newest_look_has_the_say_but_the_first_sighting_stays() -> None:
    old = link(1, at(3), headline_hint="The ferry leaves", seen_at=at(4))
    new = link(1, at(3), headline_hint="The ferry left", seen_at=at(6), modified_hint=at(5))
    for looks in itertools.permutations([feed_look(4, old), feed_look(6, new)]):
        (one,) = found([look_of(look) for look in looks]).links
        assert one.headline_hint == "The ferry left"
        assert one.modified_hint == at(5)
        assert one.seen_at == at(4)


def test_the_order_of_looks_does_not_matter() -> None:
    looks = watched(*(hour + 0.5 for hour in range(-6, 24)))[:5]
    assert len({repr(found(order)) for order in itertools.permutations(looks)}) == 1


def test_looks_at_other_papers_and_at_feeds_no_longer_named_do_not_count() -> None:
    mine = feed_look(8, link(1, at(3)))
    former = replace(feed_look(8, link(2, at(3))), url=OTHER_FEED)
    other = Look(at(8), 0, (("other_post", feed_look(8, link(3, at(3)))),))
    assert [one.url for one in found([look_of(mine, former), other]).links] == [address(1)]
    assert [one.url for one in found([look_of(former), other]).links] == [address(2)]


def test_no_more_pages_than_the_source_allows_and_those_seen_first() -> None:
    few = ARCHIVED.model_copy(update={"fetch": ARCHIVED.fetch.model_copy(update={"max_pages": 2})})
    web = Web({ARCHIVE: urlset(*(entry(address(n), "2026-01-15T08:00Z") for n in range(5)))})
    day = found([look_of(feed_look(9, link(4, at(8))))], web, few, now=at(24 * 60))
    assert numbers(day) == [address(0), address(4)]
    assert (day.gap_from, day.gap_to) == (at(0), at(24))


def test_the_same_looks_and_archive_give_the_same_day() -> None:
    def web() -> Web:
        return Web({ARCHIVE: urlset(*(entry(address(n), "2026-01-15") for n in range(9)))})

    looks = [look_of(feed_look(9, link(4, at(8)), link(5)))]
    assert found(looks, web()) == found(looks, web())
    assert FEED in {feed.url for _, feed in looks[0].feeds}
