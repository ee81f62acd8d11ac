"""Addresses of the Web Platform Tests: what is no URL is refused, what is one is understood."""

from __future__ import annotations

import json
import re
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


UNUSABLE = {
    "empty: it names the page that it stands on": r"\s*",
    "a scheme without its two slashes, which browsers mend": r"https?:/?(?![/\\\\]).*",
    "escapes or signs in its host": r"https?://[^/?#]*[%!\[].*",
    "brackets or control characters before its host": r"https?://[^/?#]*[\[\]\x7f][^/?#]*@.*",
    "a host of dots": r"https?://\.+/",
}
"""Why a link may be none for us though browsers make one of it; by what is written."""


def test_a_link_on_a_page_means_the_same_host_or_is_refused_for_a_reason(
    cases: list[dict[str, Any]],
) -> None:
    told: Counter[str] = Counter()
    for case in cases:
        if case.get("failure"):
            continue
        base = case.get("base") or ""
        cleaned = clean_url(case["input"], base)
        if cleaned is None:
            if case["protocol"] not in ("http:", "https:"):
                told["is not http or https"] += 1
                continue
            written = case["input"].strip()
            why = [
                told for told, form in UNUSABLE.items() if re.fullmatch(form, written, re.DOTALL)
            ]
            assert why, case
            told[why[0]] += 1
            continue
        meant = understood(cleaned)
        if isinstance(meant, str):
            assert meant in REASONS, case
            told[meant] += 1
        elif meant.host == case["hostname"].strip("[]"):
            assert case["protocol"] in ("http:", "https:"), case
            told["accepted"] += 1
        else:  # to RFC 3986 three slashes are an empty host, so the page's own is meant
            assert re.match(r"[/\\]{3}", case["input"]), case
            assert meant.host == clean_host(base), case
            told["three slashes"] += 1
    assert told["accepted"] >= 200, told
    assert sum(told.values()) == 891 - 267


def clean_host(url: str) -> str:
    meant = understood(clean_url(url) or "")
    assert isinstance(meant, Target)
    return meant.host
