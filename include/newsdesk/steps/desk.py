"""What every step is handed: the bucket, its keys, the papers, and how to reach the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsdesk.archives import Access
from newsdesk.fetch import Fetcher, Sharing
from newsdesk.fetch.sharing import Intervals
from newsdesk.layout import Layout
from newsdesk.sources import Source
from newsdesk.store import Store
from newsdesk.tables import Warehouse
from newsdesk.tables.upkeep.rules import Rules

ARCHIVE_INTERVALS = Intervals(every=5.0)
"""Archives block whom they find too fast, so tasks that ask one must soon know of each other."""


def utcnow() -> dt.datetime:
    """The time, UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts a step works with; ``connections.connect`` wires them.

    Attributes:
        store: The bucket.
        layout: Its keys.
        sources: The papers a run takes, by name.
        user_agent: Gives what newsdesk calls itself to papers.
        open_warehouse: Opens the Iceberg tables.
        target: What a consumer run fills: path of a DuckDB file or a ``postgresql://`` address.
        now: The clock.
        archives: How public web archives are reached.
        host_requests: Most requests to one host that a run lists its day and gets its pages with, as
            ``discover.budget`` counts them; ``None`` is no limit.
        reread_limit: Share of a paper's stories that may be lost, or lose a field, when pages are
            read again.
        upkeep: What is small and what is old in the tables and the raw zone.
        known: The papers that there is a file of, also those that no run takes; ``None`` stands for
            ``sources``.
    """

    store: Store
    layout: Layout
    sources: Mapping[str, Source]
    user_agent: Callable[[], str]
    open_warehouse: Callable[[], Warehouse]
    target: str | None = field(default=None, repr=False)
    now: Callable[[], dt.datetime] = utcnow
    archives: Access = field(default_factory=Access)
    host_requests: int | None = None
    reread_limit: float = 0.05
    upkeep: Rules = field(default_factory=Rules)
    known: Mapping[str, Source] | None = None

    def every_paper(self) -> tuple[Source, ...]:
        """The papers that a story in the bucket may be of."""
        return tuple((self.sources if self.known is None else self.known).values())

    def fetcher(self) -> Fetcher:
        """A new client for papers, which shares their pace with other tasks; to be entered."""
        sharing = Sharing(self.store, self.layout)
        return Fetcher(user_agent=self.user_agent(), now=self.now, sharing=sharing)

    def archive_fetcher(self) -> Fetcher:
        """A new client for web archives, more patient than the one for papers; to be entered.

        Their pauses are made for several tasks; where more ask one they grow, as those of papers.
        """
        made_for = max(1.0, self.archives.pace)
        sharing = Sharing(self.store, self.layout, ARCHIVE_INTERVALS, made_for=made_for)
        return Fetcher(
            user_agent=self.user_agent(),
            now=self.now,
            patience=self.archives.patience,
            sharing=sharing,
        )
