"""Where the text of a page begins and ends, and what stands in one piece with it."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.prose import FIRST, SECOND, THIRD
from newsdesk.article import Article, Page
from newsdesk.reading import read_page, source_for

AT = dt.datetime(2005, 6, 1, 12, tzinfo=dt.UTC)
URL = "http://paper.example/town/the-bridge-is-open-again"
TEXTS = [FIRST, SECOND, THIRD]
ABOVE = (
    "<FONT SIZE=5><B>The bridge is open again</B></FONT><BR>By NILS ARVO<BR>Staff Writer<BR>"
    "Published: Monday, March 14, 2005 11:42 PM CST"
)


def read(body: str) -> Article:
    html = f"<HTML><HEAD><TITLE>The bridge is open again</TITLE></HEAD><BODY>{body}</BODY></HTML>"
    page = Page(url=URL, body=html.encode(), captured_at=AT)
    return read_page(page, source_for(URL, {})).article


def table(cell: str) -> str:
    menu = "<TD><A HREF=/>Home</A><BR><A HREF=/town>Town</A></TD>"
    others = "<TD><B>Other stories</B><BR><A HREF=/mill>Mill closes</A><BR>March 2, 2005</TD>"
    return f"<TABLE><TR>{menu}<TD>{cell}</TD>{others}</TR></TABLE>"


@pytest.mark.parametrize(
    "cell",
    [
        ABOVE + "".join(f"<P>{text}" for text in TEXTS),
        f"{ABOVE}<BR><BR>{'<BR><BR>'.join(TEXTS)}",
        f"{ABOVE}<BR>{'<BR>'.join(TEXTS)}",
    ],
)
def test_a_cell_of_a_table_is_cut_where_its_headline_byline_and_date_end(cell: str) -> None:
    article = read(table(cell))
    assert (article.body or "").split("\n\n") == TEXTS
    assert [one.name for one in article.bylines] == ["Nils Arvo"]
    assert article.published_at == dt.datetime(2005, 3, 15, 5, 42, tzinfo=dt.UTC)


def test_a_cell_of_a_table_without_labels_is_cut_at_empty_lines_alone() -> None:
    verse = "Down at the pier the evening boats<BR>lie side by side in the rain<BR>and wait."
    article = read(table(f"{FIRST}<BR><BR>{verse}<BR><BR>{SECOND}<BR><BR>{THIRD}"))
    whole = " ".join(verse.split("<BR>"))
    assert (article.body or "").split("\n\n") == [FIRST, whole, SECOND, THIRD]


def entry(text: str) -> str:
    return f"<article class=entry><time>18:40</time><p>{text}</p></article>"


def test_short_articles_below_a_headline_are_entries_of_one_story() -> None:
    blog = f"<main><h1>The bridge is open again</h1><div>{''.join(map(entry, TEXTS))}</div></main>"
    assert (read(blog).body or "").split("\n\n") == TEXTS
    two = f"<main><h1>The bridge is open again</h1>{entry(FIRST + SECOND)}{entry(THIRD)}</main>"
    assert (read(two).body or "").split("\n\n") == [FIRST + SECOND, THIRD]


def test_articles_beside_the_one_with_the_headline_are_other_stories() -> None:
    titled = (
        f"<article class=entry><h1>The bridge is open again</h1><p>{FIRST}{SECOND}</p></article>"
    )
    assert read(f"<main>{titled}{entry(THIRD)}</main>").body == FIRST + SECOND
    whole = f"<article class=entry>{''.join(f'<p>{text}</p>' for text in TEXTS * 2)}</article>"
    others = entry(THIRD.upper()) * 3
    page = f"<main><h1>The bridge is open again</h1>{whole}{others}</main>"
    assert (read(page).body or "").split("\n\n") == TEXTS * 2


def paragraphs(*printed: str, lang: str = "en") -> list[str]:
    """The text of a story whose article holds some elements below the headline."""
    html = (
        f"<html lang={lang}><head><meta charset=utf-8><title>The bridge is open again</title></head>"
        f"<body><article><h1>The bridge is open again</h1>{''.join(printed)}</article></body></html>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=AT)
    return (read_page(page, source_for(URL, {})).article.body or "").split("\n\n")


@pytest.mark.parametrize(
    "label",
    [
        *("Læs også", "Читайте также", "Lees ook", "Más información", "İLGİLİ HABER"),
        *("AYRICA OKUYUN", "Przeczytaj także", "לכתבות נוספות", "อ่านเพิ่มเติม", "Ezt is ajánljuk"),
    ],
)
def test_a_link_to_another_story_ends_no_text(label: str) -> None:
    linked = f"<p>{label}: <a href=/pier>The pier</a></p>"
    texts = [f"<p>{text}</p>" for text in TEXTS]
    assert paragraphs(*texts[:2], linked, texts[2]) == TEXTS


@pytest.mark.parametrize(
    ("last", "is_text"),
    [
        ("Nobody was hurt.", True),
        ("Er schwieg.", True),
        ("工程本周启动。", True),
        ("けが人はいなかった。", True),
        ("ولم يصب أحد.", True),
        ("Photo: Moss.", False),
        ("ENDS", False),
        ("30", False),
    ],
)
def test_the_last_paragraph_may_be_a_short_sentence(last: str, is_text: bool) -> None:
    texts = [f"<p>{text}</p>" for text in TEXTS]
    assert paragraphs(*texts, f"<p>{last}</p>") == ([*TEXTS, last] if is_text else TEXTS)


def test_dates_that_end_in_a_shortened_word_are_no_text() -> None:
    dates = "<p>12 มี.ค. 2548 14:05 น.</p><p>อัปเดต: 12 มี.ค. 2548 15:30 น.</p>"
    assert paragraphs(dates, *(f"<p>{text}</p>" for text in TEXTS), lang="th") == TEXTS


@pytest.mark.parametrize(
    "heading", ["Vezane vijesti", "Súvisiace články", "Повезане вести", "Komentarai (3)"]
)
def test_headings_of_what_stands_below_a_text(heading: str) -> None:
    teaser = "<div><a href=/b><h4>A pier is built</h4></a><p>It will be long, and it will be new.</p></div>"
    texts = [f"<p>{text}</p>" for text in TEXTS]
    assert paragraphs(*texts, f"<h3>{heading}</h3>", teaser * 3) == TEXTS


def test_lines_with_dates_in_a_text_that_has_begun_are_text() -> None:
    told = "The exhibition runs until 3 January 2005"
    listed = ["Oaken: Monday, 16 May 2005", "Harbour: Tuesday, 17 May 2005"]
    items = "".join(f"<li>{one}</li>" for one in listed)
    texts = [f"<p>{text}</p>" for text in TEXTS]
    found = paragraphs(texts[0], f"<p>{told}</p><ul>{items}</ul>", *texts[1:])
    assert found == [TEXTS[0], told, *listed, *TEXTS[1:]]
    assert paragraphs(texts[0], "<p>Updated June 1, 2005 at 9:15</p>", *texts[1:]) == TEXTS


def test_a_pull_quote_is_no_paragraph() -> None:
    quote = "<div class=pullquote><blockquote>The bridge is open, and it is ours</blockquote></div>"
    texts = [f"<p>{text}</p>" for text in TEXTS]
    assert paragraphs(texts[0], quote, *texts[1:]) == TEXTS


def test_the_first_of_several_sub_heads_is_text() -> None:
    texts = [f"<p>{text}</p>" for text in TEXTS]
    heads = ["<h3>What it costs</h3>", "<h3>Who pays</h3>"]
    found = paragraphs(heads[0], texts[0], heads[1], *texts[1:])
    assert found == ["What it costs", TEXTS[0], "Who pays", *TEXTS[1:]]
    assert paragraphs(heads[0], *texts) == TEXTS
    said = "<h3>The bridge is open again after eleven weeks.</h3>"
    assert paragraphs(said, texts[0], heads[1], *texts[1:])[0] == TEXTS[0]
