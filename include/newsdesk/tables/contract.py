"""``docs/contract``: the contract for programs, one JSON Schema per table and major version.

A schema describes a row as ``newsdesk query --json`` prints it: times in ISO 8601 with their
offset, binary as hex, a map as an object; every column is there, an unknown one is null.
::

    python -m newsdesk.tables.contract docs/contract              writes the schemas of the version anew
    python -m newsdesk.tables.contract --promise docs/contract    promises readers what is new in them

What readers may count on is in ``promised.json`` beside the schemas, for every version. Writing the
schemas does not touch it, and promising only adds to it: both refuse what would break a promise, also
where no schema is left to compare with. That takes a new ``MAJOR``, and a folder of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from newsdesk.tables.document import type_name
from newsdesk.tables.schema import TABLES, Column, TableShape, described

MAJOR = 1
"""Major version of the contract."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: dict[pa.DataType, dict[str, Any]] = {
    pa.string(): {"type": "string"},
    pa.binary(): {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
    pa.int32(): {"type": "integer"},
    pa.int64(): {"type": "integer"},
    pa.float64(): {"type": "number"},
    pa.bool_(): {"type": "boolean"},
    pa.date32(): {"type": "string", "format": "date"},
    pa.timestamp("us", "UTC"): {"type": "string", "format": "date-time"},
}

_READ: dict[pa.DataType, Callable[[str], Any]] = {
    pa.string(): str,
    pa.int32(): int,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): json.loads,
    pa.date32(): str,
    pa.timestamp("us", "UTC"): lambda text: dt.datetime.fromisoformat(text).isoformat(),
}
"""What makes a value of the examples that docs/tables.md shows."""

_PROMISED = ("type", "properties", "items", "x-key", "x-iceberg")
"""What ``breaking`` looks at: a promise is a schema without the words."""

_WIDENED = {("int", "long")}
"""Types that Iceberg may widen without rewriting a file; a JSON reader sees no difference."""


def json_schema(shape: TableShape) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one table's rows.

    Beside the standard's words it has ``x-iceberg`` (a column's Iceberg type), ``x-key`` (columns
    that no two rows share) and ``x-partition``.
    """
    how = shape.partition
    return {
        "$schema": _DIALECT,
        "$id": f"x-newsdesk://contract/v{MAJOR}/{shape.name}.json",
        "title": f"news.{shape.name}",
        "description": shape.doc,
        "x-key": list(shape.key),
        "x-partition": f"{how.transform}({how.column})",
        **_object(shape.columns),
    }


def breaking(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What of a table's new schema breaks readers of the old one; in the order of its columns.

    A column that is added and may be null breaks nobody. What does: a column that is gone or has
    another name, another type, may be null now or no longer (rows written before may be), is new
    and promises never to be null, or stands between the parts of a struct; another key.
    """
    found = list(_broken(old, new, ""))
    if old["x-key"] != new["x-key"]:
        found.append(f"the key is {', '.join(new['x-key'])}, was {', '.join(old['x-key'])}")
    return found


def write(folder: Path) -> list[Path]:
    """Writes the schemas of this version of the contract.

    Args:
        folder: ``docs/contract``.

    Returns:
        The files.

    Raises:
        ValueError: What was promised of this version would break, or nobody knows what was.
    """
    _keep(_promises(folder))
    home = folder / f"v{MAJOR}"
    home.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, shape in TABLES.items():
        path = home / f"{name}.json"
        path.write_text(as_text(json_schema(shape)), encoding="utf-8")
        paths.append(path)
    return paths


def promise(folder: Path) -> None:
    """Promises what this version of the contract has beyond what was promised of it.

    Args:
        folder: ``docs/contract``.

    Raises:
        ValueError: As ``write``. The first promise of a version needs those of the version before.
    """
    before = _promises(folder)
    if str(MAJOR - 1) in before:
        before.setdefault(str(MAJOR), {})
    _keep(before)
    before[str(MAJOR)] = {name: promised(json_schema(shape)) for name, shape in TABLES.items()}
    (folder / "promised.json").write_text(as_text(before), encoding="utf-8")


def promised(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Of a table's schema what readers may count on."""
    kept = {word: schema[word] for word in _PROMISED if word in schema}
    if "properties" in kept:
        kept["properties"] = {name: promised(one) for name, one in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = promised(kept["items"])
    return kept


def _promises(folder: Path) -> dict[str, dict[str, Any]]:
    """What was promised, by version and table."""
    path = folder / "promised.json"
    if not path.exists():
        raise ValueError(f"{path} is missing: it says what readers count on, bring it back")
    promises: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return promises


def _keep(promises: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuses the tables as they are declared if they break a promise."""
    if str(MAJOR) not in promises:
        raise ValueError(f"nothing is promised of version {MAJOR} of the contract")
    told = []
    for name, old in promises[str(MAJOR)].items():
        if name not in TABLES:
            told.append(f"{name}: the table is gone")
            continue
        told += [f"{name}: {what}" for what in breaking(old, json_schema(TABLES[name]))]
    if told:
        raise ValueError(f"version {MAJOR} of the contract would break: {'; '.join(told)}")


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema, or promises, as the file holds them."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _object(columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [column.name for column in columns],
        "properties": {column.name: _property(column) for column in columns},
    }


def _property(column: Column) -> dict[str, Any]:
    inner = _object(column.parts) if column.parts else dict(_PLAIN[column.type])
    value = {
        "plain": inner,
        "struct": inner,
        "list": {"type": "array", "items": inner},
        "map": {"type": "object", "additionalProperties": inner},
    }[column.kind]
    if column.null is not None:
        value = {**value, "type": [value["type"], "null"]}
    told = {"description": described(column), "x-iceberg": type_name(column)}
    read = _READ.get(column.type) if column.kind == "plain" else None
    return {**value, **told, **({"examples": [read(column.example)]} if read else {})}


def _broken(old: Mapping[str, Any], new: Mapping[str, Any], inside: str) -> Iterator[str]:
    """Breaks of an object: of a row, or of a struct within it."""
    before, after = old["properties"], new["properties"]
    for name, column in before.items():
        if name not in after:
            yield f"{inside}{name} is gone or renamed"
            continue
        yield from _changed(column, after[name], f"{inside}{name}")
    added = [name for name in after if name not in before]
    for name in added:
        if not _may_be_null(after[name]):
            yield f"{inside}{name} is new and is never null, but rows written before have none"
    if inside and list(after)[: len(before)] != list(before) and not set(before) - set(after):
        yield f"{inside}{added[0] if added else '*'} stands between parts that were there before"


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[str]:
    types = (old["x-iceberg"], new["x-iceberg"])
    if types[0] != types[1] and types not in _WIDENED:
        yield f"{name} is {types[1]}, was {types[0]}"
        return
    if _may_be_null(old) != _may_be_null(new):
        yield f"{name} {'may be null' if _may_be_null(new) else 'is never null'} now"
    for was, now in zip(_objects(old), _objects(new), strict=True):
        yield from _broken(was, now, f"{name}.")


def _objects(column: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The struct that a column is, or is a list of."""
    inner = column.get("items", column)
    return [inner] if "properties" in inner else []


def _may_be_null(column: Mapping[str, Any]) -> bool:
    return "null" in column["type"]


if __name__ == "__main__":
    *how, folder = sys.argv[1:]
    try:
        (promise if how == ["--promise"] else write)(Path(folder))
    except ValueError as error:
        sys.exit(f"newsdesk.tables.contract: {error}")
