"""Stopping Airflow: nothing of it outlives the stop, whatever group it runs in."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from newsdesk.demo.standalone import descendants, end_processes, lives
from newsdesk.embedded import end_group

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
LEADER = """
import subprocess, sys, time
for program in sys.argv[1:]:
    subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def leader() -> Iterator[subprocess.Popen[bytes]]:
    """A program that leads a group, with two children in sessions of their own."""
    with subprocess.Popen(
        [sys.executable, "-c", LEADER, "import time; time.sleep(60)", STUBBORN],
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        children = descendants(process.pid)
        yield process
        end_processes(children, 0.1)
        process.kill()


def test_what_left_the_group_is_ended_with_it(leader: subprocess.Popen[bytes]) -> None:
    running = descendants(leader.pid)
    assert len(running) == 2
    _wait_for_handler(running)
    end_group(leader, 5.0)
    assert all(map(lives, running))  # so the group alone is not enough
    end_processes(running, 0.5)
    assert not any(map(lives, running))


def test_who_is_gone_is_no_error() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    gone = psutil.Process(process.pid)
    process.wait()
    assert descendants(process.pid) == []
    end_processes([gone], 0.1)


def _wait_for_handler(processes: list[psutil.Process]) -> None:
    """Waits until one of them ignores SIGTERM: a Python needs a moment to start."""
    mask = 1 << (signal.SIGTERM - 1)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for one in processes:
            with Path(f"/proc/{one.pid}/status").open() as lines:
                ignored = next(line.split()[1] for line in lines if line.startswith("SigIgn"))
            if int(ignored, 16) & mask:
                return
        time.sleep(0.02)
    raise AssertionError("none ignores SIGTERM")
