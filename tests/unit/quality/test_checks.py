"""Rows and days through Great Expectations. One module: the import takes seconds."""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from contracts.newsroom import DAY, PAPER, at, loose, story
from newsdesk import quality
from newsdesk.article import Article, CheckResult, Contributor
from newsdesk.quality import evaluate
from newsdesk.quality.drift import Band
from newsdesk.quality.suites import Expectation, row_suite
from newsdesk.sources import Normal, Source

pytestmark = pytest.mark.xdist_group("gx")  # one process imports Great Expectations

NEXT = DAY + dt.timedelta(days=1)
TEXT = "The ferry left the harbour in the morning, full of people and bicycles. " * 3
MORNING_TO_NIGHT = (at(DAY, 6), at(DAY, 22))
"""Bounds no number can be compared with."""


def paper(name: str = PAPER, **normal: Any) -> Source:
    more = {key: normal.pop(key) for key in ("store_body", "language") if key in normal}
    return Source(
        name=name,
        title="The Harbour Post",
        home=f"https://{name.replace('_', '-')}.example/",
        domains=(f"{name.replace('_', '-')}.example",),
        normal=Normal(**normal),
        **{"language": "en", **more},
    )


def good(number: int, **changes: Any) -> Article:
    return story(number, text=f"{TEXT}{number}", **changes)


def rows(articles: Sequence[Article], source: Source | None = None) -> quality.RowChecks:
    one = source or paper()
    return quality.check_rows(quality.narrow(loose(articles)), {one.name: one})


def days(
    articles: Sequence[Article],
    source: Source | None = None,
    *,
    day: dt.date = DAY,
    run_day: dt.date = DAY,
    now: dt.datetime | None = None,
) -> quality.DayChecks:
    one = source or paper()
    return quality.check_days(
        {(one.name, day): quality.narrow(loose(articles))},
        {one.name: one},
        run_day=run_day,
        now=now or at(NEXT, 0),
    )


def of(results: Sequence[CheckResult], name: str, source: str = PAPER) -> CheckResult:
    (found,) = [one for one in results if (one.expectation, one.source) == (name, source)]
    return found


def signed(name: str, kind: Any = "person") -> tuple[Contributor, ...]:
    return (Contributor(name, kind),)


def test_good_rows_pass_every_expectation() -> None:
    found = rows([good(n) for n in range(4)])
    assert found.bad == {}
    assert found.unjudged == {}
    assert {one.outcome for one in found.results} == {"passed"}
    assert [one.expectation for one in found.results] == [one.name for one in row_suite(paper())]
    assert {one.rows for one in found.results} == {4}
    assert {one.published_day for one in found.results} == {None}


