"""Reading a shard: landed pages become a staged Parquet file and a list of rejections."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from newsdesk import records
from newsdesk.article import (
    Article,
    Capture,
    Page,
    Reading,
    Rejection,
    ShardReading,
    StagedFile,
)
from newsdesk.errors import ObjectMissing, StagedCorrupt
from newsdesk.landing import iter_captures
from newsdesk.reading import read_page
from newsdesk.steps.desk import Desk
from newsdesk.steps.fetching import load_captures
from newsdesk.tables import articles_to_table


def read(desk: Desk, day: dt.date, run_id: str, shard: int) -> dict[str, int]:
    """Reads the landed pages of one shard and stages what they say.

    Returns:
        Counts: pages, articles staged, pages rejected.
    """
    key = desk.layout.reading(day, run_id, shard)
    if desk.store.head(key) is None:
        captures = load_captures(desk, day, run_id, shard)
        articles: list[Article] = []
        rejections: list[Rejection] = []
        for reading in _readings(desk, captures):
            if reading.rejection is None:
                articles.append(reading.article)
            else:
                rejections.append(reading.rejection)
        staged = stage(desk, day, run_id, articles, captures) if articles else None
        found = ShardReading(shard, staged, tuple(rejections), tuple(captures))
        desk.store.put_if_absent(key, records.pack(found))
    done = load_reading(desk, day, run_id, shard)
    rows = done.staged.rows if done.staged else 0
    return {
        "pages": rows + len(done.rejections),
        "articles": rows,
        "rejected": len(done.rejections),
    }


def load_reading(desk: Desk, day: dt.date, run_id: str, shard: int) -> ShardReading:
    """What reading a shard gave.

    Raises:
        ObjectMissing: It was not read.
    """
    key = desk.layout.reading(day, run_id, shard)
    return records.unpack(ShardReading, desk.store.get(key), subject=key)


def load_readings(desk: Desk, day: dt.date, run_id: str, shards: int) -> list[ShardReading]:
    """What reading gave, of every shard that was read; a shard whose task failed is left out."""
    found = []
    for shard in range(shards):
        try:
            found.append(load_reading(desk, day, run_id, shard))
        except ObjectMissing:
            continue
    return found


def stage(
    desk: Desk,
    day: dt.date,
    run_id: str,
    articles: Sequence[Article],
    captures: Sequence[Capture],
) -> StagedFile:
    """Writes articles as one Parquet file that is named by what it holds."""
    links = {capture.link.article_id: capture.link for capture in captures}
    ordered = sorted(articles, key=lambda article: (article.article_id, article.url))
    table = articles_to_table(ordered, links=links, run_id=run_id)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=3)
    body = bytes(sink.getvalue())
    digest = hashlib.sha256(body).hexdigest()
    key = desk.layout.staged(day, run_id, digest)
    desk.store.put_if_absent(key, body)
    return StagedFile(key=key, digest=digest, rows=table.num_rows)


def load_staged(desk: Desk, staged: StagedFile) -> pa.Table:
    """The rows of a staged file, after its digest was found right.

    Raises:
        StagedCorrupt: The bytes are not those that were staged.
    """
    body = desk.store.get(staged.key)
    if hashlib.sha256(body).hexdigest() != staged.digest:
        raise StagedCorrupt(staged.key, "its digest is not the one that was staged")
    return pq.read_table(pa.BufferReader(body))


def _readings(desk: Desk, captures: Sequence[Capture]) -> Iterator[Reading]:
    """Every landed page, read; one WARC file in memory at a time."""
    by_file: dict[str, dict[int, Capture]] = {}
    for capture in captures:
        if capture.fate is None and capture.ref is not None:
            by_file.setdefault(capture.ref.key, {})[capture.ref.offset] = capture
    for key, wanted in sorted(by_file.items()):
        for ref, response in iter_captures(desk.store.get(key), key):
            capture_of_page = wanted.get(ref.offset)
            if capture_of_page is None:
                continue
            page = Page(
                url=capture_of_page.link.url,
                body=response.body,
                captured_at=capture_of_page.captured_at,
                final_url=capture_of_page.final_url,
                content_type=capture_of_page.content_type,
                status=response.status,
                link=capture_of_page.link,
                ref=ref,
            )
            yield read_page(page, desk.sources[capture_of_page.link.source])
