"""SQL over the published tables, in a DuckDB that can reach nothing else.

DuckDB runs in this process with its signed extensions from their wheels: nothing is downloaded
and nothing is written to the home folder. Before the caller's SQL runs, access is closed down to
the folders of the tables and the configuration is locked, as DuckDB's page "Securing DuckDB"
describes; only a single SELECT is accepted, so the tables cannot be written either.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsdesk.errors import QueryError, SettingsError
from newsdesk.query import asof
from newsdesk.store import S3Server
from newsdesk.tables.schema import TABLES

if TYPE_CHECKING:
    import duckdb

    from newsdesk.tables import Warehouse

_EXTENSIONS = ("httpfs", "avro", "iceberg")  # in this order: iceberg needs avro
_BATCH = 1000  # rows taken from DuckDB at a time

_NO_TABLE = re.compile(r"Table with name (\w+) does not exist")

_BYLINES = """
CREATE VIEW news.article_bylines AS
SELECT article_id, source, published_at, position, byline.name, byline.kind, byline.role
FROM (
    SELECT article_id, source, published_at,
           unnest(bylines) AS byline, generate_subscripts(bylines, 1) AS position
    FROM news.articles
)
"""
"""One row per contributor, ``position`` counting from 1 in printed order."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gives.

    Attributes:
        columns: Names of the columns, no two the same.
        rows: The rows, taken from DuckDB as they are asked for; once only. Times carry their
            zone, UTC; a struct or map is a dict, a list a list, binary ``bytes``.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Keys:
    """Credentials of the bucket."""

    access: str
    secret: str
    session: str | None = None


def query(
    warehouse: Warehouse,
    sql: str,
    *,
    as_of: dt.datetime | None = None,
    server: S3Server | None = None,
) -> Result:
    """Asks the tables as they stand now, or as we knew them.

    Args:
        warehouse: The tables; in SQL they are ``news.articles``, ``news.ledger`` and so on, and
            ``news.article_bylines`` has one row per contributor. A table that nobody has made
            yet is empty.
        sql: One SELECT (or DESCRIBE, SHOW TABLES, SUMMARIZE).
        as_of: Shows what was known then, and only tables that remember it: see ``asof``.
        server: The server that holds them; ``None`` is AWS, with what boto3 finds.

    Raises:
        QueryError: The SQL is wrong, is no single SELECT, or reaches for anything but the
            tables; or a table's files cannot be read. Rows raise it too while they are taken.
        SettingsError: DuckDB's extensions are not installed.
        CatalogError: The catalog's database failed.
    """
    import duckdb

    server = server or S3Server()
    keys = _keys(server) if _on_s3(warehouse) else None
    with _one_line(keys, past=as_of is not None), contextlib.ExitStack() as stack:
        _require_select(sql)
        db = duckdb.connect(config=_config())
        stack.callback(db.close)
        _load_extensions(db)
        db.execute("SET TimeZone = 'UTC'")
        if _on_s3(warehouse):
            db.execute(_secret(warehouse, keys, server))
        _make_views(db, warehouse, as_of)
        _close_down(db, warehouse)
        db.execute(sql)
        columns = _distinct([column[0] for column in db.description or ()])
        stack.pop_all()
    return Result(columns, _rows(db, sql, keys))


def _rows(db: duckdb.DuckDBPyConnection, sql: str, keys: _Keys | None) -> Iterator[tuple[Any, ...]]:
    import duckdb

    with contextlib.closing(db), _one_line(keys):
        try:
            while rows := db.fetchmany(_BATCH):
                yield from rows
        except duckdb.InterruptException:
            # Nobody interrupts. The thread that fails stops the others, and one of those may be
            # heard first; run again as a whole, the same SQL tells why it fails.
            db.execute(f"EXPLAIN ANALYZE {sql}")
            raise


def _require_select(sql: str) -> None:
    import duckdb

    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryError("query", "one SELECT is expected: the tables are read, never written")


def _config() -> dict[str, str | bool | int | float | list[str]]:
    spill = Path(tempfile.gettempdir()) / f"newsdesk-query-{os.getpid()}"
    return {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
        "temp_directory": str(spill),  # made when memory runs out, and removed at the end
    }


