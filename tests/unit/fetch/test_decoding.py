from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.fetch import decoding
from newsdesk.fetch.decoding import (
    MAX_MEMBERS,
    Decoder,
    DecodingError,
    UnknownEncoding,
    content_encoding,
    decoded,
)


def raw_deflate(data: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(data) + pack.flush()


PACK = {
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
PACKED = sorted(set(PACK) - {"identity"})


@pytest.mark.parametrize(
    ("values", "encoding"),
    [([], "identity"), ([""], "identity"), ([" BR "], "br"), (["x-gzip"], "gzip")],
)
def test_one_known_token(values: list[str], encoding: str) -> None:
    assert content_encoding(("content-ENCODING", value) for value in values) == encoding


@pytest.mark.parametrize(
    "values", [["gzip, gzip"], ["gzip", "br"], ["compress"], ["gzip;q=1"], ["utf-8"], ["gzip,"]]
)
def test_anything_else_is_refused(values: list[str]) -> None:
    with pytest.raises(UnknownEncoding):
        content_encoding([("Content-Encoding", value) for value in values])


@given(
    encoding=st.sampled_from(sorted(PACK)),
    body=st.binary(max_size=3_000),
    times=st.integers(1, 40),
    step=st.integers(1, 700),
    piece=st.sampled_from([1, 7, 64, 1_000, decoding.PIECE]),
    limit=st.integers(0, 10_000),
)
def test_pieces_give_the_body_up_to_the_cap(
    encoding: str, body: bytes, times: int, step: int, piece: int, limit: int
) -> None:
    body *= times
    packed = PACK[encoding](body)
    decoder = Decoder(encoding, limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "PIECE", piece)
        for start in range(0, len(packed), step):
            decoder.feed(packed[start : start + step])
            if decoder.full:
                break
    assert decoder.finish() == body[:limit]
    assert decoder.full is (len(body) > limit)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_bomb_stops_at_the_cap_and_is_held_once(encoding: str) -> None:
    bomb, limit = PACK[encoding](bytes(20_000_000)), 8_000_000
    decoder = Decoder(encoding, limit)
    tracemalloc.start()
    try:
        decoder.feed(bomb)
        body = decoder.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert decoder.full
    assert len(body) == limit
    assert peak < 1.25 * limit + 3 * decoding.PIECE


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_ends_too_early_is_broken(encoding: str) -> None:
    whole = PACK[encoding](bytes(range(256)) * 40)
    with pytest.raises(DecodingError, match="too early"):
        decoded(whole[:-9], encoding, 100_000)


@pytest.mark.parametrize("encoding", PACKED)
def test_what_is_not_encoded_is_broken(encoding: str) -> None:
    with pytest.raises(DecodingError):
        decoded(b"<html>just a page, whatever the header says</html>", encoding, 100_000)


@pytest.mark.parametrize("encoding", PACKED)
def test_no_body_is_an_empty_body(encoding: str) -> None:
    assert decoded(b"", encoding, 10) == b""


def test_deflate_without_zlibs_header() -> None:
    assert decoded(raw_deflate(b"story " * 50), "deflate", 1_000) == b"story " * 50


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_members_one_after_the_other(encoding: str) -> None:
    pack = PACK[encoding]
    for step in (1, 3, 1_000):
        decoder = Decoder(encoding, 1_000)
        packed = pack(b"one ") + pack(b"two")
        for start in range(0, len(packed), step):
            decoder.feed(packed[start : start + step])
        assert decoder.finish() == b"one two"


def test_what_follows_the_end_is_ignored() -> None:
    assert decoded(gzip.compress(b"story") + b"\0\0\r\n", "gzip", 100) == b"story"


def test_endless_members_are_refused() -> None:
    with pytest.raises(DecodingError, match="members"):
        decoded(gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip", 100)
