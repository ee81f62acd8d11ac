"""All days of a reread looked at together: is it better, or only different?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsdesk.errors import RereadRefused
from newsdesk.steps.desk import Desk
from newsdesk.steps.rereading.comparing import load_comparison
from newsdesk.steps.rereading.outcomes import Figures


@dataclass(slots=True)
class Report:
    """What a reread would change.

    Attributes:
        days: Days that have pages.
        papers: Figures by paper.
        blocked: Days that would fail their checks and so stay as they are, with why.
        worse: What looks like a regression, one line each.
        missing: Pages whose file is not in the bucket any more.
    """

    days: int
    papers: dict[str, Figures] = field(default_factory=dict)
    blocked: list[str] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)
    missing: int = 0

    def pages(self, *outcomes: str) -> int:
        """Pages of all papers with some outcomes."""
        return sum(one.outcomes[name] for one in self.papers.values() for name in outcomes)


def review(desk: Desk, days: Sequence[dt.date], run_id: str) -> Report:
    """Adds up what was compared.

    Args:
        desk: The desk; ``reread_limit`` is what a paper may lose.
        days: Days that were compared.
        run_id: The run.

    Raises:
        ObjectMissing: One was not compared.
    """
    report = Report(len(days))
    for day in days:
        found = load_comparison(desk, day, run_id)
        for paper, figures in sorted(found.figures.items()):
            report.papers.setdefault(paper, Figures()).add(figures)
        report.blocked += [f"{source} {day}: {why}" for source, day, why in found.verdict.blocked]
        report.missing += found.missing
    report.worse = _worse(report.papers, desk.reread_limit)
    return report


def refuse_regression(report: Report, *, accept: bool) -> None:
    """Stops what had better not be published.

    Args:
        report: What a reread would change.
        accept: Whether a regression was seen and accepted.

    Raises:
        RereadRefused: It looks like a regression, or the reader is no newer than what it would
            replace.
    """
    stale = report.pages("not_newer")
    if stale and not report.pages("changed", "gained", "lost", "renamed"):
        raise RereadRefused(
            "reread",
            f"{stale} pages read otherwise, but the reader is no newer than their rows: raise "
            "rules_version in the paper's file, or READER_VERSION",
        )
    if report.worse and not accept:
        raise RereadRefused(
            "reread",
            f"looks like a regression, so nothing was published: {'; '.join(report.worse)}",
        )


def _worse(papers: Mapping[str, Figures], limit: float) -> list[str]:
    """Where a paper loses more rows, or more values of a field, than may be."""
    found = []
    for paper, figures in sorted(papers.items()):
        if not figures.held:
            continue
        gone = figures.outcomes["lost"] + figures.outcomes["renamed"]
        losses = {"rows": gone}  # what is gained elsewhere is no excuse
        losses |= {name: n - figures.filled[name] for name, n in sorted(figures.emptied.items())}
        for what, count in losses.items():
            if count > limit * figures.held:
                found.append(_told(paper, what, count, figures))
    return found


def _told(paper: str, what: str, count: int, figures: Figures) -> str:
    share = f"{count} of {figures.held} ({count / figures.held:.0%})"
    if what == "rows":
        why = ", ".join(f"{reason} {n}" for reason, n in figures.lost.most_common(3))
        return f"{paper} would lose {share} rows{f': {why}' if why else ''}"
    if what == "half_body":
        return f"{paper} would lose most of the body of {share} rows"
    return f"{paper} would lose the {what} of {share} rows"
