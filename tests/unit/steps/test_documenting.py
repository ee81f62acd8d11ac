"""The Data Docs of runs in a bucket."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.desk import desk_of
from contracts.memory_store import MemoryStore
from contracts.newsroom import DAY, PAPER, failing, passing, run_of
from contracts.press import Web
from newsdesk.errors import StoreError
from newsdesk.steps import Desk, documenting
from newsdesk.steps.documenting import document

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

RUN = run_of("scheduled__2026-01-16")
RESULTS = (passing((PAPER, DAY), 60), failing(("river_times", DAY), 3))


def desk(store: MemoryStore | None = None) -> Desk:
    return desk_of(Web({}), store=store or MemoryStore())


def listed(at: Desk) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(at.store.get(at.layout.docs_runs()))
    return found


def test_the_pages_lie_under_the_run_and_the_run_is_on_the_list() -> None:
    here = desk()
    first = document(here, RUN, RESULTS)
    assert first == f"memory://{here.layout.docs(DAY, RUN.run_id)}"
    folder = here.layout.docs(DAY, RUN.run_id).removesuffix("index.html")
    pages = [info.key.removeprefix(folder) for info in here.store.list(folder)]
    assert pages == ["harbour_post.html", "index.html", "river_times.html"]
    ((page, entry),) = listed(here).items()
    assert f"test/docs/{page}" == here.layout.docs(DAY, RUN.run_id)
    assert (entry["day"], entry["failed"], entry["passed"]) == (str(DAY), 1, 1)
    index = here.store.get(here.layout.docs_index()).decode()
    assert f'href="{page}"' in index
    assert RUN.run_id in index


def test_written_twice_is_written_once() -> None:
    here = desk()
    document(here, RUN, RESULTS)
    before = {info.key: info.etag for info in here.store.list("test/")}
    document(here, RUN, RESULTS)
    assert {info.key: info.etag for info in here.store.list("test/")} == before


def test_names_of_runs_are_no_markup() -> None:
    here = desk()
    document(here, run_of("manual__<b>"), RESULTS)
    assert "<b>" not in here.store.get(here.layout.docs_index()).decode()


class Busy(MemoryStore):
    """A store in which something else is written before one conditional write."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], object] | None = None
        self.key = ""

    def put_if_match(self, key: str, body: bytes, etag: str | None, **more: Any) -> str:
        if key == self.key and (first := self.before):
            self.before = None
            first()
        return super().put_if_match(key, body, etag, **more)


@pytest.mark.parametrize("contended", ["docs_runs", "docs_index"])
def test_runs_that_end_at_once_are_both_on_the_list(contended: str) -> None:
    store = Busy()
    here, other = desk(store), run_of("manual__other")
    store.key = getattr(here.layout, contended)()
    store.before = lambda: document(here, other, RESULTS)
    document(here, RUN, RESULTS)
    assert {one["run_id"] for one in listed(here).values()} == {RUN.run_id, other.run_id}
    index = store.get(here.layout.docs_index()).decode()
    assert RUN.run_id in index
    assert other.run_id in index


def test_the_list_keeps_the_runs_that_started_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documenting, "RUNS_LISTED", 2)
    here = desk()
    for number in range(4):
        late = replace(RUN, run_id=f"run {number}", started_at=RUN.started_at.replace(hour=number))
        document(here, late, RESULTS)
    assert {one["run_id"] for one in listed(here).values()} == {"run 2", "run 3"}


def test_what_goes_wrong_is_logged_and_stops_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(MemoryStore):
        def put(self, key: str, body: bytes, **more: Any) -> str:
            raise StoreError(key, "the store cannot be reached")

    with caplog.at_level(logging.ERROR):
        assert document(desk(Away()), RUN, RESULTS) is None
    assert f"the Data Docs of run {RUN.run_id} could not be written" in caplog.text
    assert "the store cannot be reached" in caplog.text

    def broken(*_: object) -> None:
        raise RuntimeError("no template")

    monkeypatch.setattr(documenting, "data_docs", broken)
    assert document(desk(), RUN, RESULTS) is None
