"""A DuckDB file as a load's target.

DuckDB locks its file for the one process that writes; readers in other processes wait as well.
So a load opens the file, does its one transaction and closes it, and waits its turn when
somebody else has it open.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from newsdesk.consume.target import WAIT_SECONDS, quoted
from newsdesk.errors import TargetError

# One instance serves all connections of a process: its file lock does not part them.
_turn = threading.Lock()

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "128MB",  # beyond it rows of a very large day go to a file beside the target
    "threads": 1,  # every thread takes memory of its own; within this limit one is the fastest
    "preserve_insertion_order": True,  # rows come sorted by time, which makes time filters cheap
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@contextlib.contextmanager
def open_duck(path: str, *, wait: float = WAIT_SECONDS) -> Iterator[DuckTarget]:
    """The file, made when missing, in a transaction of its own.

    Args:
        path: The file.
        wait: Seconds to wait while others have it open.

    Raises:
        TargetError: It cannot be opened or written, or is in use for too long.
    """
    with _turn, _named(path), contextlib.closing(_connect(path, wait)) as db:
        db.execute("SET TimeZone = 'UTC'")
        db.begin()  # closing without a commit undoes it
        yield DuckTarget(db, path)
        db.commit()


class DuckTarget:
    """See ``Target``."""

    def __init__(self, db: duckdb.DuckDBPyConnection, path: str) -> None:
        self._db = db
        self._path = path

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement; gives its rows."""
        return self._db.execute(sql, values).fetchall()

    def create(self, table: str, schema: pa.Schema, *, key: str, index: str | None = None) -> None:
        """Makes a table as DuckDB itself would make it of these Arrow types.

        Without its key: DuckDB checks keys against rows that the same transaction has deleted,
        and a load deletes before it inserts. DuckDB needs no index to find a range of times.
        """
        self._db.execute("CREATE SCHEMA IF NOT EXISTS news")
        self._db.register("shape", schema.empty_table())
        self._db.execute(f"CREATE TABLE IF NOT EXISTS news.{table} AS FROM shape")
        there = self._types(f"news.{table}")
        for name, wanted in self._types("shape").items():
            if name not in there:
                self._db.execute(f'ALTER TABLE news.{table} ADD COLUMN "{name}" {wanted}')
            elif there[name] != wanted:
                raise TargetError(
                    self._path, f"news.{table}.{name} is {there[name]}, expected {wanted}"
                )
        self._db.unregister("shape")

    def stage(self, rows: pa.RecordBatchReader) -> None:
        """Adds rows to the temporary table ``incoming``."""
        empty = f"SELECT {quoted(rows.schema.names)} FROM news.articles LIMIT 0"  # noqa: S608  # our own names
        self._db.execute(f"CREATE TEMP TABLE IF NOT EXISTS incoming AS {empty}")
        for batch in rows:
            # A registered table would stay in memory until the transaction ends.
            self._db.from_arrow(pa.Table.from_batches([batch])).insert_into("incoming")

    def _types(self, table: str) -> dict[str, str]:
        return {row[0]: row[1] for row in self._db.execute(f"DESCRIBE FROM {table}").fetchall()}


def _connect(path: str, wait: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(path, config=_CONFIG)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise TargetError(
                    path, f"others have kept it open for {wait:.0f} s: {_first_line(error)}"
                ) from error
        time.sleep(random.uniform(0.05, 0.3))  # noqa: S311  # no secret: two waiters part


@contextlib.contextmanager
def _named(path: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise TargetError(path, _first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].partition(" See also")[0][:300]
