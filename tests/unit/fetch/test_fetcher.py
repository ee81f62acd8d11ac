"""The whole way of a page over a real socket: robots, turns, redirects, tries, validators."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import subprocess
import sys
from collections.abc import Sequence

import pytest

from contracts.wire import HOME, Answer, Wire, http, to
from newsdesk.article import Response
from newsdesk.errors import AddressRefused, FetchError, LimitExceeded, RobotsRefused
from newsdesk.fetch import Fetcher
from newsdesk.fetch.hostfile import RobotsAnswer
from newsdesk.fetch.reservations import PATH
from newsdesk.fetch.tries import Patience

AGENT = "newsdesk/0.0 (+https://newsdesk.example/tests)"
NOW = dt.datetime(2022, 1, 13, 10, 52, tzinfo=dt.UTC)
QUICK = Patience(tries=3, first_wait=0.01, longest_wait=2.0)
PAGE = http(b"<h1>A story</h1>", "200 OK", "Content-Type: text/html", 'ETag: "v1"')
BUSY = http(b"later", "503 Service Unavailable")


def fetcher(patience: Patience = QUICK) -> Fetcher:
    return Fetcher(user_agent=AGENT, now=lambda: NOW, patience=patience)


def get(
    wire: Wire, path: str = "/story", *, patience: Patience = QUICK, **fetch: object
) -> Response:
    """One page of a paper on the wire, by a fetcher of its own."""

    async def go() -> Response:
        async with wire, fetcher(patience) as one:
            return await one.get(HOME + path, wire.paper(**fetch))

    return asyncio.run(go())


def answers(story: Answer | Sequence[Answer], robots: Answer | None = None) -> Wire:
    found: dict[str, Answer | Sequence[Answer]] = {"/story": story}
    if robots is not None:
        found["/robots.txt"] = robots
    return Wire(found)


# -- one page ---------------------------------------------------------------------------------


def test_a_page_as_received() -> None:
    packed = gzip.compress(b"<h1>A story</h1>")
    wire = answers(
        http(packed, "200 Fine", "Content-Encoding: gzip", "X-A: 1", "x-b: \xfc", "X-A: 2")
    )
    response = get(wire)
    assert response.raw == packed
    assert response.body == b"<h1>A story</h1>"
    assert response.headers == (
        ("Content-Encoding", "gzip"),
        ("X-A", "1"),
        ("x-b", "\xfc"),
        ("X-A", "2"),
        ("Content-Length", str(len(packed))),
    )
    assert (response.status, response.reason, response.truncated) == (200, "Fine", None)
    assert (response.url, response.final_url) == (f"{HOME}/story", f"{HOME}/story")
    assert (response.received_at, response.attempts) == (NOW, 1)
    assert 0 < response.seconds < 1


def test_how_it_presents_itself() -> None:
    wire = answers(PAGE)
    get(wire)
    assert [request.path for request in wire.requests] == ["/robots.txt", "/story"]
    for request in wire.requests:
        assert request.headers["user-agent"] == AGENT
        assert request.headers["host"] == "paper.example"
        assert request.headers["accept-encoding"] == "gzip, br, zstd"
        assert "cookie" not in request.headers


def test_a_chunked_body_is_joined() -> None:
    chunked = http(
        b"4\r\nstor\r\n1\r\ny\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked", length=None
    )
    response = get(answers(chunked))
    assert response.raw == b"story"
    assert response.header("transfer-encoding") == "chunked"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden", "204 None"])
def test_any_status_is_an_answer(status: str) -> None:
    wire = answers(http(b"", status))
    assert get(wire).status == int(status[:3])
    assert wire.asked == ["/story"]


def test_connections_are_kept() -> None:
    async def go() -> int:
        wire = answers(PAGE)
        async with wire, fetcher() as one:
            for _ in range(5):
                await one.get(f"{HOME}/story", wire.paper())
        return wire.connections

    assert asyncio.run(go()) == 1


def test_importing_it_costs_no_aiohttp() -> None:
    code = "import newsdesk.fetch, sys; sys.exit('aiohttp' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# -- conditional requests ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"etag": '"v1"', "last_modified": "Thu"}, {"if-none-match": '"v1"'}),
        ({"last_modified": "Thu"}, {"if-modified-since": "thu"}),
        ({"etag": "", "last_modified": None}, {}),
        ({"etag": "a\r\nX: y"}, {}),
        ({"etag": "\xfc"}, {}),
    ],
)
def test_one_validator_is_sent(given: dict[str, str | None], sent: dict[str, str]) -> None:
    async def go() -> Response:
        async with wire, fetcher() as one:
            return await one.get(f"{HOME}/story", wire.paper(), **given)

    wire = answers(http(b"", "304 Not Modified", 'ETag: "v1"', length=None))
    response = asyncio.run(go())
    assert (response.status, response.body, response.raw) == (304, b"", b"")
    names = ("if-none-match", "if-modified-since", "x")
    headers = wire.requests[-1].headers
    assert {name: headers[name] for name in names if name in headers} == sent


# -- redirects --------------------------------------------------------------------------------


def test_redirects_are_followed_and_recorded() -> None:
    wire = Wire({"/story": to("/b?c=1"), "/b?c=1": to(f"{HOME}/d#part", "308 X"), "/d": PAGE})
    response = get(wire)
    assert (response.url, response.final_url) == (f"{HOME}/story", f"{HOME}/d")
    assert response.body == b"<h1>A story</h1>"
    assert wire.asked == ["/story", "/b?c=1", "/d"]


def test_a_stand_in_that_names_itself_means_the_paper() -> None:
    async def go() -> Response:
        async with wire, fetcher() as one:
            wire.answers["/story"] = to(f"{wire.url}/d")
            return await one.get(f"{HOME}/story", wire.paper())

    wire = Wire({"/d": PAGE})
    assert asyncio.run(go()).final_url == f"{HOME}/d"


def test_a_loop_ends_after_five() -> None:
    wire = answers(to("/story"))
    with pytest.raises(LimitExceeded) as refused:
        get(wire)
    assert refused.value.code == "too_many_redirects"
    assert len(wire.asked) == 6


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://u:secret@paper.example/", "http://[x/"]
)
def test_a_redirect_is_vetted_like_any_url(location: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        get(answers(to(location)))
    assert refused.value.code == "url_refused"
    assert "secret" not in str(refused.value)


def test_a_redirect_to_this_machine_is_refused() -> None:
    async def go() -> None:
        other = Wire({"/x": PAGE})
        async with other, wire, fetcher() as one:
            wire.answers["/story"] = to(f"{other.url}/x")
            with pytest.raises(AddressRefused) as refused:
                await one.get(f"{HOME}/story", wire.paper())
            assert refused.value.code == "address_refused"
            assert other.connections == 0

    wire = Wire({})
    asyncio.run(go())


def test_a_stand_in_is_no_way_in_for_another_paper() -> None:
    async def go() -> None:
        async with wire, fetcher() as one:
            await one.get(f"{HOME}/story", wire.paper())
            with pytest.raises(AddressRefused):
                await one.get(f"{wire.url}/story", wire.paper(fetch_via=None))

    wire = answers(PAGE)
    asyncio.run(go())
    assert wire.asked == ["/story"]


def test_a_redirect_without_a_place_is_the_answer() -> None:
    assert get(answers(http(b"", "302 Found"))).status == 302


def test_where_a_redirect_leads_robots_count_too() -> None:
    wire = answers(to("/private"), http(b"User-agent: *\nDisallow: /private"))
    with pytest.raises(RobotsRefused):
        get(wire)
    assert wire.asked == ["/story"]


# -- robots.txt -------------------------------------------------------------------------------


def test_what_robots_forbids_is_not_asked() -> None:
    wire = answers(PAGE, http(b"User-agent: newsdesk\nDisallow: /story"))
    with pytest.raises(RobotsRefused, match="http://paper.example/story") as refused:
        get(wire)
    assert refused.value.code == "robots"
    assert wire.asked == []


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (http(b"", "200 OK"), True),
        (http(b"", "204 No Content", length=None), True),
        (http(b"User-agent: *\nDisallow: /", "200 OK"), False),
        (http(b"", "400 Bad Request"), True),
        (http(b"", "401 Unauthorized"), True),
        (http(b"", "403 Forbidden"), True),
        (http(b"User-agent: *\nDisallow: /", "404 Not Found"), True),
        (http(b"", "410 Gone"), True),
        (http(b"", "429 Too Many Requests"), False),
        (http(b"", "500 Internal Server Error"), False),
        (http(b"", "503 Service Unavailable"), False),
        (http(b"User-agent: *\nAllow: /", "599 What"), False),
        (to("/robots.txt"), True),
        (to("/rules"), False),
        (http(b"", "302 Found"), True),
        (http(b"zzz", "200 OK", "Content-Encoding: gzip"), False),
        (http(b"zzz", "200 OK", "Content-Encoding: gzip, gzip"), False),
    ],
)
def test_what_an_answer_for_robots_means(robots: bytes, allowed: bool) -> None:
    wire = answers(PAGE, robots)
    wire.answers["/rules"] = http(b"User-agent: *\nDisallow: /")
    if allowed:
        assert get(wire).status == 200
    else:
        with pytest.raises(FetchError, match="/story"):
            get(wire)
        assert wire.asked in ([], ["/rules"])


def test_robots_are_asked_once_for_many_pages() -> None:
    async def go(wire: Wire) -> list[Response | BaseException]:
        async with wire, fetcher() as one:
            pages = [one.get(f"{HOME}/story?{n}", wire.paper()) for n in range(8)]
            return await asyncio.gather(*pages, return_exceptions=True)

    wire = Wire({"/robots.txt": http(b"User-agent: *\nDisallow: /x")})
    assert [r.status for r in asyncio.run(go(wire)) if isinstance(r, Response)] == [404] * 8
    assert len(wire.requests) == 9
    wire = Wire({"/robots.txt": http(b"", "500 Oops")})
    assert all(isinstance(r, RobotsRefused) for r in asyncio.run(go(wire)))
    assert len(wire.requests) == QUICK.tries


def test_a_long_robots_txt_counts_as_far_as_it_is_read() -> None:
    long = b"User-agent: *\nDisallow: /story\n" + b"# nothing\n" * 200_000
    with pytest.raises(RobotsRefused):
        get(answers(PAGE, http(long)))


def test_the_sitemaps_it_names() -> None:
    async def go(wire: Wire) -> tuple[str, ...]:
        async with wire, fetcher() as one:
            return await one.sitemaps(wire.paper())

    named = http(b"Sitemap: http://paper.example/a.xml\nSitemap: /b.xml")
    assert asyncio.run(go(Wire({"/robots.txt": named}))) == (f"{HOME}/a.xml", "/b.xml")
    assert asyncio.run(go(Wire({}))) == ()
    with pytest.raises(RobotsRefused):
        asyncio.run(go(Wire({"/robots.txt": http(b"", "500 Oops")})))


def test_a_crawl_delay_lengthens_the_pause() -> None:
    async def go(robots: bytes, pause: float) -> float:
        wire = answers(PAGE, http(robots))
        async with wire, fetcher() as one:
            for _ in range(2):
                await one.get(f"{HOME}/story", wire.paper(pause_seconds=pause))
        return wire.requests[2].at - wire.requests[1].at

    assert asyncio.run(go(b"User-agent: *\nCrawl-delay: 0.2", 0.01)) >= 0.2
    assert asyncio.run(go(b"User-agent: *\nCrawl-delay: 0.01", 0.15)) >= 0.15


# -- tries ------------------------------------------------------------------------------------


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Takes the request and answers nothing."""


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


