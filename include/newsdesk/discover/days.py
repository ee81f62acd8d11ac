"""A paper's day: what the looks know of it, and what archive sitemaps add where nobody looked.

The answer depends on the recorded looks and on the archive alone: the same looks and the same
sitemaps give the same ``Discovery``.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from newsdesk.article import Discovery, FeedLook, Link, Look, Strategy
from newsdesk.discover.archives import Archive, ask_archives
from newsdesk.discover.asking import Asks
from newsdesk.discover.coverage import subtract, unwatched
from newsdesk.discover.links import fold
from newsdesk.discover.moments import claimed
from newsdesk.sources import Source

log = logging.getLogger(__name__)


async def discover_day(
    source: Source,
    day: dt.date,
    *,
    looks: Sequence[Look],
    fetcher: Asks,
    now: dt.datetime,
) -> Discovery:
    """Says which stories a UTC day of a paper had.

    Looks come first; ``coverage`` says what they prove. Where they leave a gap, archive sitemaps
    are asked too, and the links of both are folded. What neither proves stays as ``gap_from`` and
    ``gap_to``, the hull of all gaps. A day that has not ended has a gap to its end.

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

    Returns:
        At most ``source.fetch.max_pages`` links, by address. A paper that cannot be asked gives
        strategy ``none`` and an ``error``; nothing is raised for it.
    """
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    end = start + dt.timedelta(days=1)
    feeds = _feeds_of(source, looks)
    seen = _links_of_day(feeds.values(), start, end, source.zone)
    gaps = unwatched(feeds.values(), start, end, source.zone)
    archive = Archive()
    if gaps:
        try:
            archive = await ask_archives(source, day, fetcher, now)
        except Exception as error:  # one broken paper must not stop the others
            log.exception("asking the archive of %s failed", source.name)
            archive.problems.append(f"{type(error).__name__}: {error}"[:300])
    left = subtract(gaps, archive.proven)
    stories = fold([*seen.values(), *archive.links])
    strategy: Strategy = "none"
    if archive.links or left != gaps:
        strategy = "archive_sitemaps"
    elif seen or gaps != [(start, end)]:
        strategy = "looks"
    # where there are too many, those that a look has shown come first
    ranked = sorted(stories.values(), key=lambda link: (link.article_id not in seen, link.url))
    links, cut = ranked[: source.fetch.max_pages], ranked[source.fetch.max_pages :]
    if cut:
        log.warning("%s on %s: fetch.max_pages leaves out %d stories", source.name, day, len(cut))
        left = [(start, end)]
    return Discovery(
        source=source.name,
        day=day,
        strategy=strategy,
        links=tuple(sorted(links, key=lambda link: (link.url, link.article_id))),
        gap_from=left[0][0] if left else None,
        gap_to=left[-1][1] if left else None,
        error=_why_none(source, day, archive) if strategy == "none" else None,
    )


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


def _why_none(source: Source, day: dt.date, archive: Archive) -> str:
    if archive.problems:
        why = archive.problems[0]
    elif archive.asked:
        why = f"none of {len(archive.asked)} sitemaps lists it, such as {archive.asked[0]}"
    else:
        why = "no archive sitemap to ask"
    return f"{source.name}: no look shows {day}; {why}"
