"""Erasures that die at every effect, and publishers that sleep while a story is erased."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.memory_store import MemoryStore
from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    link_to,
    local_warehouse,
    newsroom,
    run_of,
    story,
    story_id,
    url_of,
)
from newsdesk import records, steps
from newsdesk.article import Article, Discovery, Rejection, ShardReading, Verdict
from newsdesk.discover.landed import LandedPart
from newsdesk.errors import StoreError
from newsdesk.landing import WarcWriter, iter_captures
from newsdesk.steps import Desk, Plan
from newsdesk.steps.reading import load_staged, stage
from newsdesk.tables import TABLES
from unit.steps.test_publishing import paper

pytestmark = [pytest.mark.integration, pytest.mark.faults]

NEXT = DAY + dt.timedelta(days=1)
GONE = 1
SAID = "The harbour master said that the ferry number {} would wait until the fog had lifted."
STEPS = "wait article_days revisions articles forget rejected checks coverage ledger pointers"
RUN = "unfinished"


def edited(number: int, hour: float, **changes: Any) -> Article:
    text = f"{SAID.format(number)} It was {hour} o'clock."
    return story(number, text=text, captured_at=at(NEXT, hour), **changes)


def desk_of(room: Newsroom, store: Any = None) -> Desk:
    return Desk(
        store=store or room.store,
        layout=room.layout,
        sources={PAPER: paper()},
        user_agent=lambda: "test",
        open_warehouse=lambda: room.warehouse,
        now=lambda: at(NEXT, 12),
    )


def furnish(room: Newsroom) -> None:
    """A story in every place that can hold one, beside others: two runs done, one under way."""
    refused = edited(GONE, 3)
    assert refused.capture is not None
    rejection = Rejection(
        *(PAPER, refused.url, refused.captured_at, "too_short", SAID.format(GONE), 1, "x"),
        refused.capture,
        headline=refused.headline,
    )
    room.send(run_of("first"), [edited(n, 1) for n in range(3)])
    room.send(
        run_of("second"),
        [edited(GONE, 2), edited(5, 2)],
        rejections=[rejection],
        more_captures=[capture_of(refused)],
    )
    room.judge = lambda pair, image: pair[1] == DAY
    room.send(run_of("blocked"), [edited(n, 4, published_at=at(NEXT, 1)) for n in (GONE, 7)])
    room.judge = lambda pair, image: True
    desk = desk_of(room)
    articles = [edited(n, 5) for n in (GONE, 8)]
    writer = WarcWriter(desk.layout.raw(DAY, RUN, 0, 0), software="t", info={})
    refs = {one.url: writer.add(page(one)) for one in articles}
    desk.store.put(desk.layout.raw(DAY, RUN, 0, 0), writer.finish())
    captures = tuple(
        capture_of(one, link_to(one, headline_hint=one.headline), ref=refs[one.url])
        for one in articles
    )
    links = tuple(one.link for one in captures)
    plan = Plan(run_of(RUN), (Discovery(PAPER, DAY, "looks", links),), (), (links,))
    desk.store.put(desk.layout.discovered(DAY, RUN), records.pack(plan))
    staged = stage(desk, DAY, RUN, articles, captures)
    reading = ShardReading(0, staged, (rejection,), captures)
    desk.store.put(desk.layout.reading(DAY, RUN, 0), records.pack(reading))
    verdict = Verdict(None, (staged,), (rejection,), (), ())
    desk.store.put(desk.layout.verdict(DAY, RUN), records.pack(verdict))
    desk.store.put(desk.layout.landed_part(DAY, "f", 0), records.pack(LandedPart(captures)))
    steps.export(desk, DAY, "export")


def page(one: Article) -> Any:
    from newsdesk.article import Response

    body = f"<h1>{one.headline}</h1><p>{one.body}</p>".encode()
    return Response(one.url, one.url, 200, "OK", (), body, body, one.captured_at)


def seen(room: Newsroom, folder: Path) -> dict[str, str]:
    """Everything that anybody can read in the bucket and in the tables' files."""
    found = {info.key: room.store.get(info.key) for info in room.store.list("test/")}
    for path in (folder / "lake").rglob("*"):
        if path.is_file():
            found[str(path)] = path.read_bytes()
    return {key: plain(key, body) for key, body in found.items()}


