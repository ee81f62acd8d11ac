"""Harvesting: the pages of our papers out of an archive's files, each file read once for each paper.

What a file gives is landed in WARC files of ours and recorded by the day that each page says it is
of, so that the run of that day finds it without network. A page that opts out of mining, of a paper
whose wish is obeyed, is neither kept nor read: it is recorded by the day of its capture, to be
refused. How far a file is read, and for which papers, is recorded too: a task that was killed goes on
from there, and a paper that came later has the file read for it alone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from newsdesk import records
from newsdesk.archives import Archives, Window, news
from newsdesk.article import Reading
from newsdesk.errors import FetchError, SettingsError
from newsdesk.reading.children import Readers
from newsdesk.sources import Source
from newsdesk.steps.batching import in_batches
from newsdesk.steps.desk import Desk
from newsdesk.steps.sifting import HarvestPart, Sifting

log = logging.getLogger(__name__)

DAY = dt.timedelta(days=1)


def harvest_files(desk: Desk, first: dt.date, last: dt.date, after: int = 1) -> dict[str, Any]:
    """The files of the news crawl that can hold the stories of some days, as tasks take them.

    Args:
        desk: The desk.
        first: First day, UTC.
        last: Last day, inclusive.
        after: Days after the last in which the crawl may have come by.

    Returns:
        ``batches`` of their paths, oldest first: of one file each, unless there are many.

    Raises:
        SettingsError: The range is empty.
        FetchError: A list cannot be had.
    """
    if first > last:
        raise SettingsError(f"{first} to {last}", "holds no day")
    begin = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = dt.datetime.combine(last, dt.time(), dt.UTC) + DAY + after * DAY

    async def listed() -> list[news.NewsFile]:
        async with desk.archive_fetcher() as fetcher:
            return await news.files(Archives(fetcher, desk.archives), Window(begin, end))

    return {"batches": in_batches([file.path for file in asyncio.run(listed())])}


def harvest_batch(desk: Desk, files: Sequence[str]) -> dict[str, int]:
    """Harvests some files one after the other; one that cannot be had does not stop the others.

    Returns:
        The counts of ``harvest``, added up.

    Raises:
        SettingsError: A path is none of the news crawl's.
        FetchError: Files cannot be had; names the first, and how many they are.
    """
    told: Counter[str] = Counter()
    lacking: list[FetchError] = []
    for file in files:
        try:
            told.update(harvest(desk, file))
        except FetchError as error:
            log.warning("%s", error)
            lacking.append(error)
    if lacking:
        raise FetchError("CC-NEWS", f"{len(lacking)} files cannot be had: {lacking[0]}")
    return dict(told)


def harvest(desk: Desk, file: str) -> dict[str, int]:
    """Lands the pages of the desk's papers that one file holds; goes on where a try stopped.

    The file is read for those papers alone that it was not read for to its end, by the rules that
    they have now.

    Returns:
        Counts of all that was ever read of the file: responses read, pages landed, records that
        were corrupt.

    Raises:
        SettingsError: The path is none of the news crawl's.
        FetchError: The file cannot be had.
    """
    try:
        crawled = news.NewsFile.at(file)
    except ValueError as error:
        raise SettingsError("file", str(error)) from error
    parts = _progress(desk, crawled)
    rules = {name: crawl_rules_of(source) for name, source in desk.sources.items()}
    begins = _begins(parts, rules)
    if begins:
        left = {name: rules[name] for name in begins}
        with asyncio.Runner() as runner, Readers[Reading](desk.sources) as readers:
            Sifting(desk, crawled, runner, readers, len(parts), begins, left).run()
        parts = _progress(desk, crawled)
    return {
        "records": sum(part.records for part in parts),
        "pages": sum(part.pages for part in parts),
        "corrupt": sum(part.corrupt for part in parts),
    }


def _progress(desk: Desk, file: news.NewsFile) -> list[HarvestPart]:
    prefix = desk.layout.harvest("cc_news", file.began.date(), file.path)
    return [
        records.unpack(HarvestPart, desk.store.get(info.key), subject=info.key)
        for info in desk.store.list(prefix)
    ]


def crawl_rules_of(source: Source) -> str:
    """Stands for all of a source file that decides which pages are landed, and as whose.

    Not by which day they are noted: the run that finds a page publishes it to the day it says.
    """
    rules = [source.home, source.domains, source.urls.model_dump_json(), source.fetch.obey_opt_out]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()


def _begins(parts: Sequence[HarvestPart], rules: Mapping[str, str]) -> dict[str, int]:
    """The papers that a file is not done for, each with the offset up to which it is."""
    begins = {}
    for name, rule in rules.items():
        own = [part for part in parts if part.papers.get(name) == rule]
        if not any(part.done for part in own):
            begins[name] = max((part.until for part in own), default=0)
    return begins
