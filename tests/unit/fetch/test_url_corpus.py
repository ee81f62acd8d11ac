"""Addresses of the Web Platform Tests: what is no URL is refused, what is one is understood."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contracts.wire import paper
from newsdesk.errors import AddressRefused
from newsdesk.fetch.target import Target, target_of
from newsdesk.fields.urls import clean_url

REASONS = (
    "is no usable URL",
    "is not http or https",
    "carries credentials",
    "has no valid host",
    "is an address in an odd notation",
)


@pytest.fixture(scope="module")
def cases(corpus: Path) -> list[dict[str, Any]]:
    found = json.loads((corpus / "urls" / "urltestdata.json").read_text(encoding="utf-8"))
    return [case for case in found if isinstance(case, dict)]


def understood(url: str) -> Target | str:
    """What an address means, or why it is refused."""
    try:
        return target_of(url, paper())
    except AddressRefused as error:
        return error.reason.partition(":")[0]


def test_what_is_no_url_is_refused_alone_and_as_a_link_on_a_page(
    cases: list[dict[str, Any]],
) -> None:
    failing = [case for case in cases if case.get("failure")]
    assert len(failing) >= 205
    for case in failing:
        if not case.get("base"):
            assert understood(case["input"]) in REASONS, case
        cleaned = clean_url(case["input"], case.get("base") or "")
        assert cleaned is None or understood(cleaned) in REASONS, case


def test_what_is_a_url_means_the_same_host_or_is_refused_for_a_reason(
    cases: list[dict[str, Any]],
) -> None:
    told: Counter[str] = Counter()
    for case in cases:
        if case.get("failure") or case.get("base"):
            continue
        meant = understood(case["input"])
        if isinstance(meant, Target):
            assert case["protocol"] in ("http:", "https:"), case
            assert meant.host == case["hostname"].strip("[]"), case
            told["accepted"] += 1
        else:
            assert meant in REASONS, case
            told[meant] += 1
    assert told["accepted"] >= 90, told
