"""Where a page is had from: our own bucket, a web archive, or the paper itself."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

from newsdesk.archives import Archives
from newsdesk.article import Capture, CaptureRef, Copy, Link, Response
from newsdesk.discover.archived import copies_of, get_copy, kept_by
from newsdesk.errors import FetchError
from newsdesk.fetch import Fetcher
from newsdesk.sources import Source
from newsdesk.steps.earlier import Earlier

log = logging.getLogger(__name__)

Outcome = Response | FetchError

GONE = frozenset({404, 410})


class Pages:
    """Gets pages from whoever has them.

    Args:
        sources: The papers.
        fetcher: Who asks papers.
        archives: Who asks web archives.
        day: The run's day.
        held: Stories that we hold a version of: what the paper has taken down since is not
            searched for in archives.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        fetcher: Fetcher,
        archives: Archives,
        day: dt.date,
        held: Collection[str],
    ) -> None:
        self._sources = sources
        self._fetcher = fetcher
        self._archives = archives
        self._day = day
        self._held = held

    async def get(self, link: Link, earlier: Earlier | None) -> Outcome:
        """A page, or why it cannot be had.

        What only archives know of comes from them, and from the paper if they fail; everything
        else from the paper, and from its archives when it is gone there.
        """
        try:
            source = self._sources[link.source]
            if kept_by(link) is not None and (copy := await self._first(link.copies)):
                return replace(copy, url=link.url)
            answer = await self._live(link, source, earlier)
            if answer.status in GONE and link.article_id not in self._held:
                return await self._rescued(link, source) or answer
            return answer
        except FetchError as error:
            return error
        except Exception as error:  # one odd page must not stop the others of its shard
            log.exception("fetching %s failed", link.url)
            return FetchError(link.url, f"{type(error).__name__}: {error}"[:300])

    async def _live(self, link: Link, source: Source, earlier: Earlier | None) -> Response:
        return await self._fetcher.get(
            link.url,
            source,
            etag=earlier.etag if earlier else None,
            last_modified=earlier.last_modified if earlier and not earlier.etag else None,
            mined=True,
        )

    async def _rescued(self, link: Link, source: Source) -> Response | None:
        """The page from one of the paper's archives."""
        if not source.discover.archives:
            return None
        copies = await copies_of(self._archives, link, source, self._day)
        found = await self._first(copies)
        return replace(found, url=link.url) if found is not None else None

    async def _first(self, copies: Collection[Copy]) -> Response | None:
        """The first capture that can be had."""
        for copy in copies:
            if copy.ours:
                continue
            try:
                return await get_copy(self._archives, copy)
            except FetchError as error:
                log.warning("%s", error)
        return None


def capture_from(link: Link, copy: Copy, source: Source) -> Capture:
    """The record of a page that lies in our bucket already; of one that opts out, its refusal."""
    refused = not copy.digest or (source.fetch.obey_opt_out and bool(copy.opt_out))
    return Capture(
        link=link,
        fate="refused" if refused else None,
        reason="opt_out" if refused else None,
        captured_at=copy.captured_at,
        final_url=copy.url,
        status=200,
        content_type=copy.content_type,
        ref=None if refused else CaptureRef(copy.key, copy.offset, copy.length, copy.digest),
        opt_out=copy.opt_out,
    )
