"""Records that give way to nothing: no other record of the file moves."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Collection

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsdesk.article import CaptureRef, Response
from newsdesk.errors import NewsdeskError
from newsdesk.landing import (
    CaptureCorrupt,
    Same,
    WarcWriter,
    Windowed,
    iter_captures,
    members,
    wipe,
)
from newsdesk.landing.wiping import _filler

KEY = "test/raw/2022-01-13/0123456789abcdef/0000-0000.warc.gz"
AT = dt.datetime(2022, 1, 13, 10, 52, 3, tzinfo=dt.UTC)


def address(number: int) -> str:
    return f"https://paper.example/world/story-{number}"


def page(number: int, size: int = 4_000, **changes: object) -> Response:
    body = f"<h1>The ferry {number} left</h1>".encode()
    body += random.Random(number).randbytes(size)  # noqa: S311  # no secret
    values = {
        "url": address(number),
        "final_url": address(number),
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "text/html"),),
        "raw": body,
        "body": body,
        "received_at": AT,
    }
    return Response(**{**values, **changes})  # type: ignore[arg-type]  # plain values by name


def landed(*responses: Response) -> tuple[bytes, list[CaptureRef]]:
    writer = WarcWriter(KEY, software="newsdesk/0.0", info={})
    refs = [writer.add(one) for one in responses]
    refs.append(
        writer.add_revisit(page(0, status=304, raw=b"", body=b""), Same("u", AT, b"d" * 32))
    )
    return writer.finish(), refs


def wiped(
    body: bytes | Windowed, is_of: Callable[[str], bool], offsets: Collection[int] = ()
) -> tuple[bytes, int]:
    into = io.BytesIO()
    count = wipe(body, is_of, offsets, into)
    return into.getvalue(), count


def read(body: bytes) -> dict[CaptureRef, str]:
    def stop(error: CaptureCorrupt) -> None:
        raise error

    return {ref: one.url for ref, one in iter_captures(body, KEY, on_corrupt=stop)}


@pytest.mark.parametrize("size", [0, 3, 70_000, 131_000, 400_000])
def test_the_others_stay_where_they_are_and_every_tool_reads_on(size: int) -> None:
    body, refs = landed(page(0, size), page(1, size), page(2, size))
    left, count = wiped(body, lambda url: url == address(1))
    assert count == 1
    assert len(left) == len(body)
    assert read(left) == {refs[0]: address(0), refs[2]: address(2)}
    assert left[: refs[1].offset] == body[: refs[1].offset]
    assert left[refs[2].offset :] == body[refs[2].offset :]
    assert b"story-1" not in b"".join(one.record for one in members(left))
    kinds = [r.headers["WARC-Type"] for r in ArchiveIterator(io.BytesIO(left), verify_digests=True)]
    assert kinds == ["warcinfo", "response", "metadata", "response", "revisit"]
    assert [r.rec_type for r in WarcioIterator(io.BytesIO(left))] == kinds
    assert wiped(left, lambda url: url == address(1)) == (left, 0)


def test_revisits_and_pages_that_redirects_led_to_go_too() -> None:
    moved = page(3, url="https://paper.example/old", final_url=address(3))
    asked = page(4, url=address(3), final_url=address(4))
    body, refs = landed(moved, page(5), asked)
    left, count = wiped(body, lambda url: url in (address(3), address(0)))
    assert count == 3
    assert read(left) == {refs[1]: address(5)}


def test_a_broken_record_goes_by_its_place() -> None:
    body, refs = landed(page(0), page(1), page(2))
    hurt = bytearray(body)
    hurt[refs[1].offset + 30 : refs[1].offset + 60] = bytes(30)
    assert wiped(bytes(hurt), lambda url: url == address(1)) == (bytes(hurt), 0)
    left, count = wiped(bytes(hurt), lambda url: False, [refs[1].offset])
    assert count == 1
    assert read(left) == {refs[0]: address(0), refs[2]: address(2)}
    assert wiped(left, lambda url: False, [refs[1].offset]) == (left, 0)


@pytest.mark.parametrize("window", [1, 700, 5_000, 1 << 20])
def test_a_file_is_read_and_wiped_a_window_at_a_time(window: int) -> None:
    body, refs = landed(page(0), page(1), page(2))
    hurt = bytearray(body)
    hurt[refs[0].offset + 30 : refs[0].offset + 60] = bytes(30)

    def windows(whole: bytes) -> Windowed:
        return Windowed(lambda at, n: whole[at : at + n], len(whole), window=window)

    for whole in (body, bytes(hurt)):
        assert list(members(windows(whole))) == list(members(whole))
        broken: list[CaptureCorrupt] = []
        there = list(iter_captures(windows(whole), KEY, on_corrupt=broken.append))
        assert there == list(iter_captures(whole, KEY, on_corrupt=broken.append))
        assert len(broken) == 2 * (whole is not body)
        left, count = wiped(windows(whole), lambda url: url == address(1))
        assert (count, len(left)) == (1, len(body))
        assert left[: refs[1].offset] == whole[: refs[1].offset]
        assert left[refs[2].offset :] == whole[refs[2].offset :]


def test_a_windowed_file_is_asked_for_no_more_than_there_is() -> None:
    text = bytes(range(200)) * 20
    asked: list[tuple[int, int]] = []

    def read_at(at: int, count: int) -> bytes:
        asked.append((at, count))
        return text[at : at + count]

    some = Windowed(read_at, len(text), window=1_000)
    assert b"".join(some[at : at + 70] for at in range(0, 4_100, 70)) == text
    assert sum(count for _, count in asked) == len(text)
    assert all(at + count <= len(text) for at, count in asked)
    assert some[3_990:5_000] == text[3_990:]
    assert some[5_000:6_000] == b""
    assert some[10:2_010] == text[10:2_010]
    assert some.find(text[995:1_010], 900) == 995
    with pytest.raises(ValueError, match="whole stretches"):
        some[::2]


@given(st.integers(300, 70_000) | st.integers(65_535 - 40, 65_535 + 40) | st.just(262_200))
def test_any_length_can_be_filled(length: int) -> None:
    body = _filler(length)
    assert len(body) == length
    (one,) = members(body)
    assert one.length == length
    assert b"metadata" in one.record


def test_what_is_too_short_is_said() -> None:
    with pytest.raises(NewsdeskError, match="of 100 bytes is too short"):
        _filler(100)
