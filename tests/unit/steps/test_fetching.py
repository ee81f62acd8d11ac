"""The fetch step: every link becomes a page or a fate, and what was landed is not asked again."""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.press import DAY, Page, Web, address, at, link
from newsdesk import records
from newsdesk.article import Capture, Discovery, Link, Response, Run
from newsdesk.errors import AddressRefused, FetchError, RobotsRefused, StoreError
from newsdesk.landing import iter_captures
from newsdesk.sources import Source
from newsdesk.steps import Desk, Plan, fetch, parts
from newsdesk.steps.fetching import by_host, fairly, load_captures
from newsdesk.store import Store

RUN = "scheduled__2026-01-16"


def page(number: int) -> bytes:
    return f"<html><h1>The ferry number {number} left</h1></html>".encode() * 40


def planned(web: Web, links: Sequence[Link], store: Store | None = None, **changes: object) -> Desk:
    """A desk with the plan of a run that fetches some links in one shard."""
    desk = desk_of(web, store=store, **changes)
    plan = Plan(
        run=Run(DAY, RUN, at(24.1)),
        discoveries=(Discovery("harbour_post", DAY, "looks", tuple(links)),),
        unchanged=(),
        shards=(tuple(links),),
    )
    desk.store.put_if_absent(LAYOUT.discovered(DAY, RUN), records.pack(plan))
    return desk


def stories(count: int) -> tuple[Web, list[Link]]:
    return Web({address(n): page(n) for n in range(count)}), [link(n) for n in range(count)]


def captures(desk: Desk) -> list[Capture]:
    return load_captures(desk, DAY, RUN, 0)


def landed_pages(desk: Desk) -> dict[str, bytes]:
    """The pages that captures say were landed, as they stand in the bucket."""
    found = {}
    for capture in captures(desk):
        if capture.fate is None:
            assert capture.ref is not None
            for ref, response in iter_captures(desk.store.get(capture.ref.key), capture.ref.key):
                if ref == capture.ref:
                    found[capture.link.url] = response.body
    return found


def test_every_page_is_landed_as_received() -> None:
    web, links = stories(30)
    desk = planned(web, links)
    done = fetch(desk, DAY, RUN, 0)
    assert done == {
        "links": 30,
        "landed": 30,
        "unchanged": 0,
        "not_landed": 0,
        "bytes": sum(len(page(n)) for n in range(30)),
    }
    assert landed_pages(desk) == {address(n): page(n) for n in range(30)}
    assert {capture.link for capture in captures(desk)} == set(links)
    assert {capture.captured_at for capture in captures(desk)} == {at(12)}


@pytest.mark.parametrize(
    ("answer", "fate", "reason"),
    [
        (404, "missing", "http_404"),
        (410, "missing", "http_410"),
        (304, "failed", "http_304"),
        (403, "failed", "http_403"),
        (503, "failed", "http_503"),
        (b"x" * 10_485_761, "failed", "truncated_length"),
        (FetchError(address(0), "too slow", code="timeout"), "failed", "timeout"),
        (RobotsRefused(address(0), "forbidden"), "refused", "robots"),
        (AddressRefused(address(0), "private"), "refused", "address_refused"),
        (ZeroDivisionError("oops"), "failed", "fetch_failed"),
    ],
)
def test_what_gives_no_page_gets_a_fate_and_stops_no_other(
    answer: Page, fate: str, reason: str
) -> None:
    web, links = stories(3)
    web.pages[address(0)] = answer
    desk = planned(web, links)
    done = fetch(desk, DAY, RUN, 0)
    assert (done["landed"], done["not_landed"]) == (2, 1)
    (lost,) = [capture for capture in captures(desk) if capture.fate]
    assert (lost.link, lost.fate, lost.reason) == (links[0], fate, reason)
    assert (lost.ref is None) == isinstance(answer, Exception)  # error pages are landed too


class Packed(Web):
    """A web that packs its pages."""

    async def get(self, url: str, source: Source, **options: Any) -> Response:
        answer = await super().get(url, source, **options)
        packed = gzip.compress(answer.body)
        return replace(answer, raw=packed, headers=(("Content-Encoding", "gzip"),))


def test_a_shard_of_small_pages_takes_what_was_received_and_500_bytes_a_page() -> None:
    web = Packed({address(n): page(n) * (1 + n % 5) for n in range(300)})
    desk = planned(web, [link(n) for n in range(300)])
    received = fetch(desk, DAY, RUN, 0)["bytes"]
    (file,) = desk.store.list("test/raw/")
    assert received < 300 * 400  # a bound in percent would say nothing here
    assert received < file.size <= received + (300 + 1) * 500  # of the file itself, too


def test_repeating_asks_for_nothing() -> None:
    web, links = stories(5)
    web.pages[address(3)] = 404
    desk = planned(web, links)
    first = fetch(desk, DAY, RUN, 0)
    before, asked = captures(desk), len(web.asked)
    assert fetch(desk, DAY, RUN, 0) == first
    assert captures(desk) == before
    assert len(web.asked) == asked == 5


