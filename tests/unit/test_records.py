from __future__ import annotations

import datetime as dt

import pytest

from newsdesk import records
from newsdesk.article import Capture, CaptureRef, Link, ShardReading, StagedFile
from newsdesk.errors import StoreError

NOW = dt.datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=dt.UTC)
LINK = Link("paper", "https://paper.example/a", "0" * 32, ("look",), NOW, published_hint=NOW)
RECORD = ShardReading(
    shard=3,
    staged=StagedFile("key", "ab" * 32, 7),
    rejections=(),
    captures=(Capture(LINK, None, None, NOW, ref=CaptureRef("raw", 1, 2, bytes(range(32)))),),
)


def test_a_record_comes_back_as_it_was() -> None:
    assert records.unpack(ShardReading, records.pack(RECORD), subject="x") == RECORD


def test_the_same_record_is_the_same_bytes() -> None:
    assert records.pack(RECORD) == records.pack(RECORD)


@pytest.mark.parametrize("body", [b"", b"junk", records.pack(LINK)])
def test_other_bytes_are_an_error_that_names_the_key(body: bytes) -> None:
    with pytest.raises(StoreError, match="^runs/one: is no ShardReading record"):
        records.unpack(ShardReading, body, subject="runs/one")
