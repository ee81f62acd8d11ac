from __future__ import annotations

import datetime as dt
import re

import pytest

from newsdesk.demo.paper.plan import path_of, stories_of, url_of
from newsdesk.demo.paper.site import HOME, desks, offset_name, slug, words, written_date
from newsdesk.sources import PACKAGED, load_source

SOURCE = load_source(PACKAGED / "demo_paper.toml")


@pytest.mark.parametrize(
    ("instant", "printed"),
    [
        ("2022-01-13T10:52:00+00:00", "Jan 13, 2022 - 1:52 pm GMT+3"),
        ("2022-01-13T21:05:00+00:00", "Jan 14, 2022 - 12:05 am GMT+3"),
        ("2022-01-13T09:00:00+00:00", "Jan 13, 2022 - 12:00 pm GMT+3"),
        ("2015-12-05T10:00:00+00:00", "Dec 5, 2015 - 12:00 pm GMT+2"),
        ("2015-07-05T10:00:00+00:00", "Jul 5, 2015 - 1:00 pm GMT+3"),
    ],
)
def test_dates_as_the_paper_prints_them(instant: str, printed: str) -> None:
    at = dt.datetime.fromisoformat(instant)
    assert f"{written_date(at)} {offset_name(at)}" == printed
    assert written_date(at, comma=False) == printed.rsplit(" ", 1)[0].replace(" - ", " ")


def test_the_source_file_knows_the_whole_section_tree() -> None:
    assert SOURCE.sections == {path: desk.title for path, desk in desks().items()}
    sections = {desk.section for desk in desks().values()}
    feeds = {url.removeprefix(f"{HOME}/rss/") for url in SOURCE.discover.feeds}
    assert feeds == sections | {"latest", "arabic"}
    assert not SOURCE.enabled


def test_addresses_are_stories_by_the_source_file_and_fronts_are_not() -> None:
    for offset in range(10):
        for story in stories_of(dt.date(2026, 1, 15) + dt.timedelta(days=offset)):
            assert SOURCE.is_story(url_of(story))
            old = HOME + re.sub("^/turkiye/", "/turkey/", path_of(story))
            for twin in (f"{url_of(story)}/amp", old, url_of(story).replace("www.", "")):
                assert SOURCE.article_id(twin) == SOURCE.article_id(url_of(story))
    for path in ("", "rss", "rss/world", "arabic", "search", "corporate/about", *desks()):
        assert not SOURCE.is_story(f"{HOME}/{path}")


def test_lists_turn_at_different_speeds() -> None:
    # a number of places that seven divides would bind each subject to a few of them
    for region, cities in words("places").items():
        assert len(cities) % 7, region
    for path, desk in desks().items():
        assert len(desk.subjects) == (0 if path == "opinion" else 7)


def test_slugs_are_ascii_for_latin_headlines() -> None:
    assert (
        slug("Muğla's 60.9 million-lira “harbor”: 12% up?")
        == "muglas-60-9-million-lira-harbor-12-up"
    )
