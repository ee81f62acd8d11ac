"""tdmrep.json: what a host reserves, by the longest location that matches; any bytes can be read."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch.reservations import Reservation, matches, parse_reservation


def held(rules: object, path: str) -> bool:
    return parse_reservation(json.dumps(rules).encode()).holds(path)


def rule(location: object, reserved: object = 1) -> dict[str, object]:
    return {"location": location, "tdm-reservation": reserved, "tdm-policy": "https://a.example/p"}


@pytest.mark.parametrize(
    ("rules", "path", "reserved"),
    [
        ([rule("/")], "/world/ferry", True),
        ([rule("*")], "/world/ferry", True),
        ([rule("/world*")], "/sports/ferry", False),
        ([rule("/world", 0)], "/world/ferry", False),
        ([rule("/"), rule("/free/", 0)], "/free/ferry", False),
        ([rule("/free/", 0), rule("/")], "/world/ferry", True),
        ([rule("/a", 0), rule("/a")], "/a", True),
        ([rule("/*.html$")], "/world/ferry.html", True),
        ([rule("/*.html$")], "/world/ferry.html?x=1", False),
        ([rule("/", "1")], "/a", True),
        ([rule("/", True)], "/a", True),
        ([rule("/", 2)], "/a", False),
        (rule("/"), "/a", True),  # one rule without its list
        ([rule(7), "x", None, rule("/b")], "/b", True),
        ([{"location": "/"}], "/a", False),
        ([], "/a", False),
        ("/", "/a", False),
    ],
)
def test_what_is_reserved(rules: object, path: str, reserved: bool) -> None:
    assert held(rules, path) is reserved


@given(st.text("/a*$", max_size=8), st.text("/ab$", max_size=10))
def test_a_location_matches_as_its_regular_expression_would(location: str, path: str) -> None:
    end = r"\Z" if location.endswith("$") else ""
    pattern = re.escape(location.removesuffix("$")).replace(r"\*", ".*") + end
    assert matches(location, path) == bool(re.match(pattern, path))


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(body: bytes) -> None:
    assert parse_reservation(body).holds("/") in (True, False)


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"\xff\xfe", b'{"location": {}}', b"null"])
def test_what_is_no_such_file_reserves_nothing(body: bytes) -> None:
    assert parse_reservation(body) == Reservation()


def test_absurd_locations_take_no_time() -> None:
    rules = [rule("/" + "*a" * 500 + "b$") for _ in range(300)]
    told = parse_reservation(json.dumps(rules).encode())
    started = time.monotonic()
    assert not told.holds("/" + "a" * 8_000)
    assert time.monotonic() - started < 1.0
