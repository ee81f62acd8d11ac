"""What a run may ask of one host: a paper whose day needs more is not fetched, the others are.

Counted are the sitemaps and index pages that a day's listing asks for, when they are asked for, and
each page that is to be fetched, once. Not counted is what nobody knows before, or what is no part of
the day: repeated tries of requests and tasks, redirects, robots.txt, the last look at feeds, and what
a page takes that is not where it should be: the search for one that is gone in the paper's archives,
the next capture where one is cut, the paper itself where an archive fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from newsdesk.archives.access import AsksArchives
from newsdesk.article import Discovery, Link, Response, Via
from newsdesk.discover.archived import kept_by
from newsdesk.discover.asking import Asks
from newsdesk.errors import OverBudget
from newsdesk.fields.urls import host_of
from newsdesk.sources import Source

_KEEPERS: Mapping[Via, str] = {
    "common_crawl": "data.commoncrawl.org",
    "wayback": "web.archive.org",
}


class Ration:
    """What a run may still ask of each host.

    Args:
        budget: Most requests to one host; ``None`` is no limit.

    Attributes:
        sent: Requests that were sent, by host.
    """

    def __init__(self, budget: int | None) -> None:
        self.budget = budget
        self.sent: Counter[str] = Counter()

    def take(self, url: str) -> None:
        """Counts a request.

        Raises:
            OverBudget: The host was sent all that it may be.
        """
        host = host_of(url)
        if self.budget is not None and self.sent[host] >= self.budget:
            raise OverBudget(host, f"was sent all {self.budget} requests of the run")
        self.sent[host] += 1


class _Client(Asks, AsksArchives, Protocol):
    """Who asks papers and archives."""


class Rationed:
    """A client that counts what it asks for, and asks no host for more than a ration has."""

    def __init__(self, client: _Client, ration: Ration) -> None:
        self._client = client
        self._ration = ration

    async def get(self, url: str, source: Source, **options: Any) -> Response:
        """See ``Asks.get``.

        Raises:
            OverBudget: The host was sent all that it may be.
        """
        self._ration.take(url)
        return await self._client.get(url, source, **options)

    async def ask(self, url: str, source: Source, **options: Any) -> Response:
        """See ``AsksArchives.ask``; otherwise like ``get``."""
        self._ration.take(url)
        return await self._client.ask(url, source, **options)

    async def sitemaps(self, source: Source) -> tuple[str, ...]:
        """See ``Asks.sitemaps``: robots.txt is not counted."""
        return await self._client.sitemaps(source)


def within_budget(
    discoveries: Sequence[Discovery], to_fetch: Mapping[str, Sequence[Link]], ration: Ration
) -> list[Discovery]:
    """The discoveries, with those marked whose pages need more requests than a run may send.

    Papers that share a host share what listing their days has left of it, in the order of their
    names, so that the same day always goes to the same ones.

    Args:
        discoveries: What is known of each paper.
        to_fetch: The links to fetch, by paper.
        ration: What the run may ask, and has asked to list the day.

    Returns:
        The same discoveries in the same order. A marked one says in its ``error`` how many
        requests to which host it would take.
    """
    budget = ration.budget
    if budget is None:
        return list(discoveries)
    sent = ration.sent.copy()
    over: dict[str, str] = {}
    for found in sorted(discoveries, key=lambda found: found.source):
        if found.over_budget:  # while it was listed
            continue
        needs = requests(to_fetch.get(found.source, ()))
        too_many = sorted(host for host, count in needs.items() if sent[host] + count > budget)
        if too_many:
            host = too_many[0]
            over[found.source] = (
                f"{found.source}: over_budget: the pages of {found.day} need {needs[host]} requests "
                f"to {host}, of {budget} in a run {budget - sent[host]} are left"
            )
        else:
            sent.update(needs)
    return [
        replace(found, over_budget=True, error=over[found.source])
        if found.source in over
        else found
        for found in discoveries
    ]


def requests(links: Sequence[Link]) -> Counter[str]:
    """How many requests some pages take, by host, each had at the first try."""
    needs: Counter[str] = Counter()
    for link in links:
        if link.copies and link.copies[0].ours:
            continue
        keeper = kept_by(link)
        needs[host_of(link.url) if keeper is None else _KEEPERS[keeper]] += 1
    return needs
