"""Processes that do one piece of work after the other, and may die or freeze before an effect of it.

They are those of ``contracts.publisher`` and ``contracts.walker``; see ``publisher.serve``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Asks for pieces of work, and waits for the answers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, *words: object) -> str:
        """Has a piece of work done; gives the answer, or which process is frozen."""
        assert self._process.stdin is not None
        self._process.stdin.write("\t".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def wake(self, frozen: str) -> str:
        """Lets a frozen process go on to its end; gives its answer."""
        os.kill(int(frozen.removeprefix("frozen ")), signal.SIGCONT)
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        assert told, "the work failed"
        return told.strip()


@contextmanager
def workers(module: str) -> Iterator[Workers]:
    """The processes of a module of ``contracts``."""
    with subprocess.Popen(
        [sys.executable, "-m", f"contracts.{module}"],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Workers(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
