"""How soon a feed is looked at again: computed from the recorded looks, kept nowhere else.

A feed that works is looked at again when about half of what it shows is likely to be new: the
time between the last two looks, longer by as much as few of its items were new, at most doubled.
A feed in which all was new may have lost items between two looks, and is looked at twice as often.
A time much longer than the interval was, an outage, counts as twice the interval: what a feed shows
after it says little of its pace, and the busier it is the less.
A feed that failed is asked again by the kind of its failure, doubling the wait each time, and not
before the time that its host has named (Retry-After).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from newsdesk.article import Failure, FeedLook
from newsdesk.errors import AddressRefused, FetchError, NewsdeskError, RobotsRefused

SHORTEST, LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=6)
"""Bounds of every interval."""

LONGEST_REST = dt.timedelta(days=1)
"""How long a host may ask to be left alone; a day that is not looked at can be lost."""

FIRST = dt.timedelta(hours=1)
"""The interval after a first look, which says nothing of how fast a feed moves."""

NEW_SHARE = 0.5
"""Share of a feed's items that should be new at the next look: half is left for busy hours."""

RETRY: dict[Failure, dt.timedelta] = {
    "temporary": dt.timedelta(minutes=15),
    "soft": dt.timedelta(hours=1),
    "hard": LONGEST,
}
"""When a failed look is repeated first."""

_TEMPORARY = frozenset({408, 425, 429})
_HARD = frozenset({401, 410, 451})


def failure_of(error: NewsdeskError, status: int | None) -> Failure:
    """What kind of failure a look met.

    * *temporary*: no answer in time, a connection lost, a server's own error (5xx, 429).
    * *hard*: gone for good (410), behind a login (401, 451), refused by robots.txt or the guard.
    * *soft*: all else: not found, an HTML page, a feed that cannot be read. It may be mended.
    """
    if status is not None and status != 200:
        if status >= 500 or status in _TEMPORARY:
            return "temporary"
        return "hard" if status in _HARD else "soft"
    if isinstance(error, AddressRefused) or (
        isinstance(error, RobotsRefused) and error.code != "robots_unreachable"
    ):
        return "hard"
    return "temporary" if isinstance(error, FetchError) else "soft"


def due_at(looks: Sequence[FeedLook]) -> dt.datetime | None:
    """When a feed is to be looked at again.

    Args:
        looks: The recorded looks at it, oldest first; the last few are enough.

    Returns:
        UTC; ``None``: at once, since nobody has looked yet.
    """
    if not looks:
        return None
    failed = 0
    while failed < len(looks) and looks[-1 - failed].error is not None:
        failed += 1
    last = looks[-1]
    if failed:
        wait: dt.timedelta = RETRY[last.failure or "temporary"] * 2 ** min(failed - 1, 10)
    else:
        wait = _interval([look for look in looks if look.error is None])
    due = last.looked_at + _bounded(wait)
    return max(due, last.rest_until) if last.rest_until is not None else due


def rest(now: dt.datetime, seconds: float | None) -> dt.datetime | None:
    """Until when a host is left alone that has asked for some seconds; ``None`` if it has not."""
    if not seconds:
        return None
    return now + min(dt.timedelta(seconds=seconds), LONGEST_REST)


def _interval(good: Sequence[FeedLook]) -> dt.timedelta:
    """The interval after the last of some looks, each made from the one before it."""
    interval = FIRST
    for before, look in pairwise(good):
        if look.seen_share is None:
            interval = FIRST
            continue
        passed = min(look.looked_at - before.looked_at, 2 * interval)
        new = 1.0 - look.seen_share
        interval = _bounded(passed * min(2.0, NEW_SHARE / new if new > 0 else 2.0))
    return interval


def _bounded(interval: dt.timedelta) -> dt.timedelta:
    return min(max(interval, SHORTEST), LONGEST)
