"""Reading in processes of its own: a page that kills or hangs its reader costs that page alone.

A child serves many pages and is replaced when one ends it. That page gets a reading with a reason
(``reader_timeout``, ``reader_memory``, ``reader_killed``, ``reader_failed``), the others go on. A
page is condemned only by a fresh child, or for its own processor time: what earlier pages left
behind in a process must not count against it.

Plain subprocesses, not multiprocessing's: a task's process may be a daemonic one that must have
no such children, and its main module is not ours to import again.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import IO, Any, Generic, Self, TypeVar

from newsdesk.article import Page, Reading
from newsdesk.errors import NewsdeskError
from newsdesk.reading import reader
from newsdesk.reading.child import (
    NO_MEMORY,
    READY,
    SHARED,
    Done,
    Limits,
    Refused,
    Reply,
    Work,
)
from newsdesk.reading.walls import Wall
from newsdesk.reading.whose import source_for
from newsdesk.sources import Source

LIMITS = Limits()

START_SECONDS = 120.0
"""Until a child must have said that it is ready: it imports the reader."""

AHEAD = 32
"""Results per child that wait for an earlier one that takes its time."""

_INHERITED = ("PYTHON", "LC_", "LANG", "PATH", "LD_", "TZ", "TMPDIR", "HOME")
"""Beginnings of the names of variables that a child gets: none that carries a secret."""

_PROGRAM = "from newsdesk.reading.child import main; main()"
"""Not ``-m``: what it sends would be of classes of ``__main__``."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageWork:
    """A page in memory.

    Attributes:
        page: The page.
        source: Name of its paper; ``None`` for the paper that its address belongs to.
        explain: Whether the reading lists every candidate of every field.
    """

    page: Page
    source: str | None = None
    explain: bool = False

    def run(self, sources: Mapping[str, Source]) -> Reading:
        """Reads the page."""
        return reader.read_page(self.page, self._source(sources), explain=self.explain)

    def lost(self, sources: Mapping[str, Source], reason: str, evidence: str) -> Reading:
        """A rejection."""
        return reader.unread(self.page, self._source(sources), Wall(reason, evidence))

    def _source(self, sources: Mapping[str, Source]) -> Source:
        return sources[self.source] if self.source else source_for(self.page.url, sources)


def read_all(
    work: Iterable[Work[T]],
    sources: Mapping[str, Source],
    *,
    jobs: int = 1,
    limits: Limits = LIMITS,
) -> Generator[T]:
    """Reads pages in child processes.

    Args:
        work: The pages; taken one by one, never more than ``AHEAD`` per process in advance.
        sources: The known papers.
        jobs: Processes; they start when there is work for them.
        limits: What one page may take.

    Yields:
        What each page came to, in order. The page after it is being read meanwhile.

    Raises:
        NewsdeskError: What a work itself raised in the child; or no child can be started.
    """
    with Readers[T](sources, jobs=jobs, limits=limits) as readers:
        yield from readers.read(work)


def read_one(
    page: Page,
    sources: Mapping[str, Source],
    *,
    explain: bool = False,
    limits: Limits = LIMITS,
) -> Reading:
    """Reads one page in a child process; see ``read_all``."""
    with contextlib.closing(
        read_all([PageWork(page, explain=explain)], sources, limits=limits)
    ) as one:
        return next(one)


