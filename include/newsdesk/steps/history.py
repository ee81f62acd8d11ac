"""The weeks before a day, as the checks compare it with them."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from newsdesk import quality
from newsdesk.tables import Warehouse
from newsdesk.tables.catalog import trouble
from newsdesk.tables.scan import DAY, days_filter
from newsdesk.tables.schema import ARTICLES


def usual(warehouse: Warehouse, day: dt.date) -> dict[str, quality.Bands]:
    """What is usual on a day for the figures of every paper, from four published weeks.

    No body is read, and of every batch only flags and lengths are kept: some ten bytes a story.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    table = warehouse.existing(ARTICLES.name)
    if table is None or table.current_snapshot() is None:
        return {}
    days = [day - DAY * back for back in range(1, quality.WEEKS // DAY + 1)]
    names = quality.HISTORY_COLUMNS
    schema = pa.schema([ARTICLES.arrow.field(name) for name in names])
    kept = []
    with trouble(ARTICLES.name):
        scan = table.scan(days_filter(ARTICLES, days), selected_fields=names)
        for batch in scan.to_arrow_batch_reader():
            rows = pa.Table.from_batches([batch]).select(names).cast(schema)
            kept.append(quality.slim(quality.narrow(rows)))
    return dict(quality.bands(pa.concat_tables(kept), day)) if kept else {}
