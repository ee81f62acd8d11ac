"""What looks prove: overlap, gaps, outages, pinned stories and lying dates."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.press import at, feed_look, link
from newsdesk.article import UTC, FeedLook, Link
from newsdesk.discover.coverage import proven, subtract, unwatched

START, END = at(0), at(24)


def window(hour: float, *published: float) -> FeedLook:
    """A look at a feed whose stories, newest first, are numbered by their hour."""
    times = sorted(published, reverse=True)
    return feed_look(hour, *(link(int(time * 100) + 5_000, at(time)) for time in times))


def gaps(*feeds: list[FeedLook]) -> list[tuple[float, float]]:
    """The open parts of DAY in hours."""
    open_parts = unwatched(feeds, START, END, UTC)
    return [(hours(begin), hours(end)) for begin, end in open_parts]


def hours(time: dt.datetime) -> float:
    return (time - START) / dt.timedelta(hours=1)


def test_looks_that_overlap_prove_the_day() -> None:
    looks = [window(hour, *range(hour - 6, hour)) for hour in range(0, 26, 2)]
    assert gaps(looks) == []


def test_the_first_look_proves_as_far_as_its_window_reaches() -> None:
    looks = [window(hour, *(hour - x for x in (0.5, 1, 2, 3))) for hour in (10, 12, 14, 24)]
    assert gaps(looks[:3]) == [(0, 7), (14, 24)]


def test_without_overlap_there_is_a_gap() -> None:
    looks = [window(0.5, -2, -1), window(8, 5.5, 6, 7), window(24, 21, 22, 23)]
    assert gaps(looks) == [(0.5, 5.5), (8, 21)]


def test_an_outage_that_the_window_outlasts_is_none() -> None:
    looks = [window(hour, *range(hour - 12, hour)) for hour in (0, 2, 4, 14, 16, 24)]
    assert gaps(looks) == []
    failed = [feed_look(hour, status=None, error="no connection") for hour in (6, 8, 10, 12)]
    assert gaps(sorted([*looks, *failed], key=lambda look: look.looked_at)) == []


def test_unmodified_looks_prove_that_nothing_came() -> None:
    first = window(0, -3, -2, -1)
    unchanged = [
        feed_look(hour, *first.links, status=304, seen_share=1.0) for hour in range(2, 26, 2)
    ]
    assert gaps([first, *unchanged]) == []


def test_a_quiet_section_is_proven_by_what_it_still_shows() -> None:
    old = (-400, -300, -200, -100)
    assert gaps([window(1, *old), window(24.5, *old[1:], 3)]) == []


def test_a_pinned_story_links_nothing() -> None:
    pinned = link(1, at(-500))

    def pinning(hour: float, *published: float) -> FeedLook:
        shown = window(hour, *published)
        return feed_look(hour, pinned, *shown.links)

    looks = [pinning(0, -3, -2, -1), pinning(12, 9, 10, 11), pinning(24, 9, 10, 11, 23)]
    assert gaps(looks) == [(0, 9)]


def test_a_pinned_story_says_nothing_of_the_window() -> None:
    shown = window(12, 9, 10, 11)
    assert gaps([feed_look(12, link(1, at(-500)), *shown.links), window(24, 10, 11, 23)]) == [
        (0, 9)
    ]


def test_a_feed_may_stand_oldest_first() -> None:
    turned = feed_look(12, *reversed(window(12, 9, 10, 11).links), link(1, at(-500)))
    assert gaps([turned, window(24, 10, 11, 23)]) == [(0, 9)]


def test_dates_older_than_the_look_that_did_not_show_them_are_not_believed() -> None:
    looks = [window(0.5, -2, -1), window(12, -1.5, 3, 4), window(24, 3, 4, 23)]
    assert gaps(looks) == [(0.5, 12)]


def test_links_without_dates_prove_only_by_overlap() -> None:
    def undated(hour: float, *numbers: int) -> FeedLook:
        return feed_look(hour, *(link(n, seen_at=at(hour)) for n in numbers))

    assert gaps([undated(0, 1, 2, 3), undated(12, 2, 3, 4), undated(24, 3, 4, 5)]) == []
    assert gaps([undated(0, 1, 2, 3), undated(12, 4, 5, 6), undated(24, 5, 6, 7)]) == [(0, 12)]
    assert gaps([undated(6, 1, 2, 3), undated(24, 2, 3)]) == [(0, 6)]


def test_a_date_without_a_time_proves_only_what_follows_its_day() -> None:
    dated = feed_look(12, link(2, at(11)), link(1, at(12, dt.date(2026, 1, 14))))
    assert gaps([dated, feed_look(24, *dated.links)]) == []
    today = feed_look(20, link(2, at(19)), link(1, at(12)))
    assert gaps([today, feed_look(24, *today.links)]) == [(0, 19)]


def test_every_feed_must_be_watched() -> None:
    whole = [window(hour, *range(hour - 6, hour)) for hour in range(0, 26, 2)]
    half = [window(hour, *(hour - x / 10 for x in range(1, 9))) for hour in range(0, 26, 12)]
    assert gaps(whole, half) == gaps(half) == [(0, 11.2), (12, 23.2)]


def test_a_feed_that_never_shows_anything_is_left_out() -> None:
    whole = [window(hour, *range(hour - 6, hour)) for hour in range(0, 26, 2)]
    empty = [feed_look(hour) for hour in range(0, 26, 2)]
    assert gaps(whole, empty) == []
    assert gaps(empty) == [(0, 24)]
    assert gaps() == [(0, 24)]


def test_a_feed_that_always_fails_leaves_the_day_open() -> None:
    whole = [window(hour, *range(hour - 6, hour)) for hour in range(0, 26, 2)]
    broken = [feed_look(hour, status=404, error="404") for hour in range(0, 26, 2)]
    assert gaps(whole, broken) == [(0, 24)]


def test_an_empty_look_between_proves_nothing_and_breaks_nothing() -> None:
    looks = [window(hour, *range(hour - 6, hour)) for hour in range(0, 26, 2)]
    looks[4] = feed_look(8)
    assert gaps(looks) == []


@given(
    st.lists(st.floats(-48, 47), min_size=1, max_size=60, unique=True),
    st.lists(st.floats(-1, 49), min_size=1, max_size=12, unique=True),
    st.integers(1, 12),
)
def test_no_story_of_a_proven_time_is_missed(
    stories: list[float], looks: list[float], size: int
) -> None:
    """An honest feed shows the newest stories: what is proven, the looks have shown."""
    shown: set[str] = set()
    taken = []
    for hour in sorted(looks):
        newest = sorted((s for s in stories if s <= hour), reverse=True)[:size]
        links = [link(stories.index(s), at(s)) for s in newest]
        shown |= {one.article_id for one in links}
        taken.append(feed_look(hour, *links))
    for begin, end in proven(taken, UTC):
        for number, story in enumerate(stories):
            if begin < at(story) < end:
                assert link(number).article_id in shown


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 8)).map(lambda s: (at(s[0]), at(s[0] + s[1]))),
    max_size=5,
)


@given(SPANS, SPANS)
def test_subtracting_spans(
    parts: list[tuple[dt.datetime, dt.datetime]], taken: list[tuple[dt.datetime, dt.datetime]]
) -> None:
    def within(spans: list[tuple[dt.datetime, dt.datetime]], time: dt.datetime) -> bool:
        return any(begin <= time < end for begin, end in spans)

    parts = [part for part in parts if part[0] < part[1]]
    left = subtract(parts, taken)
    for half_hour in range(60):
        time = at(half_hour / 2)
        assert within(left, time) == (within(parts, time) and not within(taken, time))
    assert all(a[1] < b[0] for a, b in pairwise(left))


@pytest.mark.parametrize("links", [[], [link(1)]])
def test_a_single_look_without_dates_proves_no_time(links: list[Link]) -> None:
    spans = proven([feed_look(8, *links)], UTC)
    assert all(begin == end for begin, end in spans)
