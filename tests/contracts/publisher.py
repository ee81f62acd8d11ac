"""A publisher as a process of its own, that ends itself with SIGKILL before its n-th effect.

Where n is negative it does not end but freezes: it stops until somebody sends it SIGCONT.

``python -m contracts.publisher`` reads lines of SETTINGS (JSON), a tab, NUMBER, a tab and N, and
answers each: a child of its own, forked once everything is imported, sends the run of that number.
An effect is whatever somebody else could see or that is left lying about: a file of a table, a
commit (before it, and after it but untold), an object put or deleted. The answer is how many there
were, or nothing for a child that was killed; before it, ``frozen PID`` of a child that froze.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from contracts.newsroom import DAY, PAPER, Newsroom, at, capture_of, run_of, story
from newsdesk.article import Article, Rejection
from newsdesk.connections import open_store, open_warehouse
from newsdesk.layout import Layout
from newsdesk.publish import Published
from newsdesk.settings import Settings

NEXT = DAY + dt.timedelta(days=1)


def stories_of(number: int) -> list[Article]:
    """What the run of a number has read: three edits, a story that moves, one that is new."""
    seen = at(NEXT, 1 + number / 10)
    moved = at(DAY, 9) if number % 2 else at(DAY - dt.timedelta(days=2), 9)
    return [
        *(story(n, text=f"Edit {number}.", captured_at=seen) for n in range(3)),
        story(3, text=f"Moved {number}.", captured_at=seen, published_at=moved),
        story(100 + number, captured_at=seen),
    ]


def send(room: Newsroom, number: int) -> Published:
    """Sends the run of a number; it also refuses one page and waits with nothing."""
    refused = story(1000 + number, captured_at=at(NEXT, 1 + number / 10))
    refusal = Rejection(
        *(PAPER, refused.url, refused.captured_at, "soft_404", "", 1, refused.article_id),
        refused.capture,
    )
    return room.send(
        run_of(f"run {number}"),
        stories_of(number),
        rejections=[refusal],
        more_captures=[capture_of(refused)],
        now=at(NEXT, 2 + number / 10),
    )


class Effects:
    """Counts effects, and ends or freezes the process before one of them."""

    def __init__(self, fatal: int) -> None:
        self.count = 0
        self._fatal = fatal
        self._lock = threading.Lock()

    def before(self) -> None:
        with self._lock:
            self.count += 1
            if self.count == abs(self._fatal):
                os.kill(os.getpid(), signal.SIGKILL if self._fatal > 0 else signal.SIGSTOP)

    def watch_tables(self) -> None:
        """Stands before every file of a table, and around every commit."""
        from pyiceberg.catalog.sql import SqlCatalog
        from pyiceberg.io.pyarrow import PyArrowFile

        self._wrap(PyArrowFile, "create", lambda *given: True)
        self._wrap(SqlCatalog, "commit_table", lambda *given: True, after=True)

    def watch_bucket(self) -> None:
        """Stands before every object that is put or deleted."""
        from newsdesk.store import S3Store

        writes = {"put_object", "delete_object"}
        self._wrap(S3Store, "_call", lambda store, operation, *rest: operation in writes)

    def _wrap(
        self, owner: Any, name: str, counts: Callable[..., bool], *, after: bool = False
    ) -> None:
        really = getattr(owner, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            if counts(*given):
                self.before()
            done = really(*given, **named)
            if after:
                self.before()
            return done

        setattr(owner, name, wrapped)


def publish(settings: str, number: str, fatal: str) -> int:
    """Sends a run; gives how many effects it had."""
    found = Settings.from_environment(json.loads(settings))
    room = Newsroom(open_warehouse(found), open_store(found), Layout(found.env))
    effects = Effects(int(fatal))
    effects.watch_tables()
    effects.watch_bucket()
    send(room, int(number))
    room.warehouse.close()
    return effects.count


def serve(work: Callable[..., int]) -> None:
    """Answers lines until there are no more: each is what ``work`` is called with in a child."""
    import boto3  # noqa: F401  # what takes time is imported before there are children
    import pyiceberg.catalog.sql
    import pyiceberg.io.pyarrow  # noqa: F401

    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(writing, str(work(*line.rstrip().split("\t"))).encode())
            finally:
                os._exit(0 if sys.exception() is None else 1)
        os.close(writing)
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            print(f"frozen {child}", flush=True)
            _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as answer:
            told = answer.read()
        if not told and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            sys.exit(f"the child of {line!r} ended with status {status}")
        print(told, flush=True)


if __name__ == "__main__":
    serve(publish)
