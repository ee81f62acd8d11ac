"""The published tables, each declared once: names, columns, meaning, keys, partitions."""

from newsdesk.tables.schema.runs import CHECKS, COVERAGE, LEDGER, REJECTED
from newsdesk.tables.schema.shape import Column, Partition, TableShape, described
from newsdesk.tables.schema.stories import ARTICLE_DAYS, ARTICLES, REVISIONS

TABLES: dict[str, TableShape] = {
    shape.name: shape
    for shape in (ARTICLES, REVISIONS, REJECTED, LEDGER, CHECKS, COVERAGE, ARTICLE_DAYS)
}
"""Every table of the contract, by name."""

__all__ = [
    "ARTICLES",
    "ARTICLE_DAYS",
    "CHECKS",
    "COVERAGE",
    "LEDGER",
    "REJECTED",
    "REVISIONS",
    "TABLES",
    "Column",
    "Partition",
    "TableShape",
    "described",
]
