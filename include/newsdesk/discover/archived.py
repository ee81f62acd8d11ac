"""What public web archives know of a day: the stories that they captured first around then.

An archive knows when it captured a page, never when the story was published: that is read from
the page. A story cannot be newer than its first capture, and crawlers that watch news come within
days, so a day is asked for stories whose first capture lies in it or in the days after it
(``discover.archive_lag_days``). The earliest capture is the copy to read, so that every run that
meets the story, in whatever order, reads the same one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from newsdesk import article
from newsdesk.archives import Access, Archives, Listing, Window, common_crawl, wayback
from newsdesk.article import Copy, Link, Response, Via
from newsdesk.discover.links import make_link
from newsdesk.discover.moments import local_days, story_period
from newsdesk.discover.strategy import DAY, Found, Offer, bounds, pages_of
from newsdesk.errors import FetchError
from newsdesk.fields.urls import clean_url
from newsdesk.sources import Source

SPARE_COPIES = 3
"""Captures of a story that are noted: a record may turn out to be cut."""

WEB_ARCHIVES: frozenset[Via] = frozenset({"common_crawl", "wayback"})
"""Archives that are asked only for papers that name them."""

RESCUE = dt.timedelta(days=30)
"""How long after its day a page that is gone now is searched for."""


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """Common Crawl as a strategy."""

    archives: Archives | Access
    name: article.Strategy = "common_crawl"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``: the list of crawls, a crawl's index, and the records.

        An index is asked how many pages it has, then for one. It may have more, and a day may lie
        in two crawls.
        """
        if "common_crawl" not in source.discover.archives:
            return None
        return Offer(
            "common_crawl",
            host="data.commoncrawl.org",
            listing=1 + 2 * len(source.domains),
            listing_host="index.commoncrawl.org",
            listing_pause=self.archives.pause("common_crawl_index"),
            pages=pages_of(source),
            page_pause=self.archives.pause("common_crawl_data"),
        )

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``."""
        return await _find(self.archives, "common_crawl", source, day)


@dataclass(frozen=True, slots=True)
class Wayback:
    """The Wayback Machine as a strategy."""

    archives: Archives | Access
    name: article.Strategy = "wayback"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``: a page of index for each domain, which may have more, and pages."""
        if "wayback" not in source.discover.archives:
            return None
        return Offer(
            "wayback",
            host="web.archive.org",
            listing=len(source.domains),
            listing_pause=self.archives.pause("wayback_index"),
            pages=pages_of(source),
            page_pause=self.archives.pause("wayback"),
        )

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``."""
        return await _find(self.archives, "wayback", source, day)


def kept_by(link: Link) -> Via | None:
    """The archive that a page is to be had from; ``None`` when it is the paper itself.

    What nobody but archives knows of is had from them: the page is as it was in its days, and the
    paper is not asked for years of it.
    """
    if link.copies and not link.copies[0].ours and WEB_ARCHIVES.issuperset(link.via):
        return link.copies[0].via
    return None


def own_copy(link: Link) -> Copy | None:
    """The page in our own bucket that needs no fetching; ``None`` when it has to be fetched."""
    if not link.copies or not link.copies[0].ours:
        return None
    copy = link.copies[0]
    newer = link.modified_hint is not None and link.modified_hint > copy.captured_at
    return None if newer else copy


async def get_copy(archives: Archives, copy: Copy) -> Response:
    """A capture, from the archive that keeps it.

    Raises:
        FetchError: It cannot be had.
    """
    get = common_crawl.get if copy.via == "common_crawl" else wayback.get
    response = await get(archives, copy)
    if response.status != 200:  # the index said otherwise
        raise FetchError(copy.url, f"was captured as {response.status}", code="archive_record")
    return response


async def copies_of(archives: Archives, link: Link, source: Source, day: dt.date) -> list[Copy]:
    """The captures that a paper's archives have of one page, in the order to try them.

    Args:
        archives: Who is asked.
        link: The page; what is noted of it already is not asked for.
        source: The paper; names its archives.
        day: The day (UTC) that it belongs to.
    """
    begin, _ = bounds(day)
    found = [copy for copy in link.copies if not copy.ours]
    for name in source.discover.archives:
        if any(copy.via == name for copy in found):
            continue
        listing = await _list(archives, name, link.url, Window(begin, begin + RESCUE), "exact")
        same = [x for x in listing.copies if _address(x, source) is not None]
        found += sorted(same, key=_order)[:SPARE_COPIES]
    return found


def links_of(copies: Iterable[Copy], source: Source, day: dt.date) -> list[Link]:
    """The stories among some captures that may be of a UTC day.

    Args:
        copies: Captures of any pages, also from before the day.
        source: The paper.
        day: UTC.
    """
    start, end = bounds(day)
    latest = end + source.discover.archive_lag_days * DAY
    by_story: dict[str, list[tuple[Copy, str]]] = defaultdict(list)
    for copy in copies:
        if url := _address(copy, source):
            by_story[source.article_id(url)].append((copy, url))
    links = []
    for _, captures in sorted(by_story.items()):
        captures.sort(key=lambda one: _order(one[0]))
        first, url = captures[0]
        if not start <= first.captured_at < latest or not _may_be_of(url, source, day):
            continue
        link = make_link(
            source,
            url,
            base=url,
            via=first.via,
            seen_at=first.captured_at,
            copies=tuple(copy for copy, _ in captures[:SPARE_COPIES]),
        )
        if link is not None:
            links.append(link)
    return links


async def _find(
    archives: Archives | Access, name: article.Strategy, source: Source, day: dt.date
) -> Found:
    if isinstance(archives, Access):
        raise TypeError(f"{name}: offers alone can be had without a client")
    start, end = bounds(day)
    lag = source.discover.archive_lag_days * DAY
    window = Window(start - max(lag, DAY), end + lag)
    found = Found()
    copies: list[Copy] = []
    for domain in source.domains:
        listing = await _list(archives, name, domain, window, "domain")
        copies += listing.copies
        found.problems += listing.problems
        found.requests += listing.requests
        found.asked.append(domain)
    found.links = links_of(copies, source, day)
    return found


async def _list(archives: Archives, name: str, target: str, window: Window, match: str) -> Listing:
    ask = common_crawl.listing if name == "common_crawl" else wayback.listing
    return await ask(archives, target, window, match=match)


def _address(copy: Copy, source: Source) -> str | None:
    """The story's address in a capture; ``None`` when it is none of the paper's."""
    url = clean_url(copy.url, source.home)
    return url if url is not None and source.is_story(url) else None


def _order(copy: Copy) -> tuple[dt.datetime, str]:
    return copy.captured_at, copy.url


def _may_be_of(url: str, source: Source, day: dt.date) -> bool:
    """Whether the day or month in an address, if there is one, can be the day's."""
    period = story_period(url)
    return period is None or period.meets(local_days(*bounds(day), source.zone))
