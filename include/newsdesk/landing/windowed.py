"""A large file of which one window is in memory at a time, read as if it were bytes."""

from __future__ import annotations

from collections.abc import Callable

WINDOW = 8 * 1024 * 1024
"""Bytes that are asked for at a time."""


class Windowed:
    """Bytes that are somewhere else: they have a length, slices, and can be searched.

    Read from front to back it is asked for once, a window at a time; a slice that begins before
    what is held is asked for anew.

    Args:
        read: Gives so many bytes (second) from an offset (first).
        size: Length of the whole, bytes.
        window: Bytes to ask for at a time; a longer slice is asked for whole.

    >>> text = b"The ferry left the harbour."
    >>> windowed = Windowed(lambda at, count: text[at : at + count], len(text), window=8)
    >>> windowed[4:9], len(windowed), windowed.find(b"harbour", 5), windowed.find(b"sea", 0)
    (b'ferry', 27, 19, -1)
    """

    def __init__(
        self, read: Callable[[int, int], bytes], size: int, *, window: int = WINDOW
    ) -> None:
        self._read = read
        self._size = size
        self._window = window
        self._begin = 0
        self._held = b""

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        begin, end, step = part.indices(self._size)
        if step != 1:
            raise ValueError("only whole stretches can be taken")
        if end <= begin:
            return b""
        held_to = self._begin + len(self._held)
        if begin < self._begin or end > held_to:
            kept = self._held[begin - self._begin :] if self._begin <= begin < held_to else b""
            at = begin + len(kept)
            count = min(max(self._window, end - at), self._size - at)
            self._begin, self._held = begin, kept + self._read(at, count)
        return self._held[begin - self._begin : end - self._begin]

    def find(self, what: bytes, start: int) -> int:
        """Where some bytes are first found from an offset on; -1 if they are not."""
        while start < self._size:
            stretch = self[start : start + max(self._window, len(what))]
            if (found := stretch.find(what)) >= 0:
                return start + found
            start += max(1, len(stretch) - len(what) + 1)
        return -1
