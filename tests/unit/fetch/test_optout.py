"""Opting out of text mining and training: header lines, meta elements, robots.txt."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.article import Response
from newsdesk.fetch.optout import AGENTS, HEAD_BYTES, signals
from newsdesk.fetch.robots import parse_robots

AT = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)


def response(*lines: tuple[str, str], body: bytes = b"") -> Response:
    return Response("https://a/", "https://a/", 200, "", lines, body, body, AT)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TDM-Reservation", "1", ("tdm-reservation",)),
        ("tdm-reservation", " 1 ", ("tdm-reservation",)),
        ("tdm-reservation", "0", ()),
        ("X-Robots-Tag", "noai", ("noai",)),
        ("X-Robots-Tag", "noindex, NoAI, noimageai", ("noai",)),
        ("X-Robots-Tag", "somebot: noai", ("noai",)),
        ("X-Robots-Tag", "noindex, noimageai", ()),
        ("X-Other", "noai", ()),
    ],
)
def test_header_lines(name: str, value: str, told: tuple[str, ...]) -> None:
    assert signals(response((name, value))) == told


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        (b'<meta name="tdm-reservation" content="1">', ("tdm-reservation",)),
        (b"<META content=1 NAME=tdm-reservation />", ("tdm-reservation",)),
        (b"<meta name='robots' content='index, noai'>", ("noai",)),
        (b'<meta name="robots" content="index, follow">', ()),
        (b'<meta property="tdm-reservation" content="1">', ()),
        (b'<meta name="description" content="noai">', ()),
    ],
)
def test_meta_elements(tag: bytes, told: tuple[str, ...]) -> None:
    assert signals(response(body=b"<html><head>" + tag + b"</head>")) == told
    assert signals(response(body=b" " * HEAD_BYTES + tag)) == ()


@given(st.binary(max_size=300))
def test_any_bytes_can_be_searched(body: bytes) -> None:
    assert signals(response(body=b"<meta " + body + b">")) in ((), ("noai",), ("tdm-reservation",))


def test_crawlers_that_robots_txt_shuts_out_by_name() -> None:
    rules = parse_robots(
        b"User-agent: *\nDisallow: /private\n\nUser-agent: GPTBot\nUser-agent: ccbot\n"
        b"Disallow: /\n\nUser-agent: ClaudeBot\nDisallow: /archive/\n",
        others=AGENTS,
    )
    assert rules.allows("https://a/world/1")
    assert rules.shut_out("https://a/world/1") == ("GPTBot", "CCBot")
    assert rules.shut_out("https://a/archive/1") == ("GPTBot", "CCBot", "ClaudeBot")
    assert parse_robots(b"User-agent: *\nDisallow: /x", others=AGENTS).shut_out("https://a/x") == ()
