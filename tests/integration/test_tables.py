"""Publishing on a real object store: runs that meet, runs that die, what a run costs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from pyiceberg.table import StaticTable

from contracts.at_once import at_once
from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    link_to,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk.article import Article, Rejection
from newsdesk.connections import open_warehouse
from newsdesk.errors import StoreError
from newsdesk.layout import Layout
from newsdesk.tables.schema.stories import INDEX_BUCKETS

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

NEXT = DAY + dt.timedelta(days=1)
STEPS = "wait article_days revisions articles forget rejected checks coverage ledger pointers"


def desk(lake: Lake) -> Newsroom:
    """A publisher of its own: own connections to the same catalog and bucket."""
    warehouse = open_warehouse(lake.settings)
    return Newsroom(warehouse, lake.store, Layout(lake.settings.env))


@pytest.fixture
def room(lake: Lake) -> Iterator[Newsroom]:
    made = desk(lake)
    yield made
    made.warehouse.close()


def morning() -> list[Article]:
    return [story(n, captured_at=at(NEXT, 1)) for n in range(6)]


def evening() -> list[Article]:
    """The same stories, other content: edited, moved to other days, one more, one older."""
    return [
        story(0, text="Edited in the evening.", captured_at=at(NEXT, 20)),
        story(1, captured_at=at(NEXT, 20), published_at=at(NEXT, 2)),
        story(2, text="An older reading.", captured_at=at(NEXT, 0.5)),
        story(3, captured_at=at(NEXT, 20), published_at=at(DAY - dt.timedelta(days=3))),
        story(9, captured_at=at(NEXT, 20)),
    ]


def test_a_run_and_its_repetition(room: Newsroom) -> None:
    first = room.send(run_of("a"), morning())
    snapshots = room.snapshots()
    again = room.send(run_of("a"), morning())
    assert len(room.rows()) == 6
    assert again.days == first.days
    assert again.unchanged
    assert room.snapshots() == snapshots


def test_a_reader_without_the_catalog_follows_the_pointer(lake: Lake, room: Newsroom) -> None:
    room.send(run_of("a"), morning())
    pointer = json.loads(lake.store.get(Layout(lake.settings.env).current("articles")))
    table = StaticTable.from_metadata(
        pointer["metadata_location"], properties=dict(room.warehouse.catalog.properties)
    )
    assert table.scan().to_arrow().num_rows == 6
    assert table.current_snapshot().snapshot_id == pointer["snapshot_id"]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tables when the two runs come one after the other, undisturbed."""
    room = newsroom(tmp_path_factory.mktemp("clean"))
    room.send(run_of("a"), morning())
    room.send(run_of("b"), evening())
    facts = room.facts()
    room.warehouse.close()
    return facts


@pytest.mark.faults
def test_another_run_with_other_content_comes_between_at_every_step(
    lake: Lake, wanted: dict[str, Any]
) -> None:
    assert len(wanted["articles"]) == 7
    for step in STEPS.split():
        env = f"{lake.settings.env}-{step.replace('_', '-')}"
        settings = replace(lake.settings, env=env)
        one, other = (Newsroom(open_warehouse(settings), lake.store, Layout(env)) for _ in range(2))
        came = []

        def between(name: str, step: str = step, came: list[str] = came) -> None:
            if name == step and not came:
                came.append(name)
                other.send(run_of("b"), evening())  # noqa: B023  # called within this turn

        one.send(run_of("a"), morning(), on_step=between)
        assert came == [step]
        assert one.facts() == wanted, step
        assert {row["run_id"] for row in one.rows("ledger")} == {"a", "b"}
        for room in (one, other):
            room.warehouse.close()


def test_two_publishers_at_once_lose_and_double_nothing(lake: Lake, wanted: dict[str, Any]) -> None:
    def work(name: str, stories: Callable[[], list[Article]]) -> None:
        room = desk(lake)
        with closing(room.warehouse):
            for turn in range(3):
                room.send(run_of(f"{name}{turn}"), stories())

    at_once(partial(work, "a", morning), partial(work, "b", evening))
    room = desk(lake)
    assert room.facts() == wanted
    runs = {row["run_id"] for row in room.rows("ledger")}
    assert runs == {f"{name}{turn}" for name in "ab" for turn in range(3)}
    for name in ("articles", "ledger", "coverage"):
        pointer = json.loads(lake.store.get(Layout(lake.settings.env).current(name)))
        assert pointer["metadata_location"] == room.warehouse.table(name).metadata_location
    room.warehouse.close()


