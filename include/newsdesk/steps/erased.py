"""Erasure as a DAG takes it: an error where something is left, and the days that consumers are told."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from newsdesk.errors import SettingsError, StoreError
from newsdesk.publish.days import standing
from newsdesk.steps.desk import Desk
from newsdesk.steps.erasing import erase
from newsdesk.steps.publishing import day_figures

log = logging.getLogger(__name__)


def erase_story(desk: Desk, story: str, *, by: str, reason: str) -> dict[str, list[str]]:
    """Erases a story; see ``erase``.

    Returns:
        ``days``: the published days that it left, also at an earlier erasure.

    Raises:
        SettingsError: Nothing tells what story that is.
        StoreError: Something of it is left, because a run under way wrote it; a repetition takes it
            out.
    """
    done = erase(desk, story, by=by, reason=reason)
    if not done["known"]:
        raise SettingsError(story, "no paper's address, and in no table")
    for key in done["quoted"]:
        log.warning("%s: has words of it in another story", key)
    if done["left"]:
        raise StoreError(done["left"][0], "still has what is erased: repeat it")
    return {"days": done["days"]}


def erased_days(desk: Desk, days: Sequence[Sequence[str]]) -> dict[str, Any]:
    """How the days stand that erased stories have left: what consumers are told.

    Args:
        desk: The desk.
        days: For each story the days that it left.

    Returns:
        ``days``: by published day its figures, as ``signals`` has them.
    """
    removed = Counter(dt.date.fromisoformat(day) for one in days for day in one)
    told = standing(desk.open_warehouse(), removed, desk.now(), removed) if removed else ()
    return {"days": day_figures(told)}
