"""A newsdesk of before some columns were added: what it left is there when it is upgraded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest import mock

from newsdesk.tables.schema import ARTICLES, REVISIONS, Column


@contextmanager
def older_newsdesk(*missing: str) -> Iterator[None]:
    """Does without some columns of stories, or dotted: parts of them.

    Every module holds the same declarations, so these are what is changed; some modules keep names
    of columns beside.
    """
    now = {shape.name: shape.columns for shape in (ARTICLES, REVISIONS)}
    with ExitStack() as after:
        for shape in (ARTICLES, REVISIONS):
            object.__setattr__(shape, "columns", tuple(_but(shape.columns, missing)))
            after.callback(object.__setattr__, shape, "columns", now[shape.name])
        for name, module in list(sys.modules.items()):
            for what, kept in list(vars(module).items()) if name.startswith("newsdesk.") else ():
                if isinstance(kept, (list, tuple)) and any(one in missing for one in kept):
                    left = type(kept)(one for one in kept if one not in missing)
                    after.enter_context(mock.patch.object(module, what, left))
        yield


def _but(
    columns: tuple[Column, ...], missing: tuple[str, ...], inside: str = ""
) -> Iterator[Column]:
    for column in columns:
        name = f"{inside}{column.name}"
        if name not in missing:
            yield replace(column, parts=tuple(_but(column.parts, missing, f"{name}.")))
