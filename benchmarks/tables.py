"""What a night costs when the tables are old: same machine, same run, ratios.

Tables in a local folder are filled by our own write path with invented stories over five years:
100,000, then a million of them (``--rows``; ``--rows 10000000 --body 60`` takes an hour and 4 GB).
Measured are

* a night of 2,000 stories (new ones, late ones, edits, dates that move) through the whole publish:
  seconds, and what it reads and writes of the table;
* the same night through pyiceberg's own ``upsert`` on a small slice, for it takes its time;
* a question about one day, by ``newsdesk query``: how much of the table it reads;
* compaction and expiry of a month of small commits;
* bytes of ``news.articles`` per story, on real pages if they lie beside this checkout.

Run: ``python benchmarks/tables.py``; under ten minutes and 1.5 GB of disk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import itertools
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "include"), str(ROOT / "tests")]

from contracts.newsroom import (
    Newsroom,
    at,
    loose,
    newsroom,
    run_of,
    story,
    story_id,
)
from newsdesk import query
from newsdesk.article import Article, CaptureRef
from newsdesk.tables import TABLES, articles_to_table
from newsdesk.tables import index as article_index
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.schema import ARTICLES
from newsdesk.tables.upkeep import Rules, tidy

FIRST = dt.date(2021, 1, 1)
DAYS = 5 * 365 + 1
LAST = FIRST + dt.timedelta(days=DAYS - 1)
NIGHT = 2000
"""Stories of a night."""

UPSERT_ROWS, UPSERT_NIGHT = 30_000, 300
POOL = 48 * 1024 * 1024
"""Characters of invented text that bodies are cut from; far more than a file of a day holds."""


# -- invented tables --------------------------------------------------------------------------


def prose(draw: np.random.Generator) -> str:
    """Words as often as in a language (Zipf), so that it packs about as well as one."""
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    words = ["".join(draw.choice(letters, size)) for size in draw.integers(2, 11, 30_000)]
    ranks = np.minimum(draw.zipf(1.25, POOL // 6), len(words)) - 1
    return " ".join(words[rank] for rank in ranks)[:POOL]


def days_of_rows(text: str, count: int, body: int, draw: np.random.Generator) -> Iterator[pa.Table]:
    """Rows of ``news.articles``, a month at a time, the same number every day."""
    (pattern,) = loose([story(1)]).to_pylist()
    edges = [count * day // DAYS for day in range(DAYS + 1)]
    numbers = itertools.count()
    for first in range(0, DAYS, 30):
        parts = []
        for day in range(first, min(first + 30, DAYS)):
            size = edges[day + 1] - edges[day]
            if size:
                parts.append(
                    _day(pattern, text, FIRST + dt.timedelta(days=day), size, body, draw, numbers)
                )
        yield pa.concat_tables(parts)


def _day(
    pattern: dict[str, Any],
    text: str,
    day: dt.date,
    size: int,
    body: int,
    draw: np.random.Generator,
    numbers: Iterator[int],
) -> pa.Table:
    mine = list(itertools.islice(numbers, size))
    starts = draw.integers(0, len(text) - 2 * body - 200, size)
    seconds = np.sort(draw.integers(0, 86400, size))
    lengths = draw.integers(body // 2, body + body // 2 + 1, size)
    urls = [
        f"https://harbour-post.example/world/{text[s : s + 40].replace(' ', '-')}-{n}"
        for s, n in zip(starts, mine, strict=True)
    ]
    instants = [at(day, 0) + dt.timedelta(seconds=int(s)) for s in seconds]
    digests = draw.bytes(32 * size)
    ids = draw.bytes(16 * size).hex()
    values: dict[str, list[Any]] = {
        "article_id": [ids[32 * n : 32 * n + 32] for n in range(size)],
        "url": urls,
        "canonical_url": urls,
        "headline": [text[s : s + 60] for s in starts],
        "body": [text[s : s + n] for s, n in zip(starts, lengths, strict=True)],
        "content_hash": [digests[32 * n : 32 * n + 32] for n in range(size)],
        "text_simhash": [digests[32 * n + 8 : 32 * n + 16] for n in range(size)],
        "published_at": instants,
        "published_day_local": [day] * size,
        "captured_at": [at(day, 24.2)] * size,
        "first_seen_at": instants,
        "capture": [
            {
                "key": f"bench/raw/{day}/0123456789abcdef/0000-0000.warc.gz",
                "offset": 20_000 * n,
                "length": 20_000,
                "digest": digests[32 * n : 32 * n + 32],
            }
            for n in range(size)
        ],
    }
    columns = [
        pa.array(values.get(field.name) or [pattern[field.name]] * size, field.type)
        for field in ARTICLES.loose
    ]
    return pa.Table.from_arrays(columns, schema=ARTICLES.loose)


def filled(folder: Path, text: str, count: int, body: int) -> Newsroom:
    """Tables that hold so many stories: one commit of articles, one of the index."""
    room = newsroom(folder)
    draw = np.random.default_rng(count)
    pairs: list[pa.Table] = []

    def months() -> Iterator[pa.Table]:
        for rows in days_of_rows(text, count, body, draw):
            pairs.append(article_index.entries(rows))
            yield rows

    commit(room.warehouse.table("articles"), Change(months()), run_of("past", LAST))
    whole = Change([pa.concat_tables(pairs)])
    commit(room.warehouse.table("article_days"), whole, run_of("past", LAST))
    return room


# -- a night ----------------------------------------------------------------------------------


def night(room: Newsroom, number: int, size: int) -> list[Article]:
    """Most stories are new; some are late, some edits of the last week, a few moved."""
    day = LAST + dt.timedelta(days=1 + number)
    seen = at(day, 24.5)
    first = 10_000_000 + number * size
    made = [
        story(
            first + n,
            text=f"Night {number}, story {n}. " * 40,
            captured_at=seen,
            published_at=at(day if n % 20 else day - dt.timedelta(days=1 + n // 20 % 5), n % 23),
        )
        for n in range(size - size // 10)
    ]
    week = room.warehouse.table("articles").scan(
        f"published_at >= '{day - dt.timedelta(days=7)}T00:00:00+00:00'",
        selected_fields=("article_id", "published_at"),
    )
    there = week.to_arrow().slice(0, size // 10).to_pylist()
    for n, row in enumerate(there):
        moved = dt.timedelta(days=1) if n % 10 == 0 else dt.timedelta()
        one = story(first + size + n, text=f"Edited in night {number}.", captured_at=seen)
        made.append(
            replace(one, article_id=row["article_id"], published_at=row["published_at"] - moved)
        )
    return made


@dataclass
class Cost:
    """What something took: seconds, bytes read and written, Parquet files opened."""

    seconds: float = 0.0
    read: int = 0
    written: int = 0
    files: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    from pyiceberg.io.pyarrow import PyArrowFileIO

    cost, opened = Cost(), set()
    really = PyArrowFileIO.new_input

    def new_input(self: Any, location: str) -> Any:
        if location.endswith(".parquet"):
            opened.add(location)
        return really(self, location)

    PyArrowFileIO.new_input = new_input  # type: ignore[method-assign]
    before, began = _io(), time.perf_counter()
    try:
        yield cost
    finally:
        PyArrowFileIO.new_input = really  # type: ignore[method-assign]
        after = _io()
        cost.seconds = time.perf_counter() - began
        cost.read, cost.written = after[0] - before[0], after[1] - before[1]
        cost.files = len(opened)


def _io() -> tuple[int, int]:
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"]), int(lines["wchar"])


def table_size(room: Newsroom, name: str = "articles") -> tuple[int, int]:
    """Live data files of a table, and their bytes."""
    sizes = [t.file.file_size_in_bytes for t in room.warehouse.table(name).scan().plan_files()]
    return len(sizes), sum(sizes)


def merges(room: Newsroom, size: int, nights: int = 3) -> Cost:
    """The night in the middle."""
    costs = []
    for number in range(nights + 1):
        stories = night(room, number, size)
        staged = articles_to_table(stories, links={}, run_id=f"{number}")
        verdict = room.verdict(staged)
        run = run_of(f"{number}", LAST + dt.timedelta(days=1 + number))
        gc.collect()
        with measured() as cost:
            done = room.send(run, stories, verdict=verdict)
        assert done.counts["articles"] == len(stories)
        costs.append(cost)
    costs = costs[1:]  # the first warms up
    median = statistics.median(cost.seconds for cost in costs)
    return next(cost for cost in costs if cost.seconds == median)


def upsert(folder: Path, text: str, body: int) -> tuple[float, float]:
    """Seconds of a small night: ours (every table, the whole publish), and pyiceberg's upsert."""
    ours = filled(folder / "ours", text, UPSERT_ROWS, body)
    theirs = filled(folder / "theirs", text, UPSERT_ROWS, body)
    seconds = merges(ours, UPSERT_NIGHT, nights=1).seconds
    rows = loose(night(theirs, 1, UPSERT_NIGHT)).cast(ARTICLES.arrow)
    began = time.perf_counter()
    theirs.warehouse.table("articles").upsert(rows, join_cols=["article_id"])
    return seconds, time.perf_counter() - began


