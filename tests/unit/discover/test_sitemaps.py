"""Sitemaps of every form; large ones in little memory, hostile ones refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.press import HOME, NEWS_SITEMAP, address, at, entry, index, paper, urlset
from newsdesk.discover import Entry, Sitemap, parse_sitemap
from newsdesk.discover.sitemaps import MAX_ENTRIES, news_links
from newsdesk.errors import FeedError

URL = f"{HOME}sitemap.xml"


def parsed(body: bytes, zone: dt.tzinfo = dt.UTC) -> Sitemap:
    return parse_sitemap(body, url=URL, zone=zone)


def test_entries_with_the_news_and_image_extensions() -> None:
    image = "<image:image><image:loc> https://i.example/1.jpg </image:loc></image:image>"
    body = urlset(
        entry(address(1), "2026-01-15T10:00:00+03:00", "2026-01-15T08:00:00.5+03:00").replace(
            "</url>", f"{image}</url>"
        ),
        entry(address(2)),
        "<url><lastmod>2026-01-15</lastmod></url>",
    )
    found = parsed(body)
    assert (found.kind, found.whole, found.children) == ("urlset", True, ())
    first, second = found.entries
    assert first.url == address(1)
    assert first.modified is not None
    assert first.modified.instant == at(7)
    assert first.published is not None
    assert first.published.instant == at(5) + dt.timedelta(seconds=0.5)
    assert (first.title, first.language) == ("The ferry left", "en")
    assert first.images == ("https://i.example/1.jpg",)
    assert second == Entry(address(2))


def test_an_index_of_sitemaps() -> None:
    found = parsed(index([f"{HOME}a.xml", (f"{HOME}b.xml.gz", "2026-01")]))
    assert (found.kind, found.entries) == ("index", ())
    assert [child.url for child in found.children] == [f"{HOME}a.xml", f"{HOME}b.xml.gz"]
    assert found.children[0].modified is None
    assert found.children[1].modified is not None
    assert found.children[1].modified.end == at(0, dt.date(2026, 2, 1))


def test_a_date_without_zone_is_the_papers_own() -> None:
    (found,) = parsed(urlset(entry(address(1), "2026-01-15")), ZoneInfo("Europe/Istanbul")).entries
    assert found.modified is not None
    assert found.modified.start == at(-3)


@pytest.mark.parametrize("lastmod", ["2022-02-30", "10000-01-01", "0", "yesterday", "-", "x" * 999])
def test_a_date_that_is_none_is_none(lastmod: str) -> None:
    assert parsed(urlset(entry(address(1), lastmod))).entries == (Entry(address(1)),)


@pytest.mark.parametrize(
    "namespace",
    ["", ' xmlns="http://www.google.com/schemas/sitemap/0.84"', ' xmlns:s="a"'],
)
def test_any_namespace_will_do(namespace: str) -> None:
    body = f"<urlset{namespace}><url><loc>{address(1)}</loc></url></urlset>".encode()
    assert [found.url for found in parsed(body).entries] == [address(1)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-9"])
def test_character_encodings(encoding: str) -> None:
    body = urlset(entry(address(1), published="2026-01-15").replace("ferry", "fırtına"))
    body = body.decode().replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"').encode(encoding)
    assert parsed(body).entries[0].title == "The fırtına left"


def test_gzip_is_told_by_its_bytes() -> None:
    body = urlset(entry(address(1)))
    assert parsed(gzip.compress(body)) == parsed(body)


def test_plain_text() -> None:
    body = f"\ufeff{address(1)}\r\n\r\n{address(2)}\nnot an address\n".encode()
    assert [found.url for found in parsed(body).entries] == [address(1), address(2)]
    assert parsed(body).kind == "urlset"


def test_empty_ones() -> None:
    assert parsed(urlset()).entries == ()
    assert parsed(index([])).children == ()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "its root element is missing"),
        (b"<!DOCTYPE html><html>", "is an HTML page, not a sitemap"),
        (b"<rss/>", "its root element is rss"),
        (b"\x89PNG", "is no sitemap"),
        (urlset(entry(address(1)))[:-20], "malformed"),
        (b"<urlset><url></urlset>", "malformed"),
        (b"<!DOCTYPE urlset><urlset/>", "document type"),
        (b"<!DOCTYPE urlset [<!ENTITY a 'b'>]><urlset/>", "entities"),
        (b"<urlset><url><loc>&a;</loc></url></urlset>", "malformed"),
        (b"<urlset>" + b"<a>" * 100_000, "malformed"),
        (b"<urlset>" + b"<a/>" * 2_000_001, "more than 2,000,000 tags"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000, mtime=0), "longer than 52,428,800 bytes"),
        (gzip.compress(urlset(), mtime=0)[:-9], "ends too early"),
    ],
)
def test_what_is_no_sitemap_is_an_error_that_names_it(body: bytes, why: str) -> None:
    began = time.process_time()
    with pytest.raises(FeedError, match=why) as raised:
        parsed(body)
    assert raised.value.subject == URL
    assert time.process_time() - began < 3


def test_the_attributes_of_a_tag_are_read_in_no_time() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(200_000))
    began = time.process_time()
    assert parsed(f"<urlset><url {attributes}/></urlset>".encode()).entries == ()
    assert time.process_time() - began < 3


@given(st.binary(max_size=100), st.integers(0, 700))
def test_bytes_thrown_into_a_sitemap_raise_nothing_else(junk: bytes, where: int) -> None:
    body = urlset(entry(address(1), "2026-01-15", "2026-01-15T08:00Z"))
    with contextlib.suppress(FeedError):
        assert len(parsed(body[:where] + junk + body[where:]).entries) <= 1


def test_entries_beyond_the_limit_are_not_read() -> None:
    many = parsed(urlset(*(entry(address(n)) for n in range(MAX_ENTRIES + 1))))
    assert (len(many.entries), many.whole) == (MAX_ENTRIES, False)
    lines = "\n".join(address(n) for n in range(MAX_ENTRIES + 1))
    assert len(parsed(lines.encode()).entries) == MAX_ENTRIES
    assert not parsed(lines.encode()).whole
    assert parsed(lines.rpartition("\n")[0].encode()).whole


MEASURE = """
import sys, time
from pathlib import Path
from contracts.memory import forget, most
from newsdesk.discover import parse_sitemap
body = Path(sys.argv[1]).read_bytes()
parse_sitemap(body[:body.index(b"</url>") + 6] + b"</urlset>", url="warm")
before, began = forget(), time.process_time()
assert len(parse_sitemap(body, url="https://a.example/s.xml").entries) == 50_000
print(most() - before, time.process_time() - began)
"""


def test_fifty_thousand_entries_take_little_memory_and_time(tmp_path: Path) -> None:
    file = tmp_path / "sitemap.xml"
    file.write_bytes(
        urlset(*(entry(address(n), "2026-01-15T08:00Z", "2026-01-15") for n in range(50_000)))
    )
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    grown, seconds = done.stdout.split()
    assert int(grown) < 50_000_000  # some 700 bytes an entry; a tree of it takes four times as much
    assert float(seconds) < 10


def test_links_of_a_news_sitemap() -> None:
    body = urlset(
        entry(address(1), "2026-01-15T10:00Z", "2026-01-15T08:00Z"),
        entry("/world/the-ferry-number-2"),
        entry(address(1)),
        entry(f"{HOME}world"),
        entry("https://other.example/the-ferry-number-3", published="2026-01-15"),
        entry(address(4), published="1642-01-01"),
    )
    first, second, fourth = news_links(
        parse_sitemap(body, url=NEWS_SITEMAP), paper(), looked_at=at(12)
    )
    assert (first.url, first.via, first.seen_at) == (address(1), ("news_sitemap",), at(12))
    assert (first.published_hint, first.modified_hint) == (at(8), at(10))
    assert first.headline_hint == "The ferry left"
    assert second.url == address(2)
    assert fourth.published_hint is None


def test_an_index_is_no_news_sitemap() -> None:
    with pytest.raises(FeedError, match="name the news sitemaps themselves"):
        news_links(parsed(index([f"{HOME}a.xml"])), paper(), at(12))