class Readers(Generic[T]):
    """Child processes that stay for more than one batch of pages; to be entered.

    Args:
        sources: The known papers.
        jobs: Processes; they start when there is work for them.
        limits: What one page may take.
    """

    def __init__(
        self, sources: Mapping[str, Source], *, jobs: int = 1, limits: Limits = LIMITS
    ) -> None:
        self._crew: list[_Child[T]] = [_Child(sources, limits) for _ in range(jobs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._crew:
            child.close()

    def read(self, work: Iterable[Work[T]]) -> Generator[T]:
        """Reads a batch; see ``read_all``. One batch at a time."""
        coming = enumerate(work)
        done: dict[int, T] = {}
        first = after = 0  # the next result to give, the next work to hand out
        try:
            while True:
                for child in self._crew:
                    if child.work is None and after < first + AHEAD * len(self._crew):
                        number, one = next(coming, (None, None))
                        if number is None or one is None:
                            break
                        child.give(number, one)
                        after = number + 1
                while first in done:
                    yield done.pop(first)
                    first += 1
                busy = [child for child in self._crew if child.work is not None]
                if not busy:
                    if after == first:
                        return
                    continue
                for child, spoke in _heard(busy):
                    number = child.number
                    if (answer := child.answer() if spoke else child.late()) is not None:
                        done[number] = answer[0]
        finally:
            for child in self._crew:
                if child.work is not None:
                    child.end()  # what it would still say is of no batch


class _Child(Generic[T]):
    """One process and the page that it reads.

    Attributes:
        number: Which work it has.
        work: The work; ``None`` when it waits for some.
        ends_at: When it must have said something, on the monotonic clock.
    """

    def __init__(self, sources: Mapping[str, Source], limits: Limits) -> None:
        self._sources = sources
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self.pipe: Connection[Any, Any]
        self._shared = _shared_file()
        self._map = mmap.mmap(self._shared.fileno(), SHARED)
        self._ready = False
        self._served = 0
        self.number = 0
        self.work: Work[T] | None = None
        self.ends_at = 0.0

    def give(self, number: int, work: Work[T]) -> None:
        """Hands it a page, starting the process when there is none."""
        self.number, self.work = number, work
        if self._process is None:
            self._start()
        else:
            self._send()

    def answer(self) -> tuple[T] | None:
        """What the page came to, once the child said something or died.

        ``None`` when it only said that it is ready, or when another child reads the page again.
        """
        work = self.work
        assert work is not None  # noqa: S101 - only those with work are asked
        try:
            said: Reply | str = self.pipe.recv()
        except Exception:  # noqa: BLE001 - the last words of a dying process may be anything
            return self._died()
        if said == READY:
            self._ready = True
            self._send()
            return None
        self._served += 1
        self.work = None
        if isinstance(said, Refused):
            raise said.error
        if isinstance(said, Done):
            return (said.result,)
        return (work.lost(self._sources, "reader_failed", said.error),)  # type: ignore[union-attr]  # READY is the only text

    def late(self) -> tuple[T] | None:
        """Ends the process, whose time is over; gives what ``answer`` does."""
        return self._died(late=True)

    def end(self) -> None:
        """Ends the process; another is started for the next work."""
        self.work = None
        if self._process is not None:
            self.pipe.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Ends the process, and there is no other."""
        self.end()
        self._map.close()
        self._shared.close()

    def _start(self) -> None:
        self.pipe, theirs = Pipe()
        with theirs:
            handles = [theirs.fileno(), self._shared.fileno()]
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
                [sys.executable, "-P", "-c", _PROGRAM, *map(str, handles)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=handles,
                env=_environment(),
            )
        self._ready = False
        self._served = 0
        self.ends_at = time.monotonic() + START_SECONDS
        with contextlib.suppress(ConnectionError):  # it died: reading from it says so
            self.pipe.send((self._limits, dict(self._sources)))

    def _send(self) -> None:
        self.ends_at = time.monotonic() + self._limits.wall_seconds
        said: object = self.work
        with contextlib.suppress(ValueError):  # it does not fit
            self._map.seek(0)
            pickle.dump(self.work, self._map, pickle.HIGHEST_PROTOCOL)
            said = self._map.tell()
        with contextlib.suppress(ConnectionError):
            self.pipe.send(said)

    def _died(self, *, late: bool = False) -> tuple[T] | None:
        """Buries the child; gives its page to another if it may be innocent."""
        process, work = self._process, self.work
        assert process is not None  # noqa: S101 - only those with a process are asked
        assert work is not None  # noqa: S101 - as above
        process.kill()  # does nothing to one that has ended
        status = process.wait()
        self.pipe.close()
        self._process = None
        if not self._ready:
            raise NewsdeskError("reading process", f"did not start: {_ended(status)}")
        fresh = self._served == 0
        if late:
            reason = "reader_timeout"
            evidence = f"more than {self._limits.wall_seconds:g} seconds"
        elif status == -signal.SIGXCPU:
            reason = "reader_timeout"
            evidence = f"more than {self._limits.cpu_seconds} seconds of processor time"
            fresh = True
        elif status == NO_MEMORY:
            reason, evidence = "reader_memory", f"more than {self._limits.memory:,} bytes"
        else:
            reason, evidence = "reader_killed", _ended(status)
        if not fresh:
            self._start()
            return None
        self.work = None
        return (work.lost(self._sources, reason, evidence),)


def _heard(busy: list[_Child[T]]) -> list[tuple[_Child[T], bool]]:
    """Those who said something or died, with true, and those over time; waits until one is."""
    rest = min(child.ends_at for child in busy) - time.monotonic()
    spoke: list[Any] = wait([child.pipe for child in busy], max(0.0, rest))
    now = time.monotonic()
    return [
        (child, child.pipe in spoke)
        for child in busy
        if child.pipe in spoke or now >= child.ends_at
    ]


def _ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"ended by signal {-status}"


def _shared_file() -> IO[bytes]:
    """A file of ``SHARED`` bytes that has no name and, where the system can, is only in memory."""
    if sys.platform == "linux":
        file = os.fdopen(os.memfd_create("newsdesk"), "w+b")
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
    file.truncate(SHARED)
    return file


def _environment() -> dict[str, str]:
    """What a child needs to find its modules; threads of its own it needs none."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_INHERITED)}
    return kept | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
