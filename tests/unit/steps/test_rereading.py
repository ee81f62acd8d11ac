"""Landed pages read again: what changes, what leaves, what must not, and who may stop it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import Newsroom, newsroom
from contracts.press import DAY, HOME, at, paper
from newsdesk import records, steps
from newsdesk.article import Capture, CaptureRef, Discovery, Link, Response, Run
from newsdesk.errors import RereadRefused, SettingsError
from newsdesk.landing import WarcWriter
from newsdesk.sources import Epoch, Normal, Source
from newsdesk.steps import Desk, Plan, rereading
from newsdesk.steps import reading as reading_step
from newsdesk.steps.parts import CapturePart
from newsdesk.steps.rereading import Report

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

QUIET = Normal(byline_share=0.0, severity={"volume": "warning"})
OLD = paper(normal=QUIET, reading=(Epoch(remove=("div.extra",)),))
NEW = paper(normal=QUIET, reading=(Epoch(headline=("h2",), remove=("div.fold",)),), rules_version=1)
"""The paper's file before and after somebody mended it."""

NAMES = ("ferry", "bridge", "school", "market", "harbour", "garden", "lantern", "island")
NEXT = DAY + dt.timedelta(days=1)


def link(number: int) -> Link:
    url = f"{HOME}world/{NAMES[number % 8]}-opens-{number}"
    return Link(OLD.name, url, OLD.article_id(url), ("look",), at(6))


def page(number: int, box: str = "", day: dt.date = DAY) -> str:
    text = "".join(
        f"<p>The {name} number {number} opened before dawn, and nobody was there to see it.</p>"
        for name in NAMES
    )
    body = f"<div class={box}>{text}</div>" if box else text
    return (
        f"<html lang=en><head><title>Number {number} opens</title></head><body><article>"
        f"<h1>Number {number} opens</h1><h2>Number {number} is open to all</h2>"
        f"<time datetime='{day}T08:00:00Z'>{day:%d %B %Y}</time>{body}</article></body></html>"
    )


PAGES = {1: page(1), 2: page(2), 3: page(3, "fold"), 4: page(4, "extra")}
"""The third can be read by the old file alone, the fourth by the new one."""


@dataclass
class House:
    """Tables, a bucket, and runs over pages."""

    room: Newsroom
    source: Source = OLD
    reports: list[Report] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return Desk(
            store=self.room.store,
            layout=self.room.layout,
            sources={self.source.name: self.source},
            user_agent=lambda: "test",
            open_warehouse=lambda: self.room.warehouse,
            now=lambda: at(72),
            reread_limit=0.9,  # the old file takes the second headline for a summary
        )

    def walk(
        self, run_id: str, pages: Mapping[int, str], day: dt.date = DAY, hour: float = 25
    ) -> None:
        """A run that landed some pages."""
        desk, key = self.desk, self.room.layout.raw(day, run_id, 0, 0)
        writer = WarcWriter(key, software="newsdesk/test", info={})
        captures = []
        for number, html in pages.items():
            url, body = link(number).url, html.encode()
            head = (("Content-Type", "text/html; charset=utf-8"),)
            ref = writer.add(Response(url, url, 200, "OK", head, body, body, at(hour)))
            captures.append(Capture(link(number), None, None, at(hour), url, 200, "text/html", ref))
        desk.store.put(key, writer.finish())
        part = desk.layout.capture_part(day, run_id, 0, 0)
        desk.store.put(part, records.pack(CapturePart(tuple(captures))))
        links = tuple(one.link for one in captures)
        found = Discovery(OLD.name, day, "looks", links)
        run = Run(day, run_id, at(24, day))
        plan = records.pack(Plan(run, (found,), (), (links,)))
        desk.store.put(desk.layout.discovered(day, run_id), plan)
        steps.read(desk, day, run_id, 0)
        steps.check(desk, day, run_id)
        steps.publish(desk, day, run_id)

    def reread(self, first: dt.date = DAY, last: dt.date = DAY, **more: Any) -> dict[str, Any]:
        more.setdefault("run_id", f"reread {len(self.reports)}")
        return rereading.reread(self.desk, first, last, on_report=self.reports.append, **more)

    def headlines(self) -> set[str]:
        return {row["headline"] for row in self.room.rows()}

    def facts(self) -> Any:
        return self.room.facts()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    room = newsroom(tmp_path)
    house = House(room)
    house.walk("first", PAGES)
    house.source = NEW
    yield house
    room.warehouse.close()


def outcomes(report: Report) -> dict[str, int]:
    return {name: n for name, n in report.papers[OLD.name].outcomes.items() if n}


