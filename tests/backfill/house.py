"""A house with the demo paper, long after the days that are filled, and archives of those days."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.archives import Archive, Kept, crawl_of, serving
from newsdesk import steps
from newsdesk.archives import Access
from newsdesk.article import UTC
from newsdesk.connections import connect
from newsdesk.demo.paper.plan import url_of
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.demo.paper.stories import truth
from newsdesk.embedded import Endpoint
from newsdesk.settings import Settings
from newsdesk.sources import Source
from newsdesk.steps import Desk

PAPER = "demo_paper"
ONE_DAY = dt.timedelta(days=1)
DAYS = [dt.date(2024, 2, 28) + n * ONE_DAY for n in range(3)]
"""Over a leap day and the end of a month."""

AFTER = dt.timedelta(hours=50)
"""When a story's page is captured, from the midnight before it: every edit and removal is over."""

LATER = dt.datetime(2024, 3, 3, 3, 30, tzinfo=UTC)
"""After every capture, and before the paper's software touches its old stories: from then on their
``lastmod`` lies in another month, its sitemaps tell their month alone, and only the whole month
has every story of a day."""

MONTH = [dt.date(2024, 3, 1) + n * ONE_DAY for n in range(31)]
AFTER_MONTH = dt.datetime(2024, 5, 1, 3, 30, tzinfo=UTC)
"""When many a ``lastmod`` of that month lies in another one."""

NOTHING: dict[str, Any] = {
    "feeds": (),
    "news_sitemaps": (),
    "archive_sitemaps": (),
    "robots_sitemaps": False,
    "archives": (),
}
_numbers = itertools.count(1)


@dataclass
class House:
    """A paper, its archives, a bucket and a catalog."""

    desk: Desk
    clock: Clock
    archive: Archive
    settings: Settings
    days: Sequence[dt.date]
    later: dt.datetime

    def walk(self, day: dt.date, run_id: str, desk: Desk | None = None) -> dict[str, Any]:
        """One run; gives what publish says."""
        desk = desk or self.desk
        for shard in steps.discover(desk, day, run_id)["shards"]:
            steps.fetch(desk, day, run_id, shard)
            steps.read(desk, day, run_id, shard)
        steps.check(desk, day, run_id)
        return steps.publish(desk, day, run_id)

    def rows(self, table: str = "articles") -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (
            self.desk.open_warehouse().table(table).scan().to_arrow().to_pylist()
        )
        return rows

    def stories(self) -> dict[dt.date, set[str]]:
        """The stories of every day that is filled, by identifier."""
        found: dict[dt.date, set[str]] = {day: set() for day in self.days}
        for row in self.rows():
            if row["published_at"].date() in found:
                found[row["published_at"].date()].add(row["article_id"])
        return found

    def print_news_crawl(self) -> None:
        """Files of a day each that began an hour before midnight, as the news crawl has them."""
        for day in crawled(self.days):
            kept = [one for one in self.archive.captures if (one.at - AFTER).date() == day]
            began = dt.datetime.combine(day + 2 * ONE_DAY, dt.time(), UTC) - dt.timedelta(hours=1)
            strangers = [
                Kept("https://notbosphorusledger.example/world/a-story-of-another", began, b"x"),
                Kept("https://www.bosphorusledger.example.evil.example/world/a-b-c", began, b"x"),
            ]
            self.archive.add_news(f"CC-NEWS-{began:%Y%m%d%H%M%S}-00001", [*strangers, *kept])

    def printed(self) -> dict[dt.date, set[str]]:
        """The stories that the paper printed on those days."""
        source = self.desk.sources[PAPER]
        return {
            day: {source.article_id(url_of(told.story)) for told in truth(day, self.later)}
            for day in self.days
        }


@contextmanager
def house(
    endpoint: Endpoint,
    folder: Path,
    change: Callable[[Source], Source] = lambda source: source,
    captures: list[Kept] | None = None,
    days: Sequence[dt.date] = DAYS,
    later: dt.datetime = LATER,
) -> Iterator[House]:
    """A house of its own, its paper's file changed as a test wants it."""
    clock = Clock(later)
    paper = PaperServer(0, clock)
    thread = threading.Thread(target=paper.serve_forever, daemon=True)
    thread.start()
    kept = crawl_of(crawled(days), AFTER) if captures is None else captures
    try:
        with serving(Archive(kept)) as archive:
            archive.ended = max(archive.ended, later)
            settings = Settings(
                bucket=endpoint.bucket,
                catalog_uri=f"sqlite:///{folder / f'catalog{next(_numbers)}.db'}",
                server=endpoint.server,
                env=f"backfill{next(_numbers)}",
                contact="https://newsdesk.example/tests",
                papers=(PAPER,),
                fetch_via={PAPER: paper.address},
                archives=Access(via=archive.via, pace=0),
            )
            desk = connect(settings)
            sources = {PAPER: change(desk.sources[PAPER])}
            desk = dataclasses.replace(desk, now=clock.now, sources=sources)
            yield House(desk, clock, archive, settings, days, later)
    finally:
        paper.shutdown()
        paper.server_close()
        thread.join()


def crawled(days: Sequence[dt.date]) -> list[dt.date]:
    """The days whose stories archives have: some more than are filled."""
    return [days[0] - n * ONE_DAY for n in range(4, 0, -1)] + list(days)


def discovering(**changes: Any) -> Callable[[Source], Source]:
    """A paper that says where its stories are in some other ways than its own."""

    def changed(source: Source) -> Source:
        return source.model_copy(update={"discover": source.discover.model_copy(update=changes)})

    return changed
