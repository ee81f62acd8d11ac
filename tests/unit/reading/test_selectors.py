"""What a paper's selectors find, and what is said of those that find nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Page, Reading
from newsdesk.reading import read_page, source_for
from newsdesk.sources import Source

URL = "https://paper.example/town/the-mill-turns-again"
FIRST = (
    "The mill on the canal turned again on Friday, forty years after its owner had sold the wheel "
    "to a museum, which gave it back without asking for the money."
)
SECOND = (
    "Flour from the first sack went to the two bakers of the village, who had paid for the new "
    "axle between them and had waited since the spring."
)
THIRD = (
    "Visitors may see the stones at work on the first Saturday of each month, as long as the water "
    "stands above the lower mark."
)
TEXTS = (FIRST, SECOND, THIRD)
BOX = f"<div class=related><p>{FIRST[:60]}</p></div>"
PICTURE = "<figure><figcaption>The mill, seen from the bridge on Friday.</figcaption></figure>"
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXTS)


def read(inside: str, *, explain: bool = False, **selectors: list[str]) -> Reading:
    source = Source.model_validate({**source_for(URL, {}).model_dump(), "reading": [selectors]})
    html = f"<title>The mill turns again</title><h1>The mill turns again</h1>{inside}"
    at = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    return read_page(Page(url=URL, body=html.encode(), captured_at=at), source, explain=explain)


def paragraphs(inside: str, *body: str) -> tuple[str, ...]:
    article = read(inside, body=list(body)).article
    assert article.field_rules["body"] == "site"
    return tuple((article.body or "").split("\n\n"))


@pytest.mark.parametrize(
    "inside",
    [
        f"<div class=story>{PARAGRAPHS}</div>",
        f"<div class=story><div><div>{PARAGRAPHS}</div></div></div>",
        f"<div class=story>{'<br><br>'.join(TEXTS)}</div>",
        f"<div class=story>{''.join(f'<div>{text}</div>' for text in TEXTS)}</div>",
        f"<div class=story>{BOX}{PARAGRAPHS}{PICTURE}</div>",
        f"<div class=story><p>{FIRST}</p></div><div class=story><p>{SECOND}</p><p>{THIRD}</p></div>",
    ],
    ids=["flat", "deep", "breaks", "divs", "junk", "parts"],
)
def test_an_element_around_the_paragraphs_gives_the_paragraphs(inside: str) -> None:
    assert paragraphs(inside, "div.story") == TEXTS


def test_what_stands_inside_of_what_was_found_is_not_found_again() -> None:
    inside = f"<div class=story>{PARAGRAPHS}</div>"
    assert paragraphs(inside, "div.story, div.story p") == TEXTS


def test_paragraphs_that_a_selector_names_are_taken_as_they_are() -> None:
    inside = (
        f"<div class=story><h3>Read also</h3><p>Read more: {FIRST}</p>"
        f"<blockquote><p>{SECOND}</p></blockquote></div>"
    )
    found = paragraphs(inside, "h3, .story > p, blockquote")
    assert found == ("Read also", f"Read more: {FIRST}", SECOND)


def test_a_selector_that_finds_nothing_is_shown_to_whoever_asks() -> None:
    inside = f"<div class=story>{PARAGRAPHS}</div><div class=box>Buy flour</div>"
    reading = read(
        inside,
        explain=True,
        body=["div.tale", "div.story"],
        byline=[".writer"],
        remove=["div.box", "div.crate"],
    )
    silent = [one for one in reading.candidates if "matches nothing" in one.evidence]
    assert [(one.field, one.rule, one.value, one.evidence, one.chosen) for one in silent] == [
        ("bylines", "site", "", ".writer matches nothing", False),
        ("body", "site", "", "div.tale matches nothing", False),
        ("remove", "site", "", "div.crate matches nothing", False),
    ]
    body = next(one for one in reading.candidates if one.field == "body" and one.chosen)
    assert body.evidence == "div.story"
    assert body.value.startswith("3 paragraphs,")
    assert FIRST[:40] in body.value
