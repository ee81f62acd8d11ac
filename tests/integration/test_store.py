from __future__ import annotations

import dataclasses
import datetime as dt
import io
import threading
import tracemalloc
from pathlib import Path

import pytest

from contracts.store import StoreContract
from integration.s3_proxy import counting_proxy
from newsdesk.connections import open_store
from newsdesk.embedded import SeaweedFS, free_port
from newsdesk.errors import StoreError
from newsdesk.settings import Settings
from newsdesk.store import PIECE, S3Store, Store

pytestmark = pytest.mark.integration


class TestS3Store(StoreContract):
    @pytest.fixture
    def store(self, lake) -> Store:
        return lake.store

    @pytest.fixture
    def prefix(self, lake) -> str:
        return f"{lake.settings.env}/contract/"


def moved(settings: Settings, bucket: str | None = None, **server: str) -> Settings:
    """Settings with another bucket, or another server."""
    there = dataclasses.replace(settings.server, **server)
    return dataclasses.replace(settings, bucket=bucket or settings.bucket, server=there)


def test_a_listing_longer_than_a_page_is_whole(lake) -> None:
    keys = [f"{lake.settings.env}/many/{number:05d}" for number in range(1005)]
    threads = [
        threading.Thread(target=lambda part: [lake.store.put(k, b"") for k in part], args=(p,))
        for p in (keys[0::4], keys[1::4], keys[2::4], keys[3::4])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [info.key for info in lake.store.list(f"{lake.settings.env}/many/")] == keys


def test_of_many_first_writers_one_wins(lake) -> None:
    won: list[int] = []

    def write(number: int) -> None:
        if lake.store.put_if_absent(f"{lake.settings.env}/race", f"writer {number}".encode()):
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lake.store.get(f"{lake.settings.env}/race") == f"writer {won[0]}".encode()


def uploads(store: S3Store, prefix: str) -> list[str]:
    """Keys of the uploads under a prefix that were begun and are not ended."""
    reply = store._client.list_multipart_uploads(Bucket=store.bucket, Prefix=prefix)
    return [begun["Key"] for begun in reply.get("Uploads", [])]


@pytest.mark.parametrize("at", ["partNumber=2", "uploadId=", "uploads"])
def test_an_upload_that_fails_leaves_nothing(lake, at: str) -> None:
    key = f"{lake.settings.env}/torn/{at.partition('=')[0]}"
    failing = threading.Event()
    failing.set()

    def fail(method: str, path: str) -> bool:
        named = "partNumber" in path if "partNumber" in at else "partNumber" not in path
        return failing.is_set() and method in ("PUT", "POST") and at in path and named

    with counting_proxy(lake.settings.server.endpoint, fail) as (address, _):
        store = open_store(moved(lake.settings, endpoint=address))
        assert isinstance(store, S3Store)
        with pytest.raises(StoreError, match=key):
            store.upload_if_absent(key, io.BytesIO(bytes(2 * PIECE)))
        assert store.head(key) is None
        assert uploads(store, key) == []
        failing.clear()
        assert store.upload_if_absent(key, io.BytesIO(bytes(2 * PIECE)))
        assert uploads(store, key) == []


def test_an_upload_whose_answer_was_lost_counts_as_written(lake) -> None:
    key = f"{lake.settings.env}/torn/answer"
    lost: list[str] = []

    def lose(method: str, path: str) -> bool:
        if method == "POST" and "uploadId=" in path and not lost:
            lost.append(path)
            return True
        return False

    with counting_proxy(lake.settings.server.endpoint, lose=lose) as (address, _):
        store = open_store(moved(lake.settings, endpoint=address))
        assert store.upload_if_absent(key, io.BytesIO(bytes(PIECE + 1)))
    assert lost
    assert store.get(key, length=3) == bytes(3)


def test_what_a_killed_upload_left_is_removed_when_it_is_old(lake) -> None:
    prefix = f"{lake.settings.env}/killed/"
    store = lake.store
    begun = store._call("create_multipart_upload", f"{prefix}a")
    store._call("upload_part", f"{prefix}a", PartNumber=1, Body=b"x", UploadId=begun["UploadId"])
    assert store.head(f"{prefix}a") is None
    assert list(store.list(prefix)) == []
    now = dt.datetime.now(dt.UTC)
    assert store.abort_uploads(prefix, now - dt.timedelta(hours=1)) == 0
    assert uploads(store, prefix) == [f"{prefix}a"]
    assert store.abort_uploads(prefix, now + dt.timedelta(hours=1)) == 1
    assert uploads(store, prefix) == []


def test_an_upload_holds_few_pieces_in_memory(lake, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(8 * PIECE)
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            assert lake.store.upload_if_absent(f"{lake.settings.env}/large", file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert lake.store.head(f"{lake.settings.env}/large").size == 8 * PIECE
    assert peak < 3 * PIECE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bucket": "nowhere"}, r"^s3://nowhere: the bucket does not exist$"),
        ({"secret_key": "wrong"}, r"^s3://newsdesk: access refused: check the keys$"),
        ({"endpoint": "closed"}, r"^s3://newsdesk: the store at http://127.0.0.1:\d+ cannot be"),
    ],
)
def test_a_store_that_cannot_be_used_says_why_in_one_line(
    lake, change: dict[str, str], message: str
) -> None:
    if "endpoint" in change:
        change = {"endpoint": f"http://127.0.0.1:{free_port()}"}
    settings: Settings = moved(lake.settings, **change)
    with pytest.raises(StoreError, match=message) as raised:
        open_store(settings)
    assert "\n" not in str(raised.value)


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with SeaweedFS(tmp_path / "s3"), pytest.raises(StoreError, match="another newsdesk uses"):
        SeaweedFS(tmp_path / "s3").__enter__()


def test_taken_ports_are_named(tmp_path: Path) -> None:
    with SeaweedFS(tmp_path / "one") as running:
        port = int(running.url.rsplit(":", 1)[1])
        with pytest.raises(StoreError, match=f"ports {port}-{port + 5}"):
            SeaweedFS(tmp_path / "two", port=port).__enter__()