@pytest.mark.parametrize(
    ("change", "reason", "seen"),
    [
        ({"article_id": ""}, "not_null(article_id)", "null"),
        ({"url": "ftp://post.example/1"}, "form(url)", "ftp://"),
        ({"url": "https://ada:moss@post.example/1"}, "form(url)", "without credentials"),
        ({"url": "/world/story"}, "form(url)", "/world/story"),
        ({"headline": None}, "not_null(headline)", "null"),
        ({"headline": "Rain"}, "length(headline)", "4, expected 5 to 300"),
        ({"headline": "   Rain    "}, "length(headline)", "4, expected 5 to 300"),
        ({"headline": "a" * 301}, "length(headline)", "301, expected 5 to 300"),
        ({"published_at": None}, "not_null(published_at)", "null"),
        ({"published_at": at(NEXT, 1.3)}, "not_future(published_at)", "63, expected at most 60"),
        ({"bylines": signed("ada@post.example", "desk")}, "no_junk(bylines)", "ada@post.example"),
        ({"bylines": signed("Jan 13, 2022", "agency")}, "no_junk(bylines)", "Jan 13, 2022"),
        ({"bylines": signed("The Harbour Post")}, "no_junk(bylines)", "The Harbour Post"),
        ({"body": None}, "length(body)", "0, expected 100 to"),
        ({"body": "Too short."}, "length(body)", "10, expected 100 to"),
        ({"body": None, "article_type": "opinion"}, "length(body)", "0, expected 100 to"),
        ({"body": None, "article_type": "live"}, "length(body)", "0, expected 100 to"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_what_was_seen(
    change: dict[str, Any], reason: str, seen: str
) -> None:
    found = rows([good(1), replace(good(2), **change), good(3)])
    assert list(found.bad) == [1]
    assert list(found.bad[1]) == [f"check:{reason}"]
    assert seen in found.bad[1][f"check:{reason}"]
    result = of(found.results, reason)
    assert (result.severity, result.outcome, result.failing) == ("critical", "failed", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"published_at": at(NEXT, 1.25)},  # exactly one hour after the capture
        {"published_at": at(DAY - dt.timedelta(days=900))},  # late stories are welcome
        {"body": None, "article_type": "gallery"},
        {"body": None, "article_type": "video"},
        {"bylines": ()},
        {"bylines": signed("The Harbour Post", "outlet")},
        {"bylines": signed("Agence 24", "agency")},
        {"headline": "Rains"},
        {"section": None},
    ],
)
def test_what_is_unusual_is_no_reason(change: dict[str, Any]) -> None:
    assert rows([replace(good(1), **change)]).bad == {}


def test_a_row_has_every_reason() -> None:
    broken = replace(good(1), headline=None, url="x", published_at=None)
    assert list(rows([broken]).bad[0]) == [
        "check:form(url)",
        "check:not_null(headline)",
        "check:not_null(published_at)",
    ]


def test_both_copies_of_a_story_are_refused() -> None:
    found = rows([good(1), good(2), good(1)])
    assert sorted(found.bad) == [0, 2]
    assert json.loads(of(found.results, "unique(article_id)").observed) == {"repeated": 2}


def test_copies_are_found_however_the_rows_are_chunked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "CHUNK", 2)
    found = rows([good(1), good(2), good(3), good(1), replace(good(4), headline=None), good(1)])
    assert sorted(found.bad) == [0, 3, 4, 5]
    assert of(found.results, "not_null(headline)").failing == 1
    assert of(found.results, "not_null(headline)").rows == 6


def test_another_language_is_a_warning_and_moves_nothing() -> None:
    found = rows([good(1, language="tr"), good(2, language=None)])
    assert found.bad == {}
    known = of(found.results, "known(language)")
    assert (known.severity, known.outcome, known.rows, known.failing) == ("warning", "failed", 1, 1)
    assert json.loads(known.observed) == {"language": ["tr"]}
    assert json.loads(known.expected) == {"language": ["en"]}
    assert of(found.results, "not_null(language)").failing == 1


def test_a_section_that_nobody_knows_is_named_and_moves_nothing() -> None:
    names = [f"Desk {n:02}" for n in range(12)]
    stories = [good(n, section=name) for n, name in enumerate(names)]
    found = rows(
        [*stories, good(20, section="Wold"), good(21, section=None)], paper(sections=names)
    )
    assert found.bad == {}
    known = of(found.results, "known(section)")
    assert (known.severity, known.outcome) == ("warning", "failed")
    assert (known.rows, known.failing) == (13, 1)
    assert json.loads(known.observed)["section"] == ["Wold", *names[:9]]
    assert json.loads(known.expected) == {"section": names}
    strict = paper(sections=names, severity={"known(section)": "critical"})
    assert list(rows([good(1, section="Wold"), good(2, section=names[0])], strict).bad) == [0]


def test_a_source_changes_how_grave_a_check_is() -> None:
    strict = paper(severity={"known(language)": "critical", "length(headline)": "warning"})
    found = rows([good(1, language="tr"), good(2, headline="Rain")], strict)
    assert {row: list(reasons) for row, reasons in found.bad.items()} == {
        0: ["check:known(language)"]
    }
    assert of(found.results, "length(headline)").outcome == "failed"


