"""What of a story is in an object, and records without it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.newsroom import DAY, Newsroom, at, loose, newsroom, run_of
from contracts.newsroom import story as told
from contracts.press import address, feed_look, link, look_of, paper
from newsdesk import records
from newsdesk.article import Discovery, Look, Run, StagedFile, Verdict
from newsdesk.erasure import Story, Traces, search, sentences_of
from newsdesk.erasure.known import known_story
from newsdesk.erasure.records import without
from newsdesk.steps import Plan
from newsdesk.tables import index
from newsdesk.tables.visits import Held

FIRST = "The harbour master said on Thursday that no ferry would leave before the fog was gone."
STORY = Story(
    ids=frozenset({link(1).article_id}),
    urls=frozenset({address(1)}),
    sentences=sentences_of([f"Fog.\n\n{FIRST}"]),
)
TRACES = Traces(STORY, (paper(),))


def test_an_address_ends_where_it_ends() -> None:
    assert TRACES.mentioned(f'"{address(1)}"'.encode()) == 1
    assert TRACES.mentioned(f"{address(1)}: no answer. {address(1)}.".encode()) == 2
    assert TRACES.mentioned(f"{address(12)} {address(1)}/amp {address(1)}.html".encode()) == 0
    assert TRACES.mentioned(link(1).article_id.encode()) == 1


def test_an_address_that_nobody_recorded_is_known_by_its_paper() -> None:
    assert TRACES.is_of(address(1) + "?utm_source=feed")
    assert not TRACES.is_of(address(2))
    assert not TRACES.is_of("https://elsewhere.example/world/the-ferry-number-1")
    assert not Traces(STORY).is_of(address(1) + "?utm_source=feed")


def test_sentences_are_long_ones_with_white_space_folded() -> None:
    assert sentences_of([None, "", "Short.\n\nAlso short."]) == frozenset()
    (one,) = sentences_of([f"Fog.\n\n{FIRST}".replace(" ", "  ")])
    assert one == FIRST[:80].strip()


def test_rows_are_told_by_identifier_or_address_and_words_in_others_apart() -> None:
    mine = told(1, article_id=link(1).article_id, text=FIRST)
    by_address = told(2, url=address(1))
    other = told(3, text=f"As reported before:\n\n{FIRST.replace(' ', chr(10), 3)}")
    sink = pa.BufferOutputStream()
    pq.write_table(loose([mine, by_address, other]), sink)
    found = search("x.parquet", bytes(sink.getvalue()), TRACES)
    assert (found.own, found.quoted) == (2, True)
    assert found.sentences == sentences_of([FIRST])
    sink = pa.BufferOutputStream()
    pq.write_table(loose([mine, by_address]), sink)
    assert not search("x.parquet", bytes(sink.getvalue()), TRACES).quoted


def test_manifests_tell_by_the_bounds_of_files(tmp_path: Path) -> None:
    room = newsroom(tmp_path)
    index.add(room.warehouse, run_of("a"), loose([told(1, article_id=link(1).article_id)]))
    table = room.warehouse.table("article_days")
    snapshot = table.current_snapshot()
    assert snapshot is not None
    with table.io.new_input(snapshot.manifests(table.io)[0].manifest_path).open() as stream:
        body = bytes(stream.read())
    assert search("m.avro", body, TRACES).own == 2
    assert search("m.avro", body, Traces(Story(frozenset({"0" * 32})))).own == 0
    room.warehouse.close()


def test_records_lose_what_is_about_the_story_and_nothing_else() -> None:
    plan = Plan(
        run=Run(DAY, "r", at(DAY, 24)),
        discoveries=(
            Discovery("harbour_post", DAY, "looks", (link(1), link(2)), error=f"{address(1)}: no"),
        ),
        unchanged=(link(1).article_id, link(2).article_id),
        shards=((link(1),), (link(2), link(12))),
        held=(Held(link(1), at(DAY, 9), None), Held(link(2), at(DAY, 9), None)),
    )
    left = records.unpack(Plan, without(records.pack(plan), TRACES, {}), subject="plan")
    assert left.discoveries[0].links == (link(2),)
    assert left.discoveries[0].error is None
    assert left.unchanged == (link(2).article_id,)
    assert left.shards == ((), (link(2), link(12)))
    assert [held.link for held in left.held] == [link(2)]
    look = look_of(feed_look(8, link(1), link(2)))
    left_look = records.unpack(Look, without(records.pack(look), TRACES, {}), subject="look")
    assert left_look == look_of(feed_look(8, link(2)))


def test_records_name_what_stands_in_the_place_of_a_staged_file() -> None:
    old, kept = StagedFile("staged/a.parquet", "a" * 64, 3), StagedFile("b.parquet", "b" * 64, 1)
    verdict = Verdict(7, (old, kept), (), (), ())
    new = {"key": "staged/c.parquet", "digest": "c" * 64, "rows": 2}
    body = without(records.pack(verdict), TRACES, {old.key: new})
    left = records.unpack(Verdict, body, subject="verdict")
    assert left.staged == (StagedFile("staged/c.parquet", "c" * 64, 2), kept)
    assert left.base_snapshot == 7


def test_a_record_without_the_story_is_the_same_bytes() -> None:
    body = records.pack(look_of(feed_look(8, link(2), link(12))))
    assert without(body, TRACES, {}) == body
    assert search("look.json.zst", body, TRACES).own == 0
    told_of = records.pack(look_of(feed_look(8, link(1, headline_hint=f'"{FIRST}" again'))))
    found = search("look.json.zst", told_of, TRACES)
    assert (found.own, found.quoted) == (2, True)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


def test_the_tables_tell_addresses_links_days_and_words(room: Newsroom) -> None:
    mine = told(1, text=f"{FIRST}\n\n{FIRST} Again.", article_id="a" * 32, url=address(1))
    room.send(run_of("a"), [mine, told(2)])
    found = known_story(room.warehouse, "a" * 32, [paper()])
    assert found is not None
    assert found.ids == {"a" * 32, link(1).article_id}
    assert found.urls == {address(1)}
    assert found.days == {DAY}
    assert found.sentences
    assert mine.capture is not None
    assert found.captures == {(mine.capture.key, mine.capture.offset)}
    assert known_story(room.warehouse, address(1), []) == known_story(room.warehouse, "a" * 32, [])
    assert known_story(room.warehouse, "https://nobody.example/x", [paper()]) is None
    room.warehouse.close()


def test_json_is_searched_as_it_is_written() -> None:
    quoting = json.dumps({"evidence": f"x {FIRST}"}).encode()
    assert search("page.html", quoting, TRACES).quoted
    assert not search("page.html", b"{}", TRACES).quoted
