"""One text under many addresses: a wall when they promise different stories, else none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.newsroom import capture_of, link_to, story
from newsdesk.article import Capture, Reading, Rejection
from newsdesk.reading.repeats import MANY, same_text
from newsdesk.reading.walls import REASONS

NOTICE = "Readers of the region must choose how this paper may remember them before reading on."
WORDS = ("ferry", "bridge", "school", "market", "harbour", "garden")


def read(number: int, *, text: str = NOTICE, hint: str | None = None, **changes: Any) -> Any:
    """A story read, and the capture that it was read from."""
    url = changes.pop("url", f"https://harbour-post.example/world/{WORDS[number % 6]}-{number}")
    article = story(number, text=text, url=url, canonical_url=url, **changes)
    return capture_of(article, link_to(article, headline_hint=hint)), Reading(article)


def reasons(group: Sequence[tuple[Capture, Reading]]) -> list[str | None]:
    return [one.rejection.reason if one.rejection else None for one in same_text(group)]


def test_a_text_under_many_headlines_is_a_wall_and_the_others_stay() -> None:
    group = [read(n, headline=f"Story {n}") for n in range(MANY)] + [
        read(9, text="The ferry left.")
    ]
    assert reasons(group) == ["same_text"] * MANY + [None]
    rejection = same_text(group)[0].rejection
    assert rejection is not None
    assert rejection.evidence == ("the same 15 words under 3 addresses of harbour-post.example")
    assert (rejection.http_status, rejection.capture) == (200, group[0][1].article.capture)
    assert (rejection.headline, rejection.article_id) == ("Story 0", group[0][1].article.article_id)
    assert rejection.reason in REASONS


def test_a_wall_with_one_headline_is_told_by_the_feed_or_by_the_addresses() -> None:
    by_feed = [
        read(n, headline="Welcome", hint=f"Story {n}", url=f"https://harbour-post.example/{n}")
        for n in range(4)
    ]
    assert reasons(by_feed) == ["same_text"] * 4
    by_address = [read(n, headline="Welcome") for n in range(4)]
    assert reasons(by_address) == ["same_text"] * 4


def test_a_story_under_two_addresses_is_a_story() -> None:
    assert reasons([read(n, headline=f"Story {n}") for n in range(MANY - 1)]) == [None] * (MANY - 1)


def test_a_wire_story_in_many_sections_is_a_story() -> None:
    urls = [
        f"https://harbour-post.example/{part}/ferry-leaves-{part_id}"
        for part_id, part in enumerate(WORDS)
    ]
    assert (
        reasons([read(n, headline="Ferry leaves", url=url) for n, url in enumerate(urls)])
        == [None] * 6
    )
    hinted = [read(n, headline="Ferry leaves", hint="FERRY LEAVES") for n in range(6)]
    assert reasons(hinted) == [None] * 6


def test_one_story_at_many_addresses_is_one_story() -> None:
    group = [read(n, headline=f"Story {n}", article_id="0" * 32) for n in range(6)]
    assert reasons(group) == [None] * 6


def test_papers_and_hosts_are_looked_at_apart() -> None:
    group = [
        read(n, headline=f"Story {n}", url=f"https://{WORDS[n]}.harbour-post.example/{n}")
        for n in range(6)
    ]
    assert reasons(group) == [None] * 6
    assert (
        reasons([read(n, headline=f"Story {n}", source=f"paper_{n}") for n in range(6)])
        == [None] * 6
    )


def test_the_line_under_videos_is_no_wall_but_a_wall_takes_videos_too() -> None:
    videos = [read(n, headline=f"Video {n}", article_type="video") for n in range(4)]
    assert reasons(videos) == [None] * 4
    walls = [read(n, headline=f"Story {n}") for n in range(10, 10 + MANY)]
    assert reasons(videos + walls) == ["same_text"] * (4 + MANY)


def test_texts_that_may_not_be_stored_are_told_apart_by_their_hash() -> None:
    group = [read(n, headline=f"Story {n}") for n in range(4)]
    other = read(
        5,
        headline="Story 5",
        text="Another text of just as many words, more or less, about a ferry that left early.",
    )
    bare = [(c, replace(r, article=replace(r.article, body=None))) for c, r in [*group, other]]
    assert reasons(bare) == ["same_text"] * 4 + [None]


def test_what_is_rejected_already_keeps_its_reason() -> None:
    group = [read(n, headline=f"Story {n}") for n in range(MANY)]
    capture, reading = group[0]
    article = reading.article
    rejection = Rejection(
        article.source, article.url, article.captured_at, "no_date", "", 1, article.article_id
    )
    group[0] = (capture, replace(reading, rejection=rejection))
    assert reasons(group) == ["no_date", None, None]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=12), st.randoms())
def test_the_order_of_the_pages_changes_nothing(pages: list[tuple[int, int]], dice: Any) -> None:
    group = [
        read(number, headline=f"Story {head}", text=NOTICE * (1 + number % 2))
        for number, (head, _) in enumerate(pages)
    ]
    shuffled = list(group)
    dice.shuffle(shuffled)

    def rejected(some: Sequence[tuple[Capture, Reading]]) -> set[str]:
        return {one.article.url for one in same_text(some) if one.rejection}

    assert rejected(shuffled) == rejected(group)
