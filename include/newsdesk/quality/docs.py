"""Data Docs: what the checks said in one run, as pages.

``index`` has every expectation of every paper; a paper has a page of its own, laid out by Great
Expectations, with a section for each thing looked at. The pages load nothing and run nothing:
Great Expectations' own frame takes scripts and styles from half a dozen hosts, so its sections are
set in a frame of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from newsdesk.article import CheckResult, Run
from newsdesk.quality.page import STYLE, render, worst_first

MOST_PAGES = 100
"""Papers with a page of their own, the worst first: a page takes 0.1 s and 50 KB. The index has
every paper."""

MOST_RESULTS = 60
"""Expectations on a paper's page, the worst first: a run that touched a month has hundreds."""

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title }}</title><style>{{ style|safe }}</style>
<p><a href="index.html">All papers</a></p><h1>{{ title }}</h1><p>{{ told }}</p>
{% for section in sections %}{% set section_loop = loop %}{% include 'section.j2' %}{% endfor %}
"""

_STYLE = """
h5 { font-size: 1rem; margin: 1.5rem 0 .3rem }
i.fa-check-circle::before { content: "\\2713" }
i.fa-times::before { content: "\\2717" }
i.fa-exclamation-triangle::before { content: "\\26a0" }
.text-danger { color: #b3261e }
.badge { font: 13px ui-monospace, monospace }
"""

_INNOCENT = str.maketrans({"<": "\u2039", ">": "\u203a", "$": "\uff04", "\0": " "})
"""Great Expectations escapes some texts twice and some never; without these there is nothing to
escape. A dollar sign would begin a placeholder."""

_COUNTED = {
    "nulls": "expect_column_values_to_not_be_null",
    "found": "expect_column_values_to_be_null",
    "repeated": "expect_column_values_to_be_unique",
    "unmatched": "expect_column_values_to_match_regex",
}


def data_docs(run: Run, results: Sequence[CheckResult]) -> Iterator[tuple[str, str]]:
    """The pages of a run: pairs of name (``index``, or that of a paper) and HTML.

    Great Expectations is imported for the pages of papers.

    Args:
        run: The run.
        results: Every expectation of it.
    """
    title = f"Checks of {run.day}"
    mine: dict[str, list[CheckResult]] = {}
    for one in worst_first(results):
        mine.setdefault(one.source, []).append(one)
    papers = list(mine)[:MOST_PAGES]
    more = f'<p>Run <code>{escape(run.run_id)}</code>. <a href="../../index.html">All runs</a></p>'
    links = {paper: f"{paper}.html" for paper in papers}
    yield "index", render(results, title=title, links=links, more=more)
    for paper in papers:
        yield paper, _paper_page(f"{title}: {paper}", mine[paper][:MOST_RESULTS])


def _paper_page(title: str, results: Sequence[CheckResult]) -> str:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    good = sum(one.outcome == "passed" for one in results)
    found = ExpectationSuiteValidationResult(
        success=good == len(results),
        results=[_as_gx(one) for one in results],
        suite_name=title,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": good,
            "unsuccessful_expectations": len(results) - good,
            "success_percent": 100 * good / len(results),
        },
        meta={},
    )
    _overview, *sections = ValidationResultsPageRenderer().render(found).to_json_dict()["sections"]
    frame = DefaultJinjaPageView().env.from_string(_PAGE)
    told = f"{good} of {len(results)} passed"
    page: str = frame.render(title=title, told=told, sections=sections, style=STYLE + _STYLE)
    return page


def _as_gx(one: CheckResult) -> Any:
    """A result in the shape that Great Expectations' renderers take."""
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    kind, wanted = _wanted(json.loads(one.expected))
    observed = json.loads(one.observed)
    raised = one.outcome == "not_evaluated"
    where = (
        f"{one.published_day or 'staged rows'} \N{MIDDLE DOT} {one.expectation} ({one.severity})"
    )
    figures = {"observed_value": _plain(observed)}
    if not raised:
        share = 100 * one.failing / one.rows if one.rows else 0.0
        figures |= {
            "element_count": one.rows,
            "missing_count": 0,
            "unexpected_count": one.failing,
            "unexpected_percent": share,
            "unexpected_percent_total": share,
        }
    return ExpectationValidationResult(
        success=one.outcome == "passed",
        expectation_config=ExpectationConfiguration(
            type=kind, kwargs={"column": _plain(where), **wanted}, severity=one.severity
        ),
        result=figures,
        exception_info={
            "raised_exception": raised,
            "exception_message": _plain(observed.get("error", "")),
            "exception_traceback": "",
        },
    )


def _wanted(expected: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind of expectation, from what was asked for as ``news.checks`` has it."""
    if not expected:
        return _COUNTED["nulls"], {}
    name, value = next(iter(expected.items()))
    if name in _COUNTED:
        pattern = {"regex": "http(s) address"} if name == "unmatched" else {}
        return _COUNTED[name], pattern
    if len(value) == 2 and not any(isinstance(bound, str | bool) for bound in value):
        bounds = {"min_value": value[0], "max_value": value[1]}
        return "expect_column_values_to_be_between", bounds
    return "expect_column_values_to_be_in_set", {"value_set": [_plain(one) for one in value]}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(name)}: {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " to ".join(str(_plain(one)) for one in value)
    return str(value).translate(_INNOCENT)
