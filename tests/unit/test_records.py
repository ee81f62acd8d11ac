from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from contracts.newsroom import loose, story
from contracts.older import older_newsdesk
from newsdesk import records
from newsdesk.article import Capture, CaptureRef, Link, ShardReading, StagedFile
from newsdesk.errors import StoreError
from newsdesk.tables.schema import ARTICLES

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


ADDED = ("published_at_offset", "summary", "dateline.agency", "bylines.role", "lead_image.credit")
"""Columns, and parts of structs and lists, that an older newsdesk did without."""


def test_rows_come_back_as_they_were() -> None:
    rows = loose([story(1), story(2)])
    body, _ = records.pack_rows(rows)
    assert records.unpack_rows(body, ARTICLES.loose, subject="x").equals(rows)


def test_rows_of_before_a_column_was_added_have_null_there() -> None:
    now = loose([story(n) for n in range(3)])
    with older_newsdesk(*ADDED):
        body, _ = records.pack_rows(loose([story(n) for n in range(3)]))
    rows = records.unpack_rows(body, ARTICLES.loose, subject="x")
    assert rows.schema == ARTICLES.loose
    for before, after in zip(now.to_pylist(), rows.to_pylist(), strict=True):
        lacking = {
            "published_at_offset": None,
            "summary": None,
            "bylines": [{**one, "role": None} for one in before["bylines"]],
            "lead_image": {**before["lead_image"], "credit": None},
        }
        assert after == {**before, **lacking}


def test_rows_of_a_newer_newsdesk_are_not_taken_for_less_than_they_are() -> None:
    body, _ = records.pack_rows(loose([story(1)]))
    with (
        older_newsdesk("summary", "bylines.role"),
        pytest.raises(
            StoreError, match=r"^k: a newer newsdesk wrote it, with summary, bylines\.role$"
        ),
    ):
        records.unpack_rows(body, ARTICLES.loose, subject="k")


@pytest.mark.parametrize("body", [b"", b"junk", records.pack(LINK)])
def test_bytes_that_are_no_rows_are_an_error_that_names_the_key(body: bytes) -> None:
    with pytest.raises(StoreError, match="^runs/one: is no file of rows"):
        records.unpack_rows(body, pa.schema([]), subject="runs/one")
