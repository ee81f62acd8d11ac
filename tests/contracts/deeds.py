"""Works for reading's children: what bad pages do to their reader, done without a page."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass

from newsdesk.errors import SettingsError
from newsdesk.sources import Source


@dataclass(frozen=True)
class Deed:
    """Does one thing in the child, and says what; ``reason: evidence`` when it was lost."""

    what: str = "nothing"

    def run(self, sources: Mapping[str, Source]) -> str:
        match self.what:
            case "nothing":
                return f"read by {os.getpid()}"
            case "sources":
                return ", ".join(sources)
            case "environment":
                return ", ".join(sorted(os.environ))
            case "raise":
                raise ValueError("no\nsuch thing")
            case "refuse":
                raise SettingsError("page.html", "is not there")
            case "hang":
                while True:
                    pass
            case "sleep":
                time.sleep(600)
            case "grow":
                return str(len([bytes(1_000_000) for _ in range(4_000)]))
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "leave":
                os._exit(3)
            case "second":  # dies in a child that has served another, as one that leaks would
                if _served:
                    os.kill(os.getpid(), signal.SIGKILL)
        _served.append(self.what)
        return self.what

    def lost(self, sources: Mapping[str, Source], reason: str, evidence: str) -> str:
        return f"{reason}: {evidence}"


_served: list[str] = []


@dataclass(frozen=True)
class Note(Deed):
    """Leaves something in the child that ``second`` finds."""

    def run(self, sources: Mapping[str, Source]) -> str:
        _served.append(self.what)
        return "noted"


@dataclass(frozen=True)
class Spin:
    """Takes some seconds of processor time."""

    seconds: float

    def run(self, sources: Mapping[str, Source]) -> str:
        until = time.process_time() + self.seconds
        while time.process_time() < until:
            pass
        return "spun"

    def lost(self, sources: Mapping[str, Source], reason: str, evidence: str) -> str:
        return f"{reason}: {evidence}"
