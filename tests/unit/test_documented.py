"""What operators look up is there: every reason that the tables may give."""

from __future__ import annotations

import re
from pathlib import Path

from newsdesk.reading.walls import REASONS

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r'code(?:: str)? ?= ?"([a-z_]+)"')
FATES = {"not_fetched", "not_read", "over_budget", "not_modified", "same_body", "release"}


def test_every_reason_is_explained_to_operators() -> None:
    sources = (ROOT / "include" / "newsdesk").rglob("*.py")
    codes = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))}
    assert {"timeout", "robots", "archive_blocked", "address_refused"} <= codes
    told = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/operations.md").read_text("utf-8")))
    assert (codes | set(REASONS) | FATES) - told == set()
