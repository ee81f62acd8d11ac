"""The caption of the lead picture apart from its credit."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import LeadImage, Page
from newsdesk.reading import read_page, source_for

URL = "https://lakesidetimes.example/town/the-ferry-sails-again"
PICTURE = "<img src=/pictures/ferry-88123.jpg>"
BEFORE, CREDIT = "The ferry in May.", "Ada Moss"


def printed(picture: str) -> tuple[str | None, str | None]:
    """Caption and credit of a story below whose headline a picture is shown."""
    html = (
        "<html><head><title>The ferry sails again</title>"
        '<meta property="og:site_name" content="Lakeside Times"></head><body><article>'
        f"<h1>The ferry sails again</h1>{picture}<p>The ferry sailed again on Sunday after eleven "
        "weeks in the yard, the harbour office said, and the first lorries crossed the lake.</p>"
        "<p>Engineers had found cracks in its hull in December, which divers closed.</p>"
        "</article></body></html>"
    )
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    image = read_page(page, source_for(URL, {})).article.lead_image
    assert image is not None
    return image.caption, image.credit


@pytest.mark.parametrize(
    "caption",
    [
        f"{BEFORE}<span class=credit>{CREDIT}</span>",
        f"<span class=caption-text>{BEFORE}</span> <span class=photo-credit>{CREDIT}</span>",
        f"{BEFORE} <cite>{CREDIT}</cite>",
        f"{BEFORE}<span class=attribution>Photo: {CREDIT}</span>",
        f"<span class=image__copyright>{CREDIT}</span>{BEFORE}",
        f"{BEFORE} Photo: <span class=source>{CREDIT}</span>",
        f"{BEFORE}<span class=caption__credit>{CREDIT}</span>",
        f"<span class=caption-and-credit>{BEFORE}<span class=credit>{CREDIT}</span></span>",
    ],
)
def test_an_element_inside_a_caption_that_is_called_a_credit(caption: str) -> None:
    assert printed(f"<figure>{PICTURE}<figcaption>{caption}</figcaption></figure>") == (
        BEFORE,
        CREDIT,
    )
    assert printed(f"<div>{PICTURE}<div class=caption>{caption}</div></div>") == (BEFORE, CREDIT)


def test_a_caption_that_is_all_credit() -> None:
    caption = f"<figcaption><span class=credit>{CREDIT}</span></figcaption>"
    assert printed(f"<figure>{PICTURE}{caption}</figure>") == (None, CREDIT)


def test_two_credits_of_one_caption() -> None:
    two = f"<b class=credit><i class=credit>{CREDIT}</i></b> <i class=source>Lakeside Times</i>"
    found = printed(f"<figure>{PICTURE}<figcaption>{BEFORE} {two}</figcaption></figure>")
    assert found == (BEFORE, f"{CREDIT} / Lakeside Times")


def test_a_caption_without_a_credit_stays_whole() -> None:
    caption = f"<figcaption class=credit><span class=text>{BEFORE}</span></figcaption>"
    assert printed(f"<figure>{PICTURE}{caption}</figure>") == (BEFORE, None)
    title = "<figcaption>A scene of <cite>Low Water</cite></figcaption>"
    assert printed(f"<figure>{PICTURE}{title}</figure>") == ("A scene of Low Water", None)


def test_a_photographer_of_the_paper() -> None:
    caption = f"<figcaption>{BEFORE} ({CREDIT}/Lakeside Times)</figcaption>"
    assert printed(f"<figure>{PICTURE}{caption}</figure>") == (BEFORE, f"{CREDIT}/Lakeside Times")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        (f"<span>{BEFORE}</span><span>{CREDIT}</span>", CREDIT),
        (f"<p>{BEFORE}</p><p>Getty Images</p>", "Getty Images"),
        (f"<div><p>{BEFORE}</p><p>Lakeside Times</p></div>", "Lakeside Times"),
        (f"{BEFORE} <span>{CREDIT}</span>", CREDIT),
        ("<p>The ferry</p><p>in May.</p>", None),
        ("The ferry <span>in</span> <span>May.</span>", None),
    ],
)
def test_the_last_of_a_caption_s_elements_may_be_its_credit(
    caption: str, credit: str | None
) -> None:
    found = printed(f"<figure>{PICTURE}<figcaption>{caption}</figcaption></figure>")
    assert found == (BEFORE, credit)


def read(below: str, head: str = "") -> LeadImage | None:
    """The lead picture of a story below whose headline something stands."""
    html = f"<html><head><title>The ferry sails</title>{head}</head><body>{below}</body></html>"
    page = Page(url=URL, body=html.encode(), captured_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return read_page(page, source_for(URL, {})).article.lead_image


OG = "<meta property='og:image' content='/pictures/bridge.jpg'>"
SHORT = "<p>The ferry sailed again on Sunday, and lorries crossed.</p>"


def test_a_teaser_below_short_paragraphs_is_no_lead_picture() -> None:
    teaser = "<section><a href=/b><img src=/pictures/tulips-bloom.jpg></a></section>"
    found = read(f"<main><h1>The ferry sails</h1>{SHORT * 4}</main>{teaser}", OG)
    assert found is not None
    assert found.url.endswith("/bridge.jpg")


def test_a_caption_is_of_the_picture_of_its_figure() -> None:
    figure = "<figure><img src=/pictures/bridge.jpg><figcaption>The bridge.</figcaption></figure>"
    other = figure.replace("bridge.jpg", "some-other-boat.jpg")
    headed = "<h1>The ferry sails</h1><img src=/pictures/bridge.jpg>"
    text = f"<article>{headed}{{}}{SHORT * 4}</article>"
    found = read(text.format(other), OG)
    assert found is not None
    assert (found.url[-10:], found.caption) == ("bridge.jpg", None)
    found = read(f"<article><h1>The ferry sails</h1>{figure}{SHORT * 4}</article>", OG)
    assert found is not None
    assert found.caption == "The bridge."
