"""One run after another through publish, on tables in a folder."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    known_to,
    link_to,
    newsroom,
    run_of,
    story,
    story_id,
    url_of,
)
from newsdesk import records
from newsdesk.article import Rejection
from newsdesk.publish import Published

NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return newsroom(tmp_path)


def test_a_first_run_publishes_its_stories(room: Newsroom) -> None:
    done = room.send(run_of("a"), [story(n) for n in range(5)])
    rows = room.rows()
    assert [row["article_id"] for row in rows] == sorted(story_id(n) for n in range(5))
    assert {row["discovered_via"][0] for row in rows} == {"look"}
    assert all(row["first_seen_at"] == row["captured_at"] - dt.timedelta(hours=6) for row in rows)
    assert [(c.day, c.rows, c.added, c.changed, c.removed) for c in done.days] == [
        (DAY, 5, 5, 0, 0)
    ]
    assert done.days[0].complete
    assert done.days[0].verdict == "passed"
    assert done.fates == {"published": 5}
    assert not done.unchanged
    assert room.snapshots() == {
        "articles": 1,
        "revisions": 1,
        "rejected": 0,
        "ledger": 1,
        "checks": 1,
        "coverage": 1,
        "article_days": 1,
    }


def test_a_repeated_run_commits_nothing_and_tells_the_same_days(room: Newsroom) -> None:
    first = room.send(run_of("a"), [story(n) for n in range(5)])
    before, pointers = room.snapshots(), [i.etag for i in room.store.list("test/current/")]
    again = room.send(run_of("a"), [story(n) for n in range(5)], now=at(NEXT, 5))
    assert room.snapshots() == before
    assert [i.etag for i in room.store.list("test/current/")] == pointers
    assert again.days == first.days
    assert again.fates == first.fates
    assert again.unchanged


def test_what_was_published_is_a_record(room: Newsroom) -> None:
    done = room.send(run_of("a"), [story(1)])
    assert records.unpack(Published, records.pack(done), subject="published") == done


def test_a_story_read_at_two_addresses_is_one_row_and_two_fates(room: Newsroom) -> None:
    one, other = story(1), story(1, url=f"{url_of(1)}/print", captured_at=at(NEXT, 3))
    run = run_of("a")
    done = room.send(run, [other], more_captures=[capture_of(one)])  # staged once, as merged
    assert len(room.rows()) == 1
    assert room.fates(run) == {one.url: ("published", None), other.url: ("published", None)}
    assert done.fates == {"published": 2}
    assert room.rows("coverage")[0]["expected"] == 1


def test_untouched_days_keep_their_files(room: Newsroom) -> None:
    room.send(run_of("a"), [story(n) for n in range(3)])
    room.send(run_of("b", NEXT), [story(n, published_at=at(NEXT)) for n in range(10, 13)])
    before = room.files_by_day()
    room.send(run_of("c", NEXT), [story(20, published_at=at(NEXT, 9))])
    after = room.files_by_day()
    days = sorted(before)
    assert after[days[0]] == before[days[0]]
    assert after[days[1]] != before[days[1]]
    assert {len(files) for files in after.values()} == {1}


def test_a_newer_version_wins_and_an_older_one_that_comes_late_changes_nothing(
    room: Newsroom,
) -> None:
    seen = at(DAY, 9)
    old = story(1, text="First.", captured_at=at(NEXT, 0.25))
    new = story(1, text="Second.", captured_at=at(NEXT, 6))
    led = {new.article_id: link_to(new, seen_at=seen)}
    done = room.send(run_of("new"), [new], links=led)
    assert done.fates == {"published": 1}
    before = room.snapshots()
    late = room.send(run_of("late"), [old], links=led)
    assert late.fates == {"unchanged": 1}
    assert late.unchanged
    assert late.days == ()
    assert [row["body"] for row in room.rows()] == ["Second."]
    assert room.snapshots()["articles"] == before["articles"]
    assert sorted(row["body"] for row in room.rows("revisions")) == ["First.", "Second."]


def test_a_late_older_version_still_tells_when_a_story_was_first_seen(room: Newsroom) -> None:
    new = story(1, text="Second.", captured_at=at(NEXT, 6))
    old = story(1, text="First.", captured_at=at(NEXT, 0.25))
    room.send(run_of("new"), [new])
    links = {old.article_id: link_to(old, via=("archive_sitemap",), seen_at=at(DAY, 1))}
    late = room.send(run_of("late"), [old], links=links)
    (row,) = room.rows()
    assert row["body"] == "Second."
    assert row["first_seen_at"] == at(DAY, 1)
    assert row["discovered_via"] == ["archive_sitemap", "look"]
    assert late.fates == {"unchanged": 1}
    assert [(c.added, c.changed) for c in late.days] == [(0, 1)]


def test_a_story_whose_date_moved_stays_one_row(room: Newsroom) -> None:
    room.send(run_of("a"), [story(n) for n in range(3)])
    moved = story(1, captured_at=at(NEXT, 9), published_at=at(DAY - dt.timedelta(days=5)))
    done = room.send(run_of("b"), [moved])
    rows = room.rows()
    assert len(rows) == 3
    assert len({row["article_id"] for row in rows}) == 3
    assert [(c.day, c.rows, c.added, c.changed, c.removed) for c in done.days] == [
        (DAY - dt.timedelta(days=5), 1, 1, 0, 0),
        (DAY, 2, 0, 0, 1),
    ]
    # The old day is empty but for that story: moving it back leaves no file behind.
    back = story(1, captured_at=at(NEXT, 10))
    done = room.send(run_of("c"), [back])
    assert len(room.rows()) == 3
    assert [(c.rows, c.added, c.removed) for c in done.days] == [(0, 0, 1), (3, 1, 0)]


@pytest.mark.faults
def test_runs_in_any_order_end_in_equal_tables(tmp_path: Path) -> None:
    runs = {
        "a": [story(n) for n in range(4)],
        "b": [
            story(1, text="Edited.", captured_at=at(NEXT, 5)),
            story(2, captured_at=at(NEXT, 4), published_at=at(NEXT, 1)),
            story(3),
        ],
        "c": [
            story(2, text="Once more.", captured_at=at(NEXT, 7), published_at=at(DAY, 2)),
            story(9, published_at=at(NEXT, 2)),
            story(3),
        ],
    }
    found = []
    for order in ("abc", "cba", "bacab"):
        room = newsroom(tmp_path / order)
        for name in order:
            room.send(run_of(name), runs[name], links=known_to(name, runs[name]))
        found.append(room.facts())
        room.warehouse.close()
    assert found[0] == found[1] == found[2]
    assert len(found[0]["articles"]) == 5


def few(pair: tuple[str, dt.date], image: object) -> bool:
    return image.num_rows >= 3  # type: ignore[attr-defined]


def test_a_blocked_day_stays_as_it_was_and_its_rows_wait_for_the_next_run(room: Newsroom) -> None:
    room.judge = few
    blocked = room.send(run_of("a"), [story(1), story(2)])
    assert room.rows() == []
    assert room.rows("revisions") == []
    assert blocked.blocked == ((PAPER, DAY, "row_count"),)
    assert blocked.fates == {"blocked": 2}
    assert room.fates(run_of("a"))[url_of(1)] == ("blocked", "row_count")
    assert len(list(room.store.list(f"test/blocked/{DAY}/"))) == 1
    (coverage,) = room.rows("coverage")
    assert coverage["verdict"] == "failed"
    assert not coverage["complete"]
    assert (coverage["expected"], coverage["fetched"], coverage["published"]) == (2, 2, 0)

    again = room.send(run_of("a"), [story(1), story(2)])
    assert again.fates == blocked.fates
    assert len(list(room.store.list(f"test/blocked/{DAY}/"))) == 1

    done = room.send(run_of("b"), [story(3)])
    assert len(room.rows()) == 3
    assert [(c.rows, c.added) for c in done.days] == [(3, 3)]
    assert {row["run_id"] for row in room.rows()} == {"a", "b"}
    assert list(room.store.list(f"test/blocked/{DAY}/")) == []
    assert room.rows("coverage")[0]["verdict"] == "passed"


def test_a_blocked_paper_does_not_hold_up_another(room: Newsroom) -> None:
    room.judge = lambda pair, image: pair[0] == PAPER
    done = room.send(
        run_of("a"), [story(1), story(2, source="river_times", url="https://river.example/2")]
    )
    assert [row["source"] for row in room.rows()] == [PAPER]
    assert done.blocked == (("river_times", DAY, "row_count"),)
    assert done.days[0].rows == 1
    assert done.days[0].verdict == "failed"
    assert not done.days[0].complete


def test_a_story_held_back_by_the_day_it_leaves_is_not_in_the_day_it_joins(room: Newsroom) -> None:
    room.send(run_of("a"), [story(n) for n in range(3)])
    room.judge = lambda pair, image: pair[1] != DAY or image.num_rows == 3
    moved = story(1, captured_at=at(NEXT, 9), published_at=at(NEXT))
    done = room.send(run_of("b"), [moved, story(7, published_at=at(NEXT, 3))])
    assert done.blocked == ((PAPER, DAY, "row_count"),)
    days = {row["article_id"]: row["published_at"].date() for row in room.rows()}
    assert days[story_id(1)] == DAY
    assert days[story_id(7)] == NEXT
    assert len(days) == 4
    assert {(PAPER, NEXT)} in room.rechecks  # judged again, without the story


def test_days_are_judged_again_when_another_run_came_between(room: Newsroom) -> None:
    from contracts.newsroom import loose

    verdict = room.verdict(loose([story(1)], "a"))
    room.send(run_of("b"), [story(2), story(3)])
    assert room.rechecks == []
    room.judge = lambda pair, image: image.num_rows < 3
    done = room.send(run_of("a"), [story(1)], verdict=verdict)
    assert room.rechecks == [{(PAPER, DAY)}]
    assert done.blocked == ((PAPER, DAY, "row_count"),)
    assert len(room.rows()) == 2


def test_every_link_of_a_run_has_one_fate(room: Newsroom) -> None:
    def other(number: int, **changes: object) -> object:
        made = story(number)
        return capture_of(made, **{"ref": None, "size": 0, **changes})

    refused = Rejection(
        PAPER,
        url_of(5),
        story(5).captured_at,
        "consent_wall",
        "Before you go on",
        1,
        story_id(5),
        story(5).capture,
        200,
    )
    checked = Rejection(
        PAPER,
        url_of(6),
        story(6).captured_at,
        "check:length(body)",
        "3",
        1,
        story_id(6),
        story(6).capture,
        200,
        "Ferry 6 leaves",
        at(DAY),
    )
    never = [link_to(story(n)) for n in (8, 9)]
    run = run_of("a")
    done = room.send(
        run,
        [story(1)],
        more_captures=[
            other(2, fate="missing", reason="http_404", status=404),  # type: ignore[list-item]
            other(3, fate="refused", reason="robots"),  # type: ignore[list-item]
            other(4, fate="failed", reason="timeout"),  # type: ignore[list-item]
            capture_of(story(5)),
            capture_of(story(6)),
            capture_of(story(7)),
        ],
        more_links=never,
        rejections=[refused, checked, refused],
        unchanged=[story_id(8)],
    )
    assert room.fates(run) == {
        url_of(1): ("published", None),
        url_of(2): ("missing", "http_404"),
        url_of(3): ("refused", "robots"),
        url_of(4): ("failed", "timeout"),
        url_of(5): ("rejected", "consent_wall"),
        url_of(6): ("rejected", "check:length(body)"),
        url_of(7): ("failed", "not_read"),
        url_of(8): ("unchanged", None),
        url_of(9): ("failed", "not_fetched"),
    }
    assert sum(done.fates.values()) == 9
    assert sorted(row["reason"] for row in room.rows("rejected")) == [
        "check:length(body)",
        "consent_wall",
    ]
    (row,) = room.rows("coverage")
    assert {name: row[name] for name in ("expected", "published", "rejected", "missing")} == {
        "expected": 9,
        "published": 1,
        "rejected": 2,
        "missing": 6,
    }
    assert not row["complete"]


def test_a_day_is_complete_when_nothing_is_left_that_could_be_got(room: Newsroom) -> None:
    gone = capture_of(story(2), ref=None, fate="missing", reason="http_404", status=404)
    failed = capture_of(story(3), ref=None, fate="failed", reason="timeout")
    room.send(run_of("a"), [story(1)], more_captures=[gone, failed])
    assert not room.rows("coverage")[0]["complete"]
    done = room.send(run_of("b"), [story(3)], more_captures=[gone])
    (row,) = room.rows("coverage")
    assert row["complete"]
    assert (row["expected"], row["published"], row["missing"]) == (3, 2, 1)
    assert done.days[0].complete


def test_a_gap_is_kept_until_a_run_without_one(room: Newsroom) -> None:
    gap = {"gap_from": at(DAY, 3), "gap_to": at(DAY, 7)}
    done = room.send(run_of("a"), [story(1)], discovery=gap)
    (row,) = room.rows("coverage")
    assert (row["gap_from"], row["gap_to"], row["complete"]) == (at(DAY, 3), at(DAY, 7), False)
    assert not done.days[0].complete
    room.send(run_of("b"), [story(2)])
    (row,) = room.rows("coverage")
    assert (row["gap_from"], row["gap_to"], row["complete"]) == (None, None, True)


def test_a_day_known_by_late_stories_alone_was_watched_by_nobody(room: Newsroom) -> None:
    room.send(run_of("b", NEXT), [story(1), story(2, published_at=at(NEXT))])
    before, run_day = room.rows("coverage")
    assert before["published_day"] == DAY
    assert (before["gap_from"], before["gap_to"]) == (at(DAY, 0), at(NEXT, 0))
    assert not before["complete"]
    assert run_day["complete"]


def test_a_story_that_turned_out_to_be_of_another_day_is_not_missed(room: Newsroom) -> None:
    other = story(1, published_at=at(DAY - dt.timedelta(days=3)))
    hinted = {other.article_id: link_to(other, published_hint=at(DAY))}
    failed = capture_of(other, hinted[other.article_id], ref=None, fate="failed", reason="timeout")
    room.send(run_of("a"), [], more_captures=[failed])
    assert room.rows("coverage")[0]["missing"] == 1
    room.send(run_of("b"), [other], links=hinted)
    by_day = {row["published_day"]: row for row in room.rows("coverage")}
    assert by_day[DAY]["expected"] == 0
    assert by_day[DAY - dt.timedelta(days=3)]["published"] == 1


def test_a_row_without_a_headline_is_refused_not_fatal(room: Newsroom) -> None:
    done = room.send(run_of("a"), [story(1, headline=None), story(2)])
    assert [row["article_id"] for row in room.rows()] == [story_id(2)]
    assert done.fates == {"published": 1, "rejected": 1}
    assert [row["reason"] for row in room.rows("rejected")] == ["check:not_null(headline)"]


def test_pointers_name_the_newest_metadata(room: Newsroom) -> None:
    room.send(run_of("a"), [story(1)])
    room.send(run_of("b"), [story(2)])
    for name in ("articles", "ledger", "coverage", "article_days"):
        pointer = json.loads(room.store.get(f"test/current/{name}.json"))
        assert pointer["metadata_location"] == room.warehouse.table(name).metadata_location
    stale = json.dumps({"metadata_location": "elsewhere"}).encode()
    room.store.put("test/current/articles.json", stale)
    room.send(run_of("b"), [story(2)])
    pointer = json.loads(room.store.get("test/current/articles.json"))
    assert pointer["metadata_location"] == room.warehouse.table("articles").metadata_location


STEPS = [
    "wait",
    "article_days",
    "revisions",
    "articles",
    "forget",
    "rejected",
    "checks",
    "coverage",
    "ledger",
    "pointers",
]


class Killed(BaseException):
    """As sudden as a kill: nothing catches it."""


@pytest.mark.faults
@pytest.mark.parametrize("step", STEPS)
def test_killed_before_any_step_and_repeated_it_ends_as_if_nothing_had_been(
    tmp_path: Path, step: str
) -> None:
    def runs(room: Newsroom, fatal: str | None) -> list[object]:
        room.judge = lambda pair, image: pair[1] != NEXT or image.num_rows >= 2
        room.send(run_of("a"), [story(n) for n in range(3)])
        second = [
            story(1, text="Edited.", captured_at=at(NEXT, 5)),
            story(2, captured_at=at(NEXT, 5), published_at=at(DAY - dt.timedelta(days=2))),
            story(5, published_at=at(NEXT)),  # blocked: alone on its day
        ]
        refusal = Rejection(
            PAPER, url_of(6), story(6).captured_at, "soft_404", "", 1, story_id(6), story(6).capture
        )

        def on_step(name: str) -> None:
            if name == fatal:
                raise Killed

        def go(**more: object) -> object:
            return room.send(
                run_of("b"),
                second,
                rejections=[refusal],
                more_captures=[capture_of(story(6))],
                **more,  # type: ignore[arg-type]
            )

        if fatal is not None:
            with pytest.raises(Killed):
                go(on_step=on_step)
        return [go(), room.facts(), *(room.rows(t) for t in ("ledger", "checks", "coverage"))]

    clean, killed = newsroom(tmp_path / "clean"), newsroom(tmp_path / "killed")
    wanted, found = runs(clean, None), runs(killed, step)

    def told(done: object) -> list[tuple[object, ...]]:
        return [
            (c.day, c.rows, c.added, c.changed, c.removed, c.complete, c.verdict)
            for c in done.days  # type: ignore[attr-defined]
        ]

    assert told(found[0]) == told(wanted[0])
    assert found[0].fates == wanted[0].fates  # type: ignore[attr-defined]
    assert found[0].fates == {"blocked": 1, "published": 2, "rejected": 1}  # type: ignore[attr-defined]
    assert found[1:] == wanted[1:]
    assert killed.snapshots() == clean.snapshots()
    clean.warehouse.close()
    killed.warehouse.close()


def test_killed_before_coverage_the_day_that_a_story_left_is_counted_by_the_retry(
    room: Newsroom,
) -> None:
    left = DAY - dt.timedelta(days=2)
    room.send(run_of("a", left), [story(1, published_at=at(left)), story(2, published_at=at(left))])
    moved = [story(1, captured_at=at(NEXT, 5)), story(2, captured_at=at(NEXT, 5))]

    def on_step(name: str) -> None:
        if name == "coverage":
            raise Killed

    with pytest.raises(Killed):
        room.send(run_of("b"), moved, on_step=on_step)
    room.send(run_of("b"), moved)
    counts = {row["published_day"]: row["published"] for row in room.rows("coverage")}
    assert counts == {left: 0, DAY: 2}


def test_a_repeated_run_still_says_published_after_another_replaced_its_version(
    room: Newsroom,
) -> None:
    run, old = run_of("a"), story(1)
    first = room.send(run, [old])
    room.send(run_of("b"), [story(1, text="Newer.", captured_at=at(NEXT, 8))])
    again = room.send(run, [old])
    assert again.fates == first.fates == {"published": 1}
    assert again.days == first.days
    assert again.unchanged