class Killed(BaseException):
    """As sudden as a kill: nothing catches it."""


@pytest.mark.parametrize("landed", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("table", ["article_days", "revisions", "articles", "coverage", "ledger"])
def test_killed_inside_a_commit_readers_see_whole_days_and_the_retry_finishes(
    lake: Lake,
    wanted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    landed: bool,
) -> None:
    room = desk(lake)
    room.send(run_of("a"), morning())
    before = room.facts()["articles"]
    really = room.warehouse.catalog.commit_table

    def commit_table(handle: Any, *rest: Any) -> Any:
        if handle.name()[-1] != table:
            return really(handle, *rest)
        if landed:
            really(handle, *rest)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(room.warehouse.catalog, "commit_table", commit_table)
        with pytest.raises(Killed):
            room.send(run_of("b"), evening())
    done_already = table in {"coverage", "ledger"} or (table == "articles" and landed)
    assert room.facts()["articles"] == (wanted["articles"] if done_already else before)
    again = room.send(run_of("b"), evening())
    assert room.facts() == wanted
    assert [(c.day, c.added, c.changed, c.removed) for c in again.days] == [
        (DAY - dt.timedelta(days=3), 1, 0, 0),
        (DAY, 1, 2, 2),  # an older reading was seen earlier: that too is a change
        (NEXT, 1, 0, 0),
    ]
    assert len([row for row in room.rows("ledger") if row["run_id"] == "b"]) == 5
    room.warehouse.close()


def test_a_zombie_with_older_content_puts_nothing_back(lake: Lake, room: Newsroom) -> None:
    zombie = desk(lake)
    verdicts: list[str] = []

    def while_it_sleeps(step: str) -> None:
        if step == "articles" and not verdicts:
            verdicts.append(step)
            newer = [story(n, text="Newer.", captured_at=at(NEXT, 22)) for n in range(6)]
            room.send(run_of("b"), newer)

    zombie.send(run_of("a"), morning(), on_step=while_it_sleeps)
    assert {row["body"] for row in room.rows()} == {"Newer."}
    assert len(room.rows()) == 6
    zombie.warehouse.close()


def test_a_bucket_that_is_not_there_is_named(lake: Lake) -> None:
    with pytest.raises(StoreError, match="s3://nobodys: the bucket does not exist"):
        open_warehouse(replace(lake.settings, bucket="nobodys"))


def test_what_a_run_of_two_thousand_stories_writes(
    lake: Lake, room: Newsroom, record_property: Callable[[str, object], None]
) -> None:
    """A day after another: stories of three days, refusals, every table with news."""

    def run(name: str, day: dt.date, first: int) -> None:
        night = day + dt.timedelta(days=1)
        stories = [
            story(
                n,
                captured_at=at(night, 0.5),
                published_at=at(day if n % 20 else day - dt.timedelta(days=1 + n % 2), n % 23),
            )
            for n in range(first, first + 2000)
        ]
        lost = [story(n, captured_at=at(night, 0.5)) for n in range(first + 2000, first + 2010)]
        refusals = [
            Rejection(PAPER, x.url, x.captured_at, "soft_404", "", 1, x.article_id, x.capture)
            for x in lost
        ]
        room.send(
            run_of(name, day),
            stories,
            rejections=refusals,
            more_captures=[capture_of(x, link_to(x)) for x in lost],
        )

    run("a", DAY, 0)
    prefix = f"{lake.settings.env}/"
    before = {info.key: info.etag for info in lake.store.list(prefix)}
    run("b", NEXT, 5000)
    after = {info.key: info for info in lake.store.list(prefix)}
    written = [info for key, info in after.items() if before.get(key) != info.etag]
    per_table: dict[str, int] = {}
    for info in written:
        part = info.key.removeprefix(prefix).removeprefix("tables/").split("/")[0]
        per_table[part] = per_table.get(part, 0) + 1
    record_property("write_requests", len(written))
    assert [info.key for info in written if "-" in info.etag] == []  # each of them was one PUT
    assert per_table["article_days"] == INDEX_BUCKETS + 3
    assert per_table["current"] == 7
    assert len(written) <= 60, per_table
    assert len(room.rows()) == 4000
    assert story_id(5001) in {row["article_id"] for row in room.rows()}
