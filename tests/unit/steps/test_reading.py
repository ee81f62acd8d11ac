"""Reading a shard: stories staged, everything else told with its reason, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contracts.desk import desk_of
from contracts.press import DAY, HOME, at, paper
from newsdesk import records, steps
from newsdesk.article import Capture, Link, Response, ShardReading
from newsdesk.landing import WarcWriter
from newsdesk.reading.child import Limits
from newsdesk.steps import Desk
from newsdesk.steps import reading as step
from newsdesk.steps.fetching import CapturePart
from newsdesk.steps.reading import load_reading, load_staged

PAPER = paper()
NAMES = ("ferry", "bridge", "school", "market", "harbour", "garden", "lantern", "island")


def link(number: int, **changes: Any) -> Link:
    url = f"{HOME}world/{NAMES[number % 8]}-opens-{number}"
    made = Link(PAPER.name, url, PAPER.article_id(url), ("look",), at(6))
    return replace(made, **changes)


def story(number: int) -> str:
    paragraphs = "".join(
        f"<p>The {name} number {number} opened before dawn, and nobody was there to see it.</p>"
        for name in NAMES
    )
    return (
        f"<html lang=en><head><title>Number {number} opens</title></head><body><article>"
        f"<h1>Number {number} opens</h1><time datetime='2026-01-15T08:00:00Z'>15 January 2026</time>"
        f"{paragraphs}</article></body></html>"
    )


class Shard:
    """Landed pages of one shard of a run."""

    def __init__(self, pages: Sequence[tuple[Link, str]]) -> None:
        self.web: Any = None
        self.desk: Desk = desk_of(self.web, sources=[PAPER])
        self.key = self.desk.layout.raw(DAY, "run", 0, 0)
        writer = WarcWriter(self.key, software="newsdesk/test", info={})
        captures = []
        for link_, html in pages:
            head = (("Content-Type", "text/html; charset=utf-8"),)
            body = html.encode()
            response = Response(link_.url, link_.url, 200, "OK", head, body, body, at(25))
            captures.append(
                Capture(
                    link_, None, None, at(25), link_.url, 200, "text/html", writer.add(response)
                )
            )
        self.captures = captures
        self.warc = writer.finish()
        self.put(self.warc)
        part = self.desk.layout.capture_part(DAY, "run", 0, 0)
        self.desk.store.put(part, records.pack(CapturePart(tuple(captures))))

    def put(self, warc: bytes) -> None:
        self.desk.store.put(self.key, warc)

    def read(self) -> tuple[list[dict[str, Any]], ShardReading]:
        """The staged rows, and the record beside them."""
        counts = steps.read(self.desk, DAY, "run", 0)
        done = load_reading(self.desk, DAY, "run", 0)
        rows = load_staged(self.desk, done.staged).to_pylist() if done.staged else []
        assert counts == {
            "pages": len(rows) + len(done.rejections),
            "articles": len(rows),
            "rejected": len(done.rejections),
        }
        return rows, done


def reasons(done: ShardReading) -> dict[str, str]:
    return {one.url: one.reason for one in done.rejections}


def test_a_shard_becomes_rows_and_rejections() -> None:
    pages = [(link(n), story(n)) for n in range(4)] + [(link(9), "<h1>Nothing</h1><p>Yet.</p>")]
    rows, done = Shard(pages).read()
    assert sorted(row["headline"] for row in rows) == [f"Number {n} opens" for n in range(4)]
    assert [(r.url, r.reason, r.http_status) for r in done.rejections] == [
        (link(9).url, "too_short", 200)
    ]
    assert len(done.captures) == 5


def test_a_shard_is_read_once() -> None:
    shard = Shard([(link(1), story(1))])
    first = shard.read()
    shard.put(b"gone")
    assert shard.read() == first


def test_a_page_that_kills_its_reader_is_rejected_and_the_rest_are_staged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tight = Limits(cpu_seconds=1, wall_seconds=60, memory=120_000_000)
    real = step.read_all
    monkeypatch.setattr(step, "read_all", lambda *given: real(*given, limits=tight))
    bomb = "<div>" * 400_000
    shard = Shard([(link(n), bomb if n == 1 else story(n)) for n in range(4)])
    rows, done = shard.read()
    assert len(rows) == 3
    (rejection,) = done.rejections
    assert rejection.url == link(1).url
    assert rejection.reason in {"reader_timeout", "reader_memory", "reader_killed"}
    assert (rejection.capture, rejection.http_status) == (shard.captures[1].ref, 200)


@pytest.mark.parametrize("place", range(3))
def test_a_damaged_record_is_a_rejection_that_says_where_it_lies(place: int) -> None:
    shard = Shard([(link(n), story(n)) for n in range(3)])
    ref = shard.captures[place].ref
    assert ref is not None
    middle = ref.offset + ref.length // 2
    damaged = bytearray(shard.warc)
    damaged[middle] ^= 0xFF
    shard.put(bytes(damaged))
    rows, done = shard.read()
    assert len(rows) == 2
    (rejection,) = done.rejections
    assert (rejection.url, rejection.reason) == (link(place).url, "capture_corrupt")
    assert rejection.evidence.startswith(f"{shard.key} at {ref.offset}: its gzip member is broken")
    assert (rejection.capture, rejection.article_id) == (ref, link(place).article_id)


def test_records_that_are_not_there_are_rejections_too() -> None:
    shard = Shard([(link(n), story(n)) for n in range(3)])
    ref = shard.captures[1].ref
    assert ref is not None
    shard.put(shard.warc[: ref.offset])
    rows, done = shard.read()
    assert len(rows) == 1
    assert reasons(done) == {link(n).url: "capture_corrupt" for n in (1, 2)}


def test_another_record_at_the_place_of_one_is_not_read_for_it() -> None:
    shard = Shard([(link(1), story(1))])
    other = Shard([(link(1), story(2))])
    shard.put(other.warc)
    rows, done = shard.read()
    assert rows == []
    assert reasons(done) == {link(1).url: "capture_corrupt"}


def test_a_text_under_many_addresses_is_a_wall() -> None:
    notice = story(1).replace("Number 1 opens", "Your region")
    pages = [(link(n, headline_hint=f"Story {n}"), notice) for n in range(3)]
    rows, done = Shard([*pages, (link(7), story(7))]).read()
    assert [row["url"] for row in rows] == [link(7).url]
    assert reasons(done) == {link(n).url: "same_text" for n in range(3)}
    assert {one.http_status for one in done.rejections} == {200}


def test_a_wire_story_at_two_addresses_stays() -> None:
    rows, done = Shard(
        [(link(n, headline_hint="Number 1 opens"), story(1)) for n in range(2)]
    ).read()
    assert len(rows) == 2
    assert done.rejections == ()
