"""Reading a shard: landed pages become a staged Parquet file and a list of rejections."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from newsdesk import records
from newsdesk.article import (
    Article,
    Capture,
    CaptureRef,
    Page,
    Reading,
    Response,
    ShardReading,
    StagedFile,
)
from newsdesk.erasure.raw import wipe_file
from newsdesk.errors import ObjectMissing, StagedCorrupt
from newsdesk.landing import CaptureCorrupt, iter_captures
from newsdesk.reading.children import PageWork, read_all
from newsdesk.reading.reader import unread
from newsdesk.reading.repeats import same_text
from newsdesk.reading.walls import Wall
from newsdesk.steps.desk import Desk
from newsdesk.steps.fetching import load_captures
from newsdesk.suppress import suppress, suppressed
from newsdesk.tables import articles_to_table
from newsdesk.tables.schema import ARTICLES

log = logging.getLogger(__name__)

GAP = 1_000_000
"""Bytes between two wanted records that are read along: a request more takes about as long."""


def read(desk: Desk, day: dt.date, run_id: str, shard: int) -> dict[str, int]:
    """Reads the landed pages of one shard and stages what they say.

    Returns:
        Counts: pages, articles staged, pages rejected.
    """
    key = desk.layout.reading(day, run_id, shard)
    if desk.store.head(key) is None:
        out = suppressed(desk.store, desk.layout)
        landed = load_captures(desk, day, run_id, shard)
        captures = [one for one in landed if not out.has(one.link.article_id, one.link.url)]
        readings = readings_of(desk, captures)
        if again := {one.article.url for one in readings if out.has(one.article.article_id)}:
            _forget(desk, [one for one in captures if one.link.url in again])
            captures = [one for one in captures if one.link.url not in again]
            readings = [one for one in readings if one.article.url not in again]
        articles = [one.article for one in readings if one.rejection is None]
        rejections = [one.rejection for one in readings if one.rejection is not None]
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


def _forget(desk: Desk, captures: Sequence[Capture]) -> None:
    """Wipes pages of erased stories that came by an address which nobody knew was theirs.

    The address is suppressed from now on; what names it already goes with another erasure.
    """
    suppress(desk.store, desk.layout, [one.link.url for one in captures])
    for capture in captures:
        log.warning("%s is an erased story's: erase this address, too", capture.link.url)
        if capture.ref is not None:
            wipe_file(desk.store, capture.ref.key, [capture.ref.offset])


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
    return stage_rows(desk, day, run_id, articles_to_table(ordered, links=links, run_id=run_id))


def stage_rows(desk: Desk, day: dt.date, run_id: str, table: pa.Table) -> StagedFile:
    """Writes rows as one Parquet file that is named by what it holds."""
    body, digest = records.pack_rows(table)
    key = desk.layout.staged(day, run_id, digest)
    desk.store.put_if_absent(key, body)
    return StagedFile(key=key, digest=digest, rows=table.num_rows)


def load_staged(desk: Desk, staged: StagedFile) -> pa.Table:
    """The rows of a staged file in the loose articles schema, after its digest was found right.

    Raises:
        StagedCorrupt: The bytes are not those that were staged.
        StoreError: A newer newsdesk staged them.
    """
    body = desk.store.get(staged.key)
    if hashlib.sha256(body).hexdigest() != staged.digest:
        raise StagedCorrupt(staged.key, "its digest is not the one that was staged")
    return records.unpack_rows(body, ARTICLES.loose, subject=staged.key)


def readings_of(desk: Desk, captures: Sequence[Capture]) -> list[Reading]:
    """Every landed page, read: each in a child process, then all of them side by side."""
    given: list[Capture] = []
    lost: list[Reading] = []

    def work() -> Iterator[PageWork]:
        for capture, found in _landed(desk, captures):
            page = Page(
                url=capture.link.url,
                body=b"" if isinstance(found, CaptureCorrupt) else found.body,
                captured_at=capture.captured_at,
                final_url=capture.final_url,
                content_type=capture.content_type,
                status=capture.status or 0,
                link=capture.link,
                ref=capture.ref,
            )
            source = capture.link.source
            if isinstance(found, CaptureCorrupt):
                lost.append(unread(page, desk.sources[source], Wall("capture_corrupt", str(found))))
            else:
                given.append(capture)
                yield PageWork(page, source)

    readings = list(read_all(work(), desk.sources))
    return same_text(list(zip(given, readings, strict=True))) + lost


def _landed(
    desk: Desk, captures: Sequence[Capture]
) -> Iterator[tuple[Capture, Response | CaptureCorrupt]]:
    """Every landed page, or what is wrong with its record; a file at most in memory."""
    by_file: dict[str, dict[int, Capture]] = {}
    for capture in captures:
        if capture.fate is None and capture.ref is not None:
            by_file.setdefault(capture.ref.key, {})[capture.ref.offset] = capture
    for key, wanted in sorted(by_file.items()):
        broken: list[CaptureCorrupt] = []
        refs = [capture.ref for capture in wanted.values() if capture.ref is not None]
        for ref, response in _responses(desk, key, refs, broken.append):
            expected = wanted[ref.offset].ref if ref.offset in wanted else None
            if expected is not None and expected.digest == ref.digest:
                yield wanted.pop(ref.offset), response
        why = {error.offset: error for error in broken}
        for offset, capture in wanted.items():
            nothing = CaptureCorrupt(key, offset, "the record that was landed is not there")
            yield capture, why.get(offset, nothing)


def _responses(
    desk: Desk,
    key: str,
    wanted: Iterable[CaptureRef],
    on_corrupt: Callable[[CaptureCorrupt], None],
) -> Iterator[tuple[CaptureRef, Response]]:
    """The responses of a file in which some are wanted: all of it, or stretches of it."""
    for begin, end in stretches(wanted):

        def damaged(error: CaptureCorrupt, begin: int = begin) -> None:
            on_corrupt(CaptureCorrupt(key, begin + error.offset, error.reason))

        body = desk.store.get(key, offset=begin, length=end - begin)
        for ref, response in iter_captures(body, key, on_corrupt=damaged):
            yield replace(ref, offset=begin + ref.offset), response


def stretches(refs: Iterable[CaptureRef]) -> list[tuple[int, int]]:
    """Begin and end of what to ask for of a file, so that few requests bring little else."""
    found: list[tuple[int, int]] = []
    for ref in sorted(refs, key=lambda ref: ref.offset):
        begin, end = ref.offset, ref.offset + ref.length
        if found and begin - found[-1][1] <= GAP:
            begin, last = found.pop()
            end = max(end, last)
        found.append((begin, end))
    return found
