"""What is recorded of our visits to a story: the version that we hold, and what came of each.

Nothing else remembers when a story is to be visited again: the schedule is computed from these
records, so it survives whatever happens to a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from newsdesk.article import CaptureRef, Link
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.index import copies, days_of
from newsdesk.tables.scan import DAY, days_filter, read
from newsdesk.tables.schema import ARTICLE_DAYS, ARTICLES, LEDGER

REACH = dt.timedelta(days=31)
"""How far around a moment the ledger is asked for visits; others say nothing of a story's week."""

REFUSED = 0.3
"""Share of a month's stories that may be gone or refused; of more that are not in the tables the
most were never asked for, and the ledger need not be read to know it."""

_COLUMNS = (
    *("article_id", "source", "url", "published_at", "captured_at", "capture"),
    *("withdrawn_at", "first_seen_at", "discovered_via"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """The version that ``news.articles`` holds of a story.

    Attributes:
        link: The story: the address it was fetched from, what is known of it.
        captured_at: When this version was fetched, UTC.
        capture: Where it is landed.
        withdrawn_at: Since when it is gone at the publisher, if it is.
    """

    link: Link
    captured_at: dt.datetime
    capture: CaptureRef | None
    withdrawn_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """What came of our visits to a story, those that failed apart.

    Attributes:
        last: The last one, UTC; ``None`` when there was none.
        good: The last one at which it was there.
        missed: Those at which it was gone, with the landed answer, oldest first.
    """

    last: dt.datetime | None = None
    good: dt.datetime | None = None
    missed: tuple[tuple[dt.datetime, CaptureRef | None], ...] = ()

    def missed_since(self, captured_at: dt.datetime) -> Mapping[dt.datetime, CaptureRef | None]:
        """The visits at which it was gone, after it was last there, oldest first."""
        since = max(captured_at, self.good or captured_at)
        return {at: ref for at, ref in self.missed if at > since}


@dataclass(frozen=True, slots=True)
class Failed:
    """A try that failed: of which run it was, and when, UTC."""

    run_id: str
    run_day: dt.date
    at: dt.datetime


@dataclass(slots=True)
class _Tally:
    last: list[dt.datetime] = field(default_factory=list)
    good: list[dt.datetime] = field(default_factory=list)
    missed: dict[dt.datetime, CaptureRef | None] = field(default_factory=dict)


def held_stories(warehouse: Warehouse, ids: Collection[str]) -> dict[str, Held]:
    """The versions that we hold of some stories, by ``article_id``."""
    articles = warehouse.existing(ARTICLES.name)
    if articles is None or not ids:
        return {}
    return _held(copies(warehouse, articles, ids, list(_COLUMNS)))


def held_since(
    warehouse: Warehouse, sources: Collection[str], since: dt.datetime, until: dt.datetime
) -> dict[str, Held]:
    """The versions that we hold of the stories that some papers published in a time, UTC."""
    articles = warehouse.existing(ARTICLES.name)
    if articles is None or not sources:
        return {}
    rows = read(
        articles,
        ARTICLES,
        days_filter(ARTICLES, _days(since, until)),
        columns=list(_COLUMNS),
        where=("source", sources),
    )
    held = _held(rows)
    return {
        one: story
        for one, story in held.items()
        if since <= (story.link.published_hint or since) <= until
    }


def visits_of(
    warehouse: Warehouse,
    ids: Collection[str],
    *,
    now: dt.datetime,
    run_day: dt.date,
    without_run: str | None = None,
) -> dict[str, Visits]:
    """What the ledger says of visits to some stories in the month before a moment and after it.

    Args:
        warehouse: The tables.
        ids: ``article_id`` of the stories.
        now: UTC.
        run_day: Runs that worked for this day are asked too, however long ago that day is.
        without_run: A run whose entries do not count: they are about to be made again.

    Returns:
        By ``article_id``; stories without a visit are left out. Visits at which nothing could be
        learned (a timeout, a server's error) are no visits.
    """
    ledger = warehouse.existing(LEDGER.name)
    if ledger is None or not ids:
        return {}
    columns = ["article_id", "run_id", "fate", "http_status", "visited_at", "capture"]
    days = _days(now - REACH, now + REACH) | {run_day}  # runs may publish late
    rows = read(
        ledger, LEDGER, days_filter(LEDGER, days), columns=columns, where=("article_id", ids)
    )
    tallies: dict[str, _Tally] = {}
    for row in rows.to_pylist():
        at = row["visited_at"]
        if at is None or row["fate"] == "failed" or row["run_id"] == without_run:
            continue
        tally = tallies.setdefault(row["article_id"], _Tally())
        tally.last.append(at)
        if row["fate"] == "missing":
            tally.missed[at] = _ref(row["capture"])
        elif row["http_status"] is not None:
            tally.good.append(at)
    return {
        article_id: Visits(
            last=max(tally.last),
            good=max(tally.good, default=None),
            missed=tuple(sorted(tally.missed.items(), key=lambda one: one[0])),
        )
        for article_id, tally in tallies.items()
    }


def failed_tries(
    warehouse: Warehouse, sources: Collection[str], since: dt.datetime, until: dt.datetime
) -> dict[str, Failed]:
    """The last try that failed for each story of some papers, of runs for the days of a time, UTC.

    Whether another run got the story is not asked.
    """
    ledger = warehouse.existing(LEDGER.name)
    if ledger is None or not sources:
        return {}
    rows = read(
        ledger,
        LEDGER,
        days_filter(LEDGER, _days(since, until)),
        columns=["article_id", "source", "run_id", "run_day", "visited_at", "recorded_at"],
        where=("fate", {"failed"}),
    )
    last: dict[str, Failed] = {}
    for row in rows.to_pylist():
        if row["source"] in sources:
            at = row["visited_at"] or row["recorded_at"]
            one = Failed(row["run_id"], row["run_day"], at)
            known = last.setdefault(row["article_id"], one)
            last[row["article_id"]] = max(known, one, key=lambda one: (one.at, one.run_id))
    return last


def all_told(warehouse: Warehouse, ids: Collection[str], around: dt.date) -> bool:
    """Whether runs have told what became of all of some stories.

    Told is of a story that ``news.articles`` has had, on whatever day, and of one that a run for
    a day of the month before or after has fetched in vain or refused; not of one that failed.
    """
    index = warehouse.existing(ARTICLE_DAYS.name)
    if index is None:
        return not ids
    unknown = set(ids) - days_of(index, ids).keys()
    ledger = warehouse.existing(LEDGER.name)
    if len(unknown) > REFUSED * len(ids) or ledger is None:
        return not unknown
    noon = dt.datetime.combine(around, dt.time(12), dt.UTC)
    rows = read(
        ledger,
        LEDGER,
        days_filter(LEDGER, _days(noon - REACH, noon + REACH)),
        columns=["article_id", "fate"],
        where=("article_id", unknown),
    )
    fates = {row["article_id"] for row in rows.to_pylist() if row["fate"] != "failed"}
    return unknown <= fates


def _held(rows: pa.Table) -> dict[str, Held]:
    return {
        row["article_id"]: Held(
            link=Link(
                source=row["source"],
                url=row["url"],
                article_id=row["article_id"],
                via=tuple(row["discovered_via"]),
                seen_at=row["first_seen_at"],
                published_hint=row["published_at"],
            ),
            captured_at=row["captured_at"],
            capture=_ref(row["capture"]),
            withdrawn_at=row["withdrawn_at"],
        )
        for row in rows.to_pylist()
    }


def _ref(struct: Mapping[str, object] | None) -> CaptureRef | None:
    return None if struct is None else CaptureRef(**struct)  # type: ignore[arg-type]  # its columns


def _days(since: dt.datetime, until: dt.datetime) -> set[dt.date]:
    first, last = since.astimezone(dt.UTC).date(), until.astimezone(dt.UTC).date()
    return {first + DAY * number for number in range((last - first).days + 1)}
