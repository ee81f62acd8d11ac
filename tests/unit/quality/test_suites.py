from __future__ import annotations

from typing import Any, get_args

from newsdesk.quality.suites import DRIFTS, by_suite, day_suite, row_suite
from newsdesk.sources import CheckName, Edition, Normal, Source


def paper(**changes: Any) -> Source:
    values = {
        "name": "harbour_post",
        "title": "The Harbour Post",
        "home": "https://harbour-post.example/",
        "domains": ("harbour-post.example",),
        "language": "en",
    }
    return Source(**(values | changes))


def test_a_source_file_can_name_every_check_and_no_other() -> None:
    days = day_suite(paper(), live=True, drifts=[drift.name for drift in DRIFTS])
    rows = row_suite(paper(normal=Normal(sections=("World",))))
    declared = [one.name for one in (*rows, *days)]
    assert declared == list(get_args(CheckName))


def test_bounds_come_from_what_is_normal() -> None:
    assert next(
        one.expected for one in day_suite(paper(), live=False) if one.name == "share(section)"
    ) == {"section_share": [0.95, None]}
    normal = Normal(
        pages_per_day=(20, 400), byline_share=0.9, duplicate_share=0.2, section_share=0.5
    )
    expected = {one.name: one.expected for one in day_suite(paper(normal=normal), live=False)}
    assert expected == {
        "volume": {"stories": [20, 400]},
        "share(bylines)": {"signed_share": [0.9, None]},
        "share(section)": {"section_share": [0.5, None]},
        "duplicates": {"duplicate_share": [None, 0.2]},
    }


def test_languages_are_those_of_the_editions_unless_named() -> None:
    def languages(source: Source) -> tuple[Any, ...]:
        return next(one.values for one in row_suite(source) if one.name == "known(language)")

    two = paper(editions=(Edition(name="ar", language="ar", path="/arabic/"),))
    assert languages(paper()) == ("en",)
    assert languages(two) == ("ar", "en")
    assert languages(paper(normal=Normal(languages=("fr", "en")))) == ("fr", "en")


def test_sections_are_asked_for_once_the_source_knows_them() -> None:
    def sections(**changes: Any) -> list[tuple[Any, ...]]:
        suite = row_suite(paper(**changes))
        return [one.values for one in suite if one.name == "known(section)"]

    assert sections(sections={"world": "World"}) == []
    normal = Normal(sections=("World", "Economy"))
    assert sections(normal=normal) == [("Economy", "World")]
    assert sections(normal=normal, sections={"arts": "Arts"}) == [("Arts", "Economy", "World")]


def test_severity_is_the_usual_one_unless_the_source_says_otherwise() -> None:
    usual = {one.name: one.severity for one in day_suite(paper(), live=True)}
    assert usual["volume"] == usual["freshness"] == "warning"
    assert usual["duplicates"] == "critical"
    changed = paper(normal=Normal(severity={"freshness": "critical", "duplicates": "info"}))
    found = {one.name: one.severity for one in day_suite(changed, live=True)}
    assert found == usual | {"freshness": "critical", "duplicates": "info"}


def test_papers_with_equal_suites_go_together() -> None:
    papers = [
        paper(name=name, language=lang) for name, lang in (("a1", "en"), ("b1", "en"), ("c1", "fr"))
    ]
    grouped = by_suite(papers, row_suite)
    assert [[one.name for one in group] for group in grouped.values()] == [["a1", "b1"], ["c1"]]