SHORT = http(b"half", "200 OK", "Connection: close", length=400)


@pytest.mark.parametrize(
    "failure",
    [hang_up, reset, SHORT, BUSY, *(http(b"", f"{n} X") for n in (429, 500, 502, 504))],
)
def test_a_failure_is_tried_again(failure: Answer) -> None:
    wire = answers([failure, failure, PAGE])
    response = get(wire)
    assert (response.status, response.attempts) == (200, 3)
    assert len(wire.asked) == 3


@pytest.mark.parametrize(
    ("failure", "code"), [(hang_up, "connection_lost"), (SHORT, "body_broken")]
)
def test_a_lasting_failure_is_an_error(failure: Answer, code: str) -> None:
    wire = answers(failure)
    with pytest.raises(FetchError) as failed:
        get(wire)
    assert (failed.value.code, failed.value.retriable) == (code, True)
    assert len(wire.asked) == failed.value.attempts == QUICK.tries


@pytest.mark.parametrize(
    ("paths", "attempts"),
    [
        ({"/robots.txt": http(b"User-agent: *\nDisallow: /")}, 0),  # it was not asked for
        ({"/story": to("ftp://paper.example/")}, 1),
        ({"/story": [BUSY, to("ftp://paper.example/")]}, 2),
        ({"/story": [BUSY, to("/there")], "/there": hang_up}, 1 + QUICK.tries),
        ({"/story": to("/story")}, 1),
    ],
)
def test_an_error_tells_how_often_the_page_was_asked_for(
    paths: dict[str, Answer | Sequence[Answer]], attempts: int
) -> None:
    with pytest.raises(FetchError) as failed:
        get(Wire({"/robots.txt": http(b"", "404 Not Found"), **paths}))
    assert failed.value.attempts == attempts


