"""The published tables: their shapes, where they are, how rows are merged and committed.

::

    schema    what every table holds: declared once, for Arrow, Iceberg and docs/tables.md
    contract  docs/contract: a JSON Schema per table, and what may not change
    catalog   where the tables are; made on first use
    evolve    columns that are new in the contract
    rows      shapes -> rows
    merge     which version of a story stands (pure)
    scan      reading by day
    commit    one snapshot a commit, made again on a conflict
    replace   append absent keys; replace a run's rows; replace a day's coverage
    index     where copies of a story are
    visits    the versions that are held, and what came of visits to their pages
    document  docs/tables.md
    upkeep    compaction, expiry, orphans, old WARC files

``publish`` uses them in the fixed order of a run. Nothing here imports pyiceberg before it is
needed: that takes seconds.
"""

from newsdesk.tables.catalog import Warehouse, open_warehouse
from newsdesk.tables.rows import articles_to_table
from newsdesk.tables.schema import TABLES

__all__ = ["TABLES", "Warehouse", "articles_to_table", "open_warehouse"]
