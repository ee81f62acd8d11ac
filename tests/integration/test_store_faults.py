"""A store that fails in every way it can: the task fails, is repeated, and the tables are right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.fs
import pytest
from botocore.config import Config

from contracts.newsroom import Newsroom, newsroom
from contracts.publisher import send
from integration.s3_proxy import counting_proxy
from newsdesk.connections import open_store, open_warehouse
from newsdesk.errors import NewsdeskError
from newsdesk.layout import Layout

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = [pytest.mark.integration, pytest.mark.faults]

KINDS = ("slow down", "full", "reset", "lost", "cut", "hang")
TRIES = 12
"""How often a task is repeated at most; an orchestrator would wait in between."""


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that wait for a second instead of a minute."""

    class Hasty(Config):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **{**named, "read_timeout": 1})

    real: Callable[..., Any] = pyarrow.fs.S3FileSystem
    monkeypatch.setattr("botocore.config.Config", Hasty)
    monkeypatch.setattr(
        pyarrow.fs, "S3FileSystem", lambda **named: real(**{**named, "request_timeout": 1})
    )


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    room = newsroom(tmp_path_factory.mktemp("clean"))
    for number in (0, 1):
        send(room, number)
    yield room.facts()
    room.warehouse.close()


class Weather:
    """What happens to requests: everything goes wrong from some request on, or some of them do."""

    def __init__(self) -> None:
        self.kinds: tuple[str, ...] = ()
        self.share = 0.0
        self.after = 0
        self.met = 0
        self._seen = 0
        self._draw = random.Random(4)  # noqa: S311  # no secret

    def __call__(self, method: str, path: str) -> str | None:
        self._seen += 1
        if not self.kinds or self._seen <= self.after or self._draw.random() >= self.share:
            return None
        self.met += 1
        return self._draw.choice(self.kinds)

    def turn(self, *kinds: str, share: float = 1.0, after: int = 0) -> None:
        self.kinds, self.share, self.after, self._seen = kinds, share, after, 0


def attempt(lake: Lake, address: str, number: int) -> None:
    """One try of a task: it opens everything anew."""
    server = replace(lake.settings.server, endpoint=address)
    settings = replace(lake.settings, server=server)
    room = Newsroom(open_warehouse(settings), open_store(settings), Layout(settings.env))
    try:
        send(room, number)
    finally:
        room.warehouse.close()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("kind", [*KINDS, "mixed"])
def test_a_task_that_the_store_fails_is_repeated_and_all_is_right(
    lake: Lake, wanted: dict[str, Any], kind: str
) -> None:
    weather = Weather()
    with counting_proxy(lake.endpoint.url, trouble=weather) as (address, _):
        attempt(lake, address, 0)
        # An outage in the middle of a publish, longer than any client is patient.
        weather.turn(*(KINDS if kind == "mixed" else (kind,)), after=30)
        with pytest.raises(NewsdeskError):
            attempt(lake, address, 1)
        assert weather.met > 0
        weather.turn()
        if kind == "mixed":  # then a store of which three in ten requests fail
            weather.turn(*KINDS, share=0.3)
        for left in reversed(range(TRIES if kind == "mixed" else 1)):
            try:
                attempt(lake, address, 1)
                break
            except NewsdeskError:
                if not left:
                    raise
    room = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
    assert room.facts() == wanted
    room.warehouse.close()


def test_the_store_does_fail_those_who_do_not_repeat(lake: Lake, tmp_path: Path) -> None:
    """The control: without the second try nothing of the run is published."""
    weather = Weather()
    with counting_proxy(lake.endpoint.url, trouble=weather) as (address, _):
        attempt(lake, address, 0)
        weather.turn("slow down", after=30)
        with pytest.raises(NewsdeskError):
            attempt(lake, address, 1)
    room = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
    once = newsroom(tmp_path)
    send(once, 0)
    assert room.rows() == once.rows()
    for one in (room, once):
        one.warehouse.close()
