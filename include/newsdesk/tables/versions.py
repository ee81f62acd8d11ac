"""How versions come into ``news.revisions``, and how those that must wait leave it again.

Of a version that several runs publish there is one row, whoever came first: it has the least
``first_seen_at`` and the union of ``discovered_via``, and is otherwise the row that the merge would
take. Like all other commits these are made again from a fresh read, and may be repeated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import Run
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.commit import Change, commit_fresh
from newsdesk.tables.merge import GATHERED, serialised
from newsdesk.tables.replace import Keep, days_in, keys_of
from newsdesk.tables.scan import days_filter, files, read, read_files
from newsdesk.tables.schema import REVISIONS

if TYPE_CHECKING:
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

Row = dict[str, Any]

_KEY = list(dict.fromkeys(part.split(".")[0] for part in REVISIONS.key))

_BUT_BODY = [name for name in REVISIONS.arrow.names if name != "body"]
"""Enough to compare rows: ``content_hash`` covers the body."""

_WHO_AND_WHEN = ("run_id", "recorded_at")
"""Columns that say who wrote a row and when, not what it says."""


def add_versions(
    warehouse: Warehouse, run: Run, rows: pa.Table, keep: Keep = lambda rows: rows
) -> int:
    """Records versions; of those that are there already, what only these rows know.

    Args:
        warehouse: The tables.
        run: The run.
        rows: Rows of ``news.revisions``.
        keep: Takes out rows that must not be written; asked anew for every try to commit.

    Returns:
        How many were not there.
    """
    if not rows.num_rows:
        return 0
    rows = _one_per_key(rows)
    new = rows

    def build(table: Table) -> Change | None:
        nonlocal new
        kept = keep(rows)
        known = set(keys_of(_read(table, kept, _KEY), REVISIONS))
        there = pa.array([key in known for key in keys_of(kept, REVISIONS)], pa.bool_())
        new, again = kept.filter(pc.invert(there)), kept.filter(there)
        drop, gathered = _gathered(table, again)
        return Change([pa.concat_tables([new, gathered])], drop) if new.num_rows or drop else None

    commit_fresh(warehouse, REVISIONS.name, run, build)
    return int(new.num_rows)


def take_back(warehouse: Warehouse, run: Run, rows: pa.Table) -> pa.Table:
    """Takes versions out.

    Args:
        warehouse: The tables.
        run: The run.
        rows: Rows of ``news.revisions``; their keys count.

    Returns:
        The rows that were there.
    """
    removed = rows.slice(0, 0)
    if not rows.num_rows or warehouse.existing(REVISIONS.name) is None:
        return removed
    keys = set(keys_of(rows, REVISIONS))

    def build(table: Table) -> Change | None:
        nonlocal removed
        known = keys_of(_read(table, rows, _KEY), REVISIONS)
        drop, others, removed = _parted(table, rows, keys.intersection(known))
        return Change([others], drop) if drop else None

    commit_fresh(warehouse, REVISIONS.name, run, build)
    return removed


def _gathered(table: Table, offered: pa.Table) -> tuple[tuple[DataFile, ...], pa.Table]:
    """The files of which a row learns something from rows of its key, and what they hold then.

    There are rows to compare when a run is repeated, and then they hardly ever differ.
    """
    there = _by_key(_read(table, offered, _BUT_BODY)) if offered.num_rows else {}
    learns = {
        key
        for key, row in _by_key(offered.select(_BUT_BODY)).items()
        if _said(_one([there[key], row])) != _said(there[key])
    }
    drop, others, mine = _parted(table, offered, learns)
    more = _by_key(offered.filter(_among(offered, learns)))
    rows = [_one([row, more[key]]) for key, row in _by_key(mine).items()]
    return drop, pa.concat_tables([others, pa.Table.from_pylist(rows, schema=others.schema)])


def _parted(
    table: Table, like: pa.Table, keys: Collection[tuple[Any, ...]]
) -> tuple[tuple[DataFile, ...], pa.Table, pa.Table]:
    """The files that have rows of some keys; their other rows, and those."""
    nothing = REVISIONS.arrow.empty_table()
    drop, others, mine = [], [nothing], [nothing]
    for task in files(table, _near(like)) if keys else ():
        rows = read_files(table, REVISIONS, [task])
        among = _among(rows, keys)
        if pc.any(among).as_py():
            drop.append(task.file)
            others.append(rows.filter(pc.invert(among)))
            mine.append(rows.filter(among))
    return tuple(drop), pa.concat_tables(others), pa.concat_tables(mine)


def _one_per_key(rows: pa.Table) -> pa.Table:
    """Rows of which no two have a key: the same version may be staged and wait."""
    numbers = defaultdict(list)
    for number, key in enumerate(keys_of(rows, REVISIONS)):
        numbers[key].append(number)
    if len(numbers) == rows.num_rows:
        return rows
    alone = [of_key[0] for of_key in numbers.values() if len(of_key) == 1]
    together = [rows.take(of_key).to_pylist() for of_key in numbers.values() if len(of_key) > 1]
    made = pa.Table.from_pylist([_one(same) for same in together], schema=rows.schema)
    return pa.concat_tables([rows.take(pa.array(alone, pa.int64())), made])


def _one(rows: Sequence[Row]) -> Row:
    """The row of one version, by the rules of the merge, in whatever order its rows came."""
    greatest = max(row["content_hash"] for row in rows)
    tied = [row for row in rows if row["content_hash"] == greatest]
    apart = {*GATHERED, *_WHO_AND_WHEN, "kind"}
    stands = min(tied, key=lambda row: serialised({k: row[k] for k in row.keys() - apart}))
    return {
        **stands,
        "first_seen_at": min(row["first_seen_at"] for row in rows),
        "discovered_via": sorted({way for row in rows for way in row["discovered_via"]}),
        "kind": min(row["kind"] for row in tied),
        "recorded_at": min(row["recorded_at"] for row in rows),
    }


def _said(row: Row) -> bytes:
    return serialised({k: v for k, v in row.items() if k not in _WHO_AND_WHEN})


def _read(table: Table, like: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Rows of the stories, and of the days of capture, of some rows."""
    ids = like["article_id"].to_pylist()
    return read(table, REVISIONS, _near(like), columns=columns, where=("article_id", ids))


def _near(rows: pa.Table) -> Any:
    return days_filter(REVISIONS, days_in(rows, REVISIONS))


def _among(rows: pa.Table, keys: Collection[tuple[Any, ...]]) -> pa.Array:
    return pa.array([key in keys for key in keys_of(rows, REVISIONS)], pa.bool_())


def _by_key(rows: pa.Table) -> dict[tuple[Any, ...], Row]:
    return dict(zip(keys_of(rows, REVISIONS), rows.to_pylist(), strict=True))
