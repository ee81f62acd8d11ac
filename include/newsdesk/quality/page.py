"""The results of a run's checks as one page of HTML: what went wrong first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from newsdesk.article import CheckResult

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b2733; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #d8dee4 }
td.number { text-align: right; font-variant-numeric: tabular-nums }
code { font: 13px ui-monospace, monospace }
.failed.critical, .not_evaluated { background: #ffe3e0 }
.failed.warning { background: #fff3d1 }
"""

_HEAD = (
    "<tr><th>Paper<th>Day<th>Check<th>Severity<th>Outcome"
    "<th>Observed<th>Expected<th>Stories<th>Failing</tr>"
)

_WORST_FIRST = ("not_evaluated", "failed", "passed")
_GRAVEST_FIRST = ("critical", "warning", "info")


def render(
    results: Sequence[CheckResult],
    *,
    title: str,
    links: Mapping[str, str] | None = None,
    more: str = "",
) -> str:
    """A page of results.

    Every text is escaped: names and figures may hold what a paper wrote. The page has no script
    and loads nothing.

    Args:
        results: Every expectation of a run.
        title: Title of the page.
        links: Where a paper's own page is, by its name.
        more: HTML to stand below the title.
    """
    ordered = worst_first(results)
    passed = [one for one in ordered if one.outcome == "passed"]
    others = [one for one in ordered if one.outcome != "passed"]
    counts = Counter[str](one.outcome for one in ordered)
    told = ", ".join(f"{counts[o]} {o.replace('_', ' ')}" for o in _WORST_FIRST if counts[o])
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{STYLE}</style><h1>{escape(title)}</h1><p>{told or 'Nothing was judged.'}</p>",
        more,
    ]
    if others:
        parts.append(_table(others, links or {}))
    if passed:
        table = _table(passed, links or {})
        parts.append(f"<details><summary>{len(passed)} passed</summary>{table}</details>")
    return "\n".join(parts)


def worst_first(results: Iterable[CheckResult]) -> list[CheckResult]:
    """What could not be evaluated, then what failed, the gravest first."""
    return sorted(results, key=_order)


def _order(one: CheckResult) -> tuple[object, ...]:
    return (
        _WORST_FIRST.index(one.outcome),
        _GRAVEST_FIRST.index(one.severity),
        one.source,
        str(one.published_day or ""),
        one.expectation,
    )


def _table(results: Sequence[CheckResult], links: Mapping[str, str]) -> str:
    rows = [_row(one, links.get(one.source)) for one in results]
    return f"<table>{_HEAD}{''.join(rows)}</table>"


def _row(one: CheckResult, link: str | None) -> str:
    day = one.published_day or "staged rows"
    outcome = one.outcome.replace("_", " ")
    source = escape(one.source)
    if link is not None:
        source = f'<a href="{escape(link)}">{source}</a>'
    return (
        f'<tr class="{escape(one.outcome)} {escape(one.severity)}">'
        f"<td>{source}<td>{escape(str(day))}<td>{escape(one.expectation)}"
        f"<td>{escape(one.severity)}<td>{escape(outcome)}"
        f"<td><code>{escape(one.observed)}</code><td><code>{escape(one.expected)}</code>"
        f'<td class="number">{one.rows}<td class="number">{one.failing}</tr>'
    )
