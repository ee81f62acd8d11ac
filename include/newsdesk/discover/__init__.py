"""Which stories a day had: what feeds showed, what archives list, spread over shards.

In the order a day is made: ``feeds`` and ``sitemaps`` read documents, ``looks`` records what the
feeds of papers show at a moment, ``coverage`` says which part of a day the looks prove. Each
``strategy`` knows stories in another way: the looks, ``landed`` pages, ``archive_sitemaps`` (out
of which ``judging`` picks the day's stories), ``archived`` captures of web archives. ``days`` asks
them in turn, ``planner`` says beforehand what that costs, ``shards`` spreads the links over tasks.
"""

from __future__ import annotations

from newsdesk.discover.asking import Asks
from newsdesk.discover.days import discover_day
from newsdesk.discover.feeds import parse_feed
from newsdesk.discover.looks import (
    looks_backwards,
    previous_feeds,
    read_looks,
    resting_feeds,
    take_look,
    write_look,
)
from newsdesk.discover.shards import pack_shards
from newsdesk.discover.sitemaps import Child, Entry, Sitemap, parse_sitemap

__all__ = [
    "Asks",
    "Child",
    "Entry",
    "Sitemap",
    "discover_day",
    "looks_backwards",
    "pack_shards",
    "parse_feed",
    "parse_sitemap",
    "previous_feeds",
    "read_looks",
    "resting_feeds",
    "take_look",
    "write_look",
]