def plain(key: str, body: bytes) -> str:
    if key.endswith(".parquet"):
        return str(pq.read_table(pa.BufferReader(body)).to_pylist())
    if key.endswith(".warc.gz"):
        return "".join(one.body.decode() for _, one in iter_captures(body, key))
    if key.endswith(".zst"):
        with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
            return str(stream.read().decode())
    return body.decode("latin-1")


def traces(room: Newsroom, folder: Path) -> list[str]:
    wanted = (story_id(GONE), url_of(GONE) + '"', url_of(GONE) + "'", SAID.format(GONE))
    return [key for key, text in seen(room, folder).items() if any(one in text for one in wanted)]


class Killed(BaseException):
    """What a process that was killed does: no handler of ours catches it."""


class Effects:
    """Counts what others could see, and dies before one of it."""

    def __init__(self, fatal: int, patch: pytest.MonkeyPatch) -> None:
        from pyiceberg.catalog.sql import SqlCatalog
        from pyiceberg.io.pyarrow import PyArrowFile, PyArrowFileIO

        self.count = 0
        self._fatal = fatal
        for owner, names in (
            (MemoryStore, ("put", "delete")),
            (PyArrowFile, ("create",)),
            (PyArrowFileIO, ("delete",)),
            (SqlCatalog, ("commit_table",)),
        ):
            for name in names:
                patch.setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, really: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self._fatal:
                raise Killed
            return really(*given, **named)

        return wrapped


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    furnish(made)
    zones = {key.partition("test/")[2].split("/")[0] for key in traces(made, tmp_path)}
    assert zones == {"tables", "blocked", "runs", "raw", "landed", "hive"}
    yield made
    made.warehouse.close()


def erase(room: Newsroom, **more: Any) -> dict[str, Any]:
    return steps.erase(desk_of(room), story_id(GONE), by="ada", reason="why", **more)


def nothing_is_left(room: Newsroom, folder: Path, done: dict[str, Any]) -> None:
    assert (done["left"], done["quoted"]) == ([], [])
    assert traces(room, folder) == []
    kept = [room.store.get(info.key) for info in room.store.list(room.layout.erasures())]
    assert len(set(kept)) == 1  # the receipt, by every name of the story
    receipt = json.loads(room.store.get(done["receipt"].removeprefix("memory://")))
    assert receipt["found"]["tables/articles"] >= 1  # as it was before the first try
    the_others_are_there(room)


@pytest.mark.timeout(900)
def test_killed_again_and_again_one_effect_later_each_time_it_ends_the_same(
    room: Newsroom, tmp_path: Path
) -> None:
    fatal = 0
    while True:
        fatal += 1
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
            Effects(fatal, patch)
            done = erase(room)
            break
    assert fatal > 20
    nothing_is_left(room, tmp_path, done)


@pytest.mark.parametrize(
    "step", ["find", "tables", "files", "raw", "exports", "pointers", "prove", "receipt"]
)
def test_killed_before_a_step_and_repeated_it_ends_the_same(
    room: Newsroom, tmp_path: Path, step: str
) -> None:
    def die(name: str) -> None:
        if name == step:
            raise Killed

    with pytest.raises(Killed):
        erase(room, on_step=die)
    nothing_is_left(room, tmp_path, erase(room))


