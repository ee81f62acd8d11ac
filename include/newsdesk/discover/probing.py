"""What a paper's own pages say of where its stories are: the draft of its source file.

::

    front page     title, language, and the feeds that it names: ``rel=alternate`` first, then links
                   whose address looks like a feed's, one page of feeds between
    usual places   /rss, /feed ... where the front page names none
    robots.txt     sitemaps: those that date their entries as news are looked at like feeds
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from newsdesk.article import Link, Response
from newsdesk.discover.asking import HTML_PAGE, Asks, whole_body
from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.links import fold, plain
from newsdesk.discover.sitemaps import MAX_BYTES, Sitemap, news_links, parse_sitemap
from newsdesk.errors import FeedError, FetchError
from newsdesk.fields.urls import clean_url, host_of, path_of
from newsdesk.sources import Source

MAX_ASKED = 100
"""Most addresses that are tried as feeds."""

MAX_SITEMAPS = 12
"""Most sitemaps that are looked into."""

USUAL = ("rss", "feed", "rss.xml", "feed.xml", "atom.xml")
"""Where feeds mostly stand, tried when a front page names none."""

_ALTERNATE = "link[rel~=alternate][type*=rss], link[rel~=alternate][type*=atom]"
_LIKE_A_FEED = re.compile(r"/(?:rss|feeds?|atom)(?:[/._-]|$)|\.(?:rss|rdf|atom)$", re.IGNORECASE)
_NO_NEWS = re.compile(r"comment|podcast|/author/", re.IGNORECASE)
_TITLE_ENDS = re.compile(r"\s+[|–—:·-]\s+")


@dataclass(slots=True)
class Draft:
    """What was found.

    Attributes:
        title: As the paper prints its own name.
        language: Two letters.
        home: Its front page.
        domain: Its own domain.
        feeds: Feeds that list stories, with how many.
        news_sitemaps: News sitemaps, with how many stories they list.
        archives: Other sitemaps that robots.txt names.
        links: Stories that feeds and news sitemaps show, the newest first.
        problems: What was tried and was nothing, one line each.
    """

    title: str
    language: str
    home: str
    domain: str
    feeds: dict[str, int] = field(default_factory=dict)
    news_sitemaps: dict[str, int] = field(default_factory=dict)
    archives: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


async def probe(
    paper: Source,
    fetcher: Asks,
    now: dt.datetime,
    on_step: Callable[[str], None] = lambda step: None,
) -> Draft:
    """Asks a paper where its stories are; mostly some dozen requests, at the paper's pace.

    Args:
        paper: As much as is known of it: its home, and how it is fetched.
        fetcher: Who asks.
        now: UTC.
        on_step: Called with every address before it is asked.

    Raises:
        FetchError: The front page cannot be had.
        FeedError: It is no page.
    """
    response = await fetcher.get(paper.home, paper)
    page = LexborHTMLParser(whole_body(response))
    draft = _front(page, response)
    if path_of(paper.home) != "/":
        draft.problems.append(f"{paper.home}: its host is taken whole; [urls] can narrow it")
    own = paper.model_copy(update={"home": draft.home, "domains": (draft.domain,)})
    finding = _Finding(own, fetcher, now, draft, on_step)
    await finding.feeds(page, response.final_url)
    await finding.sitemaps()
    draft.links = sorted(fold(draft.links).values(), key=_newest_first)
    return draft


def _front(page: LexborHTMLParser, response: Response) -> Draft:
    host = host_of(response.final_url)
    scheme = response.final_url.partition(":")[0]
    title = next(filter(None, _metas(page)), None) or _own_name(page, host)
    root = page.css_first("html")
    language = (root.attributes.get("lang") or "").lower()[:2] if root else ""
    return Draft(
        title=title,
        language=language if re.fullmatch("[a-z]{2}", language) else "en",
        home=f"{scheme}://{response.final_url.split('/')[2]}/",
        domain=host.removeprefix("www."),
    )


def _metas(page: LexborHTMLParser) -> Iterator[str | None]:
    for name in ('meta[property="og:site_name"]', 'meta[name="application-name"]'):
        node = page.css_first(name)
        yield plain(node.attributes.get("content")) if node else None


def _own_name(page: LexborHTMLParser, host: str) -> str:
    """The part of the page's title that its host is named after, else the first part."""
    shown = page.css_first("title")
    parts = _TITLE_ENDS.split((plain(shown.text()) if shown else None) or host)
    known = host.replace("-", "")
    return next((x for x in parts if (name := _squeezed(x)) and name in known), parts[0])


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def _newest_first(link: Link) -> tuple[float, str]:
    return -(link.published_hint or link.seen_at).timestamp(), link.url


