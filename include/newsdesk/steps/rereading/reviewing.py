"""All days of a reread looked at together: is it better, or only different?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsdesk.errors import RereadRefused
from newsdesk.steps.desk import Desk
from newsdesk.steps.rereading.comparing import load_comparison
from newsdesk.steps.rereading.outcomes import Figures

STEADY = {"headline": "headline", "day": "published day"}
"""What a story hardly ever changes, as it is told: where most rows do, the reader went astray."""

MOST = 0.5
"""Share of a paper's rows that may change what is steady, unless more of them may be lost."""

CHANGES = ("changed", "gained", "lost", "renamed")
"""Outcomes that the tables show."""


@dataclass(slots=True)
class Report:
    """What a reread would change.

    Attributes:
        days: Days that have pages.
        papers: Figures by paper.
        blocked: Days that would fail their checks and so stay as they are, with why.
        worse: What looks like a regression, one line each.
        stale: Papers whose pages read otherwise by a reader that is no newer, one line each.
        missing: Pages whose file is not in the bucket any more.
    """

    days: int
    papers: dict[str, Figures] = field(default_factory=dict)
    blocked: list[str] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
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
    return judged(report, desk.reread_limit)


def judged(report: Report, limit: float) -> Report:
    """The report with what its figures should stop, told by paper.

    Args:
        report: Figures of all papers.
        limit: Share of a paper's rows that may leave or lose a value.
    """
    report.worse = _worse(report.papers, limit)
    report.stale = _stale(report.papers, limit)
    return report


def refuse_regression(report: Report, *, accept: bool) -> None:
    """Stops what had better not be published.

    Args:
        report: What a reread would change.
        accept: Whether what stops it was seen and accepted. Nobody can accept a reread that
            would change nothing because its reader is no newer.

    Raises:
        RereadRefused: It looks like a regression, or the reader is no newer than what it would
            replace.
    """
    if report.stale and not (accept and report.pages(*CHANGES)):
        raise RereadRefused(
            "reread",
            f"the reader is no newer than the rows that it would replace: "
            f"{'; '.join(report.stale)}: raise rules_version in the paper's file, or READER_VERSION",
        )
    if report.worse and not accept:
        raise RereadRefused(
            "reread",
            f"looks like a regression, so nothing was published: {'; '.join(report.worse)}",
        )


def _stale(papers: Mapping[str, Figures], limit: float) -> list[str]:
    """Papers of which nothing else would change, or more than a few stray pages stay behind."""
    found = []
    for paper, figures in sorted(papers.items()):
        stale = figures.outcomes["not_newer"]
        alone = not any(figures.outcomes[name] for name in CHANGES)
        if stale and (alone or stale > limit * figures.held):
            found.append(f"{paper}: {stale} pages read otherwise, of {figures.held}")
    return found


def _worse(papers: Mapping[str, Figures], limit: float) -> list[str]:
    """Where a paper loses more rows, or more values of a field, than may be, or changes too many.

    What is gained elsewhere is no excuse: another story's byline does not make up for one that is
    lost.
    """
    found = []
    for paper, figures in sorted(papers.items()):
        gone = figures.outcomes["lost"] + figures.outcomes["renamed"]
        for what, count in {"rows": gone, **dict(sorted(figures.emptied.items()))}.items():
            if count > limit * figures.held:
                found.append(_told(paper, what, count, figures))
        for name, called in STEADY.items():
            if (count := figures.differ[name]) > max(MOST, limit) * figures.held:
                share = _share(count, figures)
                found.append(f"{paper} would have another {called} in {share} rows")
    return found


def _share(count: int, figures: Figures) -> str:
    return f"{count} of {figures.held} ({count / figures.held:.0%})"


def _told(paper: str, what: str, count: int, figures: Figures) -> str:
    share = _share(count, figures)
    if what == "rows":
        why = ", ".join(f"{reason} {n}" for reason, n in figures.lost.most_common(3))
        return f"{paper} would lose {share} rows{f': {why}' if why else ''}"
    if what == "half_body":
        return f"{paper} would lose most of the body of {share} rows"
    return f"{paper} would lose the {what} of {share} rows"
