from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsdesk.errors import SourceError
from newsdesk.sources import PACKAGED, load_source, load_sources

GOOD = """
title = "The Paper"
home = "https://www.paper.example/"
domains = ["paper.example"]
language = "en"
"""


def write(folder: Path, text: str, name: str = "the_paper") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_five_lines_are_a_paper(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    assert source.name == "the_paper"
    assert source.owns("https://m.paper.example/a-story")
    assert not source.owns("https://paper.example.evil.test/a-story")
    assert source.is_story("https://www.paper.example/world/a-story-of-the-day")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        (GOOD + "colour = 1", "colour", "no such key"),
        (GOOD.replace('title = "The Paper"', ""), "title", "is missing"),
        (GOOD + 'time_zone = "Mars/Base"', "time_zone", "IANA time zone"),
        (GOOD + '[urls]\narticle = ["("]', "urls.article.0", "regular expression"),
        (GOOD + '[discover]\nfeeds = ["ftp://x/"]', "discover.feeds.0", "http"),
        (GOOD + '[discover]\nfeeds = ["https://u:p@x.example/"]', "feeds.0", "credentials"),
        (GOOD + '[normal]\nseverity = {volume = "loud"}', "normal.severity.volume", "critical"),
        (
            GOOD + "[[reading]]\n[[reading]]\nuntil = 2020-01-01",
            "reading",
            "oldest first",
        ),
        ("title = ", "not TOML", "Invalid value"),
    ],
)
def test_a_malformed_file_names_file_key_and_what_was_expected(
    tmp_path: Path, text: str, key: str, expected: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SourceError) as raised:
        load_source(path)
    message = str(raised.value)
    assert str(path) in message
    assert key in message
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('[discover]\nfeeds = "https://a.example/rss"', "discover.feeds: expected a list"),
        ("[discover]\nfeed = []", "discover.feed: no such key; did you mean feeds?"),
        ('[[reading]]\nbyine = [".by"]', "reading.0.byine: no such key; did you mean byline?"),
        (
            '[discover]\narchive_sitemaps = ["https://a.example/{yyyy}.xml"]',
            "discover.archive_sitemaps.0: {yyyy} is none of {year}, {month}, {day}",
        ),
        (
            '[discover]\narchive_sitemaps = ["https://a.example/{year}/{day}.xml"]',
            "discover.archive_sitemaps.0: {day} without {month} stands for no time",
        ),
        ("[normal]\npages_per_day = [400, 20]", "normal.pages_per_day: expected the least first"),
        (
            '[normal]\nsections = ["World", " Arts"]',
            "normal.sections: ' Arts' is the name of no section; blanks around it count",
        ),
        (
            '[normal.severity]\nvolum = "info"',
            "severity.volum: expected a name that docs/sources.md lists; did you mean volume?",
        ),
        (
            '[sections]\n"/World/" = "World"',
            "sections: '/World/' matches no address; write 'world'",
        ),
        ('[fetch]\npause_seconds = "slow"', "fetch.pause_seconds: expected a number"),
    ],
)
def test_a_problem_says_what_was_expected(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'title = "A"\nhome = "https://a.example/"\ndomains = ["a.example"]\nlanguage = "en"\n'
        + line
    )
    with pytest.raises(SourceError) as raised:
        load_source(path)
    assert expected in str(raised.value)


def test_a_page_is_read_by_the_epoch_of_its_capture(tmp_path: Path) -> None:
    source = load_source(
        write(
            tmp_path,
            GOOD + '[[reading]]\nuntil = 2020-02-29\nbody = [".old"]\n[[reading]]\nbody = [".new"]',
        )
    )
    istanbul = dt.timezone(dt.timedelta(hours=3))
    assert source.epoch(dt.datetime(2020, 3, 1, 1, tzinfo=istanbul)).body == (".old",)
    assert source.epoch(dt.datetime(2020, 3, 1, 0, tzinfo=dt.UTC)).body == (".new",)


def test_a_later_folder_replaces_a_paper(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, GOOD.replace("The Paper", folder))
    assert load_sources([tmp_path / "one", tmp_path / "two"])["the_paper"].title == "two"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        load_sources([tmp_path / "nowhere"])


def test_the_packaged_papers_are_good() -> None:
    assert {"daily_sabah", "demo_paper"} <= set(load_sources([PACKAGED]))


SABAH = load_source(PACKAGED / "daily_sabah.toml")


@pytest.mark.parametrize(
    "path",
    [
        "/world/asia-pacific/ferry-sails-again-after-storm",
        "/world/asia-pacific/ferry-sails-again-after-storm/amp",
        "/turkiye/ferry-sails-again-after-storm/news",
        "/turkiye/ferries/news",
        "/opinion/columns/ferries",
        "/opinion/op-ed/ferry-days",
        "/gallery/ferries-of-the-north/images",
        "/world/2016/02/03/ferries",
        "/columns/ada_moss/2015/01/02/ferry-days",
        "/arabic/%D8%A3%D8%A8",
    ],
)
def test_addresses_of_stories_of_daily_sabah(path: str) -> None:
    assert SABAH.is_story(f"https://www.dailysabah.com{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/world",
        "/world/asia-pacific",
        "/politics/war-on-terror",
        "/opinion/readers-corner/",
        "/columns/ada_moss",
        "/rss/world/asia-pacific",
        "/search/ferry-sails-again",
    ],
)
def test_no_section_of_daily_sabah_is_a_story(path: str) -> None:
    assert not SABAH.is_story(f"https://www.dailysabah.com{path}")