class _Finding:
    """The search for feeds and sitemaps of one paper."""

    def __init__(
        self,
        paper: Source,
        fetcher: Asks,
        now: dt.datetime,
        draft: Draft,
        on_step: Callable[[str], None],
    ) -> None:
        self._paper = paper
        self._fetcher = fetcher
        self._now = now
        self._draft = draft
        self._on_step = on_step
        self._tried: set[str] = set()

    async def feeds(self, page: LexborHTMLParser, base: str) -> None:
        """Tries what a front page names, else the usual places."""
        named = [*_addresses(page, _ALTERNATE, base), *_feed_like(page, base)]
        await self._try(named, deeper=True)
        if not self._draft.feeds:
            await self._try([f"{self._paper.home}{name}" for name in USUAL], deeper=False)

    async def sitemaps(self) -> None:
        """Looks into what robots.txt names, and one step below."""
        try:
            lines = await self._fetcher.sitemaps(self._paper)
        except FetchError as error:
            self._draft.problems.append(str(error))
            return
        waiting = [url for line in lines if (url := clean_url(line, self._paper.home))]
        self._draft.archives = list(waiting)
        for number, url in enumerate(waiting):
            if number == MAX_SITEMAPS:
                more = f"{url} and what follows: {MAX_SITEMAPS} sitemaps were tried"
                self._draft.problems.append(more)
                break
            sitemap = await self._sitemap(url)
            if sitemap is None:
                continue
            children = {clean_url(child.url, url): None for child in sitemap.children}
            news = (one for one in children if one and "news" in one and one not in waiting)
            waiting += islice(news, MAX_SITEMAPS)
            if any(entry.published for entry in sitemap.entries):
                links = news_links(sitemap, self._paper, self._now)
                self._draft.news_sitemaps[url] = len(links)
                self._draft.links += links
        self._draft.archives = [
            url for url in self._draft.archives if url not in self._draft.news_sitemaps
        ]

    async def _try(self, urls: Iterable[str], *, deeper: bool) -> None:
        for url in urls:
            if url in self._tried:
                continue
            if len(self._tried) == MAX_ASKED:
                self._draft.problems.append(f"{url} and what follows: {MAX_ASKED} were tried")
                return
            self._tried.add(url)
            self._on_step(f"asking {url}")
            try:
                response = await self._fetcher.get(url, self._paper)
                body = whole_body(response)
                kind = response.header("content-type")
                links = parse_feed(
                    body, url=url, source=self._paper, looked_at=self._now, content_type=kind
                )
            except (FetchError, FeedError) as error:
                if deeper and HTML_PAGE in str(error):  # a page that lists the feeds
                    listed = _feed_like(LexborHTMLParser(body), response.final_url)
                    await self._try(listed, deeper=False)
                else:
                    self._draft.problems.append(str(error))
                continue
            if links:
                self._draft.feeds[url] = len(links)
                self._draft.links += links
            else:
                self._draft.problems.append(f"{url}: lists no story of the paper")

    async def _sitemap(self, url: str) -> Sitemap | None:
        self._on_step(f"asking {url}")
        try:
            response = await self._fetcher.get(url, self._paper, max_bytes=MAX_BYTES)
            return parse_sitemap(whole_body(response), url=url, zone=self._paper.zone)
        except (FetchError, FeedError) as error:
            self._draft.problems.append(str(error))
            return None


def _feed_like(page: LexborHTMLParser, base: str) -> Iterator[str]:
    for url in _addresses(page, "a[href]", base):
        if _LIKE_A_FEED.search(url.partition("?")[0]):
            yield url


def _addresses(page: LexborHTMLParser, css: str, base: str) -> Iterator[str]:
    for node in page.css(css):
        url = clean_url(node.attributes.get("href") or "", base)
        if url and not _NO_NEWS.search(url):
            yield url
