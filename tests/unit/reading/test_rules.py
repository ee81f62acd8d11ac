"""Rules of the reader that need a page around them, each on the smallest page that shows it."""

from __future__ import annotations

import datetime as dt
import json

from newsdesk.article import Article, Link, Page
from newsdesk.reading import read_page, source_for

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
URL = "https://paper.example/town/the-bridge-is-open-again"
FIRST = (
    "The bridge over the river opened again on Sunday after eleven weeks of work on its piers, "
    "the harbour office said, and the first ferries of the season passed below it."
)
SECOND = (
    "Engineers had found cracks in two of the piers in December, which divers filled with a "
    "cement that hardens under water, at a cost that the town will share with the province."
)
THIRD = (
    "Lorries will use the road around the lake until the end of the month, because the last of "
    "the tests, with a train of forty wagons, is planned for the night of the twenty-eighth."
)


def read(
    body: str,
    *,
    head: str = "",
    data: dict[str, object] | None = None,
    link: Link | None = None,
    url: str = URL,
) -> Article:
    told = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = (
        f"<html lang=en><head><title>The bridge is open again</title>{head}{told}</head>"
        f"<body>{body}</body></html>"
    )
    page = Page(url=url, body=html.encode(), captured_at=AT, link=link)
    return read_page(page, source_for(url, {})).article


def story(inside: str = "", before: str = "", after: str = "") -> str:
    return (
        f"<article><h1>The bridge is open again</h1>{before}"
        f"<p>{FIRST}</p>{inside}<p>{SECOND}</p><p>{THIRD}</p>{after}</article>"
    )


def claimed(**hints: dt.datetime) -> Link:
    return Link("paper_example", URL, "0" * 32, ("look",), AT, **hints)


def told(**values: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": "The bridge is open again", **values}


def test_a_feed_that_gives_another_time_is_recorded() -> None:
    data = told(datePublished="2026-03-01T09:00:00+03:00")
    same = claimed(published_hint=dt.datetime(2026, 3, 1, 6, 20, tzinfo=dt.UTC))
    other = claimed(published_hint=dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC))
    assert "published_at_differs" not in read(story(), data=data, link=same).field_rules
    rules = read(story(), data=data, link=other).field_rules
    assert rules["published_at_differs"] == "look: 2026-03-01T09:00:00+00:00"


def test_a_mere_day_differs_from_a_feed_by_its_day() -> None:
    data = told(datePublished="2026-03-01")
    same = claimed(published_hint=dt.datetime(2026, 3, 1, 21, 0, tzinfo=dt.UTC))
    other = claimed(published_hint=dt.datetime(2026, 2, 28, 21, 0, tzinfo=dt.UTC))
    assert "published_at_differs" not in read(story(), data=data, link=same).field_rules
    assert "published_at_differs" in read(story(), data=data, link=other).field_rules


def test_a_time_without_a_zone_says_whose_zone_it_was_read_in() -> None:
    assumed = read(story(), data=told(datePublished="2026-03-01T09:00:00"))
    printed = read(story(), data=told(datePublished="2026-03-01T09:00:00Z"))
    assert assumed.field_rules["published_at_zone"] == "source"
    assert "published_at_zone" not in printed.field_rules


def test_an_editor_is_not_the_author_when_the_page_prints_both() -> None:
    data = told(author={"@type": "Person", "name": "Edda Quist"})
    page = story(before='<div class="author">Nils Arvo</div>', after="<p>Editor: Edda Quist</p>")
    assert [one.name for one in read(page, data=data).bylines] == ["Nils Arvo"]
    alone = story(after="<p>Editor: Edda Quist</p>")
    assert [one.name for one in read(alone, data=data).bylines] == ["Edda Quist"]


def test_names_before_the_text_sign_a_story_that_only_the_paper_signs() -> None:
    head = '<meta property="og:site_name" content="Lakeside Times">'
    page = story(before="<p>by Lakeside Times</p><p><b>Nils Arvo/Edda Quist</b></p>")
    assert [one.name for one in read(page, head=head).bylines] == ["Nils Arvo", "Edda Quist"]
    unsigned = story(before="<p>by Lakeside Times</p><p><b>Spring on the lake</b></p>")
    assert [one.kind for one in read(unsigned, head=head).bylines] == ["outlet"]


def test_words_of_a_menu_are_no_part_of_a_text_that_the_data_carries() -> None:
    data = told(articleBody=f"{FIRST} {SECOND} Town. Lake. {THIRD} Ferries: two.")
    menu = "<div><div>Town</div><div>Lake</div><div>Ferries</div></div>"
    body = f"<div>{menu}<div><p>{FIRST}</p><p>{SECOND}</p><p>Town. Lake.</p><p>{THIRD}</p>"
    end = "<p>Ferries: two.</p></div><div><div>Lake</div></div></div>"
    article = read(f"<h1>The bridge is open again</h1>{body}{end}", data=data)
    assert article.field_rules["body"] == "json_ld"
    assert (article.body or "").split("\n\n") == [
        FIRST, SECOND, "Town. Lake.", THIRD, "Ferries: two.",
    ]  # fmt: skip


def test_a_film_is_the_story_where_nothing_else_is() -> None:
    film = {
        "@type": "VideoObject",
        "name": "The bridge is open again",
        "description": "Ferries pass below the bridge for the first time since December.",
        "uploadDate": "2026-03-01T09:00:00+03:00",
        "thumbnailUrl": ["https://paper.example/films/bridge-88123.jpg"],
    }
    url = "https://paper.example/video/the-bridge-is-open-again"
    article = read("<h1>The bridge is open again</h1><video></video>", data=film, url=url)
    assert article.article_type == "video"
    assert article.summary == film["description"]
    assert article.published_at == dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
    assert article.lead_image is not None
    assert article.lead_image.url == "https://paper.example/films/bridge-88123.jpg"


def test_the_poster_of_a_film_is_a_picture() -> None:
    film = '<video poster="/films/bridge-88123.jpg"></video>'
    article = read(story(before=film))
    assert article.lead_image is not None
    assert article.lead_image.url == "https://paper.example/films/bridge-88123.jpg"
