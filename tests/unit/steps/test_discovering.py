"""The plan of a run: made once, whoever asks how often."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.newsroom import Newsroom, newsroom, run_of, story
from contracts.press import (
    DAY,
    FEED,
    HOME,
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
    urlset,
)
from newsdesk.discover import write_look
from newsdesk.errors import ObjectMissing, StoreError
from newsdesk.steps import Desk, discover, harvest_sitemaps
from newsdesk.steps.discovering import is_due, load_plan

RUN = "scheduled__2026-01-16"
ARCHIVED = paper(
    discover={
        "archive_sitemaps": (f"{HOME}sitemap/{{year}}-{{month}}.xml",),
        "robots_sitemaps": False,
    }
)
ARCHIVE = f"{HOME}sitemap/2026-01.xml"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Tables that hold stories 1 to 3, captured at 6 on the day after."""
    room = newsroom(Path(tmp_path_factory.mktemp("tables")))
    stories = [
        story(n, url=address(n), article_id=paper().article_id(address(n)), captured_at=at(30))
        for n in (1, 2, 3)
    ]
    room.send(run_of("earlier"), stories)
    return room


@pytest.fixture
def desk_on(room: Newsroom) -> Callable[..., Desk]:
    def made(web: Web, **changes: object) -> Desk:
        return desk_of(web, **{"open_warehouse": lambda: room.warehouse, **changes})

    return made


def test_a_run_asks_for_no_sitemap_that_was_harvested(desk_on: Callable[..., Desk]) -> None:
    web = Web({ARCHIVE: urlset(entry(address(8), "2026-01-15T09:00Z"))})
    it = desk_on(web, sources=[ARCHIVED], now=at(60))
    harvest_sitemaps(it, "harbour_post", DAY, DAY)
    asked = len(web.asked)
    done = discover(it, DAY, RUN)
    assert done["strategies"] == {"harbour_post": "archive_sitemaps"}
    assert (done["stories"], len(web.asked)) == (1, asked)


@pytest.mark.parametrize("harvested", [False, True])
def test_a_day_is_complete_once_the_tables_know_what_else_may_be_of_it(
    desk_on: Callable[..., Desk], harvested: bool
) -> None:
    known = [entry(address(n), "2026-01-20T09:00Z") for n in (1, 2, 3)]
    here = entry(address(8), "2026-01-15T09:00Z")
    for more, complete in ([], True), ([entry(address(9), "2026-01-31T09:00Z")], False):
        it = desk_on(Web({ARCHIVE: urlset(here, *known, *more)}), sources=[ARCHIVED], now=at(900))
        if harvested:
            harvest_sitemaps(it, "harbour_post", DAY, DAY)
        discover(it, DAY, RUN)
        (found,) = load_plan(it, DAY, RUN).discoveries
        assert [link.url for link in found.links] == [address(8)]
        assert (found.gap_from is None) == complete


def test_the_run_for_yesterday_takes_a_last_look(desk_on: Callable[..., Desk]) -> None:
    web = Web({FEED: rss(item(7, at(23)))})
    done = discover(desk_on(web), DAY, RUN)
    assert web.addresses[0] == FEED
    assert done["strategies"] == {"harbour_post": "looks"}
    assert (done["stories"], done["to_fetch"], done["shards"]) == (1, 1, [0])


@pytest.mark.parametrize("hour", [12, 49, 24 * 40])
def test_any_other_run_knows_only_what_was_recorded(
    desk_on: Callable[..., Desk], hour: float
) -> None:
    web = Web({FEED: rss(item(7, at(11))), ARCHIVE: urlset(entry(address(8), "2026-01-15"))})
    done = discover(desk_on(web, sources=[ARCHIVED], now=at(hour)), DAY, RUN)
    assert web.addresses == [ARCHIVE]
    assert done["strategies"] == {"harbour_post": "archive_sitemaps"}


def test_repeating_gives_the_same_plan_and_asks_nobody(desk_on: Callable[..., Desk]) -> None:
    web = Web({FEED: rss(item(7, at(8)), item(8, at(9)))})
    desk = desk_on(web)
    first = discover(desk, DAY, RUN)
    plan, asked = load_plan(desk, DAY, RUN), list(web.asked)
    web.pages[FEED] = rss(item(9, at(10)))
    later = desk_on(web, store=desk.store, now=at(40))
    assert discover(later, DAY, RUN) == first
    assert load_plan(later, DAY, RUN) == plan
    assert web.asked == asked
    assert plan.run.started_at == at(24.1)


def test_another_run_of_the_day_makes_a_plan_of_its_own(desk_on: Callable[..., Desk]) -> None:
    web = Web({FEED: rss(item(7, at(8)))})
    desk = desk_on(web)
    discover(desk, DAY, RUN)
    web.pages[FEED] = rss(item(7, at(8)), item(8, at(9)))
    again = discover(desk_on(web, store=desk.store, now=at(24.2)), DAY, "manual__1")
    assert again["stories"] == 2


