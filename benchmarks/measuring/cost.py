"""What something took: seconds of the clock and of the processor, bytes, Parquet files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Cost:
    """Seconds by the clock and of processor time, bytes read and written, Parquet files opened."""

    seconds: float = 0.0
    cpu: float = 0.0
    read: int = 0
    written: int = 0
    files: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    from pyiceberg.io.pyarrow import PyArrowFileIO

    cost, opened = Cost(), set()
    really = PyArrowFileIO.new_input

    def new_input(self: Any, location: str) -> Any:
        if location.endswith(".parquet"):
            opened.add(location)
        return really(self, location)

    PyArrowFileIO.new_input = new_input  # type: ignore[method-assign]
    before, began, cpu = _io(), time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        PyArrowFileIO.new_input = really  # type: ignore[method-assign]
        after = _io()
        cost.seconds = time.perf_counter() - began
        cost.cpu = time.process_time() - cpu
        cost.read, cost.written = after[0] - before[0], after[1] - before[1]
        cost.files = len(opened)


def _io() -> tuple[int, int]:
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"]), int(lines["wchar"])