def test_a_paper_whose_bodies_may_not_be_kept_is_judged_by_words() -> None:
    bare = paper(store_body=False)
    found = rows([good(1, body=None), good(2, body=None, word_count=9)], bare)
    assert found.bad == {1: {"check:length(body)": "body_words is 9, expected 10 to 200000"}}


def test_a_time_without_a_zone_is_refused() -> None:
    table = loose([good(1)])
    place = table.schema.get_field_index("published_at")
    naive = table["published_at"].cast(pa.timestamp("us"))
    table = table.set_column(place, "published_at", naive)
    found = quality.check_rows(quality.narrow(table), {PAPER: paper()})
    assert list(found.bad[0]) == ["check:zone_aware(published_at)"]


def test_a_row_of_no_known_paper_is_refused() -> None:
    found = rows([good(1), good(2, source="river_times")])
    assert list(found.bad) == [1]
    assert list(found.bad[1]) == ["check:known(source)"]


def test_no_rows_are_no_results() -> None:
    found = rows([])
    assert (found.bad, found.results, found.unjudged) == ({}, (), {})


def test_papers_with_one_suite_have_figures_of_their_own() -> None:
    sources = {name: paper(name) for name in ("harbour_post", "river_times")}
    sources["lake_news"] = paper("lake_news", body_characters=(1, 10))
    stories = [good(1), good(2, source="river_times", headline="Rain"), good(3, source="lake_news")]
    found = quality.check_rows(quality.narrow(loose(stories)), sources)
    assert {row: list(reasons) for row, reasons in found.bad.items()} == {
        1: ["check:length(headline)"],
        2: ["check:length(body)"],
    }
    counts = {
        one.source: (one.rows, one.failing) for one in found.results if "(head" in one.expectation
    }
    assert counts == {"harbour_post": (1, 0), "river_times": (1, 1), "lake_news": (1, 0)}
    river = of(found.results, "length(headline)", "river_times")
    assert json.loads(river.observed) == {"headline_characters": [4, 4]}
    assert json.loads(river.expected) == {"headline_characters": [5, 300]}


def test_what_raised_is_not_evaluated_and_lets_no_row_of_the_paper_pass() -> None:
    sources = {PAPER: paper(), "river_times": paper("river_times", body_characters=(1, 10_000))}
    narrow = quality.narrow(loose([good(1), good(2), good(3, source="river_times")]))
    bounds = sources[PAPER].normal.model_copy(update={"body_characters": MORNING_TO_NIGHT})
    sources[PAPER] = sources[PAPER].model_copy(update={"normal": bounds})
    found = quality.check_rows(narrow, sources)
    result = of(found.results, "length(body)")
    assert (result.outcome, result.failing) == ("not_evaluated", 0)
    assert "error" in json.loads(result.observed)
    assert list(found.unjudged) == [PAPER]
    assert found.unjudged[PAPER].startswith("length(body): could not be evaluated: ")
    assert {row: list(reasons) for row, reasons in found.bad.items()} == {
        0: ["check:not_evaluated(length(body))"],
        1: ["check:not_evaluated(length(body))"],
    }
    assert of(found.results, "not_null(headline)").outcome == "passed"


def test_a_column_that_is_not_there_raises_and_the_others_are_still_evaluated() -> None:
    table = pa.table({"_row": [0, 1], "here": [1, 20]})
    suite = (
        Expectation("volume", "between", "here", "critical", low=5, high=None),
        Expectation("freshness", "between", "gone", "warning", low=5, high=None),
    )
    here, gone = evaluate.evaluate(table, suite).values()
    assert (here.rows, here.error) == ([0], None)
    assert gone.rows == []
    assert gone.error is not None
    assert "gone" in gone.error


def test_garbage_is_collected_again_once_the_library_is_imported() -> None:
    rows([good(1)])
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000  # the library's own objects, which stay


