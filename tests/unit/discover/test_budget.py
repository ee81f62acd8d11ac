"""What a run may ask of one host: listings and pages, papers that share a host, what is refused."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Sequence

import pytest

from contracts.archives import Archive, Kept, serving
from contracts.desk import LAYOUT, desk_of
from contracts.newsroom import Newsroom, newsroom
from contracts.press import (
    DAY,
    HOME,
    Web,
    address,
    at,
    entry,
    feed_look,
    index,
    link,
    look_of,
    paper,
    urlset,
)
from newsdesk.archives import Access
from newsdesk.article import Copy, Discovery
from newsdesk.discover import write_look
from newsdesk.discover.budget import Ration, Rationed, requests, within_budget
from newsdesk.errors import OverBudget
from newsdesk.sources import Source
from newsdesk.steps import Desk, discover
from newsdesk.steps.discovering import Plan, load_plan

HOST = "www.harbour-post.example"
FILES = "files.harbour-post.example"
LISTING = paper(
    discover={"archive_sitemaps": (f"{HOME}sitemap.xml",), "robots_sitemaps": False},
)


def sitemaps(children: int) -> Web:
    """An index on the paper's host, its children on another; each lists a story of the day."""
    urls = [f"https://{FILES}/{DAY:%Y-%m-%d}-{n}.xml" for n in range(children)]
    files = {url: urlset(entry(address(n), f"{DAY}T08:00:00Z")) for n, url in enumerate(urls)}
    return Web({f"{HOME}sitemap.xml": index(urls), **files})


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Tables that hold nothing."""
    return newsroom(tmp_path_factory.mktemp("tables"))


def planned(room: Newsroom, web: Web, budget: int | None, **changes: object) -> Plan:
    sources = changes.pop("sources", [LISTING])
    it: Desk = desk_of(web, sources=sources, now=at(72), open_warehouse=lambda: room.warehouse)  # type: ignore[arg-type]  # papers
    it = dataclasses.replace(it, host_requests=budget, **changes)  # type: ignore[arg-type]  # a test's own changes
    write_look(it.store, LAYOUT, look_of(feed_look(9, link(99, at(8)))))
    discover(it, DAY, "run")
    return load_plan(it, DAY, "run")


def fetched(plan: Plan) -> int:
    return sum(len(shard) for shard in plan.shards)


def test_sitemaps_count_by_the_host_that_has_them(room: Newsroom) -> None:
    """The index and five pages on one host, four files on the other."""
    assert fetched(planned(room, sitemaps(4), 6)) == 5
    plan = planned(room, sitemaps(4), 5)
    assert fetched(plan) == 0
    (found,) = plan.discoveries
    assert len(found.links) == 5
    assert found.over_budget
    assert found.error == (
        f"harbour_post: over_budget: the pages of {DAY} need 5 requests to {HOST}, "
        "of 5 in a run 4 are left"
    )


def test_a_listing_stops_at_the_budget_and_no_page_is_fetched(room: Newsroom) -> None:
    web = sitemaps(9)
    plan = planned(room, web, 3)
    (found,) = plan.discoveries
    assert Counter(url.split("/")[2] for url in web.addresses) == {HOST: 1, FILES: 3}
    assert (fetched(plan), found.over_budget) == (0, True)
    assert found.error == (
        f"harbour_post: over_budget: archive_sitemaps is not asked on about {DAY}, "
        f"{FILES}: was sent all 3 requests of the run"
    )
    assert [one.article_id for one in found.links] == [link(99).article_id]  # of the look
    assert found.gap_from is not None


def post(name: str) -> Source:
    """A paper of its own that only the Wayback Machine knows."""
    return paper(
        name=name,
        home=f"https://{name}.example/",
        domains=(f"{name}.example",),
        discover={"robots_sitemaps": False, "archives": ("wayback",)},
    )


def test_papers_that_share_an_archive_share_its_budget_by_name(room: Newsroom) -> None:
    """Each lists in one request; the first has three pages, the second two, the third one."""
    names = ("apost", "bpost", "cpost")
    captures = [
        Kept(f"https://{name}.example/world/the-ferry-number-{n}", at(3), b"<html></html>")
        for name, count in zip(names, (3, 2, 1), strict=True)
        for n in range(count)
    ]
    with serving(Archive(captures)) as archive:

        def over(budget: int | None, order: Sequence[str] = names) -> list[str]:
            plan = planned(
                room,
                Web(),
                budget,
                sources=[post(name) for name in order],
                archives=Access(via=archive.via, pace=0),
            )
            spent = sum("cdx" in path for path, _ in archive.asked) + fetched(plan)
            archive.asked.clear()
            assert budget is None or spent <= budget
            return sorted(found.source for found in plan.discoveries if found.over_budget)

        assert over(None) == []
        assert over(9) == []
        for order in (names, names[::-1]):
            assert over(8, order) == ["cpost"]
            assert over(7, order) == ["bpost"]  # one page of the third still fits
            assert over(5, order) == ["apost", "cpost"]
            assert over(2, order) == ["apost", "bpost", "cpost"]  # the third is not listed


def test_a_landed_page_is_no_request_and_an_archived_one_is_its_archives() -> None:
    ours = Copy("cc_news", address(1), at(3), "text/html", digest=b"x")
    theirs = Copy("wayback", address(2), at(3), "text/html")
    links = [link(1, copies=(ours,)), link(2, via=("wayback",), copies=(theirs,)), link(3)]
    assert requests(links) == {"web.archive.org": 1, HOST: 1}


def test_what_was_over_budget_while_it_was_listed_stays_so() -> None:
    found = Discovery("a", DAY, "none", error="a: over_budget: listing", over_budget=True)
    ration = Ration(1)
    assert within_budget([found], {"a": [link(1)]}, ration) == [found]
    assert ration.sent == {}


def test_robots_txt_is_not_counted_and_a_request_too_many_is_not_sent() -> None:
    web = Web(robots=f"Sitemap: {HOME}sitemap.xml\n")

    async def asking() -> None:
        ration = Ration(1)
        client = Rationed(web, ration)  # type: ignore[arg-type]  # asks no archive
        assert await client.sitemaps(LISTING) == (f"{HOME}sitemap.xml",)
        await client.get(f"{HOME}a", LISTING)
        with pytest.raises(OverBudget, match=f"{HOST}: was sent all 1 requests"):
            await client.get(f"{HOME}b", LISTING)
        assert ration.sent == {HOST: 1}

    asyncio.run(asking())
    assert web.addresses == [f"{HOME}a"]


def test_without_a_budget_papers_are_asked_side_by_side(room: Newsroom) -> None:
    web = sitemaps(1)
    other = LISTING.model_copy(update={"name": "another_post"})
    planned(room, web, None, sources=[LISTING, other])
    assert web.most_at_once == 2
    web = sitemaps(1)
    planned(room, web, 100, sources=[LISTING, other])
    assert web.most_at_once == 1


def test_a_day_that_fits_is_fetched_as_without_a_budget(room: Newsroom) -> None:
    assert planned(room, sitemaps(4), 100) == planned(room, sitemaps(4), None)
