"""The Data Docs of a run, as pages."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from contracts.newsroom import DAY, PAPER, run_of
from newsdesk.article import CheckResult
from newsdesk.quality import data_docs, docs

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

RUN = run_of("scheduled__<b>2026</b>")
LENGTH = CheckResult(
    PAPER,
    None,
    "length(headline)",
    "critical",
    "failed",
    '{"headline_characters": [4, 88]}',
    '{"headline_characters": [5, 300]}',
    rows=40,
    failing=3,
)
SIGNED = CheckResult(
    PAPER,
    DAY,
    "share(bylines)",
    "warning",
    "passed",
    '{"signed_share": 0.9}',
    '{"signed_share": [0.5, null]}',
    rows=40,
    failing=0,
)
RAISED = CheckResult(
    "river_times",
    DAY,
    "volume",
    "warning",
    "not_evaluated",
    '{"error": "cannot compare 3 with <b>text</b>"}',
    '{"stories": [20, 400]}',
    rows=3,
    failing=0,
)
OTHERS = (
    replace(LENGTH, expectation="form(url)", expected='{"unmatched": 0}', observed="{}"),
    replace(LENGTH, expectation="known(language)", expected='{"language": ["en", "ar"]}'),
    replace(LENGTH, expectation="zone_aware(published_at)", expected='{"zone_aware": [true]}'),
    replace(LENGTH, expectation="unique(article_id)", expected='{"repeated": 0}'),
    replace(LENGTH, expectation="not_null(headline)", expected='{"nulls": 0}'),
    replace(LENGTH, expectation="no_junk(bylines)", expected='{"found": 0}'),
)


class Seen(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def pages(*results: CheckResult) -> dict[str, str]:
    return dict(data_docs(RUN, results))


def test_a_run_has_an_index_and_a_page_for_each_paper() -> None:
    made = pages(LENGTH, SIGNED, RAISED)
    assert sorted(made) == [PAPER, "index", "river_times"]
    index = Seen(made["index"])
    assert "1 not evaluated, 1 failed, 1 passed" in index.text
    links = [attributes["href"] for tag, attributes in index.tags if tag == "a"]
    assert {"../../index.html", f"{PAPER}.html", "river_times.html"} == set(links)


def test_a_papers_page_tells_what_was_expected_and_seen() -> None:
    made = pages(LENGTH, SIGNED, RAISED)
    mine = Seen(made[PAPER]).text
    for told in (
        "staged rows · length(headline) (critical)",
        "greater than or equal to 5 and less than or equal to 300",
        "3 unexpected values found",
        "7.5% of 40 total rows",
        "headline_characters: 4 to 88",
        f"{DAY} · share(bylines) (warning)",
        "signed_share: 0.9",
        "1 of 2 passed",
    ):
        assert told in mine
    assert "cannot compare 3 with" in Seen(made["river_times"]).text


def test_every_kind_of_expectation_has_words() -> None:
    text = Seen(pages(*OTHERS)[PAPER]).text
    for told in ("http(s) address", "en ar", "True", "unique", "never be null", "must be null"):
        assert told in text, text


def test_nothing_that_a_paper_wrote_becomes_markup() -> None:
    evil = '<script>alert(1)</script><img src="x" onerror="y"> $column ${where} {{ 7*7 }}'
    bad = replace(
        LENGTH,
        expectation="known(language)",
        observed=f'{{"language": ["{evil}"]}}'.replace('"x"', "x").replace('"y"', "y"),
        expected='{"language": ["en", "<i>tr</i>"]}',
    )
    made = pages(bad, RAISED)
    for page in made.values():
        tags = {tag for tag, _ in Seen(page).tags}
        assert not tags & {"script", "img", "link", "b"}
        assert "tr" not in {tag for tag in tags if tag == "i"}
        assert not any(name.startswith("on") for _, found in Seen(page).tags for name in found)
    assert "{{ 7*7 }}" in Seen(made[PAPER]).text


def test_pages_load_nothing() -> None:
    for page in pages(LENGTH, SIGNED).values():
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
        assert "@import" not in page
        assert "url(" not in page
    assert "Content-Security-Policy" in pages(LENGTH)[PAPER]


def test_many_papers_and_days_are_bounded_with_the_worst_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(docs, "MOST_PAGES", 3)
    monkeypatch.setattr(docs, "MOST_RESULTS", 2)
    results = [
        replace(SIGNED, source=f"paper_{n}", expectation=f"drift({k})")
        for n in range(5)
        for k in range(4)
    ]
    results += [replace(LENGTH, source="paper_4"), replace(RAISED, source="paper_3")]
    made = pages(*results)
    assert list(made) == ["index", "paper_3", "paper_4", "paper_0"]
    assert Seen(made["paper_4"]).text.count("staged rows") == 1
    assert Seen(made["paper_4"]).text.count("drift(") == 1
    assert made["index"].count("paper_2") == 4
    assert "paper_2.html" not in made["index"]


def test_a_run_without_results_has_an_index() -> None:
    assert list(pages()) == ["index"]


def test_a_page_takes_little_time() -> None:
    pages(LENGTH)  # imports
    began = time.process_time()
    found = pages(*(replace(LENGTH, source=f"paper_{n}") for n in range(20)))
    assert len(found) == 21
    assert time.process_time() - began < 20 * 0.3
