"""Which stories are to be asked for again that no feed shows any more, and when.

A story is visited again some hours after its publication (``fetch.revisit_hours`` of its paper),
as soon as a feed or sitemap says that it has changed, and once more when it was gone at the last
visit: only a second visit says that it is withdrawn. A story that no run could get, because its
host was busy or down, is tried again some hours after it was first seen. All of it follows from
what the tables hold, so the schedule needs no keeping and survives killed and repeated runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from newsdesk.article import Link, Run
from newsdesk.sources import Source
from newsdesk.tables import Warehouse
from newsdesk.tables.visits import (
    Failed,
    Held,
    Visits,
    failed_tries,
    held_since,
    held_stories,
    visits_of,
)

LATE = dt.timedelta(days=7)
"""How long after its last hour a visit is still made up for, when no run came in time."""

RETRY_HOURS = (24.0, 72.0, 168.0)
"""Hours after it was first seen at which a story is tried again that no run could get."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is held and recorded of the stories that a run may fetch.

    Attributes:
        held: By ``article_id``.
        visits: By ``article_id``.
        failed: The last try for stories that all runs failed to get, by ``article_id``.
    """

    held: Mapping[str, Held]
    visits: Mapping[str, Visits]
    failed: Mapping[str, Failed] = field(default_factory=dict)

    def visited_at(self, article_id: str) -> dt.datetime | None:
        """When we last learned something of a story that we hold; ``None`` when we hold none."""
        held = self.held.get(article_id)
        if held is None:
            return None
        last = self.visits.get(article_id, Visits()).last
        return max(held.captured_at, last or held.captured_at)


def known_stories(
    warehouse: Warehouse, run: Run, ids: Collection[str], sources: Iterable[Source]
) -> Known:
    """What the tables know of some stories, and of all that may be due for another visit or try.

    Args:
        warehouse: The tables.
        run: The run.
        ids: ``article_id`` of the stories that the run found.
        sources: The papers whose stories may be due; none for a run that revisits nothing.
    """
    names = {source.name for source in sources}
    since = run.started_at - dt.timedelta(hours=RETRY_HOURS[-1]) - LATE
    failed = failed_tries(warehouse, names, since, run.started_at)
    held = held_stories(warehouse, {*ids, *failed})
    by_start: dict[dt.datetime, set[str]] = {}
    for source in sources:
        if source.fetch.revisit_hours:
            last = dt.timedelta(hours=max(source.fetch.revisit_hours))
            by_start.setdefault(run.started_at - last - LATE, set()).add(source.name)
    for start, papers in by_start.items():
        held = held_since(warehouse, papers, start, run.started_at) | held
    visits = visits_of(warehouse, {*held, *failed}, now=run.started_at, run_day=run.day)
    told = held.keys() | visits.keys()  # held, or gone, refused or rejected
    return Known(held, visits, {one: try_ for one, try_ in failed.items() if one not in told})


def is_due(held: Held, visits: Visits, hours: Sequence[float], now: dt.datetime) -> bool:
    """Whether it is time to visit a story again that we hold.

    Args:
        held: The version that we hold.
        visits: Our visits to it.
        hours: Hours after its publication at which it is to be visited.
        now: UTC.
    """
    published = held.link.published_hint
    if published is None:
        return False
    if len(visits.missed_since(held.captured_at)) == 1:
        return True
    last = max(held.captured_at, visits.last or held.captured_at)
    return _hour_came(published, hours, last, now)


def is_retried(link: Link, failed: Failed, now: dt.datetime) -> bool:
    """Whether it is time to try again to get a story."""
    return _hour_came(link.seen_at, RETRY_HOURS, failed.at, now)


def _hour_came(
    start: dt.datetime, hours: Sequence[float], last: dt.datetime, now: dt.datetime
) -> bool:
    """Whether one of some hours after a start has come since the last visit."""
    passed = [at for hour in hours if (at := start + dt.timedelta(hours=hour)) <= now]
    return bool(passed) and last < max(passed)


def revisits(
    known: Known, sources: Mapping[str, Source], now: dt.datetime
) -> dict[str, list[Link]]:
    """The stories that are due for a visit, by paper; those that wait longest come first.

    At most ``fetch.max_pages`` of a paper; the others are due again in the next run.
    """
    due: dict[str, list[tuple[dt.datetime, str]]] = {}
    for article_id, held in known.held.items():
        source = sources.get(held.link.source)
        if source is None:
            continue
        visits = known.visits.get(article_id, Visits())
        if is_due(held, visits, source.fetch.revisit_hours, now):
            last = known.visited_at(article_id) or held.captured_at
            due.setdefault(source.name, []).append((last, article_id))
    return {
        name: [known.held[one].link for _, one in sorted(waiting)[: sources[name].fetch.max_pages]]
        for name, waiting in due.items()
    }
