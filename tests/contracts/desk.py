"""A desk for tests: a store in memory, papers from ``press``, and a web instead of the real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from contracts.memory_store import MemoryStore
from contracts.press import Web, at, paper
from newsdesk.layout import Layout
from newsdesk.sources import Source
from newsdesk.steps import Desk
from newsdesk.store import Store
from newsdesk.tables import Warehouse

LAYOUT = Layout("test")


def no_tables() -> Warehouse:
    raise AssertionError("the tables were opened")


def desk_of(
    web: Web,
    *,
    store: Store | None = None,
    sources: Iterable[Source] = (),
    now: dt.datetime | Callable[[], dt.datetime] | None = None,
    open_warehouse: Callable[[], Warehouse] = no_tables,
) -> Desk:
    """A desk whose fetcher is ``web``; by default on the night after DAY, with one paper."""

    class PressDesk(Desk):
        def fetcher(self) -> Any:
            return web

    moment = now or at(24.1)
    papers = list(sources) or [paper()]
    return PressDesk(
        store=MemoryStore() if store is None else store,
        layout=LAYOUT,
        sources={one.name: one for one in papers},
        user_agent=lambda: "newsdesk-tests",
        open_warehouse=open_warehouse,
        now=moment if callable(moment) else lambda: moment,
    )
