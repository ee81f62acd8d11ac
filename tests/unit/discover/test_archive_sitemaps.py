"""Archives: every day of every range finds its stories, whatever form the archive has."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.press import HOME, Web, address, at, entry, index, paper, unreachable, urlset
from newsdesk.discover import judging, parse_sitemap
from newsdesk.discover.archive_sitemaps import MAX_FILES, ask_archives
from newsdesk.discover.judging import Day, judge
from newsdesk.discover.moments import Period
from newsdesk.discover.strategy import Found
from newsdesk.errors import AddressRefused
from newsdesk.sources import Source

NOW = at(12, dt.date(2026, 6, 1))
MONTHLY = f"{HOME}sitemap/{{year}}-{{month}}.xml"
DAILY = f"{HOME}sitemap/{{year}}/{{month}}/{{day}}.xml"
ROBOTS = f"User-agent: *\nSitemap: {HOME}sitemap.xml\n"
ONE_DAY = dt.timedelta(days=1)


def archive_of(
    web: Web, day: str | dt.date, source: Source | None = None, now: dt.datetime = NOW
) -> Found:
    day = day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
    return asyncio.run(ask_archives(source or paper(), [day], web, now))[day]


def urls(archive: Found) -> list[str]:
    return sorted(link.url for link in archive.links)


def archived(*templates: str, **changes: object) -> Source:
    discover = {"archive_sitemaps": templates, "robots_sitemaps": False}
    return paper(discover=discover, **changes)


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def story_of(moment: dt.datetime) -> str:
    return f"{HOME}world/the-ferry-of-{moment:%Y%m%d-%H%M}-left"


def monthly(moments: Iterable[dt.datetime], zone: dt.tzinfo) -> dict[str, bytes]:
    """Archive sitemaps by local month; every story's ``lastmod`` is when it was published."""
    files: dict[str, list[str]] = {}
    for moment in moments:
        local = moment.astimezone(zone)
        name = MONTHLY.format(year=f"{local:%Y}", month=f"{local:%m}")
        files.setdefault(name, []).append(entry(story_of(moment), local.isoformat()))
    return {name: urlset(*entries) for name, entries in files.items()}


MONTH_ENDS = [
    day
    for first in ("2023-12-28", "2024-02-27", "2024-04-28", "2025-02-26")
    for day in days(dt.date.fromisoformat(first), dt.date.fromisoformat(first) + 6 * ONE_DAY)
]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Istanbul", "America/New_York"])
def test_every_range_across_month_ends_finds_every_story_on_its_day(zone: str) -> None:
    source = archived(MONTHLY, time_zone=zone)
    moments = [at(hour, day) for day in MONTH_ENDS for hour in (0.25, 12.5, 23.75)]
    web = Web(dict(monthly(moments, source.zone)))
    found = {day: urls(archive_of(web, day, source)) for day in MONTH_ENDS}
    for day in MONTH_ENDS:
        assert found[day] == [story_of(at(hour, day)) for hour in (0.25, 12.5, 23.75)]
    for first, last in itertools.combinations_with_replacement(MONTH_ENDS, 2):
        asked = [url for day in days(first, last) if day in found for url in found[day]]
        expected = [story_of(m) for m in moments if at(0, first) <= m < at(24, last)]
        assert asked == expected


def test_many_days_are_told_apart_and_each_file_is_asked_once() -> None:
    source = archived(MONTHLY, time_zone="Europe/Istanbul")
    moments = [at(hour, day) for day in MONTH_ENDS for hour in (0.25, 12.5, 23.75)]
    pages = monthly(moments, source.zone)
    web = Web(dict(pages))
    together = asyncio.run(ask_archives(source, MONTH_ENDS, web, NOW))
    assert sorted(url for url, _, _ in web.asked) == sorted(pages)
    for day in MONTH_ENDS:
        alone = archive_of(web, day, source)
        assert (together[day].links, together[day].proven) == (alone.links, alone.proven)
        assert together[day].likely == alone.likely
        assert sorted(together[day].asked) == sorted(alone.asked)


def test_dates_beyond_all_days_are_no_trouble() -> None:
    far = entry(address(1), "9999-12-31T12:00:00Z"), entry(address(2), "0001-01-01")
    web = Web({MONTHLY.format(year="2026", month="01"): urlset(*far)})
    found = archive_of(web, "2026-01-15", archived(MONTHLY))
    assert found.problems == []


