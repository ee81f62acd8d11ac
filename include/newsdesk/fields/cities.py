"""Which names are cities': the list is data, in ``cities.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _names() -> frozenset[str]:
    with Path(__file__).with_name("cities.toml").open("rb") as file:
        return frozenset(tomllib.load(file)["cities"])


def is_city(name: str) -> bool:
    """Whether a name, as an atlas writes it, is a city's of the list.

    >>> is_city("New Delhi"), is_city("Ada Moss")
    (True, False)
    """
    return name in _names()
