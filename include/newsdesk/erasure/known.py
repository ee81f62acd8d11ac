"""What the tables know of a story that is to be erased."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from newsdesk.erasure.story import Story, sentences_of
from newsdesk.sources import Source
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.scan import read
from newsdesk.tables.schema import TABLES

if TYPE_CHECKING:
    from pyiceberg.table import Table

_ID = re.compile(r"[0-9a-f]{32}")


def known_story(warehouse: Warehouse, given: str, sources: Iterable[Source]) -> Story | None:
    """What is known of a story, in all versions of it.

    Args:
        warehouse: The tables.
        given: Its ``article_id``, or an address that it has or had.
        sources: Papers, which know what story an address is.

    Returns:
        The story; ``None`` when an address is no paper's and in no table.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    papers = list(sources)
    if _ID.fullmatch(given):
        ids, urls = {given}, set[str]()
    else:
        urls = {given}
        ids = _ids_of(given, papers)
        for column in ("url", "canonical_url"):
            ids |= set(_rows(warehouse, "revisions", column, urls)["article_id"].to_pylist())
        ids |= set(_rows(warehouse, "ledger", "url", urls)["article_id"].to_pylist())
        if not ids:
            return None
    versions = _rows(warehouse, "revisions", "article_id", ids)
    standing = _rows(warehouse, "articles", "article_id", ids)
    entries = _rows(warehouse, "ledger", "article_id", ids)
    for rows in (versions, standing, entries):
        urls |= set(rows["url"].to_pylist())
    for url in urls:
        ids |= _ids_of(url, papers)  # links are told by the address that was followed
    refused = _rows(warehouse, "rejected", "url", urls)
    landed = [
        row
        for rows in (versions, standing, entries, refused)
        for row in rows["capture"].to_pylist()
        if row is not None
    ]
    return Story(
        ids=frozenset(ids),
        urls=frozenset(urls),
        sentences=sentences_of([*versions["body"].to_pylist(), *standing["body"].to_pylist()]),
        captures=frozenset((row["key"], row["offset"]) for row in landed),
        days=frozenset(standing["published_at"].cast(pa.date32()).to_pylist()),
    )


def _ids_of(url: str, papers: Collection[Source]) -> set[str]:
    return {paper.article_id(url) for paper in papers if paper.owns(url)}


def _rows(warehouse: Warehouse, name: str, column: str, values: Collection[str]) -> pa.Table:
    """The rows with such values, wherever in the table they are."""
    from pyiceberg.expressions import AlwaysTrue

    shape = TABLES[name]
    wanted = [
        n
        for n in ("article_id", "url", "published_at", "capture", "body")
        if n in shape.arrow.names
    ]
    table: Table | None = warehouse.existing(name)
    if table is None or not values:
        return pa.schema([shape.arrow.field(n) for n in wanted]).empty_table()
    return read(table, shape, AlwaysTrue(), columns=wanted, where=(column, values))
