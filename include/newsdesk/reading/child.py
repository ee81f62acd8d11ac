"""The process that reads: pages come in, readings go out through a pipe, one at a time.

Work lies pickled in memory that parent and child share, and the pipe says how long it is: a page
of 200 KB through the pipe would cost more than a twentieth of reading it.

``children`` starts it and says why a page ended it. It has the limits of this module on itself,
so that it also ends when its parent no longer looks, and no more of the environment than it needs.
"""

from __future__ import annotations

import mmap
import os
import pickle
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from newsdesk.errors import NewsdeskError
from newsdesk.sources import Source

READY = "ready"
"""The first thing a child says."""

NO_MEMORY = 77
"""Exit status of a child that reached its limit of memory."""

SHARED = 33_000_000
"""Bytes of the shared memory; work that is larger goes through the pipe."""

T_co = TypeVar("T_co", covariant=True)


class Work(Protocol[T_co]):
    """One page to be read: what goes through the pipe."""

    def run(self, sources: Mapping[str, Source]) -> T_co:
        """Reads the page; in the child."""
        ...

    def lost(self, sources: Mapping[str, Source], reason: str, evidence: str) -> T_co:
        """What is said of the page when reading it failed; in the parent."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one page may take. A page of the usual size takes about 10 ms.

    A page may be read twice (see ``children``), and is still done with in ten seconds.

    Attributes:
        cpu_seconds: Processor time; rounded up to the next second.
        wall_seconds: Time, also of a child that waits.
        memory: Bytes of private memory, with what the reader itself takes (about 60 MB).
    """

    cpu_seconds: int = 2
    wall_seconds: float = 4.0
    memory: int = 440_000_000


@dataclass(frozen=True, slots=True)
class Done:
    """What a page came to."""

    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The reader raised; it can read the next page."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The work itself was wrong: this ends all of it."""

    error: NewsdeskError


Reply = Done | Failed | Refused


def main() -> None:
    """Reads what it is given until the pipe closes.

    Its arguments are the descriptors of the pipe and of the shared memory.
    """
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches us too; the parent closes the pipe
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    shared = mmap.mmap(int(sys.argv[2]), SHARED, prot=mmap.PROT_READ)
    try:
        limits, sources = pipe.recv()
        import newsdesk.reading.reader  # noqa: F401 - no page pays for the imports

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
        pipe.send(READY)
        while True:
            said: int | Work[object] = pipe.recv()
            work = pickle.loads(memoryview(shared)[:said]) if isinstance(said, int) else said  # noqa: S301 - our parent's
            _allow(limits.cpu_seconds)
            pipe.send(_reply(work, sources))
    except (EOFError, ConnectionError):  # the parent has closed the pipe, or is gone
        return
    except MemoryError:
        os._exit(NO_MEMORY)  # at once: nothing that the page left behind must run


def _allow(seconds: int) -> None:
    """Bounds the processor time from now on; the kernel ends who goes beyond."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    most = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _reply(work: Work[object], sources: Mapping[str, Source]) -> Reply:
    try:
        return Done(work.run(sources))
    except NewsdeskError as error:
        return Refused(error)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a page does to the reader, the next is read
        return Failed(" ".join(f"{type(error).__name__}: {error}".split()))
