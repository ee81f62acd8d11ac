from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.demo.paper.plan import EVERY_DAY, Story, cast, find, headline, path_of, stories_of
from newsdesk.demo.paper.site import code, locate

DAY = dt.date(2026, 1, 15)
DAYS = st.dates(dt.date(2012, 1, 1), dt.date(2100, 12, 31))


def special(kind: str, day: dt.date = DAY) -> Story:
    return next(story for story in stories_of(day) if story.kind == kind)


@given(DAYS)
def test_any_day_has_every_kind_and_its_stories_are_found_by_address(day: dt.date) -> None:
    stories = stories_of(day)
    assert 38 <= len(stories) <= 56
    assert {story.kind for story in stories} == {*EVERY_DAY, "news"}
    for story in stories:
        assert story.first_at.date() == day
        assert find(path_of(story)) == story


@given(DAYS, st.integers(0, 127))
def test_a_code_names_one_story(day: dt.date, number: int) -> None:
    assert locate(code(day, number)) == (day, number)


def test_a_day_is_always_the_same() -> None:
    # a demo that was published before must find the same paper again, in another process
    story = stories_of(DAY)[0]
    assert path_of(story) == "/turkiye/neighbors-of-erzurum-gather-around-village-road-xxpz9h0/news"
    assert story.first_at.isoformat() == "2026-01-15T08:42:00+00:00"
    assert len(stories_of(DAY)) == 54


def test_a_month_repeats_no_headline_and_no_subject_at_a_place() -> None:
    stories = [s for n in range(30) for s in stories_of(DAY + dt.timedelta(days=n))]
    headlines = {headline(story) for story in stories}
    about = {(story.desk.path, cast(story)["subject"], cast(story)["place"]) for story in stories}
    assert len(headlines) == len(stories)
    assert len(about) > 0.99 * len(stories)


def test_the_clock_edits_moves_and_withdraws() -> None:
    edited, moved, withdrawn = special("edited"), special("moved"), special("withdrawn")
    hour = dt.timedelta(hours=1)
    assert edited.modified_at(edited.first_at + 4 * hour) == edited.first_at
    assert edited.modified_at(edited.first_at + 5 * hour) == edited.first_at + 5 * hour
    tomorrow = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
    assert moved.published_at(tomorrow).date() == DAY
    assert moved.published_at(tomorrow + 7 * hour) == tomorrow + 6.5 * hour
    assert withdrawn.listed(withdrawn.first_at + 25 * hour)
    assert not withdrawn.listed(withdrawn.first_at + 26 * hour)
    assert not withdrawn.listed(withdrawn.first_at - hour)


def test_a_story_of_the_night_is_tomorrows_in_istanbul() -> None:
    night = special("night")
    istanbul = night.first_at.astimezone(dt.timezone(dt.timedelta(hours=3)))
    assert night.first_at.date() == DAY
    assert istanbul.date() == DAY + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/world/asia-pacific",
        "/world/a-story-0000000",
        "/world/x-zzzzzzz",
        "/a-aaaaaaa",
        "/%ff",
    ],
)
def test_other_addresses_mean_no_story(path: str) -> None:
    found = find(path)
    assert found is None or path_of(found) != path
