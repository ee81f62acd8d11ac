"""Upkeep of the tables and of the raw zone, once a week or when somebody says so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from newsdesk.publish.pointers import point
from newsdesk.steps.desk import Desk
from newsdesk.tables import TABLES
from newsdesk.tables.upkeep import age_out
from newsdesk.tables.upkeep import tidy as tidy_table


def table_names(desk: Desk) -> dict[str, Any]:
    """The tables that upkeep looks after.

    Returns:
        ``tables``: their names.
    """
    return {"tables": list(TABLES)}


def tidy(desk: Desk, table: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Compacts one table, expires its snapshots, removes orphans, and moves its pointer along.

    Returns:
        Files and bytes before and after, and what was done; nothing of a table nobody has made.

    Raises:
        CatalogError: The catalog failed, or other runs came between too often.
        StoreError: The bucket failed.
    """
    warehouse = desk.open_warehouse()
    report = tidy_table(warehouse, desk.store, table, desk.upkeep, now=desk.now(), dry_run=dry_run)
    if report is None:
        return {}
    if not dry_run:
        point(warehouse, desk.store, desk.layout, table)
    return asdict(report)


def age_raw(desk: Desk, *, dry_run: bool = False) -> dict[str, Any]:
    """Removes WARC files that are older than the setting says, if it says anything.

    Returns:
        Files and bytes, how many were removed, how many stay because something needs them.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    report = age_out(
        desk.open_warehouse(),
        desk.store,
        desk.layout,
        desk.upkeep,
        now=desk.now(),
        dry_run=dry_run,
    )
    return asdict(report)
