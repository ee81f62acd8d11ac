"""Feeds: RSS 2.0, RSS 1.0 and Atom through feedparser, JSON Feed by a small reader of its own.

A feed is untrusted: bytes and items are capped and absurd documents refused before a parser sees
them, entities are refused, markup in titles is dropped, and a date that is none stays ``None``.
JSON Feed: https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsdesk.article import Link
from newsdesk.discover.asking import HTML_PAGE
from newsdesk.discover.documents import (
    ITEM,
    MAX_TAGS,
    refuse_absurd,
    refuse_declarations,
    root_of,
)
from newsdesk.discover.links import fold, make_link, plain
from newsdesk.discover.moments import believable, made_at, written_date
from newsdesk.errors import FeedError
from newsdesk.sources import Source

MAX_BYTES = 10_485_760
MAX_ITEMS = 2_000
"""Items of a feed that are read; the newest stand first, so the rest has been seen before."""

_MISTAKEN = {
    "html": f"{HTML_PAGE}, not a feed",
    "urlset": "a sitemap, not a feed: name it under news_sitemaps",
    "sitemapindex": "an index of sitemaps, not a feed",
}


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of any kind of feed, as written."""

    url: str
    title: object = None
    author: object = None
    section: object = None
    published: object = None
    updated: object = None


def parse_feed(
    body: bytes,
    *,
    url: str,
    source: Source,
    looked_at: dt.datetime,
    content_type: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_items: int = MAX_ITEMS,
) -> tuple[Link, ...]:
    """The stories a feed lists, in its order, each once.

    Items that are no story of the paper (``source.is_story``) are left out. Publication dates
    stand in ``published_hint`` and ``modified_hint`` in UTC, a bare date as noon in the paper's
    zone; those outside 1990 to one day after ``looked_at`` are dropped.

    Args:
        body: The feed, decoded as to content encoding.
        url: Where it was found; relative links start there.
        source: The paper.
        looked_at: When it was received; the links' ``seen_at``.
        content_type: The HTTP header's value, which may name the character encoding.
        max_bytes: A longer body is refused.
        max_items: Items after that many are not read.

    Returns:
        The links; none for a feed without items.

    Raises:
        FeedError: The body is no feed, or is too large or too odd to be read safely.
    """
    if len(body) > max_bytes:
        raise FeedError(url, f"longer than {max_bytes:,} bytes")
    try:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"{"):
            items = _json_items(body, url)
        else:
            items = _xml_items(body, url, content_type, max_items)
        return _links(items[:max_items], url, source, looked_at)
    except FeedError:
        raise
    except Exception as error:  # whatever a parser makes of a stranger's bytes
        raise FeedError(url, f"cannot be read: {type(error).__name__}: {error}"[:300]) from error


def _links(
    items: Sequence[_Item], url: str, source: Source, looked_at: dt.datetime
) -> tuple[Link, ...]:
    published = _dates([item.published for item in items], source, looked_at)
    updated = _dates([item.updated for item in items], source, looked_at)
    made = (
        make_link(
            source,
            item.url,
            base=url,
            via="look",
            seen_at=looked_at,
            published=first,
            modified=last,
            headline=plain(item.title),
            byline=plain(item.author),
            section=plain(item.section),
        )
        for item, first, last in zip(items, published, updated, strict=True)
    )
    return tuple(fold(link for link in made if link is not None).values())


def _dates(
    raw: Sequence[object], source: Source, looked_at: dt.datetime
) -> list[dt.datetime | None]:
    """One kind of date of every item; none at all when they only say when the feed was made."""
    zone = source.zone
    dates = [written_date(text, zone) if isinstance(text, str) else None for text in raw]
    if made_at(dates):
        return [None] * len(dates)
    return [believable(date, looked_at) for date in dates]


# -- XML --------------------------------------------------------------------------------------


def _xml_items(body: bytes, url: str, content_type: str | None, max_items: int) -> list[_Item]:
    from feedparser.encodings import convert_to_utf8

    from newsdesk.discover import feed_parser

    # The parser's own first step, taken here so that what is counted is what will be parsed.
    seen: dict[str, Any] = {"headers": {}}
    text = convert_to_utf8({"content-type": content_type or "application/xml"}, body, seen)
    root = root_of(text)
    if root in _MISTAKEN:
        raise FeedError(url, f"is {_MISTAKEN[root]}")
    refuse_declarations(text, url=url)
    text = _cut(text, root, max_items)
    refuse_absurd(text, url=url)
    encoding = "; charset=utf-8" if seen.get("encoding") else ""
    feed = feed_parser.parse(text, f"application/xml{encoding}")
    version = feed.get("version") or ""
    if not feed.entries and not version:
        raise FeedError(url, "is no feed: neither RSS, Atom nor JSON Feed")
    return [item for entry in feed.entries for item in _xml_item(entry, version)]


def _cut(text: bytes, root: str, max_items: int) -> bytes:
    """The document up to its first ``max_items`` items, closed again."""
    for count, found in enumerate(ITEM.finditer(text)):
        if count == max_items:
            closing = {"rss": b"</channel></rss>", "feed": b"</feed>", "rdf": b"</rdf:RDF>"}
            return text[: found.start()] + closing.get(root, b"")
    return text


def _xml_item(entry: Mapping[str, Any], version: str) -> Iterator[_Item]:
    url, name = entry.get("feedburner_origlink") or entry.get("link"), entry.get("id") or ""
    if not url or url == name:  # feedparser takes any GUID for a link that is missing
        url = name if name.startswith(("http://", "https://")) else None
    if not isinstance(url, str):
        return
    tags = entry.get("tags") or [{}]
    published = entry.get("published")
    # feedparser answers for "updated" with "published" when asked by key, and warns
    updated = entry.get("updated") if "updated" in entry else None
    if not published and not version.startswith("atom"):
        published, updated = updated, None  # in RSS, dc:date is when an item was published
    yield _Item(
        url=url,
        title=entry.get("title"),
        author=entry.get("author"),
        section=tags[0].get("label") or tags[0].get("term"),
        published=published,
        updated=updated,
    )


# -- JSON Feed --------------------------------------------------------------------------------


def _json_items(body: bytes, url: str) -> list[_Item]:
    if body.count(b"{") + body.count(b"[") > MAX_TAGS:
        raise FeedError(url, f"has more than {MAX_TAGS:,} objects")
    try:
        feed = json.loads(body.lstrip(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise FeedError(url, f"is no JSON Feed: {error}"[:200]) from error
    version, items = feed.get("version"), feed.get("items")
    if not (isinstance(version, str) and "jsonfeed.org" in version and isinstance(items, list)):
        raise FeedError(url, "is JSON, but no JSON Feed")
    return [item for entry in items if isinstance(entry, dict) for item in _json_item(entry)]


def _json_item(entry: Mapping[str, Any]) -> Iterator[_Item]:
    url = entry.get("url") or entry.get("external_url")
    if not isinstance(url, str):
        return
    authors = entry.get("authors")
    author = authors[0] if isinstance(authors, list) and authors else entry.get("author")
    tags = entry.get("tags")
    yield _Item(
        url=url,
        title=entry.get("title"),
        author=author.get("name") if isinstance(author, dict) else author,
        section=tags[0] if isinstance(tags, list) and tags else None,
        published=entry.get("date_published"),
        updated=entry.get("date_modified"),
    )