def test_a_lasting_bad_status_is_the_answer() -> None:
    response = get(answers(BUSY))
    assert (response.status, response.body, response.attempts) == (503, b"later", 3)


def test_nobody_there() -> None:
    async def go() -> None:
        wire = Wire({})
        async with wire:
            source = wire.paper()
        async with fetcher() as one:
            with pytest.raises(FetchError, match="http://paper.example/story") as failed:
                await one.get(f"{HOME}/story", source)
        assert failed.value.code == "connect_failed"

    asyncio.run(go())


def test_retry_after_is_honoured() -> None:
    asked = http(b"", "429 Too Many Requests", "Retry-After: 1")
    wire = answers([asked, PAGE])
    assert get(wire).attempts == 2
    first, second = (request.at for request in wire.requests[1:])
    assert second - first >= 1.0


def test_who_asks_for_long_is_left_alone() -> None:
    async def go() -> None:
        async with wire, fetcher() as one:
            response = await one.get(f"{HOME}/story", wire.paper())
            assert (response.status, response.attempts) == (503, 1)
            with pytest.raises(FetchError) as failed:
                await one.get(f"{HOME}/other", wire.paper())
            assert (failed.value.code, failed.value.attempts) == ("host_busy", 0)
            assert 3590 < (failed.value.retry_after or 0) <= 3600

    wire = answers(http(b"", "503 Service Unavailable", "Retry-After: 3600"))
    asyncio.run(go())
    assert wire.asked == ["/story"]


