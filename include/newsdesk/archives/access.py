"""Where the archives answer, how slowly they are asked, and how an answer becomes an error."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from newsdesk.archives.bucket import Bucket
from newsdesk.article import Copy, Response
from newsdesk.errors import FetchError
from newsdesk.fetch.tries import Patience
from newsdesk.sources import Fetch, Source

Endpoint = Literal["common_crawl_index", "common_crawl_data", "wayback_index", "wayback"]

_HOMES: Mapping[Endpoint, str] = {
    "common_crawl_index": "https://index.commoncrawl.org/",
    "common_crawl_data": "https://data.commoncrawl.org/",
    "wayback_index": "https://web.archive.org/",
    "wayback": "https://web.archive.org/",
}
_PAUSES: Mapping[Endpoint, float] = {
    "common_crawl_index": 1.0,
    "common_crawl_data": 0.55,
    "wayback_index": 60 / 24,
    "wayback": 60 / 480,
}
"""Seconds between two requests of all clients together. The Internet Archive blocks clients above
30 index and 600 page requests a minute, Common Crawl asks for one index request a second."""

_BUSY_WAIT = 15.0
"""Seconds before the second try, times the pace: an archive that is asked too much often says so
without Retry-After, or by not answering at all."""

MAX_LISTING = 67_108_864
"""Most bytes of one page of an index."""


@dataclass(frozen=True)
class Access:
    """How the archives are reached.

    Attributes:
        via: Addresses that stand in for the archives' own, by endpoint: a mirror of your own.
        buckets: Buckets that do, by endpoint; they are asked without a pause.
        pace: What pauses are multiplied by: so many tasks may ask one archive at once before they
            share its pause; see ``fetch.sharing``. 0 suits a mirror of your own.
    """

    via: Mapping[str, str] = field(default_factory=dict)
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    pace: float = 4.0

    @cached_property
    def papers(self) -> dict[Endpoint, Source]:
        """Each endpoint as a paper, as a fetcher knows them: a pace, limits, an address."""
        return {
            name: Source(
                name=name,
                title=name,
                home=home,
                domains=(home.split("/")[2],),
                language="en",
                fetch=Fetch(
                    pause_seconds=_PAUSES[name] * self.pace,
                    timeout_seconds=120,
                    max_bytes=MAX_LISTING,
                    fetch_via=self.via.get(name),
                ),
            )
            for name, home in _HOMES.items()
        }

    @property
    def patience(self) -> Patience:
        """How failed tries are repeated."""
        return Patience(tries=4, first_wait=min(_BUSY_WAIT * self.pace, 60.0), longest_wait=60.0)

    def pause(self, endpoint: Endpoint) -> float:
        """Seconds between two requests of one task."""
        return 0.0 if endpoint in self.buckets else self.papers[endpoint].fetch.pause_seconds


class AsksArchives(Protocol):
    """The part of ``newsdesk.fetch.Fetcher`` that is used for archives."""

    async def ask(
        self,
        url: str,
        source: Source,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """The final response, whatever its status.

        Raises:
            FetchError: There is none.
        """


class Archives:
    """The archives as one task asks them.

    Args:
        fetcher: Who asks; keeps the pace.
        access: How they are reached.
    """

    def __init__(self, fetcher: AsksArchives, access: Access) -> None:
        self._fetcher = fetcher
        self._access = access
        self._once: dict[tuple[Endpoint, str], asyncio.Future[Response]] = {}

    def pause(self, endpoint: Endpoint) -> float:
        """Seconds between two requests of one task."""
        return self._access.pause(endpoint)

    async def ask(
        self,
        endpoint: Endpoint,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """The answer of one endpoint to a path with its query.

        Raises:
            FetchError: There is none, or it is about the archive's own state: too much asked,
                out of order.
        """
        paper = self._access.papers[endpoint]
        url = paper.home + path
        if bucket := self._access.buckets.get(endpoint):
            return await bucket.ask(url, path, headers or {})
        response = await self._fetcher.ask(url, paper, headers=headers, max_bytes=max_bytes)
        if response.status == 429 or response.status >= 500:
            raise FetchError(
                url, f"the archive answers {response.status}", code=f"archive_{response.status}"
            )
        return response

    async def ask_once(self, endpoint: Endpoint, path: str) -> tuple[Response, bool]:
        """Like ``ask``, for what is the same for everybody: asked once, also side by side.

        What failed is asked for again by the next one, not by those who waited for it.

        Returns:
            The answer, and whether it was asked for now.

        Raises:
            FetchError: See ``ask``.
        """
        key = (endpoint, path)
        asked = self._once.get(key)
        now = asked is None
        if asked is None:
            asked = self._once[key] = asyncio.ensure_future(self.ask(endpoint, path))
        try:
            return await asyncio.shield(asked), now
        except FetchError:
            if self._once.get(key) is asked:
                del self._once[key]
            raise


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in which captures were made; the end is exclusive, both are UTC."""

    begin: dt.datetime
    end: dt.datetime

    @property
    def first(self) -> str:
        """The begin as 14 digits."""
        return f"{self.begin:%Y%m%d%H%M%S}"

    @property
    def last(self) -> str:
        """The last whole second as 14 digits: indexes take both bounds as inclusive."""
        return f"{self.end - dt.timedelta(seconds=1):%Y%m%d%H%M%S}"


@dataclass(slots=True)
class Listing:
    """What an archive's index says.

    Attributes:
        copies: Good captures of HTML pages, in the index's order.
        requests: Requests that it took.
        problems: What could not be had or read, one line each naming the address.
    """

    copies: list[Copy] = field(default_factory=list)
    requests: int = 0
    problems: list[str] = field(default_factory=list)


def moment_of(digits: str) -> dt.datetime | None:
    """The instant of an index's timestamp; ``None`` when it is none.

    >>> moment_of("20220113105200").isoformat()
    '2022-01-13T10:52:00+00:00'
    >>> moment_of("20220230000000")
    """
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def is_html(content_type: str | None) -> bool:
    """Whether an index calls a capture a page; some do not know."""
    return (content_type or "unk").partition(";")[0].strip().lower() in (
        "text/html",
        "application/xhtml+xml",
        "unk",
        "-",
    )
