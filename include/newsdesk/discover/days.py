"""A paper's day: every strategy in turn, each about what the ones before it left open.

Looks and own landed pages cost nothing and are always asked; archive sitemaps, Common Crawl and
the Wayback Machine only while a part of the day is unproven. The answer depends on what is recorded
and on what the archives list alone: the same gives the same ``Discovery``.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from newsdesk import article
from newsdesk.archives import Access, Archives
from newsdesk.article import Capture, Discovery, FeedLook, Inquiry, Link, Look
from newsdesk.discover.archive_sitemaps import ArchiveSitemaps
from newsdesk.discover.archived import WEB_ARCHIVES, CommonCrawl, Wayback
from newsdesk.discover.asking import Asks
from newsdesk.discover.coverage import Span, subtract, unwatched
from newsdesk.discover.landed import Landed
from newsdesk.discover.links import fold
from newsdesk.discover.listed import Listed
from newsdesk.discover.moments import claimed
from newsdesk.discover.strategy import Found, Offer, Strategy, bounds
from newsdesk.errors import OverBudget
from newsdesk.fields.urls import host_of
from newsdesk.sources import Source

log = logging.getLogger(__name__)

FREE: frozenset[article.Strategy] = frozenset({"looks", "landed"})
"""Strategies that ask no network, and so are asked whether the day is proven or not."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Recorded looks as a strategy.

    Attributes:
        looks: Of this paper and others, in any order: those of the day and, as far as they exist,
            of the days after it and the day before.
    """

    looks: Sequence[Look]
    name: article.Strategy = "looks"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``: nothing to list, and the pages."""
        feeds = _feeds_of(source, self.looks)
        stories = len(_links_of_day(feeds.values(), *bounds(day), source.zone))
        if not stories:
            return None
        return Offer(
            "looks",
            host=host_of(source.home),
            stories=stories,
            pages=stories,
            page_pause=source.fetch.pause_seconds,
        )

    def gaps(self, source: Source, day: dt.date) -> list[Span]:
        """What the looks leave open of a UTC day."""
        feeds = _feeds_of(source, self.looks)
        return unwatched(feeds.values(), *bounds(day), source.zone)

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``."""
        seen = _links_of_day(_feeds_of(source, self.looks).values(), *bounds(day), source.zone)
        proven = subtract([bounds(day)], self.gaps(source, day))
        return Found(links=list(seen.values()), proven=proven)


def strategies(
    *,
    looks: Sequence[Look],
    landed: Sequence[Capture],
    listed: Sequence[Listed],
    fetcher: Asks | None,
    archives: Archives | Access,
    now: dt.datetime,
) -> tuple[Strategy, ...]:
    """Every strategy, in the order in which they are asked.

    Args:
        looks: Recorded looks.
        landed: Landed pages that wait for a run.
        listed: What was harvested from archive sitemaps.
        fetcher: Who asks papers; ``None`` for offers alone.
        archives: Who asks web archives; for offers alone, how they are reached.
        now: UTC.
    """
    return (
        Looks(looks),
        Landed(landed),
        ArchiveSitemaps(fetcher, now, listed),
        CommonCrawl(archives),
        Wayback(archives),
    )


async def discover_day(
    source: Source,
    day: dt.date,
    *,
    looks: Sequence[Look],
    fetcher: Asks,
    now: dt.datetime,
    landed: Sequence[Capture] = (),
    listed: Sequence[Listed] = (),
    archives: Archives | None = None,
    told: Callable[[Collection[str]], bool] = lambda stories: not stories,
) -> Discovery:
    """Says which stories a UTC day of a paper had.

    Looks come first; ``coverage`` says what they prove. Where a gap is left, the next strategy is
    asked too, and the links of all are folded. What none proves stays as ``gap_from`` and
    ``gap_to``, the hull of all gaps. A day that has not ended has a gap to its end. Web archives
    prove nothing: they hold what their crawlers met.

    A story is of the day when a date that is claimed for it, of publication or of a change, lies
    in it; a story without any date, when it was seen first in it. A date without a time counts
    for both UTC days that it may mean.

    Args:
        source: The paper.
        day: UTC.
        looks: Recorded looks, of this paper and others, in any order: those of the day and, as
            far as they exist, of the days after it and the day before.
        fetcher: Who asks for archive sitemaps.
        now: UTC; the ``seen_at`` of what an archive lists.
        landed: Landed pages of the day that wait for a run.
        listed: What was harvested of the day from archive sitemaps.
        archives: Who asks web archives; without it none is asked.
        told: Whether runs have told what became of all of some stories, by ``article_id``.

    Returns:
        At most ``source.fetch.max_pages`` links, by address. A paper that cannot be asked gives
        strategy ``none`` and an ``error``; nothing is raised for it. One for which a client has no
        requests left (``budget.Rationed``) is ``over_budget``: no other strategy is asked then.
    """
    whole = [bounds(day)]
    left = list(whole)
    links: list[Link] = []
    seen: set[str] = set()
    asked: list[str] = []
    inquiries: list[Inquiry] = []
    main: article.Strategy = "none"
    over: str | None = None
    for strategy in strategies(
        looks=looks,
        landed=landed,
        listed=listed,
        fetcher=fetcher,
        archives=archives or Access(),
        now=now,
    ):
        if not left and strategy.name not in FREE:
            continue
        if archives is None and strategy.name in WEB_ARCHIVES:
            continue
        try:
            found = await _ask(strategy, source, day)
        except OverBudget as error:
            over = (
                f"{source.name}: over_budget: {strategy.name} is not asked on about {day}, {error}"
            )
            break  # nothing of the paper will be fetched
        if found is None:
            continue
        links += found.links
        asked += found.asked
        if strategy.name == "looks":
            seen = {link.article_id for link in found.links}
        still = subtract(left, found.proven)
        for one in found.likely:
            closed = subtract(still, [one.span])
            if closed != still and told(one.stories):
                still = closed
        if found.links or still != left:
            main = strategy.name
        left = still
        inquiries.append(
            Inquiry(strategy.name, len(found.links), found.requests, tuple(found.problems))
        )
    stories = fold(links)
    # where there are too many, those that a look has shown come first
    ranked = sorted(stories.values(), key=lambda link: (link.article_id not in seen, link.url))
    kept, cut = ranked[: source.fetch.max_pages], ranked[source.fetch.max_pages :]
    if cut:
        log.warning("%s on %s: fetch.max_pages leaves out %d stories", source.name, day, len(cut))
        left = whole
    return Discovery(
        source=source.name,
        day=day,
        strategy=main,
        links=tuple(sorted(kept, key=lambda link: (link.url, link.article_id))),
        gap_from=left[0][0] if left else None,
        gap_to=left[-1][1] if left else None,
        error=over or (_why_none(source, day, inquiries, asked) if main == "none" else None),
        inquiries=tuple(inquiries),
        over_budget=over is not None,
    )


async def _ask(strategy: Strategy, source: Source, day: dt.date) -> Found | None:
    """What a strategy finds; ``None`` when it cannot serve the paper.

    Raises:
        OverBudget: It would ask a host for more than the run may.
    """
    if strategy.offers(source, day) is None and strategy.name != "looks":
        return None  # looks may prove a day without stories
    try:
        return await strategy.find(source, day)
    except OverBudget:
        raise
    except Exception as error:  # one broken paper must not stop the others
        log.exception("asking %s about %s failed", strategy.name, source.name)
        return Found(problems=[f"{type(error).__name__}: {error}"[:300]])


def _feeds_of(source: Source, looks: Iterable[Look]) -> dict[str, list[FeedLook]]:
    """The looks at each feed of a paper, oldest first.

    Feeds that the source file no longer names are left out, unless it names none of those that
    were looked at.
    """
    feeds: dict[str, list[FeedLook]] = defaultdict(list)
    for look in sorted(looks, key=lambda look: (look.looked_at, look.shard)):
        for name, feed in look.feeds:
            if name == source.name:
                feeds[feed.url].append(feed)
    named = {*source.discover.feeds, *source.discover.news_sitemaps}
    return {url: feeds[url] for url in sorted(feeds) if url in named or not named & feeds.keys()}


def _links_of_day(
    feeds: Iterable[Sequence[FeedLook]], start: dt.datetime, end: dt.datetime, zone: dt.tzinfo
) -> dict[str, Link]:
    """The stories of the day among all that the looks show; the newest look's claims win."""
    sightings: dict[str, list[tuple[dt.datetime, str, Link]]] = defaultdict(list)
    for looks in feeds:
        for look in looks:
            for link in look.links:
                sightings[link.article_id].append((look.looked_at, look.url, link))
    stories: list[Link] = []
    for seen in sightings.values():
        links = [link for _, _, link in sorted(seen, key=lambda s: s[:2], reverse=True)]
        if _of_day(links, start, end, zone):
            stories += links
    return fold(stories)


def _of_day(links: Sequence[Link], start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> bool:
    claims = {hint for link in links for hint in (link.published_hint, link.modified_hint) if hint}
    if any(claimed(instant, zone).touches(start, end) for instant in claims):
        return True
    if any(link.published_hint for link in links):
        return False
    return start <= min(link.seen_at for link in links) < end


def _why_none(
    source: Source, day: dt.date, inquiries: Sequence[Inquiry], asked: Sequence[str]
) -> str:
    problems = [problem for inquiry in inquiries for problem in inquiry.problems]
    files = [url for url in asked if "/" in url]
    if problems:
        why = problems[0]
    elif files:
        why = f"none of {len(files)} sitemaps lists it, such as {files[0]}"
    elif asked:
        why = f"no archive holds anything of {asked[0]}"
    else:
        why = "no archive sitemap to ask"
    return f"{source.name}: no look shows {day}; {why}"
