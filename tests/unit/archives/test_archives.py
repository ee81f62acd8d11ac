"""The clients of web archives, against servers with the formats and the bad habits of the real."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from contracts.archives import CRAWL, Archive, Kept, member, serving
from newsdesk.archives import Access, Archives, Listing, Window, common_crawl, wayback
from newsdesk.archives.access import moment_of
from newsdesk.archives.records import BadRecord, from_member
from newsdesk.article import UTC, Copy, Response
from newsdesk.errors import FetchError
from newsdesk.fetch import Fetcher
from newsdesk.fetch.tries import Patience

AT = dt.datetime(2024, 2, 29, 12, tzinfo=UTC)
WINDOW = Window(AT - dt.timedelta(days=1), AT + dt.timedelta(days=1))
DOMAIN = "harbour-post.example"
MODULES = pytest.mark.parametrize("module", [common_crawl, wayback], ids=["cc", "wayback"])


def url_of(number: int) -> str:
    return f"https://www.{DOMAIN}/world/the-ferry-number-{number}"


def kept(number: int, **changes: Any) -> Kept:
    at = changes.pop("at", AT + dt.timedelta(minutes=number))
    made = Kept(url_of(number), at, f"<html>ferry {number}</html>".encode())
    return replace(made, **changes)


@pytest.fixture
def archive() -> Iterator[Archive]:
    with serving(Archive([kept(n) for n in range(60)])) as running:
        yield running


def ask(archive: Archive, work: Callable[[Archives], Awaitable[Any]]) -> Any:
    async def asked() -> Any:
        access = Access(via=archive.via, pace=0)
        patience = Patience(tries=4, first_wait=0.0)
        async with Fetcher("newsdesk-tests", patience=patience) as fetcher:
            return await work(Archives(fetcher, access))

    return asyncio.run(asked())


def listed(archive: Archive, module: Any, target: str = DOMAIN, **options: Any) -> Listing:
    window = options.pop("window", WINDOW)
    return ask(archive, lambda ask: module.listing(ask, target, window, **options))  # type: ignore[no-any-return]  # the fixture's work is of any type


def got(archive: Archive, module: Any, copy: Copy) -> Response:
    return ask(archive, lambda ask: module.get(ask, copy))  # type: ignore[no-any-return]  # as above


@MODULES
def test_every_capture_is_listed_once_over_many_pages(archive: Archive, module: Any) -> None:
    found = listed(archive, module)
    assert found.problems == []
    assert len(found.copies) == 60
    assert {copy.url for copy in found.copies} == {url_of(n) for n in range(60)}
    assert {copy.captured_at for copy in found.copies} == {one.at for one in archive.captures}
    assert found.requests == len(archive.asked)
    assert found.requests >= 3


def test_the_list_of_crawls_is_asked_for_once_by_all_who_list_and_again_after_a_failure(
    archive: Archive,
) -> None:
    async def twice(archives: Archives) -> list[Listing]:
        listings = (common_crawl.listing(archives, DOMAIN, WINDOW) for _ in range(3))
        return await asyncio.gather(*listings)

    async def thrice(archives: Archives) -> list[Listing]:
        return [*await twice(archives), *await twice(archives)]

    def crawls() -> int:
        return sum(path == "/collinfo.json" for path, _ in archive.asked)

    found = ask(archive, thrice)
    assert [len(one.copies) for one in found] == [60] * 6
    assert crawls() == 1
    assert sum(one.requests for one in found) == len(archive.asked)
    archive.troubles = {"/coll": [503] * 4}  # all four tries of the first three
    assert [len(one.problems) for one in ask(archive, thrice)] == [1, 1, 1, 0, 0, 0]
    assert crawls() == 1 + 4 + 1


def test_no_more_pages_of_an_index_are_read_than_may_be(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayback, "MAX_PAGES", 2)
    found = listed(archive, wayback)
    assert (found.requests, len(found.problems)) == (2, 1)
    assert found.problems[0].endswith("lists more than is read")


@MODULES
def test_what_was_not_a_page_is_not_listed(module: Any) -> None:
    odd = [kept(1), kept(2, status=404), kept(3, kind="application/pdf"), kept(4, status=301)]
    with serving(Archive(odd)) as archive:
        assert [copy.url[-1] for copy in listed(archive, module).copies] == ["1"]


@MODULES
def test_the_bounds_of_a_window_are_kept_to_the_second(module: Any) -> None:
    second = dt.timedelta(seconds=1)
    times = [WINDOW.begin - second, WINDOW.begin, WINDOW.end - second, WINDOW.end]
    with serving(Archive([kept(n, at=at) for n, at in enumerate(times)])) as archive:
        assert sorted(copy.url[-1] for copy in listed(archive, module).copies) == ["1", "2"]


@MODULES
def test_one_page_is_asked_for_by_its_address(archive: Archive, module: Any) -> None:
    found = listed(archive, module, url_of(7), match="exact")
    assert [copy.captured_at for copy in found.copies] == [AT + dt.timedelta(minutes=7)]


@MODULES
def test_an_archive_without_the_paper_has_nothing_and_no_problem(module: Any) -> None:
    with serving(Archive()) as archive:
        assert (listed(archive, module).copies, listed(archive, module).problems) == ([], [])


@MODULES
def test_a_capture_is_had_with_the_time_at_which_it_was_made(archive: Archive, module: Any) -> None:
    copy = next(x for x in listed(archive, module).copies if x.url.endswith("-7"))
    response = got(archive, module, copy)
    assert response.body == b"<html>ferry 7</html>"
    assert response.received_at == AT + dt.timedelta(minutes=7)
    assert response.status == 200
    assert response.header("content-type") == "text/html; charset=utf-8"


@MODULES
def test_an_archive_that_is_busy_is_asked_again(archive: Archive, module: Any) -> None:
    archive.troubles = {"/": [429, 503, 429]}
    assert len(listed(archive, module).copies) == 60
    copy = listed(archive, module).copies[0]
    archive.troubles = {"/": [503, 429]}
    assert got(archive, module, copy).status == 200


@MODULES
def test_an_archive_that_stays_busy_is_a_problem_that_names_it(
    archive: Archive, module: Any
) -> None:
    archive.troubles = {"/": [429] * 4}
    found = listed(archive, module)
    assert found.copies == []
    assert len(found.problems) == 1
    assert found.problems[0].endswith("the archive answers 429")
    assert found.problems[0].startswith("https://")


@MODULES
def test_pauses_are_shared_by_the_tasks_that_may_ask_at_once(module: Any) -> None:
    access = Access(pace=4)
    assert access.pause("wayback_index") == 10
    assert access.pause("common_crawl_index") == 4
    assert access.papers["wayback"].fetch.pause_seconds == 0.5
    assert Access(pace=0).patience.first_wait == 0


@MODULES
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"headers": (("X-Robots-Tag", "noai"),)}, ("noai",)),
        ({"headers": (("TDM-Reservation", "1"),)}, ("tdm-reservation",)),
        ({"body": b'<meta name="robots" content="noai">'}, ("noai",)),
        ({}, ()),
    ],
)
def test_a_capture_says_that_its_paper_wants_no_mining(
    module: Any, changes: dict[str, Any], told: tuple[str, ...]
) -> None:
    with serving(Archive([kept(1, **changes)])) as archive:
        (copy,) = listed(archive, module).copies
        assert got(archive, module, copy).opt_out == told


# -- Common Crawl -----------------------------------------------------------------------------


def test_only_crawls_of_the_time_are_asked(archive: Archive) -> None:
    listed(archive, common_crawl)
    indexes = {path.partition("?")[0] for path, _ in archive.asked}
    assert indexes == {"/collinfo.json", f"/{CRAWL}-index"}


def test_a_record_is_had_by_its_range_alone(archive: Archive) -> None:
    copy = listed(archive, common_crawl).copies[0]
    got(archive, common_crawl, copy)
    assert archive.asked[-1][1] == f"bytes={copy.offset}-{copy.offset + copy.length - 1}"


def test_a_record_that_is_cut_is_no_capture(archive: Archive) -> None:
    copy = listed(archive, common_crawl).copies[0]
    archive.stingy = frozenset({copy.url})
    with pytest.raises(FetchError, match="the record is no good: its gzip member is cut"):
        got(archive, common_crawl, copy)


@pytest.mark.parametrize(
    "changes",
    [{"key": "crawl-data/../secret"}, {"key": "/etc/passwd"}, {"length": 0}, {"length": 1 << 40}],
)
def test_an_index_cannot_name_anything_else(archive: Archive, changes: dict[str, Any]) -> None:
    copy = replace(listed(archive, common_crawl).copies[0], **changes)
    before = len(archive.asked)
    with pytest.raises(FetchError, match="is no record of the archive"):
        got(archive, common_crawl, copy)
    assert len(archive.asked) == before


def test_a_server_that_ignores_the_range_is_refused(archive: Archive) -> None:
    copy = listed(archive, common_crawl).copies[0]
    archive.troubles = {"/crawl-data": [403]}
    with pytest.raises(FetchError, match="the archive answers 403"):
        got(archive, common_crawl, copy)


# -- the Wayback Machine ----------------------------------------------------------------------


def test_the_resume_key_is_encoded_twice(archive: Archive) -> None:
    listed(archive, wayback)
    keys = [path.partition("resumeKey=")[2] for path, _ in archive.asked if "resumeKey=" in path]
    assert keys
    assert all("%25" in key for key in keys)


def test_a_paper_that_is_excluded_is_named_so(archive: Archive) -> None:
    archive.blocked = True
    (problem,) = listed(archive, wayback).problems
    assert problem.endswith("the archive excludes it")


def test_a_page_of_the_archive_itself_is_no_capture(archive: Archive) -> None:
    copy = listed(archive, wayback).copies[0]
    archive.blocked = True
    with pytest.raises(FetchError, match="a page of its own") as caught:
        got(archive, wayback, copy)
    assert caught.value.code == "archive_blocked"


def test_an_inexact_time_leads_to_the_nearest_capture(archive: Archive) -> None:
    copy = next(x for x in listed(archive, wayback).copies if x.url.endswith("-7"))
    asked = replace(copy, captured_at=copy.captured_at + dt.timedelta(hours=3))
    response = got(archive, wayback, asked)
    assert response.received_at == AT + dt.timedelta(minutes=7)
    assert response.final_url == url_of(7)


def test_a_page_that_is_not_archived_is_missing_there(archive: Archive) -> None:
    with pytest.raises(FetchError, match="the archive answers 404"):
        got(archive, wayback, Copy("wayback", url_of(99), AT))


# -- records ----------------------------------------------------------------------------------


def test_a_record_keeps_what_the_server_said() -> None:
    response = from_member(member(kept(1, headers=(("Server", "press"), ("Vary", "a: b")))))
    assert response.headers[1:] == (("Server", "press"), ("Vary", "a: b"))
    assert response.received_at == AT + dt.timedelta(minutes=1)
    assert response.url == url_of(1)


def test_a_body_that_is_still_packed_is_decoded_and_kept_as_it_is() -> None:
    body = gzip.compress(b"<html>packed</html>")
    response = from_member(member(kept(1, body=body, headers=(("Content-Encoding", "gzip"),))))
    assert (response.raw, response.body) == (body, b"<html>packed</html>")


def test_a_body_that_the_crawler_unpacked_is_taken_as_it_is() -> None:
    response = from_member(member(kept(1, headers=(("Content-Encoding", "gzip"),))))
    assert response.body == response.raw == b"<html>ferry 1</html>"
    assert response.header("content-encoding") is None
    assert response.header("x-crawl-content-encoding") == "gzip"


def test_a_record_that_the_crawler_cut_says_so() -> None:
    assert from_member(member(kept(1), truncated="length")).truncated == "length"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (member(kept(1))[:-20], "cut"),
        (b"\x1f\x8b" + b"x" * 50, "broken"),
        (gzip.compress(b"", mtime=0), "no response"),
        (member(kept(1)).replace(b"\x1f\x8b", b"\x00\x00", 1), "broken"),
    ],
)
def test_a_bad_member_is_refused(made: bytes, why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        from_member(made)


@pytest.mark.parametrize("digits", ["2024022912", "20240230120000", "2024022912000x", ""])
def test_a_timestamp_is_fourteen_digits_of_a_real_time(digits: str) -> None:
    assert moment_of(digits) is None
