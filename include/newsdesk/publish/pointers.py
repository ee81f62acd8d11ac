"""``current/<table>.json``: where a table's newest metadata file is, for readers without the catalog.

It is written after the commits and only ever moves forward: the tag of the pointer is read
before the table is, so that whoever writes has seen everything the pointer's last writer saw.
"""

from __future__ import annotations

import json

from newsdesk.errors import ObjectConflict, ObjectMissing, StoreError
from newsdesk.layout import Layout
from newsdesk.store import JSON, Store
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.commit import TRIES, pause


def point(warehouse: Warehouse, store: Store, layout: Layout, name: str) -> bool:
    """Makes a table's pointer name its newest metadata file.

    Returns:
        Whether it was written: not when it was right.

    Raises:
        StoreError: The store failed, or others wrote first every time.
    """
    key = layout.current(name)
    for attempt in range(TRIES):
        there = store.head(key)
        table = warehouse.table(name)
        snapshot = table.current_snapshot()
        body = json.dumps(
            {
                "table": f"{warehouse.namespace}.{name}",
                "metadata_location": table.metadata_location,
                "snapshot_id": snapshot.snapshot_id if snapshot else None,
            },
            indent=1,
        ).encode()
        try:
            if there is not None and store.get(key) == body:
                return False
            store.put_if_match(key, body, there.etag if there else None, content_type=JSON)
        except (ObjectConflict, ObjectMissing):
            pause(attempt)
            continue
        return True
    raise StoreError(key, f"lost {TRIES} writes to other runs")