def test_a_file_that_is_not_had_leaves_only_its_own_days_unproven() -> None:
    january, february = dt.date(2026, 1, 31), dt.date(2026, 2, 1)
    web = Web(dict(monthly([at(9, january), at(9, february)], dt.UTC)))
    web.pages[MONTHLY.format(year="2026", month="02")] = unreachable()
    found = asyncio.run(ask_archives(archived(MONTHLY), [january, february], web, NOW))
    assert [bool(found[day].proven) for day in (january, february)] == [True, False]
    assert [len(found[day].problems) for day in (january, february)] == [0, 1]


@pytest.mark.parametrize("day", ["2024-01-28", "2024-01-29", "2024-01-30", "2024-01-31"])
@pytest.mark.parametrize("month", ["01", "02", "03", "12"])
def test_start_days_at_the_end_of_a_month(day: str, month: str) -> None:
    try:
        asked = dt.date.fromisoformat(day.replace("-01-", f"-{month}-"))
    except ValueError:
        asked = dt.date(2024, 2, 29)
    web = Web(dict(monthly([at(10, asked)], dt.UTC)))
    assert urls(archive_of(web, asked, archived(MONTHLY))) == [story_of(at(10, asked))]


def test_a_utc_day_is_made_of_two_days_of_the_papers_zone() -> None:
    source = archived(DAILY, time_zone="Europe/Istanbul")
    before, after = at(20.9), at(21.1)  # 23:54 and 00:06 in Istanbul
    web = Web(
        {
            f"{HOME}sitemap/2026/01/15.xml": urlset(entry(story_of(before))),
            f"{HOME}sitemap/2026/01/16.xml": urlset(entry(story_of(after))),
        }
    )
    archive = archive_of(web, "2026-01-15", source)
    assert urls(archive) == [story_of(before), story_of(after)]
    assert archive.asked == [f"{HOME}sitemap/2026/01/{day}.xml" for day in (15, 16)]
    assert archive.proven == [(at(-3), at(21)), (at(21), at(45))]


def test_istanbul_midnight_is_on_the_right_side() -> None:
    source = archived(MONTHLY, time_zone="Europe/Istanbul")
    last, first = at(20.99, dt.date(2025, 12, 31)), at(21.01, dt.date(2025, 12, 31))
    web = Web(dict(monthly([last, first], source.zone)))
    assert sorted(web.pages) == [f"{HOME}sitemap/2025-12.xml", f"{HOME}sitemap/2026-01.xml"]
    assert urls(archive_of(web, "2025-12-31", source)) == sorted(map(story_of, (last, first)))
    assert urls(archive_of(web, "2026-01-01", source)) == []


def test_an_index_is_followed_to_what_can_hold_the_day() -> None:
    years = [f"{HOME}sitemap-{year}.xml" for year in (2024, 2025, 2026)]
    months = [f"{HOME}sitemap-2025-{month:02}.xml.gz" for month in range(1, 13)]
    days_ = [f"{HOME}sitemap-2025-02-{day:02}.xml" for day in range(1, 29)]
    web = Web(
        {
            f"{HOME}sitemap.xml": index(years),
            years[1]: index(months),
            months[1]: index(days_),
            days_[9]: urlset(entry(address(1))),
        },
        robots=ROBOTS,
    )
    archive = archive_of(web, "2025-02-10")
    assert urls(archive) == [address(1)]
    assert archive.asked == [f"{HOME}sitemap.xml", years[1], months[1], days_[9]]
    assert archive.proven == [(at(0, dt.date(2025, 2, 10)), at(24, dt.date(2025, 2, 10)))]


def test_indexes_that_never_end_are_left() -> None:
    names = [f"{HOME}sitemap{n}.xml" for n in range(9)]
    web = Web({name: index([names[0], names[n + 1]]) for n, name in enumerate(names[:-1])})
    web.robots = f"Sitemap: {names[0]}"
    archive = archive_of(web, "2026-01-15")
    assert archive.asked == names[:4]


def test_children_without_days_are_chosen_by_when_they_were_changed() -> None:
    children = [(f"{HOME}posts{n}.xml", f"2026-{n:02}-10T12:00Z") for n in range(1, 6)]
    web = Web(
        {
            f"{HOME}sitemap.xml": index([*children, f"{HOME}undated.xml"]),
            children[1][0]: urlset(entry(address(3), "2026-02-10T10:00Z")),
        },
        robots=ROBOTS,
    )
    archive = archive_of(web, "2026-02-10")
    assert urls(archive) == [address(3)]
    assert archive.asked[0] == f"{HOME}sitemap.xml"
    assert sorted(archive.asked[1:]) == sorted(
        [*(name for name, _ in children[1:]), f"{HOME}undated.xml"]
    )