def test_an_ordinary_day_passes() -> None:
    found = days(
        [good(n, published_at=at(DAY, 20 - n)) for n in range(6)], paper(pages_per_day=(5, 9))
    )
    assert found.blocked == ()
    assert {one.expectation: one.outcome for one in found.results} == {
        "volume": "passed",
        "share(bylines)": "passed",
        "share(section)": "passed",
        "duplicates": "passed",
        "freshness": "passed",
    }
    assert {one.published_day for one in found.results} == {DAY}
    volume = of(found.results, "volume")
    assert (json.loads(volume.observed), json.loads(volume.expected)) == (
        {"stories": 6},
        {"stories": [5, 9]},
    )


def test_an_unusual_volume_is_a_warning_unless_the_source_says_critical() -> None:
    thin = days([good(1)], paper(pages_per_day=(20, 400)))
    assert thin.blocked == ()
    assert of(thin.results, "volume").outcome == "failed"
    strict = paper(pages_per_day=(20, 400), severity={"volume": "critical"})
    assert days([good(1)], strict).blocked == (
        (PAPER, DAY, "volume: stories is 1, expected 20 to 400"),
    )


def test_a_day_full_of_copies_is_blocked() -> None:
    copies = [replace(good(n), text_simhash=b"12345678") for n in range(5)]
    found = days(copies)
    assert found.blocked == (
        (PAPER, DAY, "duplicates: duplicate_share is 0.6, expected at most 0.1"),
    )


@pytest.mark.parametrize("column", ["text_simhash", "content_hash", "headline"])
def test_one_copy_is_chance_and_any_of_three_marks_tells_it(column: str) -> None:
    def twins(count: int) -> list[Article]:
        same = getattr(good(99), column)
        return [replace(good(n), **{column: same}) for n in range(count)]

    assert days(twins(2)).blocked == ()
    assert len(days(twins(3)).blocked) == 1


def test_stories_without_a_text_are_no_copies_of_each_other() -> None:
    silent = [replace(good(n), text_simhash=None, article_type="gallery") for n in range(5)]
    assert days(silent).blocked == ()


def test_unsigned_stories_are_a_share_of_the_written_ones() -> None:
    unsigned = [good(n, bylines=()) for n in range(3)]
    galleries = [good(n, bylines=(), article_type="gallery") for n in range(3, 9)]
    found = days([good(20), *unsigned, *galleries], paper(byline_share=0.9))
    share = of(found.results, "share(bylines)")
    assert (share.severity, share.outcome) == ("warning", "failed")
    assert json.loads(share.observed) == {"signed_share": 0.25}
    assert json.loads(share.expected) == {"signed_share": [0.9, None]}
    assert found.blocked == ()


def test_sections_left_unknown_are_told() -> None:
    found = days([good(1, section=None), good(2)])
    section = of(found.results, "share(section)")
    assert (section.severity, section.outcome) == ("info", "failed")
    lenient = days([good(1, section=None), good(2)], paper(section_share=0.5))
    assert of(lenient.results, "share(section)").outcome == "passed"


def test_freshness_goes_by_the_end_of_the_run_day() -> None:
    morning = [good(1, published_at=at(DAY, 8))]
    stale = of(days(morning).results, "freshness")
    assert (stale.outcome, json.loads(stale.observed)) == ("failed", {"hours_before_end": 16.0})
    fresh = [good(1, published_at=at(DAY, 12))]
    assert of(days(fresh).results, "freshness").outcome == "passed"
    assert of(days(fresh, now=at(NEXT, 23)).results, "freshness").outcome == "passed"


def test_freshness_is_left_out_of_a_backfill_and_of_other_days() -> None:
    stories = [good(1)]
    for found in (
        days(stories, now=at(NEXT, 25)),
        days(stories, run_day=NEXT, now=at(NEXT + dt.timedelta(days=1), 0)),
    ):
        assert "freshness" not in {one.expectation for one in found.results}


def test_a_printed_day_alone_says_nothing_about_hours() -> None:
    found = days([good(1, published_at=at(DAY, 2), published_at_precision="day")])
    freshness = of(found.results, "freshness")
    assert (freshness.outcome, json.loads(freshness.observed)) == (
        "passed",
        {"hours_before_end": None},
    )


