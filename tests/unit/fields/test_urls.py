from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.fields import urls

SABAH = {
    "domains": ["dailysabah.com"],
    "strip_suffixes": ["/amp", "/news"],
    "renamed": {"/turkey/": "/turkiye/"},
}
HOME = "https://www.dailysabah.com/"


# Frozen vectors: a changed one changes the identity of stories in tables that exist.
def sabah_key(url: str) -> str:
    shown = urls.canonical_url(url, home=HOME, domains=["dailysabah.com"], keep_query=[])
    return urls.canonical_key(shown, **SABAH)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.dailysabah.com/turkiye/ferry-resumes-after-storm/news",
        "https://dailysabah.com/turkiye/ferry-resumes-after-storm/news",
        "http://www.dailysabah.com/turkiye/ferry-resumes-after-storm/news/amp",
        "https://m.dailysabah.com/turkiye/ferry-resumes-after-storm/news/",
        "https://www.dailysabah.com/turkey/ferry-resumes-after-storm/news?utm_source=a&utm_medium=b",
        "https://WWW.DAILYSABAH.COM:443/turkiye/Ferry-Resumes-After-Storm/news#comments",
        "https://www.dailysabah.com/turkiye/ferry%2Dresumes-after-storm",
        "https://www.dailysabah.com/turkey/./x/../ferry-resumes-after-storm/news/amp/",
    ],
)
def test_all_addresses_of_a_story_have_one_key_and_one_frozen_id(url: str) -> None:
    key = sabah_key(url)
    assert key == "/turkiye/ferry-resumes-after-storm"
    assert urls.article_id("daily_sabah", key) == "b0bde9fd51fc28f3e87c2411929c2c67"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.dailysabah.com/world/asia-pacific/a-b-c", "/world/asia-pacific/a-b-c"),
        ("https://www.dailysabah.com/world/2016/02/03/a-b-c", "/world/2016/02/03/a-b-c"),
        ("https://ar.dailysabah.com/a-b", "ar.dailysabah.com/a-b"),
        ("https://elsewhere.example/a-b/news", "elsewhere.example/a-b"),
        ("https://www.dailysabah.com/arabic/%D8%A3%D8%A8", "/arabic/%D8%A3%D8%A8"),
        ("https://www.dailysabah.com/arabic/أب", "/arabic/%D8%A3%D8%A8"),
        ("https://www.dailysabah.com/", "/"),
        ("https://www.dailysabah.com/turkeys/a", "/turkeys/a"),
    ],
)
def test_keys_are_frozen(url: str, key: str) -> None:
    assert sabah_key(url) == key


def test_kept_query_parameters_tell_stories_apart() -> None:
    def key(url: str) -> str:
        shown = urls.canonical_url(
            url, home="https://example.com/", domains=["example.com"], keep_query=["id"]
        )
        return urls.canonical_key(shown, domains=["example.com"], strip_suffixes=(), renamed={})

    assert key("https://www.example.com/story?id=1&page=2") == "/story?id=1"
    assert key("https://example.com/story?id=2") == "/story?id=2"


@pytest.mark.parametrize(
    ("url", "base", "cleaned"),
    [
        (" https://Example.com ", None, "https://example.com/"),
        ("../b?gclid=1&q=2", "https://example.com/x/y/z", "https://example.com/x/b?q=2"),
        ("https://user:secret@example.com/a", None, "https://example.com/a"),
        ("https://example.com:8080/a", None, "https://example.com:8080/a"),
        ("http://example.com:80/a", None, "http://example.com/a"),
        ("https://münchen.example/ß", None, "https://xn--mnchen-3ya.example/%C3%9F"),
        ("https:\\\\example.com\\a?b=\\c", None, "https://example.com/a?b=%5Cc"),
        ("https://example.com/100%/a%2Fb", None, "https://example.com/100%25/a%2Fb"),
        ("http://[::1]:4567/a", None, "http://[::1]:4567/a"),
        ("ftp://example.com/", None, None),
        ("javascript:void(0)", "https://example.com/", None),
        ("https://", None, None),
        ("https://exa mple.com/", None, None),
        ("https://example.com:99999/", None, None),
        ("http://[::1/", None, None),
        ("/relative", None, None),
        ("https://example.com/" + "a" * 9_000, None, None),
    ],
)
def test_clean_url(url: str, base: str | None, cleaned: str | None) -> None:
    assert urls.clean_url(url, base) == cleaned


def test_another_host_of_the_paper_keeps_its_host_and_loses_amp() -> None:
    shown = urls.canonical_url(
        "https://blogs.example.com/a/amp?x=1",
        home="https://www.example.com/",
        domains=["example.com"],
        keep_query=[],
    )
    assert shown == "https://blogs.example.com/a"


addresses = st.one_of(
    st.text(max_size=60),
    st.builds(
        "https://{}{}/{}?{}#{}".format,
        st.sampled_from(["", "www.", "m.", "amp.", "ar."]),
        st.sampled_from(["dailysabah.com", "example.org", "ÖSTERREICH.example"]),
        st.text(max_size=40),
        st.text(max_size=20),
        st.text(max_size=5),
    ),
)


@given(addresses)
@settings(max_examples=200)
def test_folding_twice_is_folding_once(url: str) -> None:
    cleaned = urls.clean_url(url)
    if cleaned is None:
        return
    assert urls.clean_url(cleaned) == cleaned
    shown = urls.canonical_url(cleaned, home=HOME, domains=["dailysabah.com"], keep_query=["id"])
    again = urls.canonical_url(shown, home=HOME, domains=["dailysabah.com"], keep_query=["id"])
    assert again == shown
    key = urls.canonical_key(shown, **SABAH)
    if key.startswith("/"):
        assert urls.canonical_key("https://www.dailysabah.com" + key, **SABAH) == key


@given(st.text(max_size=80))
def test_nothing_raises(text: str) -> None:
    urls.clean_url(text, text)
    urls.canonical_url(text, home=HOME, domains=[text], keep_query=[])
    urls.article_id(text, urls.canonical_key(text, **SABAH))
    urls.on_domain(text, [text])
    urls.has_slug(urls.path_of(text))
    urls.is_front(text)
