"""Upkeep on tables in a folder: what goes, what stays, and who wins."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import (
    DAY,
    PAPER,
    Newsroom,
    at,
    capture_of,
    loose,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk.article import Rejection
from newsdesk.errors import CatalogError
from newsdesk.tables import TABLES, catalog
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.evolve import set_properties
from newsdesk.tables.scan import days_filter, files
from newsdesk.tables.schema import ARTICLES
from newsdesk.tables.upkeep import Rules, TableReport, age_out, compact, listing, tidy
from newsdesk.tables.upkeep.compact import compact as compact_table

NEXT = DAY + dt.timedelta(days=1)
LATER = dt.timedelta(days=400)
"""Long after the tests ran, by the clock of their files."""

SHARP = Rules(keep_snapshots=dt.timedelta(days=30), keep_last=1, keep_orphans=dt.timedelta(days=3))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    yield made
    made.warehouse.close()


def refusal(number: int, hour: int) -> Rejection:
    one = story(40 + number, captured_at=at(NEXT, hour))
    return Rejection(
        PAPER, one.url, one.captured_at, "soft_404", "", 1, one.article_id, one.capture
    )


def runs(room: Newsroom, count: int = 4) -> None:
    """Nights that edit the same stories, refuse one and find a new one."""
    for number in range(count):
        hour = 1 + number
        room.send(
            run_of(f"{number}"),
            [
                *(story(n, text=f"Edit {number}.", captured_at=at(NEXT, hour)) for n in range(3)),
                story(10 + number, captured_at=at(NEXT, hour)),
            ],
            rejections=[refusal(number, hour)],
            more_captures=[capture_of(story(40 + number))],
            now=at(NEXT, hour + 0.5),
        )


def everything(room: Newsroom) -> dict[str, list[dict[str, Any]]]:
    return {name: room.rows(name) for name in TABLES}


def live(room: Newsroom, name: str) -> int:
    return len(list(room.warehouse.table(name).scan().plan_files()))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def tidied(room: Newsroom, name: str, rules: Rules = SHARP, **more: Any) -> TableReport:
    report = tidy(room.warehouse, room.store, name, rules, **{"now": now() + LATER, **more})
    assert report is not None
    return report


def on_disk(room: Newsroom, name: str) -> dict[str, int]:
    folder = Path(room.warehouse.location(name).removeprefix("file://"))
    return {str(path): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_after_upkeep_the_tables_say_the_same_in_fewer_files(room: Newsroom) -> None:
    runs(room)
    before = everything(room)
    for name in TABLES:
        disk, data = on_disk(room, name), live(room, name)
        report = tidied(room, name)
        assert everything(room) == before, name
        assert (report.table, report.files_before, report.bytes_before) == (
            name, len(disk), sum(disk.values()),
        )  # fmt: skip
        left = on_disk(room, name)
        assert (report.files_after, report.bytes_after) == (len(left), sum(left.values())), name
        assert len(left) < len(disk), name
        assert live(room, name) == data - report.compacted + report.into, name
        assert len(room.warehouse.table(name).metadata.snapshots) == 1, name
        # Nothing is left but what the newest metadata reaches; and it reaches nothing that is gone.
        table = room.warehouse.table(name)
        assert listing.of_snapshots(table, table.metadata.snapshots) <= {
            f"file://{path}" for path in left
        }, name
        again = tidied(room, name)
        assert (again.compacted, again.expired, again.deleted) == (0, 0, 0), name
        assert live(room, name) == data - report.compacted + report.into, name


def test_small_files_become_one_a_partition(room: Newsroom) -> None:
    runs(room)
    assert live(room, "revisions") == 4
    report = tidied(room, "revisions")
    assert (report.compacted, report.into) == (4, 1)
    assert live(room, "revisions") == 1
    assert live(room, "ledger") == 4
    assert tidied(room, "ledger").into == 1


def test_a_file_that_is_large_enough_is_left_alone(room: Newsroom) -> None:
    runs(room)
    sizes = [
        task.file.file_size_in_bytes
        for task in room.warehouse.table("revisions").scan().plan_files()
    ]
    assert tidied(room, "revisions", replace(SHARP, small=min(sizes))).compacted == 0


def test_a_group_holds_no_more_than_fits(room: Newsroom) -> None:
    runs(room)
    table = room.warehouse.table("revisions")
    size = max(task.file.file_size_in_bytes for task in table.scan().plan_files())
    rules = replace(SHARP, target=2 * size)
    assert [len(group) for group in compact.groups(table, rules)] == [2, 2]
    before = everything(room)
    assert tidied(room, "revisions", rules).compacted >= 4
    assert everything(room) == before


def test_rows_of_a_file_are_in_the_order_of_the_table(room: Newsroom) -> None:
    runs(room)
    tidied(room, "revisions")
    rows = room.warehouse.table("revisions").scan().to_arrow()
    keys = list(zip(rows["captured_at"].to_pylist(), rows["article_id"].to_pylist(), strict=True))
    assert keys == sorted(keys)


def test_a_story_read_again_with_the_same_result_takes_next_to_nothing(room: Newsroom) -> None:
    dice = random.Random(7)  # noqa: S311  # no secret

    def prose() -> str:
        return " ".join(f"{dice.getrandbits(24):x}" for _ in range(300))

    stories = [story(n, text=prose(), captured_at=at(NEXT, 1)) for n in range(40)]
    sizes = []
    for version in (1, 2, 3):
        again = [replace(one, reader_version=version) for one in stories]
        room.send(run_of(f"reader {version}"), again, kind="reread" if version > 1 else "capture")
        tidied(room, "revisions")
        (task,) = room.warehouse.table("revisions").scan().plan_files()
        sizes.append(task.file.file_size_in_bytes)
    assert len(room.rows("revisions")) == 3 * 40
    assert sizes[2] < 1.05 * sizes[0]


def test_snapshots_that_are_young_or_among_the_last_stay(room: Newsroom) -> None:
    runs(room)

    def count() -> int:
        return len(room.warehouse.table("articles").metadata.snapshots)

    assert count() == 4
    assert tidied(room, "articles", now=now()).expired == 0
    assert tidied(room, "articles", replace(SHARP, keep_last=3)).expired == 1
    assert count() == 3
    for snapshot in room.warehouse.table("articles").metadata.snapshots:
        table = room.warehouse.table("articles")
        assert table.scan(snapshot_id=snapshot.snapshot_id).to_arrow().num_rows >= 3


def test_metadata_files_that_are_old_go_though_the_newest_names_them(room: Newsroom) -> None:
    def metadata() -> set[str]:
        return {path for path in on_disk(room, "coverage") if path.endswith(".json")}

    runs(room, 1)
    for turn in range(20):
        set_properties(room.warehouse.table("coverage"), {"owner": f"{turn}"})
    before, there = everything(room), metadata()
    tidied(room, "coverage", now=now())
    assert there <= metadata()  # young
    tidied(room, "coverage")
    assert len(metadata()) < 5
    table = room.warehouse.table("coverage")
    assert table.properties["write.metadata.previous-versions-max"] == "50"
    assert everything(room) == before


def test_what_compaction_wrote_anew_is_gone_from_a_table_that_is_at_rest(room: Newsroom) -> None:
    runs(room)
    report = tidied(room, "revisions", Rules())
    data = [path for path in on_disk(room, "revisions") if path.endswith(".parquet")]
    assert (report.compacted, len(data)) == (4, 1)


def test_a_snapshot_that_a_tag_names_stays(room: Newsroom) -> None:
    runs(room)
    table = room.warehouse.table("articles")
    first = table.metadata.snapshots[0].snapshot_id
    table.manage_snapshots().create_tag(first, "audit").commit()
    assert tidied(room, "articles").expired == 2
    table = room.warehouse.table("articles")
    assert table.scan(snapshot_id=first).to_arrow().num_rows == 4


def test_only_files_that_are_old_and_in_no_snapshot_are_orphans(room: Newsroom) -> None:
    runs(room, 2)
    folder = Path(room.warehouse.location("articles").removeprefix("file://"))
    left, young = folder / "data" / "left.parquet", folder / "data" / "young.parquet"
    neighbour = folder.parent / "articles_of_others" / "theirs.parquet"
    neighbour.parent.mkdir()
    for path in (left, young, neighbour):
        path.write_bytes(b"x" * 10)
    old = (now() - dt.timedelta(days=4)).timestamp()
    for path in (left, neighbour):
        os.utime(path, (old, old))
    before = everything(room)
    assert tidied(room, "articles", now=now()).orphans == 1
    assert (left.exists(), young.exists(), neighbour.exists()) == (False, True, True)
    assert everything(room) == before


def test_a_dry_run_changes_nothing_and_tells_what_would_be(room: Newsroom) -> None:
    runs(room)
    before = {name: on_disk(room, name) for name in TABLES}
    told = {name: tidied(room, name, dry_run=True) for name in TABLES}
    assert {name: on_disk(room, name) for name in TABLES} == before
    for name, report in told.items():
        done = tidied(room, name)
        assert (report.compacted, report.into) == (done.compacted, done.into)
        assert report.files_after <= report.files_before
    assert told["articles"].expired == 3
    assert told["revisions"].compacted == 4


def test_properties_that_changed_reach_old_tables(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(room, 1)
    monkeypatch.setitem(catalog.PROPERTIES, "write.parquet.page-size-bytes", "65536")
    tidied(room, "ledger")
    assert room.warehouse.table("ledger").properties["write.parquet.page-size-bytes"] == "65536"


def test_a_table_that_nobody_made_is_left_so(room: Newsroom) -> None:
    assert tidy(room.warehouse, room.store, "articles", SHARP, now=now()) is None
    assert room.warehouse.existing("articles") is None


def test_a_commit_that_came_first_wins_and_upkeep_plans_anew(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):  # a day in three files, as if by another writer
        change = Change([loose([story(number)])])
        commit(room.warehouse.table("articles"), change, run_of(f"{number}"))
    really = compact._written_anew
    came = []

    def between(table: Any, shape: Any, batch: Any) -> Iterator[Any]:
        yield from really(table, shape, batch)
        if not came:
            came.append(1)
            fresh = room.warehouse.table("articles")
            drop = tuple(task.file for task in files(fresh, days_filter(ARTICLES, [DAY])))
            newer = loose([story(n, text="Newer.", captured_at=at(NEXT, 9)) for n in range(3)])
            commit(fresh, Change([newer], drop), run_of("other"))

    monkeypatch.setattr(compact, "_written_anew", between)
    done = compact_table(room.warehouse, "articles", run_of("upkeep"), SHARP)
    assert {row["body"] for row in room.rows()} == {"Newer."}
    assert [row["article_id"] for row in room.rows()] == sorted(story_id(n) for n in range(3))
    assert done.files == 0  # one file is left: there is nothing to put together


def test_rows_that_are_missing_from_a_file_stop_it(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(room)
    before = everything(room)
    really = compact.read_files
    monkeypatch.setattr(compact, "read_files", lambda *given: really(*given).slice(1))
    with pytest.raises(CatalogError, match="rows where the metadata says"):
        tidied(room, "revisions")
    assert everything(room) == before


def test_what_a_run_changed_can_still_be_told_after_a_compaction(room: Newsroom) -> None:
    first = room.send(run_of("a"), [story(n) for n in range(3)])
    tidied(room, "articles", now=now())
    tidied(room, "revisions", now=now())
    again = room.send(run_of("a"), [story(n) for n in range(3)])
    assert again.days == first.days
    assert again.unchanged


def test_runs_go_on_after_upkeep(room: Newsroom) -> None:
    runs(room)
    for name in TABLES:
        tidied(room, name)
    done = room.send(run_of("z"), [story(1, text="After.", captured_at=at(NEXT, 20)), story(60)])
    assert [(c.added, c.changed) for c in done.days] == [(1, 1)]
    assert len(room.rows()) == 8


# The raw zone


def landed(room: Newsroom, *days: dt.date) -> list[str]:
    """WARC files of runs: one that a story was read from, and one that nothing points into."""
    keys = []
    for number, day in enumerate(days):
        ref = story(number).capture
        assert ref is not None
        keys += [room.layout.raw(day, f"{number}", 0, part) for part in (0, 1)]
        one = story(number, capture=replace(ref, key=keys[-2]))
        room.send(run_of(f"{number}"), [one])
        write(room, *keys[-2:], written=day)
    return keys


def write(room: Newsroom, *keys: str, written: dt.date) -> None:
    """Files written in the night after a day."""
    room.store.now = lambda: at(written, 25)  # type: ignore[attr-defined]
    for key in keys:
        room.store.put(key, b"x" * 7)


def left(room: Newsroom) -> list[str]:
    return [info.key for info in room.store.list(room.layout.raw_zone())]


def aged(room: Newsroom, rules: Rules, **more: Any) -> tuple[int, int]:
    report = age_out(room.warehouse, room.store, room.layout, rules, now=at(NEXT), **more)
    return report.removed, report.kept_pointed


OLD = DAY - dt.timedelta(days=100)
MONTH = replace(SHARP, keep_raw=dt.timedelta(days=30))


def test_raw_files_stay_for_ever_unless_a_setting_says_otherwise(room: Newsroom) -> None:
    keys = landed(room, OLD)
    assert aged(room, SHARP) == (0, 0)
    assert left(room) == keys


def test_an_old_raw_file_goes_unless_rows_point_into_it(room: Newsroom) -> None:
    keys = landed(room, OLD, DAY)
    assert aged(room, MONTH, dry_run=True) == (1, 1)
    assert left(room) == sorted(keys)
    assert aged(room, MONTH) == (1, 1)
    assert left(room) == sorted({*keys} - {keys[1]})


def test_what_a_backfill_has_just_landed_of_an_old_day_stays(room: Newsroom) -> None:
    """Nothing points into it before its run has published, and that run may stop for a while."""
    today, ended = (room.layout.raw(OLD, "backfill", 0, part) for part in (0, 1))
    write(room, today, written=DAY - dt.timedelta(days=29))
    write(room, ended, written=DAY - dt.timedelta(days=31))
    assert aged(room, replace(MONTH, drop_pointed=True)) == (1, 0)
    assert left(room) == [today]


def test_no_raw_file_goes_before_its_task_must_have_ended(room: Newsroom) -> None:
    keys = [room.layout.raw(OLD, "backfill", 0, part) for part in (0, 1)]
    for key, days in zip(keys, (2, 4), strict=True):
        write(room, key, written=DAY - dt.timedelta(days=days))
    assert aged(room, replace(SHARP, keep_raw=dt.timedelta(days=1))) == (1, 0)
    assert left(room) == keys[:1]


def test_it_goes_with_rows_pointing_into_it_only_when_told(room: Newsroom) -> None:
    keys = landed(room, OLD, DAY)
    assert aged(room, replace(MONTH, drop_pointed=True)) == (2, 0)
    assert left(room) == sorted(keys[2:])
    assert len(room.rows()) == 2


def test_uploads_of_killed_tasks_are_removed_when_they_are_old(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dt.datetime]] = []

    def abort(prefix: str, before: dt.datetime) -> int:
        asked.append((prefix, before))
        return 2

    monkeypatch.setattr(room.store, "abort_uploads", abort)
    rules = replace(SHARP, keep_orphans=dt.timedelta(days=3))
    given = (room.warehouse, room.store, room.layout, rules)
    assert age_out(*given, now=at(NEXT), dry_run=True).aborted == 0
    assert asked == []
    assert age_out(*given, now=at(NEXT)).aborted == 2
    assert asked == [(room.layout.raw_zone(), at(NEXT) - dt.timedelta(days=3))]


def test_what_a_waiting_row_or_a_harvest_needs_stays(room: Newsroom) -> None:
    room.judge = lambda pair, image: False
    waits, useless = landed(room, OLD)
    assert room.rows() == []
    harvested = room.layout.raw(OLD, "crawl-file", 0, 0)
    write(room, harvested, room.layout.landed_part(OLD, "crawl-file", 0), written=OLD)
    assert aged(room, MONTH) == (1, 2)
    assert left(room) == sorted([waits, harvested])
    assert useless not in left(room)
