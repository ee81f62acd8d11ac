"""Every kind of feed gives the same links; what is no feed says so."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.press import FEED, HOME, address, at, index, item, paper, rss, urlset
from newsdesk.article import Link
from newsdesk.discover import parse_feed
from newsdesk.discover.moments import AHEAD, EARLIEST
from newsdesk.errors import FeedError

ISTANBUL = paper(time_zone="Europe/Istanbul")


def parsed(body: bytes, **changes: Any) -> tuple[Link, ...]:
    made = {"url": FEED, "source": paper(), "looked_at": at(12), **changes}
    return parse_feed(body, **made)


RSS2 = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Post</title>
<item><title>The ferry left &amp;amp; came back</title><link>{address(1)}?utm_source=rss#top</link>
<guid isPermaLink="false">one</guid><dc:creator>Mina Aral</dc:creator><category>World</category>
<pubDate>Thu, 15 Jan 2026 11:00:00 +0300</pubDate></item>
<item><link>{address(2)}</link></item></channel></rss>""".encode()

RSS1 = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{FEED}"><title>Post</title></channel>
<item rdf:about="{address(1)}"><title>The ferry left &amp;amp; came back</title>
<link>{address(1)}</link><dc:creator>Mina Aral</dc:creator><dc:subject>World</dc:subject>
<dc:date>2026-01-15T11:00:00+03:00</dc:date></item>
<item rdf:about="{address(2)}"><link>{address(2)}</link></item></rdf:RDF>""".encode()

ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>
<entry><title>The ferry left &amp;amp; came back</title><id>tag:harbour-post.example,2026:1</id>
<link rel="alternate" href="{address(1)}"/><link rel="replies" href="{address(9)}"/>
<author><name>Mina Aral</name></author><category term="w" label="World"/>
<published>2026-01-15T08:00:00Z</published></entry>
<entry><id>two</id><link href="{address(2)}"/></entry></feed>""".encode()

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [
            {
                "id": "one",
                "url": address(1),
                "title": "The ferry left &amp; came back",
                "authors": [{"name": "Mina Aral"}],
                "tags": ["World"],
                "date_published": "2026-01-15T11:00:00+03:00",
            },
            {"id": "two", "external_url": address(2)},
            {"id": "three"},
            "not an item",
        ],
    }
).encode()


@pytest.mark.parametrize(
    "body", [RSS2, RSS1, ATOM, JSON_FEED], ids=["rss2", "rss1", "atom", "json"]
)
def test_all_formats_say_the_same(body: bytes) -> None:
    first, second = parsed(body)
    assert first == Link(
        source="harbour_post",
        url=address(1),
        article_id=paper().article_id(address(1)),
        via=("look",),
        seen_at=at(12),
        published_hint=at(8),
        headline_hint="The ferry left & came back",
        byline_hint="Mina Aral",
        section_hint="World",
    )
    assert second.url == address(2)
    assert second.published_hint is second.headline_hint is second.byline_hint is None


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
        b'{"version": "https://jsonfeed.org/version/1", "items": []}',
    ],
)
def test_a_feed_without_items_is_an_empty_feed(body: bytes) -> None:
    assert parsed(body) == ()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is an HTML page, not a feed"),
        (b"\n<HTML><p>Sign in", "is an HTML page, not a feed"),
        (urlset(), "is a sitemap, not a feed: name it under news_sitemaps"),
        (index([]), "is an index of sitemaps"),
        (b"", "is no feed"),
        (b"Service unavailable", "is no feed"),
        (b"<p>Sign in</p>", "is no feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is no feed"),
        (b"{}", "is JSON, but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "no JSON Feed"),
        (b'{"version": ', "is no JSON Feed"),
        (b'{"a":' * 50_000, "is no JSON Feed"),
        (b'{"a":[' + b"{}," * 200_000, "more than 150,000 objects"),
        (rss().replace(b"<rss", b"<!DOCTYPE a [<!ENTITY b 'c'>]><rss"), "declares entities"),
    ],
)
def test_what_is_no_feed_is_an_error_that_names_it(body: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why) as raised:
        parsed(body)
    assert raised.value.subject == FEED
    assert "\n" not in str(raised.value)


