"""Harvested sitemaps: a record for every day, so that runs ask for none."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt

import pytest

from contracts.desk import LAYOUT, desk_of
from contracts.press import HOME, Web, address, at, entry, paper, unreachable, urlset
from newsdesk.discover.archive_sitemaps import ArchiveSitemaps
from newsdesk.discover.listed import Listed, read_listed
from newsdesk.discover.strategy import Offer
from newsdesk.errors import FeedError, FetchError, SettingsError
from newsdesk.sources import Source, Urls
from newsdesk.steps import Desk, harvest_sitemaps, plan, sitemap_papers
from newsdesk.suppress import suppress

FIRST, LAST = dt.date(2026, 1, 30), dt.date(2026, 2, 2)
JANUARY, FEBRUARY = (f"{HOME}sitemap/2026-{month}.xml" for month in ("01", "02"))


def listing() -> Source:
    template = f"{HOME}sitemap/{{year}}-{{month}}.xml"
    return paper(discover={"archive_sitemaps": (template,), "robots_sitemaps": False})


def months() -> Web:
    entries = {
        JANUARY: [entry(address(1), "2026-01-30T09:00Z"), entry(address(2), "2026-01-31T09:00Z")],
        FEBRUARY: [entry(address(3), "2026-02-01T09:00Z")],
    }
    return Web({url: urlset(*some) for url, some in entries.items()})


def desk(web: Web, now: dt.datetime | None = None) -> Desk:
    return desk_of(web, sources=[listing()], now=now or at(12, dt.date(2026, 3, 1)))


def listed(it: Desk, day: dt.date) -> list[Listed]:
    return read_listed(it.store, LAYOUT, day)


def test_each_file_is_asked_once_and_each_day_has_its_links() -> None:
    web = months()
    it = desk(web)
    assert harvest_sitemaps(it, "harbour_post", FIRST, LAST) == {"days": 4, "links": 3}
    assert sorted(url for url, _, _ in web.asked) == [JANUARY, FEBRUARY]
    (record,) = listed(it, dt.date(2026, 1, 31))
    assert [link.url for link in record.links] == [address(2)]
    assert record.proven == ((at(0, dt.date(2026, 1, 1)), at(24, dt.date(2026, 1, 31))),)


def test_a_run_and_its_plan_ask_for_no_sitemap_then() -> None:
    web = months()
    it = desk(web)
    harvest_sitemaps(it, "harbour_post", FIRST, LAST)
    web.asked.clear()
    (planned,) = plan(it, FIRST, FIRST)
    assert planned.offers == (
        Offer(
            "archive_sitemaps",
            host="www.harbour-post.example",
            stories=1,
            listing=0,
            listing_pause=1.0,
            pages=1,
            page_pause=1.0,
        ),
    )
    assert not web.asked


def test_a_day_that_has_not_ended_is_left_to_its_run() -> None:
    it = desk(months(), now=at(12, LAST))
    assert harvest_sitemaps(it, "harbour_post", FIRST, LAST)["days"] == 3
    assert listed(it, LAST) == []


def test_days_whose_sitemaps_fail_are_named_and_the_others_recorded() -> None:
    web = months()
    web.pages[FEBRUARY] = unreachable()
    it = desk(web)
    with pytest.raises(FetchError, match=r"harbour_post: 2 days are not recorded: https"):
        harvest_sitemaps(it, "harbour_post", FIRST, LAST)
    assert [len(listed(it, day)) for day in (FIRST, LAST)] == [1, 0]


@pytest.mark.parametrize("page", [403, b"<html>"])
def test_a_sitemap_that_is_not_to_be_had_is_noted_and_asked_for_once(page: bytes | int) -> None:
    web = months()
    web.pages[FEBRUARY] = page
    it = desk(web)
    since = it.now()
    with pytest.raises(FeedError, match=r"harbour_post: 2 days lack a sitemap for good: https"):
        harvest_sitemaps(it, "harbour_post", FIRST, LAST, since)
    assert [len(listed(it, day)[0].links) for day in (FIRST, LAST)] == [1, 0]
    assert [listed(it, day)[0].problems != () for day in (FIRST, LAST)] == [False, True]
    web.asked.clear()
    assert harvest_sitemaps(it, "harbour_post", FIRST, LAST, since)["days"] == 0
    found = asyncio.run(ArchiveSitemaps(None, at(12), listed(it, LAST)).find(listing(), LAST))
    assert (found.problems, found.proven) == ([*listed(it, LAST)[0].problems], [])
    assert not web.asked


def test_what_an_earlier_harvest_knew_stays_when_a_sitemap_is_forbidden_later() -> None:
    web = months()
    it = desk(web)
    harvest_sitemaps(it, "harbour_post", FIRST, LAST)
    before = listed(it, FIRST)
    web.pages[JANUARY] = 403
    with pytest.raises(FeedError, match="2 days lack a sitemap for good"):
        harvest_sitemaps(it, "harbour_post", FIRST, LAST)
    assert listed(it, FIRST) == before


def test_what_may_pass_is_tried_again_whatever_else_is_wrong() -> None:
    web = months()
    web.pages |= {JANUARY: 403, FEBRUARY: 503}
    with pytest.raises(FetchError, match="2 days are not recorded"):
        harvest_sitemaps(desk(web), "harbour_post", FIRST, LAST)


def test_what_was_erased_is_not_noted() -> None:
    it = desk(months())
    suppress(it.store, LAYOUT, [address(2)])
    assert harvest_sitemaps(it, "harbour_post", FIRST, LAST)["links"] == 2
    assert [link.url for link in listed(it, dt.date(2026, 1, 31))[0].links] == []


def test_a_retry_asks_only_for_what_is_lacking() -> None:
    web = months()
    it = desk(web)
    since = it.now()
    harvest_sitemaps(it, "harbour_post", FIRST, FIRST, since)
    web.asked.clear()
    assert harvest_sitemaps(it, "harbour_post", FIRST, LAST, since)["days"] == 3
    harvest_sitemaps(it, "harbour_post", FIRST, LAST, since)
    assert sorted(url for url, _, _ in web.asked) == [JANUARY, FEBRUARY]


def test_a_changed_file_makes_what_was_noted_count_for_nothing() -> None:
    web = months()
    it = desk(web)
    harvest_sitemaps(it, "harbour_post", FIRST, LAST)
    changed = listing().model_copy(update={"urls": Urls(ignore=("^/none/",))})
    (planned,) = plan(dataclasses.replace(it, sources={changed.name: changed}), FIRST, FIRST)
    assert planned.offers[0].stories is None


def test_only_papers_that_may_have_sitemaps_are_asked() -> None:
    without = paper(name="quiet_post", discover={"robots_sitemaps": False})
    it = desk_of(Web(), sources=[listing(), without])
    assert sitemap_papers(it) == {"papers": ["harbour_post"]}
    with pytest.raises(SettingsError, match="is no paper that a run takes"):
        harvest_sitemaps(it, "other_post", FIRST, LAST)
