"""Asking the published tables: SQL, and how complete the days are.

::

    sandbox    one SELECT over every table, by DuckDB, with nothing else in reach
    coverage   news.coverage with what it does not say: days without a row, watermarks
    display    answers as a table, JSON lines or CSV
"""

from newsdesk.query.coverage import CoverageDay, status
from newsdesk.query.display import show, show_status
from newsdesk.query.sandbox import Result, query

__all__ = ["CoverageDay", "Result", "query", "show", "show_status", "status"]
