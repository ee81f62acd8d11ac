"""The walk, one function per task, in the order a story takes them.

::

    look                       discover -> fetch -> read -> check -> publish -> signals
    (many times a day)         once a run  per shard        once a run

    load, export                       release -> signals        tidy, age_raw
    once for every day that changed    when somebody says so    once a week

    erase, erase_story -> erased_days        standing_days
    when somebody says so                    when a consumer is new

    reread_pages -> reread_read -> reread_compare -> reread_review -> reread_publish -> reread_signals
    per range       per shards     per days          once             per days          once

Every step takes the desk and the name of its work, finds its input in the bucket, leaves its
output there, and returns a few counts. Any of them may be killed, repeated, or run twice at once:
what was left first is kept.
"""

from newsdesk.steps.adding import add_source, show_added
from newsdesk.steps.desk import Desk
from newsdesk.steps.discovering import Plan, discover
from newsdesk.steps.erased import erase_story, erased_days
from newsdesk.steps.erasing import erase
from newsdesk.steps.exporting import export
from newsdesk.steps.fetching import fetch
from newsdesk.steps.harvesting import harvest, harvest_batch, harvest_files
from newsdesk.steps.listing import harvest_sitemaps, sitemap_papers
from newsdesk.steps.loading import load
from newsdesk.steps.looking import look, paper_groups
from newsdesk.steps.planning import plan
from newsdesk.steps.publishing import check, close, publish, signals
from newsdesk.steps.reading import read
from newsdesk.steps.releasing import release
from newsdesk.steps.rereading import (
    reread_compare,
    reread_days,
    reread_pages,
    reread_publish,
    reread_read,
    reread_review,
    reread_signals,
)
from newsdesk.steps.telling import standing_days
from newsdesk.steps.upkeep import age_raw, table_names, tidy

__all__ = [
    "Desk",
    "Plan",
    "add_source",
    "age_raw",
    "check",
    "close",
    "discover",
    "erase",
    "erase_story",
    "erased_days",
    "export",
    "fetch",
    "harvest",
    "harvest_batch",
    "harvest_files",
    "harvest_sitemaps",
    "load",
    "look",
    "paper_groups",
    "plan",
    "publish",
    "read",
    "release",
    "reread_compare",
    "reread_days",
    "reread_pages",
    "reread_publish",
    "reread_read",
    "reread_review",
    "reread_signals",
    "show_added",
    "signals",
    "sitemap_papers",
    "standing_days",
    "table_names",
    "tidy",
]
