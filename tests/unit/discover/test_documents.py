"""What is refused before a parser sees it, and how fast."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.discover.documents import (
    MAX_TAGS,
    refuse_absurd,
    refuse_declarations,
    root_of,
    unzipped,
)
from newsdesk.errors import FeedError

URL = "https://www.harbour-post.example/rss"


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)  # the time of packing would stand in the test's name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", ""),
        (b"plain text", ""),
        (b"<rss version='2.0'>", "rss"),
        (b"\xef\xbb\xbf \n<RSS>", "rss"),
        (b"<?xml version='1.0'?><?style x?><!-- <html> --><feed xmlns='a'>", "feed"),
        (b"<rdf:RDF xmlns:rdf='a'>", "rdf"),
        (b"<!doctype html><p>", "html"),
        (b"<!DOCTYPE\n HTML PUBLIC '-//W3C'><p>", "html"),
        (b"<!DOCTYPE rss SYSTEM 'rss-0.91.dtd'><rss>", "rss"),
        (b"<!-- never closed", ""),
        (b"<?never closed", ""),
    ],
)
def test_the_first_element_tells_what_a_document_is(body: bytes, name: str) -> None:
    assert root_of(body) == name


@given(st.binary(max_size=300))
def test_any_bytes_have_a_root_or_none(body: bytes) -> None:
    assert root_of(body) == root_of(body).lower()


@given(st.lists(st.binary(max_size=500), min_size=1, max_size=5))
def test_gzip_of_one_or_several_members(parts: list[bytes]) -> None:
    body = b"".join(zipped(part) for part in parts)
    assert unzipped(body, url=URL, limit=2_500) == b"".join(parts)
    assert unzipped(body + b"\0" * 8, url=URL, limit=2_500) == b"".join(parts)


def test_what_is_not_gzip_stays_as_it_is() -> None:
    assert unzipped(b"<urlset/>", url=URL, limit=9) == b"<urlset/>"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"123456", "longer than 5 bytes"),
        (zipped(b"123456"), "longer than 5 bytes when unpacked"),
        (zipped(b"123") + zipped(b"456"), "longer than 5 bytes when unpacked"),
        (zipped(b"0" * 100_000_000), "longer than 5 bytes when unpacked"),
        (zipped(b"12345")[:-9], "ends too early"),
        (b"\x1f\x8bnot gzip", "broken gzip"),
        (zipped(b"") * 101, "more than 100 members"),
    ],
)
def test_broken_and_hostile_gzip_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(FeedError, match=why) as raised:
        unzipped(body, url=URL, limit=5)
    assert raised.value.subject == URL


def test_gzip_of_exactly_the_limit_is_taken() -> None:
    assert unzipped(zipped(b"12345"), url=URL, limit=5) == b"12345"


@pytest.mark.parametrize("body", [b"<!ENTITY a 'b'>", b"<!doctype x [<!entity a 'b'>]>"])
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(FeedError, match="entities"):
        refuse_declarations(body, url=URL)


RSS_091 = (
    b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
    b' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)


@pytest.mark.parametrize(
    "body",
    [
        RSS_091 + b"<rss/>",
        b"<?xml version='1.0'?>\n<!-- a -->" + RSS_091 + b"<rss/>",
        b"<!DOCTYPE rss SYSTEM 'rss-0.91.dtd'><rss/>",
        b"<!doctype rdf:RDF ><rdf:RDF/>",
        b"<!-- <!DOCTYPE rss [ --><rss/>",
        b"<rss><title><![CDATA[<!DOCTYPE html [ is how it begins]]></title></rss>",
    ],
)
def test_a_feed_may_name_its_document_type(body: bytes) -> None:
    refuse_declarations(body, url=URL)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss [ <!ELEMENT rss ANY> ]><rss/>",
        b"\xef\xbb\xbf <?xml version='1.0'?><!DOCTYPE rss [<!ATTLIST item a CDATA 'b'>]><rss/>",
        b"<!DOCTYPE rss SYSTEM 'a' [ ]><rss/>",
        b"<!DOCTYPE rss PUBLIC 'a>b' 'c' [ ]><rss/>",
        RSS_091 + b"<!-- a --><!DOCTYPE rss [ ]><rss/>",
        b"<!DOCTYPE urlset><urlset/>",
        b"<!DOCTYPE rssx><rssx/>",
        b"<!DOCTYPE rss",
    ],
)
def test_a_document_type_that_declares_or_is_unknown_is_refused(body: bytes) -> None:
    with pytest.raises(FeedError, match="document type"):
        refuse_declarations(body, url=URL)


def numbered(text: str, count: int) -> bytes:
    return "".join(text.replace("#", str(number)) for number in range(count)).encode()


BOMBS = {
    "200,000 attributes": (b"<a " + numbered('a#="1" ', 200_000) + b"/>", "attributes"),
    "attributes after a sign of more": (
        b'<a x=">" ' + numbered('a#="1" ', 8_000) + b"/>",
        "attributes",
    ),
    "attributes after a stray quote": (b'<a x=y"z ' + numbered("a#=1 ", 8_000) + b"/>", "attrib"),
    "100,000 deep": (b"<a>" * 70_000 + b"</a>" * 70_000, "nested deeper"),
    "deep in what looks like items": (b"<items>" * 100_000, "nested deeper"),
    "tags": (b"<a/>" * (MAX_TAGS + 1), "more than 150,000 tags"),
    "references": (b"<a>" + b"&amp;" * 1_000_001 + b"</a>", "references"),
    "categories of one item": (b"<item>" + numbered("<category>x#", 20_000), "keywords"),
    "categories without text": (b"<entry>" + b"<category term='x'/>" * 20_000, "keywords"),
    "a list of keywords": (
        b"<m:keywords><![CDATA[" + numbered("x#,", 20_000) + b"]]></m:keywords>",
        "keywords",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_at_once(name: str) -> None:
    body, why = BOMBS[name]
    began = time.process_time()
    with pytest.raises(FeedError, match=why):
        refuse_absurd(body, url=URL)
    assert time.process_time() - began < 2


def test_a_large_honest_feed_is_not_absurd() -> None:
    story = (
        "<item><title>The ferry # left</title><link>https://www.harbour-post.example/#</link>"
        "<category>Harbour</category><category term='Sea'/><media:keywords>a,b,c,d</media:keywords>"
        "<description><![CDATA[" + "<p>At noon, the ferry left.<br>" * 8 + "]]></description>"
        "<content>" + "x=1, and " * 300 + "</content>"
        "</item>"
    )
    refuse_absurd(b"<rss><channel>" + numbered(story, 2_000) + b"</channel></rss>", url=URL)


@given(st.text(alphabet="<>/\"'=& ,abcategory:!?-[]", max_size=400))
def test_odd_markup_is_counted_and_let_through(text: str) -> None:
    refuse_absurd(text.encode(), url=URL)
