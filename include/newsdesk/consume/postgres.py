"""PostgreSQL as a load's target: binary COPY into a temporary table, nested columns as jsonb."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow as pa
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from newsdesk.consume.target import WAIT_SECONDS, quoted
from newsdesk.errors import SettingsError, TargetError

_TYPES = {
    pa.string(): "text",
    pa.binary(): "bytea",
    pa.int32(): "int4",
    pa.int64(): "int8",
    pa.float64(): "float8",
    pa.bool_(): "bool",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamptz",
}
"""Arrow types of the contract, as PostgreSQL calls them; every other one is nested: jsonb."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('newsdesk: news.articles', 0))"


@contextlib.contextmanager
def open_postgres(address: str, *, wait: float = WAIT_SECONDS) -> Iterator[PostgresTarget]:
    """The database, in a transaction of its own that no other load shares.

    Args:
        address: ``postgresql://user:password@host:port/database``.
        wait: Seconds to wait for another load.

    Raises:
        SettingsError: The address is malformed.
        TargetError: It cannot be reached or written, or another load takes too long.
    """
    where = _shown(address)
    with (
        _named(where, wait),
        psycopg.connect(address, connect_timeout=10, application_name="newsdesk") as connection,
    ):
        connection.execute(f"SET LOCAL lock_timeout = {int(wait * 1000)}")
        connection.execute(_LOCK)
        yield PostgresTarget(connection, where)


class PostgresTarget:
    """See ``Target``."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
        self._connection = connection
        self._where = where

    def execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement; gives its rows."""
        # Our own SQL, whose only question marks stand for values.
        cursor = self._connection.execute(sql.replace("?", "%s").encode(), values)
        return cursor.fetchall() if cursor.description else []

    def create(self, table: str, schema: pa.Schema, *, key: str, index: str | None = None) -> None:
        """Makes a table with its key and index, or adds the columns it lacks."""
        # Not IF NOT EXISTS: that asks for the right to make schemas even where one stands.
        if self.execute("SELECT to_regnamespace('news')") == [(None,)]:
            self.execute("CREATE SCHEMA news")
        there = self._types(table)
        if not there:
            columns = ", ".join(
                f'"{field.name}" {_type(field.type)}{"" if field.nullable else " NOT NULL"}'
                for field in schema
            )
            self.execute(f'CREATE TABLE news.{table} ({columns}, PRIMARY KEY ("{key}"))')
            if index is not None:
                self.execute(f'CREATE INDEX ON news.{table} ("{index}")')
            return
        for field in schema:
            wanted = _type(field.type)
            if field.name not in there:
                self.execute(f'ALTER TABLE news.{table} ADD COLUMN "{field.name}" {wanted}')
            elif there[field.name] != wanted:
                raise TargetError(
                    self._where,
                    f"news.{table}.{field.name} is {there[field.name]}, expected {wanted}",
                )

    def stage(self, rows: pa.RecordBatchReader) -> None:
        """Adds rows to the temporary table ``incoming``."""
        schema = rows.schema
        if self.execute("SELECT to_regclass('pg_temp.incoming')") == [(None,)]:
            self.execute("CREATE TEMP TABLE incoming (LIKE news.articles) ON COMMIT DROP")
        into = f"COPY incoming ({quoted(schema.names)}) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(into.encode()) as copy:
            copy.set_types([_type(field.type) for field in schema])
            for batch in rows:
                columns = [
                    [_value(value, field.type) for value in column.to_pylist()]
                    for column, field in zip(batch.columns, schema, strict=True)
                ]
                for row in zip(*columns, strict=True):
                    copy.write_row(row)

    def _types(self, table: str) -> dict[str, str]:
        return dict(
            self.execute(
                "SELECT attname, typname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid "
                "WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped",
                f"news.{table}",
            )
        )


def _type(arrow: pa.DataType) -> str:
    return _TYPES.get(arrow, "jsonb")


def _value(value: Any, arrow: pa.DataType) -> Any:
    """A value as psycopg takes it for a column."""
    if value is None:
        return None
    if arrow not in _TYPES:
        return Jsonb(_json(value, arrow))
    return _text(value) if isinstance(value, str) else value


def _json(value: Any, arrow: pa.DataType) -> Any:
    """A nested value as JSON knows it; binary is hex."""
    if value is None:
        return None
    if pa.types.is_struct(arrow):
        return {field.name: _json(value[field.name], field.type) for field in arrow}
    if pa.types.is_map(arrow):  # Arrow gives pairs
        return {_text(key): _json(one, arrow.item_type) for key, one in value}
    if pa.types.is_list(arrow):
        return [_json(one, arrow.value_type) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """PostgreSQL's text holds every character but U+0000."""
    return value.replace("\x00", "")


@contextlib.contextmanager
def _named(where: str, wait: float) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise TargetError(where, f"another load did not end within {wait:.0f} s") from error
    except psycopg.Error as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise TargetError(where, lines[0][:300]) from error


def _shown(address: str) -> str:
    """The address without user and password."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:  # its text may quote the password
        raise SettingsError(
            "NEWSDESK_WAREHOUSE", "is no address such as postgresql://user:password@host/database"
        ) from None
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{parts.get('host', '')}{port}/{parts.get('dbname', '')}"
