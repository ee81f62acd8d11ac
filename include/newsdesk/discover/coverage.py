"""Which part of a day the looks at a paper prove, and which part they leave open.

A feed is a window on the newest stories. On the axis of the stories' own times:

* The first look at a feed proves the time from its oldest dated item to the look. An item older
  than one that stands after it (pinned, or sorted in by an edit) says nothing of the window.
* A later look that *chains* to the one before proves the time between the two: the window moved,
  but not past what was seen. Looks chain when they share a link, and not only a pinned one: the
  later look shows at least as many of the earlier look's links as it dropped, or one as new as
  the newest it dropped.
* A later look that does not chain proves the time from the oldest item it lists newly. When that
  item claims to be older than the look before, which did not show it, the dates are not to be
  believed and the look proves nothing but its own moment.

Each feed carries stories of its own: the paper is watched when every feed that was looked at is.
Looks that failed or showed nothing prove nothing; a feed that never failed and never showed
anything carries no stories and is left out. A date without a time proves only what follows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

from newsdesk.article import FeedLook, Link
from newsdesk.discover.moments import claimed

Span = tuple[dt.datetime, dt.datetime]
"""A stretch of time, its end exclusive."""


def unwatched(
    feeds: Iterable[Sequence[FeedLook]], start: dt.datetime, end: dt.datetime, zone: dt.tzinfo
) -> list[Span]:
    """What the looks at a paper leave open between two instants.

    Args:
        feeds: The looks at each feed, oldest first.
        start: Begin of the day, UTC.
        end: Its end, exclusive.
        zone: The paper's zone, for dates without a time.

    Returns:
        Parts open for at least one feed, in order, without overlap. Everything when no feed
        showed anything.
    """
    carrying = [looks for looks in feeds if any(look.links or look.error for look in looks)]
    if not any(look.links for looks in carrying for look in looks):
        return [(start, end)]
    open_parts = [part for looks in carrying for part in _open(looks, start, end, zone)]
    return _joined(open_parts)


def proven(looks: Sequence[FeedLook], zone: dt.tzinfo) -> list[Span]:
    """What the looks at one feed prove, a stretch for each look that showed something."""
    spans: list[Span] = []
    before: FeedLook | None = None
    for look in looks:
        if look.error is not None or not look.links:
            continue
        if before is None:
            since = _reach(look, look.links, zone)
        elif _chained(before, look):
            since = before.looked_at
        else:
            known = {link.article_id for link in before.links}
            since = _reach(look, [x for x in look.links if x.article_id not in known], zone)
            if since <= before.looked_at:
                since = look.looked_at
        spans.append((min(since, look.looked_at), look.looked_at))
        before = look
    return spans


def subtract(parts: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Some stretches of time without some others."""
    left = list(parts)
    for begin, end in taken:
        if begin >= end:
            continue
        left = [
            piece
            for part in left
            for piece in ((part[0], min(part[1], begin)), (max(part[0], end), part[1]))
            if piece[0] < piece[1]
        ]
    return _joined(left)


def _open(
    looks: Sequence[FeedLook], start: dt.datetime, end: dt.datetime, zone: dt.tzinfo
) -> list[Span]:
    return subtract([(start, end)], proven(looks, zone))


def _joined(parts: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, end in sorted(parts):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _time(link: Link) -> dt.datetime:
    """When a story came up: as it claims, but never after it was seen."""
    return min(link.published_hint or link.modified_hint or link.seen_at, link.seen_at)


def _chained(before: FeedLook, look: FeedLook) -> bool:
    now_listed = {link.article_id for link in look.links}
    shared = [_time(link) for link in before.links if link.article_id in now_listed]
    dropped = [_time(link) for link in before.links if link.article_id not in now_listed]
    if not shared:
        return False
    return len(shared) >= len(dropped) or max(shared) >= max(dropped)


def _reach(look: FeedLook, links: Sequence[Link], zone: dt.tzinfo) -> dt.datetime:
    """The oldest time whose stories some links of a look still show."""
    dated = [time for link in links if (time := link.published_hint or link.modified_hint)]
    if look.kind == "feed":
        dated = _in_order(dated)
    return min((claimed(time, zone).end for time in dated), default=look.looked_at)


def _in_order(times: Sequence[dt.datetime]) -> list[dt.datetime]:
    """Those that no later one in the list exceeds; a list that mostly grows is turned round."""
    rising = sum(a < b for a, b in pairwise(times))
    newest_last = 2 * rising > len(times) - 1
    kept: list[dt.datetime] = []
    for time in times if newest_last else reversed(times):
        if not kept or time >= kept[-1]:
            kept.append(time)
    return kept
