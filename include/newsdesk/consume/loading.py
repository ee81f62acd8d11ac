"""One day of ``news.articles`` into a database, in one transaction.

::

    pin       the newest snapshot, once no other load can come between
    stage     the day's rows; and stories that have left the day, from where they are now
    delete    what comes in, wherever it was; what is left of the day
    insert    what came in

Readers of the database see the day before or after, never between. A story whose date moved
changes two days, which are signalled one by one, in any order, or only one of them: bringing the
stories that left along means that every load alone leaves each of them exactly once.

Loads of one database take turns, also those of different days: a story on its way from one day
to another is part of both. Each reads the newest snapshot once it has its turn, so no load puts
back what a later one replaced.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from newsdesk.consume.snapshot import batches, day_files, digest, pin
from newsdesk.consume.target import Target, open_target, quoted
from newsdesk.tables.index import copies
from newsdesk.tables.scan import DAY
from newsdesk.tables.schema import ARTICLES
from newsdesk.tables.schema.shape import TIMESTAMP

if TYPE_CHECKING:
    from pyiceberg.table import Table

    from newsdesk.tables import Warehouse

LOADS = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("snapshot_id", pa.int64(), nullable=False),
        pa.field("files", pa.string(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("loaded_at", TIMESTAMP, nullable=False),
    ]
)
"""``news.loads``: the last load of every day. ``files`` stands for the data files it read: the
day is unchanged as long as they are the same, whatever other days' snapshots came since."""

_BATCH = 1000  # rows handed to the database at a time

_ON_DAY = "published_at >= ? AND published_at < ?"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        day: The UTC day.
        rows: Stories it has now.
        added: Stories that were not on the day before.
        changed: Stories of the day of which any column differs.
        removed: Stories that are not on the day any more.
        snapshot: The snapshot of ``news.articles`` that was read.
    """

    day: dt.date
    rows: int
    added: int
    changed: int
    removed: int
    snapshot: int

    @property
    def unchanged(self) -> bool:
        """Whether the database held the day already, row for row."""
        return not (self.added or self.changed or self.removed)


def load_day(
    warehouse: Warehouse, day: dt.date, address: str, *, run_id: str, now: dt.datetime
) -> Loaded:
    """Brings one day into a database.

    Args:
        warehouse: The tables.
        day: The UTC day, of ``published_at``.
        address: Path of a DuckDB file, or a ``postgresql://`` address.
        run_id: The run, for ``news.loads``.
        now: UTC, for ``news.loads``.

    Raises:
        SettingsError: The address is of neither kind.
        TargetError: The database cannot be opened or written, or is in use for too long.
        CatalogError: The catalog failed, or nothing was ever published.
        StoreError: The bucket failed.
    """
    with open_target(address) as target:
        target.create("articles", ARTICLES.arrow, key="article_id", index="published_at")
        target.create("loads", LOADS, key="day")
        table, snapshot = pin(warehouse)
        tasks = day_files(table, day)
        held = digest(tasks)
        rows = _count(target, day)
        if target.execute("SELECT files, rows FROM news.loads WHERE day = ?", day) == [
            (held, rows)
        ]:
            return Loaded(day, rows, 0, 0, 0, snapshot)
        rows_of_day = batches(table, tasks, _BATCH)
        target.stage(pa.RecordBatchReader.from_batches(ARTICLES.arrow, rows_of_day))
        loaded = _replace(warehouse, table, target, day, snapshot)
        target.execute("DELETE FROM news.loads WHERE day = ?", day)
        target.execute(
            f"INSERT INTO news.loads ({quoted(LOADS.names)}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own names
            *(day, loaded.rows, snapshot, held, run_id, now),
        )
    return loaded


def _replace(
    warehouse: Warehouse, table: Table, target: Target, day: dt.date, snapshot: int
) -> Loaded:
    left = {
        str(row[0])
        for row in target.execute(
            f"SELECT article_id FROM news.articles WHERE {_ON_DAY} "  # noqa: S608  # our own text
            "AND article_id NOT IN (SELECT article_id FROM incoming)",
            *_bounds(day),
        )
    }
    if left:
        target.stage(copies(warehouse, table, left).to_reader())
    rows, known, changed = _compare(target, day)
    loaded = Loaded(day, rows, rows - known, changed, len(left), snapshot)
    if not loaded.unchanged:
        columns = quoted(ARTICLES.arrow.names)
        target.execute(
            "DELETE FROM news.articles WHERE article_id IN (SELECT article_id FROM incoming)"
        )
        target.execute(f"DELETE FROM news.articles WHERE {_ON_DAY}", *_bounds(day))  # noqa: S608  # our own text
        target.execute(
            f"INSERT INTO news.articles ({columns}) SELECT {columns} FROM incoming"  # noqa: S608  # our own names
        )
    return loaded


def _compare(target: Target, day: dt.date) -> tuple[int, int, int]:
    """Rows of the day that came in; those that were on it before; those of them that differ."""
    names = ARTICLES.arrow.names
    came, stood = ("ROW(" + ", ".join(f'{one}."{name}"' for name in names) + ")" for one in "ia")
    ((rows, known, changed),) = target.execute(
        f"SELECT count(*), count(a.article_id), "  # noqa: S608  # our own names
        f"count(*) FILTER (WHERE a.article_id IS NOT NULL AND {came} IS DISTINCT FROM {stood}) "
        "FROM incoming i LEFT JOIN news.articles a "
        "ON a.article_id = i.article_id AND a.published_at >= ? AND a.published_at < ? "
        "WHERE i.published_at >= ? AND i.published_at < ?",
        *_bounds(day),
        *_bounds(day),
    )
    return rows, known, changed


def _count(target: Target, day: dt.date) -> int:
    sql = f"SELECT count(*) FROM news.articles WHERE {_ON_DAY}"  # noqa: S608  # our own text
    return int(target.execute(sql, *_bounds(day))[0][0])


def _bounds(day: dt.date) -> tuple[Any, Any]:
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    return start, start + DAY
