"""Staged rows, one by one: what is refused, and the figures of every paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import CheckResult
from newsdesk.quality.days import DAY_COLUMNS
from newsdesk.quality.evaluate import ROW, Found, evaluate
from newsdesk.quality.junk import junk_name, own_names
from newsdesk.quality.suites import Expectation, Suite, by_suite, row_suite
from newsdesk.sources import Source

ROW_COLUMNS = (*DAY_COLUMNS, "url", "language")
"""Columns of staged rows that these are judged by, beside the lengths of their bodies."""

AT_ONCE = 5_000
"""Rows whose names are plain objects at a time: they take fifty times as much as in a column."""


@dataclass(frozen=True, slots=True)
class RowChecks:
    """What the checks say of staged rows.

    Attributes:
        bad: Rows that are refused, by number: every reason (``check:not_null(headline)``) with
            what was seen.
        results: Every expectation of every paper that has rows.
        unjudged: Papers of which an expectation raised, with why: their rows are refused, and
            the days of these rows stay as they were.
    """

    bad: Mapping[int, Mapping[str, str]]
    results: tuple[CheckResult, ...]
    unjudged: Mapping[str, str]


def check_rows(narrow: pa.Table, sources: Mapping[str, Source]) -> RowChecks:
    """Judges staged rows.

    Args:
        narrow: What ``narrow`` gave of them.
        sources: The papers, by name.
    """
    rows = narrow.append_column(ROW, pa.array(range(narrow.num_rows), pa.int64()))
    rows = rows.append_column("junk_byline", _junk(narrow, sources))
    there = sorted(set(narrow["source"].to_pylist()) & set(sources))
    bad: dict[int, dict[str, str]] = {}
    results: list[CheckResult] = []
    unjudged: dict[str, str] = {}
    for number in rows.filter(pc.invert(_of(rows, sources)))[ROW].to_pylist():
        bad[number] = {"check:known(source)": "no source file is of that name"}
    for suite, names in by_suite(there, lambda name: row_suite(sources[name])).items():
        mine = rows.filter(_of(rows, names))
        found = evaluate(mine, suite)
        results += _results(mine, names, suite, found)
        _refuse(bad, rows, suite, found)
        for one in suite:
            if (error := found[one].error) is not None:
                unjudged |= dict.fromkeys(names, f"{one.name}: could not be evaluated: {error}")
                for number in mine[ROW].to_pylist():
                    bad.setdefault(number, {})[f"check:not_evaluated({one.name})"] = error
    return RowChecks(bad, tuple(results), unjudged)


def _of(rows: pa.Table, names: Iterable[str]) -> pa.ChunkedArray:
    return pc.is_in(rows["source"], value_set=pa.array(sorted(names), pa.string()))


def _junk(narrow: pa.Table, sources: Mapping[str, Source]) -> pa.Array:
    """The first name of each byline that is none."""
    own = {name: own_names(source) for name, source in sources.items()}
    nobody: frozenset[str] = frozenset()
    found: list[str | None] = []
    for at in range(0, narrow.num_rows, AT_ONCE):
        part = narrow.slice(at, AT_ONCE)
        found += [
            junk_name([(one["name"], one["kind"]) for one in bylines], own.get(source, nobody))
            for source, bylines in zip(
                part["source"].to_pylist(), part["bylines"].to_pylist(), strict=True
            )
        ]
    return pa.array(found, pa.string())


def _refuse(
    bad: dict[int, dict[str, str]], rows: pa.Table, suite: Suite, found: Mapping[Expectation, Found]
) -> None:
    """Adds the reasons of a suite's critical expectations, in its order."""
    for one in suite:
        if one.severity == "critical":
            for number in found[one].rows:
                seen = one.told(rows[one.column][number].as_py())
                bad.setdefault(number, {})[f"check:{one.name}"] = seen


def _results(
    rows: pa.Table, names: Sequence[str], suite: Suite, found: Mapping[Expectation, Found]
) -> list[CheckResult]:
    """The results of each paper: the suite was evaluated for all of them at once."""
    failing = {one: _by_source(rows, here.rows) for one, here in found.items()}
    results = []
    for name in names:
        here = pc.equal(rows["source"], name)
        for one in suite:
            values = rows[one.column].filter(here)
            count = failing[one][name]
            every = one.kind in ("present", "absent")
            results.append(
                found[one].result(
                    one,
                    source=name,
                    day=None,
                    observed={} if found[one].error else one.observed(values, count),
                    rows=len(values) - (0 if every else values.null_count),
                    failing=count,
                    failed=count > 0,
                )
            )
    return results


def _by_source(rows: pa.Table, numbers: Sequence[int]) -> Counter[str]:
    """How many of some rows each paper has."""
    among = pc.is_in(rows[ROW], value_set=pa.array(numbers, pa.int64()))
    return Counter(rows["source"].filter(among).to_pylist())
