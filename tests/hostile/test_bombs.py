"""Bombs of 256 MiB: each is stopped at the cap, in time, and without the memory that it wants."""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd

from contracts.wire import Wire, http

pytestmark = pytest.mark.hostile

MIB = 1 << 20
BOMB = 256 * MIB
CAP = 10 * MIB
GROWTH = 32 * MIB

FETCH = """
import asyncio, json, sys, time
from contracts.memory import forget, most
from contracts.wire import paper
from newsdesk.errors import FetchError
from newsdesk.fetch import Fetcher
from newsdesk.fetch.tries import Patience

async def main(via):
    source = paper(fetch_via=via, timeout_seconds=10, max_bytes=10 * 1024 * 1024)
    async with Fetcher("newsdesk/0.0", patience=Patience(tries=1)) as fetcher:
        await fetcher.get("http://paper.example/small", source)
        before = forget()
        started = time.monotonic()
        try:
            response = await fetcher.get("http://paper.example/bomb", source)
            said = [response.truncated, len(response.body)]
        except FetchError as error:
            said = [error.code, 0]
        seconds = time.monotonic() - started
        print(json.dumps([*said, seconds, most() - before]))

asyncio.run(main(sys.argv[1]))
"""


def zeros() -> Iterator[bytes]:
    for _ in range(BOMB // MIB):
        yield bytes(MIB)


def gzip_bomb() -> bytes:
    pack = zlib.compressobj(9, wbits=31)
    return b"".join(pack.compress(piece) for piece in zeros()) + pack.flush()


def brotli_bomb() -> bytes:
    pack = brotli.Compressor(quality=5)
    return b"".join(pack.process(piece) for piece in zeros()) + bytes(pack.finish())


def zstd_bomb() -> bytes:
    pack = zstd.ZstdCompressor()
    return b"".join(pack.compress(piece) for piece in zeros()) + pack.flush()


async def fetched(answer: bytes) -> tuple[str, int, float, int]:
    """What a process of its own made of it: code, bytes, seconds, memory it grew by."""
    here = Path(__file__).resolve().parents[2]
    path = f"{here / 'include'}:{here / 'tests'}"
    async with Wire({"/bomb": answer, "/small": http(b"x")}) as wire:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FETCH, wire.url, stdout=-1, env={"PYTHONPATH": path}
        )
        out, _ = await process.communicate()
    assert process.returncode == 0
    said, size, seconds, grown = json.loads(out)
    return said, size, seconds, grown


@pytest.mark.parametrize(
    ("encoding", "make"), [("gzip", gzip_bomb), ("br", brotli_bomb), ("zstd", zstd_bomb)]
)
def test_a_bomb_is_stopped_at_the_cap(encoding: str, make: object) -> None:
    assert callable(make)
    bomb = http(make(), "200 OK", f"Content-Encoding: {encoding}")
    said, size, seconds, grown = asyncio.run(fetched(bomb))
    assert (said, size) == ("length", CAP)
    assert seconds < 3
    assert CAP <= grown <= GROWTH  # what was kept of it, at least, is seen


def test_a_chained_bomb_is_refused() -> None:
    packed = zlib.compressobj(9, wbits=31)
    twice = packed.compress(gzip_bomb()) + packed.flush()
    said, _, seconds, grown = asyncio.run(
        fetched(http(twice, "200 OK", "Content-Encoding: gzip, gzip"))
    )
    assert said == "encoding_refused"
    assert seconds < 3
    assert grown <= GROWTH
