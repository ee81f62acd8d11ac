"""Rows from shapes."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from contracts.newsroom import DAY, at, link_to, run_of, story, url_of
from newsdesk.article import CheckResult, Dateline, LeadImage, LedgerEntry, Rejection
from newsdesk.tables import articles_to_table
from newsdesk.tables.rows import check_rows, ledger_rows, rejected_rows, revision_rows
from newsdesk.tables.schema import ARTICLES, CHECKS, LEDGER, REJECTED, REVISIONS

NOW = at(DAY + dt.timedelta(days=1), 2)


def row_of(article: object, **more: object) -> dict[str, object]:
    made = articles_to_table([article], links={}, run_id="a", **more)  # type: ignore[arg-type, list-item]
    (row,) = made.to_pylist()
    return row


def test_an_article_keeps_every_value() -> None:
    made = story(1, dateline=Dateline("Izmir", "IZMIR", "HN"), modified_at=at(DAY, 11))
    row = row_of(made)
    assert row["bylines"] == [
        {"name": "Mina Aral", "kind": "person", "role": None},
        {"name": "HN", "kind": "agency", "role": "with"},
    ]
    assert row["dateline"] == {"place": "Izmir", "raw": "IZMIR", "agency": "HN"}
    assert row["lead_image"] == {
        "url": "https://i.example/ferry.jpg",
        "caption": "A ferry.",
        "credit": None,
    }
    assert row["capture"]["digest"] == made.capture.digest  # type: ignore[index, union-attr]
    assert dict(row["field_rules"]) == made.field_rules  # type: ignore[call-overload]
    for name in (
        "article_id",
        "headline",
        "body",
        "published_at",
        "modified_at",
        "content_hash",
        "text_simhash",
        "paragraphs",
        "published_day_local",
        "reader_version",
    ):
        assert row[name] == getattr(made, name), name
    assert row["withdrawn_at"] is None


def test_an_unknown_string_is_null_and_a_list_is_never_null() -> None:
    row = row_of(
        story(
            1,
            section="",
            summary="",
            topics=(),
            keywords=(),
            bylines=(),
            lead_image=LeadImage("https://i.example/1.jpg", "", ""),
        )
    )
    assert row["section"] is None
    assert row["summary"] is None
    assert row["topics"] == row["keywords"] == row["bylines"] == row["discovered_via"] == []
    assert row["lead_image"]["caption"] is None  # type: ignore[index]


def test_first_seen_is_the_earlier_of_sighting_and_capture() -> None:
    made = story(1)
    for seen, wanted in (
        (at(DAY, 3), at(DAY, 3)),
        (made.captured_at + dt.timedelta(1), made.captured_at),
    ):
        links = {made.article_id: link_to(made, seen_at=seen)}
        table = articles_to_table([made], links=links, run_id="a")
        assert table["first_seen_at"].to_pylist() == [wanted]


def test_a_page_that_turns_out_another_story_is_found_by_its_url() -> None:
    made = story(1)
    link = link_to(made, article_id="f" * 32, via=("archive_sitemap", "landed"))
    table = articles_to_table([made], links={link.article_id: link}, run_id="a")
    assert table["discovered_via"].to_pylist() == [["archive_sitemap", "landed"]]


def test_a_naive_mistake_is_refused_at_once() -> None:
    with pytest.raises((TypeError, ValueError)):
        row_of(story(1, paragraphs="three"))


def test_revisions_are_versions_with_a_kind_and_a_time() -> None:
    read = articles_to_table([story(1)], links={}, run_id="a")
    versions = read.append_column("kind", pa.array(["reread"]))
    table = revision_rows(versions, recorded_at=NOW)
    assert table.schema == REVISIONS.arrow
    assert table["kind"].to_pylist() == ["reread"]
    assert table["recorded_at"].to_pylist() == [NOW]
    assert table.select(ARTICLES.arrow.names).to_pylist() == [row_of(story(1))]


def test_a_refusal_is_a_row() -> None:
    refusal = Rejection(
        "harbour_post", url_of(1), NOW, "soft_404", "x" * 400, 1, "f" * 32, story(1).capture, 200
    )
    (row,) = rejected_rows([refusal], run=run_of("a"), recorded_at=NOW).to_pylist()
    assert list(row) == REJECTED.arrow.names
    assert len(row["evidence"]) == 300
    assert row["run_day"] == DAY
    assert row["http_status"] == 200
    assert row["headline"] is None


def test_a_fate_is_a_row() -> None:
    entries = [
        LedgerEntry(
            "p", "https://p.example/2", "b" * 32, "failed", "timeout", ("look",), attempts=3
        ),
        LedgerEntry(
            "p", "https://p.example/1", "a" * 32, "published", published_day=dt.date(2026, 1, 2)
        ),
    ]
    table = ledger_rows(entries, run=run_of("a"), recorded_at=NOW)
    assert table.schema == LEDGER.arrow
    first, second = table.to_pylist()
    assert (first["url"], first["published_day"]) == ("https://p.example/1", dt.date(2026, 1, 2))
    assert (second["published_day"], second["attempts"], second["reason"]) == (DAY, 3, "timeout")


def test_an_expectation_is_a_row() -> None:
    result = CheckResult("p", None, "unique(url)", "critical", "not_evaluated", "{}", "{}", 3, 0)
    table = check_rows([result], run=run_of("a"), docs="s3://lake/docs")
    assert table.schema == CHECKS.arrow
    (row,) = table.to_pylist()
    assert (row["published_day"], row["outcome"], row["docs"]) == (
        None,
        "not_evaluated",
        "s3://lake/docs",
    )
