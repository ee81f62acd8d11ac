"""One face for all ways to learn which stories a day had.

A ``Strategy`` offers to serve a day of a paper, at a cost, and finds the day's stories. They are
asked in the order of ``article.Strategy``, cheapest and surest first; a later one only about what
the earlier ones leave open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol

from newsdesk import article
from newsdesk.article import Link
from newsdesk.discover.coverage import Span
from newsdesk.sources import Source

DAY = dt.timedelta(days=1)

PAGE_BYTES = 60_000
"""What a page weighs on the wire, gzip; a story page has 200 to 400 KB of HTML before that."""


def bounds(day: dt.date) -> Span:
    """Begin and end (exclusive) of a UTC day."""
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    return start, start + DAY


@dataclass(frozen=True, slots=True)
class Offer:
    """What one strategy can do for one day of a paper, before it is asked.

    What only asking tells is estimated: a listing as if all fitted in its first pages, stories as on
    a day that has as many as the paper's file calls normal. It may come to more or less.

    Attributes:
        strategy: Its name.
        host: Who is asked for pages; ``None`` when no network is needed.
        stories: Stories that it knows already; ``None`` when only asking tells.
        listing: Requests that asking takes, about; none are none.
        listing_host: Who is asked then; ``None`` when it is ``host``.
        listing_pause: Seconds between two of them at the polite pace.
        pages: Pages that are to be fetched then, about; those of known stories at most.
        page_pause: Seconds between two of them.
    """

    strategy: article.Strategy
    host: str | None = None
    stories: int | None = None
    listing: int = 0
    listing_host: str | None = None
    listing_pause: float = 0.0
    pages: int = 0
    page_pause: float = 0.0

    @property
    def requests(self) -> int:
        """Requests in all, about."""
        return self.listing + self.pages

    @property
    def bytes(self) -> int:
        """Bytes that the pages bring, about."""
        return self.pages * PAGE_BYTES

    @property
    def minutes(self) -> float:
        """How long it takes, about, at the polite pace."""
        return (self.listing * self.listing_pause + self.pages * self.page_pause) / 60


@dataclass(frozen=True, slots=True)
class Likely:
    """A stretch of time that is proven as soon as runs have told what became of some stories.

    Attributes:
        span: The stretch.
        stories: ``article_id`` of each; any of them may belong to it.
    """

    span: Span
    stories: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """What a strategy says of one day of a paper.

    Attributes:
        links: Stories that may belong to the day.
        proven: Stretches of time of which it knows every story.
        likely: Stretches that it would prove if it knew of which day some other stories are.
        problems: Why something was not had or read, one line each naming the address.
        passing: Whether one of the problems may pass by itself: no answer in time, a server's error.
        asked: Addresses asked, or how many requests it took.
        requests: Requests that it took.
    """

    links: list[Link] = field(default_factory=list)
    proven: list[Span] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passing: bool = False
    asked: list[str] = field(default_factory=list)
    requests: int = 0


class Strategy(Protocol):
    """A way to learn which stories a day of a paper had."""

    @property
    def name(self) -> article.Strategy:
        """What it is called in records and plans."""

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """What it can do for a UTC day; ``None`` when it cannot serve the paper or the day."""

    async def find(self, source: Source, day: dt.date) -> Found:
        """The stories of a UTC day."""


def pages_of(source: Source) -> int:
    """Most pages that a day of a paper normally has, as far as its file says."""
    return min(source.normal.pages_per_day[1], source.fetch.max_pages)
