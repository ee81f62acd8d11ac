"""Sitemaps: ``urlset`` with news and image extensions, ``sitemapindex``, gzip, plain text.

Formats: https://www.sitemaps.org/protocol.html and Google's news and image extensions. The XML is
read as a stream, one entry in memory at a time, without DTDs, entities or network.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from newsdesk.article import Link
from newsdesk.discover.asking import HTML_PAGE
from newsdesk.discover.documents import refuse_declarations, root_of, unzipped
from newsdesk.discover.links import fold, make_link, plain
from newsdesk.discover.moments import Moment, believable, written_date
from newsdesk.errors import FeedError
from newsdesk.sources import Source

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES = 52_428_800
"""Largest sitemap when unpacked, by the protocol."""

MAX_ENTRIES = 50_000
"""Most entries of a sitemap, by the protocol."""

MAX_TAGS = 40 * MAX_ENTRIES
"""Most tags: what stands outside of entries stays in memory, some 120 bytes each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a sitemap.

    Attributes:
        url: As written.
        modified: ``lastmod``.
        published: ``news:publication_date``.
        title: ``news:title``.
        language: ``news:language``.
        images: Addresses of ``image:loc``.
    """

    url: str
    modified: Moment | None = None
    published: Moment | None = None
    title: str | None = None
    language: str | None = None
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """One sitemap of an index."""

    url: str
    modified: Moment | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap or an index of sitemaps lists.

    Attributes:
        url: Its own address.
        kind: ``urlset`` (also for plain text) or ``index``.
        entries: Pages, in its order.
        children: Sitemaps, in its order.
        whole: Whether everything was read; not so beyond 50,000 entries.
    """

    url: str
    kind: Literal["urlset", "index"]
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    whole: bool = True


def parse_sitemap(body: bytes, *, url: str, zone: dt.tzinfo = dt.UTC) -> Sitemap:
    """Reads a sitemap or an index of sitemaps.

    Args:
        body: As received; gzip is told by its first bytes.
        url: Its address, for errors.
        zone: Zone of dates that name none.

    Raises:
        FeedError: It is malformed, too large, or no sitemap; the error names the address.
    """
    body = unzipped(body, url=url, limit=MAX_BYTES)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:8].lower().startswith((b"http://", b"https://")):
        return _text(body, url)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = body.decode("utf-16", "replace").encode()  # the scans below need ASCII
        body = body.replace(b"UTF-16", b"UTF-8", 1).replace(b"utf-16", b"utf-8", 1)
    root = root_of(body)
    if root == "html":
        raise FeedError(url, f"is {HTML_PAGE}, not a sitemap")
    if root not in ("urlset", "sitemapindex"):
        raise FeedError(url, f"is no sitemap: its root element is {root or 'missing'}"[:200])
    if body.count(b"<") > MAX_TAGS:
        raise FeedError(url, f"has more than {MAX_TAGS:,} tags")
    refuse_declarations(body, url=url)
    entries: list[Entry] = []
    children: list[Child] = []
    whole = True
    for found in _elements(body, url, zone):
        if len(entries) + len(children) == MAX_ENTRIES:
            whole = False
            break
        if isinstance(found, Entry):
            entries.append(found)
        else:
            children.append(found)
    kind: Literal["urlset", "index"] = "index" if root == "sitemapindex" else "urlset"
    return Sitemap(url, kind, tuple(entries), tuple(children), whole)


def news_links(sitemap: Sitemap, source: Source, looked_at: dt.datetime) -> tuple[Link, ...]:
    """The stories of a news sitemap, in its order, each once.

    Raises:
        FeedError: It is an index of sitemaps.
    """
    if sitemap.kind == "index":
        raise FeedError(sitemap.url, "is an index of sitemaps: name the news sitemaps themselves")
    made = (
        make_link(
            source,
            entry.url,
            base=sitemap.url,
            via="news_sitemap",
            seen_at=looked_at,
            published=believable(entry.published, looked_at),
            modified=believable(entry.modified, looked_at),
            headline=entry.title,
        )
        for entry in sitemap.entries
    )
    return tuple(fold(link for link in made if link is not None).values())


def _text(body: bytes, url: str) -> Sitemap:
    lines = (line.strip() for line in body.decode("utf-8-sig", "replace").splitlines())
    urls = [line for line in lines if line.lower().startswith(("http://", "https://"))]
    entries = tuple(Entry(line) for line in urls[:MAX_ENTRIES])
    return Sitemap(url, "urlset", entries, whole=len(urls) <= MAX_ENTRIES)


def _elements(body: bytes, url: str, zone: dt.tzinfo) -> Iterator[Entry | Child]:
    from lxml import etree

    stream = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        huge_tree=False,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in stream:
            if found := _element(element, zone):
                yield found
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]  # else the elements that were read pile up under the root
    except etree.LxmlError as error:
        raise FeedError(url, f"malformed: {error}"[:300]) from error


def _element(element: etree._Element, zone: dt.tzinfo) -> Entry | Child | None:
    fields: dict[str, str] = {}
    images: list[str] = []
    for child in element:
        name = _name(child)
        if name == "news":
            for part in child.iter():
                fields.setdefault(f"news:{_name(part)}", (part.text or "").strip())
        elif name == "image":
            images += [(p.text or "").strip() for p in child if _name(p) == "loc"]
        else:
            fields.setdefault(name, (child.text or "").strip())
    url = fields.get("loc")
    if not url:
        return None
    modified = written_date(fields.get("lastmod", ""), zone)
    if _name(element) == "sitemap":
        return Child(url, modified)
    return Entry(
        url=url,
        modified=modified,
        published=written_date(fields.get("news:publication_date", ""), zone),
        title=plain(fields.get("news:title")),
        language=plain(fields.get("news:language")),
        images=tuple(images),
    )


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
