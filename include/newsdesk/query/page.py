"""How complete the days are, as one page of HTML: a row for each paper, a column for each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from itertools import groupby

from newsdesk.query.coverage import UNKNOWN, CoverageDay

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b2733; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { padding: .2rem .5rem; text-align: left; white-space: nowrap }
.days { border-collapse: separate; border-spacing: 2px }
.days { font-size: 13px }
.days td { text-align: right; font-variant-numeric: tabular-nums; padding: .2rem .35rem }
.days thead th { text-align: right; font-weight: 400; color: #5b6875 }
.open td, .open th { border-bottom: 1px solid #d8dee4 }
.complete { background: #cdeed7 }
.incomplete { background: #fff0c2 }
.failed { background: #ffd2cc; font-weight: 600 }
.unknown { background: #eceff2; color: #5b6875 }
.legend span { display: inline-block; width: 2rem; margin-right: .5rem; text-align: center }
"""

_MEANING = {
    "complete": "complete: nothing is left to come",
    "incomplete": "incomplete: a gap, or stories that are missing",
    "failed": "failed its checks: the day stays as it was",
    UNKNOWN: "unknown: nobody worked on the day",
}
_MARK = {"complete": "", "incomplete": "…", "failed": "!", UNKNOWN: "?"}
"""What tells a state beside its colour."""


def render(entries: Sequence[CoverageDay], span: int) -> str:
    """A page of coverage.

    Every text is escaped. The page has no script and loads nothing; its links lead to the days
    before and after (``?last=DAY&days=N``).

    Args:
        entries: As ``status`` gives them: every paper on the same days.
        span: Days that were wanted; there may be fewer.
    """
    head = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Coverage</title>'
        f"<style>{STYLE}</style><h1>Coverage</h1>"
    )
    if not entries:
        return f"{head}<p>No paper was ever published.</p>"
    days = sorted({entry.published_day for entry in entries})
    columns = "".join(f'<th title="{day}">{day:%d}' for day in days)
    papers = groupby(entries, key=lambda one: one.source)
    rows = "".join(_row(name, list(some)) for name, some in papers)
    what = f"Stories that are published of each day, {days[0]} to {days[-1]} (UTC)."
    header = f"<tr><th>{_months(days)}<th>complete up to{columns}"
    parts = [
        head,
        f"<p>{what} {_links(days[-1], span)}</p>",
        f'<p class="legend">{_legend()}</p>',
        f'<table class="days"><thead>{header}</thead>{rows}</table>',
        _open(entries),
    ]
    return "\n".join(parts)


def state_of(entry: CoverageDay) -> str:
    """``complete``, ``incomplete``, ``failed`` or ``unknown``.

    A day without a row is unknown, and so is one that runs of other days alone came across.
    """
    if entry.verdict == "failed":
        return "failed"
    if entry.complete:
        return "complete"
    return UNKNOWN if entry.expected is None else "incomplete"


def _row(name: str, entries: Sequence[CoverageDay]) -> str:
    mark = entries[0].watermark
    cells = "".join(
        f'<td class="{state_of(one)}" title="{escape(_told(one))}">'
        f"{'' if one.published is None else one.published}{_MARK[state_of(one)]}"
        for one in entries
    )
    return f"<tr><th>{escape(name)}<td>{mark or 'no day'}{cells}"


def _told(entry: CoverageDay) -> str:
    """Everything that is known of a day, for whoever points at it."""
    if entry.expected is None:
        return f"{entry.published_day}: {_MEANING[UNKNOWN]}"
    why = ", ".join(f"{reason} {count}" for reason, count in entry.reasons.items())
    figures = (
        f"{entry.published} published of {entry.expected} known, "
        f"{entry.rejected} rejected{f' ({why})' if why else ''}, "
        f"{entry.missing} missing; checks: {entry.verdict.replace('_', ' ')}"
    )
    return f"{entry.published_day}: {figures}{_gap(entry, '; nobody watched ')}"


def _gap(entry: CoverageDay, before: str = "") -> str:
    if entry.gap_from is None or entry.gap_to is None:
        return ""
    return f"{before}{entry.gap_from:%m-%d %H:%M} to {entry.gap_to:%m-%d %H:%M}"


def _open(entries: Sequence[CoverageDay]) -> str:
    """What is left to do: every day that somebody worked on and that is not complete."""
    left = [one for one in entries if state_of(one) in ("failed", "incomplete")]
    if not left:
        return "<p>No day that was worked on is incomplete.</p>"
    head = "<tr><th>Paper<th>Day<th>Known<th>Published<th>Rejected<th>Missing<th>Gap<th>Checks"
    rows = "".join(
        f"<tr><td>{escape(one.source)}<td>{one.published_day}<td>{_shown(one.expected)}"
        f"<td>{_shown(one.published)}<td>{_shown(one.rejected)}<td>{_shown(one.missing)}"
        f"<td>{_gap(one)}<td>{escape(one.verdict.replace('_', ' '))}"
        for one in left
    )
    return f'<h2>What is open</h2><table class="open">{head}{rows}</table>'


def _shown(figure: int | None) -> str:
    return "–" if figure is None else str(figure)


def _legend() -> str:
    return " ".join(
        f'<span class="{state}">{_MARK[state] or "&nbsp;"}</span>{meaning}<br>'
        for state, meaning in _MEANING.items()
    )


def _months(days: Sequence[dt.date]) -> str:
    first, last = f"{days[0]:%b %Y}", f"{days[-1]:%b %Y}"
    return first if first == last else f"{first} – {last}"


def _links(last: dt.date, span: int) -> str:
    shift = dt.timedelta(days=span)
    return (
        f'<a href="?last={last - shift}&amp;days={span}">earlier</a> · '
        f'<a href="?last={last + shift}&amp;days={span}">later</a> · '
        f'<a href="?days={span}">newest</a>'
    )