# -- the rest ---------------------------------------------------------------------------------


def one_day(room: Newsroom) -> Cost:
    day = FIRST + dt.timedelta(days=DAYS // 2)
    sql = (
        "SELECT count(*), sum(length(body)) FROM news.articles WHERE "  # noqa: S608  # our own days
        f"published_at >= '{day}T00:00:00Z' AND published_at < '{day + dt.timedelta(days=1)}T00:00:00Z'"
    )
    with measured() as opening:  # DuckDB reads its extensions, tens of megabytes, every time
        list(query.query(room.warehouse, "SELECT 1").rows)
    with measured() as cost:
        ((count, _),) = query.query(room.warehouse, sql).rows
    assert count > 0
    cost.read -= opening.read
    return cost


def month_of_commits(folder: Path, text: str) -> tuple[float, dict[str, Any]]:
    """A month in which every hour brings a few versions: 240 commits of 25 rows to revisions."""
    room = newsroom(folder)
    rows = next(days_of_rows(text, 25 * 240 * DAYS // 30, 5000, np.random.default_rng(5)))
    rows = rows.append_column("kind", pa.array(["capture"] * rows.num_rows))
    rows = rows.append_column("recorded_at", rows["captured_at"])
    rows = rows.cast(TABLES["revisions"].arrow)
    for part in range(240):
        change = Change([rows.slice(part * 25, 25)])
        commit(room.warehouse.table("revisions"), change, run_of(f"{part}", FIRST))
    before = table_size(room, "revisions")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=60)
    began = time.perf_counter()
    report = tidy(room.warehouse, room.store, "revisions", Rules(keep_last=1), now=later)
    seconds = time.perf_counter() - began
    assert report is not None
    after = table_size(room, "revisions")
    told = {
        "data_files": [before[0], after[0]],
        "data_bytes": [before[1], after[1]],
        "objects": [report.files_before, report.files_after],
        "bytes": [report.bytes_before, report.bytes_after],
        "snapshots_expired": report.expired,
    }
    room.warehouse.close()
    return seconds, told


def real_pages(corpus: Path) -> list[Article]:
    """Stories as read from the pages beside this checkout; nothing of them is kept."""
    from newsdesk.reading import batch, read_page, source_for

    found = []
    for number, line in enumerate((corpus / "truth.jsonl").open(encoding="utf-8")):
        one = json.loads(line)
        path = corpus / "pages" / f"{one['id']}.html.gz"
        if not path.exists():
            continue
        page = batch.load_page(path, one["url"], at(LAST))
        article = read_page(page, source_for(one["url"], {})).article
        if article and article.body and article.published_at and article.headline:
            digest = article.content_hash or b""
            key = f"bench/raw/{LAST}/0123456789abcdef/0000-0000.warc.gz"
            ref = CaptureRef(key, 51_234 * number, 20_480 + number, digest)
            # One day, one row each: as a day of many papers would lie in the table.
            moment = at(LAST, 1 + number % 20)
            found.append(
                replace(article, capture=ref, published_at=moment, article_id=story_id(number))
            )
    return found


def bytes_per_story(folder: Path, stories: list[Article]) -> tuple[float, float]:
    """Bytes of a row in ``news.articles``, and of its body."""
    room = newsroom(folder)
    rows = loose(stories)
    good = pc.is_valid(rows["article_id"])
    for name in ARTICLES.required:
        good = pc.and_(good, pc.is_valid(rows[name]))
    rows = rows.filter(good)
    commit(room.warehouse.table("articles"), Change([rows]), run_of("real", LAST))
    _, size = table_size(room)
    room.warehouse.close()
    return size / rows.num_rows, pc.mean(pc.binary_length(rows["body"])).as_py()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--body", type=int, default=1200, help="characters of a body, on average")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-tables-"))
    try:
        text = prose(np.random.default_rng(1))
        first: Cost | None = None
        for count in options.rows:
            began = time.perf_counter()
            room = filled(folder / f"{count}", text, count, options.body)
            files, size = table_size(room)
            print(f"{count:,} stories over 5 years: {files:,} files, {size / 1e6:,.0f} MB "
                  f"({time.perf_counter() - began:.0f} s to write)")  # fmt: skip
            cost = merges(room, NIGHT)
            first = first or cost
            print(f"  a night of {NIGHT:,}: {cost.seconds:.2f} s, {cost.seconds / first.seconds:.2f}x "
                  f"the smallest table; read {cost.read / 1e6:.1f} MB ({cost.read / size:.2%}) from "
                  f"{cost.files} Parquet files, wrote {cost.written / 1e6:.1f} MB")  # fmt: skip
            day = one_day(room)
            print(f"  one day by SQL: {day.seconds:.2f} s, read {day.read / 1e6:.1f} MB "
                  f"({day.read / size:.2%})")  # fmt: skip
            room.warehouse.close()
            shutil.rmtree(folder / f"{count}")
        ours, theirs = upsert(folder / "upsert", text, options.body)
        print(f"{UPSERT_NIGHT} stories into {UPSERT_ROWS:,}: publish {ours:.2f} s, pyiceberg upsert "
              f"{theirs:.2f} s ({theirs / ours:.1f}x)")  # fmt: skip
        seconds, told = month_of_commits(folder / "month", text)
        print(f"upkeep of a month of commits: {seconds:.1f} s, {json.dumps(told)}")
        corpus = ROOT.parent / "shared" / "corpus"
        if corpus.is_dir():
            row, body = bytes_per_story(folder / "real", real_pages(corpus))
            print(f"news.articles, real pages: {row:.0f} bytes a story whose body has {body:.0f} "
                  f"({row * 5000 / body:.0f} per 5,000)")  # fmt: skip
        else:
            print("no real pages beside this checkout: bytes per story not measured")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