def test_sitemap_lines_far_down_a_long_robots_txt() -> None:
    robots = "".join(f"Disallow: /private/{n:04}/\n" for n in range(600))
    assert len(robots) > 12_000
    web = Web(
        {f"{HOME}sitemap-2026-01.xml": urlset(entry(address(1), "2026-01-15T08:00Z"))},
        robots=f"User-agent: *\n{robots}\nSitemap: /sitemap-2026-01.xml\nSitemap: http://[bad\n",
    )
    assert urls(archive_of(web, "2026-01-15")) == [address(1)]


def test_robots_sitemaps_are_left_alone_when_the_source_says_so() -> None:
    web = Web(robots=ROBOTS)
    assert archive_of(web, "2026-01-15", archived()) == Found()
    assert web.asked == []


# -- what is judged to be of the day ----------------------------------------------------------


def judged(*entries: str, name: str = "sitemap.xml", day: str = "2026-01-15") -> Found:
    web = Web({f"{HOME}{name}": urlset(*entries)}, robots=f"Sitemap: {HOME}{name}")
    return archive_of(web, day)


def test_the_news_date_is_better_than_any_other() -> None:
    archive = judged(
        entry(address(1), "2026-05-01", "2026-01-15T08:00Z"),
        entry(f"{HOME}2026/01/15/the-ferry-number-2", "2026-01-15", "2026-01-14T08:00Z"),
    )
    by_number = {link.url[-1]: link for link in archive.links}
    assert by_number["1"].published_hint == at(8)
    assert by_number["2"].published_hint == at(-16)  # an older story that changed on the day
    assert by_number["2"].modified_hint == at(12)


def test_the_day_in_the_address_is_better_than_lastmod() -> None:
    archive = judged(
        entry(f"{HOME}2026/01/15/the-ferry-number-1", "2026-04-01"),
        entry(f"{HOME}2026/01/14/the-ferry-number-2", "2026-01-15"),
        entry(address(3), "2026-01-15T09:00Z"),
    )
    assert [url[-1] for url in urls(archive)] == ["1", "3"]


