"""What a run may ask of one host: a paper whose day needs more is not fetched, the others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from newsdesk import article
from newsdesk.article import Discovery, Link, Via
from newsdesk.discover.archived import kept_by
from newsdesk.fields.urls import host_of

_KEEPERS: Mapping[Via, str] = {
    "common_crawl": "data.commoncrawl.org",
    "wayback": "web.archive.org",
}
_ASKED: Mapping[article.Strategy, str] = {
    "common_crawl": "index.commoncrawl.org",
    "wayback": "web.archive.org",
}


def within_budget(
    discoveries: Sequence[Discovery], to_fetch: Mapping[str, Sequence[Link]], budget: int | None
) -> list[Discovery]:
    """The discoveries, with those marked whose pages need more requests than a run may send.

    Papers that share a host share what may be asked of it, in the order of their names, so that the
    same day always goes to the same ones.

    Args:
        discoveries: What is known of each paper.
        to_fetch: The links to fetch, by paper.
        budget: Most requests to one host; ``None`` is no limit.

    Returns:
        The same discoveries in the same order. A marked one says in its ``error`` how many
        requests to which host it would take.
    """
    if budget is None:
        return list(discoveries)
    sent: Counter[str] = Counter()
    over: dict[str, str] = {}
    for found in sorted(discoveries, key=lambda found: found.source):
        needs = requests(found, to_fetch.get(found.source, ()))
        too_many = sorted(host for host, count in needs.items() if sent[host] + count > budget)
        if too_many:
            host = too_many[0]
            over[found.source] = (
                f"{found.source}: over_budget: {found.day} needs {needs[host]} requests to {host}, "
                f"of {budget} in a run {budget - sent[host]} are left"
            )
        else:
            sent.update(needs)
    return [
        replace(found, over_budget=True, error=over[found.source])
        if found.source in over
        else found
        for found in discoveries
    ]


def requests(found: Discovery, links: Sequence[Link]) -> Counter[str]:
    """How many requests a day of a paper takes, by host, retries and robots.txt apart."""
    needs: Counter[str] = Counter()
    for inquiry in found.inquiries:
        if host := _ASKED.get(inquiry.strategy):
            needs[host] += inquiry.requests
    for link in links:
        if link.copies and link.copies[0].ours:
            continue
        keeper = kept_by(link)
        needs[host_of(link.url) if keeper is None else _KEEPERS[keeper]] += 1
    return needs
