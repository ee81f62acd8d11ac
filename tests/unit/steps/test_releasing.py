"""Blocked days that somebody releases by hand."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from contracts.newsroom import DAY, PAPER, at
from newsdesk import steps
from newsdesk.errors import SettingsError, StoreError
from newsdesk.steps import releasing
from unit.steps.test_publishing import NEXT, STRICT, Walk, good, paper, walk

__all__ = ["walk"]

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

RIVER = paper("river_times", pages_per_day=(3, 9), severity={"volume": "critical"})


@pytest.fixture
def blocked(walk: Walk) -> Walk:
    """A day of two papers that must not be published."""
    walk.sources = {PAPER: STRICT, "river_times": RIVER}
    stories = [good(1), good(2), good(3, source="river_times")]
    assert walk.walk("a", stories)["fates"] == {"blocked": 3}
    return walk


def release(walk: Walk, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"by": "ada", "reason": "a thin holiday", **more}
    return steps.release(walk.desk, DAY, given.pop("run_id", "release__1"), **given)


def of_run(walk: Walk, table: str, run_id: str = "release__1") -> list[dict[str, Any]]:
    return [one for one in walk.room.rows(table) if one["run_id"] == run_id]


def test_a_released_day_is_published_and_says_who_and_why(blocked: Walk) -> None:
    done = release(blocked)
    assert done["released"] == [PAPER, "river_times"]
    assert done["fates"] == {"published": 3}
    assert done["blocked"] == []
    assert done["days"][str(DAY)]["added"] == 3
    assert done["days"][str(DAY)]["verdict"] == "released"
    assert len(blocked.room.rows()) == 3
    assert list(blocked.room.store.list(blocked.room.layout.blocked(DAY))) == []

    checks = {(one["source"], one["expectation"]): one for one in of_run(blocked, "checks")}
    said = checks[PAPER, "release"]
    assert json.loads(said["observed"]) == {"by": "ada", "reason": "a thin holiday"}
    assert (said["outcome"], said["published_day"], said["run_day"]) == ("passed", DAY, DAY)
    assert checks[PAPER, "volume"]["outcome"] == "failed"  # it is published all the same
    ledger = of_run(blocked, "ledger")
    assert {(one["fate"], one["reason"]) for one in ledger} == {("published", "release")}
    assert {one["published_day"] for one in ledger} == {DAY}
    assert {one["run_id"] for one in blocked.room.rows()} == {"a"}  # who read it
    coverage = {one["source"]: one for one in blocked.room.rows("coverage")}
    assert coverage[PAPER]["verdict"] == "released"
    assert coverage[PAPER]["published"] == 2
    assert steps.signals(blocked.desk, DAY, "release__1") == {"days": done["days"]}


def test_one_paper_is_released_and_the_other_waits_on(blocked: Walk) -> None:
    done = release(blocked, source="river_times")
    assert done["released"] == ["river_times"]
    assert [one["source"] for one in blocked.room.rows()] == ["river_times"]
    verdicts = {one["source"]: one["verdict"] for one in blocked.room.rows("coverage")}
    assert verdicts == {PAPER: "failed", "river_times": "released"}
    assert len(list(blocked.room.store.list(blocked.room.layout.blocked(DAY)))) == 1


def test_where_nothing_waits_nothing_happens(walk: Walk) -> None:
    walk.walk("a", [good(1)])
    before = walk.room.snapshots()
    done = release(walk)
    assert (done["released"], done["days"], done["fates"]) == ([], {}, {})
    assert release(walk, run_id="release__2", source=PAPER)["released"] == []
    assert walk.room.snapshots() == before


def test_a_paper_that_nobody_knows_is_named(walk: Walk) -> None:
    with pytest.raises(SettingsError, match="nobody: no source file of that name"):
        release(walk, source="nobody")


def test_a_released_day_tells_consumers_once_more_when_asked(blocked: Walk) -> None:
    told = release(blocked)["days"]
    again = release(blocked, run_id="manual__airflow")
    assert (again["released"], again["days"]) == ([], told)
    assert steps.signals(blocked.desk, DAY, "manual__airflow") == {"days": told}


def test_the_same_run_again_says_the_same(blocked: Walk) -> None:
    first = release(blocked)
    before = blocked.room.snapshots()
    assert release(blocked) == first
    assert blocked.room.snapshots() == before


PUBLISHED = "after everything was committed"


@pytest.mark.faults
@pytest.mark.parametrize(
    "step", ["wait", "articles", "forget", "checks", "ledger", "pointers", PUBLISHED]
)
def test_a_release_that_was_killed_is_completed_by_the_next(
    blocked: Walk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real, killed = releasing.publisher.publish, {"now": True}

    def dying(*args: Any, **more: Any) -> Any:
        def on_step(name: str) -> None:
            if name == step and killed["now"]:
                raise StoreError("test", "killed")

        done = real(*args, **more, on_step=on_step)
        if killed["now"]:
            raise StoreError("test", "killed")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(releasing.publisher, "publish", dying)
        with pytest.raises(StoreError, match="killed"):
            release(blocked)
        killed["now"] = False
    done = release(blocked, run_id="release__2", by="mina", reason="again")
    assert done["days"][str(DAY)]["added"] == 3
    assert {one["run_id"] for one in blocked.room.rows("ledger")} == {"a", "release__1"}
    (said, _) = [one for one in of_run(blocked, "checks") if one["expectation"] == "release"]
    assert json.loads(said["observed"])["by"] == "ada"
    assert {one["fate"] for one in of_run(blocked, "ledger")} == {"published"}
    assert len(blocked.room.rows("revisions")) == len(blocked.room.rows()) == 3


def test_a_later_run_is_judged_as_ever(blocked: Walk) -> None:
    release(blocked)
    done = blocked.walk("b", [good(9, source="river_times")])
    assert done["fates"] == {"blocked": 1}
    assert len(blocked.room.rows()) == 3
    verdicts = {one["source"]: one["verdict"] for one in blocked.room.rows("coverage")}
    assert verdicts["river_times"] == "failed"


def test_a_newer_version_is_not_replaced_by_one_that_waited(walk: Walk) -> None:
    walk.sources = {PAPER: STRICT}
    walk.walk("a", [good(1), good(2)])
    newer = [good(n, published_at=at(NEXT, 2), captured_at=at(NEXT, 26)) for n in (1, 8, 9)]
    assert walk.walk("b", newer, day=NEXT)["fates"] == {"published": 3}
    assert release(walk)["fates"] == {"published": 1, "unchanged": 1}
    days = {one["article_id"]: one["published_at"].date() for one in walk.room.rows()}
    assert days[good(1).article_id] == NEXT


def test_a_story_that_moves_from_a_failing_day_goes_on_waiting(walk: Walk) -> None:
    """It would leave its old day too thin: that day is judged, not released."""
    walk.sources = {PAPER: STRICT}
    yesterday = DAY - dt.timedelta(days=1)
    there = [good(n, published_at=at(yesterday, 9)) for n in range(3)]
    walk.walk("a", there, day=yesterday)
    moved = good(0, captured_at=at(NEXT, 0.5))
    assert walk.walk("b", [moved, good(7)])["fates"] == {"blocked": 2}
    done = release(walk)
    assert done["fates"] == {"blocked": 1, "published": 1}
    assert done["blocked"] == [f"{PAPER} {yesterday}: volume: stories is 2, expected 3 to 10"]
    days = {one["article_id"]: one["published_at"].date() for one in walk.room.rows()}
    assert days[moved.article_id] == yesterday


def test_a_release_without_a_name_for_its_run_gets_one(blocked: Walk) -> None:
    done = steps.release(blocked.desk, DAY, by="ada", reason="a thin holiday")
    assert done["fates"] == {"published": 3}
    names = {one["run_id"] for one in blocked.room.rows("ledger")} - {"a"}
    assert [name.startswith("release__2026-01-16T01:00:00") for name in names] == [True]