class Race(MemoryStore):
    """A store in which another try finishes just before the first one writes."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.other: Callable[[], object] = lambda: None

    def put_if_absent(self, key: str, body: bytes, **options: str) -> bool:
        if key == self.key:
            self.key = ""
            self.other()
        return super().put_if_absent(key, body, **options)


def test_of_two_tries_at_once_the_first_plan_stands(desk_on: Callable[..., Desk]) -> None:
    store = Race(LAYOUT.discovered(DAY, RUN))
    slow = desk_on(Web({FEED: rss(item(7, at(8)))}), store=store)
    fast = desk_on(Web({FEED: rss(item(8, at(9)))}), store=store, now=at(24.2))
    results: list[dict[str, object]] = []
    store.other = lambda: results.append(discover(fast, DAY, RUN))
    results.append(discover(slow, DAY, RUN))
    assert results[0] == results[1]
    urls = [one.url for shard in load_plan(slow, DAY, RUN).shards for one in shard]
    assert address(8) in urls


def test_a_try_that_was_killed_leaves_nothing_in_the_way(desk_on: Callable[..., Desk]) -> None:
    store = Race(LAYOUT.discovered(DAY, RUN))

    def killed() -> None:
        raise StoreError("s3://bucket", "gone")

    store.other = killed
    desk = desk_on(Web({FEED: rss(item(7, at(8)))}), store=store)
    with pytest.raises(StoreError):
        discover(desk, DAY, RUN)
    with pytest.raises(ObjectMissing):
        load_plan(desk, DAY, RUN)
    assert discover(desk, DAY, RUN)["stories"] == 1


def test_stories_that_we_hold_and_that_did_not_change_are_not_fetched(
    desk_on: Callable[..., Desk],
) -> None:
    desk = desk_on(Web(), now=at(50))
    changed = link(2, at(8), modified_hint=at(31))
    held = [link(1, at(8)), changed, link(3, at(8), modified_hint=at(29)), link(4, at(8))]
    write_look(desk.store, LAYOUT, look_of(feed_look(32, *held)))
    done = discover(desk, DAY, RUN)
    assert (done["stories"], done["to_fetch"], done["unchanged"]) == (4, 2, 2)
    plan = load_plan(desk, DAY, RUN)
    assert plan.shards == ((changed, held[3]),)
    assert plan.unchanged == tuple(sorted((held[0].article_id, held[2].article_id)))
    assert plan.discoveries[0].links == tuple(held)


def test_looks_from_the_evening_before_prove_how_the_day_began(
    desk_on: Callable[..., Desk],
) -> None:
    desk = desk_on(Web(), sources=[paper(discover={"robots_sitemaps": False})], now=at(50))
    for hour in (-2, 6, 18, 24.1):
        write_look(desk.store, LAYOUT, look_of(feed_look(hour, link(1, seen_at=at(-2)))))
    discover(desk, DAY, RUN)
    (found,) = load_plan(desk, DAY, RUN).discoveries
    assert (found.gap_from, found.gap_to) == (None, None)


def test_a_paper_that_cannot_be_asked_stops_no_other(desk_on: Callable[..., Desk]) -> None:
    silent = paper(name="silent_post", discover={"feeds": (), "robots_sitemaps": False})
    broken = paper(
        name="broken_post",
        discover={"feeds": (), "archive_sitemaps": (f"{HOME}bad.xml",), "robots_sitemaps": False},
    )
    web = Web({FEED: rss(item(7, at(8))), f"{HOME}bad.xml": ZeroDivisionError("oops")})
    done = discover(desk_on(web, sources=[silent, broken, paper()]), DAY, RUN)
    assert done["stories"] == 1
    assert [error.partition(":")[0] for error in done["errors"]] == ["broken_post", "silent_post"]


def test_a_day_without_stories_opens_no_tables() -> None:
    done = discover(desk_of(Web({FEED: rss()}), now=at(50)), DAY, RUN)
    assert (done["shards"], done["stories"]) == ([], 0)


@pytest.mark.parametrize(
    ("captured", "modified", "due"),
    [
        (None, None, True),
        (None, 5, True),
        (8, None, False),
        (8, 7, False),
        (8, 8, False),
        (8, 9, True),
    ],
)
def test_a_story_is_due_when_it_is_new_or_said_to_have_changed(
    captured: float | None, modified: float | None, due: bool
) -> None:
    hint = None if modified is None else at(modified)
    known = None if captured is None else at(captured)
    assert is_due(link(1, at(1), modified_hint=hint), known) is due
