from __future__ import annotations

import time

import pytest

from contracts.wire import paper
from newsdesk.errors import AddressRefused
from newsdesk.fetch.target import named, redirected, target_of

VIA = "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("url", "connect", "origin"),
    [
        ("http://a.test/x?y=%2F", "http://a.test/x?y=%2F", "http://a.test"),
        ("https://A.Test:443/%41", "https://a.test/%41", "https://a.test"),
        ("http://a.test:8080", "http://a.test:8080/", "http://a.test:8080"),
        ("http://a.test/b c#d", "http://a.test/b%20c", "http://a.test"),
        ("http://a.test/a/../b", "http://a.test/b", "http://a.test"),
        ("http://bücher.test/ü", "http://xn--bcher-kva.test/%C3%BC", "http://xn--bcher-kva.test"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/", "http://[2606:4700::1]"),
        ("https://a_b.test/", "https://a_b.test/", "https://a_b.test"),
    ],
)
def test_a_url_is_asked_for_as_it_is_written(url: str, connect: str, origin: str) -> None:
    target = target_of(url, paper())
    assert (str(target.connect), target.origin) == (connect, origin)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.test/x",
        "//a.test/x",
        "file:///etc/passwd",
        "gopher://a.test/",
        "ftp://a.test/",
        "data:text/html,x",
        "http://",
        "http:///x",
        "http://a b.test/",
        "http://a.test:99999/",
        "http://[::1/",
        "http://exa%6dple.test/",
        "http://*.a.test/",
        "http://a.test\\@b.test/",
        "http://user@a.test/",
        "http://user:secret@a.test/",
        "http://:secret@a.test/",
        "http:/u:secret@a.test/",
        "http:///u:secret@a.test/",
        "http:u:secret@a.test/",
        "u:secret@a.test/",
        "http://u:s@secret/@a.test/",
        "http://u:x/secret@a.test/",
        "http://u:pass\\secret@a.test/",
        "http://u:secret@a.test/" + "x" * 9_000,
        "http://@a.test/",
        "http://[fe80::1%25eth0]/",
        "http://a.test/" + "x" * 9_000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        target_of(url, paper())
    assert refused.value.code == "url_refused"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://u:p@a.test/x", "http://a.test/x"),
        ("http:\\\\u:p@a.test/x", "http:\\\\a.test/x"),
        ("https://u@a.test", "https://a.test"),
        ("https://u@a.test/x@y", "https://a.test/x@y"),
        ("http:/u:p@a.test/", "http:/a.test/"),
        ("http:///u:p@a.test/", "http:///a.test/"),
        ("http:u:p@a.test/", "http:a.test/"),
        ("u:p@a.test/", "u:a.test/"),
        ("http://u:p/q@a.test/", "http://a.test/"),
        ("http://u:p?q\n@r@a.test/", "http://a.test/"),
        ("http://a.test/user@example", "http://a.test/user@example"),
        ("http://a.test?q=a:b@c", "http://a.test?q=a:b@c"),
        ("https://a.test/x:y@z", "https://a.test/x:y@z"),
    ],
)
def test_credentials_are_never_named(url: str, shown: str) -> None:
    assert named(url) == shown


def test_naming_takes_no_time() -> None:
    began = time.process_time()
    assert len(named("http://" + ":" * 1_000_000)) == 500
    assert time.process_time() - began < 1


def test_a_stand_in_answers_for_the_papers_own_hosts_alone() -> None:
    source = paper(fetch_via=VIA)
    own = target_of("https://www.paper.example/a?b", source)
    assert str(own.connect) == f"{VIA}/a?b"
    assert (own.host_header, own.url) == ("www.paper.example", "https://www.paper.example/a?b")
    other = target_of("https://elsewhere.example/a", source)
    assert other.via is None
    assert str(other.connect) == "https://elsewhere.example/a"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://www.paper.example/b"),
        ("b?c", "https://www.paper.example/x/b?c"),
        ("//m.paper.example/b", "https://m.paper.example/b"),
        ("http://elsewhere.example/", "http://elsewhere.example/"),
        (f"{VIA}/b?c", "https://www.paper.example/b?c"),
        (VIA, "https://www.paper.example/"),
        (f"{VIA}4/b", f"{VIA}4/b"),
    ],
)
def test_where_a_redirect_leads(location: str, url: str) -> None:
    target = target_of("https://www.paper.example/x/y", paper(fetch_via=VIA))
    assert redirected(target, location) == url


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "127.1", "0177.0.0.1", "0x7f000001", "0x7f.1", "127.0.0.01", "256.1.1.1"),
        *("1.2.3.4.5", "127.0.0.1.", "foo.09", "foo.0x4", "1.2.3."),
    ],
)
def test_an_address_in_an_odd_notation_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused, match="odd notation"):
        target_of(f"http://{host}/", paper())


def test_a_name_may_hold_numbers() -> None:
    for host in ("127.0.0.1", "24.example", "0x4.example", "a.b2", "1.2.3.4.example"):
        assert target_of(f"http://{host}/", paper()).host == host