def test_hosts_do_not_wait_for_each_other() -> None:
    async def go() -> float:
        wires = [Wire({"/": PAGE}) for _ in range(4)]
        clock = asyncio.get_running_loop().time
        async with wires[0], wires[1], wires[2], wires[3], fetcher() as one:
            started = clock()
            pages = []
            for number, wire in enumerate(wires):
                source = wire.paper(pause_seconds=0.2).model_copy(
                    update={"domains": (f"{number}.example",)}
                )
                pages += [one.get(f"http://{number}.example/", source) for _ in range(2)]
            await asyncio.gather(*pages)
            return clock() - started

    assert 0.4 <= asyncio.run(go()) < 1.2  # robots and two pages: two pauses each


# -- what is recorded beside the page ---------------------------------------------------------


def test_how_asking_for_robots_txt_went_is_told_once() -> None:
    wire = answers(PAGE, http(b"User-agent: *\nDisallow: /private"))

    async def go() -> None:
        async with wire, fetcher() as one:
            await one.get(f"{HOME}/story", wire.paper())
            (told,) = one.robots_answers()
            assert (told.url, told.at, told.problem) == (f"{HOME}/robots.txt", NOW, None)
            assert told.response is not None
            assert told.response.body.startswith(b"User-agent")
            await one.get(f"{HOME}/story", wire.paper())
            assert one.robots_answers() == []

    asyncio.run(go())


def test_a_robots_txt_that_could_not_be_had_is_told_with_the_reason() -> None:
    wire = answers(PAGE, http(b"", "500 Oops"))

    async def go() -> None:
        async with wire, fetcher() as one:
            with pytest.raises(RobotsRefused):
                await one.get(f"{HOME}/story", wire.paper())
            (told,) = one.robots_answers()
            assert told.problem == "robots.txt could not be had: answers 500"
            assert told.response is not None
            assert told.response.status == 500

    asyncio.run(go())


