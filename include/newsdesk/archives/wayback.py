"""The Wayback Machine: its index (CDX server) and playback of captures as they were received.

What its clients learned the hard way: the resume key of a page is already percent-encoded and is
encoded again when sent; the next page may repeat the last lines; a site that is excluded answers
403 in the index, and in playback 200 with a page that is no capture (no ``Memento-Datetime``).
"""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from newsdesk.archives.access import Archives, Listing, Window, is_html, moment_of
from newsdesk.article import Copy, Response
from newsdesk.errors import FeedError, FetchError
from newsdesk.fetch.optout import signals

HOME = "https://web.archive.org/"

PAGE = 3_000
"""Lines of one page of the index."""

MAX_PAGES = 40
"""Most pages that are read for one domain."""

_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_OWN_PORT = re.compile(r"^(http://[^/:]+):80(?=/)|^(https://[^/:]+):443(?=/)")
_ORIGINAL = "x-archive-orig-"
_REPLAYED = re.compile(r"/web/\d{14}id_/(https?:/.+)")


async def listing(
    archives: Archives, target: str, window: Window, *, match: str = "domain"
) -> Listing:
    """The good captures of a paper's pages that were made in a stretch of time.

    Args:
        archives: Who is asked.
        target: A domain, or one URL.
        window: When they were made.
        match: ``domain``, or ``exact`` for one URL.
    """
    found = Listing()
    query = {
        "url": target,
        "matchType": match,
        "from": window.first,
        "to": window.last,
        "output": "json",
        "fl": ",".join(_FIELDS),
        "limit": str(PAGE),
        "showResumeKey": "true",
        "gzip": "false",
    }
    asked = f"cdx/search/cdx?{urlencode(query)}&filter=statuscode:200&filter=mimetype:text/html"
    keys: list[str] = []
    before: list[Any] = []
    while True:
        path = asked
        if keys:
            path += f"&{urlencode({'resumeKey': keys[-1]})}"
        try:
            found.requests += 1
            rows, key = _page(await archives.ask("wayback_index", path))
        except (FetchError, FeedError) as error:
            found.problems.append(str(error))
            return found
        for row in rows:
            if row != before and (copy := _copy(row)):
                found.copies.append(copy)
            before = row
        if key is None:
            return found
        if key in keys or len(keys) + 1 == MAX_PAGES:
            found.problems.append(f"{HOME}cdx/search/cdx: {target} lists more than is read")
            return found
        keys.append(key)


async def get(archives: Archives, copy: Copy) -> Response:
    """One capture, with the time at which it was made.

    A redirect is followed: to the time of the nearest capture, or as it was archived.

    Raises:
        FetchError: What is answered is no capture of a page.
    """
    url = address_of(copy)
    response = await archives.ask("wayback", url.removeprefix(HOME), max_bytes=10_485_760)
    said = response.header("memento-datetime")
    if response.status != 200:
        raise FetchError(
            url, f"the archive answers {response.status}", code=f"archive_{response.status}"
        )
    if said is None:
        raise FetchError(url, "the archive shows a page of its own", code="archive_blocked")
    try:
        captured_at = email.utils.parsedate_to_datetime(said)
    except ValueError:
        raise FetchError(url, f"was captured at {said[:40]!r}", code="archive_record") from None
    replayed = _REPLAYED.search(response.final_url)
    return replace(
        response,
        url=copy.url,
        final_url=_plain(replayed[1]) if replayed else copy.url,
        received_at=captured_at,
        moved_to=None,
        opt_out=signals(replace(response, headers=_original(response))),
        archive_url=url,
    )


def address_of(copy: Copy) -> str:
    """Where a capture is played back as it was received."""
    return f"{HOME}web/{copy.captured_at:%Y%m%d%H%M%S}id_/{copy.url}"


def _original(response: Response) -> tuple[tuple[str, str], ...]:
    """The header lines that the paper sent; the archive's own are not the paper's word."""
    return tuple(
        (name[len(_ORIGINAL) :], value)
        for name, value in response.headers
        if name.lower().startswith(_ORIGINAL)
    )


def _page(response: Response) -> tuple[Iterator[list[Any]], str | None]:
    """The lines of a page of the index, and the key of the next page if there is one."""
    if response.status != 200:
        why = response.body[:200].decode("utf-8", "replace")
        blocked = "AccessControl" in why or response.header("x-archive-wayback-runtime-error")
        said = "the archive excludes it" if blocked else f"answers {response.status}"
        raise FeedError(response.url, said)
    try:
        lines = json.loads(response.body)
    except ValueError:
        raise FeedError(response.url, "answers no JSON") from None
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        raise FeedError(response.url, "is no index page")
    key = None
    if len(lines) >= 2 and lines[-2] == [] and len(lines[-1]) == 1:
        key = str(lines[-1][0])
        lines = lines[:-2]
    return (line for line in lines[1:] if len(line) == len(_FIELDS)), key


def _copy(row: list[Any]) -> Copy | None:
    line = dict(zip(_FIELDS, map(str, row), strict=True))
    at = moment_of(line["timestamp"])
    if at is None or line["statuscode"] != "200" or not is_html(line["mimetype"]):
        return None
    url = _plain(line["original"])
    return Copy(via="wayback", url=url, captured_at=at, content_type=line["mimetype"])


def _plain(url: str) -> str:
    """Without the scheme's own port, which old captures were asked for with.

    >>> _plain("http://www.example.org:80/a")
    'http://www.example.org/a'
    """
    return _OWN_PORT.sub(r"\1\2", url)
