"""An archive's files in a bucket: the answers are those of the server that hands them out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contracts.memory_store import MemoryStore
from newsdesk.archives import Access, Archives, Bucket
from newsdesk.article import Response
from newsdesk.errors import FetchError, StoreError

PATH = "crawl-data/CC-NEWS/2026/01/a.warc.gz"
URL = f"https://data.commoncrawl.org/{PATH}"


class NoFetcher:
    """Nobody may be asked over the network."""

    async def ask(self, url: str, *_: Any, **__: Any) -> Response:
        raise AssertionError(url)


def archives(store: MemoryStore, prefix: str = "") -> Archives:
    buckets = {"common_crawl_data": Bucket(lambda: store, prefix)}
    return Archives(NoFetcher(), Access(buckets=buckets))


def ask(store: MemoryStore, wanted: str | None = None, prefix: str = "") -> Response:
    headers = {"Range": wanted} if wanted else {}
    asked = archives(store, prefix).ask("common_crawl_data", PATH, headers=headers)
    return asyncio.run(asked)


@pytest.mark.parametrize(
    ("wanted", "status", "body", "said"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-40", 206, b"89", "bytes 8-9/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=10-20", 416, b"", None),
    ],
)
def test_a_file_and_its_ranges(
    wanted: str | None, status: int, body: bytes, said: str | None
) -> None:
    store = MemoryStore()
    store.put(f"mirror/{PATH}", b"0123456789")
    got = ask(store, wanted, "mirror/")
    assert (got.status, got.body, got.header("Content-Range")) == (status, body, said)
    assert got.final_url == URL


@pytest.mark.parametrize("wanted", [None, "bytes=0-3"])
def test_a_file_that_is_not_there(wanted: str | None) -> None:
    assert ask(MemoryStore(), wanted).status == 404


class Shut(MemoryStore):
    def head(self, key: str) -> None:
        raise StoreError(key, "access refused: check the keys")


def test_a_bucket_that_refuses_is_named() -> None:
    with pytest.raises(FetchError, match=r"data\.commoncrawl\.org.*access refused") as told:
        ask(Shut(), "bytes=0-3")
    assert told.value.code == "archive_store"


def test_it_is_opened_when_it_is_asked_and_once() -> None:
    opened = []

    def connect() -> MemoryStore:
        opened.append(1)
        return MemoryStore()

    bucket = Bucket(connect)
    assert not opened
    for _ in range(3):
        assert asyncio.run(bucket.ask(URL, PATH, {})).status == 404
    assert opened == [1]


def test_only_its_own_archive_has_no_pause() -> None:
    it = archives(MemoryStore())
    assert it.pause("common_crawl_data") == 0
    assert it.pause("common_crawl_index") > 0
