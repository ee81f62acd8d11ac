"""When a failed try is repeated, how soon, and how long a page may take in all."""

from __future__ import annotations

import datetime as dt
import email.utils
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

REPEATED = frozenset({429, 500, 502, 503, 504})
"""Statuses that another try may turn into a better one."""

BUSY = frozenset({429, 503})
"""Statuses with which a host says that it is asked too much; their Retry-After counts."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how soon a page is tried again.

    Attributes:
        tries: Most tries, the first included.
        first_wait: Seconds before the second try; doubled before each later one.
        longest_wait: Most seconds to wait for one try. A host that asks for more (Retry-After) is
            asked nothing until then.
    """

    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0

    def wait(self, tried: int) -> float:
        """Seconds to wait after a number of tries: exponential, with jitter down to a half."""
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        return min(self.longest_wait, self.first_wait * 2.0 ** (tried - 1)) * jitter


class Allowance:
    """The time that all tries of a page may take on the network, waiting for turns apart.

    Args:
        seconds: All of it.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.left = seconds

    @property
    def for_headers(self) -> float:
        """Seconds in which an answer must begin.

        Half of all, so that a silent server leaves time for a second try.
        """
        return min(self.left, self.seconds / 2)

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Takes what the block needs off the allowance."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.left = max(0.0, self.left - (time.monotonic() - started))


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, section 10.2.3).

    Args:
        value: The header: seconds, or an HTTP date.
        now: UTC.

    Returns:
        ``None`` when there is none, or it is malformed.

    >>> retry_after("120", dt.datetime(2022, 1, 13, tzinfo=dt.UTC))
    120.0
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = email.utils.parsedate_to_datetime(value)
        if at.tzinfo is None:
            at = at.replace(tzinfo=dt.UTC)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, OverflowError):
        return None
