"""Bringing a table up to its declaration: columns that are new in it, properties that changed.

A column that a later version of newsdesk declares is added, by name, when the table is next
opened; rows written before have null there until they are written again. Nothing is ever
removed, renamed or narrowed: that would be a new major version of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsdesk.errors import CatalogError

if TYPE_CHECKING:
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table

    from newsdesk.tables.schema import TableShape

TRIES = 5
"""How often it is tried while others do the same."""


def bring_up(table: Table, shape: TableShape) -> Table:
    """Gives a table the columns that its declaration has and it lacks; usually none.

    Raises:
        CatalogError: A new column may never be null, so that rows written before cannot have it;
            or others changed the table every time.
    """
    from pyiceberg.exceptions import CommitFailedException

    subject = ".".join(table.name())
    for _ in range(TRIES):
        missing = _names(shape.iceberg()) - _names(table.schema())
        if not missing:
            return table
        try:
            with table.update_schema() as update:
                update.union_by_name(shape.iceberg())
        except CommitFailedException:  # another process did it: look again
            table = table.refresh()
        except (ValueError, TypeError) as error:
            raise CatalogError(subject, f"{', '.join(sorted(missing))}: {error}") from error
    raise CatalogError(subject, "others change its columns all the time")


def unknown(table: Table, shape: TableShape) -> list[str]:
    """Columns (dotted: parts) that the table has and the declaration does not, sorted.

    A newer version of newsdesk has added them.
    """
    return sorted(_names(table.schema()) - _names(shape.iceberg()))


def set_properties(table: Table, properties: Mapping[str, str]) -> bool:
    """Sets those properties of a table that differ; gives whether any did."""
    there = table.properties
    differ = {
        name: value
        for name, value in properties.items()
        # Iceberg keeps the version of the format apart from the properties.
        if name != "format-version" and there.get(name) != value
    }
    if differ:
        with table.transaction() as transaction:
            transaction.set_properties(differ)
    return bool(differ)


def _names(schema: Schema) -> set[str]:
    return set(schema.column_names)
