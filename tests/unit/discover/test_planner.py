"""The plan of a range: who serves each day, in which order, and about what it costs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from collections.abc import Sequence

import pytest
from rich.console import Console

from contracts.desk import LAYOUT, desk_of
from contracts.press import DAY, HOME, Web, at, feed_look, link, look_of, paper
from newsdesk import records, steps
from newsdesk.archives import Access
from newsdesk.article import Capture, CaptureRef
from newsdesk.discover import write_look
from newsdesk.discover.landed import LandedPart
from newsdesk.discover.planner import DayPlan
from newsdesk.discover.showing import as_dict, show_plans
from newsdesk.discover.strategy import DAY as ONE_DAY
from newsdesk.discover.strategy import PAGE_BYTES
from newsdesk.errors import SettingsError
from newsdesk.sources import Source
from newsdesk.steps import Desk

CRAWL = {"robots_sitemaps": False, "archives": ("common_crawl",)}


def asking(*archives: str, **more: object) -> Source:
    found = {"archive_sitemaps": (f"{HOME}{{year}}-{{month}}.xml",), "archives": archives}
    return paper(discover={**found, "robots_sitemaps": False}, normal={"pages_per_day": (5, 40)})


def desk(source: Source, web: Web | None = None) -> Desk:
    return dataclasses.replace(
        desk_of(web or Web(), sources=[source], now=at(24 * 40)), archives=Access(pace=4)
    )


def shown(plans: Sequence[DayPlan]) -> str:
    text = io.StringIO()
    show_plans(plans, Console(file=text, width=140), budget=None, as_json=False)
    return text.getvalue()


def planned(desk: Desk) -> DayPlan:
    (plan,) = steps.plan(desk, DAY, DAY)
    return plan


def test_strategies_stand_in_the_order_of_asking_and_nobody_is_asked() -> None:
    web = Web()
    plan = planned(desk(asking("wayback", "common_crawl"), web))
    assert [offer.strategy for offer in plan.offers] == [
        "archive_sitemaps",
        "common_crawl",
        "wayback",
    ]
    assert web.asked == []
    assert not plan.proven


def test_archives_are_asked_only_of_papers_that_name_them() -> None:
    assert [x.strategy for x in planned(desk(asking())).offers] == ["archive_sitemaps"]


def test_pages_count_once_and_listings_each() -> None:
    plan = planned(desk(asking("common_crawl", "wayback")))
    assert [offer.pages for offer in plan.offers] == [40, 40, 40]
    assert plan.requests == 40 + sum(offer.listing for offer in plan.offers)
    assert plan.bytes == 40 * PAGE_BYTES
    slowest = 40 * 4 * 0.55
    listing = 2 * 1.0 + 3 * 4.0 + 1 * 10.0
    assert plan.minutes == pytest.approx((slowest + listing) / 60)


def test_a_day_that_looks_prove_asks_nobody_else() -> None:
    it = desk(asking("wayback"))
    for hour in (-2, 6, 18, 24.1):
        write_look(it.store, LAYOUT, look_of(feed_look(hour, link(1, at(3)), seen_share=1.0)))
    plan = planned(it)
    assert plan.proven
    assert [(x.strategy, x.stories, x.requests) for x in plan.offers] == [("looks", 1, 1)]


def test_landed_pages_cost_nothing() -> None:
    it = desk(asking())
    page = Capture(
        link=link(3, via=("cc_news",)),
        fate=None,
        reason=None,
        captured_at=at(30),
        ref=CaptureRef("raw/x.warc.gz", 10, 20, b"x" * 32),
    )
    it.store.put(LAYOUT.landed_part(DAY, "a-file", 0), records.pack(LandedPart((page,))))
    first = planned(it).offers[0]
    assert (first.strategy, first.stories, first.requests, first.host) == ("landed", 1, 0, None)


def test_a_paper_that_only_the_news_crawl_knows_is_served_after_a_harvest() -> None:
    silent = desk(paper(discover={"robots_sitemaps": False}))
    plan = planned(silent)
    assert (plan.offers, plan.harvest, plan.served) == ((), ("2026-01",), True)
    assert as_dict(plan, None)["harvest"] == ("2026-01",)
    assert "after harvest_archives: news crawl of 2026-01" in shown([plan])
    for day, months in (
        (dt.date(2026, 1, 1), ("2025-12", "2026-01")),
        (dt.date(2026, 1, 31), ("2026-01", "2026-02")),
        (dt.date(2016, 8, 26), ("2016-08",)),
        (dt.date(2016, 8, 25), ()),  # the crawl had not begun
    ):
        (plan,) = steps.plan(silent, day, day)
        assert (plan.harvest, plan.served) == (months, bool(months))
    assert "nobody can say" in shown([plan])


def test_a_day_that_looks_prove_empty_needs_nobody() -> None:
    it = desk(paper(discover={"robots_sitemaps": False}))
    for hour in (-2, 6, 18, 24.1):
        write_look(it.store, LAYOUT, look_of(feed_look(hour, link(1, at(-3)), seen_share=1.0)))
    plan = planned(it)
    assert (plan.offers, plan.proven, plan.harvest, plan.served) == ((), True, (), True)
    assert "no stories" in shown([plan])


def test_a_budget_names_the_host_that_would_be_asked_too_often() -> None:
    plan = planned(desk(asking("wayback")))
    assert plan.over(None) is None
    assert plan.over(plan.offers[1].requests) == "www.harbour-post.example"
    assert plan.over(1_000) is None


def test_an_index_on_a_host_of_its_own_is_no_load_on_the_one_that_has_the_pages() -> None:
    (offer,) = planned(desk(paper(discover=CRAWL, normal={"pages_per_day": (5, 40)}))).offers
    plan = DayPlan("harbour_post", DAY, (offer,), False)
    assert plan.over(39) == "data.commoncrawl.org"
    assert plan.over(40) is None


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (DAY, DAY - ONE_DAY, "holds no day"),
        (DAY, DAY + 60 * ONE_DAY, "reaches into the future"),
        (DAY - 4_000 * ONE_DAY, DAY, "is longer than"),
    ],
)
def test_an_unsafe_range_is_refused(first: object, last: object, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        steps.plan(desk(paper()), first, last)  # type: ignore[arg-type]  # days, as pytest knows them


def test_a_paper_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match="nobody_post"):
        steps.plan(desk(paper()), DAY, DAY, ["nobody_post"])


def test_every_day_of_a_range_has_its_plan(capsys: pytest.CaptureFixture[str]) -> None:
    first = DAY - 16 * ONE_DAY  # over a month's and a year's end
    plans = steps.plan(desk(asking("wayback")), first, DAY)
    assert [plan.day for plan in plans] == [first + n * ONE_DAY for n in range(17)]
    show_plans(plans, Console(), budget=10, as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["day"] for row in rows] == [str(plan.day) for plan in plans]
    assert rows[0]["estimate"]["over_budget"] == "www.harbour-post.example"
    assert rows[0]["estimate"]["requests"] == plans[0].requests
    assert rows[0]["strategies"][1]["strategy"] == "wayback"
    table = shown(plans)
    assert "archive_sitemaps, then wayback" in table
    assert "17 in all" in table
    assert "≈ requests" in table  # no bound: an archive may list more than its first page
    assert "≤" not in table
