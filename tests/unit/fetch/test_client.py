"""Servers that misbehave: each ends in time, with the code that says what it did."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from contracts.wire import HOME, Answer, Play, Wire, http
from newsdesk.article import Response
from newsdesk.errors import FetchError, LimitExceeded
from newsdesk.fetch import Fetcher
from newsdesk.fetch.tries import Patience

LIMIT = 0.6
CAP = 1_000_000
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = OK + b"Content-Encoding: gzip\r\n\r\n"


def get(answer: Answer, *, tries: int = 2) -> tuple[Response | FetchError, float, Wire]:
    """What a page with small limits ends in, and after how many seconds."""

    async def go() -> tuple[Response | FetchError, float]:
        patience = Patience(tries=tries, first_wait=0.01)
        async with wire, Fetcher("newsdesk/0.0", patience=patience) as fetcher:
            source = wire.paper(timeout_seconds=LIMIT, max_bytes=CAP)
            await fetcher.sitemaps(source)
            started = time.monotonic()
            try:
                outcome: Response | FetchError = await fetcher.get(f"{HOME}/story", source)
            except FetchError as error:
                outcome = error
            return outcome, time.monotonic() - started

    wire = Wire({"/story": answer})
    outcome, seconds = asyncio.run(go())
    return outcome, seconds, wire


async def forever(writer: asyncio.StreamWriter, piece: bytes, pause: float) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


def drip(head: bytes, piece: bytes = b"x", pause: float = 0.02) -> Play:
    """Sends a beginning, and then a piece at a time without end."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await forever(writer, piece, pause)

    return play


def send(head: bytes, *pieces: bytes) -> Play:
    """Sends some bytes and hangs up."""

    async def play(writer: asyncio.StreamWriter) -> None:
        for piece in (head, *pieces):
            writer.write(piece)
            await writer.drain()

    return play


# -- slow ones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "play",
    [
        drip(b"", b"", 0.05),  # silence
        drip(b"", b"H", 10),  # one byte, then silence
        drip(OK + b"X-Slow: ", b"a"),  # a header that never ends
        drip(OK, b"X-More: 1\r\n", 0.02),  # headers that never end
        drip(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    ],
    ids=["silence", "one byte", "one header", "headers", "early hints"],
)
def test_an_answer_that_never_begins(play: Play) -> None:
    outcome, seconds, wire = get(play)
    assert isinstance(outcome, LimitExceeded)
    assert outcome.code == "timeout"
    assert seconds <= LIMIT + 0.5
    assert len(wire.asked) == 2  # half of the time is left for a second try


@pytest.mark.parametrize(
    "head",
    [
        OK + b"Content-Length: 100000\r\n\r\n",
        OK + b"\r\n",
        OK
        + b"Content-Length: 100000\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(bytes(9_000), 0, mtime=0)[:40],
    ],
    ids=["promised", "open", "gzip"],
)
def test_a_body_that_drips_is_cut_and_marked(head: bytes) -> None:
    outcome, seconds, wire = get(drip(head, b"\x00"))
    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.truncated) == (200, "time")
    assert 0 < len(outcome.raw) < 200
    assert LIMIT - 0.1 <= seconds <= LIMIT + 0.5
    assert wire.asked == ["/story"]


