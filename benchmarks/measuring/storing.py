"""What stories weigh, and what a month of small commits does before and after upkeep."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.newsroom import Newsroom, at, loose, newsroom, run_of, story_id
from measuring.invented import DAYS, FIRST, LAST, days_of_rows
from newsdesk.article import Article, CaptureRef
from newsdesk.tables import TABLES
from newsdesk.tables.commit import Change, commit
from newsdesk.tables.schema import ARTICLES
from newsdesk.tables.upkeep import Rules, tidy


def table_size(room: Newsroom, name: str = "articles") -> tuple[int, int]:
    """Live data files of a table, and their bytes."""
    sizes = [t.file.file_size_in_bytes for t in room.warehouse.table(name).scan().plan_files()]
    return len(sizes), sum(sizes)


def month_of_commits(folder: Path, text: np.ndarray) -> dict[str, Any]:
    """A month in which a few versions come eight times a day: 240 commits of 25 rows to revisions.

    Upkeep then, with its own rules, two months later.
    """
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
    report = tidy(room.warehouse, room.store, "revisions", Rules(), now=later)
    assert report is not None
    after = table_size(room, "revisions")
    told = {
        "data_files": [before[0], after[0]],
        "data_bytes": [before[1], after[1]],
        "objects": [report.files_before, report.files_after],
        "bytes": [report.bytes_before, report.bytes_after],
        "share": report.bytes_after / after[1],
    }
    room.warehouse.close()
    return told


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
