"""Fetching what we hold: asked with the validators of its last capture, kept as revisit records."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.press import DAY, Web, address, at, link, paper
from newsdesk import records
from newsdesk.article import Capture, Discovery, Link, Response, Run
from newsdesk.landing import iter_captures
from newsdesk.steps import Desk, Plan, fetch
from newsdesk.steps.fetching import load_captures
from newsdesk.store import Store
from newsdesk.tables.visits import Held

PAGE = b"<h1>The ferry is late</h1>" * 50
NEXT = DAY + dt.timedelta(days=1)
ONE = link(1, at(8))


class Server(Web):
    """A web whose answers have the header lines that a test wants, and that packs nothing."""

    lines: tuple[tuple[str, str], ...] = ()
    opt_out: tuple[str, ...] = ()

    async def get(self, url: str, source: Any, **options: Any) -> Response:
        response = await super().get(url, source, **options)
        if response.status == 200:
            response = replace(response, headers=self.lines, opt_out=self.opt_out)
        return response


def planned(
    store: Store, web: Web, day: dt.date, held: tuple[Held, ...] = (), one: Link = ONE, **more: Any
) -> Desk:
    desk = desk_of(web, store=store, **more)
    plan = Plan(
        run=Run(day, f"run {day}", at(24.1, day)),
        discoveries=(Discovery("harbour_post", day, "looks", (one,)),),
        unchanged=(),
        shards=((one,),),
        held=held,
    )
    store.put_if_absent(LAYOUT.discovered(day, plan.run.run_id), records.pack(plan))
    return desk


def fetched(desk: Desk, day: dt.date) -> Capture:
    fetch(desk, day, f"run {day}", 0)
    (capture,) = load_captures(desk, day, f"run {day}", 0)
    return capture


def first_capture(store: Store, *lines: tuple[str, str]) -> tuple[Capture, Held]:
    web = Server({address(1): PAGE})
    web.lines = lines
    capture = fetched(planned(store, web, DAY), DAY)
    assert capture.fate is None
    assert capture.ref is not None
    return capture, Held(ONE, capture.captured_at, capture.ref)


ETAG = ("ETag", f'"{hashlib.sha256(PAGE).hexdigest()[:12]}"')
DATE = ("Last-Modified", "Thu, 15 Jan 2026 08:00:00 GMT")


def test_a_page_that_is_not_modified_is_no_new_copy() -> None:
    store = MemoryStore()
    before, held = first_capture(store, ETAG)
    web = Web({address(1): PAGE})
    desk = planned(store, web, NEXT, (held,))
    again = fetched(desk, NEXT)
    assert web.asked == [(address(1), ETAG[1], None)]
    assert (again.fate, again.reason, again.status) == ("unchanged", "not_modified", 304)
    assert again.ref is not None
    assert before.ref is not None
    assert again.ref.digest == before.ref.digest
    file = store.get(again.ref.key)
    assert list(iter_captures(file, again.ref.key)) == []
    assert fetch(desk, NEXT, f"run {NEXT}", 0)["unchanged"] == 1


@pytest.mark.parametrize(
    ("lines", "asked"),
    [((ETAG, DATE), (ETAG[1], None)), ((DATE,), (None, DATE[1])), ((), (None, None))],
    ids=["the tag of both", "the date alone", "neither"],
)
def test_one_validator_is_sent(
    lines: tuple[tuple[str, str], ...], asked: tuple[str | None, str | None]
) -> None:
    store = MemoryStore()
    _, held = first_capture(store, *lines)
    web = Web({address(1): PAGE})
    fetched(planned(store, web, NEXT, (held,)), NEXT)
    assert web.asked == [(address(1), *asked)]


def test_the_same_body_is_no_new_copy() -> None:
    store = MemoryStore()
    _, held = first_capture(store)
    again = fetched(planned(store, Server({address(1): PAGE}), NEXT, (held,)), NEXT)
    assert (again.fate, again.reason, again.status) == ("unchanged", "same_body", 200)
    assert again.ref is not None
    assert again.ref.length < len(PAGE) / 2


def test_another_body_is_a_new_page() -> None:
    store = MemoryStore()
    _, held = first_capture(store, ETAG)
    again = fetched(planned(store, Web({address(1): PAGE + b"!"}), NEXT, (held,)), NEXT)
    assert (again.fate, again.status) == (None, 200)


def test_a_withdrawn_story_is_captured_anew_when_it_is_back() -> None:
    store = MemoryStore()
    _, held = first_capture(store, ETAG)
    held = replace(held, withdrawn_at=at(20))
    web = Web({address(1): PAGE})
    again = fetched(planned(store, web, NEXT, (held,)), NEXT)
    assert web.asked == [(address(1), None, None)]
    assert again.fate is None


def test_validators_are_those_of_the_very_address() -> None:
    store = MemoryStore()
    _, held = first_capture(store, ETAG)
    other = replace(ONE, url=address(1) + "/amp")
    web = Web({other.url: PAGE})
    again = fetched(planned(store, web, NEXT, (held,), other), NEXT)
    assert web.asked == [(other.url, None, None)]
    assert again.fate is None


def test_a_capture_that_came_otherwise_is_compared_by_its_body() -> None:
    store = MemoryStore()
    _, held = first_capture(store, ETAG)
    assert held.capture is not None
    for key in ("test/harvested/2026.warc.gz", LAYOUT.raw(DAY, "gone", 0, 0)):
        landed = replace(held, capture=replace(held.capture, key=key))
        day = NEXT + dt.timedelta(days=len(key))
        web = Web({address(1): PAGE})
        again = fetched(planned(store, web, day, (landed,)), day)
        assert web.asked == [(address(1), None, None)]
        assert again.reason == "same_body"


def test_a_304_that_nobody_asked_for_is_no_page() -> None:
    store = MemoryStore()
    _, held = first_capture(store)
    again = fetched(planned(store, Web({address(1): 304}), NEXT, (held,)), NEXT)
    assert (again.fate, again.reason) == ("failed", "http_304")


@pytest.mark.parametrize("obeyed", [False, True])
def test_a_wish_not_to_be_mined_is_recorded_and_obeyed_where_a_source_says_so(
    obeyed: bool,
) -> None:
    web = Server({address(1): PAGE})
    web.opt_out = ("tdm-reservation",)
    desk = planned(MemoryStore(), web, DAY, sources=[paper(fetch={"obey_opt_out": obeyed})])
    capture = fetched(desk, DAY)
    assert capture.opt_out == ("tdm-reservation",)
    told = ("refused", "opt_out") if obeyed else (None, None)
    assert (capture.fate, capture.reason) == told
    assert (capture.ref is None) is obeyed
