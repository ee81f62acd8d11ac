"""Choices that look random and are always the same: SHA-256 over a seed and a counter.

``random`` promises no equal choices across Python versions; a hash does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices.

    Args:
        seed: Values that name the stream; equal values give equal choices.

    >>> Dice("a", 1).between(0, 99) == Dice("a", 1).between(0, 99)
    True
    """

    def __init__(self, *seed: object) -> None:
        self._seed = "\x1f".join(str(part) for part in seed).encode()
        self._block = b""
        self._count = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        if not self._block:
            self._block = hashlib.sha256(b"%s\x1f%d" % (self._seed, self._count)).digest()
            self._count += 1
        number, self._block = self._block[:4], self._block[4:]
        return int.from_bytes(number) % limit

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + self.below(most - least + 1)

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.below(100) < percent

    def pick(self, items: Sequence[T]) -> T:
        """One of some items."""
        return items[self.below(len(items))]

    def draw(self, items: Sequence[T], count: int) -> list[T]:
        """Some different ones, in random order; all of them when there are no more."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
