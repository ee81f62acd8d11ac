"""Charset, JSON-LD, phrases, the general paper, selectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newsdesk.errors import SourceError
from newsdesk.reading import check_selectors, jsonld, source_for
from newsdesk.reading.body import phrases, repair
from newsdesk.reading.charset import decode
from newsdesk.reading.headline import without_site
from newsdesk.reading.lines import MAX_DEPTH, Box
from newsdesk.reading.picture import is_same_picture
from newsdesk.sources import Source


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding"),
    [
        ("é".encode("utf-8-sig"), "text/html; charset=latin1", "é", "utf-8"),
        ("<meta charset=latin1>é".encode("cp1252"), None, "<meta charset=latin1>é", "cp1252"),
        ("<p>é".encode("cp1252"), "text/html; charset=ISO-8859-1", "<p>é", "cp1252"),
        ("<p>ğ".encode("cp1254"), 'text/html; charset="windows-1254"', "<p>ğ", "cp1254"),
        ("<meta charset=latin1>ğ".encode(), None, "<meta charset=latin1>ğ", "utf-8"),
        ("<p>é".encode("utf-16"), None, "<p>é", "utf-16-le"),
        ("<!-- <meta charset=big5> --><p>é".encode(), None, "<!-- <meta charset=big5> --><p>é", "utf-8"),
        (
            "<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>雨".encode("cp932"),
            None,
            "<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>雨",
            "cp932",
        ),
        ("<meta charset=iso-2022-jp>雨".encode("iso2022_jp"), None, "<meta charset=iso-2022-jp>雨", "iso2022_jp"),
        (b"", None, "", "utf-8"),
    ],
)  # fmt: skip
def test_bytes_become_text(body: bytes, content_type: str | None, text: str, encoding: str) -> None:
    assert decode(body, content_type) == (text, encoding)


def test_bytes_without_any_declaration_are_detected() -> None:
    text = "Дождь шёл весь день, и вечером река поднялась до моста. " * 20
    assert decode(text.encode("cp1251"))[0] == text


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    text, _ = decode(body, content_type)
    text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Rain"}',
        '<!-- {"@type": "NewsArticle", "headline": "Rain"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Rain"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Rain",}',
        '{"@type": "NewsArticle", "headline": "Ra\nin"}'.replace("Ra\nin", "Rain\n"),
        '{"@type": "NewsArticle",\n"headline": "Rain"\n"author": "Ada"}',
        '{"@type": "NewsArticle", "headline": "Rain"};',
        '{"@type": "NewsArticle", "headline": "R\\ain"}',
        '\ufeff{"@type": "NewsArticle", "headline": "Rain"}',
        '<!--//--><![CDATA[//><!--\n{"@type": "NewsArticle", "headline": "Rain"}\n//--><!]]>',
        '{"@type": "NewsArticle",, "headline": "Rain"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Rain&quot;}",
    ],
)
def test_broken_json_is_repaired_where_nothing_can_be_misread(script: str) -> None:
    nodes = jsonld.flatten([jsonld.parse(script)])
    assert jsonld.text_of(jsonld.story_of(nodes, "Rain")["headline"]) == "Rain"


def test_beyond_repair_is_none() -> None:
    assert jsonld.parse('{"@type": "NewsArticle", "headline": "Ra') is None
    assert jsonld.parse("[" * 100_000) is None


def test_the_storys_node_is_found_in_every_shape() -> None:
    story = {
        "@type": ["NewsArticle"],
        "headline": "Rain falls on the town",
        "author": {"@id": "#a"},
    }
    other = {"@type": "NewsArticle", "headline": "Another story", "datePublished": "2024-01-01"}
    author = {"@type": "Person", "@id": "#a", "name": "Ada Moss"}
    for value in (
        story,
        [other, story],
        {"@graph": [other, author, story]},
        {"@type": "WebPage", "mainEntity": story, "relatedLink": [other]},
        {"@type": "http://schema.org/WebPage", "hasPart": {"@type": "ItemList", "item": [story]}},
    ):
        nodes = jsonld.flatten([value, author])
        found = jsonld.story_of(nodes, "Rain falls on the town | The Post")
        assert found is story
        assert jsonld.resolve(found["author"], jsonld.by_id(nodes)) == [author]


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@type", "@graph", "@id", "name", "author", "headline"]), inner, max_size=4
    ), max_leaves=12))  # fmt: skip
def test_no_shape_of_json_raises(value: object) -> None:
    nodes = jsonld.flatten([value])
    story = jsonld.story_of(nodes, "x")
    known = jsonld.by_id(nodes)
    for key in ("author", "headline", "image"):
        jsonld.text_of(story.get(key))
        jsonld.resolve(story.get(key), known)
        list(jsonld.texts_of(story.get(key)))


def test_phrases_are_found_by_how_they_begin() -> None:
    assert phrases.between("Read more: the ferry is late")
    assert phrases.between("© 2024 The Paper")
    assert phrases.below("Komentarze (4)")
    assert not phrases.below("Komentarze zu lesen")
    assert phrases.between("اقرأ أيضا: السفن")
    assert not phrases.between("Read aloud, the letter took an hour.")
    assert phrases.below("You may also like")
    assert not phrases.below("You may leave the hall now, the guard said.")


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Ada Moss / AFP",
        "FOTO: dpa",
        "Temps de lecture : 3 min.",
        "Lesezeit: 3 Minuten",
        "اقرأ أيضًا: السفن",
        "इसे भी पढ़ें: पुल फिर खुला",
        "Simak juga: Kapal berlayar",
        "Il vous reste 20% de cet article à lire.",
        "Start the day with the best stories. Sign up for our Morning Tide newsletter.",
        "What do you think? Let us know in the comments below.",
        "Read our reviews of notable new fiction, updated every Wednesday.",
        "Join our WhatsApp community for the top stories",
        "Fotoğraf: AA",
        "写真：時事",
        "https://paper.example/a-story",
        "www.paper.example/a-story",
        "[embed]https://video.example/watch?v=1[/embed]",
        '[gallery ids="1,2"]',
        "Zobacz także: Most znów otwarty",
        "ये भी पढ़ें: पुल फिर खुला",
        "【関連記事】橋が再び開く",
        f"If you purchase a product or register through a link, we may be paid. {'By using it. ' * 20}",
        "This story was originally published by The Harbour Journal.",
        "This article was featured in the Tide newsletter. Sign up for it here.",
        "Reprinted with permission of Pier Press.",
        "More information: Ada Moss et al, On piers, Bridges (2026). DOI: 10.1234/pier.2026.5",
        "Citation: The bridge is open (2026, March 1) retrieved 2 March 2026 from https://paper.example/a",
    ],
)
def test_credits_addresses_and_teasers_stand_between_paragraphs(line: str) -> None:
    assert phrases.between(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photographs of the bridge were shown in the town hall.",
        "Photo: the word that her brother had written on the back of the box, and that nobody read",
        "https://paper.example/a-story is where the plan can be read.",
        "[Embedded] reporters saw the bridge.",
        "The school's newsletter said that the children had signed up for the trip.",
        "What do you think? asked the captain.",
        "Have your say, she told them.",
        "Copyright law has never settled the question, the judge wrote.",
        "Sponsored by Sen. Ruth Abara, the bill passed 5-2 on Monday.",
        "First published in 1962, her songbook sold 40,000 copies.",
        "“Share this land with your children,” she said.",
        "写真を見る人がいた。",
        "If you purchase a ticket for the ferry, it is good for the bridge as well.",
        "This story of a bridge was told by two engineers.",
        "Her study (doi: 10.1234/pier.2026.5) was read by two engineers.",
        "Citation: a word that the engineers retrieved from an old book.",
    ],
)
def test_sentences_that_begin_like_those_do_not(line: str) -> None:
    assert not phrases.between(line)


def test_the_boxes_around_one_reach_up_to_the_page_however_deep_it_lies() -> None:
    node = LexborHTMLParser("<p>").body
    assert node is not None
    box: Box | None = None
    for _ in range(MAX_DEPTH + 50):
        box = Box(node, "div", box)
    assert box is not None
    assert len(box.above()) == MAX_DEPTH + 50
    assert box.above(3) == [box, box.parent, box.parent.parent]  # type: ignore[union-attr] # made above


def test_a_fragment_is_repaired() -> None:
    assert repair.paragraphs("<p>One<p>Two <b>bold<br><br>Three</div>") == (
        "One",
        "Two bold",
        "Three",
    )


def test_what_a_template_adds_to_a_headline() -> None:
    names = {"thepost"}
    assert without_site("Rain falls - The Post", names) == "Rain falls"
    assert without_site("Rain falls | World | The Post", names, "Rain falls") == "Rain falls"
    assert without_site("Rain - a town - waits", names) == "Rain - a town - waits"
    assert without_site("The Post", names) == "The Post"


def test_one_picture_in_two_sizes() -> None:
    assert is_same_picture("https://a.example/8812345_w300.jpg", "https://b.example/8812345.webp")
    assert not is_same_picture(
        "https://a.example/1200x675/logo.jpg", "https://a.example/1200x675/x.jpg"
    )


def test_a_paper_nobody_knows_is_made_from_its_address() -> None:
    known = source_for("https://www.known.example/", {}).model_copy(update={"name": "known"})
    assert source_for("https://m.known.example/a", {"known": known}) is known
    made = source_for("https://blog.paper.co.uk/a-story", {"known": known})
    assert (made.name, made.domains) == ("paper_co_uk", ("paper.co.uk",))
    for odd in ("http://127.0.0.1/a", "http://[::1]/", "https://例え.jp/a", "nonsense", ""):
        assert source_for(odd, {}).owns(odd) in (True, False)


def test_a_bad_selector_is_named() -> None:
    source = source_for("https://a.example/", {})
    bad = Source.model_validate(
        {**source.model_dump(), "reading": [{"body": ["div.good > p", "div[[bad"]}]}
    )
    with pytest.raises(SourceError, match=r"a\.toml: reading\.0\.body: .*div\[\[bad"):
        check_selectors(bad, "a.toml")
    check_selectors(source, "a.toml")
