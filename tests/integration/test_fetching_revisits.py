"""Days of the demo paper on a real store: its edits, corrections and withdrawals are noticed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsdesk import steps
from newsdesk.article import UTC
from newsdesk.connections import connect
from newsdesk.demo.paper.plan import Kind, Story, stories_of
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.demo.paper.stories import Telling, truth, url_of
from newsdesk.embedded import Endpoint
from newsdesk.settings import Settings
from newsdesk.steps import Desk
from newsdesk.steps.discovering import load_plan

pytestmark = pytest.mark.integration

PAPER = "demo_paper"
FIRST, SECOND, THIRD = (dt.date(2024, 3, day) for day in (5, 6, 7))
HOUR = dt.timedelta(hours=1)


def at(day: dt.date, hour: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), UTC) + hour * HOUR


@dataclass
class House:
    """The paper, its clock, the desk, and how the first day stood after every run."""

    desk: Desk
    clock: Clock
    done: dict[str, dict[str, Any]]
    rows: dict[str, dict[str, dict[str, Any]]]

    def walk(self, day: dt.date, hour: float) -> None:
        """A run for a day, at an hour of that day."""
        self.clock.set(at(day, hour))
        name = f"{day} at {hour}"
        found = steps.discover(self.desk, day, name)
        for shard in found["shards"]:
            steps.fetch(self.desk, day, name, shard)
            steps.read(self.desk, day, name, shard)
        steps.check(self.desk, day, name)
        published = steps.publish(self.desk, day, name)
        self.done[name] = {**published, "revisits": found["revisits"]}
        self.rows[name] = {row["article_id"]: row for row in self.table("articles")}

    def table(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (
            self.desk.open_warehouse().table(name).scan().to_arrow().to_pylist()
        )
        return rows

    def story(self, kind: Kind) -> Story:
        """The story of a kind that the first day has."""
        return next(story for story in stories_of(FIRST) if story.kind == kind)

    def id_of(self, story: Story) -> str:
        return self.desk.sources[PAPER].article_id(url_of(story))

    def row(self, run: str, kind: Kind) -> dict[str, Any]:
        return self.rows[run][self.id_of(self.story(kind))]


MORNING, NIGHT = f"{FIRST} at 9.5", f"{FIRST} at 24.1"
NEXT_NIGHT, THIRD_NIGHT = f"{SECOND} at 24.1", f"{THIRD} at 24.1"


@pytest.fixture(scope="module")
def house(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A run in the morning of the first day, and one on each of three nights."""
    clock = Clock(at(FIRST, 9.4))
    paper = PaperServer(0, clock)
    thread = threading.Thread(target=paper.serve_forever, daemon=True)
    thread.start()
    settings = Settings(
        bucket=endpoint.bucket,
        catalog_uri=f"sqlite:///{tmp_path_factory.mktemp('revisits') / 'catalog.db'}",
        server=endpoint.server,
        env="revisits",
        contact="https://newsdesk.example/tests",
        papers=(PAPER,),
        fetch_via={PAPER: paper.address},
    )
    house = House(replace(connect(settings), now=clock.now), clock, {}, {})
    steps.look(house.desk, [PAPER])
    house.walk(FIRST, 9.5)
    for day in (FIRST, SECOND, THIRD):
        for hour in (13.0, 21.0):
            clock.set(at(day, hour))
            steps.look(house.desk, [PAPER])
        house.walk(day, 24.1)
    yield house
    paper.shutdown()
    paper.server_close()
    thread.join()


def told(house: House, kind: Kind, when: dt.datetime) -> Telling:
    """What the paper says of a story at a time."""
    story = house.story(kind)
    return next(one for day in (FIRST, SECOND) for one in truth(day, when) if one.story == story)


def test_an_edit_after_the_first_capture_is_seen(house: House) -> None:
    before, after = house.row(MORNING, "edited"), house.row(NIGHT, "edited")
    assert before["headline"] == told(house, "edited", at(FIRST, 9.5)).headline
    assert after["headline"] == told(house, "edited", at(FIRST, 24)).headline
    assert before["headline"] != after["headline"]
    versions = [
        row["headline"]
        for row in sorted(house.table("revisions"), key=lambda row: row["captured_at"])
        if row["article_id"] == after["article_id"]
    ]
    assert versions == [before["headline"], after["headline"]]


def test_a_corrected_date_moves_the_story_to_its_other_day(house: House) -> None:
    before, after = house.row(NIGHT, "moved"), house.row(NEXT_NIGHT, "moved")
    assert (before["published_at"].date(), after["published_at"].date()) == (FIRST, SECOND)
    assert {str(FIRST), str(SECOND)} <= set(house.done[NEXT_NIGHT]["days"])


def test_a_story_that_is_gone_at_two_visits_is_withdrawn_since_the_first(house: House) -> None:
    before, once, twice = (house.row(run, "withdrawn") for run in (NIGHT, NEXT_NIGHT, THIRD_NIGHT))
    assert (before["withdrawn_at"], once["withdrawn_at"]) == (None, None)
    assert at(SECOND, 24.1) <= twice["withdrawn_at"] < at(SECOND, 24.2)
    assert {**twice, "withdrawn_at": None} == before
    fates = [
        (row["fate"], row["reason"])
        for row in sorted(house.table("ledger"), key=lambda row: row["recorded_at"])
        if row["article_id"] == before["article_id"] and row["visited_at"] is not None
    ]
    assert fates[-2:] == [("missing", "http_410")] * 2
    kinds = [r["kind"] for r in house.table("revisions") if r["article_id"] == before["article_id"]]
    assert kinds.count("withdrawn") == 1


def test_what_did_not_change_is_asked_for_with_conditions_and_not_kept_twice(
    house: House, tmp_path: Path
) -> None:
    visited = [
        row
        for row in house.table("ledger")
        if row["run_id"] == NEXT_NIGHT and row["fate"] == "unchanged" and row["visited_at"]
    ]
    assert house.done[NEXT_NIGHT]["revisits"] > 0
    assert len(visited) > 20
    assert {row["http_status"] for row in visited} == {304}
    keys = sorted({row["capture"]["key"] for row in visited})
    kinds = []
    for number, key in enumerate(keys):
        file = tmp_path / f"{number}.warc.gz"
        file.write_bytes(house.desk.store.get(key))
        with file.open("rb") as stream:
            ours = [r.headers["WARC-Type"] for r in ArchiveIterator(stream, verify_digests=True)]
        with file.open("rb") as stream:
            assert [r.rec_type for r in WarcioIterator(stream, check_digests="raise")] == ours
        kinds += ours
    assert kinds.count("revisit") == len(visited)
    assert all(row["bytes"] == 0 for row in visited)


def test_a_second_run_of_the_night_visits_none_of_them_again(house: House) -> None:
    house.clock.set(at(THIRD, 24.3))
    steps.discover(house.desk, THIRD, "again")
    (gone,) = load_plan(house.desk, THIRD, "again").revisits  # but the one that was gone once
    withdrawn = next(story for story in stories_of(SECOND) if story.kind == "withdrawn")
    assert gone.article_id == house.id_of(withdrawn)


def test_a_backfill_of_an_old_day_visits_no_story_again(house: House) -> None:
    house.clock.set(at(THIRD, 24 * 30))
    plan = steps.discover(house.desk, SECOND, "weeks later")
    assert plan["revisits"] == 0
