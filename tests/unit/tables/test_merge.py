"""Which version stands: the same whatever the order, the grouping, the repetition."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.newsroom import DAY, at, loose, story
from newsdesk.tables.merge import merge, serialised
from newsdesk.tables.schema import ARTICLES

NEXT = DAY + dt.timedelta(days=1)

versions = st.builds(
    dict,
    number=st.integers(1, 4),
    hour=st.integers(1, 3),
    reader=st.integers(1, 2),
    content=st.sampled_from([b"a" * 32, b"b" * 32]),
    headline=st.sampled_from(["Ferry leaves", "Ferry left"]),  # a full tie, then
    run=st.sampled_from(["first", "second"]),
    seen=st.integers(0, 5),
    via=st.sets(st.sampled_from(["look", "landed", "given"]), max_size=2),
    published=st.integers(0, 30),
)


def rows_of(made: list[dict]) -> pa.Table:
    rows = []
    for one in made:
        article = story(
            one["number"],
            captured_at=at(NEXT, one["hour"]),
            reader_version=one["reader"],
            content_hash=one["content"],
            headline=one["headline"],
            published_at=at(DAY, one["published"]),
        )
        (row,) = loose([article], one["run"]).to_pylist()
        row["first_seen_at"] = at(DAY, one["seen"])
        row["discovered_via"] = sorted(one["via"])
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=ARTICLES.loose)


@settings(max_examples=60, deadline=None)
@given(made=st.lists(versions, min_size=1, max_size=10), data=st.data())
def test_order_grouping_and_repetition_change_nothing(
    made: list[dict], data: st.DataObject
) -> None:
    wanted = merge([rows_of(made)])
    shuffled = data.draw(st.permutations(made)) + data.draw(st.lists(st.sampled_from(made)))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    merged = [merge([rows_of(part)]) for part in parts]
    again = data.draw(st.sampled_from(merged))
    assert merge([*merged, again]).equals(wanted)


@settings(max_examples=60, deadline=None)
@given(made=st.lists(versions, min_size=1, max_size=10))
def test_the_greatest_version_stands_and_what_all_saw_is_kept(made: list[dict]) -> None:
    merged = merge([rows_of(made)]).to_pylist()
    by_story: dict[str, list[dict]] = {}
    for row in rows_of(made).to_pylist():
        by_story.setdefault(row["article_id"], []).append(row)
    assert [row["article_id"] for row in merged] == sorted(by_story)
    for row in merged:
        every = by_story[row["article_id"]]

        def version(one: dict) -> tuple:
            return one["captured_at"], one["reader_version"], one["content_hash"]

        assert version(row) == max(map(version, every))
        assert row["first_seen_at"] == min(one["first_seen_at"] for one in every)
        assert row["discovered_via"] == sorted({v for one in every for v in one["discovered_via"]})


def test_a_full_tie_falls_to_the_least_row() -> None:
    one, other = loose([story(1)], "a run"), loose([story(1)], "another run")
    assert merge([other, one])["run_id"].to_pylist() == ["a run"]
    assert merge([one, other])["run_id"].to_pylist() == ["a run"]


def test_a_version_without_a_hash_loses_to_one_with() -> None:
    without, with_hash = loose([story(1, content_hash=None)]), loose([story(1)])
    for tables in ([without, with_hash], [with_hash, without]):
        assert merge(tables)["content_hash"].to_pylist() == with_hash["content_hash"].to_pylist()


def test_nothing_merges_to_nothing() -> None:
    assert merge([ARTICLES.loose.empty_table()]).num_rows == 0


def test_a_row_is_serialised_alike_whatever_the_order_of_its_map() -> None:
    one = {"field_rules": [("a", "x"), ("b", "y")], "at": at(), "hash": b"\x01"}
    other = {"hash": b"\x01", "at": at(), "field_rules": [("b", "y"), ("a", "x")]}
    assert serialised(one) == serialised(other)
