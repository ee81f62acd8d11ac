"""The Data Docs of a run in the bucket, and the list of every run that has some.

Nobody waits for them: whatever goes wrong here is logged, and the run goes on without.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from newsdesk.article import CheckResult, Run
from newsdesk.errors import ObjectConflict, ObjectMissing, StoreError
from newsdesk.quality import STYLE, data_docs
from newsdesk.steps.desk import Desk
from newsdesk.store import JSON
from newsdesk.tables.commit import TRIES, pause

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"

RUNS_LISTED = 1_000
"""Runs on the list, the newest; the pages of older ones stay where they are."""

_COUNTED = ("not_evaluated", "failed", "passed")


def document(desk: Desk, run: Run, results: Sequence[CheckResult]) -> str | None:
    """Writes the Data Docs of a run, over any that it has.

    Returns:
        Address of their first page; ``None`` when they could not be written, which is logged.
    """
    try:
        for name, page in data_docs(run, results):
            desk.store.put(
                desk.layout.docs(run.day, run.run_id, name), page.encode(), content_type=HTML
            )
        _list(desk, run, results)
    except Exception:  # a run is worth more than its pages, whatever happened to them
        log.exception("the Data Docs of run %s could not be written", run.run_id)
        return None
    return address(desk, run)


def address(desk: Desk, run: Run) -> str:
    """Address of the first page of a run's Data Docs."""
    return desk.store.address(desk.layout.docs(run.day, run.run_id))


def has_docs(desk: Desk, run: Run) -> bool:
    """Whether a run has Data Docs."""
    return desk.store.head(desk.layout.docs(run.day, run.run_id)) is not None


def _list(desk: Desk, run: Run, results: Sequence[CheckResult]) -> None:
    """Puts a run on the list of all runs.

    Both objects are written if they still are what was read before the list was: runs that end
    at once lose no line of each other, and the page is never older than the list.
    """
    counts = Counter[str](one.outcome for one in results)
    key = desk.layout.docs(run.day, run.run_id)
    entry: dict[str, Any] = {
        "day": f"{run.day}",
        "run_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "page": key.removeprefix(desk.layout.docs_index().removesuffix("index.html")),
        **{outcome: counts[outcome] for outcome in _COUNTED},
    }
    list_key, page_key = desk.layout.docs_runs(), desk.layout.docs_index()
    for attempt in range(TRIES):
        page, there = desk.store.head(page_key), desk.store.head(list_key)
        try:
            old = desk.store.get(list_key) if there is not None else b"{}"
            runs = _newest({**json.loads(old), entry["page"]: entry})
            new = json.dumps(runs, indent=1).encode()
            if new != old:
                etag = there.etag if there else None
                desk.store.put_if_match(list_key, new, etag, content_type=JSON)
            etag = page.etag if page else None
            desk.store.put_if_match(page_key, _page(runs).encode(), etag, content_type=HTML)
        except (ObjectConflict, ObjectMissing):
            pause(attempt)
            continue
        return
    raise StoreError(list_key, f"lost {TRIES} writes to other runs")


def _newest(runs: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The runs that started last, newest run day first."""
    kept = sorted(runs.items(), key=lambda item: item[1]["started_at"])[-RUNS_LISTED:]
    return dict(sorted(kept, key=lambda item: item[0], reverse=True))


def _page(runs: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        f'<tr class="{_state(one)}"><td><a href="{escape(page)}">{escape(one["day"])}</a>'
        f"<td><code>{escape(one['run_id'])}</code><td>{escape(one['started_at'])}"
        + "".join(f'<td class="number">{int(one[outcome])}' for outcome in _COUNTED)
        + "</tr>"
        for page, one in runs.items()
    ]
    head = "<tr><th>Day<th>Run<th>Started<th>Not evaluated<th>Failed<th>Passed</tr>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Checks of every run</title>'
        f"<style>{STYLE}</style><h1>Checks of every run</h1><table>{head}{''.join(rows)}</table>"
    )


def _state(one: Mapping[str, Any]) -> str:
    return "not_evaluated" if one["not_evaluated"] else "failed warning" if one["failed"] else ""