def test_pages_are_read_by_the_new_rules_and_what_they_reject_leaves(house: House) -> None:
    assert house.headlines() == {f"Number {n} opens" for n in (1, 2, 3)}
    done = house.reread()
    assert house.headlines() == {f"Number {n} is open to all" for n in (1, 2, 4)}
    (report,) = house.reports
    assert outcomes(report) == {"changed": 2, "lost": 1, "gained": 1}
    figures = report.papers[OLD.name]
    assert (figures.lost, figures.differ["headline"]) == ({"too_short": 1}, 2)
    assert (figures.differ["body"], figures.differ["published_at"], figures.held) == (0, 0, 3)
    told = done["days"][str(DAY)]
    assert (told["rows"], told["added"], told["changed"], told["removed"]) == (3, 1, 2, 1)
    kinds = [(r["kind"], r["reader_version"]) for r in house.room.rows("revisions")]
    assert sorted(kinds) == [*[("capture", 1)] * 3, *[("reread", 2)] * 3, ("tombstone", 2)]
    refused = {(r["url"], r["reason"], r["reader_version"]) for r in house.room.rows("rejected")}
    assert refused == {(link(4).url, "too_short", 1), (link(3).url, "too_short", 2)}
    ledger = {r["url"]: r for r in house.room.rows("ledger") if r["run_id"] != "first"}
    assert {url: one["fate"] for url, one in ledger.items()} == {
        link(n).url: fate
        for n, fate in zip(
            (1, 2, 3, 4), ("published",) * 2 + ("rejected", "published"), strict=True
        )
    }
    assert {one["attempts"] for one in ledger.values()} == {0}
    (covered,) = house.room.rows("coverage")
    assert (covered["published"], covered["rejected"], covered["missing"]) == (3, 1, 0)


def test_it_ends_as_if_the_new_rules_had_read_the_pages_first(house: House, tmp_path: Path) -> None:
    house.reread()
    room = newsroom(tmp_path / "other")
    House(room, NEW).walk("first", PAGES)

    def told(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if k not in ("run_id", "capture")} for row in rows]

    assert told(house.room.rows()) == told(room.rows())
    room.warehouse.close()


def test_again_it_changes_nothing(house: House) -> None:
    house.reread()
    before = house.facts()
    assert house.reread()["days"] == {}
    assert house.facts() == before
    assert outcomes(house.reports[-1]) == {"same": 3, "rejected": 1}


def test_a_newer_reader_that_reads_the_same_says_so_once(house: House) -> None:
    house.source = replace_rules(OLD, 1)
    unread = ("reader_version", "run_id")
    before = [{k: v for k, v in row.items() if k not in unread} for row in house.room.rows()]
    house.reread()
    assert outcomes(house.reports[-1]) == {"same": 3, "rejected": 1}
    after = house.room.rows()
    assert [{k: v for k, v in row.items() if k not in unread} for row in after] == before
    assert {row["reader_version"] for row in after} == {2}
    told = house.room.snapshots()
    assert house.reread()["days"] == {}
    for name in ("articles", "article_days", "revisions", "rejected"):
        assert house.room.snapshots()[name] == told[name], name


def test_a_dry_run_tells_the_same_and_touches_no_table(house: House) -> None:
    before = house.room.snapshots()
    assert house.reread(dry_run=True)["days"] == {}
    assert house.room.snapshots() == before
    house.reread()
    assert [outcomes(one) for one in house.reports] == [outcomes(house.reports[0])] * 2


@pytest.mark.faults
@pytest.mark.parametrize("step", ["articles"])
def test_killed_and_repeated_it_ends_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = rereading.publishing.publisher.publish  # type: ignore[attr-defined]

    def dying(*args: Any, **more: Any) -> Any:
        def on_step(name: str) -> None:
            if name == step:
                raise KeyboardInterrupt

        return real(*args, **more, on_step=on_step)

    with monkeypatch.context() as patch:
        patch.setattr(rereading.publishing.publisher, "publish", dying)  # type: ignore[attr-defined]
        with pytest.raises(KeyboardInterrupt):
            house.reread(run_id="one")
    house.reread(run_id="one")
    assert house.headlines() == {f"Number {n} is open to all" for n in (1, 2, 4)}
    kinds = [one["kind"] for one in house.room.rows("revisions")]
    assert (kinds.count("reread"), kinds.count("tombstone")) == (3, 1)
    fates = [r["fate"] for r in house.room.rows("ledger") if r["run_id"] != "first"]
    assert sorted(fates) == ["published"] * 3 + ["rejected"]


@pytest.mark.faults
def test_an_older_reader_that_wakes_up_late_changes_nothing(house: House) -> None:
    """It compared before the newer one published, and commits after it."""
    house.source = replace_rules(OLD, 1, headline=("title",))
    prepare(house, "older")
    loses_to(house, replace_rules(NEW, 2), "older")


