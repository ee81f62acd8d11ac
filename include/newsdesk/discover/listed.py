"""What archive sitemaps list of a day, as it was harvested: links that runs use without asking.

A sitemap of a month, asked by the run of every day, is read thirty times; harvested, it is read once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from newsdesk import records
from newsdesk.article import Link
from newsdesk.discover.coverage import Span
from newsdesk.discover.strategy import Likely
from newsdesk.layout import Layout
from newsdesk.sources import Source
from newsdesk.store import Store


@dataclass(frozen=True, slots=True)
class Listed:
    """What a paper's archive sitemaps list of one day.

    Attributes:
        source: Name of the paper.
        day: UTC; it had ended when they were asked.
        asked_at: UTC; when they were asked.
        links: Stories that may be of the day, each once.
        proven: Stretches of time of which every story is among them.
        rules: ``rules_of`` the paper; with other rules the sitemaps would say something else.
        problems: Why some of them could not be had or read, and are not expected to be; then
            nothing is proven.
        likely: Stretches that are proven once it is known of which day some other stories are.
    """

    source: str
    day: dt.date
    asked_at: dt.datetime
    links: tuple[Link, ...]
    proven: tuple[Span, ...]
    rules: str
    problems: tuple[str, ...] = ()
    likely: tuple[Likely, ...] = ()


def rules_of(source: Source) -> str:
    """Stands for all of a source file that what its sitemaps list depends on."""
    rules = [source.home, source.time_zone, source.domains]
    rules += [source.discover.model_dump_json(), source.urls.model_dump_json()]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()


def read_listed(store: Store, layout: Layout, day: dt.date) -> list[Listed]:
    """What was harvested of a day, a record for each paper.

    Raises:
        StoreError: A record cannot be read.
    """
    keys = sorted(info.key for info in store.list(layout.listed(day)))
    return [records.unpack(Listed, store.get(key), subject=key) for key in keys]
