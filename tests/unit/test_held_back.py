"""Versions of stories that wait for their day: nobody is told of them before the day shows them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.newsroom import (
    DAY,
    Newsroom,
    at,
    capture_of,
    local_warehouse,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk import query
from newsdesk.article import Article

NEXT = DAY + dt.timedelta(days=1)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = newsroom(tmp_path)
    yield made
    made.warehouse.close()


@pytest.fixture
def other(tmp_path: Path, room: Newsroom) -> Iterator[Newsroom]:
    """The same tables over a connection of its own."""
    made = Newsroom(local_warehouse(tmp_path), room.store, room.layout)
    yield made
    made.warehouse.close()


def edit(hour: float, number: int = 1, **changes: Any) -> Article:
    return story(number, text=f"Edited at {hour}.", captured_at=at(NEXT, hour), **changes)


def bodies(room: Newsroom, name: str = "articles") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in room.rows(name):
        found.setdefault(row["article_id"], []).append(row["body"])
    return found


def known(room: Newsroom, hour: float) -> list[dict[str, Any]]:
    """The stories as they were known at an hour."""
    found = query.query(
        room.warehouse, "FROM news.articles ORDER BY article_id", as_of=at(NEXT, hour)
    )
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def shown(room: Newsroom) -> list[dict[str, Any]]:
    """The stories as the table shows them, with maps as DuckDB gives them."""
    return [{**row, "field_rules": dict(row["field_rules"])} for row in room.rows()]


def block(*pair_and_image: object) -> bool:
    return False


def before(step: str, act: Callable[[], object]) -> Callable[[str], None]:
    """Does something before a step, once."""
    done = []

    def on_step(name: str) -> None:
        if name == step and not done:
            done.append(name)
            act()

    return on_step


def kill() -> None:
    raise Killed


def met_by_another(room: Newsroom, other: Newsroom) -> None:
    """A run whose day passes, and is blocked when it is judged again after another run's commit."""

    def meet() -> None:
        other.send(run_of("another"), [story(9)], now=at(NEXT, 2))
        room.judge = block

    room.send(run_of("a"), [edit(3)], on_step=before("articles", meet), now=at(NEXT, 4))


def killed_and_repeated(room: Newsroom, other: Newsroom) -> None:
    """A run that is killed before its articles; another run comes, and the retry is blocked."""
    with pytest.raises(Killed):
        room.send(run_of("a"), [edit(3)], on_step=before("articles", kill), now=at(NEXT, 4))
    other.send(run_of("another"), [story(9)], now=at(NEXT, 4.5))
    room.judge = block
    room.send(run_of("a"), [edit(3)], now=at(NEXT, 5))


@pytest.mark.parametrize("come_to_wait", [met_by_another, killed_and_repeated])
def test_a_version_that_waits_after_all_is_not_known_until_its_day_passes(
    room: Newsroom, other: Newsroom, come_to_wait: Callable[[Newsroom, Newsroom], None]
) -> None:
    room.send(run_of("first"), [edit(1), edit(1, 2)], now=at(NEXT, 1.5))
    come_to_wait(room, other)
    assert [fate for fate, _ in room.fates(run_of("a")).values()] == ["blocked"]
    waiting = shown(room)
    assert bodies(room)[story_id(1)] == ["Edited at 1."]
    assert bodies(room, "revisions")[story_id(1)] == ["Edited at 1."]
    assert known(room, 5) == waiting
    # The version comes back with the next run that its day passes.
    other.send(run_of("later"), [story(10, captured_at=at(NEXT, 6))], now=at(NEXT, 7))
    assert bodies(room, "revisions")[story_id(1)] == ["Edited at 1.", "Edited at 3."]
    assert known(room, 7) == shown(room) != waiting
    assert known(room, 6.9) == waiting


def test_what_stood_before_stays_whatever_waits_now(room: Newsroom) -> None:
    room.send(run_of("a"), [edit(1)], now=at(NEXT, 2))
    room.judge = block
    room.send(run_of("b"), [edit(3)], now=at(NEXT, 4))
    room.send(run_of("a"), [edit(1)], now=at(NEXT, 5))
    assert room.fates(run_of("a")) == room.fates(run_of("b"))
    assert bodies(room) == bodies(room, "revisions") == {story_id(1): ["Edited at 1."]}


