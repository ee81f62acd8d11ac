"""Two days of the demo paper through every step, on a real object store, against what it printed."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker

from integration.s3_proxy import Requests, counting_proxy
from newsdesk import steps
from newsdesk.article import UTC
from newsdesk.connections import connect
from newsdesk.demo.paper.plan import Story, stories_of
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.demo.paper.stories import Telling, truth, url_of
from newsdesk.embedded import Endpoint
from newsdesk.settings import Settings
from newsdesk.steps import Desk

pytestmark = pytest.mark.integration

PAPER = "demo_paper"
FIRST, SECOND = dt.date(2024, 2, 28), dt.date(2024, 2, 29)
LOOKS = ("00:10", "08:00", "16:00", "23:00")


@dataclass
class House:
    """A paper, a bucket and a catalog; ``requests`` is what went to the bucket."""

    desk: Desk
    clock: Clock
    requests: Requests

    def walk(self, day: dt.date, run_id: str) -> dict[str, Any]:
        """One run; gives what publish says."""
        for shard in steps.discover(self.desk, day, run_id)["shards"]:
            steps.fetch(self.desk, day, run_id, shard)
            steps.read(self.desk, day, run_id, shard)
        steps.check(self.desk, day, run_id)
        done = steps.publish(self.desk, day, run_id)
        steps.close(self.desk, day, run_id)
        return done

    def id_of(self, story: Story) -> str:
        """The identifier of a story, whatever address it was found at."""
        return self.desk.sources[PAPER].article_id(url_of(story))

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self.desk.open_warehouse().table(table).scan().to_arrow()
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows


@contextmanager
def house(endpoint: Endpoint, folder: Path, env: str) -> Iterator[House]:
    """A house after looks of the second day and a run for each day."""
    clock = Clock(at(SECOND, LOOKS[0]))
    paper = PaperServer(0, clock)
    thread = threading.Thread(target=paper.serve_forever, daemon=True)
    thread.start()
    try:
        with counting_proxy(endpoint.url) as (address, requests):
            settings = Settings(
                bucket=endpoint.bucket,
                catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
                server=replace(endpoint.server, endpoint=address),
                env=env,
                contact="https://newsdesk.example/tests",
                papers=(PAPER,),
                fetch_via={PAPER: paper.address},
            )
            made = House(replace(connect(settings), now=clock.now), clock, requests)
            for moment in (*LOOKS, "24:05"):
                clock.set(at(SECOND, moment))
                assert steps.look(made.desk, [PAPER])["failed"] == 0
            made.walk(FIRST, "first")
            made.walk(SECOND, "second")
            yield made
    finally:
        paper.shutdown()
        paper.server_close()
        thread.join()


@pytest.fixture(scope="module")
def walked(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """What all tests look at, and leave as it is but for repetitions."""
    with house(endpoint, tmp_path_factory.mktemp("walk"), "walk") as made:
        yield made


def at(day: dt.date, clock: str) -> dt.datetime:
    hours, minutes = map(int, clock.split(":"))
    return dt.datetime.combine(day, dt.time(), UTC) + dt.timedelta(hours=hours, minutes=minutes)


def test_the_first_day_came_from_archives_and_the_second_from_looks(walked: House) -> None:
    strategies = {
        day: steps.discover(walked.desk, day, run)["strategies"][PAPER]
        for day, run in ((FIRST, "first"), (SECOND, "second"))
    }
    assert strategies == {FIRST: "archive_sitemaps", SECOND: "looks"}


@pytest.mark.parametrize("day", [FIRST, SECOND], ids=["archives", "looks"])
def test_a_day_is_what_the_paper_printed(walked: House, day: dt.date) -> None:
    printed = {told.story: told for told in truth(day, walked.clock.now())}
    by_id = {walked.id_of(story): told for story, told in printed.items()}
    rows = [row for row in walked.rows("articles") if row["published_at"].date() == day]
    assert {row["article_id"] for row in rows} == set(by_id)
    wrong = [
        (row["url"], field, said, row[field])
        for row in rows
        for field, said in expected(by_id[row["article_id"]]).items()
        if row[field] != said
    ]
    assert wrong == []


def expected(told: Telling) -> dict[str, Any]:
    """The columns that the paper's own truth decides."""
    image = told.image
    return {
        "headline": told.headline,
        "language": told.language,
        "section": told.section,
        "subsection": told.subsection,
        "article_type": told.article_type,
        "byline_raw": told.byline_raw,
        "bylines": [{"name": b.name, "kind": b.kind, "role": b.role} for b in told.bylines],
        "dateline": told.dateline
        and {"place": told.dateline.place, "raw": told.dateline.raw, "agency": None},
        "published_at": told.published_at,
        "published_at_offset": 180,
        "published_day_local": (told.published_at + dt.timedelta(hours=3)).date(),
        "body": "\n\n".join(told.paragraphs),
        "paragraphs": len(told.paragraphs),
        "lead_image": image
        and {"url": image.url, "caption": image.caption, "credit": image.credit},
        "topics": list(told.topics),
        "keywords": list(told.keywords),
    }