def test_the_month_in_the_address_bounds_what_lastmod_may_say() -> None:
    story = f"{HOME}2026/01/the-ferry-number-1"
    january = days(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    for lastmod, asked in ("2026-01-15T09:00Z", ["2026-01-15"]), ("2026-04-01T09:00Z", None):
        found = [str(day) for day in january if judged(entry(story, lastmod), day=str(day)).links]
        assert len(found) == 1
        assert asked in (found, None)


def test_a_years_own_file_is_shared_out_over_the_year() -> None:
    listed = parse_sitemap(urlset(*(entry(address(n)) for n in range(40))), url=f"{HOME}s.xml")
    year = Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    asked = [
        link.url
        for day in days(year.first, year.last)
        for link in judge(listed, year, [Day(paper(), at(0, day), at(24, day), NOW)])[day].links
    ]
    assert sorted(asked) == sorted(address(n) for n in range(40))


def test_a_file_without_days_in_its_name_has_those_of_its_index() -> None:
    web = Web(
        {
            f"{HOME}sitemap-2026-01-15.xml": index([f"{HOME}part1.xml"]),
            f"{HOME}part1.xml": urlset(entry(address(1))),
        },
        robots=f"Sitemap: {HOME}sitemap-2026-01-15.xml",
    )
    assert urls(archive_of(web, "2026-01-15")) == [address(1)]


def test_a_days_own_file_lists_that_day() -> None:
    archive = judged(entry(address(1), "2026-04-01"), name="sitemap-2026-01-15.xml")
    assert urls(archive) == [address(1)]
    assert archive.links[0].published_hint is None


def test_lastmod_that_says_now_for_every_entry_says_nothing() -> None:
    lying = [entry(address(n), "2026-01-15T10:00:07Z") for n in range(20)]
    assert judged(*lying) == Found(asked=[f"{HOME}sitemap.xml"], requests=1)
    assert len(judged(*lying[:9]).links) == 9


def test_stories_nobody_can_date_are_shared_out_over_the_days_of_the_month() -> None:
    lying = [entry(address(n), "2026-03-01T04:00:07Z") for n in range(150)]
    shares = [
        urls(judged(*lying, name="sitemap-2026-02.xml", day=str(day)))
        for day in days(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    ]
    assert sorted(itertools.chain(*shares)) == sorted(address(n) for n in range(150))
    assert max(map(len, shares)) < 20
    for day in ("2026-01-31", "2026-03-01"):
        assert urls(judged(*lying, name="sitemap-2026-02.xml", day=day)) == []


@given(st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2026, 5, 31)), max_size=30))
@settings(max_examples=20)
def test_a_backfill_of_a_month_asks_for_each_of_its_stories(edited: list[dt.date]) -> None:
    """Whatever ``lastmod`` says, no story of a month's file is lost to the whole month."""
    listed = [entry(address(n), day.isoformat()) for n, day in enumerate(edited)]
    asked = {
        url
        for day in days(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
        for url in urls(judged(*listed, name="sitemap-2026-02.xml", day=str(day)))
    }
    assert asked == {address(n) for n in range(len(edited))}


# -- what is proven ---------------------------------------------------------------------------


def published(number: int, day: int) -> str:
    return entry(address(number), "2026-04-01", f"2026-01-{day:02}T08:00Z")


def test_a_months_own_file_proves_also_its_days_without_stories() -> None:
    archive = judged(*(published(n, n) for n in (3, 14, 20)), name="sitemap-2026-01.xml")
    assert archive.links == []
    assert archive.proven == [(at(0, dt.date(2026, 1, 1)), at(0, dt.date(2026, 2, 1)))]


def test_a_month_that_goes_on_is_proven_to_its_newest_story() -> None:
    listed = [entry(address(n), f"2026-01-{n:02}T08:00Z") for n in (3, 14, 15)]
    web = Web({f"{HOME}sitemap/2026-01.xml": urlset(*listed)})
    archive = archive_of(web, "2026-01-15", archived(MONTHLY), now=at(23))
    assert archive.proven == [(at(0, dt.date(2026, 1, 1)), at(8))]


def test_a_file_of_everything_proves_what_lies_between_its_oldest_and_newest() -> None:
    listed = [published(n, n) for n in (3, 15, 20)]
    assert judged(*listed).proven == [
        (at(8, dt.date(2026, 1, 3)), at(8, dt.date(2026, 1, 20))),
    ]
    assert judged(*listed, day="2026-01-16").proven == []


def test_stories_that_changed_on_the_day_or_later_may_be_of_it() -> None:
    """``lastmod`` alone proves no day before all of them are known: an edit moves it."""
    listed = [
        entry(address(3), "2026-01-03T08:00Z"),
        entry(address(15), "2026-01-15T08:00Z"),
        entry(address(20), "2026-01-20T08:00Z"),
        entry(address(32), "2026-02-02T08:00Z"),
        published(16, 16),
        entry(f"{HOME}2026/01/17/the-ferry-number-17", "2026-01-30"),
    ]
    archive = judged(*listed, name="sitemap-2026-01.xml")
    assert urls(archive) == [address(15)]
    assert archive.proven == []
    (likely,) = archive.likely
    assert likely.span == (at(0, dt.date(2026, 1, 1)), at(0, dt.date(2026, 2, 1)))
    assert set(likely.stories) == {paper().article_id(address(n)) for n in (20, 32)}


def test_the_last_day_that_a_file_has_changes_of_is_proven() -> None:
    listed = [entry(address(n), f"2026-01-{n:02}T08:00Z") for n in (3, 14, 20)]
    archive = judged(*listed, name="sitemap-2026-01.xml", day="2026-01-20")
    assert (urls(archive), archive.likely) == ([address(20)], [])
    assert archive.proven == [(at(0, dt.date(2026, 1, 1)), at(0, dt.date(2026, 2, 1)))]


def test_more_uncertain_stories_than_are_kept_prove_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "MAX_UNSURE", 4)
    later = [entry(address(n), f"2026-01-{n:02}T08:00Z") for n in range(15, 25)]
    archive = judged(*later, name="sitemap-2026-01.xml")
    assert (archive.proven, archive.likely) == ([], [])
    assert len(judged(*later[:5], name="sitemap-2026-01.xml").likely) == 1


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 60)), max_size=30), st.integers(1, 28))
@settings(max_examples=50)
def test_no_story_of_a_day_is_missed_where_a_file_proves_it(
    stories: list[tuple[int, int]], asked: int
) -> None:
    """Each is published on a day of February and edited some days later; only ``lastmod`` tells."""
    of = {address(n): day for n, (day, _) in enumerate(stories)}
    listed = [
        entry(address(n), f"{dt.date(2026, 2, day) + later * ONE_DAY}")
        for n, (day, later) in enumerate(stories)
    ]
    archive = judged(*listed, name="sitemap-2026-02.xml", day=f"2026-02-{asked:02}")
    known = {paper().article_id(url) for url in urls(archive)}
    known |= {one for likely in archive.likely for one in likely.stories}
    if archive.proven or archive.likely:
        assert {paper().article_id(url) for url, day in of.items() if day == asked} <= known


