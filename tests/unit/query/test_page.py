"""The page of coverage: every state has its look and its words, and nothing of a paper is markup."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from bs4 import BeautifulSoup

from newsdesk.query.coverage import CoverageDay
from newsdesk.query.page import render, state_of

DAY = dt.date(2026, 1, 31)
GOOD = CoverageDay(
    source="harbour_post",
    published_day=DAY,
    expected=14,
    fetched=14,
    published=12,
    rejected=2,
    missing=0,
    gap_from=None,
    gap_to=None,
    verdict="passed",
    complete=True,
    updated_at=dt.datetime(2026, 2, 1, 1, tzinfo=dt.UTC),
    watermark=DAY,
)
GAP = dataclasses.replace(
    GOOD,
    published_day=dt.date(2026, 2, 1),
    complete=False,
    gap_from=dt.datetime(2026, 2, 1, 3, tzinfo=dt.UTC),
    gap_to=dt.datetime(2026, 2, 1, 5, 30, tzinfo=dt.UTC),
)
BLOCKED = dataclasses.replace(
    GOOD, published_day=dt.date(2026, 2, 2), verdict="failed", published=0
)
NOBODY = dataclasses.replace(
    GOOD,
    published_day=dt.date(2026, 2, 3),
    complete=False,
    verdict="unknown",
    **dict.fromkeys(("expected", "fetched", "published", "rejected", "missing")),
)
EVERY = [GOOD, GAP, BLOCKED, NOBODY]


@pytest.mark.parametrize(
    ("entry", "state"),
    [(GOOD, "complete"), (GAP, "incomplete"), (BLOCKED, "failed"), (NOBODY, "unknown")],
)
def test_the_state_of_a_day(entry: CoverageDay, state: str) -> None:
    assert state_of(entry) == state


def test_a_row_of_days_says_by_colour_and_by_sign_how_they_are() -> None:
    page = BeautifulSoup(render(EVERY, 4), "html.parser")
    cells = page.select(".days td[class]")
    assert [cell["class"] for cell in cells] == [
        ["complete"],
        ["incomplete"],
        ["failed"],
        ["unknown"],
    ]
    told = [cell.contents[0].strip() for cell in cells]
    assert told == ["12", "12…", "0!", "?"]
    assert cells[1]["title"] == (
        "2026-02-01: 12 published of 14 known, 2 rejected, 0 missing; checks: passed; "
        "nobody watched 02-01 03:00 to 02-01 05:30"
    )
    assert "Jan 2026 – Feb 2026" in page.text
    assert "2026-01-31" in page.select_one(".days").text


def test_why_stories_were_rejected_is_told_to_whoever_points_at_the_day() -> None:
    entry = dataclasses.replace(GOOD, reasons={"too_short": 1, "check:<b>": 1})
    (cell,) = BeautifulSoup(render([entry], 1), "html.parser").select(".days td[class]")
    assert "2 rejected (too_short 1, check:<b> 1), 0 missing" in cell["title"]


def test_what_is_open_is_listed_and_unknown_days_are_not() -> None:
    rows = BeautifulSoup(render(EVERY, 4), "html.parser").select(".open tr")[1:]
    assert len(rows) == 2
    assert "02-01 03:00 to 02-01 05:30" in rows[0].text
    assert "No day that was worked on is incomplete" in render([GOOD], 4)
    assert "No paper was ever published" in render([], 4)


def test_links_lead_to_the_days_before_and_after() -> None:
    links = [a["href"] for a in BeautifulSoup(render(EVERY, 4), "html.parser").select("a")]
    assert links == ["?last=2026-01-30&days=4", "?last=2026-02-07&days=4", "?days=4"]


def test_a_papers_name_is_no_markup() -> None:
    assert "<b>" not in render([dataclasses.replace(GOOD, source="<b>post")], 4)
