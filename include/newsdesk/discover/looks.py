"""Looks: what the feeds and news sitemaps of papers show at one moment, recorded once.

Feeds show the newest items only, so a look that nobody took is lost. A look asks with the
validator of the look before (conditional GET), keeps when each link was seen first, and says which
share of its links the look before had shown.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from newsdesk import records
from newsdesk.article import FeedLook, Link, Look
from newsdesk.discover.asking import HTML_PAGE, Asks, whole_body
from newsdesk.discover.feeds import MAX_BYTES, parse_feed
from newsdesk.discover.intervals import due_at, failure_of, rest
from newsdesk.discover.sitemaps import news_links, parse_sitemap
from newsdesk.errors import FetchError, NewsdeskError
from newsdesk.fetch.tries import BUSY, retry_after
from newsdesk.layout import Layout
from newsdesk.sources import Source
from newsdesk.store import Store

log = logging.getLogger(__name__)

Kind = Literal["feed", "news_sitemap"]


async def take_look(
    sources: Iterable[Source],
    fetcher: Asks,
    *,
    previous: Mapping[tuple[str, str], FeedLook],
    now: dt.datetime,
    shard: int = 0,
    resting: Collection[tuple[str, str]] = (),
) -> Look:
    """Looks at every feed and news sitemap of some papers once, all at the same time.

    A feed that cannot be had or read is recorded as ``FeedLook.error`` and stops no other.

    Args:
        sources: The papers.
        fetcher: Who asks; keeps the pace of each host.
        previous: The look before at each feed, by source name and address (``previous_feeds``).
        now: UTC; the ``looked_at`` of everything. A later answer proves at least as much.
        shard: Number of this group of papers.
        resting: Feeds that are not due yet, by source name and address (``resting_feeds``).

    Returns:
        The look, feeds in the order of the source files.
    """
    asked: list[tuple[Source, Kind, str]] = []
    for source in sources:
        asked += [(source, "feed", url) for url in source.discover.feeds]
        asked += [(source, "news_sitemap", url) for url in source.discover.news_sitemaps]
    asked = [one for one in asked if (one[0].name, one[2]) not in resting]
    shown = await asyncio.gather(
        *(
            _look_at(source, kind, url, fetcher, previous.get((source.name, url)), now)
            for source, kind, url in asked
        )
    )
    names = (source.name for source, _, _ in asked)
    return Look(looked_at=now, shard=shard, feeds=tuple(zip(names, shown, strict=True)))


def write_look(store: Store, layout: Layout, look: Look) -> str:
    """Records a look; one that already stands under its key stays. Gives the key."""
    key = layout.look(look.looked_at, look.shard)
    store.put_if_absent(key, records.pack(look))
    return key


def read_looks(store: Store, layout: Layout, first_day: dt.date, last_day: dt.date) -> list[Look]:
    """The looks taken on some UTC days, both inclusive, oldest first.

    Raises:
        StoreError: A look cannot be read.
    """
    looks: list[Look] = []
    for day in range((last_day - first_day).days + 1):
        for info in store.list(layout.looks(first_day + dt.timedelta(days=day))):
            looks.append(records.unpack(Look, store.get(info.key), subject=info.key))
    return sorted(looks, key=lambda look: (look.looked_at, look.shard))


def previous_feeds(looks: Iterable[Look]) -> dict[tuple[str, str], FeedLook]:
    """The last good look at each feed, by source name and address.

    A look that failed shows nothing, and an empty one is often a failure too: the last one with
    links is preferred, so that neither makes known stories look new.
    """
    latest: dict[tuple[str, str], FeedLook] = {}
    for look in sorted(looks, key=lambda look: (look.looked_at, look.shard)):
        for name, feed in look.feeds:
            known = latest.get((name, feed.url))
            if feed.error is None and (feed.links or known is None or not known.links):
                latest[name, feed.url] = feed
    return latest


def looks_backwards(
    store: Store, layout: Layout, first_day: dt.date, last_day: dt.date
) -> Iterator[Look]:
    """The looks taken on some UTC days, both inclusive, newest first; read one by one.

    Raises:
        StoreError: A look cannot be read.
    """
    for day in range((last_day - first_day).days, -1, -1):
        keys = [info.key for info in store.list(layout.looks(first_day + dt.timedelta(days=day)))]
        for key in sorted(keys, reverse=True):
            yield records.unpack(Look, store.get(key), subject=key)


def resting_feeds(
    looks: Iterable[Look], now: dt.datetime, *, only_asked: bool = False
) -> set[tuple[str, str]]:
    """The feeds that are not due for a look yet, by source name and address.

    Args:
        looks: Recorded looks, in any order.
        now: UTC.
        only_asked: Only those whose host has asked to be left alone.
    """
    history: defaultdict[tuple[str, str], list[FeedLook]] = defaultdict(list)
    for look in sorted(looks, key=lambda look: (look.looked_at, look.shard)):
        for name, feed in look.feeds:
            history[name, feed.url].append(feed)
    due = {
        key: feeds[-1].rest_until if only_asked else due_at(feeds) for key, feeds in history.items()
    }
    return {key for key, at in due.items() if at is not None and at > now}


async def _look_at(
    source: Source,
    kind: Kind,
    url: str,
    fetcher: Asks,
    before: FeedLook | None,
    now: dt.datetime,
) -> FeedLook:
    look = FeedLook(url=url, kind=kind, looked_at=now)
    etag = before.etag if before else None
    last_modified = before.last_modified if before and not etag else None
    try:
        response = await fetcher.get(
            url, source, etag=etag, last_modified=last_modified, max_bytes=MAX_BYTES
        )
        moved = response.moved_to
        look = replace(
            look, status=response.status, moved_to=moved, notice="moved" if moved else None
        )
        if response.status in BUSY:
            seconds = retry_after(response.header("retry-after"), now)
            look = replace(look, rest_until=rest(now, seconds))
        if response.status == 304 and before is not None and (etag or last_modified):
            return replace(
                look,
                links=before.links,
                etag=response.header("etag") or before.etag,
                last_modified=response.header("last-modified") or before.last_modified,
                seen_share=1.0 if before.links else None,
            )
        body = whole_body(response)
        links = _links(body, response.header("content-type"), source, kind, url, now)
    except NewsdeskError as error:
        if isinstance(error, FetchError):
            look = replace(look, rest_until=rest(now, error.retry_after))
        return replace(
            look,
            error=_naming(url, error),
            failure=failure_of(error, look.status),
            notice="html" if HTML_PAGE in error.reason else look.notice,
        )
    except Exception as error:  # one broken feed must not stop the others
        log.exception("looking at %s failed", url)
        text = f"{url}: {type(error).__name__}: {error}"[:300]
        return replace(look, error=text, failure="soft")
    known = {link.article_id: link.seen_at for link in before.links} if before else {}
    links = tuple(
        replace(link, seen_at=min(link.seen_at, known.get(link.article_id, link.seen_at)))
        for link in links
    )
    seen = sum(link.article_id in known for link in links)
    return replace(
        look,
        links=links,
        etag=response.header("etag"),
        last_modified=response.header("last-modified"),
        seen_share=seen / len(links) if links and before else None,
        notice="empty" if not links and before and before.links else look.notice,
    )


def _links(
    body: bytes,
    content_type: str | None,
    source: Source,
    kind: Kind,
    url: str,
    now: dt.datetime,
) -> tuple[Link, ...]:
    if kind == "feed":
        return parse_feed(body, url=url, source=source, looked_at=now, content_type=content_type)
    return news_links(parse_sitemap(body, url=url, zone=source.zone), source, now)


def _naming(url: str, error: NewsdeskError) -> str:
    """The error in one line that names the feed, also when a redirect failed."""
    text = str(error)
    return text if url in text else f"{url}: {text}"
