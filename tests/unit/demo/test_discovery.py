"""The paper's lists as newsdesk understands them."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

from newsdesk.article import Discovery, Look, Response
from newsdesk.demo.paper.answers import Reply, answer
from newsdesk.demo.paper.plan import Story, stories_of, url_of
from newsdesk.discover import discover_day, previous_feeds, take_look
from newsdesk.sources import PACKAGED, Source, load_source

SOURCE = load_source(PACKAGED / "demo_paper.toml")
HOME = "https://www.bosphorusledger.example"
DAY = dt.date(2026, 1, 15)


@dataclass
class InProcess:
    """Asks the paper's pure answers, which are the same for one clock."""

    clock: dt.datetime
    answers: dict[tuple[str, str], Reply] = field(default_factory=dict)

    async def get(
        self,
        url: str,
        source: Source,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        asked = {"if-none-match": etag, "if-modified-since": last_modified}
        headers = {name: value for name, value in asked.items() if value}
        asked_for = (url, repr(headers))
        if asked_for not in self.answers:
            self.answers[asked_for] = answer(url.removeprefix(HOME), headers, self.clock)
        reply = self.answers[asked_for]
        return Response(
            url=url,
            final_url=url,
            status=int(reply.status),
            reason="",
            headers=tuple(reply.headers.items()),
            raw=reply.body,
            body=reply.body,
            received_at=self.clock,
        )

    async def sitemaps(self, source: Source) -> tuple[str, ...]:
        robots = (await self.get(f"{HOME}/robots.txt", source)).body.decode()
        lines = [line.partition(": ") for line in robots.splitlines()]
        return tuple(value for name, _, value in lines if name == "Sitemap")


def discovered(day: dt.date, paper: InProcess, looks: list[Look] | None = None) -> Discovery:
    found = discover_day(SOURCE, day, looks=looks or [], fetcher=paper, now=paper.clock)
    return asyncio.run(found)


def midnight_after(day: dt.date, minutes: int = 5) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1, minutes=minutes)


def ids(stories: list[Story]) -> set[str]:
    return {SOURCE.article_id(url_of(story)) for story in stories}


def pages(day: dt.date, clock: dt.datetime) -> list[Story]:
    """Stories that bear a day's date by the clock, as sitemaps know them."""
    near = [*stories_of(day - dt.timedelta(days=1)), *stories_of(day)]
    return [
        story
        for story in near
        if story.listed(clock)
        and story.kind != "document"
        and story.published_at(clock).date() == day
    ]


def test_a_day_is_found_by_archive_sitemaps_alone() -> None:
    clock = midnight_after(DAY + dt.timedelta(days=1))
    found = discovered(DAY, InProcess(clock))
    assert found.strategy == "archive_sitemaps"
    assert (found.gap_from, found.gap_to, found.error) == (None, None, None)
    links = {link.article_id for link in found.links}
    assert ids(pages(DAY, clock)) <= links
    # more are those whose lastmod is a bare day, which meets two UTC days
    neighbours = [*stories_of(DAY - dt.timedelta(days=1)), *stories_of(DAY + dt.timedelta(days=1))]
    assert links <= ids(pages(DAY, clock)) | ids(neighbours)
    assert len(links) <= len(pages(DAY, clock)) + 15


def test_days_of_a_past_month_are_found_but_for_stories_whose_lastmod_lies() -> None:
    paper = InProcess(dt.datetime(2026, 1, 20, tzinfo=dt.UTC))
    days = [dt.date(2025, 11, 12) + dt.timedelta(days=n) for n in range(4)]
    found = {link.article_id for day in days for link in discovered(day, paper).links}
    there = [story for day in days for story in pages(day, paper.clock)]
    liars = [story for story in there if story.number % 12 == 10]
    assert ids([story for story in there if story not in liars]) <= found
    assert len(liars) > 10
    assert ids(liars) - found  # they are shared out over the month
    others = [s for n in range(16, 20) for s in stories_of(dt.date(2025, 11, n + 1))]
    assert ids(others) & found


def test_a_watched_day_is_found_by_looks_alone() -> None:
    clocks = [
        *(dt.datetime.combine(DAY, dt.time(hour, minute), dt.UTC) for hour, minute in
          ((0, 10), (8, 0), (16, 0), (23, 0))),
        midnight_after(DAY),
    ]  # fmt: skip
    looks: list[Look] = []
    for clock in clocks:
        before = previous_feeds(looks)
        look = asyncio.run(take_look([SOURCE], InProcess(clock), previous=before, now=clock))
        assert [feed.error for _, feed in look.feeds if feed.error] == []
        looks.append(look)
    found = discovered(DAY, InProcess(clocks[-1]), looks)
    assert found.strategy == "looks"
    assert (found.gap_from, found.gap_to) == (None, None)
    links = {link.article_id for link in found.links}
    assert ids(list(stories_of(DAY))) <= links
    statuses = [feed.status for look in looks[1:] for _, feed in look.feeds]
    assert 304 in statuses
