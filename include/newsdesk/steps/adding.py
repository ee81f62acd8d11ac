"""A new paper: asked where its stories are, read by a few pages, written down as a source file."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsdesk.article import Page, Reading
from newsdesk.discover.probing import Draft, probe
from newsdesk.errors import FeedError, FetchError, SourceError
from newsdesk.fetch import Fetcher
from newsdesk.fields.urls import host_of
from newsdesk.reading.children import PageWork, read_all
from newsdesk.sources import Discover, Fetch, Source, source_of
from newsdesk.sources.naming import NAME, NAME_FORM
from newsdesk.sources.writing import as_toml

if TYPE_CHECKING:
    from rich.console import Console

PAGES = 5
"""Stories that are read for a look."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a new paper.

    Attributes:
        path: Its file.
        source: What that says.
        draft: What was found.
        readings: A few of its newest stories, as the general rules read them.
        offsets: Offsets from UTC, in minutes, that their pages print, the most frequent first.
    """

    path: Path
    source: Source
    draft: Draft
    readings: tuple[Reading, ...]
    offsets: tuple[int, ...]


def add_source(
    home: str,
    folder: Path,
    *,
    user_agent: str,
    name: str | None = None,
    time_zone: str = "UTC",
    via: str | None = None,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    on_step: Callable[[str], None] = lambda step: None,
) -> Added:
    """Writes the source file of a paper that is known by its front page alone.

    Args:
        home: Address of the front page.
        folder: Where the file goes; made when missing.
        user_agent: What newsdesk calls itself to the paper.
        name: Name of the paper; made of its host when not given.
        time_zone: IANA zone of times printed without one.
        via: An address that stands in for the paper's hosts; it is not written down.
        now: The clock.
        on_step: Called with what is being done.

    Raises:
        SourceError: There is such a file already, name, address or zone are none, or the folder
            cannot be written to.
        FetchError: The front page cannot be had.
        FeedError: The paper names no feed and no news sitemap in which stories are found.
    """
    host = host_of(home)
    whole = host.removeprefix("www.")
    slug = name or re.sub(r"\W+", "_", (whole.rpartition(".")[0] or whole).lower())
    path = folder / f"{slug}.toml"
    if not re.fullmatch(NAME, slug):
        raise SourceError(home, f"{slug!r} is no name of a paper ({NAME_FORM}): say --name")
    if path.exists():
        raise SourceError(str(path), "is there already")
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before anybody is asked
    except OSError as error:
        raise SourceError(str(folder), f"cannot be made: {error.strerror}") from error
    given = {"title": host, "home": home, "domains": (host,), "language": "en"}
    fetch = {"fetch_via": via, "pause_seconds": 0} if via else {}  # what stands in needs no rest
    paper = source_of(path, {**given, "time_zone": time_zone, "fetch": fetch})
    on_step(f"asking {host}")
    draft, pages = asyncio.run(_asked(paper, user_agent, now, on_step))
    if not draft.feeds and not draft.news_sitemaps:
        tried = f"; tried: {draft.problems[0]}" if draft.problems else ""
        raise FeedError(draft.home, f"names no feed and no news sitemap that lists stories{tried}")
    found = Discover(feeds=tuple(draft.feeds), news_sitemaps=tuple(draft.news_sitemaps))
    changes = {
        "title": draft.title,
        "home": draft.home,
        "domains": (draft.domain,),
        "discover": found,
        "fetch": Fetch(),
    }
    on_step("reading stories")
    source = paper.model_copy(update=changes)
    readings = tuple(read_all((PageWork(page, slug) for page in pages), {slug: source}))
    source = source.model_copy(update={"language": _language(draft, readings)})
    source = source_of(path, source.model_dump())
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(as_toml(source))
    except FileExistsError as error:
        raise SourceError(str(path), "is there already") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be written: {error.strerror}") from error
    counted = Counter(
        offset
        for reading in readings
        if (offset := reading.article.published_at_offset) is not None
    )
    offsets = tuple(offset for offset, _ in counted.most_common())
    return Added(path, source, draft, readings, offsets)


async def _asked(
    paper: Source,
    user_agent: str,
    now: Callable[[], dt.datetime],
    on_step: Callable[[str], None],
) -> tuple[Draft, list[Page]]:
    pages: list[Page] = []
    async with Fetcher(user_agent, now) as fetcher:
        draft = await probe(paper, fetcher, now(), on_step)
        own = paper.model_copy(update={"home": draft.home, "domains": (draft.domain,)})
        for number, link in enumerate(draft.links[:PAGES], 1):
            on_step(f"fetching story {number} of {min(PAGES, len(draft.links))}")
            try:
                response = await fetcher.get(link.url, own)
            except FetchError as error:
                draft.problems.append(str(error))
                continue
            pages.append(
                Page(
                    url=link.url,
                    body=response.body,
                    captured_at=response.received_at,
                    final_url=response.final_url,
                    content_type=response.header("content-type"),
                    status=response.status,
                    link=link,
                )
            )
    return draft, pages


def _language(draft: Draft, readings: tuple[Reading, ...]) -> str:
    """The language that most stories are in; that of the front page when none could be told."""
    told = Counter(one.article.language for one in readings if one.article.language)
    return told.most_common(1)[0][0] if told else draft.language


def show_added(added: Added, console: Console) -> None:
    """Prints what was found and how a few stories read, and what is left to do by hand."""
    from rich.table import Table
    from rich.text import Text

    from newsdesk.query.display import harmless

    table = Table(box=None, header_style="bold")
    for name in ("headline", "bylines", "published", "words", "refused"):
        table.add_column(name)
    for reading in added.readings:
        row = reading.article
        cells = (
            (row.headline or "-")[:60],
            ", ".join(one.name for one in row.bylines) or "-",
            row.published_at.isoformat(timespec="minutes") if row.published_at else "-",
            str(row.word_count),
            reading.rejection.reason if reading.rejection else "",
        )
        table.add_row(*(Text(harmless(cell)) for cell in cells))
    console.print(table)
    for kind, found in (("feed", added.draft.feeds), ("news sitemap", added.draft.news_sitemaps)):
        for url, stories in found.items():
            console.print(Text(harmless(f"{kind} {url}: {stories} stories")))
    for problem in added.draft.problems:
        console.print(Text(harmless(f"left out: {problem}"), style="yellow"))
    if any(added.offsets) and added.source.time_zone == "UTC":
        told = ", ".join(f"{offset / 60:+g} h" for offset in added.offsets)
        console.print(
            f"Its pages print {told} from UTC; for times without a zone, name it: time_zone"
        )
    folder = added.path.parent.resolve()
    for line in (
        f"Written: {added.path}",
        "Look it over (docs/sources.md has every key), then:",
        f"  newsdesk sources check {added.path}",
        f"Runs take it when NEWSDESK_SOURCES names its folder: {folder}",
    ):
        console.print(line, markup=False, soft_wrap=True)
