"""What a range of days would take: which strategies serve each day, in which order, at what cost.

Nothing is asked of anybody: offers come from what is recorded, and of what only asking can tell
from what the source file says of a normal day. So figures are upper bounds, the run's own record
(``Discovery.inquiries``) says what it came to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from newsdesk.archives import Access
from newsdesk.article import Capture, Look
from newsdesk.discover.days import FREE, Looks, strategies
from newsdesk.discover.listed import Listed
from newsdesk.discover.strategy import Offer
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
    def requests(self) -> int:
        """Most requests: every listing, and each page once."""
        return sum(offer.listing for offer in self.offers) + self._most("pages")

    @property
    def bytes(self) -> int:
        """Most bytes of pages."""
        return max((offer.bytes for offer in self.offers), default=0)

    @property
    def minutes(self) -> float:
        """How long at most, when the slowest host gives the pages."""
        listing = sum(offer.listing * offer.listing_pause for offer in self.offers)
        pages = max((offer.pages * offer.page_pause for offer in self.offers), default=0.0)
        return (listing + pages) / 60

    def over(self, budget: int | None) -> str | None:
        """The host that may be asked more often than a budget allows; ``None`` when none is."""
        over = (x.host for x in self.offers if budget is not None and x.requests > budget)
        return next((host for host in over if host), None)

    def _most(self, name: str) -> int:
        return max((int(getattr(offer, name)) for offer in self.offers), default=0)


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
