"""Where copies of a story are: the index ``news.article_days``.

pyiceberg prunes no file by ``article_id``: looking through ``news.articles`` for 2,000 stories
reads all of it. The index says on which days they may be, and only those are read. It is written
before the articles are, so it names every day that a copy is on, and perhaps some where none is
any more.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import Run
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.commit import Change, commit_fresh
from newsdesk.tables.scan import days_filter, files, read, read_files
from newsdesk.tables.schema import ARTICLE_DAYS, ARTICLES, REVISIONS

if TYPE_CHECKING:
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

FEW = 150
"""So many ids are looked for by bucket; more of them are in every bucket anyway."""

SMALL_ROWS = 50_000
"""A file of the index with fewer rows is small."""

SMALL_FILES = 8
"""With so many small files a bucket's next file takes their rows in."""


def days_of(table: Table, ids: Collection[str]) -> dict[str, set[dt.date]]:
    """The days on which copies of some stories may be; stories never seen are left out."""
    found: dict[str, set[dt.date]] = defaultdict(set)
    if ids:
        rows = read(table, ARTICLE_DAYS, _near(ids), where=("article_id", ids))
        for article_id, day in zip(
            rows["article_id"].to_pylist(), rows["published_day"].to_pylist(), strict=True
        ):
            found[article_id].add(day)
    return dict(found)


def copies(
    warehouse: Warehouse, articles: Table, ids: Collection[str], columns: list[str] | None = None
) -> pa.Table:
    """The rows of ``news.articles`` of some stories, as a handle of that table knows them."""
    return found_copies(warehouse, articles, ids, columns)[0]


def found_copies(
    warehouse: Warehouse, articles: Table, ids: Collection[str], columns: list[str] | None = None
) -> tuple[pa.Table, frozenset[str]]:
    """The same rows, and which of the stories were in the table once and have left it."""
    index = warehouse.existing(ARTICLE_DAYS.name)
    known = days_of(index, ids) if index is not None else {}
    rows = read(
        articles,
        ARTICLES,
        days_filter(ARTICLES, set().union(*known.values())),
        columns=columns,
        where=("article_id", ids),
    )
    return rows, frozenset(known) - set(rows["article_id"].to_pylist())


def versions_of_kind(
    warehouse: Warehouse, ids: Collection[str], kind: str, columns: Sequence[str]
) -> pa.Table:
    """The versions of a rare kind of some stories, as ``news.revisions`` has them.

    Args:
        warehouse: The tables.
        ids: ``article_id`` of the stories: hardly ever any.
        kind: ``tombstone`` or ``withdrawn``.
        columns: Columns of ``news.articles`` wanted.
    """
    from pyiceberg.expressions import EqualTo

    revisions = warehouse.existing(REVISIONS.name)
    if revisions is None or not ids:
        return pa.schema([REVISIONS.arrow.field(name) for name in columns]).empty_table()
    # Column statistics leave out nearly every file: such a version is rare.
    mark = EqualTo(term="kind", value=kind)
    return read(revisions, REVISIONS, mark, columns=columns, where=("article_id", ids))


def add(
    warehouse: Warehouse,
    run: Run,
    rows: pa.Table,
    keep: Callable[[pa.Table], pa.Table] = lambda rows: rows,
) -> int:
    """Notes on which days stories are about to be.

    Args:
        warehouse: The tables.
        run: The run.
        rows: Rows in the articles schema.
        keep: Takes out rows that must not be written; asked anew for every try to commit.

    Returns:
        How many pairs of story and day were new.
    """
    if not rows.num_rows:
        return 0
    wanted = entries(rows)
    new = wanted

    def build(table: Table) -> Change | None:
        nonlocal new
        kept = keep(wanted)
        ids = kept["article_id"].to_pylist()
        known = read(table, ARTICLE_DAYS, _near(ids), where=("article_id", ids))
        left = kept.join(known, ["article_id", "published_day"], join_type="left anti")
        new = left.cast(ARTICLE_DAYS.arrow)
        if not new.num_rows:
            return None
        drop, folded = _small(table, set(pc.unique(_buckets(table, new["article_id"])).to_pylist()))
        return Change(add=[pa.concat_tables([new, folded])], drop=drop)

    commit_fresh(warehouse, ARTICLE_DAYS.name, run, build)
    return int(new.num_rows)


def entries(rows: pa.Table) -> pa.Table:
    """The index rows of some articles: distinct pairs of story and UTC day."""
    pairs = pa.table(
        {
            "article_id": rows["article_id"],
            "published_day": rows["published_at"].cast(pa.date32()),
        }
    )
    grouped = pairs.group_by(["article_id", "published_day"]).aggregate([])
    return grouped.select(["article_id", "published_day"]).cast(ARTICLE_DAYS.arrow)


def _near(ids: Collection[str]) -> BooleanExpression:
    from pyiceberg.expressions import AlwaysTrue, In

    return In(term="article_id", literals=list(ids)) if len(ids) <= FEW else AlwaysTrue()


def _buckets(table: Table, ids: pa.ChunkedArray) -> pa.Array:
    """The buckets of some ids; an index keeps as many as it was made with."""
    from pyiceberg.types import StringType

    bucket = table.spec().fields[0].transform.pyarrow_transform(StringType())
    return bucket(ids.combine_chunks())


def _small(table: Table, buckets: set[int]) -> tuple[tuple[DataFile, ...], pa.Table]:
    """The small files of those buckets that have too many of them, and what they hold.

    A run leaves a small file in every bucket it meets. Folding them in now and then, into a file
    that must be written anyway, keeps the number of files to look through bounded.
    """
    from pyiceberg.expressions import AlwaysTrue

    by_bucket = defaultdict(list)
    for task in files(table, AlwaysTrue()):
        if task.file.record_count < SMALL_ROWS and task.file.partition[0] in buckets:
            by_bucket[task.file.partition[0]].append(task)
    tasks = [one for group in by_bucket.values() if len(group) >= SMALL_FILES for one in group]
    return tuple(task.file for task in tasks), read_files(table, ARTICLE_DAYS, tasks)
