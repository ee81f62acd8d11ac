"""Upkeep: what keeps the tables fast and cheap for years, safe beside running writers.

::

    rules     what is small, what is old
    listing   the objects under a table's folder, and which of them its metadata reaches
    compact   small files of a partition become one
    expire    old snapshots go, with every file that only they had
    orphans   files that no snapshot has, left by killed writers
    tidy      all of these on one table, with a report
    raw       WARC files that are old enough to go (off unless a setting says so)

Writers need not know of it: a compaction is a commit like any other, which loses against one that
came first and is then planned anew; nothing that a kept snapshot reaches is ever deleted.
"""

from newsdesk.tables.upkeep.raw import RawReport, age_out
from newsdesk.tables.upkeep.rules import Rules
from newsdesk.tables.upkeep.tidy import TableReport, tidy

__all__ = ["RawReport", "Rules", "TableReport", "age_out", "tidy"]