def test_billion_laughs_and_outer_entities_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (laughs, '<!ENTITY x SYSTEM "file:///etc/passwd">'):
        with pytest.raises(FeedError, match="declares entities"):
            parsed(rss(item(1, title="&l9;"), head=f"<!DOCTYPE rss [{declared}]>"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_entities_are_refused_in_every_encoding(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY b "c">]>'
    with pytest.raises(FeedError, match="declares entities"):
        parsed(rss(item(1), head=head).decode().encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1254", "iso-8859-9"])
def test_character_encodings(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    body = rss(item(1, title="Ölü Deniz'de fırtına"), head=head).decode().encode(encoding)
    assert parsed(body)[0].headline_hint == "Ölü Deniz'de fırtına"


def test_the_header_may_name_the_encoding() -> None:
    body = rss(item(1, title="fırtına"), head="").decode().encode("windows-1254")
    (found,) = parsed(body, content_type="application/rss+xml; charset=windows-1254")
    assert found.headline_hint == "fırtına"


def test_links_are_made_absolute_and_those_of_others_left_out() -> None:
    links = ["/world/a-relative-story-here", "b-relative-story-here", "//other.example/a-b-c-d"]
    links += ["https://harbour-post.example.evil.example/a-long-story", "javascript:alert(1)", ""]
    body = rss(*(f"<item><link>{link}</link></item>" for link in links))
    assert [found.url for found in parsed(body)] == [
        f"{HOME}world/a-relative-story-here",
        f"{HOME}rss/b-relative-story-here",
    ]


def test_a_story_that_stands_twice_is_one_link() -> None:
    twice = (
        item(1, title="A"),
        item(1, at(8), title="B"),
        item(1).replace(address(1), address(1) + "/amp"),
    )
    (found,) = parsed(rss(*twice))
    assert found.headline_hint == "A"
    assert found.published_hint == at(8)
    assert found.url == address(1)


@pytest.mark.parametrize(
    ("guid", "urls"),
    [
        (f"<guid>{address(1)}</guid>", [address(1)]),
        (f"<guid isPermaLink='false'>{address(1)}</guid>", [address(1)]),
        (f"<link></link><guid>{address(1)}</guid>", [address(1)]),
        (f"<link>{address(1)}</link><guid>9876543</guid>", [address(1)]),
        ("<guid>9876543</guid>", []),
        ("<guid isPermaLink='false'>9876543</guid>", []),
        ("<guid>tag:harbour-post.example,2026:9876543</guid>", []),
        ("<title>The ferry that left</title>", []),
    ],
)
def test_a_guid_is_a_link_only_when_it_looks_like_one(guid: str, urls: list[str]) -> None:
    assert [found.url for found in parsed(rss(f"<item>{guid}</item>"))] == urls


@pytest.mark.parametrize(
    "text",
    [
        "2022-02-30",
        "1642067520",
        "10000-01-01",
        "-0001-01-01",
        "2022-W02-4",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00Z",
        "1642-03-08",
        "1989-12-31T23:59:59Z",
        "Fri, 16 Jan 2026 12:00:01 GMT",
        "Thu, 32 Jan 2026 08:00:00 GMT",
        "15 Marraskuu 2025 08:00:00",
        "yesterday",
        "",
    ],
)
@pytest.mark.parametrize("element", ["pubDate", "dc:date"])
def test_a_date_that_is_none_is_never_invented(text: str, element: str) -> None:
    body = rss(item(1, **{element: text}))
    body = body.replace(b"<rss ", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    (found,) = parsed(body)
    assert found.published_hint is None
    assert found.modified_hint is None


def test_dates_without_zone_or_time_are_the_papers_own() -> None:
    body = rss(item(1, pubDate="15 Jan 2026 11:00:00"), item(2, pubDate="2026-01-15"))
    timed, dated = parsed(body, source=ISTANBUL)
    assert timed.published_hint == at(8)
    assert dated.published_hint == at(9)  # noon in Istanbul


def test_atom_tells_publication_from_change() -> None:
    body = ATOM.replace(b"</published>", b"</published><updated>2026-01-15T10:30:00Z</updated>")
    first, _ = parsed(body)
    assert (first.published_hint, first.modified_hint) == (at(8), at(10.5))
    only = ATOM.replace(b"<published>", b"<updated>").replace(b"</published>", b"</updated>")
    first, _ = parsed(only)
    assert (first.published_hint, first.modified_hint) == (None, at(8))


def test_dates_that_only_say_when_the_feed_was_made_say_nothing() -> None:
    now = [item(n, at(11.99) + dt.timedelta(seconds=n)) for n in range(12)]
    assert {found.published_hint for found in parsed(rss(*now))} == {None}
    spread = [item(n, at(11) + dt.timedelta(minutes=n)) for n in range(12)]
    assert None not in {found.published_hint for found in parsed(rss(*spread))}
    assert None not in {found.published_hint for found in parsed(rss(*now[:9]))}


def test_titles_are_plain_lines() -> None:
    titles = {
        "<b>Rain</b>\n over  the &amp; harbour": "Rain over the & harbour",
        "5 < 6 and 7 > 2": "5 < 6 and 7 > 2",
        "x" * 5_000: "x" * 1_000,
        "<script>alert(1)</script>": "alert(1)",
        " \u200b \u0085 ": "\u200b",
        "": None,
    }
    body = rss(*(item(n, title=title) for n, title in enumerate(titles)))
    assert [found.headline_hint for found in parsed(body)] == list(titles.values())


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_nul_and_control_characters_never_come_through(kind: str) -> None:
    if kind == "rss":
        body = rss(item(1, title="The\x00 fer\x07ry", author="Mi\x00na"))
    else:
        story = {
            "url": address(1),
            "title": "The\x00 fer\x07ry\ud800",
            "author": {"name": "\x1b[1m"},
        }
        feed = {"version": "https://jsonfeed.org/version/1", "items": [story]}
        body = json.dumps(feed).encode()
    (found,) = parsed(body)
    for text in (found.url, found.headline_hint, found.byline_hint):
        assert all(c.isprintable() for c in text or "")
    assert (found.headline_hint or "").split() in (["The", "fer", "ry"], ["The", "ferry"])


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    assert len(parsed(rss(item(1)), max_bytes=len(rss(item(1))))) == 1
    with pytest.raises(FeedError, match="longer than 10 bytes"):
        parsed(b"{" * 11, max_bytes=10)


JSON_HEAD = '{"version": "https://jsonfeed.org/version/1", "items": ['


@pytest.mark.parametrize(
    "feed",
    [
        lambda count: rss(*(item(n) for n in range(count))),
        lambda count: (
            '<feed xmlns="http://www.w3.org/2005/Atom">'
            + "".join(f'<entry><link href="{address(n)}"/></entry>' for n in range(count))
            + "</feed>"
        ).encode(),
        lambda count: (
            JSON_HEAD + ",".join(f'{{"url": "{address(n)}"}}' for n in range(count)) + "]}"
        ).encode(),
    ],
    ids=["rss", "atom", "json"],
)
def test_only_the_first_items_are_read(feed: Callable[[int], bytes]) -> None:
    found = parsed(feed(60), max_items=7)
    assert [link.url for link in found] == [address(n) for n in range(7)]


def test_a_huge_feed_costs_no_more_than_its_first_items() -> None:
    body = rss(*(item(n, at(8), title=f"The ferry {n}") for n in range(50_000)))
    began = time.process_time()
    assert len(parsed(body)) == 2_000
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    "inside",
    ["<a " + " ".join(f'a{n}="1"' for n in range(200_000)) + "/>", "<a>" * 100_000],
    ids=["attributes", "depth"],
)
def test_bombs_end_fast(inside: str) -> None:
    began = time.process_time()
    with pytest.raises(FeedError):
        parsed(rss(f"<item><link>{address(1)}</link>{inside}</item>"))
    assert time.process_time() - began < 2


DC = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:x='http://purl.org/dc/elements/1.1/'"
LETTERS = 100_000


@pytest.mark.parametrize("end", ["</rss>", "<"], ids=["strict", "loose"])
@pytest.mark.parametrize(
    "author",
    [
        "<author>{}</author>",
        "<author><![CDATA[{}]]></author>",
        "<author><name></name>{}</author>",
        "<dc:creator>{}</dc:creator>",
        "<x:creator>{}</x:creator>",
        "<managingEditor>{}</managingEditor><author/><author/>",
        "<webMaster>{}</webMaster>",
        "<x:publisher>{}</x:publisher>",
        "<contributor>{}</contributor>",
    ],
)
def test_no_name_is_searched_for_an_address(
    author: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search takes a time that grows with the square of the name: 37 seconds for this one."""
    searched: list[str] = []

    class Patterns:
        def __getattr__(self, name: str) -> Any:
            return getattr(re, name)

        def search(self, pattern: str, text: str) -> object:
            searched.append(pattern)
            return re.search(pattern, text[:1_000])

    monkeypatch.setattr("feedparser.mixin.re", Patterns())
    body = rss(item(1).replace("</item>", author.format("a" * LETTERS) + "</item>"))
    body = body.replace(b"<rss ", f"<rss {DC} ".encode()).replace(b"</rss>", end.encode())
    assert len(parsed(body)) == 1
    assert not [pattern for pattern in searched if "@" in pattern]


def test_a_name_without_end_ends_fast() -> None:
    began = time.process_time()
    (found,) = parsed(rss(item(1, author="a" * LETTERS)))
    assert found.byline_hint == "a" * 1_000
    assert time.process_time() - began < 4


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
ITEMS = st.dictionaries(
    st.sampled_from(
        ["url", "external_url", "title", "authors", "author", "tags", "date_published"]
    ),
    VALUES | st.just(address(1)) | st.just("2026-01-15T08:00:00Z"),
)


@given(st.lists(ITEMS | VALUES, max_size=4))
def test_json_feeds_of_any_content_are_read_or_refused(items: list[Any]) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    for found in parsed(json.dumps(feed).encode()):
        assert found.seen_at == at(12)
        assert found.url.startswith(HOME)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_thrown_into_a_feed_raise_nothing_else(junk: bytes, where: int) -> None:
    body = RSS2[:where] + junk + RSS2[where:]
    try:
        found = parsed(body)
    except FeedError:
        return
    hints = [link.published_hint for link in found if link.published_hint]
    assert all(EARLIEST <= hint <= at(12) + AHEAD for hint in hints)