def test_a_shard_is_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 2_000)
    web, links = stories(40)
    desk = planned(web, links)
    fetch(desk, DAY, RUN, 0)
    files = {capture.ref.key for capture in captures(desk) if capture.ref}
    assert len(files) > 3
    assert files == {LAYOUT.raw(DAY, RUN, 0, part) for part in range(len(files))}
    assert len(landed_pages(desk)) == 40


class Killing(MemoryStore):
    """A store that is lost when a key is to be written."""

    def __init__(self) -> None:
        super().__init__()
        self.at_key = ""

    def put_if_absent(self, key: str, body: bytes, **options: str) -> bool:
        if key == self.at_key:
            self.at_key = ""
            raise StoreError(key, "gone")
        return super().put_if_absent(key, body, **options)


@pytest.mark.parametrize("part", [0, 1, 3])
@pytest.mark.parametrize(
    "key", [LAYOUT.capture_part, LAYOUT.raw], ids=["after the pages", "before the pages"]
)
def test_a_fetch_that_was_killed_asks_again_only_for_what_was_not_landed(
    monkeypatch: pytest.MonkeyPatch, key: Callable[..., str], part: int
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 2_000)
    web, links = stories(60)
    store = Killing()
    desk = planned(web, links, store)
    store.at_key = key(DAY, RUN, 0, part)
    with pytest.raises(StoreError):
        fetch(desk, DAY, RUN, 0)
    known = {capture.link.url for capture in captures(desk)}
    assert bool(known) == (part > 0)
    kept = {capture.link.url: capture for capture in captures(desk)}
    web.asked.clear()
    done = fetch(desk, DAY, RUN, 0)
    assert sorted(web.addresses) == sorted({one.url for one in links} - known)
    assert done["landed"] == 60
    assert landed_pages(desk) == {address(n): page(n) for n in range(60)}
    assert kept.items() <= {capture.link.url: capture for capture in captures(desk)}.items()


def test_two_tries_at_once_land_every_page_once_for_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 2_000)
    web, links = stories(40)
    desk = planned(web, links)
    other_web, _ = stories(40)
    other = planned(other_web, links, desk.store)
    threads: list[threading.Thread] = []

    def start_the_other(url: str) -> None:
        if url == address(20) and not threads:
            threads.append(threading.Thread(target=fetch, args=(other, DAY, RUN, 0)))
            threads[0].start()
            threads[0].join()

    web.before_answer = start_the_other
    fetch(desk, DAY, RUN, 0)
    assert len(other_web.asked) < 40  # it found what the first had landed
    assert Counter(capture.link.url for capture in captures(desk)) == Counter(x.url for x in links)
    assert landed_pages(desk) == {address(n): page(n) for n in range(40)}
    web.asked.clear()
    fetch(desk, DAY, RUN, 0)
    assert web.asked == []


def test_of_a_link_met_twice_the_first_record_stays() -> None:
    web, links = stories(2)
    desk = planned(web, links)
    fetch(desk, DAY, RUN, 0)
    before = captures(desk)
    late = replace(before[0], fate="failed", reason="timeout", ref=None)
    key = LAYOUT.capture_part(DAY, RUN, 0, 1)
    desk.store.put(key, records.pack(parts.CapturePart((late,))))
    assert captures(desk) == before


def test_hosts_are_asked_side_by_side_and_each_one_page_at_a_time() -> None:
    links = [
        link(n, url=f"https://w{n % 5}.harbour-post.example/world/the-ferry-number-{n}")
        for n in range(50)
    ]
    web = Web({one.url: page(n) for n, one in enumerate(links)})
    assert fetch(planned(web, links), DAY, RUN, 0)["landed"] == 50
    assert web.most_at_once == 5
    assert [len(mine) for mine in by_host(links)] == [10] * 5


def test_a_paper_that_left_loses_its_links_and_no_others() -> None:
    web, links = stories(2)
    gone = replace(links[0], source="gone_post", article_id="0" * 32)
    desk = planned(web, [gone, links[1]])
    done = fetch(desk, DAY, RUN, 0)
    assert (done["landed"], done["not_landed"]) == (1, 1)


@given(st.lists(st.integers(0, 4), max_size=40))
def test_papers_take_turns(papers: list[int]) -> None:
    links = [replace(link(n), source=f"paper{source}") for n, source in enumerate(papers)]
    turns = fairly(links)
    assert sorted(turns, key=links.index) == links
    for source in {one.source for one in links}:
        mine = [one for one in turns if one.source == source]
        assert mine == [one for one in links if one.source == source]
    met: Counter[str] = Counter()
    for one in turns:
        met[one.source] += 1
        assert met[one.source] == max(met.values())
