"""Stories that a run could not get are tried again by later ones, though no feed shows them."""

from __future__ import annotations

import datetime as dt
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.newsroom import Newsroom, newsroom, story
from contracts.press import DAY, FEED, Web, address, at, item, paper, rss
from newsdesk.article import Capture, Link, Run
from newsdesk.errors import FetchError, RobotsRefused
from newsdesk.steps import Desk, discover, fetch
from newsdesk.steps.discovering import load_plan
from newsdesk.steps.fetching import load_captures

PAGE = b"<h1>The ferry is late</h1>"
BUSY = FetchError(address(2), "the host asked to be left alone", code="host_busy")
NO_ROBOTS = RobotsRefused(address(3), "robots.txt answers 503", code="robots_unreachable")


class House:
    """Runs of several nights on one bucket and its tables."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room
        self.store = MemoryStore()
        self.web = Web({FEED: rss(*(item(n, at(8 + n)) for n in (1, 2, 3)))})
        self.max_pages = 100

    def desk(self, night: int) -> Desk:
        self.web.now = lambda: at(24 * night + 0.2)
        return desk_of(
            self.web,
            store=self.store,
            now=at(24 * night + 0.1),
            sources=[paper(fetch={"max_pages": self.max_pages})],
            open_warehouse=lambda: self.room.warehouse,
        )

    def run(self, night: int, *, publish: bool = True) -> tuple[list[Link], list[Capture]]:
        """The nightly run after a number of days: what it asks for again, and what came of all."""
        desk, day = self.desk(night), DAY + dt.timedelta(days=night - 1)
        name = f"night {night}"
        captures: list[Capture] = []
        for shard in discover(desk, day, name)["shards"]:
            fetch(desk, day, name, shard)
            captures += load_captures(desk, day, name, shard)
        plan = load_plan(desk, day, name)
        if publish:
            read = [
                story(
                    number,
                    url=one.link.url,
                    article_id=one.link.article_id,
                    captured_at=one.captured_at,
                )
                for number, one in enumerate(captures)
                if one.fate is None
            ]
            self.room.send(
                Run(day, name, plan.run.started_at),
                read,
                links={one.link.article_id: one.link for one in captures},
                more_captures=[one for one in captures if one.fate is not None],
            )
        return list(plan.revisits), captures


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    room = newsroom(tmp_path)
    yield House(room)
    room.warehouse.close()


def test_what_failed_for_a_passing_reason_is_tried_again_the_next_night(house: House) -> None:
    house.web.pages |= {address(1): 503, address(2): BUSY, address(3): NO_ROBOTS}
    _, failed = house.run(1)
    assert {(one.fate, one.reason) for one in failed} == {
        ("failed", "http_503"),
        ("failed", "host_busy"),
        ("failed", "robots_unreachable"),
    }
    house.web.pages = {FEED: rss(), **{address(n): PAGE for n in (1, 2, 3)}}
    again, came = house.run(2)
    assert sorted(again, key=lambda link: link.url) == [
        one.link for one in sorted(failed, key=lambda one: one.link.url)
    ]  # with all that was known of them
    assert {one.fate for one in came} == {None}
    assert house.run(3)[0] == []


class BusyHost(http.server.BaseHTTPRequestHandler):
    """A paper that asks to be left alone for an hour at the first story it is asked for."""

    feed = b""
    asked: list[str]

    def do_GET(self) -> None:
        if self.path not in ("/rss/world", "/robots.txt", "/.well-known/tdmrep.json"):
            self.asked.append(self.path)
        busy = len(self.asked) == 1
        body = self.feed if self.path == "/rss/world" else b"" if busy else PAGE
        self.send_response(404 if self.path.endswith((".txt", ".json")) else 503 if busy else 200)
        if busy:
            self.send_header("Retry-After", "3600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def busy_host() -> Iterator[tuple[type[BusyHost], str]]:
    host = type("Host", (BusyHost,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), host)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield host, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_host_that_asked_for_rest_gives_its_stories_the_next_night(
    house: House, busy_host: tuple[type[BusyHost], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, address_of = busy_host
    source = paper(fetch={"fetch_via": address_of, "pause_seconds": 0})

    def desk(night: int) -> Desk:
        return Desk(
            house.store,
            LAYOUT,
            {source.name: source},
            lambda: "newsdesk-tests",
            lambda: house.room.warehouse,
            now=lambda: at(24 * night + 0.2),
        )

    monkeypatch.setattr(house, "desk", desk)
    host.feed = rss(*(item(n, at(8 + n)) for n in range(6)))
    _, failed = house.run(1)
    assert sorted(str(one.reason) for one in failed) == ["host_busy"] * 5 + ["http_503"]
    assert len(host.asked) == 1
    host.feed = rss()
    again, came = house.run(2)
    assert (len(again), {one.fate for one in came}, len(host.asked)) == (6, {None}, 7)


def test_a_story_that_fails_for_ever_is_left_alone_in_the_end(house: House) -> None:
    house.web.pages |= {address(n): 503 for n in (1, 2, 3)}
    house.run(1)
    house.web.pages[FEED] = rss()
    asked = {night: len(house.run(night)[0]) for night in range(2, 20)}
    assert {night for night, count in asked.items() if count == 3} == {2, 4, 8}
    assert sum(asked.values()) == 9


def test_nights_without_a_run_are_made_up_for(house: House) -> None:
    house.web.pages |= {address(n): 503 for n in (1, 2, 3)}
    house.run(1)
    house.web.pages[FEED] = rss()
    assert len(house.run(6, publish=False)[0]) == 3
    assert house.run(40)[0] == []


def test_what_is_told_or_forbidden_is_not_tried_again(house: House) -> None:
    forbidden = RobotsRefused(address(2), "robots.txt forbids it")
    house.web.pages |= {address(1): 404, address(2): forbidden, address(3): PAGE}
    house.run(1)
    house.web.pages[FEED] = rss()
    again, _ = house.run(2)
    assert [link.url for link in again] == [address(3)]  # held: a revisit


def test_no_more_than_the_paper_allows_and_none_for_other_days(house: House) -> None:
    house.web.pages |= {address(n): 503 for n in (1, 2, 3)}
    house.run(1)
    house.web.pages[FEED] = rss()
    assert discover(house.desk(9), DAY + dt.timedelta(days=2), "backfill")["revisits"] == 0
    house.max_pages = 2
    assert len(house.run(2)[0]) == 2
