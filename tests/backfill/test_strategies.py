"""Days filled by each strategy alone and by all together: the same stories.

Three days over a leap day, and a month of 31.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backfill.house import (
    AFTER,
    AFTER_MONTH,
    DAYS,
    LATER,
    MONTH,
    NOTHING,
    ONE_DAY,
    PAPER,
    House,
    crawled,
    discovering,
    house,
)
from contracts.archives import crawl_of
from newsdesk import steps
from newsdesk.article import UTC
from newsdesk.embedded import Endpoint
from newsdesk.sources import Source
from newsdesk.steps.discovering import load_plan

pytestmark = [pytest.mark.backfill, pytest.mark.integration]

SITEMAPS = {"archive_sitemaps": ("https://www.bosphorusledger.example/sitemap.xml",)}
ALL = {**NOTHING, **SITEMAPS, "archives": ("common_crawl", "wayback")}
HARVESTED = "archive_sitemaps, harvested"
ALONE: dict[str, tuple[Callable[[Source], Source], str]] = {
    "looks": (discovering(**{k: v for k, v in NOTHING.items() if "sitemap" not in k[:4]}), "look"),
    "archive_sitemaps": (discovering(**{**NOTHING, **SITEMAPS}), "archive_sitemap"),
    HARVESTED: (discovering(**{**NOTHING, **SITEMAPS}), "archive_sitemap"),
    "common_crawl": (discovering(**{**NOTHING, "archives": ("common_crawl",)}), "common_crawl"),
    "wayback": (discovering(**{**NOTHING, "archives": ("wayback",)}), "wayback"),
    "landed": (discovering(**NOTHING), "cc_news"),
}


def prepare(it: House, name: str) -> None:
    """What must have happened before: looks at the time, or a harvest."""
    if name == "looks":
        for day in [*it.days, it.days[-1] + ONE_DAY]:
            for hour in (0.2, 6, 12, 18, 23.5):
                moment = dt.datetime.combine(day, dt.time(), UTC) + dt.timedelta(hours=hour)
                it.clock.set(moment)
                steps.look(it.desk, [PAPER])
        it.clock.set(it.later)
    if name == "landed":
        harvest(it)
    if name == HARVESTED:
        steps.harvest_sitemaps(it.desk, PAPER, it.days[0], it.days[-1])


def harvest(it: House) -> dict[str, int]:
    """Lands what the news crawl has of the paper."""
    it.print_news_crawl()
    batches = steps.harvest_files(it.desk, it.days[0], it.days[-1], after=3)["batches"]
    counts = [steps.harvest_batch(it.desk, files) for files in batches]
    return {name: sum(count[name] for count in counts) for name in counts[0]}


def told(it: House, day: dt.date, run: str) -> Any:
    return load_plan(it.desk, day, run).discoveries[0]


SPANS = {"leap day": (DAYS, LATER), "month": (MONTH, AFTER_MONTH)}
spans = pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
Span = tuple[list[dt.date], dt.datetime]


@spans
@pytest.mark.parametrize("name", ALONE)
@pytest.mark.timeout(1200)
def test_each_strategy_alone_gives_what_the_paper_printed(
    endpoint: Endpoint, tmp_path: Path, name: str, span: Span
) -> None:
    change, via = ALONE[name]
    with house(endpoint, tmp_path, change, days=span[0], later=span[1]) as it:
        if name == "looks":  # the feeds are the paper's own
            it.desk = dataclasses.replace(it.desk, sources={PAPER: feeds_alone(it)})
        prepare(it, name)
        for day in it.days:
            it.walk(day, f"{name} {day}")
            found = told(it, day, f"{name} {day}")
            assert found.strategy == name.partition(",")[0]
            if name == HARVESTED:
                assert sum(inquiry.requests for inquiry in found.inquiries) == 0
        assert it.stories() == it.printed()
        ways = {way for row in it.rows() for way in row["discovered_via"]}
        assert via in ways
        assert ways <= {via, "news_sitemap"}


def feeds_alone(it: House) -> Source:
    from newsdesk.sources import load_sources

    found = load_sources()[PAPER].discover.model_copy(
        update={"archive_sitemaps": (), "robots_sitemaps": False}
    )
    return it.desk.sources[PAPER].model_copy(update={"discover": found})


@spans
@pytest.mark.timeout(1200)
def test_all_together_give_the_same_stories(endpoint: Endpoint, tmp_path: Path, span: Span) -> None:
    with house(endpoint, tmp_path, discovering(**ALL), days=span[0], later=span[1]) as it:
        harvest(it)
        listed = []
        for day in it.days:
            it.walk(day, f"all {day}")
            listed.append(sum("matchType=domain" in path for path, _ in it.archive.asked))
        assert it.stories() == it.printed()
        if it.days is DAYS:
            # the sitemap of February proves no first day; then all that may be of a day is known,
            # and archives are asked for lost pages alone
            assert listed[0] == listed[1] == listed[2] > 0


@pytest.mark.parametrize("name", ["common_crawl", "wayback"])
def test_order_and_repetition_do_not_matter(endpoint: Endpoint, tmp_path: Path, name: str) -> None:
    def facts(it: House) -> list[dict[str, Any]]:
        rows = [
            {k: v for k, v in row.items() if k not in ("run_id", "capture")} for row in it.rows()
        ]
        return sorted(rows, key=lambda row: str(row["article_id"]))

    with house(endpoint, tmp_path, ALONE[name][0]) as forward:
        for day in DAYS:
            forward.walk(day, f"f {day}")
        with house(endpoint, tmp_path, ALONE[name][0]) as backward:
            for day in [*reversed(DAYS), DAYS[1]]:
                backward.walk(day, f"b {day} {len(backward.archive.asked)}")
            both = {row["article_id"] for row in forward.rows()}
            assert both == {row["article_id"] for row in backward.rows()}
            assert facts(forward) == facts(backward)


def test_archives_in_trouble_give_the_same_stories(endpoint: Endpoint, tmp_path: Path) -> None:
    change = discovering(**{**NOTHING, "archives": ("common_crawl", "wayback")})
    with house(endpoint, tmp_path, change) as it:
        it.archive.stingy = frozenset(kept.url for kept in it.archive.captures[::5])
        it.archive.troubles = {
            "/crawl-data": [503, 403, 429, 503],
            "/cdx": [429, 503],
            "/web": [503, 429],
            "/coll": [503],
        }
        for day in DAYS:
            it.walk(day, f"trouble {day}")
        assert it.stories() == it.printed()
        ways = {tuple(row["discovered_via"]) for row in it.rows()}
        assert ("common_crawl", "wayback") in ways


def test_a_page_that_is_gone_is_had_from_an_archive(endpoint: Endpoint, tmp_path: Path) -> None:
    """The sitemap lists it, the paper answers 404: only the archive has it."""
    kept = crawl_of(crawled(DAYS), AFTER)
    day = DAYS[2]  # proven by the sitemap, so that no archive is asked what it had
    place = next(
        n for n, one in enumerate(kept) if one.status == 404 and one.at.date() - 2 * ONE_DAY == day
    )
    page = next(one for one in kept if one.status == 200 and b"article_body" in one.body)
    body = page.body.replace(page.url.encode(), kept[place].url.encode())
    kept[place] = dataclasses.replace(kept[place], status=200, body=body, kind=page.kind)
    for archives, fate in (((), "missing"), (("common_crawl",), "published")):
        change = discovering(**{**NOTHING, **SITEMAPS, "archives": archives})
        with house(endpoint, tmp_path, change, captures=kept) as it:
            it.walk(day, "gone")
            (row,) = (row for row in it.rows("ledger") if row["url"] == kept[place].url)
            assert (row["fate"], row["discovered_via"]) == (fate, ["archive_sitemap"])


@pytest.mark.parametrize("name", ["landed", "common_crawl", "wayback"])
def test_a_page_that_opts_out_is_refused_wherever_it_comes_from(
    endpoint: Endpoint, tmp_path: Path, name: str
) -> None:
    kept = crawl_of(crawled(DAYS), AFTER)
    place = next(
        n
        for n, one in enumerate(kept)
        if (one.at - AFTER).date() == DAYS[0] and b"article_body" in one.body
    )
    url = kept[place].url
    kept[place] = dataclasses.replace(kept[place], headers=(("X-Robots-Tag", "noai"),))

    def obeying(source: Source) -> Source:
        fetch = source.fetch.model_copy(update={"obey_opt_out": True})
        return ALONE[name][0](source).model_copy(update={"fetch": fetch})

    with house(endpoint, tmp_path, obeying, captures=kept) as it:
        prepare(it, name)
        for day in DAYS:
            it.walk(day, f"{name} {day}")
        rows = [row for row in it.rows("ledger") if row["url"] == url]
        assert {(row["fate"], row["reason"]) for row in rows} == {("refused", "opt_out")}
        printed = {story for stories in it.printed().values() for story in stories}
        found = {story for stories in it.stories().values() for story in stories}
        assert found == printed - {it.desk.sources[PAPER].article_id(url)}


def test_what_comes_from_an_archive_says_when_and_where_from(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    from fastwarc.warc import ArchiveIterator

    with house(endpoint, tmp_path, ALONE["wayback"][0]) as it:
        it.walk(DAYS[0], "one")
        at = {kept.url: kept.at for kept in it.archive.captures}
        row = it.rows()[0]
        assert row["captured_at"] == at[row["url"]]
        assert row["first_seen_at"] == at[row["url"]]
        ref = row["capture"]
        body = it.desk.store.get(ref["key"], offset=ref["offset"], length=ref["length"])
        file = tmp_path / "one.warc.gz"
        file.write_bytes(body)
        with file.open("rb") as stream:
            (record,) = ArchiveIterator(stream, verify_digests=True)
            assert record.headers["WARC-Target-URI"] == row["url"]
            assert record.headers["X-Newsdesk-Archive-URI"] == (
                f"https://web.archive.org/web/{at[row['url']]:%Y%m%d%H%M%S}id_/{row['url']}"
            )
            assert record.headers["WARC-Date"].startswith(f"{at[row['url']]:%Y-%m-%dT%H:%M:%S}")


def test_a_day_over_budget_is_written_down_and_others_go_on(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    with house(endpoint, tmp_path, ALONE["archive_sitemaps"][0]) as it:
        poor = dataclasses.replace(it.desk, host_requests=10)
        it.walk(DAYS[0], "poor", poor)
        it.walk(DAYS[2], "rich")
        assert it.stories()[DAYS[0]] == set()
        assert it.stories()[DAYS[2]] == it.printed()[DAYS[2]]
        found = told(it, DAYS[0], "poor")
        assert found.over_budget
        assert "over_budget" in found.error
        assert "of 10 in a run 7 are left" in found.error  # its sitemaps took the others
        reasons = {row["reason"] for row in it.rows("ledger") if row["run_id"] == "poor"}
        assert reasons == {"over_budget"}
        covered = {row["published_day"]: row for row in it.rows("coverage")}
        assert not covered[DAYS[0]]["complete"]
        assert covered[DAYS[0]]["gap_from"] is not None
        assert covered[DAYS[2]]["complete"]


def test_a_run_that_was_cancelled_is_taken_up_without_network(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    with house(endpoint, tmp_path, ALONE["archive_sitemaps"][0]) as it:
        day = DAYS[0]
        for shard in steps.discover(it.desk, day, "cancelled")["shards"]:
            steps.fetch(it.desk, day, "cancelled", shard)
        it.walk(day, "again")
        fetched = [row for row in it.rows("ledger") if row["attempts"]]
        assert it.stories()[day] == it.printed()[day]
        assert {row["fate"] for row in fetched} <= {"missing"}
        assert {tuple(row["discovered_via"]) for row in it.rows()} == {("archive_sitemap",)}
