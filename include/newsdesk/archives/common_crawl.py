"""Common Crawl: an index of each crawl, and ranged requests for single records.

``collinfo.json`` lists the crawls; a task asks for it once. A crawl's index answers one JSON object
a line; 404 means that it has nothing. A record is ``length`` bytes from ``offset`` of a WARC file:
one gzip member.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from newsdesk.archives.access import Archives, Listing, Window, is_html, moment_of
from newsdesk.archives.records import BadRecord, from_member
from newsdesk.article import Copy, Response
from newsdesk.errors import FeedError, FetchError

DATA = "https://data.commoncrawl.org/"

MAX_PAGES = 60
"""Most pages that are read of one crawl's index for one paper; a page has up to 15,000 lines."""

MAX_LENGTH = 16_777_216
"""Most bytes of one record."""

_KEY = re.compile(r"crawl-data/[A-Za-z0-9_./-]{1,400}")
_INDEX = re.compile(r"[A-Za-z0-9-]{1,80}")


async def listing(
    archives: Archives, target: str, window: Window, *, match: str = "domain"
) -> Listing:
    """The good captures of a paper's pages that some crawls made in a stretch of time.

    Args:
        archives: Who is asked.
        target: A domain, or one URL.
        window: When they were made.
        match: ``domain``, or ``exact`` for one URL.
    """
    found = Listing()
    try:
        said, now = await archives.ask_once("common_crawl_index", "collinfo.json")
        found.requests += now
        crawls = _crawls(said, window)
    except (FetchError, FeedError) as error:
        found.problems.append(str(error))
        return found
    for crawl in crawls:
        try:
            await _list_crawl(archives, crawl, _query(target, window, match), found)
        except (FetchError, FeedError) as error:
            found.problems.append(str(error))
    return found


async def get(archives: Archives, copy: Copy) -> Response:
    """One capture, with the time at which it was made.

    Raises:
        FetchError: The archive does not give the record, or it cannot be read.
    """
    url = address_of(copy)
    if not _KEY.fullmatch(copy.key) or ".." in copy.key or not 0 < copy.length <= MAX_LENGTH:
        raise FetchError(url, "is no record of the archive", code="archive_record")
    last = copy.offset + copy.length - 1
    response = await archives.ask(
        "common_crawl_data",
        copy.key,
        headers={"Range": f"bytes={copy.offset}-{last}"},
        max_bytes=copy.length,
    )
    if response.status != 206:  # 403 is what its file server says to clients that ask too much
        raise FetchError(
            url, f"the archive answers {response.status}", code=f"archive_{response.status}"
        )
    try:
        captured = from_member(response.body)
    except BadRecord as error:
        raise FetchError(url, f"the record is no good: {error}", code="archive_record") from error
    return replace(
        captured,
        url=copy.url,
        seconds=response.seconds,
        attempts=response.attempts,
        archive_url=url,
    )


def address_of(copy: Copy) -> str:
    """Where a record lies, as it is noted."""
    return f"{DATA}{copy.key}#bytes={copy.offset}-{copy.offset + copy.length - 1}"


def _crawls(response: Response, window: Window) -> list[str]:
    """The indexes of the crawls that were under way in a stretch of time, oldest first."""
    found: list[tuple[str, str]] = []
    for crawl in _json(response):
        if not isinstance(crawl, dict):
            raise FeedError(response.url, "is no list of crawls")
        begin, end = _utc(crawl.get("from")), _utc(crawl.get("to"))
        name = urlsplit(str(crawl.get("cdx-api"))).path.strip("/")
        if begin and end and begin < window.end and end >= window.begin and _INDEX.fullmatch(name):
            found.append((str(crawl["from"]), name))
    return [name for _, name in sorted(found)]


def _query(target: str, window: Window, match: str) -> dict[str, str]:
    return {
        "url": target,
        "matchType": match,
        "output": "json",
        "from": window.first,
        "to": window.last,
        "filter": "=status:200",
    }


async def _list_crawl(
    archives: Archives, crawl: str, query: dict[str, str], found: Listing
) -> None:
    counted = await _ask(archives, crawl, {**query, "showNumPages": "true"}, found)
    if counted is None:
        return
    pages = _pages(counted)
    if pages > MAX_PAGES:
        found.problems.append(f"{counted.url}: {pages} pages, of which {MAX_PAGES} are read")
    for page in range(min(pages, MAX_PAGES)):
        response = await _ask(archives, crawl, {**query, "page": str(page)}, found)
        if response is not None:
            found.copies += _copies(response, found.problems)


async def _ask(
    archives: Archives, crawl: str, query: dict[str, str], found: Listing
) -> Response | None:
    """The answer of an index; ``None`` when it has nothing."""
    found.requests += 1
    response = await archives.ask("common_crawl_index", f"{crawl}?{urlencode(query)}")
    if response.status == 404:
        return None
    if response.status != 200 or response.truncated:
        raise FeedError(response.url, f"answers {response.status}")
    return response


def _pages(response: Response) -> int:
    said = _json(response)
    pages = said.get("pages") if isinstance(said, dict) else said
    if not isinstance(pages, int):
        raise FeedError(response.url, "does not say how many pages it has")
    return pages


def _copies(response: Response, problems: list[str]) -> Iterator[Copy]:
    broken = 0
    for line in response.body.splitlines():
        try:
            copy = _copy(json.loads(line))
        except (ValueError, TypeError, KeyError):
            broken += bool(line.strip())
            continue
        if copy is not None:
            yield copy
    if broken:
        problems.append(f"{response.url}: {broken} lines cannot be read")


def _copy(row: dict[str, Any]) -> Copy | None:
    at = moment_of(row["timestamp"])
    kind = row.get("mime-detected") or row.get("mime")
    if at is None or row.get("status") != "200" or not is_html(kind) or row.get("truncated"):
        return None
    return Copy(
        via="common_crawl",
        url=row["url"],
        captured_at=at,
        content_type=kind,
        key=row["filename"],
        offset=int(row["offset"]),
        length=int(row["length"]),
    )


def _json(response: Response) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        raise FeedError(response.url, f"answers {response.status} and no JSON") from None


def _utc(text: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(text)).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
