"""Links: made from what a document claims, and folded to one per story."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from dataclasses import replace

from newsdesk.article import Copy, Link, Via
from newsdesk.fields.urls import clean_url
from newsdesk.sources import Source

_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,2000}>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_LONGEST = 1_000
_KEEPERS: tuple[Via, ...] = ("landed", "cc_news", "common_crawl", "wayback")


def make_link(
    source: Source,
    url: str,
    *,
    base: str,
    via: Via,
    seen_at: dt.datetime,
    published: dt.datetime | None = None,
    modified: dt.datetime | None = None,
    headline: str | None = None,
    byline: str | None = None,
    section: str | None = None,
    copies: tuple[Copy, ...] = (),
) -> Link | None:
    """A link to a story; ``None`` when the address is unusable or no story of the paper."""
    cleaned = clean_url(url, base)
    if cleaned is None or not source.is_story(cleaned):
        return None
    return Link(
        source=source.name,
        url=cleaned,
        article_id=source.article_id(cleaned),
        via=(via,),
        seen_at=seen_at,
        published_hint=published,
        modified_hint=modified,
        headline_hint=headline,
        byline_hint=byline,
        section_hint=section,
        copies=copies,
    )


def fold(links: Iterable[Link]) -> dict[str, Link]:
    """One link per story, by identifier, in the order of first appearance.

    The first link's claims win over those of later ones; ``seen_at`` is the least, ``via`` and
    ``copies`` the union, ``modified_hint`` the latest, ``url`` the shortest.
    """
    folded: dict[str, Link] = {}
    for link in links:
        known = folded.get(link.article_id)
        folded[link.article_id] = link if known is None else _both(known, link)
    return folded


def plain(text: object) -> str | None:
    r"""One line of text as a reader sees it: no markup, no control characters; ``None`` if empty.

    >>> plain(" Rain &amp; <b>wind</b>\x00 ")
    'Rain & wind'
    """
    if not isinstance(text, str):
        return None
    text = html.unescape(_TAG.sub(" ", text[: 4 * _LONGEST]))
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST].strip() or None


def _both(first: Link, other: Link) -> Link:
    changes = [m for m in (first.modified_hint, other.modified_hint) if m is not None]
    return replace(
        first,
        url=min(first.url, other.url, key=lambda url: (len(url), url)),
        via=tuple(sorted({*first.via, *other.via})),
        seen_at=min(first.seen_at, other.seen_at),
        published_hint=first.published_hint or other.published_hint,
        modified_hint=max(changes, default=None),
        headline_hint=first.headline_hint or other.headline_hint,
        byline_hint=first.byline_hint or other.byline_hint,
        section_hint=first.section_hint or other.section_hint,
        copies=tuple(sorted({*first.copies, *other.copies}, key=_nearest)),
    )


def _nearest(copy: Copy) -> tuple[int, dt.datetime, str, int]:
    """Own copies first, then in the order in which archives are asked; the earliest first."""
    return _KEEPERS.index(copy.via), copy.captured_at, copy.key, copy.offset
