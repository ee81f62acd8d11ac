from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch.robots import LONGEST_DELAY, MAX_BYTES, parse_robots

SITE = "https://paper.example"


def allows(robots: str, path: str) -> bool:
    return parse_robots(robots.encode()).allows(SITE + path)


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("User-agent: newsdesk\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/a", False),
        ("User-agent: newsdesk\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", True),
        ("User-agent: NewsDesk/1.0\nDisallow: /", "/a", False),
        ("User-agent: newsdesk the crawler\nDisallow: /", "/a", False),
        # a token stands for itself alone, not for what begins or ends with it
        ("User-agent: news\nAllow: /\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: desk\nAllow: /\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: newsdesk-images\nDisallow: /", "/a", True),
        # what is no rule closes no group
        ("User-agent: newsdesk\nFoo: bar\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: newsdesk\nCrawl-delay: 2\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: newsdesk\nSitemap: /s\nUser-agent: x\nDisallow: /", "/a", False),
        # the longest match decides, and a tie is allowed
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/a", True),
        ("User-agent: *\nAllow: /news\nDisallow: /news/old", "/news/old/a", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        # escapes: shut out by either reading, let in by both only
        ("User-agent: *\nDisallow: /%61bc", "/abc", False),
        ("User-agent: *\nDisallow: /abc", "/%61bc", False),
        ("User-agent: *\nDisallow: /\nAllow: /%61bc", "/abc", False),
        ("User-agent: *\nDisallow: /\nAllow: /%c3%bc", "/%C3%BC", True),
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\nDisallow: /search?q=", "/search?q=x", False),
        # careless files
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("  user-AGENT :*\n\tdisallow:/a # why", "/a", False),
        ("useragent *\ndisallow /a", "/a", False),
        ("User-agent: *\nDissallow: /a", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: *\n\nDisallow: /a", "/a", False),
    ],
)
def test_a_rule_means_what_the_standard_says(robots: str, path: str, allowed: bool) -> None:
    assert allows(robots, path) is allowed


def test_what_else_it_says() -> None:
    robots = parse_robots(
        b"Sitemap: https://paper.example/a.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x\n"
        b"sitemap:https://paper.example/b.xml # all\nSitemap:\n"
    )
    assert robots.sitemaps == ("https://paper.example/a.xml", "https://paper.example/b.xml")
    assert robots.delay == 2.5


@pytest.mark.parametrize(
    ("value", "delay"),
    [("86400", LONGEST_DELAY), ("-1", None), ("soon", None), ("inf", None), ("0", 0.0)],
)
def test_an_absurd_delay_is_bounded(value: str, delay: float | None) -> None:
    robots = parse_robots(f"User-agent: newsdesk\nCrawl-delay: {value}\n".encode())
    assert robots.delay == delay


def test_the_delay_of_another_robot_is_not_ours() -> None:
    assert (
        parse_robots(b"User-agent: slow\nCrawl-delay: 9\nUser-agent: *\nAllow: /\n").delay is None
    )


def test_half_a_rule_at_the_end_of_a_long_file_is_no_rule() -> None:
    head = b"User-agent: *\nDisallow: /\n"
    rule = b"Allow: /only-this-page\n"
    filling = b"#" * (MAX_BYTES - len(head) - len(b"\nAllow: /")) + b"\n"
    robots = parse_robots(head + filling + rule)
    assert not robots.allows(f"{SITE}/other")


def test_the_first_500_kib_count() -> None:
    filling = (b"# " + b"x" * 98 + b"\n") * 5_069
    assert 500 * 1024 > len(filling) > 500 * 1024 - 200
    assert not parse_robots(filling + b"User-agent: *\nDisallow: /\n").allows(f"{SITE}/a")


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(body: bytes) -> None:
    parse_robots(b"User-agent: *\n" + body).allows(f"{SITE}/a?b=c")


@given(st.binary(max_size=60).filter(lambda value: b"\n" not in value and b"\r" not in value))
def test_nothing_in_a_path_opens_a_shut_site(path: bytes) -> None:
    body = b"User-agent: *\nDisallow: /\nUser-agent: other\nAllow: " + path
    assert not parse_robots(body).allows(f"{SITE}/a")


def test_conformance(corpus: Path) -> None:
    failed, standard = [], 0
    for line in (corpus / "robots" / "cases.txt").read_text().splitlines():
        name, body, agent, url, expected, _ = line.split()
        robots, token, address = (
            b"" if text == "-" else bytes.fromhex(text) for text in (body, agent, url)
        )
        got = parse_robots(robots, token.decode()).allows(address.decode())
        standard += name.startswith("ID_")
        if got is not (expected == "1"):
            failed.append((name, robots[:200], token, address[:200], expected))
    assert failed == []
    assert standard == 72