def test_a_late_header_leaves_less_time_for_the_body() -> None:
    async def play(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(LIMIT * 0.4)
        writer.write(OK + b"\r\n")
        await forever(writer, b"x", 0.02)

    outcome, seconds, _ = get(play)
    assert isinstance(outcome, Response)
    assert outcome.truncated == "time"
    assert seconds <= LIMIT + 0.15


def test_chunks_that_drip() -> None:
    outcome, seconds, _ = get(drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"))
    assert isinstance(outcome, Response)
    assert outcome.truncated == "time"
    assert set(outcome.body) == {ord("x")}
    assert seconds <= LIMIT + 0.5


# -- large ones -------------------------------------------------------------------------------


def test_an_endless_body_is_cut_and_marked() -> None:
    outcome, seconds, _ = get(drip(OK + b"\r\n", b"x" * 50_000, 0))
    assert isinstance(outcome, Response)
    assert outcome.truncated == "length"
    assert len(outcome.body) == len(outcome.raw) == CAP
    assert seconds <= LIMIT + 0.5


def test_a_body_of_just_the_limit_is_whole() -> None:
    outcome, _, _ = get(http(b"x" * CAP))
    assert isinstance(outcome, Response)
    assert (outcome.truncated, len(outcome.body)) == (None, CAP)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
    ],
)
def test_a_bomb_is_cut_and_marked(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    outcome, seconds, _ = get(
        http(pack(bytes(30_000_000)), "200 OK", f"Content-Encoding: {encoding}")
    )
    assert isinstance(outcome, Response)
    assert (outcome.truncated, len(outcome.body)) == ("length", CAP)
    assert len(outcome.raw) < CAP
    assert seconds <= LIMIT + 0.5


def test_bytes_that_decode_to_nothing_are_cut_too() -> None:
    blocks = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    outcome, seconds, _ = get(
        drip(OK + b"Content-Encoding: gzip\r\n\r\n" + blocks, b"\x00\x00\x00\xff\xff" * 10_000, 0)
    )
    assert isinstance(outcome, Response)
    assert (outcome.truncated, outcome.body) == ("length", b"")
    assert len(outcome.raw) < 2 * CAP
    assert seconds <= LIMIT + 0.5


@pytest.mark.parametrize(
    "head",
    [
        OK + b"X-Long: " + b"a" * 5_000_000 + b"\r\n\r\n",
        OK + b"X-Many: 1\r\n" * 200_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 100_000 + b"\r\n\r\n",
    ],
    ids=["long", "many", "reason"],
)
def test_a_huge_header_is_refused(head: bytes) -> None:
    outcome, seconds, wire = get(send(head))
    assert isinstance(outcome, LimitExceeded)
    assert outcome.code == "header_too_large"
    assert seconds <= LIMIT + 0.5
    assert wire.asked == ["/story"]


# -- malformed ones ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["gzip, gzip", "gzip,br", "aes128gcm", "gzip\r\nContent-Encoding: br"]
)
def test_an_encoding_that_is_not_one_known_token_is_refused(value: str) -> None:
    outcome, _, wire = get(http(gzip.compress(b"x"), "200 OK", f"Content-Encoding: {value}"))
    assert isinstance(outcome, LimitExceeded)
    assert outcome.code == "encoding_refused"
    assert wire.asked == ["/story"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(send(head, body), code, id=name)
        for name, head, body, code in [
            ("short", OK + b"Content-Length: 100\r\n\r\n", b"half", "body_broken"),
            ("no last chunk", CHUNKED, b"4\r\nhalf\r\n", "body_broken"),
            ("bad chunk", CHUNKED, b"4\r\nhalf\r\nzz\r\n", "broken body"),
            ("negative", OK + b"Content-Length: -5\r\n\r\n", b"x", "protocol_error"),
            ("two lengths", OK + b"Content-Length: 5\r\n" + CHUNKED[17:], b"", "protocol_error"),
            ("ssh", b"SSH-2.0-OpenSSH_9.2\r\n", b"", "protocol_error"),
            ("HTTP/0.9", b"<html>story</html>\r\n\r\n", b"", "protocol_error"),
            ("no colon", OK + b"no colon\r\n\r\n", b"", "protocol_error"),
            ("not gzip", PACKED, b"<html>", "encoding_broken"),
            ("cut gzip", PACKED, gzip.compress(b"x", mtime=0)[:-4], "encoding_broken"),
            ("many members", PACKED, gzip.compress(b"", mtime=0) * 200_000, "encoding_broken"),
            ("nothing", b"", b"", "connection_lost"),
            ("half a header", OK, b"", "connection_lost"),
        ]
    ],
)
def test_an_answer_that_cannot_be_used(answer: Play, code: str) -> None:
    outcome, seconds, _ = get(answer)
    assert isinstance(outcome, FetchError)
    if code == "broken body":  # known at once or later, as its packets come
        assert outcome.code in ("body_broken", "protocol_error")
    else:
        assert outcome.code == code
    assert outcome.subject == f"{HOME}/story"
    assert "\n" not in str(outcome)
    assert seconds <= LIMIT + 0.5


def test_a_next_page_is_not_harmed() -> None:
    async def go() -> None:
        wire = Wire(
            {
                "/flood": drip(OK + b"\r\n", b"x" * 50_000, 0),
                "/slow": drip(OK + b"\r\n"),
                "/broken": send(OK + b"Content-Length: 9\r\n\r\n"),
                "/story": http(b"fine"),
            }
        )
        async with wire, Fetcher("newsdesk/0.0", patience=Patience(tries=1)) as fetcher:
            source = wire.paper(timeout_seconds=LIMIT, max_bytes=CAP)
            for path in ("/flood", "/slow", "/broken"):
                try:
                    assert (await fetcher.get(HOME + path, source)).truncated
                except FetchError:
                    assert path == "/broken"
                assert (await fetcher.get(f"{HOME}/story", source)).body == b"fine"

    asyncio.run(go())