def _load_extensions(db: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    for name in _EXTENSIONS:
        spec = find_spec(f"duckdb_extension_{name}")
        if spec is None or spec.origin is None:
            raise SettingsError(f"duckdb-extension-{name}", "is not installed: run `make install`")
        version = f"v{duckdb.__version__}"
        file = Path(spec.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
        if not file.exists():
            raise SettingsError(
                f"duckdb-extension-{name}", f"is not that of DuckDB {duckdb.__version__}"
            )
        db.execute(f"LOAD {_quoted(str(file))}")
    # httpfs copies keys from the environment into settings, which a SELECT may read.
    for setting in ("s3_access_key_id", "s3_secret_access_key", "s3_session_token"):
        db.execute(f"SET {setting} = ''")


def _keys(server: S3Server) -> _Keys | None:
    if server.access_key and server.secret_key:
        return _Keys(server.access_key, server.secret_key, server.session_token)
    import boto3

    found = boto3.Session().get_credentials()
    frozen = found.get_frozen_credentials() if found is not None else None
    if frozen is None or not frozen.access_key or not frozen.secret_key:
        return None
    return _Keys(frozen.access_key, frozen.secret_key, frozen.token)


def _secret(warehouse: Warehouse, keys: _Keys | None, server: S3Server) -> str:
    parts = {"REGION": server.region}
    if keys is not None:
        parts |= {"KEY_ID": keys.access, "SECRET": keys.secret}
        parts |= {"SESSION_TOKEN": keys.session} if keys.session else {}
    more = ""
    if server.endpoint:
        address = urlsplit(server.endpoint)
        parts |= {"ENDPOINT": address.netloc, "URL_STYLE": "path"}
        more = f", USE_SSL {str(address.scheme == 'https').lower()}"
    told = ", ".join(f"{name} {_quoted(value)}" for name, value in parts.items())
    scope = _quoted(_root(warehouse))
    return f"CREATE SECRET bucket (TYPE s3, SCOPE {scope}, {told}{more})"


def _make_views(
    db: duckdb.DuckDBPyConnection, warehouse: Warehouse, as_of: dt.datetime | None
) -> None:
    db.execute("CREATE SCHEMA news")
    for name in asof.REMEMBER if as_of else TABLES:
        shape = TABLES[name]
        table = warehouse.existing(name)
        if table is not None and table.current_snapshot() is not None:
            metadata = _quoted(table.metadata_location)
            select = f"SELECT * FROM iceberg_scan({metadata})"  # noqa: S608  # quoted above
            until = f" WHERE {asof.known_by(as_of)}" if as_of else ""
            db.execute(f"CREATE VIEW news.{name} AS {select}{until}")
            continue
        db.register("empty", shape.arrow.empty_table())
        db.execute(f"CREATE TABLE news.{name} AS FROM empty")
        db.unregister("empty")
    if as_of:
        db.execute(asof.ARTICLES_VIEW)
    db.execute(_BYLINES)


def _close_down(db: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    """Leaves only the tables' folders in reach, for good."""
    folder = f"{_root(warehouse)}/"
    folders = [folder, folder.removeprefix("file://")]  # a local path is compared without scheme
    db.execute(f"SET allowed_directories = [{', '.join(map(_quoted, folders))}]")
    db.execute("SET enable_external_access = false")
    db.execute("SET lock_configuration = true")


def _root(warehouse: Warehouse) -> str:
    """The folder above all tables of the environment."""
    return warehouse.location(next(iter(TABLES))).rpartition("/")[0]


def _on_s3(warehouse: Warehouse) -> bool:
    return _root(warehouse).startswith("s3://")


def _distinct(names: list[str]) -> tuple[str, ...]:
    """The names, numbered where two are the same: a JSON object holds each once."""
    taken: list[str] = []
    for name in names:
        number, free = 1, name
        while free in taken:
            free = f"{name}_{number}"
            number += 1
        taken.append(free)
    return tuple(taken)


def _quoted(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


@contextlib.contextmanager
def _one_line(keys: _Keys | None, *, past: bool = False) -> Iterator[None]:
    """Turns what DuckDB raises into one line that holds no secret."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        told = str(error).split("\n\n")[0]  # what follows repeats the SQL with a mark under it
        told = told.rpartition("\nError: ")[2]  # what goes before only says that rows ended
        lacking = _NO_TABLE.search(told) if past else None
        if lacking and lacking[1] in TABLES:
            raise QueryError(
                f"news.{lacking[1]}", "has no past, it changes as runs go on: ask without a time"
            ) from None
        for secret in (keys.secret, keys.session) if keys else ():
            told = told.replace(secret, "…") if secret else told
        # DuckDB's own error would show what was cut out again, beneath ours in a trace.
        raise QueryError("query", told[:500]) from None
