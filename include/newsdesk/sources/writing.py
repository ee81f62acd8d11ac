"""A source as the TOML file that it is read from."""

from __future__ import annotations

import json
import re
from typing import Any

from newsdesk.sources import Source

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(source: Source) -> str:
    """The file of a paper: what is not as it would be without it, tables after plain keys."""
    data = source.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    plain = {key: value for key, value in data.items() if not isinstance(value, dict)}
    lines = [_line(key, value) for key, value in plain.items()]
    for key, table in data.items():
        if isinstance(table, dict):
            lines += ["", f"[{key}]", *(_line(name, value) for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any) -> str:
    return f"{key if _BARE.fullmatch(key) else _text(key)} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        if len(value) > 1:
            return "[\n" + "".join(f"    {_value(one)},\n" for one in value) + "]"
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(_line(name, one) for name, one in value.items())} }}"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    """A basic string: its escapes are JSON's, and DEL is no character of either."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
