"""Great Expectations at work: which rows do not meet an expectation, or why nobody can say.

pandas engine, an ephemeral context, nothing written and nothing sent anywhere. The pandas engine
alone names every failing row; they are told by a number of our own, since an identifier may be
null or doubled. Frames are evaluated in chunks, so that memory does not grow with a day.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa

from newsdesk.article import CheckResult, Outcome
from newsdesk.quality.suites import Expectation

ROW = "_row"
"""The column that numbers the rows."""

CHUNK = 10_000
"""Rows of one frame."""


@dataclass(slots=True)
class Found:
    """What became of one expectation.

    Attributes:
        rows: Numbers of the rows that do not meet it.
        error: What it raised, in one line; then ``rows`` says nothing.
    """

    rows: list[int] = field(default_factory=list)
    error: str | None = None

    def result(
        self,
        one: Expectation,
        *,
        source: str,
        day: dt.date | None,
        observed: Mapping[str, Any],
        rows: int,
        failing: int,
        failed: bool,
        expected: Mapping[str, Any] | None = None,
    ) -> CheckResult:
        """The row of ``news.checks`` for one paper; the figures are of no use if it raised."""
        outcome: Outcome = "failed" if failed else "passed"
        seen = observed if self.error is None else {"error": self.error}
        return CheckResult(
            source=source,
            published_day=day,
            expectation=one.name,
            severity=one.severity,
            outcome=outcome if self.error is None else "not_evaluated",
            observed=_json(seen),
            expected=_json(one.expected if expected is None else expected),
            rows=rows,
            failing=failing if self.error is None else 0,
        )


def evaluate(rows: pa.Table, suite: Sequence[Expectation]) -> dict[Expectation, Found]:
    """Evaluates a suite.

    Args:
        rows: The columns that the suite looks at, and ``_row``.
        suite: The expectations.

    Returns:
        What became of each, in the order of the suite.
    """
    found: dict[str, Found] = {one.name: Found() for one in suite}
    for chunk in _chunks(rows, [one.column for one in suite if one.kind == "unique"]):
        for name, here in _evaluate_chunk(chunk, suite).items():
            found[name].rows += here.rows
            found[name].error = found[name].error or here.error
    return {one: found[one.name] for one in suite}


def _chunks(rows: pa.Table, unique: Sequence[str]) -> Iterator[pa.Table]:
    """The rows in parts that never part two rows with the same value of a unique column."""
    if rows.num_rows <= CHUNK:
        yield rows
        return
    if not unique:
        yield from (rows.slice(at, CHUNK) for at in range(0, rows.num_rows, CHUNK))
        return
    (column,) = unique  # more than one could not all be kept together
    rows = rows.sort_by(column)
    values = rows[column]
    start = 0
    while start < rows.num_rows:
        end = min(start + CHUNK, rows.num_rows)
        while end < rows.num_rows and _same(values[end - 1], values[end]):
            end += 1
        yield rows.slice(start, end - start)
        start = end


def _same(one: pa.Scalar, other: pa.Scalar) -> bool:
    return one.is_valid and bool(one.equals(other))


def _evaluate_chunk(chunk: pa.Table, suite: Sequence[Expectation]) -> dict[str, Found]:
    batches = _batches()  # first: it is this that imports the library as it should be
    import great_expectations as gx

    columns = list(dict.fromkeys(one.column for one in suite if one.column in chunk.column_names))
    frame = chunk.select([ROW, *columns]).to_pandas()
    expectations = [_as_gx(one) for one in suite]
    outcome = batches.get_batch({"dataframe": frame}).validate(
        gx.ExpectationSuite(name="newsdesk", expectations=expectations),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [ROW],
            "return_unexpected_index_query": False,
        },
    )
    # The order is not that of the suite: what raised comes first.
    return {one.expectation_config.meta["name"]: _found(one) for one in outcome.results}


def _found(outcome: Any) -> Found:
    """What Great Expectations says of one expectation.

    One that raised also says ``success: False``; its ``exception_info`` is flat, or holds one such
    object for each metric that raised.
    """
    info: Mapping[str, Any] = outcome.exception_info or {}
    each = [info] if "raised_exception" in info else list(info.values())
    raised = [one for one in each if one["raised_exception"]]
    if raised:
        return Found(error=" ".join(str(raised[0]["exception_message"]).split())[:200])
    rows = [int(row[ROW]) for row in outcome.result.get("unexpected_index_list") or ()]
    if not outcome.success and not rows:
        return Found(error="failed without naming a row")
    return Found(rows)


def _json(figures: Mapping[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False, default=str)  # a moment as text


def _as_gx(one: Expectation) -> Any:
    import great_expectations.expectations as gxe

    common = {"column": one.column, "severity": one.severity, "meta": {"name": one.name}}
    match one.kind:
        case "present":
            return gxe.ExpectColumnValuesToNotBeNull(**common)
        case "absent":
            return gxe.ExpectColumnValuesToBeNull(**common)
        case "unique":
            return gxe.ExpectColumnValuesToBeUnique(**common)
        case "between":
            return gxe.ExpectColumnValuesToBeBetween(
                **common, min_value=one.low, max_value=one.high
            )
        case "among":
            return gxe.ExpectColumnValuesToBeInSet(**common, value_set=list(one.values))
        case "matching":
            return gxe.ExpectColumnValuesToMatchRegex(**common, regex=one.pattern)


@cache
def _batches() -> Any:
    """Where frames are handed in; one context serves a whole process."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    with _kept():
        import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    assets = context.data_sources.add_pandas("newsdesk")
    return assets.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("run")


@contextmanager
def _kept() -> Iterator[None]:
    """Leaves what is imported inside out of the search for garbage, then and later.

    The library's objects are many and stay. To look through them each time that a few more have
    come takes an eighth of the processor time of a whole check.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.collect()  # what importing left behind must not stay with it
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
