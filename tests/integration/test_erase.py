"""A story erased on a real object store: whoever looks afterwards, wherever, does not find it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator

from integration.test_walk import PAPER, SECOND, House, at, house, warcio_finds_nothing
from newsdesk import steps
from newsdesk.landing import iter_captures

if TYPE_CHECKING:
    from pathlib import Path

    from newsdesk.embedded import Endpoint

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def walked(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(endpoint, tmp_path_factory.mktemp("erase"), "erase") as made:
        yield made


def everything(walked: House) -> dict[str, bytes]:
    """Every object of the environment as somebody would see it who can unpack files."""
    store = walked.desk.store
    return {info.key: plain(info.key, store.get(info.key)) for info in store.list("erase/")}


def plain(key: str, body: bytes) -> bytes:
    if key.endswith(".parquet"):
        return str(pq.read_table(pa.BufferReader(body)).to_pylist()).encode()
    if key.endswith(".gz"):
        return gzip.decompress(body)
    if key.endswith(".zst"):
        return pa.CompressedInputStream(pa.BufferReader(body), "zstd").read()
    return body


def bounds(walked: House) -> str:
    """All that manifests of all snapshots of all tables say of the values in files."""
    said = []
    for name in ("articles", "revisions", "rejected", "ledger", "article_days"):
        table = walked.desk.open_warehouse().table(name)
        for snapshot in table.metadata.snapshots:
            for manifest in snapshot.manifests(table.io):
                for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False):
                    file = entry.data_file
                    said.append(f"{file.lower_bounds} {file.upper_bounds}")
    return "\n".join(said)


def mentions(walked: House, *texts: str) -> list[str]:
    found = everything(walked)
    wanted = [text.encode() for text in texts]
    return [key for key, body in found.items() if any(text in body for text in wanted)]


def captured(walked: House, row: dict[str, Any]) -> bool:
    """Whether the record that a row points at is there, and is that of its page."""
    ref = row["capture"]
    body = walked.desk.store.get(ref["key"])[ref["offset"] : ref["offset"] + ref["length"]]
    pages = list(iter_captures(body, ref["key"]))
    return [found.digest for found, _ in pages] == [ref["digest"]]


@pytest.mark.faults
def test_nothing_of_an_erased_story_is_left_and_it_does_not_come_back(
    walked: House, tmp_path: Path
) -> None:
    rows = {row["article_id"]: row for row in walked.rows("articles")}
    story = next(r for r in rows.values() if r["published_at"].date() == SECOND and r["body"])
    sentence = max(story["body"].split("\n\n"), key=len)[:60]
    there = mentions(walked, story["article_id"])
    assert {key.split("/")[1] for key in there} >= {"tables", "runs", "looks"}
    before = {name: len(walked.rows(name)) for name in ("articles", "revisions", "ledger")}

    done = steps.erase(walked.desk, story["url"], by="ada", reason="request 42")

    assert done["left"] == done["quoted"] == []
    assert done["days"] == [str(SECOND)]
    assert {"raw", "runs", "looks", "tables/articles"} <= set(done["found"])
    assert mentions(walked, story["article_id"], story["url"] + '"', sentence) == []
    assert story["article_id"] not in bounds(walked)
    assert story["url"] not in {row["url"] for row in walked.rows("ledger")}
    assert len(walked.rows("articles")) == before["articles"] - 1
    receipt = walked.desk.store.get(done["receipt"].split("/", 3)[3]).decode()
    assert '"by": "ada"' in receipt
    assert story["url"] not in receipt

    # The others are what they were, and every pointer leads to its page.
    left = {row["article_id"]: row for row in walked.rows("articles")}
    assert left == {one: row for one, row in rows.items() if one != story["article_id"]}
    assert all(captured(walked, row) for row in [*left.values(), *walked.rows("revisions")])
    for number, info in enumerate(walked.desk.store.list("erase/raw/")):
        body = walked.desk.store.get(info.key)
        assert list(ArchiveIterator(io.BytesIO(body), verify_digests=True))
        copy = tmp_path / f"{number}.warc.gz"
        copy.write_bytes(body)
        assert warcio_finds_nothing(copy)

    # A look at a feed that still shows it, a run for its day: it stays away.
    walked.clock.set(at(SECOND, "24:10"))
    steps.look(walked.desk, [PAPER])
    walked.walk(SECOND, "again")
    assert mentions(walked, story["article_id"], story["url"] + '"', sentence) == []
    assert {row["article_id"] for row in walked.rows("articles")} == set(left)
