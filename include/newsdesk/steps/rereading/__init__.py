"""Pages read again after a change of the reader, from the bucket alone.

::

    gather -> read -> compare -> review -> publish
              shards  days       once      days

A day is a run of its own: its pages, what they read as, what differs from the tables and what the
checks say are records under that day, each written once. ``review`` looks at all days together, and
nothing is committed before it. Rows are versions like any other, of a greater ``reader_version``:
they replace what the same page read as before, and are replaced by later captures. A row whose page
is rejected now leaves as a tombstone.
"""

from newsdesk.steps.rereading.comparing import Comparison, compare
from newsdesk.steps.rereading.gathering import gather, read
from newsdesk.steps.rereading.publishing import publish, signals
from newsdesk.steps.rereading.reviewing import Report, review
from newsdesk.steps.rereading.showing import as_dict, show_report
from newsdesk.steps.rereading.tasks import (
    reread_compare,
    reread_days,
    reread_pages,
    reread_publish,
    reread_read,
    reread_review,
    reread_signals,
)
from newsdesk.steps.rereading.walking import reread

__all__ = [
    "Comparison",
    "Report",
    "as_dict",
    "compare",
    "gather",
    "publish",
    "read",
    "reread",
    "reread_compare",
    "reread_days",
    "reread_pages",
    "reread_publish",
    "reread_read",
    "reread_review",
    "reread_signals",
    "review",
    "show_report",
    "signals",
]
