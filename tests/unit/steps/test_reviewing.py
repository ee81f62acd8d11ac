"""When a reread is stopped: by figures alone, as a review of its days adds them up."""

from __future__ import annotations

from collections import Counter

import pytest

from newsdesk.errors import RereadRefused
from newsdesk.steps.rereading import Report
from newsdesk.steps.rereading.outcomes import Figures
from newsdesk.steps.rereading.reviewing import judged, refuse_regression


def figures(counts: str = "same=100", **more: dict[str, int]) -> Figures:
    named = (one.split("=") for one in counts.split())
    told = {name: Counter(count) for name, count in more.items()}
    return Figures(Counter({name: int(count) for name, count in named}), **told)


def reviewed(**papers: Figures) -> Report:
    """What a review of one day makes of some figures."""
    return judged(Report(1, dict(papers)), 0.05)


def test_a_paper_whose_rules_have_no_new_version_stops_it_beside_others_that_changed() -> None:
    """Also beside pages of its own that changed, where it is more than a few that stay behind."""
    report = reviewed(a_post=figures("same=99 changed=1"), b_post=figures("not_newer=500"))
    assert report.stale == ["b_post: 500 pages read otherwise, of 500"]
    mixed = reviewed(a_post=figures("same=10 changed=40 not_newer=50"))
    assert mixed.stale == ["a_post: 50 pages read otherwise, of 100"]
    for stopped in (report, mixed):
        with pytest.raises(RereadRefused, match="no newer.* read otherwise.*: raise rules_version"):
            refuse_regression(stopped, accept=False)
        refuse_regression(stopped, accept=True)  # they stay, the others are published
    assert reviewed(a_post=figures("same=90 changed=5 not_newer=5")).stale == []


def test_nobody_can_accept_what_would_change_nothing() -> None:
    with pytest.raises(RereadRefused, match="1 pages read otherwise, of 100"):
        refuse_regression(reviewed(a_post=figures("same=99 not_newer=1")), accept=True)


def test_what_is_won_does_not_make_up_for_what_is_lost() -> None:
    swapped = figures("changed=100", emptied={"bylines": 50}, filled={"bylines": 50})
    assert reviewed(a_post=swapped).worse == [
        "a_post would lose the bylines of 50 of 100 (50%) rows"
    ]


@pytest.mark.parametrize("count", [50, 51])
def test_most_headlines_or_days_that_change_look_like_a_regression(count: int) -> None:
    found = figures("changed=100", differ={"headline": count, "day": count, "summary": 100})
    report = reviewed(a_post=found)
    assert report.worse == [
        f"a_post would have another {what} in 51 of 100 (51%) rows"
        for what in ("headline", "published day")
        if count > 50
    ]
    if report.worse:
        with pytest.raises(RereadRefused, match="looks like a regression"):
            refuse_regression(report, accept=False)
    refuse_regression(report, accept=True)