def test_wishes_not_to_be_mined_are_told() -> None:
    robots = http(b"User-agent: GPTBot\nDisallow: /")
    page = http(b"<meta name=robots content=noai>", "200 OK", "TDM-Reservation: 1")
    assert get(answers(page, robots)).opt_out == ("robots:GPTBot", "noai", "tdm-reservation")
    assert get(answers(PAGE)).opt_out == ()


def test_a_wish_in_robots_txt_is_obeyed_before_the_page_is_asked_for() -> None:
    wire = answers(PAGE, http(b"User-agent: GPTBot\nDisallow: /"))
    with pytest.raises(RobotsRefused, match="opts out of mining and training") as error:
        get(wire, obey_opt_out=True)
    assert error.value.code == "opt_out"
    assert wire.asked == []


RESERVED = http(b'[{"location": "/story", "tdm-reservation": 1}]')


def mine(
    wire: Wire, *paths: str, **fetch: object
) -> tuple[list[tuple[str, ...] | str], list[RobotsAnswer]]:
    """What is told of pages whose text is taken, and how asking for rules went."""
    told: list[tuple[str, ...] | str] = []

    async def go() -> list[RobotsAnswer]:
        async with wire, fetcher() as one:
            for path in paths:
                try:
                    page = await one.get(HOME + path, wire.paper(**fetch), mined=True)
                    told.append(page.opt_out)
                except RobotsRefused as error:
                    told.append(error.code)
            return one.robots_answers()

    return told, asyncio.run(go())


def test_what_a_host_reserves_from_mining_is_asked_for_once_and_told() -> None:
    wire = Wire({"/story": PAGE, "/other": PAGE, PATH: RESERVED})
    told, answers = mine(wire, "/story", "/other", "/story")
    assert told == [("tdmrep",), (), ("tdmrep",)]
    assert wire.asked == [PATH, "/story", "/other", "/story"]
    assert [(one.url, one.response and one.response.status) for one in answers] == [
        (f"{HOME}/robots.txt", 404),
        (HOME + PATH, 200),
    ]


def test_a_reservation_is_obeyed_where_the_paper_says_so() -> None:
    wire = Wire({"/story": PAGE, "/other": PAGE, PATH: RESERVED})
    assert mine(wire, "/story", "/other", obey_opt_out=True)[0] == ["opt_out", ()]
    assert wire.asked == [PATH, "/other"]


@pytest.mark.parametrize(
    "answer", [http(b"", "404 Not Found"), http(b"<html>"), BUSY, hang_up, http(b"x" * 600_000)]
)
def test_a_host_that_gives_no_such_file_reserves_nothing(answer: Answer) -> None:
    told, answers = mine(Wire({"/story": PAGE, PATH: answer}), "/story", obey_opt_out=True)
    assert told == [()]
    assert answers[1].url == HOME + PATH


def test_robots_txt_counts_for_it_too_and_feeds_need_none() -> None:
    shut = Wire({"/story": PAGE, "/robots.txt": http(b"User-agent: *\nDisallow: /.well-known/")})
    told, answers = mine(shut, "/story")
    assert (told, shut.asked) == ([()], ["/story"])
    assert answers[1].problem == "robots.txt forbids it"
    wire = Wire({"/story": PAGE, PATH: RESERVED})
    assert get(wire).opt_out == ()
    assert wire.asked == ["/story"]


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        (("301 Moved", "308 Moved"), "/c"),
        (("301 Moved", "302 Found"), "/b"),
        (("302 Found", "301 Moved"), None),
    ],
)
def test_only_permanent_redirects_say_that_a_page_was_moved(
    statuses: tuple[str, str], moved: str | None
) -> None:
    wire = Wire({"/story": to("/b", statuses[0]), "/b": to("/c", statuses[1]), "/c": PAGE})
    assert get(wire).moved_to == (moved and HOME + moved)


def test_no_more_requests_are_under_way_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsdesk.fetch.fetcher.AT_ONCE", 3)
    under_way, most = 0, 0

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        writer.write(PAGE)

    async def go() -> None:
        wire = Wire({f"/{n}": slow for n in range(12)})
        async with wire, fetcher() as one:
            source = wire.paper()
            hosts = [f"http://h{n}.paper.example/{n}" for n in range(12)]
            await asyncio.gather(*(one.get(url, source) for url in hosts))

    asyncio.run(go())
    assert most == 3
