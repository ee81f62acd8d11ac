"""Asking the published tables: SQL, and how complete the days are.

::

    sandbox    one SELECT over every table, by DuckDB, with nothing else in reach
    asof       what was known at a moment
    revisions  the versions of one story, and what differs between them
    coverage   news.coverage with what it does not say: days without a row, watermarks
    display    answers as a table, JSON lines or CSV
    page       coverage as a page of HTML
"""

from newsdesk.query.coverage import CoverageDay, status
from newsdesk.query.display import harmless, show, show_status
from newsdesk.query.revisions import Revision, revisions, show_revisions
from newsdesk.query.sandbox import Result, query

__all__ = [
    "CoverageDay",
    "Result",
    "Revision",
    "harmless",
    "query",
    "revisions",
    "show",
    "show_revisions",
    "show_status",
    "status",
]
