"""What every store must do: run by the unit tests on MemoryStore, by integration on SeaweedFS."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from newsdesk.errors import ObjectConflict, ObjectMissing
from newsdesk.store import PIECE, Store


class StoreContract:
    """Subclasses give ``store`` and ``prefix`` fixtures."""

    def test_what_is_put_is_got(self, store: Store, prefix: str) -> None:
        store.put(f"{prefix}a", b"0123456789")
        assert store.get(f"{prefix}a") == b"0123456789"

    def test_a_part_of_an_object(self, store: Store, prefix: str) -> None:
        store.put(f"{prefix}a", b"0123456789")
        assert store.get(f"{prefix}a", offset=3) == b"3456789"
        assert store.get(f"{prefix}a", offset=3, length=4) == b"3456"
        assert store.get(f"{prefix}a", offset=3, length=0) == b""

    def test_nothing_there(self, store: Store, prefix: str) -> None:
        with pytest.raises(ObjectMissing, match="nothing"):
            store.get(f"{prefix}nothing")
        assert store.head(f"{prefix}nothing") is None
        store.delete(f"{prefix}nothing")
        assert list(store.list(prefix)) == []

    def test_the_first_writer_wins(self, store: Store, prefix: str) -> None:
        assert store.put_if_absent(f"{prefix}a", b"first")
        assert not store.put_if_absent(f"{prefix}a", b"second")
        assert store.get(f"{prefix}a") == b"first"
        assert store.put_if_absent(f"{prefix}a", b"first")  # the same bytes count as written

    @pytest.mark.parametrize("size", [0, 10, PIECE, PIECE + 1, 2 * PIECE + 5], ids=str)
    def test_of_uploads_the_first_wins_too(self, store: Store, prefix: str, size: int) -> None:
        body = bytes(range(251)) * (size // 251 + 1)
        file = io.BytesIO(body[:size])
        file.seek(0, io.SEEK_END)  # as a writer leaves it
        assert store.upload_if_absent(f"{prefix}a", file, content_type="application/warc")
        assert store.get(f"{prefix}a") == body[:size]
        assert not store.upload_if_absent(f"{prefix}a", io.BytesIO(b"x" * (PIECE + 7)))
        assert not store.upload_if_absent(f"{prefix}a", io.BytesIO(b"x"))
        assert store.get(f"{prefix}a") == body[:size]
        assert [info.key for info in store.list(prefix)] == [f"{prefix}a"]

    @pytest.mark.parametrize("size", [0, 10, PIECE, 2 * PIECE + 5], ids=str)
    def test_an_upload_over_another(self, store: Store, prefix: str, size: int) -> None:
        store.put(f"{prefix}a", b"0123456789")
        body = bytes(range(251)) * (size // 251 + 1)
        file = io.BytesIO(body[:size])
        file.seek(0, io.SEEK_END)
        store.upload(f"{prefix}a", file, content_type="application/warc")
        assert store.get(f"{prefix}a") == body[:size]
        assert [info.size for info in store.list(prefix)] == [size]

    def test_compare_and_swap(self, store: Store, prefix: str) -> None:
        key = f"{prefix}pointer"
        tag = store.put_if_match(key, b"one", None)
        with pytest.raises(ObjectConflict):
            store.put_if_match(key, b"zero", None)
        newer = store.put_if_match(key, b"two", tag)
        with pytest.raises(ObjectConflict):
            store.put_if_match(key, b"late", tag)
        assert store.get(key) == b"two"
        there = store.head(key)
        assert there is not None
        assert there.etag == newer
        assert there.size == 3

    def test_compare_and_swap_with_nothing_there(self, store: Store, prefix: str) -> None:
        with pytest.raises(ObjectConflict):
            store.put_if_match(f"{prefix}gone", b"x", "0" * 32)

    def test_listing_is_in_byte_order_and_keeps_to_its_prefix(
        self, store: Store, prefix: str
    ) -> None:
        names = ["o/a", "o/a-b", "o/a/b", "o/B", "other"]
        for name in names:
            store.put(f"{prefix}{name}", name.encode())
        found = [info.key.removeprefix(prefix) for info in store.list(f"{prefix}o/")]
        assert found == sorted(n for n in names if n.startswith("o/"))
        assert [info.size for info in store.list(f"{prefix}o/")] == [len(n) for n in found]

    def test_an_object_is_as_old_as_its_last_writing(self, store: Store, prefix: str) -> None:
        second = dt.timedelta(seconds=2)  # some stores tell whole seconds
        begin = dt.datetime.now(dt.UTC)
        store.put(f"{prefix}a", b"x")
        (listed,) = store.list(prefix)
        there = store.head(f"{prefix}a")
        assert there is not None
        for info in (listed, there):
            assert begin - second <= info.written_at <= dt.datetime.now(dt.UTC) + second

    def test_a_prefix_ends_where_a_name_ends(self, store: Store, prefix: str) -> None:
        with pytest.raises(ValueError, match="must end"):
            list(store.list(f"{prefix}o"))

    def test_deleted_is_gone(self, store: Store, prefix: str) -> None:
        store.put(f"{prefix}a", b"x")
        store.delete(f"{prefix}a")
        assert store.head(f"{prefix}a") is None

    def test_an_address_ends_in_the_key(self, store: Store, prefix: str) -> None:
        address = store.address(f"{prefix}a")
        assert address.endswith(f"/{prefix}a")
        assert "://" in address
