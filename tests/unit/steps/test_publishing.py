"""Check, publish, signal and close, on tables in a folder and a bucket in memory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import DAY, PAPER, Newsroom, at, capture_of, link_to, newsroom, story
from newsdesk import records, steps
from newsdesk.article import Article, Discovery, Rejection, Run, ShardReading
from newsdesk.errors import PublishBlocked, StoreError
from newsdesk.sources import Normal, Source
from newsdesk.steps import Desk, Plan, documenting
from newsdesk.steps.publishing import judged_part, load_verdict
from newsdesk.steps.reading import stage

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

NEXT = DAY + dt.timedelta(days=1)
TEXT = "The ferry left the harbour in the morning, full of people and bicycles. " * 3


def good(number: int, **changes: Any) -> Article:
    return story(number, text=f"{TEXT}{number}", **changes)


def paper(name: str = PAPER, **normal: Any) -> Source:
    host = f"{name.replace('_', '-')}.example"
    return Source(
        name=name,
        title=name.replace("_", " ").title(),
        home=f"https://{host}/",
        domains=(host,),
        language="en",
        normal=Normal(**normal),
    )


STRICT = paper(pages_per_day=(3, 10), severity={"volume": "critical"})
"""A paper of which a day with less than three stories must not be published."""


@dataclass
class Walk:
    """Runs from the moment their shards were read."""

    room: Newsroom
    sources: Mapping[str, Source] = field(default_factory=lambda: {PAPER: paper()})

    @property
    def desk(self) -> Desk:
        return Desk(
            store=self.room.store,
            layout=self.room.layout,
            sources=self.sources,
            user_agent=lambda: "test",
            open_warehouse=lambda: self.room.warehouse,
            now=lambda: at(NEXT, 1),
        )

    def read(
        self,
        run_id: str,
        articles: Sequence[Article],
        *,
        day: dt.date = DAY,
        shards: int = 1,
        rejections: tuple[Rejection, ...] = (),
    ) -> None:
        """Leaves in the bucket what discover, fetch and read leave."""
        desk, run = self.desk, Run(day, run_id, at(day + dt.timedelta(days=1), 0))
        links = [link_to(one) for one in articles]
        captures = tuple(capture_of(one, link) for one, link in zip(articles, links, strict=True))
        discoveries = tuple(
            Discovery(name, day, "looks", tuple(link for link in links if link.source == name))
            for name in self.sources
        )
        plan = Plan(run, discoveries, (), (tuple(links),) * shards)
        desk.store.put(desk.layout.discovered(day, run_id), records.pack(plan))
        staged = stage(desk, day, run_id, articles, captures) if articles else None
        reading = ShardReading(0, staged, rejections, captures)
        desk.store.put(desk.layout.reading(day, run_id, 0), records.pack(reading))

    def docs(self, run_id: str, page: str = "index", day: dt.date = DAY) -> str:
        return self.room.store.get(self.room.layout.docs(day, run_id, page)).decode()

    def walk(self, run_id: str, articles: Sequence[Article], **more: Any) -> dict[str, Any]:
        day = more.get("day", DAY)
        self.read(run_id, articles, **more)
        steps.check(self.desk, day, run_id)
        return steps.publish(self.desk, day, run_id)


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    room = newsroom(tmp_path)
    yield Walk(room)
    room.warehouse.close()


def test_good_stories_are_checked_published_and_signalled(walk: Walk) -> None:
    walk.read("a", [good(n) for n in range(4)])
    counts = steps.check(walk.desk, DAY, "a")
    assert {name: counts[name] for name in ("rows", "rejected", "blocked_days")} == {
        "rows": 4,
        "rejected": 0,
        "blocked_days": 0,
    }
    done = steps.publish(walk.desk, DAY, "a")
    assert done["fates"] == {"published": 4}
    assert done["blocked"] == []
    assert len(walk.room.rows()) == 4
    told = steps.signals(walk.desk, DAY, "a")["days"][str(DAY)]
    assert (told["rows"], told["added"], told["complete"], told["verdict"]) == (
        4,
        4,
        True,
        "passed",
    )
    assert steps.close(walk.desk, DAY, "a") == {"shards": 1}
    checks = walk.room.rows("checks")
    assert {one["outcome"] for one in checks if one["severity"] == "critical"} == {"passed"}
    assert {str(one["published_day"]) for one in checks} == {"None", str(DAY)}


def test_a_refused_row_is_rejected_with_every_reason_and_the_rest_is_published(walk: Walk) -> None:
    bad = replace(good(9), headline="Rain", url="https://ada:moss@harbour-post.example/9")
    done = walk.walk("a", [good(1), good(2), bad])
    assert done["fates"] == {"published": 2, "rejected": 1}
    refused = walk.room.rows("rejected")
    assert [one["reason"] for one in refused] == ["check:form(url)", "check:length(headline)"]
    assert refused[1]["evidence"] == "headline_characters is 4, expected 5 to 300"
    assert {one["headline"] for one in refused} == {"Rain"}
    assert all(one["capture"] is not None for one in refused)
    assert walk.room.fates(Run(DAY, "a", at(DAY)))[bad.url] == ("rejected", "check:form(url)")
    assert steps.close(walk.desk, DAY, "a") == {"shards": 1}


def test_a_blocked_day_waits_and_is_released_by_the_run_that_completes_it(walk: Walk) -> None:
    walk.sources = {PAPER: STRICT}
    done = walk.walk("a", [good(1), good(2)])
    assert done["fates"] == {"blocked": 2}
    assert done["blocked"] == [f"{PAPER} {DAY}: volume: stories is 2, expected 3 to 10"]
    assert walk.room.rows() == []
    assert steps.signals(walk.desk, DAY, "a") == {"days": {}}
    with pytest.raises(PublishBlocked) as raised:
        steps.close(walk.desk, DAY, "a")
    docs = f"memory://{walk.room.layout.docs(DAY, 'a')}"
    assert str(raised.value) == (
        f"{PAPER} {DAY}: failed its checks: volume: stories is 2, expected 3 to 10; docs: {docs}"
    )
    assert set(walk.room.fates(Run(DAY, "a", at(DAY))).values()) == {("blocked", "volume")}
    assert {one["docs"] for one in walk.room.rows("checks")} == {docs}
    assert "stories: 2" in walk.docs("a", PAPER)

    again = walk.walk("b", [good(3)])
    assert again["fates"] == {"published": 1}
    assert len(walk.room.rows()) == 3
    assert steps.signals(walk.desk, DAY, "b")["days"][str(DAY)]["added"] == 3
    assert steps.close(walk.desk, DAY, "b") == {"shards": 1}
    assert list(walk.room.store.list(f"test/blocked/{DAY}/")) == []


def test_checks_hold_no_body_and_know_how_long_each_is(walk: Walk) -> None:
    one, other = good(1), good(2, body=None, article_type="gallery")
    again = replace(one, captured_at=one.captured_at + dt.timedelta(hours=1), headline="Ferry back")
    desk = walk.desk
    files = [stage(desk, DAY, "a", some, ()) for some in ([one, other], [again])]
    rows = judged_part(desk, files)
    assert rows["body"].null_count == rows.num_rows == 2
    assert rows["field_rules"].null_count == 2
    told = zip(rows["headline"].to_pylist(), rows["body_characters"].to_pylist(), strict=True)
    assert sorted(told, key=str) == [("Ferry 2 leaves", None), ("Ferry back", len(one.body or ""))]


def test_a_late_story_is_judged_with_the_day_it_joins(walk: Walk) -> None:
    walk.sources = {PAPER: STRICT}
    walk.walk("a", [good(n) for n in range(3)])
    today = [good(n, published_at=at(NEXT, n), captured_at=at(NEXT, 23.9)) for n in range(10, 14)]
    done = walk.walk("b", [*today, good(5)], day=NEXT)
    assert done["fates"] == {"published": 5}
    volume = {
        (one["run_id"], one["published_day"]): json.loads(one["observed"])["stories"]
        for one in walk.room.rows("checks")
        if one["expectation"] == "volume"
    }
    assert volume == {("a", DAY): 3, ("b", DAY): 4, ("b", NEXT): 4}


def test_a_paper_that_brought_nothing_is_judged_too(walk: Walk) -> None:
    river = paper("river_times", pages_per_day=(1, 9), severity={"volume": "critical"})
    walk.sources = {PAPER: paper(), "river_times": river}
    done = walk.walk("a", [good(1)])
    assert done["fates"] == {"published": 1}
    with pytest.raises(
        PublishBlocked, match=rf"river_times {DAY}: .* stories is 0, expected 1 to 9"
    ):
        steps.close(walk.desk, DAY, "a")
    coverage = {one["source"]: one["verdict"] for one in walk.room.rows("coverage")}
    assert coverage == {PAPER: "passed", "river_times": "failed"}


def test_a_blocked_paper_with_nothing_to_publish_stays_blocked_when_others_are_judged_again(
    walk: Walk,
) -> None:
    river = paper("river_times", pages_per_day=(1, 9), severity={"volume": "critical"})
    walk.sources = {PAPER: paper(), "river_times": river}
    walk.read("a", [good(1)])
    steps.check(walk.desk, DAY, "a")
    walk.room.send(Run(DAY, "b", at(NEXT, 0)), [good(2)])  # another run comes between
    assert steps.publish(walk.desk, DAY, "a")["blocked"] == [
        f"river_times {DAY}: volume: stories is 0, expected 1 to 9"
    ]
    # Judged again, the day has the other run's story too, and the pages say so.
    assert "stories: 2" in walk.docs("a", PAPER)


def test_pages_that_cannot_be_written_stop_no_run(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no template")

    monkeypatch.setattr(documenting, "data_docs", broken)
    walk.sources = {PAPER: STRICT}
    assert walk.walk("a", [good(1)])["fates"] == {"blocked": 1}
    assert {one["docs"] for one in walk.room.rows("checks")} == {None}
    with pytest.raises(PublishBlocked, match="expected 3 to 10$"):
        steps.close(walk.desk, DAY, "a")


def test_a_repeated_check_writes_pages_that_are_missing(walk: Walk) -> None:
    walk.read("a", [good(1)])
    steps.check(walk.desk, DAY, "a")
    key = walk.room.layout.docs(DAY, "a")
    walk.room.store.delete(key)
    steps.check(walk.desk, DAY, "a")
    assert walk.room.store.head(key) is not None


def test_rows_that_could_not_be_judged_are_refused_and_fail_the_run(walk: Walk) -> None:
    normal = Normal().model_copy(update={"body_characters": (at(DAY), at(NEXT))})
    odd = paper("river_times").model_copy(update={"normal": normal})
    walk.sources = {PAPER: paper(), "river_times": odd}
    done = walk.walk("a", [good(1), good(2, source="river_times")])
    assert done["fates"] == {"published": 1, "rejected": 1}
    assert [one["source"] for one in walk.room.rows()] == [PAPER]
    (refused,) = walk.room.rows("rejected")
    assert refused["reason"] == "check:not_evaluated(length(body))"
    with pytest.raises(
        PublishBlocked, match=r"river_times .* length\(body\): could not be evaluated"
    ):
        steps.close(walk.desk, DAY, "a")
    verdict = load_verdict(walk.desk, DAY, "a")
    assert [(source, day) for source, day, _ in verdict.blocked] == [("river_times", DAY)]
    told = {one["source"]: one["verdict"] for one in walk.room.rows("coverage")}
    assert told == {PAPER: "passed", "river_times": "not_evaluated"}


def test_a_day_that_could_not_be_judged_is_told_apart_from_one_that_failed(walk: Walk) -> None:
    """Whatever the severity of the check that raised: here a warning."""
    normal = Normal().model_copy(update={"pages_per_day": (at(DAY), at(NEXT))})
    walk.sources = {PAPER: paper().model_copy(update={"normal": normal})}
    assert walk.walk("a", [good(1)])["fates"] == {"blocked": 1}
    (coverage,) = walk.room.rows("coverage")
    assert (coverage["verdict"], coverage["complete"]) == ("not_evaluated", False)
    (volume,) = [one for one in walk.room.rows("checks") if one["expectation"] == "volume"]
    assert (volume["severity"], volume["outcome"]) == ("warning", "not_evaluated")
    assert walk.room.fates(Run(DAY, "a", at(DAY)))[good(1).url] == ("blocked", "volume")


def test_a_repeated_check_finds_its_first_verdict(walk: Walk) -> None:
    walk.read("a", [good(1)])
    first = steps.check(walk.desk, DAY, "a")
    verdict = load_verdict(walk.desk, DAY, "a")
    walk.sources = {PAPER: STRICT}
    assert steps.check(walk.desk, DAY, "a") == first
    assert load_verdict(walk.desk, DAY, "a") == verdict


def test_a_lost_shard_fails_the_run_after_the_others_were_published(walk: Walk) -> None:
    done = walk.walk("a", [good(1)], shards=2)
    assert done["fates"] == {"published": 1}
    with pytest.raises(StoreError, match="shard 1 was not read"):
        steps.close(walk.desk, DAY, "a")


def test_a_run_without_a_page_is_checked_and_published(walk: Walk) -> None:
    done = walk.walk("a", [])
    assert done["days"] == {}
    assert done["fates"] == {}
    assert steps.close(walk.desk, DAY, "a") == {"shards": 1}
    outcomes = {one["expectation"]: one["outcome"] for one in walk.room.rows("checks")}
    assert outcomes["volume"] == "failed"
    assert outcomes["duplicates"] == "passed"


def ordinary_day(walk: Walk, day: dt.date, **changes: Any) -> None:
    captured = at(day + dt.timedelta(days=1), 0.25)
    numbers = range(day.toordinal() * 100, day.toordinal() * 100 + 15)
    stories = [good(n, published_at=at(day, 20), captured_at=captured, **changes) for n in numbers]
    walk.walk(str(day), stories, day=day)


def test_a_changed_layout_shows_the_same_day(walk: Walk) -> None:
    """The reader still returns every story; it finds no byline and no picture any more."""
    walk.sources = {PAPER: paper(byline_share=0)}
    for back in range(5, 0, -1):
        ordinary_day(walk, DAY - dt.timedelta(days=back))
    ordinary_day(walk, DAY, bylines=(), lead_image=None)
    assert steps.close(walk.desk, DAY, str(DAY)) == {"shards": 1}
    rows = [one for one in walk.room.rows("checks") if one["expectation"].startswith("drift(")]
    assert {one["run_day"] for one in rows} == {DAY}  # before, there was nothing to learn from
    failed = {one["expectation"]: json.loads(one["observed"]) for one in rows if one["failing"]}
    assert failed == {
        "drift(bylines)": {"without_byline": 1.0},
        "drift(lead_image)": {"without_image": 1.0},
    }
    assert {one["severity"] for one in rows} == {"warning"}
    assert "drift(bylines)" in walk.docs(str(DAY), PAPER)
