"""A press for tests: an invented paper, feeds and sitemaps as it could print them, and a web."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from newsdesk.article import UTC, FeedLook, Link, Look, Response
from newsdesk.errors import FetchError
from newsdesk.fetch.hostfile import RobotsAnswer
from newsdesk.fetch.robots import parse_robots
from newsdesk.sources import Discover, Source

DAY = dt.date(2026, 1, 15)
HOME = "https://www.harbour-post.example/"
FEED = f"{HOME}rss/world"
OTHER_FEED = f"{HOME}rss/sports"
NEWS_SITEMAP = f"{HOME}sitemap/latest.xml"


def at(hour: float = 8, day: dt.date = DAY) -> dt.datetime:
    """A time on DAY, in hours UTC; negative and large ones are on the days around it."""
    return dt.datetime.combine(day, dt.time(), UTC) + dt.timedelta(hours=hour)


def paper(**changes: Any) -> Source:
    """The Harbour Post; ``discover`` takes a dictionary."""
    discover = Discover(**{"feeds": (FEED,), **changes.pop("discover", {})})
    return Source.model_validate(
        {
            "name": "harbour_post",
            "title": "The Harbour Post",
            "home": HOME,
            "domains": ("harbour-post.example",),
            "language": "en",
            "discover": discover,
            **changes,
        }
    )


def address(number: int, prefix: str = "world") -> str:
    """Where a story stands."""
    return f"{HOME}{prefix}/the-ferry-number-{number}"


def link(number: int, published: dt.datetime | None = None, **changes: Any) -> Link:
    """A link as a look at the feed gives it."""
    url = changes.pop("url", address(number))
    made = {"via": ("look",), "seen_at": at(0), "published_hint": published, **changes}
    return Link(source="harbour_post", url=url, article_id=paper().article_id(url), **made)


def feed_look(hour: float, *links: Link, **changes: Any) -> FeedLook:
    """A look at the paper's feed at some hour of DAY."""
    made = {"url": FEED, "kind": "feed", "looked_at": at(hour), "status": 200, **changes}
    return FeedLook(links=links, **made)


def look_of(*feeds: FeedLook, shard: int = 0) -> Look:
    """The record of some looks at the paper's feeds, taken together."""
    return Look(feeds[0].looked_at, shard, tuple(("harbour_post", feed) for feed in feeds))


def item(number: int, published: dt.datetime | None = None, **parts: str) -> str:
    """One item of an RSS feed; ``parts`` are more elements, as text."""
    date = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
    more = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts.items())
    return f"<item><link>{address(number)}</link>{date}{more}</item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    """An RSS 2.0 feed."""
    return (
        f'{head}<rss version="2.0"><channel><title>The Harbour Post</title>'
        f"<link>{HOME}</link>{''.join(items)}</channel></rss>"
    ).encode()


def entry(url: str, modified: str | None = None, published: str | None = None) -> str:
    """One entry of a sitemap."""
    last = f"<lastmod>{modified}</lastmod>" if modified else ""
    news = (
        "<news:news><news:publication><news:name>The Harbour Post</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{published}</news:publication_date>"
        "<news:title>The ferry left</news:title></news:news>"
        if published
        else ""
    )
    return f"<url><loc>{escape(url)}</loc>{last}{news}</url>"


def urlset(*entries: str) -> bytes:
    """A sitemap with the news and image extensions."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"{''.join(entries)}</urlset>"
    ).encode()


def index(children: Iterable[str | tuple[str, str]]) -> bytes:
    """An index of sitemaps: addresses, or addresses with ``lastmod``."""
    pairs = [(child, None) if isinstance(child, str) else child for child in children]
    return (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(
            f"<sitemap><loc>{escape(url)}</loc>"
            + (f"<lastmod>{modified}</lastmod>" if modified else "")
            + "</sitemap>"
            for url, modified in pairs
        )
        + "</sitemapindex>"
    ).encode()


Page = bytes | int | Exception
"""What an address answers: a body, a status without one, or no answer at all."""


@dataclass
class Web:
    """Papers in memory, asked like a ``Fetcher``: validators, conditional requests, limits.

    Attributes:
        pages: What stands at which address; an address that is missing answers 404.
        robots: The paper's robots.txt.
        robots_told: How asking for robots.txt went, as it is told next.
        asked: Every request, with the validators that were sent.
        now: The clock of the answers.
        before_answer: Called with each address before it answers.
        under_way: Requests that wait for their answer now.
        most_at_once: Most that ever did.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    robots: str | Exception = ""
    robots_told: list[RobotsAnswer] = field(default_factory=list)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    now: Callable[[], dt.datetime] = lambda: at(12)
    before_answer: Callable[[str], None] = lambda url: None
    under_way: int = 0
    most_at_once: int = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    async def get(
        self,
        url: str,
        source: Source,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
        mined: bool = False,
    ) -> Response:
        self.asked.append((url, etag, last_modified))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await asyncio.sleep(0)
            self.before_answer(url)
        finally:
            self.under_way -= 1
        page = self.pages.get(url, 404)
        if isinstance(page, Exception):
            raise page
        if isinstance(page, int):
            return self._answer(url, page, b"")
        tag = f'"{hashlib.sha256(page).hexdigest()[:12]}"'
        headers = (("ETag", tag), ("Content-Type", "application/xml"))
        if etag == tag:
            return self._answer(url, 304, b"", headers)
        limit = max_bytes or source.fetch.max_bytes
        cut = "length" if len(page) > limit else None
        return self._answer(url, 200, page[:limit], headers, cut)

    async def sitemaps(self, source: Source) -> tuple[str, ...]:
        if isinstance(self.robots, Exception):
            raise self.robots
        return parse_robots(self.robots.encode()).sitemaps

    def robots_answers(self) -> list[RobotsAnswer]:
        told, self.robots_told = self.robots_told, []
        return told

    @property
    def addresses(self) -> list[str]:
        """What was asked for, in order."""
        return [url for url, _, _ in self.asked]

    def _answer(
        self,
        url: str,
        status: int,
        body: bytes,
        headers: tuple[tuple[str, str], ...] = (),
        cut: str | None = None,
    ) -> Response:
        return Response(url, url, status, "", headers, body, body, self.now(), truncated=cut)


def unreachable(url: str = FEED) -> FetchError:
    """What a dead server raises."""
    return FetchError(url, "no connection", code="connect")
