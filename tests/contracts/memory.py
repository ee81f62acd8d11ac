"""The memory of this very process: for programs that tests run to be measured.

Not ``ru_maxrss``: a process inherits there what its parent had when it was forked, so that after a
test that needed much nothing seems to grow.
"""

from __future__ import annotations

from pathlib import Path


def most() -> int:
    """Most bytes that it held since it began, or since ``forget``."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return peak * 1024


def forget() -> int:
    """Lets the most be what it holds now, and says how much that is."""
    Path("/proc/self/clear_refs").write_text("5")
    return most()
