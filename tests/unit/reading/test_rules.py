"""Rules of the reader that need a page around them, each on the smallest page that shows it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from contracts.prose import FIRST, SECOND, THIRD
from newsdesk.article import Article, Dateline, Link, Page
from newsdesk.reading import read_page, source_for

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
URL = "https://paper.example/town/the-bridge-is-open-again"


def read(
    body: str,
    *,
    head: str = "",
    data: dict[str, object] | None = None,
    link: Link | None = None,
    url: str = URL,
    lang: str = "en",
) -> Article:
    told = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = (
        f"<html lang={lang}><head><title>The bridge is open again</title>{head}{told}</head>"
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


def test_a_place_in_bold_is_where_a_german_story_was_filed() -> None:
    kiel = story().replace("<p>", "<p><b>Kiel.</b> ", 1)
    assert read(kiel, lang="de").dateline == Dateline("Kiel", "Kiel")
    assert read(kiel).dateline is None
    headed = story().replace("<p>", "<p><b>Kiel.</b> ")
    assert read(headed, lang="de").dateline is None


def test_an_address_may_tell_the_day_with_one_digit() -> None:
    at = read(story(), url="https://paper.example/news/2026/2/3/7512345/").published_at
    assert at is not None
    assert at.date() == dt.date(2026, 2, 3)
    assert read(story(), url="https://paper.example/news/2026/2/3").published_at is None


def test_of_two_times_that_a_line_prints_the_word_before_tells_which_is_which() -> None:
    line = "<p>Aktualizováno 2. 3. 2026, 8:10 - Vydáno 1. 3. 2026, 17:42</p>"
    article = read(story(before=line), lang="cs")
    assert article.published_at == dt.datetime(2026, 3, 1, 17, 42, tzinfo=dt.UTC)
    assert article.modified_at == dt.datetime(2026, 3, 2, 8, 10, tzinfo=dt.UTC)


def test_a_time_told_from_now_is_the_one_in_its_elements_title() -> None:
    ago = '<div><span title="Feb 16, 2026 05:42 PM">2 weeks ago</span></div>'
    at = read(story(before=ago)).published_at
    assert at == dt.datetime(2026, 2, 16, 17, 42, tzinfo=dt.UTC)
    assert read(story(before="<div><span title=Feb>2 weeks ago</span></div>")).published_at is None


def test_a_day_that_data_writes_as_its_midnight_has_the_printed_time() -> None:
    data = told(datePublished="2026-03-01T00:00:00Z")
    printed = "<p>Sunday 1 March 2026 17:42</p>"
    assert read(story(before=printed), data=data).published_at == dt.datetime(
        2026, 3, 1, 17, 42, tzinfo=dt.UTC
    )
    for other in ("<p>1 March 2026</p>", "<p>28 February 2026 17:42</p>", ""):
        at = read(story(before=other), data=data).published_at
        assert at == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("tag", "language", "zone", "month"),
    [
        ("", "vi", "UTC", 2),
        ("", "en", "UTC", None),
        ("en", "en", "America/New_York", 3),
        ("en", "en", "Asia/Kolkata", 2),
        ("en-us", "en", "UTC", 3),
        ("en-us", "en", "Asia/Karachi", None),
    ],
)
def test_numbers_alone_are_read_as_language_and_zone_have_them(
    tag: str, language: str, zone: str, month: int | None
) -> None:
    html = f"<html lang='{tag}'><body>" + story(before="<p>3/2/2026 07:42</p>")
    page = Page(url=URL, body=html.encode(), captured_at=AT)
    changed = {"language": language, "time_zone": zone}
    source = source_for(URL, {}).model_copy(update=changed)
    found = read_page(page, source).article.published_at
    assert (found.month if found else None) == month


def test_live_is_told_by_a_segment_or_a_slug() -> None:
    base = "https://paper.example"
    live = ("/live/bridge-opens", "/town/election-night-live-updates/", "/town/bridge-live-blog")
    for path in live:
        assert read(story(), url=base + path).article_type == "live"
    assert (
        read(story(), url=f"{base}/town/live-oak-council-approves-bridge/").article_type == "news"
    )


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


def test_what_stands_between_paragraphs_is_no_part_of_a_text_that_the_data_carries() -> None:
    teaser = "Read more: The ferries sail again"
    texts = (FIRST, teaser, "[embed]https://video.example/1[/embed]", SECOND, THIRD)
    printed = f"<p>{teaser}</p><p>[embed]https://video.example/1[/embed]</p>"
    for text in ("\n".join(texts), " ".join(texts)):
        article = read(story(inside=printed), data=told(articleBody=text))
        assert (article.body or "").split("\n\n") == [FIRST, SECOND, THIRD]
    linked = f"<p><a href=/town/ferries>{teaser[11:]}</a></p>"
    text = " ".join((FIRST, teaser[11:], SECOND, THIRD))
    article = read(story(inside=linked), data=told(articleBody=text))
    assert (article.body or "").split("\n\n") == [FIRST, SECOND, THIRD]
    alone = read("<h1>The bridge is open again</h1>", data=told(articleBody="\n".join(texts)))
    assert (alone.body or "").split("\n\n") == [FIRST, SECOND, THIRD]


def test_a_live_blog_is_dated_and_signed_as_a_whole() -> None:
    entry = {
        "@type": "BlogPosting",
        "headline": "The bridge is open again",
        "author": {"@type": "Person", "name": "Jon Reed"},
        "datePublished": "2026-03-01T19:00:00Z",
        "articleBody": "The first lorry has crossed.",
        "image": "https://paper.example/lorry.jpg",
        "publisher": "The Paper",
    }
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "The bridge is open again",
        "author": {"@type": "Person", "name": "Ada Moss"},
        "datePublished": "2026-03-01T06:00:00Z",
    }
    for entries in ([entry, entry], entry):
        article = read(story(), data={**blog, "liveBlogUpdate": entries})
        assert article.article_type == "live"
        assert article.published_at == dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
        assert names(article) == ["Ada Moss"]
    newest = told(datePublished="2026-03-01T19:00:00Z", author="Ada Moss", articleBody=FIRST)
    article = read(story(), data={"@graph": [newest, {**blog, "liveBlogUpdate": [entry]}]})
    assert article.published_at == dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
    undated = {"@type": "LiveBlogPosting", "headline": "Bridge", "liveBlogUpdate": [entry]}
    data = told(datePublished="2026-03-01T06:00:00Z", author="Ada Moss", hasPart=undated)
    article = read(story(), data=data)
    assert (article.article_type, names(article)) == ("live", ["Ada Moss"])
    assert article.published_at == dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)


def test_keywords_that_are_escaped_more_than_once() -> None:
    head = '<meta name=keywords content="Salt &amp;amp;amp; Pepper, B&amp;uuml;cher, Rain">'
    assert read(story(), head=head).keywords == ("Salt & Pepper", "Bücher", "Rain")
    data = told(keywords=["Salt &amp;amp; Pepper", "R&amp;amp;D"])
    assert read(story(), data=data).keywords == ("Salt & Pepper", "R&D")


def test_a_place_in_an_element_that_is_called_one_is_the_dateline() -> None:
    def place(before: str, after: str = "") -> str | None:
        text = f"<p>{before} {FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>{after}"
        found = read(f"<article><h1>The bridge is open again</h1>{text}</article>").dateline
        return found.place if found else None

    assert place("<span class=article__location>Bad Homburg.</span>") == "Bad Homburg"
    assert place("<b class=dateline>London/Teheran</b> -") == "London/Teheran"
    assert place("<span class=article__lead>Homburg.</span>") is None
    assert place("<span class=location>last updated</span>") is None
    assert place("PAPER.EXAMPLE -") is None
    assert place("HARLEM:") == "Harlem"
    assert place("HARLEM:", f"<p>HARLEM: {SECOND}</p><p>{THIRD}</p>") is None


@pytest.mark.parametrize(
    "printed",
    [
        "<div>NILS ARVO - EDDA QUIST</div>",
        "<div>FOR HARBOUR EVENING POST</div>",
        "<div>EXCLUSIVA</div>",
    ],
)
def test_names_and_labels_in_capitals_beside_the_date_are_no_places(printed: str) -> None:
    signed = "<div class=author>Nils Arvo</div>" if "ARVO" in printed else ""
    head = '<meta property="og:site_name" content="Harbour Evening Post">'
    text = f"<h1>The bridge is open again</h1><time>1 March 2026</time>{printed}{signed}"
    body = "".join(f"<p>{one}</p>" for one in (FIRST, SECOND, THIRD))
    assert read(f"<article>{text}{body}</article>", head=head).dateline is None


def test_a_dateline_keeps_its_agency_and_the_body_its_words() -> None:
    lead = f"ANKARA, March 3 (Reuters) — {FIRST}"
    article = read(
        f"<article><h1>The bridge is open again</h1><p>{lead}</p><p>{SECOND}</p><p>{THIRD}</p></article>"
    )
    assert article.dateline == Dateline("Ankara", "ANKARA", "Reuters")
    assert (article.body or "").startswith(lead)


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


BY = "<p>By Nils Arvo</p>"
WHEN = "<p>March 1, 2026 9:20 am GMT</p>"
MORNING = dt.datetime(2026, 3, 1, 9, 20, tzinfo=dt.UTC)


def names(article: Article) -> list[str]:
    return [one.name for one in article.bylines]


def test_what_only_style_parts_is_read_apart() -> None:
    line = "<div><span>ALMATY</span><span>March 1, 2026 - 9:20 am GMT</span></div>"
    article = read(story(before=line))
    assert article.published_at == MORNING
    assert article.dateline is not None
    assert article.dateline.place == "Almaty"
    two = "<div class=authors><a>Nils Arvo</a><a>Edda Quist</a></div>"
    assert names(read(story(before=two + WHEN))) == ["Nils Arvo", "Edda Quist"]
    title = "<p>By Nils Arvo<span class=title>Senior Writer</span></p>"
    assert names(read(story(before=title + WHEN))) == ["Nils Arvo"]
    capital = "<p>By <b>N</b>ils Arvo</p>"
    assert names(read(story(before=capital + WHEN))) == ["Nils Arvo"]


def test_a_byline_and_a_date_among_the_paragraphs_are_none_of_the_text() -> None:
    page = (
        "<article><h1>The bridge is open again</h1><p>Ferries pass below it from Sunday on.</p>"
        f"{BY}{WHEN}<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article>"
    )
    article = read(page)
    assert names(article) == ["Nils Arvo"]
    assert article.published_at == MORNING
    assert (article.body or "").split("\n\n")[-3:] == [FIRST, SECOND, THIRD]
    assert "Nils Arvo" not in (article.body or "")


def test_dates_of_one_line_by_the_words_before_them() -> None:
    early = "2026-03-01T11:02:00+00:00"
    for line in (
        "Updated: March 1, 2026, 3:45 p.m. GMT | Published: March 1, 2026, 11:02 a.m. GMT",
        "Published March 1, 2026, 11:02 a.m. GMT; updated March 1, 2026, 3:45 p.m. GMT",
        "Stand: 1. März 2026, 15:45 Uhr GMT | Veröffentlicht am 1. März 2026 um 11:02 Uhr GMT",
        "Güncelleme: 01.03.2026 15:45 GMT | Yayınlanma: 01.03.2026 11:02 GMT",
    ):
        article = read(story(before=f"<p>{line}</p>"))
        assert article.published_at is not None, line
        assert article.published_at.isoformat() == early, line
        assert article.modified_at is not None, line
        assert article.modified_at.isoformat() == "2026-03-01T15:45:00+00:00", line


def test_a_dated_label_does_not_label_the_next_line() -> None:
    article = read(story(before="<p>Last updated 2 March 2026</p><p>1 March 2026</p>"))
    assert article.published_day_local == dt.date(2026, 3, 1)


def test_a_page_that_only_says_when_it_was_updated_says_so() -> None:
    article = read(story(before="<p>Updated March 1, 2026 9:20 am GMT</p>"))
    assert article.published_at == MORNING
    assert article.field_rules["published_at"] == "updated:visible"


def test_comments_and_other_stories_date_and_sign_nothing() -> None:
    late = "<time datetime=2026-03-02T11:00:00Z>1 hour ago</time><p>By Bob Smithers</p>"
    for box in ("<div class=comments>", "<aside class=related>"):
        article = read(story(before="<p>1 March 2026</p>", after=box + late))
        assert article.published_day_local == dt.date(2026, 3, 1)
        assert article.bylines == ()


def test_a_topic_before_a_date_is_no_person() -> None:
    assert read(story(before=f"<p>Climate Change</p>{WHEN}")).bylines == ()
    linked = "<p><a href=/world/lakeside-towns>Lakeside Towns</a></p>"
    assert read(story(before=linked + WHEN)).bylines == ()
    assert names(read(story(before=f"<p>Nils Arvo</p>{WHEN}"))) == ["Nils Arvo"]


def test_data_of_another_story_is_not_believed() -> None:
    other = told(headline="The mayor resigns", url="https://paper.example/town/mayor-resigns")
    other |= {"datePublished": "2026-02-01T10:00:00Z", "author": {"name": "Bob Smithers"}}
    article = read(story(before=BY + WHEN), data=other)
    assert names(article) == ["Nils Arvo"]
    assert article.published_at == MORNING
    own = other | {"url": URL + "?utm_source=feed"}
    assert names(read(story(before=WHEN), data=own)) == ["Bob Smithers"]


def test_a_local_time_that_the_data_calls_utc() -> None:
    data = told(datePublished="2026-03-01T18:00:00Z")
    article = read(story(before="<p>March 1, 2026 - 6:00 pm GMT+3</p>"), data=data)
    assert article.published_at == dt.datetime(2026, 3, 1, 15, tzinfo=dt.UTC)
    assert read(story(), data=data).published_at == dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)


def test_a_change_before_the_publication_is_none() -> None:
    data = told(datePublished="2026-03-01T18:00:00Z", dateModified="2026-02-20T18:00:00Z")
    article = read(story(), data=data)
    assert article.modified_at is None
    assert article.field_rules["modified_at"] == "dropped: before published_at"


def test_a_label_in_capitals_is_no_place() -> None:
    for label in ("SHARE", "TUESDAY", "TRENDING NOW", "LAST UPDATED", "POSTED BY DESK"):
        assert read(story(before=f"<p>{label}</p>{WHEN}")).dateline is None, label
    assert read(story(before="<button>JOIN THE LIST</button>" + WHEN)).dateline is None
    assert read(story(inside="<div>WORLD STAGE</div>", before=WHEN)).dateline is None
    russian = read(story(before="<p>Опубликовано 1 марта 2026</p>"))
    assert russian.dateline is None
    assert russian.published_day_local == dt.date(2026, 3, 1)


def test_a_printed_agency_before_a_desk_of_the_data() -> None:
    data = told(author={"@type": "Organization", "name": "Web Desk"})
    assert names(read(story(before="<p>by Reuters</p>" + WHEN), data=data)) == ["Reuters"]


def test_what_is_told_of_an_author_is_no_other_author() -> None:
    box = (
        "<div class=author><span>Nils Arvo</span><p>Nils Arvo covers the lake. He has written for "
        "The Daily Anchor since 2019.</p></div>"
    )
    assert names(read(story(before=box + WHEN))) == ["Nils Arvo"]


def test_a_printed_standfirst_is_the_summary_where_the_data_has_none() -> None:
    deck = "Ferries pass below the bridge for the first time since December"
    for markup in (f"<h2>{deck}</h2>", f"<div class=standfirst>{deck}</div>"):
        assert read(story(before=markup + WHEN)).summary == deck


def test_a_logo_is_no_lead_picture() -> None:
    data = told(image="https://paper.example/static/site-logo.png")
    assert read(story(), data=data).lead_image is None


def test_the_beginning_of_a_story_that_must_be_paid_for() -> None:
    page = f"<article><h1>The bridge is open again</h1>{WHEN}<p>{FIRST}</p><p>{{}}</p></article>"
    data = told(isAccessibleForFree=False)
    for notice in ("Subscribe to read the whole story.", "La suite est réservée aux abonnés."):
        html = page.format(notice)
        body = (
            f"<title>t</title><script type='application/ld+json'>{json.dumps(data)}</script>{html}"
        )
        reading = read_page(Page(url=URL, body=body.encode(), captured_at=AT), source_for(URL, {}))
        assert reading.rejection is not None
        assert reading.rejection.reason == "paywall_stub"


def test_an_agency_below_the_text_signs_it() -> None:
    for printed in ("(AFP)", "— Reuters", "(dpa)"):
        article = read(story(before=WHEN, after=f"<p>{printed}</p>"))
        assert [one.kind for one in article.bylines] == ["agency"], printed


def test_a_desk_signs_where_papers_sign() -> None:
    article = read(story(before="<p class=byline>Web Desk</p>" + WHEN))
    assert [(one.name, one.kind) for one in article.bylines] == [("Web Desk", "desk")]
    assert read(story(before="<p>Web Desk</p>" + WHEN)).bylines == ()


def test_what_is_explained_is_legible_and_names_the_chosen() -> None:
    data = told(datePublished="2026-03-01T18:00:00Z")
    html = (
        f"<title>t</title><script type='application/ld+json'>{json.dumps(data)}</script>"
        f"{story(before='<p>March 1, 2026 - 6:00 pm GMT</p>')}"
    )
    page = Page(url=URL, body=html.encode(), captured_at=AT)
    candidates = read_page(page, source_for(URL, {}), explain=True).candidates
    dates = [one for one in candidates if one.field == "published_at"]
    assert [one.chosen for one in dates].count(True) == 1
    assert all("at 2026-03-01T18:00:00+00:00, offset 0" in one.value for one in dates)


def test_papers_in_german_sign_with_initials_below_the_text_or_in_its_data() -> None:
    below = story(after="<p>mbr, kolb; Foto: Hafenamt</p>")
    assert [one.name for one in read(below, lang="de").bylines] == ["mbr", "kolb"]
    marked = story(after="<p>Hafenfunk, 7 Uhr; <span itemprop=author>mbr;kolb</span></p>")
    assert [one.name for one in read(marked, lang="de-CH").bylines] == ["mbr", "kolb"]
    assert read(below, lang="en").bylines == ()
    named = story(before="<p>Von Ada Moss</p>", after="<p>mbr</p>")
    assert [one.name for one in read(named, lang="de").bylines] == ["Ada Moss"]


def test_a_name_above_the_text_wins_over_the_account_of_the_site() -> None:
    page = story(before="<p>by Harbour B</p><p>ADA MOSS</p>")

    def signed(address: str, page: str = page) -> list[str]:
        author = {"@type": "Person", "name": "Harbour B", "url": address}
        return [one.name for one in read(page, data=told(author=author)).bylines]

    assert signed("https://paper.example/author/admin/") == ["Ada Moss"]
    assert signed("https://paper.example/author/harbour-b/") == ["Harbour B"]
    assert signed("https://paper.example/author/admin/", story()) == ["Harbour B"]


def test_times_that_a_script_prints_date_a_page_that_says_nothing_else() -> None:
    def day(inside: str) -> dt.date | None:
        return read(story(before=f"<p>{inside}</p>")).published_day_local

    assert day('<span data-timestamp="1767258000">3 hours ago</span>') == dt.date(2026, 1, 1)
    assert day('<i data-time-ms="1767258000000">3 hours ago</i>') == dt.date(2026, 1, 1)
    assert day('<b data-publish-date="2026-01-01T09:00:00Z"></b>') == dt.date(2026, 1, 1)
    assert day('<script>show("2026/01/01 10:00")</script>') == dt.date(2026, 1, 1)
    assert day('<script>var a = 1; show("2026/01/01 10:00")</script>') is None
    other = '<span data-timestamp="1767458000">1 hour ago</span>'
    assert day(f'<span data-timestamp="1767258000">3 hours ago</span>{other}') is None
    assert day(f"{other}<b>4 February 2026</b>") == dt.date(2026, 2, 4)


def test_a_line_with_an_iranian_year_in_ascii_digits_is_a_date() -> None:
    page = read(story(before="<div>2 اسفند 1404 - 12:09</div>"), lang="fa")
    assert page.published_day_local == dt.date(2026, 2, 21)
    assert read(story(before="<div>Some 1404 guests</div>")).published_day_local is None


def test_cards_lists_of_linked_titles_and_a_picture_s_box_are_no_paragraphs() -> None:
    title = "Why the ferries of the southern lake are late again this spring"
    card = f"<div><a href=/a><article><div><div><h3>{title}</h3></div></div></article></a></div>"
    links = "<br>".join(f"<b>Lake</b> | <a href=/{n}>{title}</a>" for n in range(3))
    boxed = "<div class=image_wrapper><img src=/pier.jpg><p>Harbour Pier</p></div>"
    plain = read(story()).body
    assert read(story(inside=boxed)).body == plain
    assert read(story(inside=f"<p>{links}</p>")).body == plain
    assert read(story(inside=card)).body == plain
    cited = f"<p>{' '.join(f'<a href=/{n}>{title}</a>' for n in range(2))}, said the office.</p>"
    assert "said the office" in (read(story(inside=cited)).body or "")


def test_a_sub_head_that_links_to_its_own_place_stays_and_one_that_leads_away_goes() -> None:
    inside = (
        '<h2 id=piers><a href="#piers">What the divers found</a></h2>'
        f"<p>{SECOND}</p>"
        '<h2><a href="/town/ferries-sail-again">Ferries sail again</a></h2>'
    )
    paragraphs = (read(story(inside)).body or "").split("\n\n")
    assert paragraphs == [FIRST, "What the divers found", SECOND, THIRD]


def test_the_time_of_publication_of_a_live_page_is_the_one_it_is_labelled_with() -> None:
    entry = f"<div class=entry><time datetime=2026-03-01T14:00:00Z>14:00</time><p>{FIRST}</p></div>"
    said = "<p>Published March 1, 2026 8:00 am GMT</p>"
    head = "<h1>The bridge is open again</h1>"
    live = read(f"<main>{head}{said}{entry}{entry.replace(FIRST, SECOND)}</main>")
    assert live.published_at == dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


def test_a_day_and_its_time_in_elements_of_their_own() -> None:
    dated = "<ul><li><p>Sunday, 1 March 2026</p></li><li><time>10:42 AM MYT</time></li></ul>"
    assert read(story(before=dated)).published_at == dt.datetime(2026, 3, 1, 2, 42, tzinfo=dt.UTC)


def test_the_offset_is_the_printed_one() -> None:
    head = '<meta property="article:published_time" content="2026-03-01T06:00:00Z">'
    found = read(story(before="<p>1 March 2026 07:00 CET</p>"), head=head)
    assert (found.published_at, found.published_at_offset) == (
        dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC),
        60,
    )


def test_the_date_of_a_comment_dates_no_story() -> None:
    after = "<ol class=commentlist><li>Jo says: <small>March 2, 2026 at 8:00 am</small></li></ol>"
    posted = "<p>Posted on March 1, 2026 by Nils Arvo under <a rel=tag href=/t>Town</a></p>"
    found = read(story(before=posted, after=after))
    assert found.published_day_local == dt.date(2026, 3, 1)
