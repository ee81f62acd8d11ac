"""What a range of days would take: which strategies serve each day, in which order, at what cost.

Nothing is asked of anybody: offers come from what is recorded, and of what only asking can tell
from what the source file says of a normal day. So figures are estimates, no bounds: a listing may
have many more pages than its first. The run's own record (``Discovery.inquiries``) says what it came
to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.archives import Access
from newsdesk.archives.news import FIRST, LONGEST, months
from newsdesk.article import Capture, Look
from newsdesk.discover.days import FREE, Looks, strategies
from newsdesk.discover.listed import Listed
from newsdesk.discover.strategy import DAY, Offer, bounds
from newsdesk.sources import Source


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The plan for one day of one paper.

    Attributes:
        source: Name of the paper.
        day: UTC.
        offers: Who serves the day, in the order of asking; a later one is asked only about what
            the earlier ones leave open.
        proven: Whether recorded looks prove the whole day, so that nobody else is asked.
    """

    source: str
    day: dt.date
    offers: tuple[Offer, ...]
    proven: bool

    @property
    def harvest(self) -> tuple[str, ...]:
        """Months of the news crawl that may hold a day that nobody serves: harvest them first."""
        if self.offers or self.proven:
            return ()
        start, end = bounds(self.day)
        begin = max(start - LONGEST, FIRST)
        return tuple(f"{y:04d}-{m:02d}" for y, m in months(begin, end + DAY)) if end > FIRST else ()

    @property
    def served(self) -> bool:
        """Whether anybody can say what the day had, now or after a harvest."""
        return bool(self.offers or self.proven or self.harvest)

    @property
    def requests(self) -> int:
        """Requests, about: every listing, and each page once."""
        pages = max((offer.pages for offer in self.offers), default=0)
        return sum(offer.listing for offer in self.offers) + pages

    @property
    def bytes(self) -> int:
        """Bytes of pages, about."""
        return max((offer.bytes for offer in self.offers), default=0)

    @property
    def minutes(self) -> float:
        """How long it takes, about, when the slowest host gives the pages."""
        listing = sum(offer.listing * offer.listing_pause for offer in self.offers)
        pages = max((offer.pages * offer.page_pause for offer in self.offers), default=0.0)
        return (listing + pages) / 60

    def over(self, budget: int | None) -> str | None:
        """The host that is likely asked more often than a budget allows; ``None`` when none is."""
        listings: Counter[str] = Counter()
        pages: Counter[str] = Counter()
        for offer in self.offers:
            if offer.host is not None:
                listings[offer.listing_host or offer.host] += offer.listing
                pages[offer.host] = max(pages[offer.host], offer.pages)
        needs = listings + pages
        return next((x for x in needs if budget is not None and needs[x] > budget), None)


def plan_day(
    source: Source,
    day: dt.date,
    *,
    looks: Sequence[Look],
    landed: Sequence[Capture],
    listed: Sequence[Listed],
    access: Access,
    now: dt.datetime,
) -> DayPlan:
    """Plans one day of a paper.

    Args:
        source: The paper.
        day: UTC.
        looks: Recorded looks, as for ``discover_day``.
        landed: Landed pages of the day that wait for a run.
        listed: What was harvested of the day from archive sitemaps.
        access: How web archives are reached.
        now: UTC.
    """
    proven = not Looks(looks).gaps(source, day)
    offers = []
    for strategy in strategies(
        looks=looks, landed=landed, listed=listed, fetcher=None, archives=access, now=now
    ):
        offer = strategy.offers(source, day)
        if offer is not None and (strategy.name in FREE or not proven):
            offers.append(offer)
    return DayPlan(source.name, day, tuple(offers), proven)
