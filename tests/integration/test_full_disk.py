"""A disk that is full, store and catalog on it: the task fails, and its repetition is right."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import full_disk
from contracts.newsroom import newsroom
from contracts.publisher import send

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(300)]

TESTS = Path(__file__).resolve().parents[1]


def test_a_run_that_found_the_disk_full_is_repeated_when_there_is_room(tmp_path: Path) -> None:
    disk, answer = tmp_path / "disk", tmp_path / "answer"
    disk.mkdir()
    child = [sys.executable, "-m", full_disk.__name__, str(disk), str(answer)]
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", *child],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    before, full, after, error = pickle.loads(answer.read_bytes())  # noqa: S301  # our own child's
    clean = newsroom(tmp_path / "clean")
    send(clean, 0)
    assert before == clean.facts()
    assert full["articles"] == before["articles"]  # no part of the run is to be seen
    assert "the store failed" in error or "the catalog" in error
    send(clean, 1)
    assert after == clean.facts()
    clean.warehouse.close()