def test_a_file_that_cannot_date_its_stories_proves_nothing() -> None:
    listed = [entry(address(n)) for n in range(5)] + [entry(address(9), "2026-01-15T08:00Z")]
    archive = judged(*listed)
    assert urls(archive) == [address(9)]
    assert archive.proven == []


# -- problems ---------------------------------------------------------------------------------


def test_a_sitemap_that_is_not_there_is_no_problem() -> None:
    archive = archive_of(Web({f"{HOME}sitemap.xml": 410}, robots=ROBOTS), "2026-01-15")
    assert archive == Found(asked=[f"{HOME}sitemap.xml"], requests=1)


@pytest.mark.parametrize(
    ("page", "problem", "passing"),
    [
        (503, f"{HOME}b.xml: answers 503", True),
        (429, f"{HOME}b.xml: answers 429", True),
        (unreachable(f"{HOME}b.xml"), f"{HOME}b.xml: no connection", True),
        (403, f"{HOME}b.xml: answers 403", False),
        (AddressRefused(f"{HOME}b.xml", "is private"), f"{HOME}b.xml: is private", False),
        (b"<html>", f"{HOME}b.xml: is an HTML page, not a sitemap", False),
        (b"<urlset><url>", f"{HOME}b.xml: malformed", False),
        (b" " * 52_428_801, f"{HOME}b.xml: cut after 52428800 bytes", False),
    ],
)
def test_a_sitemap_that_fails_is_reported_and_then_nothing_is_proven(
    page: bytes | int | Exception, problem: str, passing: bool
) -> None:
    web = Web(
        {
            f"{HOME}sitemap.xml": index([f"{HOME}a.xml", f"{HOME}b.xml"]),
            f"{HOME}a.xml": urlset(entry(address(1), "2026-01-15T08:00Z")),
            f"{HOME}b.xml": page,
        },
        robots=ROBOTS,
    )
    archive = archive_of(web, "2026-01-15")
    assert urls(archive) == [address(1)]
    assert len(archive.problems) == 1
    assert archive.problems[0].startswith(problem)
    assert archive.proven == []
    assert archive.passing is passing


def test_a_robots_txt_that_fails_is_reported() -> None:
    web = Web(robots=unreachable(f"{HOME}robots.txt"))
    archive = archive_of(web, "2026-01-15")
    assert archive.problems == [f"{HOME}robots.txt: no connection"]
    assert archive.passing


def test_no_more_than_so_many_files_are_asked() -> None:
    web = Web({f"{HOME}sitemap.xml": index(f"{HOME}part{n}.xml" for n in range(100))})
    web.robots = ROBOTS
    archive = archive_of(web, "2026-01-15")
    assert len(archive.asked) == MAX_FILES == len(web.asked)
    assert archive.problems == ["harbour_post: 61 more sitemaps may hold 2026-01-15, after 40"]


def test_a_file_longer_than_is_read_is_reported() -> None:
    archive = judged(*(entry(address(n), f"2026-01-{n % 28 + 1:02}") for n in range(50_001)))
    assert archive.problems == [f"{HOME}sitemap.xml: lists more than is read"]
    assert len(archive.links) > 1_000


def test_the_order_of_robots_lines_does_not_matter() -> None:
    pages: dict[str, bytes | int | Exception] = {
        f"{HOME}{name}.xml": urlset(entry(address(n), "2026-01-15T08:00Z"))
        for n, name in enumerate("abc")
    }
    found = set()
    for names in itertools.permutations("abc"):
        lines = "\n".join(f"Sitemap: {HOME}{name}.xml" for name in names)
        archive = archive_of(Web(dict(pages), robots=lines), "2026-01-15")
        found.add((tuple(archive.asked), tuple(urls(archive))))
    assert len(found) == 1
