"""What a range of days would take, before anything is asked of anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from newsdesk.discover import read_looks
from newsdesk.discover.landed import read_landed
from newsdesk.discover.listed import read_listed
from newsdesk.discover.planner import DayPlan, plan_day
from newsdesk.errors import SettingsError
from newsdesk.sources import Source
from newsdesk.steps.desk import Desk
from newsdesk.steps.discovering import BEFORE, LAG

DAY = dt.timedelta(days=1)

LONGEST = 3_700
"""Days; a longer range is rather a slip of the pen."""


def plan(desk: Desk, first: dt.date, last: dt.date, papers: Sequence[str] = ()) -> list[DayPlan]:
    """Plans every day of a range, both ends inclusive, for some papers or all of the desk's.

    Raises:
        SettingsError: The range is empty, reaches into the future or is longer than ten years; or
            a paper is none of the desk's.
        StoreError: A record cannot be read.
    """
    days = days_of(desk, first, last)
    chosen = chosen_papers(desk, papers)
    today = desk.now().date()
    looks = read_looks(desk.store, desk.layout, first - BEFORE, min(last + LAG, today))
    plans = []
    for day in days:
        of_day = [x for x in looks if day - BEFORE <= x.looked_at.date() <= day + LAG]
        landed = read_landed(desk.store, desk.layout, day, "")
        listed = read_listed(desk.store, desk.layout, day)
        plans += [
            plan_day(
                source,
                day,
                looks=of_day,
                landed=landed,
                listed=listed,
                access=desk.archives,
                now=desk.now(),
            )
            for source in chosen
        ]
    return plans


def days_of(desk: Desk, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of a range that somebody asks for, both ends inclusive.

    Raises:
        SettingsError: The range is empty, reaches into the future or is longer than ten years.
    """
    name = f"{first} to {last}"
    today = desk.now().date()
    if first > last:
        raise SettingsError(name, "holds no day")
    if last > today:
        raise SettingsError(name, f"reaches into the future; today is {today} (UTC)")
    if (last - first).days >= LONGEST:
        raise SettingsError(name, f"is longer than {LONGEST} days")
    return [first + number * DAY for number in range((last - first).days + 1)]


def chosen_papers(desk: Desk, papers: Sequence[str]) -> list[Source]:
    """The papers of these names, or all of the desk's.

    Raises:
        SettingsError: One is none of the desk's.
    """
    unknown = sorted(set(papers) - set(desk.sources))
    if unknown:
        raise SettingsError(", ".join(unknown), "is no paper that a run takes")
    return [desk.sources[paper] for paper in papers or desk.sources]
