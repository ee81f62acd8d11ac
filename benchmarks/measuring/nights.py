"""A night's merge into tables that are old, and the same through pyiceberg's own ``upsert``."""

from __future__ import annotations

import datetime as dt
import gc
import statistics
import time
from dataclasses import replace

from contracts.newsroom import Newsroom, at, loose, run_of, story
from measuring.cost import Cost, measured
from measuring.invented import LAST
from newsdesk.article import Article
from newsdesk.tables import articles_to_table
from newsdesk.tables.schema import ARTICLES


def night(room: Newsroom, number: int, size: int) -> list[Article]:
    """Most stories are new; some are late, some edits of the last week, a few moved."""
    day = LAST + dt.timedelta(days=1 + number)
    seen = at(day, 24.5)
    first = 10_000_000 + number * size
    made = [
        story(
            first + n,
            text=f"Night {number}, story {n}. " * 40,
            captured_at=seen,
            published_at=at(day if n % 20 else day - dt.timedelta(days=1 + n // 20 % 5), n % 23),
        )
        for n in range(size - size // 10)
    ]
    week = room.warehouse.table("articles").scan(
        f"published_at >= '{day - dt.timedelta(days=7)}T00:00:00+00:00'",
        selected_fields=("article_id", "published_at"),
    )
    there = week.to_arrow().slice(0, size // 10).to_pylist()
    for n, row in enumerate(there):
        moved = dt.timedelta(days=1) if n % 10 == 0 else dt.timedelta()
        one = story(first + size + n, text=f"Edited in night {number}.", captured_at=seen)
        made.append(
            replace(one, article_id=row["article_id"], published_at=row["published_at"] - moved)
        )
    return made


def merges(room: Newsroom, size: int, nights: int = 3) -> Cost:
    """The night in the middle, by processor time: looking for old copies, judging, publishing."""
    costs = []
    first = len(room.warehouse.table("articles").snapshots())  # of tables that were kept
    for number in range(first, first + nights + 1):
        stories = night(room, number, size)
        run = run_of(f"{number}", LAST + dt.timedelta(days=1 + number))
        gc.collect()
        with measured() as cost:
            verdict = room.verdict(articles_to_table(stories, links={}, run_id=run.run_id))
            done = room.send(run, stories, verdict=verdict)
        assert done.counts["articles"] == len(stories)
        costs.append(cost)
    costs = costs[1:]  # the first warms up
    median = statistics.median_low([cost.cpu for cost in costs])
    return next(cost for cost in costs if cost.cpu == median)


def upserts(room: Newsroom, size: int) -> tuple[Cost, float]:
    """A night of ours (every table, the whole publish), and pyiceberg's upsert of one more.

    Both on the same table; the upsert of ``articles`` alone.
    """
    ours = merges(room, size, nights=1)
    rows = loose(night(room, 100, size)).cast(ARTICLES.arrow)
    began = time.process_time()
    room.warehouse.table("articles").upsert(rows, join_cols=["article_id"])
    return ours, time.process_time() - began
