"""Work in batches: what an orchestrator maps over must not be longer than it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

BATCHES = 200
"""Most tasks that one step is spread over; Airflow refuses more than 1,024 (``max_map_length``)."""


def in_batches(items: Sequence[T]) -> list[list[T]]:
    """Some items in order, by as few as keep the number of batches within ``BATCHES``.

    >>> in_batches("abc")
    [['a'], ['b'], ['c']]
    >>> len(in_batches(range(100_000)))
    200
    """
    size = -(-len(items) // BATCHES) or 1
    return [list(items[at : at + size]) for at in range(0, len(items), size)]
