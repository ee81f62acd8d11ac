"""The other consumer's step: one changed day as plain Parquet, for engines without Iceberg."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from newsdesk.consume.hive import export_day
from newsdesk.steps.desk import Desk


def export(desk: Desk, day: dt.date, run_id: str, *, purge: bool = False) -> dict[str, Any]:
    """Makes the export of a published day what the tables say, and removes its old versions.

    Args:
        desk: The desk.
        day: The UTC day.
        run_id: The run.
        purge: Whether old versions go at once, whoever may be reading them.

    Returns:
        The day, its rows, files and bytes, whether it was unchanged, and how many old files went.

    Raises:
        CatalogError: The catalog failed, or nothing was ever published.
        StoreError: The bucket failed, or others exported the day first every time.
    """
    done = export_day(
        desk.open_warehouse(),
        desk.store,
        desk.layout,
        day,
        run_id=run_id,
        now=desk.now(),
        keep=dt.timedelta() if purge else desk.upkeep.keep_orphans,
    )
    return {**asdict(done), "day": f"{done.day:%Y-%m-%d}"}