def test_whoever_counts_on_a_version_that_is_taken_back_records_it_again(
    room: Newsroom, other: Newsroom
) -> None:
    room.send(run_of("first"), [edit(1)], now=at(NEXT, 2))
    with pytest.raises(Killed):
        room.send(run_of("a"), [edit(3)], on_step=before("articles", kill), now=at(NEXT, 4))
    other.judge = block

    def retry() -> None:
        other.send(run_of("a"), [edit(3)], now=at(NEXT, 5))
        assert bodies(other, "revisions") == {story_id(1): ["Edited at 1."]}

    room.send(run_of("b"), [edit(3)], on_step=before("articles", retry), now=at(NEXT, 6))
    assert bodies(room) == {story_id(1): ["Edited at 3."]}
    assert bodies(room, "revisions") == {story_id(1): ["Edited at 1.", "Edited at 3."]}


def test_a_version_published_while_it_was_taken_back_is_put_back(
    room: Newsroom, other: Newsroom
) -> None:
    """One run takes a waiting version back, between two commits of another that publishes it."""
    room.send(run_of("first"), [edit(1)], now=at(NEXT, 2))
    with pytest.raises(Killed):
        room.send(run_of("a"), [edit(3)], on_step=before("articles", kill), now=at(NEXT, 4))
    room.judge = block
    room.verdicts.clear()
    with pytest.raises(Killed):  # it waits, and is not taken back yet
        room.send(run_of("a"), [edit(3)], on_step=before("revisions", kill), now=at(NEXT, 5))
    recorded, taken, published = threading.Event(), threading.Event(), threading.Event()

    def publish() -> None:
        def on_step(name: str) -> None:
            if name == "articles":
                recorded.set()
                taken.wait(60)
            if name == "rejected":
                published.set()

        other.send(run_of("b"), [story(9)], on_step=on_step, now=at(NEXT, 6))

    def let_it_publish() -> None:
        assert bodies(room, "revisions")[story_id(1)] == ["Edited at 1."]
        taken.set()
        published.wait(60)

    thread = threading.Thread(target=publish)
    thread.start()
    recorded.wait(60)
    on_step = before("articles", let_it_publish)
    room.send(run_of("c"), [story(10)], on_step=on_step, now=at(NEXT, 7))
    thread.join()
    assert bodies(room)[story_id(1)] == ["Edited at 3."]
    assert bodies(room, "revisions")[story_id(1)] == ["Edited at 1.", "Edited at 3."]


def test_that_a_story_is_gone_is_known_when_its_day_says_so(room: Newsroom, tmp_path: Path) -> None:
    def visit(room: Newsroom, name: str, hour: float) -> None:
        gone = capture_of(
            edit(1), fate="missing", reason="http_404", status=404, captured_at=at(NEXT, hour)
        )
        room.send(run_of(name, NEXT), [], more_captures=[gone], now=at(NEXT, hour + 1))

    room.send(run_of("a"), [edit(1)], now=at(NEXT, 2))
    room.judge = block
    room.send(run_of("b"), [edit(3, 2)], now=at(NEXT, 4))
    visit(room, "c", 30)
    visit(room, "d", 40)
    assert [row["withdrawn_at"] for row in room.rows()] == [None]
    assert known(room, 50) == shown(room)
    room.judge = lambda pair, image: True
    room.send(run_of("e"), [story(9)], now=at(NEXT, 60))
    assert at(NEXT, 30) in [row["withdrawn_at"] for row in room.rows()]
    assert known(room, 60) == shown(room)

    clean = newsroom(tmp_path / "clean")
    clean.send(run_of("a"), [edit(1)])
    clean.send(run_of("b"), [edit(3, 2)])
    visit(clean, "c", 30)
    visit(clean, "d", 40)
    clean.send(run_of("e"), [story(9)])
    assert room.facts() == clean.facts()
    clean.warehouse.close()
