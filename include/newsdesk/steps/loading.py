"""The consumer's step: one changed day into the database that analysts use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from newsdesk import consume
from newsdesk.errors import SettingsError
from newsdesk.steps.desk import Desk


def load(desk: Desk, day: dt.date, run_id: str) -> dict[str, Any]:
    """Brings a published day as it stands now into the desk's target.

    Returns:
        The day, its rows, how many were added, changed and removed, whether nothing was, and the
        snapshot that was read.

    Raises:
        SettingsError: There is no target, or it is none that can be filled.
        TargetError: The target cannot be opened or written.
    """
    if not desk.target:
        raise SettingsError(
            "NEWSDESK_WAREHOUSE", "is not set: the path of a DuckDB file, or postgresql://…"
        )
    done = consume.load_day(desk.open_warehouse(), day, desk.target, run_id=run_id, now=desk.now())
    return {
        "day": f"{done.day:%Y-%m-%d}",
        "rows": done.rows,
        "added": done.added,
        "changed": done.changed,
        "removed": done.removed,
        "unchanged": done.unchanged,
        "snapshot": done.snapshot,
    }
