"""Answers for people and for programs: tables, JSON lines, CSV.

What is shown came from the web: in a terminal no control character of it is obeyed, and in a
spreadsheet no cell of it is a formula.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import decimal
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, Literal

from newsdesk.query.coverage import UNKNOWN, CoverageDay
from newsdesk.query.sandbox import Result

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Form = Literal["table", "json", "csv"]

ROWS = 200
"""Rows that a table shows; JSON and CSV give all."""

_CELL = 72  # characters of a cell in a table
_WIDE = 8  # columns from which on a row is shown as a list of its values

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""C0 and C1 controls, and Unicode's directional marks, which reorder what stands beside them."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run (OWASP, CSV Injection)."""


def show(result: Result, console: Console, form: Form = "table") -> None:
    """Prints the rows of a query.

    Args:
        result: The rows; they are used up.
        console: Where to.
        form: ``table``, for people: at most 200 rows, long cells cut; ``json``, one object a
            line; ``csv``, with a header. Binary is hex in all of them, times are UTC.
    """
    if form == "json":
        for row in result.rows:
            values = zip(result.columns, map(_plain, row), strict=True)
            console.file.write(_json(dict(values)) + "\n")
    elif form == "csv":
        _write_csv(result, console.file)
    else:
        _show_table(result, console)


def show_status(
    rows: Sequence[CoverageDay], console: Console, *, env: str, as_json: bool = False
) -> None:
    """Prints coverage.

    Args:
        rows: What ``status`` gave.
        console: Where to.
        env: The environment that was asked; told when there is nothing in it.
        as_json: One JSON object for each paper and day instead of a table.
    """
    if as_json:
        for row in rows:
            console.file.write(json_line(dataclasses.asdict(row)) + "\n")
        return
    if not rows:
        console.print(f"{env}: nothing has been published yet", markup=False)
        return
    counts = ("expected", "fetched", "published", "rejected", "missing")
    why = ("rejected because",) if any(row.reasons for row in rows) else ()
    columns = ("source", "day", *counts, *why, "gap (UTC)", "verdict", "complete")
    table = _table(columns, right=counts)
    for row in rows:
        table.add_row(
            _cell(row.source),
            f"{row.published_day}",
            *("-" if (count := getattr(row, name)) is None else str(count) for name in counts),
            *(_reasons(row) for _ in why),
            _gap(row),
            f"[dim]{UNKNOWN}[/]" if row.verdict == UNKNOWN else row.verdict,
            "[green]yes[/]" if row.complete else "[yellow]no[/]",
        )
    console.print(table)
    for source, mark in sorted({(row.source, row.watermark) for row in rows}, key=str):
        told = f"complete through {mark}" if mark else "no complete day yet"
        console.print(f"{source}: {told}", markup=False)


def harmless(text: str) -> str:
    """A text as one line that a terminal shows and does not obey."""
    return _CONTROLS.sub(" ", text)


def json_line(value: Any) -> str:
    """A value as one line of JSON: times with their offset, binary as hex."""
    return _json(_plain(value))


def _reasons(row: CoverageDay) -> Text:
    from rich.text import Text

    return Text("\n".join(harmless(f"{reason} {count}") for reason, count in row.reasons.items()))


def _gap(row: CoverageDay) -> str:
    if row.gap_from is None or row.gap_to is None:
        return ""
    if row.gap_to - row.gap_from >= dt.timedelta(days=1):
        return "whole day"
    return f"{row.gap_from:%H:%M} to {row.gap_to:%H:%M}"


def _show_table(result: Result, console: Console) -> None:
    rows = list(itertools.islice(result.rows, ROWS + 1))
    shown = rows[:ROWS]
    if len(result.columns) >= _WIDE:
        for number, row in enumerate(shown, start=1):
            record = _table(("", f"row {number}"))
            for name, value in zip(result.columns, row, strict=True):
                record.add_row(_cell(name), _cell(value))
            console.print(record)
    else:
        numbers = [
            name
            for place, name in enumerate(result.columns)
            if shown and all(_is_number(row[place]) for row in shown)
        ]
        table = _table(result.columns, right=numbers)
        for row in shown:
            table.add_row(*map(_cell, row))
        console.print(table)
    more = "the first " if len(rows) > ROWS else ""
    hint = " (--json and --csv give all)" if more else ""
    console.print(f"{more}{len(shown)} row{'' if len(shown) == 1 else 's'}{hint}", style="dim")


def _table(columns: Iterable[str], right: Sequence[str] = ()) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(_cell(name), justify="right" if name in right else "left")
    return table


def _is_number(value: Any) -> bool:
    return value is None or (
        isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool)
    )


def _cell(value: Any) -> Text:
    """A value as one short line without control characters."""
    from rich.text import Text

    if value is None:
        return Text("null", style="dim")
    if isinstance(value, dt.datetime):
        text = _instant(value).isoformat(" ").replace("+00:00", "Z")
    else:
        text = _as_text(value)
    text = harmless(text)
    return Text(text if len(text) <= _CELL else text[: _CELL - 1] + "…")


def _write_csv(result: Result, file: IO[str]) -> None:
    lines: Iterator[Sequence[Any]] = itertools.chain([result.columns], result.rows)
    # Lines end as RFC 4180 says; with a bare line feed the writer leaves a carriage return unquoted.
    csv.writer(file, lineterminator="\r\n").writerows(
        ["" if value is None else _disarmed(value) for value in line] for line in lines
    )


def _disarmed(value: Any) -> str:
    text = _as_text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _as_text(value: Any) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else _json(plain)


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.datetime):
        return _instant(value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None  # JSON has no word for it
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)  # UUID, interval


def _instant(value: dt.datetime) -> dt.datetime:
    return value.astimezone(dt.UTC) if value.tzinfo else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
