"""Tables of any size, filled through our own commits with invented stories of five years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.newsroom import Newsroom, at, loose, newsroom, run_of, story
from newsdesk.tables import index as article_index
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.evolve import set_properties
from newsdesk.tables.schema import ARTICLES

FIRST = dt.date(2021, 1, 1)
DAYS = 5 * 365 + 1
LAST = FIRST + dt.timedelta(days=DAYS - 1)
POOL = 48 * 1024 * 1024
"""Characters of invented text that bodies are cut from; far more than a file of a day holds."""


def prose(draw: np.random.Generator) -> np.ndarray:
    """Words as often as in a language (Zipf), so that it packs about as well as one: ASCII codes."""
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    words = ["".join(draw.choice(letters, size)) for size in draw.integers(2, 11, 30_000)]
    ranks = np.minimum(draw.zipf(1.25, POOL // 6), len(words)) - 1
    text = " ".join(words[rank] for rank in ranks)[:POOL]
    return np.frombuffer(text.encode(), np.uint8)


def days_of_rows(
    text: np.ndarray, count: int, body: int, draw: np.random.Generator
) -> Iterator[pa.Table]:
    """Rows of ``news.articles``, a month at a time, the same number every day."""
    edges = [count * day // DAYS for day in range(DAYS + 1)]
    for first in range(0, DAYS, 30):
        last = min(first + 30, DAYS)
        sizes = [edges[day + 1] - edges[day] for day in range(first, last)]
        yield _rows(text, edges[first], np.repeat(np.arange(first, last), sizes), body, draw)


def filled(folder: Path, text: np.ndarray, count: int, body: int) -> Newsroom:
    """Tables that hold so many stories: one commit of articles, one of the index.

    Packed fast, for time's sake; everything after is written as the tables' properties say.
    """
    room = newsroom(folder)
    draw = np.random.default_rng(count)
    pairs: list[pa.Table] = []

    def months() -> Iterator[pa.Table]:
        for rows in days_of_rows(text, count, body, draw):
            pairs.append(article_index.entries(rows))
            yield rows

    articles = room.warehouse.table("articles")
    level = "write.parquet.compression-level"
    own = articles.properties[level]
    set_properties(articles, {level: "1"})
    commit(articles, Change(months()), run_of("past", LAST))
    set_properties(articles, {level: own})
    whole = Change([pa.concat_tables(pairs)])
    commit(room.warehouse.table("article_days"), whole, run_of("past", LAST))
    return room


def _rows(
    text: np.ndarray, number: int, days: np.ndarray, body: int, draw: np.random.Generator
) -> pa.Table:
    """Rows of some days (numbers since FIRST, in order), all made at once, column by column."""
    size = len(days)
    pattern = loose([story(1)]).take(pa.array(np.zeros(size, np.int64)))
    midnight = int(at(FIRST, 0).timestamp()) + 86_400 * days
    published = midnight + draw.integers(0, 86_400, size)
    day = pa.array((midnight // 86_400).astype(np.int32), pa.date32())
    digests = _cut(draw.bytes(32 * size), 32, pa.binary())
    numbers = pa.array(np.arange(number, number + size)).cast(pa.string())
    name = _cut(_windows(text, 36, size, draw), 36, pa.string())
    start = pa.scalar("https://harbour-post.example/world/")
    urls = pc.binary_join_element_wise(start, pc.replace_substring(name, " ", "-"), numbers, "-")
    raw = pa.scalar("bench/raw/2026-01-15/0123456789abcdef/0000-0000.warc.gz")
    capture = ARTICLES.loose.field("capture").type
    offsets = np.arange(size, dtype=np.int64) * 20_000
    made = {
        "article_id": _cut(draw.bytes(16 * size).hex().encode(), 32, pa.string()),
        "url": urls,
        "canonical_url": urls,
        "headline": _cut(_windows(text, 60, size, draw), 60, pa.string()),
        "body": _cut(_windows(text, body, size, draw), body, pa.string()),
        "content_hash": digests,
        "text_simhash": _cut(draw.bytes(8 * size), 8, pa.binary()),
        "published_at": _instants(published),
        "published_day_local": day,
        "captured_at": _instants(midnight + 87_120),
        "first_seen_at": _instants(published),
        "capture": pa.StructArray.from_arrays(
            [
                pa.array([raw.as_py()], pa.string()).take(pa.array(np.zeros(size, np.int64))),
                pa.array(offsets),
                pa.array(np.full(size, 20_000)),
                digests,
            ],
            fields=list(capture),
        ),
    }
    columns = [
        made[field.name].cast(field.type) if field.name in made else pattern[field.name]
        for field in ARTICLES.loose
    ]
    return pa.Table.from_arrays(columns, schema=ARTICLES.loose)


def _windows(text: np.ndarray, width: int, size: int, draw: np.random.Generator) -> bytes:
    """So many cuttings of the text, one after the other."""
    starts = draw.integers(0, len(text) - width, size)
    return np.lib.stride_tricks.sliding_window_view(text, width)[starts].tobytes()


def _cut(data: bytes, width: int, type_: pa.DataType) -> pa.Array:
    """Values of one width that lie one after the other."""
    size = len(data) // width
    offsets = pa.py_buffer((np.arange(size + 1) * width).astype(np.int32).tobytes())
    return pa.Array.from_buffers(type_, size, [None, offsets, pa.py_buffer(data)])


def _instants(seconds: np.ndarray) -> pa.Array:
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us", "UTC"))
