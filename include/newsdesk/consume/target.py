"""What a load asks of a database: a lock, a transaction, tables like ours, rows put in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa

from newsdesk.errors import SettingsError

WAIT_SECONDS = 60.0
"""How long a load waits for another one to be done with the same database."""


class Target(Protocol):
    """A database, locked against other loads, inside one transaction."""

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement, with a ``?`` for each value; gives its rows."""

    def create(self, table: str, schema: pa.Schema, *, key: str, index: str | None = None) -> None:
        """Makes ``news.<table>`` when it is missing, and adds the columns it lacks.

        Args:
            table: Its name.
            schema: Its columns.
            key: The column that no two rows share.
            index: A column that rows are looked for by.

        Raises:
            TargetError: A column has another type than it should.
        """

    def stage(self, rows: pa.RecordBatchReader) -> None:
        """Adds rows to the temporary table ``incoming``, which has the columns of these."""


def open_target(address: str) -> AbstractContextManager[Target]:
    """The database that an address names; entering it waits for other loads and locks them out.

    Leaving it commits, or undoes everything when an error passes.

    Args:
        address: Path of a DuckDB file, made when missing, or a ``postgresql://`` address.

    Raises:
        SettingsError: It is an address of something else.
        TargetError: On entering: it cannot be opened, or others are at it for too long.
    """
    scheme, mark, _ = address.partition("://")
    if mark and scheme not in {"postgresql", "postgres"}:
        raise SettingsError(
            "NEWSDESK_WAREHOUSE", "is neither the path of a DuckDB file nor postgresql://…"
        )
    if mark:
        from newsdesk.consume.postgres import open_postgres

        return open_postgres(address)
    from newsdesk.consume.duck import open_duck

    return open_duck(address)


def quoted(names: Iterable[str]) -> str:
    """Names of columns for SQL, comma-separated."""
    return ", ".join(f'"{name}"' for name in names)