def test_a_day_without_stories_fails_volume_and_freshness() -> None:
    found = days([])
    assert found.blocked == ()
    failed = {one.expectation for one in found.results if one.outcome == "failed"}
    assert failed == {"volume", "freshness"}


def test_a_day_that_could_not_be_evaluated_is_blocked_whatever_the_severity() -> None:
    one = paper()
    bounds = one.normal.model_copy(update={"pages_per_day": MORNING_TO_NIGHT})
    found = days([good(1, published_at=at(DAY, 20))], one.model_copy(update={"normal": bounds}))
    volume = of(found.results, "volume")
    assert (volume.severity, volume.outcome) == ("warning", "not_evaluated")
    ((source, day, why),) = found.blocked
    assert (source, day) == (PAPER, DAY)
    assert why.startswith("volume: could not be evaluated: ")
    assert of(found.results, "duplicates").outcome == "passed"


def test_days_of_many_papers_are_judged_apart() -> None:
    sources = {
        "harbour_post": paper(),
        "river_times": paper("river_times", pages_per_day=(2, 5), severity={"volume": "critical"}),
    }
    images = {
        (name, day): quality.narrow(loose([good(1, source=name)]))
        for name in sources
        for day in (DAY, NEXT)
    }
    found = quality.check_days(images, sources, run_day=DAY, now=at(NEXT, 0))
    assert [(source, day) for source, day, _ in found.blocked] == [
        ("river_times", DAY),
        ("river_times", NEXT),
    ]
    assert len(found.results) == 4 * 4 + 2


def usual(**bands: Band) -> dict[str, dict[Any, Band]]:
    return {PAPER: {f"drift({name})": band for name, band in bands.items()}}


FEW_UNSIGNED = Band(0.0, 0.35, 0.1, 27)


def drifted(source: Source | None = None, *, day: dt.date = DAY) -> quality.DayChecks:
    one = source or paper(byline_share=0)
    unsigned = [good(n, bylines=(), published_at=at(day, 20)) for n in range(20)]
    return quality.check_days(
        {(PAPER, day): quality.narrow(loose(unsigned))},
        {PAPER: one},
        run_day=DAY,
        now=at(NEXT, 0),
        usual=usual(bylines=FEW_UNSIGNED, volume=Band(10, 40, 20, 27)),
    )


def test_a_share_unlike_the_weeks_before_is_a_warning_with_what_is_usual() -> None:
    found = drifted()
    assert found.blocked == ()
    drift = of(found.results, "drift(bylines)")
    assert (drift.severity, drift.outcome, drift.rows) == ("warning", "failed", 20)
    assert json.loads(drift.observed) == {"without_byline": 1.0}
    assert json.loads(drift.expected) == {"without_byline": [0.0, 0.35], "usual": 0.1, "days": 27}
    assert of(found.results, "drift(volume)").outcome == "passed"
    assert "drift(section)" not in {one.expectation for one in found.results}


def test_a_source_may_let_a_drift_block_its_day() -> None:
    found = drifted(paper(byline_share=0, severity={"drift(bylines)": "critical"}))
    assert found.blocked == (
        (PAPER, DAY, "drift(bylines): without_byline is 1, usual 0 to 0.35 in 27 days"),
    )


def test_other_days_than_the_runs_are_not_compared_again() -> None:
    names = {one.expectation for one in drifted(day=NEXT).results}
    assert not any(name.startswith("drift") for name in names)


def test_a_day_without_stories_is_compared_by_volume_alone() -> None:
    found = quality.check_days(
        {(PAPER, DAY): quality.narrow(loose([]))},
        {PAPER: paper()},
        run_day=DAY,
        now=at(NEXT, 0),
        usual=usual(bylines=FEW_UNSIGNED, volume=Band(10, 40, 20, 27)),
    )
    assert json.loads(of(found.results, "drift(volume)").observed) == {"stories": 0}
    assert of(found.results, "drift(volume)").outcome == "failed"
    assert of(found.results, "drift(bylines)").outcome == "passed"
