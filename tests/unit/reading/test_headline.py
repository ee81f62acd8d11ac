"""The headline beside the paper's name, in scripts that part no words, too."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Page
from newsdesk.reading import read_page, source_for
from newsdesk.reading.headline import without_site

URL = "https://kohan-shimbun.example/articles/7"
SHOWN = "湖の渡し船、十一週ぶり再開へ"


def headline(told: str, *, shown: str = SHOWN, site: str = "湖畔新聞デジタル") -> str | None:
    """The headline of a page that shows one and tells machines another."""
    html = (
        f'<html lang=ja><head><title>{told}</title><meta property="og:title" content="{told}">'
        f'<meta property="og:site_name" content="{site}"></head><body><h1>{shown}</h1>'
        "<p>湖の渡し船が日曜日、十一週ぶりに運航を再開した。港の事務所が明らかにした。</p></body></html>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return read_page(page, source_for(URL, {})).article.headline


@pytest.mark.parametrize(
    "told",
    [
        f"{SHOWN}：湖畔新聞デジタル",
        f"{SHOWN}（湖畔新聞デジタル）",
        f"{SHOWN} (湖畔新聞デジタル)",
        f"{SHOWN}｜湖畔新聞デジタル",
        f"{SHOWN}：社会：湖畔新聞デジタル",
        f"{SHOWN}【写真あり】",
    ],
)
def test_a_template_in_a_script_that_parts_no_words(told: str) -> None:
    assert headline(told) == SHOWN


def test_a_shown_headline_that_nothing_speaks_for_gives_way() -> None:
    assert headline(SHOWN, shown="湖畔新聞の読者の声") == SHOWN


def test_a_bracket_that_is_the_headline_s_own_stays() -> None:
    names = {"thepost"}
    assert without_site("Rain falls (The Post)", names) == "Rain falls"
    assert without_site("Rain falls (again)", names) == "Rain falls (again)"
    assert without_site("Rain (The Post) falls", names) == "Rain (The Post) falls"
    assert without_site("渡し船：再開へ", names) == "渡し船：再開へ"
