"""When a feed is looked at again: from recorded looks alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.press import FEED, at, feed_look, link
from newsdesk.article import Failure, FeedLook
from newsdesk.discover.intervals import LONGEST, SHORTEST, due_at, failure_of, rest
from newsdesk.errors import AddressRefused, FeedError, FetchError, NewsdeskError, RobotsRefused


def good(hour: float, seen: float | None) -> FeedLook:
    return feed_look(hour, link(1), seen_share=seen)


def failed(hour: float, failure: Failure) -> FeedLook:
    return feed_look(hour, error="no", failure=failure)


def wait(*looks: FeedLook) -> float:
    """Hours from the last look to the next."""
    due = due_at(looks)
    assert due is not None
    return (due - looks[-1].looked_at) / dt.timedelta(hours=1)


def test_a_feed_that_nobody_has_looked_at_is_due() -> None:
    assert due_at(()) is None


def test_a_first_look_is_repeated_within_the_hour() -> None:
    assert wait(good(8, None)) == 1


@pytest.mark.parametrize(
    ("seen", "hours"),
    [(1.0, 2), (0.9, 2), (0.75, 2), (0.5, 1), (0.25, 2 / 3), (0.0, 0.5)],
)
def test_the_more_is_new_the_sooner(seen: float, hours: float) -> None:
    assert wait(good(8, 0.5), good(9, seen)) == pytest.approx(hours)


def test_a_look_at_an_empty_feed_is_like_a_first_one() -> None:
    assert wait(good(8, 0.5), feed_look(12)) == 1


@pytest.mark.parametrize(
    ("failure", "hours"),
    [
        ("temporary", [0.25, 0.5, 1, 2, 4, 6, 6]),
        ("soft", [1, 2, 4, 6, 6]),
        ("hard", [6, 6]),
    ],
)
def test_failures_are_repeated_by_their_kind(failure: Failure, hours: list[float]) -> None:
    looks = [good(0, None)]
    for number, expected in enumerate(hours, start=1):
        looks.append(failed(number, failure))
        assert wait(*looks) == expected
    assert wait(*looks, good(20, 1.0)) == 4  # forgotten once it works: twice the hour from hour 0


@pytest.mark.parametrize("failures", [(), (0.5, 1, 2, 4)], ids=["of ours", "of the feed"])
def test_an_outage_does_not_make_an_interval_longer(failures: Sequence[float]) -> None:
    busy = [good(0, 0.5), good(0.25, 0.5)]  # every quarter of an hour
    out = [*busy, *(failed(hour, "temporary") for hour in failures)]
    assert wait(*out, good(8, 0.0)) == 0.25
    assert wait(*out, good(8, 0.02)) < 0.3
    assert wait(*out, good(8, 1.0)) == 1
    calm = [good(0, 0.5), *(good(hour, 1.0) for hour in (2, 6, 12))]  # every six hours
    assert wait(*calm, good(60, 0.0)) == 6


def test_a_host_that_asks_for_rest_is_left_alone_until_then() -> None:
    def asked(seconds: float | None) -> float:
        return wait(
            feed_look(8, error="busy", failure="temporary", rest_until=rest(at(8), seconds))
        )

    assert asked(None) == asked(60) == 0.25  # no sooner for it
    assert asked(7 * 3600) == 7  # also beyond the longest interval
    assert asked(10 * 24 * 3600) == 24  # but not for ever
    asleep = feed_look(8, error="busy", failure="temporary", rest_until=at(20))
    assert wait(asleep, good(20, None)) == 1  # forgotten once it works


def test_a_look_taken_out_of_turn_makes_no_interval_too_short() -> None:
    assert wait(good(8, 0.0), good(8.05, 1.0)) == 0.25


moments = st.floats(0, 400)
looks_of = st.lists(
    st.one_of(
        st.builds(good, moments, st.one_of(st.none(), st.floats(0, 1))),
        st.builds(failed, moments, st.sampled_from(["temporary", "soft", "hard"])),
    ),
    min_size=1,
    max_size=20,
)


@given(looks_of)
def test_the_bounds_hold_whatever_was_recorded(looks: Sequence[FeedLook]) -> None:
    looks = sorted(looks, key=lambda look: look.looked_at)
    due = due_at(looks)
    assert due is not None
    assert SHORTEST <= due - looks[-1].looked_at <= LONGEST


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (FeedError(FEED, "answers 503"), 503, "temporary"),
        (FeedError(FEED, "answers 429"), 429, "temporary"),
        (FeedError(FEED, "answers 404"), 404, "soft"),
        (FeedError(FEED, "answers 410"), 410, "hard"),
        (FeedError(FEED, "answers 401"), 401, "hard"),
        (FeedError(FEED, "is an HTML page"), 200, "soft"),
        (FetchError(FEED, "no address"), None, "temporary"),
        (RobotsRefused(FEED, "forbidden"), None, "hard"),
        (RobotsRefused(FEED, "500", code="robots_unreachable"), None, "temporary"),
        (AddressRefused(FEED, "private"), None, "hard"),
    ],
)
def test_kinds_of_failures(error: NewsdeskError, status: int | None, kind: Failure) -> None:
    assert failure_of(error, status) == kind


def test_times_are_kept_in_the_zone_they_were_recorded_in() -> None:
    assert due_at([good(8, None)]) == at(9)