@pytest.mark.faults
def test_a_reader_in_between_loses_also_where_the_newer_one_reads_as_the_oldest(
    house: House,
) -> None:
    """Only because rows that read the same get the newer version, too."""
    house.source = replace_rules(OLD, 1, headline=("h2",))
    prepare(house, "in between")
    loses_to(house, replace_rules(OLD, 2), "in between")
    assert house.headlines() == {f"Number {n} opens" for n in (1, 2, 3)}


def replace_rules(source: Source, version: int, **selectors: Any) -> Source:
    epochs = (source.reading[0].model_copy(update=selectors),)
    return source.model_copy(update={"reading": epochs, "rules_version": version})


def loses_to(house: House, newer: Source, run_id: str) -> None:
    """A newer reader publishes; the run that was prepared before commits after it."""
    house.source = newer
    house.reread()
    before = house.room.rows()
    rereading.publish(house.desk, DAY, run_id)
    assert house.room.rows() == before


def prepare(house: House, run_id: str) -> None:
    for day, shard in rereading.gather(house.desk, DAY, DAY, run_id):
        rereading.read(house.desk, day, run_id, shard)
        rereading.compare(house.desk, day, run_id)


@pytest.mark.faults
def test_a_page_that_was_captured_later_is_not_replaced(house: House) -> None:
    house.source = OLD
    house.walk("second", {1: page(1).replace("Number 1 opens", "Number 1 closes")}, NEXT, 50)
    house.source = NEW
    house.reread(DAY, DAY)
    row = next(r for r in house.room.rows() if r["article_id"] == link(1).article_id)
    assert (row["headline"], row["reader_version"]) == ("Number 1 closes", 1)
    assert outcomes(house.reports[-1])["superseded"] == 1
    house.reread(DAY, NEXT)
    row = next(r for r in house.room.rows() if r["article_id"] == link(1).article_id)
    assert (row["headline"], row["captured_at"]) == ("Number 1 is open to all", at(50))


def test_a_regression_stops_it_until_somebody_accepts(house: House) -> None:
    house.source = replace_rules(NEW, 1, remove=("p",))
    before = house.room.snapshots()
    with pytest.raises(RereadRefused) as caught:
        house.reread()
    assert "harbour_post would lose 3 of 3 (100%) rows: too_short 3" in str(caught.value)
    assert house.room.snapshots() == before
    house.reread(accept=True)
    assert house.room.rows() == []


def test_rules_that_changed_without_a_version_are_noticed(house: House) -> None:
    house.source = replace_rules(OLD, 0, headline=("h2",))
    with pytest.raises(RereadRefused, match="3 pages read otherwise.*raise rules_version"):
        house.reread()
    assert house.headlines() == {f"Number {n} opens" for n in (1, 2, 3)}


def test_damage_and_missing_files_take_no_story_out(house: House) -> None:
    house.source = OLD
    house.walk("second", {6: page(6)}, NEXT, 50)
    house.source = NEW
    store, key = house.room.store, house.room.layout.raw(DAY, "first", 0, 0)
    body = bytearray(store.get(key))
    body[len(body) // 8] ^= 0xFF
    store.put(key, bytes(body))
    store.delete(house.room.layout.raw(NEXT, "second", 0, 0))
    house.reread(DAY, NEXT)
    assert outcomes(house.reports[0])["unreadable"] == 1
    assert house.reports[0].missing == 1
    assert len(house.room.rows()) == 4  # 6, the damaged one, another, and the fourth
    assert "capture_corrupt" not in {one["reason"] for one in house.room.rows("rejected")}


def test_published_days_and_papers_choose_the_pages(house: House) -> None:
    house.source = OLD
    house.walk("late", {7: page(7)}, NEXT, 50)  # a run for the day after finds a story of DAY
    house.source = NEW
    house.reread(NEXT, NEXT, published=True)
    assert house.reports == [Report(0)]
    house.reread(DAY, DAY, published=True)
    assert house.headlines() == {f"Number {n} is open to all" for n in (1, 2, 4, 7)}
    with pytest.raises(SettingsError, match="nobody: is no paper"):
        house.reread(papers=["nobody"])


def test_few_pages_of_a_large_file_are_asked_for_one_by_one() -> None:
    def refs(*places: tuple[int, int]) -> list[CaptureRef]:
        return [CaptureRef("a", offset, length, b"") for offset, length in places]

    gap = reading_step.GAP
    near = refs((500, 100), (0, 100), (700 + gap, 50))
    assert reading_step.stretches(near) == [(0, 600), (700 + gap, 750 + gap)]
    assert reading_step.stretches([]) == []
