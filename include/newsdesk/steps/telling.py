"""Telling consumers of days as they stand: a new consumer of all, or of what a shell has changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from newsdesk.publish.days import standing
from newsdesk.steps.desk import Desk
from newsdesk.steps.planning import days_of
from newsdesk.steps.publishing import day_figures


def standing_days(desk: Desk, first: dt.date, last: dt.date) -> dict[str, Any]:
    """How the days of a range stand of which anything was ever published or looked for.

    Args:
        desk: The desk.
        first: First day, UTC.
        last: Last day, inclusive.

    Returns:
        ``days``: by published day its figures, as ``signals`` has them; nothing counts as changed.

    Raises:
        SettingsError: The range is empty, reaches into the future or is longer than ten years.
        CatalogError: The catalog failed.
    """
    asked = days_of(desk, first, last)
    return {"days": day_figures(standing(desk.open_warehouse(), asked, desk.now()))}
