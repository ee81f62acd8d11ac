"""Who signed, told by where a page prints the names."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Article, Page
from newsdesk.reading import read_page, source_for

URL = "https://lakesidetimes.example/town/the-ferry-sails-again"
TEXT = (
    "<p>The ferry sailed again on Sunday after eleven weeks in the yard, the harbour office said, "
    "and the first lorries of the season crossed the lake on it.</p><p>Engineers had found cracks "
    "in its hull in December, which divers closed at a cost that the town shares with the "
    "province.</p><p>Lorries will pay what they paid before until the end of the month, because "
    "the council has put off its vote on the new fares.</p>"
)
WHEN = "<span class=date>March 1, 2026</span>"


def signed(printed: str, *, after: str = "") -> list[tuple[str, str]]:
    """Who signed a story below whose headline something is printed."""
    html = (
        "<html lang=en><head><title>The ferry sails again</title>"
        '<meta property="og:site_name" content="Lakeside Times"></head><body><article>'
        f"<h1>The ferry sails again</h1>{printed}{TEXT}{after}</article></body></html>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    article = read_page(page, source_for(URL, {})).article
    return [(one.name, one.kind) for one in article.bylines]


ARVO = ("Nils Arvo", "person")


@pytest.mark.parametrize(
    "printed",
    [
        f"<div class=meta><span class=author>Nils Arvo</span> {WHEN}</div>",
        f"<div class=meta><span class=author>Nils Arvo</span>{WHEN}</div>",
        f"<p class=post-meta><span class=post-author>Nils Arvo</span> | {WHEN} | 4 min read</p>",
        f"<div class=info><b><span class=byline-name>Nils Arvo</span></b> {WHEN}</div>",
        f"<p>{WHEN}<br><span class=author>Nils Arvo</span></p>",
    ],
)
def test_an_element_inside_a_line_that_is_called_a_byline(printed: str) -> None:
    assert signed(printed) == [ARVO]


def test_two_elements_that_are_called_bylines() -> None:
    two = "<span class=author>Nils Arvo</span>, <span class=author>Edda Quist</span>"
    assert signed(f"<div class=meta>{two} {WHEN}</div>") == [ARVO, ("Edda Quist", "person")]


def test_the_names_on_the_cards_of_other_stories_sign_nothing() -> None:
    card = f"<div><a href=/b>A boat is built</a> <span class=author>Jon Reed</span> {WHEN}</div>"
    assert signed("", after=card) == []
    assert signed(f"<div class=related>{card}</div>") == []


@pytest.mark.parametrize("name", ["author-title", "author-bio", "comment-author", "photo-author"])
def test_an_element_that_stands_beside_a_name_signs_nothing(name: str) -> None:
    assert signed(f"<div class=meta><span class={name}>Lake Steamers</span> {WHEN}</div>") == []


@pytest.mark.parametrize("name", ["location", "local", "city", "place", "lugar", "ort"])
@pytest.mark.parametrize("by", ["", "By "])
@pytest.mark.parametrize("who", ["<span class=name>Nils Arvo</span>", "Nils Arvo"])
def test_where_somebody_works_is_nobody(name: str, by: str, who: str) -> None:
    printed = f"<div class=byline>{by}{who}<span class={name}>Little Oaken</span></div>"
    assert signed(printed) == [ARVO]


def test_a_byline_is_read_whole_where_no_element_in_it_holds_a_name() -> None:
    printed = "<div class=byline><span class=author>Author:</span> Nils Arvo</div>"
    assert signed(printed) == [ARVO]


@pytest.mark.parametrize(
    "printed",
    [
        f"<div>{WHEN} <span>By Nils Arvo</span></div>",
        f"<div>{WHEN}<span>By Nils Arvo</span></div>",
        "<div>March 1, 2026 | By Nils Arvo</div>",
        f"<div>{WHEN} <span>Γράφει ο Nils Arvo</span></div>",
    ],
)
def test_a_byline_behind_the_date_of_its_line(printed: str) -> None:
    assert signed(printed) == [ARVO]


def test_a_line_without_a_date_is_no_byline_for_a_word_in_it() -> None:
    assert signed("<div><span>Town</span> <span>By Lake Steamers</span></div>") == []


@pytest.mark.parametrize(
    "printed",
    [
        f"<div>LAKESIDE TIMES WITH AGENCIES</div><div>OAKEN</div><div>{WHEN}</div>",
        f"<div><span>LAKESIDE TIMES WITH AGENCIES</span> <span>OAKEN</span> {WHEN}</div>",
        f"<div>Lakeside Times with agencies</div><div>{WHEN}</div>",
    ],
)
def test_the_paper_and_its_agencies_without_a_label(printed: str) -> None:
    assert signed(printed) == [("Lakeside Times", "outlet"), ("Agencies", "agency")]


def test_the_paper_with_something_else_signs_nothing() -> None:
    for line in ("WITH PICTURES", "WITH AP PICTURES", "WITH AGENCIES AND FRIENDS", ""):
        assert signed(f"<div>LAKESIDE TIMES {line}</div><div>{WHEN}</div>") == []


def read(printed: str, *, text: str = TEXT, after: str = "") -> Article:
    """What a page reads as below whose headline something is printed."""
    html = f"<html lang=en><body><article><h1>The ferry sails again</h1>{printed}{text}{after}"
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return read_page(page, source_for(URL, {})).article


@pytest.mark.parametrize(
    ("printed", "raw"),
    [
        ("By Nils Arvo | March 1, 2026", "By Nils Arvo"),
        ("By Nils Arvo - Lake Wire - Sunday, March 1, 2026", "By Nils Arvo - Lake Wire"),
        ("By Nils Arvo on Sunday, March 1st, 2026 at 11:08 a.m.", "By Nils Arvo"),
        ("Von Nils Arvo | 01.03.2026, 17:42 Uhr | Lesezeit: 3 Min.", "Von Nils Arvo"),
        ("By Nils Arvo •", "By Nils Arvo"),
    ],
)
def test_a_byline_as_printed_ends_before_its_date(printed: str, raw: str) -> None:
    assert read(f"<p>{printed}</p>").byline_raw == raw


def test_who_signs_without_a_label_is_a_byline_as_printed_too() -> None:
    article = read(f"<p>Nils Arvo</p><p>{WHEN}</p>")
    assert [one.name for one in article.bylines] == ["Nils Arvo"]
    assert article.byline_raw == "Nils Arvo"


@pytest.mark.parametrize(
    "printed",
    [
        "<div><span>Giriş: 1.3.2026 17:42</span> <span>Kaynak: AA</span></div>",
        "<p>2026-03-01 17:42:05 来源：Anadolu</p>",
        "<p>March 1, 2026 | Source: Anadolu Agency</p>",
    ],
)
def test_where_a_story_is_from_is_its_byline_if_that_is_an_agency(printed: str) -> None:
    assert [one.name for one in read(printed).bylines] == ["Anadolu Agency"]
    assert read(f"<p>{WHEN} Source: Statistics Lake</p>").bylines == ()


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("<div><span>كتب: سامي النجار</span> <span>١ مارس ٢٠٢٦</span></div>", "سامي النجار"),
        ("<p>Written By: Nils Arvo Edited By: Edda Quist</p>", "Nils Arvo"),
        ("<p>2026-03-01 17:42:05 来源：港口网 作者：李明 责任编辑：张伟</p>", "李明"),
        ("<ul><li>기자명 김민수 기자</li><li>입력 2026.03.01 17:42</li></ul>", "김민수"),
        ("<p>מאת <b>דנה לוי</b></p>", "דנה לוי"),
    ],
)
def test_who_wrote_in_scripts_without_capitals(printed: str, name: str) -> None:
    assert [one.name for one in read(printed).bylines] == [name]


@pytest.mark.parametrize(
    ("before", "behind", "name"),
    [
        ("[서울=뉴시스] 김민수 기자 = ", "", "김민수"),
        ("新华社北京3月1日电（记者李明）", "", "李明"),
        ("", "【山田太郎】", "山田太郎"),
    ],
)
def test_who_signs_inside_of_the_text(before: str, behind: str, name: str) -> None:
    text = TEXT.replace("<p>", f"<p>{before}", 1).removesuffix("</p>") + f"{behind}</p>"
    assert [one.name for one in read(WHEN, text=text).bylines] == [name]


@pytest.mark.parametrize(
    "label",
    [
        "Par Nils Arvo (à Saint-Malo), avec AFP",
        "Haber: Nils Arvo / İzmir, (DHA)",
        "Temps de lecture : 3 min.",
        "Lesezeit: 3 Minuten",
        "Il vous reste 20% de cet article à lire.",
    ],
)
def test_what_says_who_wrote_is_no_paragraph(label: str) -> None:
    standfirst = "<p>The yard has mended the hull, and lorries pay what they paid before.</p>"
    for article in (read(f"{standfirst}<p>{label}</p>"), read("", after=f"<p>{label}</p>")):
        assert label not in (article.body or "")
        assert "first lorries" in (article.body or "")


def test_a_link_to_an_authors_page_may_be_a_desks() -> None:
    link = "<a href=/authors/7>The Newspaper's Staff Reporter</a>"
    assert signed(f"<div>{link} {WHEN}</div>") == [("The Newspaper's Staff Reporter", "desk")]


def test_an_account_is_a_writers_where_every_writer_has_one() -> None:
    assert signed(f"<a href=https://substack.com/@nils>Nils Arvo</a><p>{WHEN}</p>") == [ARVO]
    account = "<a href=https://video.example/@lakeside>Lake Steamers Film</a>"
    assert signed(f"<div>{account}</div>") == []


def test_who_is_quoted_stands_apart_from_the_quote() -> None:
    quote = "<blockquote>It is a disgrace<cite>A passenger</cite></blockquote>"
    article = read("", text=TEXT.replace("</p><p>", f"</p>{quote}<p>", 1))
    assert "It is a disgrace A passenger" in (article.body or "").split("\n\n")
    told = f"<div>{TEXT[3:140]} told (<cite>The Lake Times</cite>).</div>"
    assert "told (The Lake Times)." in (read("", text=TEXT + told).body or "")


@pytest.mark.parametrize(
    ("printed", "name", "kind"),
    [
        ("German Press Agency - DPA", "dpa", "agency"),
        ("Anadolu Agency", "Anadolu Agency", "agency"),
    ],
)
def test_an_agency_alone_beside_the_date_signs(printed: str, name: str, kind: str) -> None:
    assert signed(f"<div><span>{printed}</span></div><div>{WHEN}</div>") == [(name, kind)]


def test_a_mere_code_beside_the_date_signs_nothing() -> None:
    assert signed(f"<div><span>AA</span></div><div>{WHEN}</div>") == []


def test_a_columnist_is_known_by_the_address_and_is_no_place() -> None:
    article = read(f"<a href=/columns/nils_arvo>NILS ARVO</a><div>{WHEN}</div>")
    assert [one.name for one in article.bylines] == ["Nils Arvo"]
    assert article.dateline is None


def test_a_name_without_a_label_in_the_line_of_the_date() -> None:
    when = "<time datetime='2026-03-01T17:42+01:00'>1 March 2026</time>"
    assert signed(f"<div class=meta><span>Nils Arvo</span>{when}</div>") == [ARVO]
    assert signed(f"<div class=meta><span>Lake Council</span>{when}</div>") == []


def test_a_name_and_an_agency_without_a_label_beside_the_date() -> None:
    printed = f"<div><span>Nils Arvo</span> <span>STT</span></div><div>{WHEN}</div>"
    assert signed(printed) == [ARVO, ("STT", "agency")]


def test_who_wrote_at_the_end_of_a_line_with_dates() -> None:
    assert signed("<p>Publicat: 01/03/2026, 17:42 Actualizat: 02/03/2026 De: Nils Arvo</p>") == [
        ARVO
    ]


def test_a_printed_name_is_believed_before_a_desk_of_the_data() -> None:
    desk = '<meta name=author content="Lakeside Times Staff">'
    box = "<div class=byline>Nils Arvo Lakeside Times Staff Writer</div>"
    assert signed(f"{desk}{box}{WHEN}") == [ARVO]
    several = "<div class=byline>News desk: Nils Arvo, Edda Quist</div>"
    assert signed(f"{desk}{several}{WHEN}")[0] == ("Lakeside Times Staff", "desk")


def test_where_somebody_was_may_stand_behind_a_name_beside_the_date() -> None:
    assert signed(f"<p>Nils Arvo at Harbour Park</p><p>{WHEN}</p>") == [ARVO]
    assert signed(f"<p>Lake Steamers im Fernsehen:</p><p>{WHEN}</p>") == []


def test_a_place_in_the_line_of_a_linked_name_is_where_the_story_was_filed() -> None:
    line = f"<div>by <a href=/author/n>Nils Arvo</a> <span>OAKEN</span> {WHEN}</div>"
    article = read(line)
    assert [one.name for one in article.bylines] == ["Nils Arvo"]
    assert article.dateline is not None
    assert article.dateline.place == "Oaken"


def test_a_name_a_city_and_a_date_in_one_line() -> None:
    for name in ("name", "yazar", "isim"):
        line = f"<div><span class={name}>NILS ARVO</span><span class=city>OAKEN</span>{WHEN}</div>"
        article = read(line)
        assert [one.name for one in article.bylines] == ["Nils Arvo"]
        assert article.dateline is not None
        assert article.dateline.place == "Oaken"


@pytest.mark.parametrize("label", ["Written by", "By:", "Von", "Author", "作者"])
def test_a_label_on_a_line_of_its_own_is_of_the_names_below(label: str) -> None:
    assert signed(f"<div>{WHEN}</div><div>{label}</div><div>Nils Arvo</div>") == [ARVO]
    two = "<div>Nils Arvo</div><div>Edda Quist</div><div>Two minutes to read</div>"
    assert signed(f"<div>{label}</div>{two}") == [ARVO, ("Edda Quist", "person")]


def test_a_name_in_a_box_that_is_called_a_credit_signs_nothing() -> None:
    assert signed(f"<div class=img-credit>Nils Arvo</div><div>{WHEN}</div>") == []
    assert signed(f"<div class=extra>Nils Arvo</div><div>{WHEN}</div>") == [ARVO]


@pytest.mark.parametrize(
    "printed",
    [
        "Posted on January 5, 2026 by Nils Arvo",
        "Posted by Nils Arvo on January 5, 2026",
        "Submitted by Nils Arvo on January 5, 2026 - 14:05",
    ],
)
def test_who_posted_wrote(printed: str) -> None:
    assert signed(f"<p>{printed}</p>") == [ARVO]


def test_a_name_before_the_date_in_its_line() -> None:
    assert signed(f"<p><b>Nils Arvo</b> — {WHEN}</p>") == [ARVO]
    assert signed(f"<p><b>Dar es Salaam</b> — {WHEN}</p>") == []
    assert signed(f"<p><b>Climate Crisis</b> — {WHEN}</p>") == []


@pytest.mark.parametrize(
    "inner",
    [
        "<a href=/hofundur/1>Nils Arvo</a><span>nils@blad.example</span>",
        "Nils Arvo<span>FOR THE HARBOUR POST</span>",
        "<a href=/hofundur/1>Nils Arvo</a><span>Reporter</span>",
    ],
)
def test_what_touches_a_name_is_no_part_of_it(inner: str) -> None:
    assert signed(f"<div class=author>{inner}</div><div>{WHEN}</div>") == [ARVO]
