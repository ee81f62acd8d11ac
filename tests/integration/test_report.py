"""The demo's last page: told from the tables, also when nothing is new."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from contracts.newsroom import DAY, PAPER, Newsroom, capture_of, link_to, run_of, story
from newsdesk import steps
from newsdesk.article import CheckResult, Rejection, Verdict
from newsdesk.connections import connect, open_warehouse
from newsdesk.demo import report
from newsdesk.demo.home import Home
from newsdesk.layout import Layout
from newsdesk.settings import Settings

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

BEFORE = DAY - dt.timedelta(days=1)


def test_what_the_demo_says_in_the_end(lake: Lake, tmp_path: Path) -> None:
    home = Home(tmp_path)
    environment = home.environment(lake.endpoint)
    settings = Settings.from_environment(environment)
    room = Newsroom(open_warehouse(settings), lake.store, Layout(settings.env))
    lost = story(9)
    refusal = Rejection(
        PAPER,
        lost.url,
        lost.captured_at,
        "consent_wall",
        "[bold]",
        1,
        lost.article_id,
        lost.capture,
    )
    warning = CheckResult(
        PAPER, DAY, "fresh(published_at)", "warning", "failed", '{"hours": 30}', "{}", 4, 4
    )
    done = room.send(
        run_of("a"),
        [story(n) for n in range(4)],
        rejections=[refusal],
        more_captures=[capture_of(lost, link_to(lost))],
        verdict=Verdict(None, (), (), (), (warning,)),
    )
    steps.load(connect(settings), DAY, "load")
    room.warehouse.close()
    figures = ("rows", "added", "changed", "removed", "complete", "snapshot", "verdict")
    changed = {
        str(change.day): {name: getattr(change, name) for name in figures} for change in done.days
    }

    def said(changed: dict[str, dict[str, object]]) -> str:
        console = Console(file=io.StringIO(), width=140, highlight=False)
        report.show(home, environment, console, BEFORE, DAY, changed)
        report.what_next(home, console)
        text: str = console.file.getvalue()  # type: ignore[attr-defined]
        return text

    text = said(changed)
    for part in (
        f"{PAPER}: complete through {DAY}",
        "fresh(published_at)",
        "consent_wall",
        "published",
        "Ferry 3 leaves",
        "Mina Aral (person)",
        str(home.warehouse),
        "newsdesk status",
        "make up",
    ):
        assert part in text, part
    assert "unknown" in text  # the day before, on which nobody looked
    assert "Nothing new" not in text
    assert "Nothing new was published" in said({})
