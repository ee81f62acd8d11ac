"""What a reread would change, as people and programs read it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from newsdesk.steps.rereading.reviewing import Report

if TYPE_CHECKING:
    from rich.console import Console


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain JSON values."""
    return {
        "days": report.days,
        "missing": report.missing,
        "blocked": report.blocked,
        "worse": report.worse,
        "not_newer": report.stale,
        "papers": {
            paper: {
                "rows": figures.held,
                "outcomes": _plain(figures.outcomes),
                "lost": _plain(figures.lost),
                "differ": _plain(figures.differ),
                "emptied": _plain(figures.emptied),
                "filled": _plain(figures.filled),
            }
            for paper, figures in sorted(report.papers.items())
        },
    }


def show_report(report: Report, console: Console) -> None:
    """Prints the report: for every paper what becomes of its pages, and which fields differ."""
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    table.add_column("paper")
    table.add_column("rows", justify="right")
    for name in ("pages", "fields that differ", "values lost and won", "rows that leave"):
        table.add_column(name)
    for paper, figures in sorted(report.papers.items()):
        values = Counter({f"{name} +": n for name, n in figures.filled.items()})
        values.update({f"{name} -": n for name, n in figures.emptied.items()})
        told = [_told(x) for x in (figures.outcomes, figures.differ, values, figures.lost)]
        table.add_row(paper, f"{figures.held:,}", *told)
    console.print(table)
    if report.missing:
        console.print(f"{report.missing} pages are not in the bucket any more and stay as read")
    for blocked in report.blocked:
        console.print(f"would wait, because its checks fail: {blocked}", markup=False)
    for line in report.worse:
        console.print(f"looks like a regression: {line}", style="red", markup=False)
    for line in report.stale:
        console.print(f"the reader is no newer: {line}", style="red", markup=False)


def _told(counts: Counter[str]) -> str:
    return "\n".join(f"{name} {count:,}" for name, count in counts.most_common() if count) or "-"


def _plain(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
