"""A whole reread in one process, as the command line takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from newsdesk.steps.desk import Desk
from newsdesk.steps.rereading.comparing import compare
from newsdesk.steps.rereading.gathering import gather, read
from newsdesk.steps.rereading.publishing import publish
from newsdesk.steps.rereading.reviewing import Report, refuse_regression, review


def reread(
    desk: Desk,
    first: dt.date,
    last: dt.date,
    *,
    published: bool = False,
    papers: Sequence[str] = (),
    dry_run: bool = False,
    accept: bool = False,
    run_id: str | None = None,
    on_report: Callable[[Report], None] = lambda report: None,
    on_step: Callable[[str], None] = lambda step: None,
) -> dict[str, Any]:
    """Reads the landed pages of some days again and, unless it is a dry run, publishes them.

    Args:
        desk: The desk.
        first: First day, UTC.
        last: Last day, inclusive.
        published: Whether they are published days; else run days.
        papers: Names of papers; none is all of the desk's.
        dry_run: Whether nothing is published.
        accept: Whether it is published even if it looks like a regression.
        run_id: The run; the same one again goes on where it stopped. ``None`` makes a new one.
        on_report: Is given what would change, before anything does.
        on_step: Told what is done.

    Returns:
        ``days`` that changed with their figures (of a day that two days changed, the later), what
        is ``blocked``.

    Raises:
        SettingsError: The range is empty or reaches into the future, or a paper is unknown.
        RereadRefused: It looks like a regression and was not accepted.
    """
    run_id = run_id or f"reread__{desk.now():%Y-%m-%dT%H:%M:%S.%f}"
    on_step("looking for pages")
    units = gather(desk, first, last, run_id, published=published, papers=papers)
    days = sorted({day for day, _ in units})
    for day, shard in units:
        on_step(f"reading {day}")
        read(desk, day, run_id, shard)
    for day in days:
        on_step(f"comparing {day}")
        compare(desk, day, run_id)
    report = review(desk, days, run_id)
    on_report(report)
    changed: dict[str, Any] = {}
    blocked: list[str] = []
    if not dry_run:
        refuse_regression(report, accept=accept)
        for day in days:
            on_step(f"publishing {day}")
            done = publish(desk, day, run_id)
            changed |= done["days"]
            blocked += done["blocked"]
    return {"days": changed, "blocked": blocked}
