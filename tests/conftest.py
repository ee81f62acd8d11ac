"""What all tests share: `--no-skips`, the real object store, and the corpus beside the checkout."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("newsdesk", deadline=None)  # a busy machine is no failure
# What is found by chance is found at home; the same commit is always judged alike.
settings.register_profile("ci", settings.get_profile("newsdesk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "newsdesk")

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test is a failed one")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if item.config.getoption("--no-skips") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where a skip is a failure: {report.longrepr}"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages; tests that want it skip where it is not."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real pages is not beside this checkout (../shared/corpus)")
    return CORPUS