def the_others_are_there(room: Newsroom) -> None:
    assert [row["url"] for row in room.rows()] == sorted(
        (url_of(n) for n in (0, 2, 5)), key=lambda url: story_id(int(url.rpartition("-")[2]))
    )
    assert len(room.rows("revisions")) == 3
    for name in TABLES:  # every snapshot that is left can be read
        table = room.warehouse.table(name)
        for snapshot in table.metadata.snapshots:
            table.scan(snapshot_id=snapshot.snapshot_id).to_arrow()
    desk = desk_of(room)
    reading = steps.reading.load_reading(desk, DAY, RUN, 0)
    assert reading.staged is not None
    assert load_staged(desk, reading.staged)["url"].to_pylist() == [url_of(8)]
    verdict = steps.publishing.load_verdict(desk, DAY, RUN)
    assert verdict.staged == (reading.staged,)
    (capture,) = reading.captures
    assert capture.ref is not None
    body = room.store.get(capture.ref.key)
    assert [ref for ref, _ in iter_captures(body, capture.ref.key)] == [capture.ref]
    (waiting,) = room.store.list(room.layout.blocked(NEXT))
    rows = pq.read_table(io.BytesIO(room.store.get(waiting.key)))
    assert rows["url"].to_pylist() == [url_of(7)]
    digest = hashlib.sha256(room.store.get(waiting.key)).hexdigest()
    assert waiting.key.endswith(f"/{digest}.parquet")


# A publisher that wakes when the story is gone


@pytest.mark.parametrize(
    ("step", "known"),
    [*((step, True) for step in STEPS.split()), ("revisions", False), ("articles", False)],
)
def test_a_publisher_that_slept_through_an_erasure_does_not_bring_it_back(
    tmp_path: Path, step: str, *, known: bool
) -> None:
    room = newsroom(tmp_path)
    room.send(run_of("first"), [edited(n, 1) for n in range(3) if known or n != GONE])
    other = Newsroom(local_warehouse(tmp_path), room.store, room.layout)
    slept = []

    def sleep(name: str) -> None:
        if name == step and not slept:
            slept.append(name)
            done = steps.erase(desk_of(other), story_id(GONE), by="ada", reason="why")
            assert done["left"] == []

    again = [edited(n, 2) for n in range(3)]
    try:
        room.send(run_of("second"), again, on_step=sleep)
    except StoreError:  # what it was reading is gone: its task is repeated
        room.send(run_of("second"), again)
    assert slept == [step]
    left = traces(room, tmp_path)
    # Files of a commit that was refused are in no snapshot: upkeep, or the next erasure, has them.
    reached = {
        task.file.file_path.removeprefix("file://")
        for name in TABLES
        for snapshot in room.warehouse.table(name).metadata.snapshots
        for task in room.warehouse.table(name).scan(snapshot_id=snapshot.snapshot_id).plan_files()
    }
    assert set(left) & reached == set()
    assert {row["article_id"] for row in room.rows()} == {story_id(0), story_id(2)}
    assert story_id(GONE) not in {row["article_id"] for row in room.rows("revisions")}
    assert story_id(GONE) not in {row["article_id"] for row in room.rows("ledger")}
    steps.erase(desk_of(room), story_id(GONE), by="ada", reason="again")
    assert traces(room, tmp_path) == []
    for one in (room, other):
        one.warehouse.close()


def test_without_the_list_the_same_publisher_does_bring_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a publisher that asks no list fails what the others pass."""
    from newsdesk.publish import plan, publishing
    from newsdesk.suppress import Suppressed

    for module in (plan, publishing):
        monkeypatch.setattr(module, "suppressed", lambda store, layout: Suppressed())
    room = newsroom(tmp_path)
    room.send(run_of("first"), [edited(n, 1) for n in range(3)])
    other = Newsroom(local_warehouse(tmp_path), room.store, room.layout)

    def sleep(name: str) -> None:
        if name == "revisions":
            steps.erase(desk_of(other), story_id(GONE), by="ada", reason="why")

    again = [edited(n, 2) for n in range(3)]
    try:
        room.send(run_of("second"), again, on_step=sleep)
    except StoreError:
        room.send(run_of("second"), again)
    assert story_id(GONE) in {row["article_id"] for row in room.rows()}
    for one in (room, other):
        one.warehouse.close()
