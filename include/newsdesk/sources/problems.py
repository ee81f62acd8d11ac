"""What is wrong with a paper's file, in words that say what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from newsdesk.sources.naming import NAME_FORM

_EXPECTED = {
    "tuple_type": "expected a list",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "string_type": "expected a text in quotes",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "missing": "is missing",
    "date_from_datetime_parsing": "expected a day such as 2026-01-31",
    "date_type": "expected a day such as 2026-01-31",
    "too_short": "expected at least one",
}
_BY_KEY = {
    "language": "expected two lower-case letters, such as en",
    "name": f"expected {NAME_FORM}",
}
_PATTERN = "string_pattern_mismatch"
_UNKNOWN = "extra_forbidden"


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Every problem of a file: the key, and what was expected of it.

    Args:
        error: What pydantic said.
        model: The model of the whole file; names the keys that exist.
    """
    return "; ".join(
        f"{'.'.join(str(p) for p in problem['loc'] if p != '[key]') or 'file'}: "
        f"{_said(problem, model)}"
        for problem in error.errors(include_url=False)
    )


def _said(problem: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind, key = problem["type"], str(problem["loc"][-1]) if problem["loc"] else ""
    if kind == _UNKNOWN:
        near = difflib.get_close_matches(key, _keys(model, problem["loc"][:-1]), 1)
        return "no such key" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "literal_error":
        allowed = str(problem["ctx"]["expected"]).replace("'", "").split(", ")
        if key == "[key]":
            key = str(problem["loc"][-2])
        near = difflib.get_close_matches(key, allowed, 1, cutoff=0.4)
        few = ", ".join(allowed) if len(allowed) <= 5 else "a name that docs/sources.md lists"
        return f"expected {few}" + (
            f"; did you mean {near[0]}?" if near and len(allowed) > 5 else ""
        )
    if kind == _PATTERN and key in _BY_KEY:
        return _BY_KEY[key]
    return _EXPECTED.get(kind) or str(problem["msg"]).removeprefix("Value error, ")


def _keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The keys of the table at a path; none where it is no table of the model."""
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())] if field else []
        found = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        if not found:
            return []
        model = found[0]
    return list(model.model_fields)
