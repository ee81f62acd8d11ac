from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest

from contracts.store import StoreContract
from newsdesk.connections import Settings, open_store
from newsdesk.embedded import SeaweedFS, free_port
from newsdesk.errors import StoreError
from newsdesk.store import Store

pytestmark = pytest.mark.integration


class TestS3Store(StoreContract):
    @pytest.fixture
    def store(self, lake) -> Store:
        return lake.store

    @pytest.fixture
    def prefix(self, lake) -> str:
        return f"{lake.settings.env}/contract/"


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
    settings: Settings = dataclasses.replace(lake.settings, **change)
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
