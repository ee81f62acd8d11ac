from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.newsroom import DAY, at, loose, story
from newsdesk.article import Article, Contributor
from newsdesk.quality import DAY_COLUMNS, narrow
from newsdesk.quality.narrow import HEADLINE_KEPT, NARROW, WRITTEN

LETTERS = "αβγδ"
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=LETTERS), max_size=60)
secrets = st.text(LETTERS, min_size=20, max_size=40)
"""Bodies in letters that nothing else of an invented story is made of."""

articles = st.builds(
    lambda number, body, headline, kind, section, names, hours: replace(
        story(number, text=body or ""),
        body=body,
        headline=headline,
        article_type=kind,
        section=section,
        bylines=tuple(Contributor(name, "person") for name in names),
        published_at=hours if hours is None else at(DAY, hours),
    ),
    number=st.integers(1, 9),
    body=st.none() | secrets,
    headline=st.none() | texts,
    kind=st.sampled_from(["news", "opinion", "gallery", "video", "live"]),
    section=st.none() | texts,
    names=st.lists(st.text("abc ", max_size=9), max_size=3),
    hours=st.none() | st.integers(0, 23),
)


@settings(deadline=None)  # the first call imports
@given(st.lists(articles, max_size=6))
def test_a_row_stays_a_row_and_leaves_its_body_behind(stories: list[Article]) -> None:
    table = narrow(loose(stories))
    assert table.schema == NARROW
    assert table.num_rows == len(stories)
    for row, one in zip(table.to_pylist(), stories, strict=True):
        assert row["article_id"] == one.article_id
        body = one.body
        written = one.article_type in WRITTEN
        assert row["body_characters"] == (len(body or "") if written else None)
        assert body is None or body not in repr(row)
        signed = [(c.name, c.kind) for c in one.bylines]
        assert [(c["name"], c["kind"]) for c in row["bylines"]] == signed


def test_its_size_does_not_grow_with_bodies_and_headlines() -> None:
    short = narrow(loose([story(n) for n in range(50)]))
    long = [story(n, headline="The ferry " * 10_000, body="A ferry. " * 5_000) for n in range(50)]
    assert narrow(loose(long)).nbytes < short.nbytes + 50 * (HEADLINE_KEPT + 10)


def test_whole_days_are_judged_without_reading_bodies() -> None:
    table = loose([story(n) for n in range(3)])
    assert "body" not in DAY_COLUMNS
    some, every = narrow(table.select(list(DAY_COLUMNS))), narrow(table)
    left_out = {"url", "language", "body_characters", "body_words"}
    kept = [name for name in NARROW.names if name not in left_out]
    assert some.select(kept) == every.select(kept)


def test_headlines_are_folded_to_tell_copies() -> None:
    table = narrow(loose([story(1, headline="  Ferry Sinks "), story(2, headline="FERRY SINKS")]))
    assert table["headline"].to_pylist() == ["ferry sinks"] * 2
    assert table["headline_characters"].to_pylist() == [11, 11]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Istanbul", None])
def test_how_far_a_story_runs_ahead_is_told_in_any_zone(zone: str | None) -> None:
    table = loose([story(1, published_at=at(DAY + dt.timedelta(days=1), 1.75))])
    place = table.schema.get_field_index("published_at")
    column = table["published_at"].cast(pa.timestamp("us", zone))
    row = narrow(table.set_column(place, "published_at", column)).to_pylist()[0]
    assert row["minutes_ahead"] == 90
    assert row["zone_aware"] is (zone is not None)


def test_slices_of_a_table_keep_their_own_bylines() -> None:
    stories = [story(n, bylines=(Contributor(f"Name {n}", "person"),) * n) for n in range(4)]
    part = narrow(loose(stories).slice(1, 2))
    assert [[c["name"] for c in one] for one in part["bylines"].to_pylist()] == [
        ["Name 1"],
        ["Name 2"] * 2,
    ]
