"""WARC files larger than memory should be, searched and wiped."""

from __future__ import annotations

import random
import shutil
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest

from contracts.memory_store import MemoryStore
from contracts.press import address, at, link
from newsdesk.article import Response
from newsdesk.erasure import Story, Traces, search
from newsdesk.erasure.raw import windowed, wipe_file
from newsdesk.errors import ObjectMissing
from newsdesk.landing import WarcWriter, members
from newsdesk.store import BINARY, ObjectInfo

KEY = "test/raw/2026-01-15/0123456789abcdef/0000-0000.warc.gz"
PAGES, PAGE = 24, 2_000_000
STORY = Story(ids=frozenset({link(7).article_id}), urls=frozenset({address(7)}))


class OnDisk(MemoryStore):
    """One object, in a file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.asked = 0

    def get(self, key: str, *, offset: int = 0, length: int | None = None) -> bytes:
        with self.path.open("rb") as file:
            file.seek(offset)
            body = file.read(-1 if length is None else length)
        self.asked += len(body)
        return body

    def head(self, key: str) -> ObjectInfo | None:
        if key != KEY:
            return None
        return ObjectInfo(key, self.path.stat().st_size, "", at(hour=6))

    def upload(self, key: str, file: BinaryIO, *, content_type: str = BINARY) -> None:
        file.seek(0)
        with self.path.open("wb") as there:
            shutil.copyfileobj(file, there)


@pytest.fixture
def large(tmp_path: Path) -> OnDisk:
    writer = WarcWriter(KEY, software="newsdesk/0.0", info={})
    for number in range(PAGES):
        body = random.Random(number).randbytes(PAGE)  # noqa: S311  # no secret
        url = address(number)
        head = (("Content-Encoding", "gzip"),)  # so that it is stored as it is
        writer.add(Response(url, url, 200, "OK", head, body, body, at(hour=6)))
    store = OnDisk(tmp_path / "large.warc.gz")
    store.upload(KEY, writer.file)
    return store


def test_a_file_takes_little_memory_whatever_its_size(large: OnDisk) -> None:
    traces = Traces(STORY)
    there = large.head(KEY)
    assert there is not None
    tracemalloc.start()
    try:
        before = search(KEY, windowed(large, there), traces)
        count = wipe_file(large, KEY, (), traces.is_of)
        after = search(KEY, windowed(large, there), traces)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (before.own, count, after.own) == (1, 1, 0)
    assert there.size > PAGES * PAGE
    assert large.head(KEY) == there
    assert peak < 40_000_000
    assert large.asked < 5 * there.size  # three times, and again where windows meet
    urls = frozenset().union(*(one.addresses for one in members(large.get(KEY))))
    assert urls == {address(number) for number in range(PAGES) if number != 7}


def test_what_is_gone_meanwhile_is_said(tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing, match="no such object"):
        wipe_file(OnDisk(tmp_path / "none"), "none", ())