def test_every_link_has_exactly_one_fate(walked: House) -> None:
    ledger = walked.rows("ledger")
    assert Counter((row["run_id"], row["url"]) for row in ledger).most_common(1)[0][1] == 1
    for run, day in (("first", FIRST), ("second", SECOND)):
        mine = {row["article_id"]: row for row in ledger if row["run_id"] == run}
        assert len(mine) == steps.discover(walked.desk, day, run)["stories"]
        fate_of = {
            story.kind: mine[walked.id_of(story)]
            for story in stories_of(day)
            if story.kind in ("wall", "missing", "document")
        }
        told = {kind: (row["fate"], row["reason"]) for kind, row in fate_of.items()}
        assert told == {
            "wall": ("rejected", "consent_wall"),
            "missing": ("missing", "http_404"),
            "document": ("rejected", "not_html"),
        }


def test_coverage_knows_what_was_watched_and_what_an_archive_cannot_prove(walked: House) -> None:
    days = {row["published_day"]: row for row in walked.rows("coverage")}
    for day, complete in ((FIRST, False), (SECOND, True)):
        row = days[day]
        assert row["complete"] == complete, row
        assert (row["gap_from"] is None) == complete  # the month's sitemap tells changes alone
        assert row["published"] == len(truth(day, walked.clock.now()))
        assert row["expected"] == row["fetched"] + row["missing"]


def test_what_was_landed_is_readable_by_both_warc_tools(walked: House, tmp_path: Path) -> None:
    store = walked.desk.store
    keys = [info.key for info in store.list("walk/raw/")]
    assert keys
    for number, key in enumerate(keys):
        file = tmp_path / f"{number}.warc.gz"
        file.write_bytes(store.get(key))
        with file.open("rb") as stream:
            records = [r.headers["WARC-Type"] for r in ArchiveIterator(stream, verify_digests=True)]
        assert records[0] == "warcinfo"
        assert set(records[1:]) <= {"response", "revisit"}
        assert warcio_finds_nothing(file)
    by_key = {key: store.get(key) for key in keys}
    for row in walked.rows("articles"):  # every row points at the bytes it was read from
        ref = row["capture"]
        member = by_key[ref["key"]][ref["offset"] : ref["offset"] + ref["length"]]
        assert member.startswith(b"\x1f\x8b")


def warcio_finds_nothing(file: Path) -> bool:
    checker = Checker(type("Command", (), {"inputs": [str(file)], "verbose": False})())
    checker.process_all()
    return checker.exit_value == 0


def test_a_repetition_publishes_nothing_new(walked: House) -> None:
    before = walked.desk.open_warehouse().table("articles").metadata_location
    rows = {name: len(walked.rows(name)) for name in ("articles", "revisions", "rejected")}
    again = walked.walk(SECOND, "second, again")
    assert again["days"] == {}
    assert set(again["fates"]) <= {"unchanged", "missing", "rejected"}
    assert walked.desk.open_warehouse().table("articles").metadata_location == before
    assert {name: len(walked.rows(name)) for name in rows} == rows | {
        "rejected": rows["rejected"] + again["fates"]["rejected"]
    }


def test_the_same_run_twice_changes_no_table(walked: House) -> None:
    before = {name: walked.rows(name) for name in ("articles", "ledger", "checks", "rejected")}
    walked.walk(SECOND, "second")
    assert {name: _sorted(walked.rows(name)) for name in before} == {
        name: _sorted(rows) for name, rows in before.items()
    }


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr({k: v for k, v in row.items() if k != "recorded_at"}) for row in rows)


def test_the_next_night_costs_few_writes_and_sees_what_has_changed(
    endpoint: Endpoint, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The edited story reads anew, the corrected one stands on its other day, once."""
    edited, moved = (
        next(s for s in stories_of(SECOND) if s.kind == k) for k in ("edited", "moved")
    )
    third = SECOND + dt.timedelta(days=1)
    with house(endpoint, tmp_path, "later") as later:
        later.clock.set(at(third, "24:05"))
        start = len(later.requests.writes)
        later.walk(third, "third")
        written = [key for key in later.requests.writes[start:] if "/looks/" not in key]
        record_property("write_requests", len(written))
        # S3 charges writes one by one; Data Docs have a page a paper, and are not counted
        counted = Counter(key.split("/")[1] for key in written)
        assert len(written) - counted["docs"] <= 75, counted
        for story in (edited, moved):
            told = next(
                one
                for day in (SECOND, third)
                for one in truth(day, later.clock.now())
                if one.story == story
            )
            mine = [
                row for row in later.rows("articles") if row["article_id"] == later.id_of(story)
            ]
            assert [(row["headline"], row["published_at"]) for row in mine] == [
                (told.headline, told.published_at)
            ]
