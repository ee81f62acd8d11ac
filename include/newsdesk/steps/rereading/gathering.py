"""Which landed pages are read again, and their reading: by run day, or by published day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsdesk import records
from newsdesk.article import Capture, CaptureRef, Run, ShardReading
from newsdesk.errors import ObjectMissing
from newsdesk.steps.desk import Desk
from newsdesk.steps.parts import CapturePart
from newsdesk.steps.planning import chosen_papers, days_of
from newsdesk.steps.reading import readings_of, stage
from newsdesk.suppress import suppressed
from newsdesk.tables.scan import read as read_table
from newsdesk.tables.schema import LEDGER

SHARD_PAGES = 2_000
"""Pages that a task holds in memory as rows at a time."""

Unit = tuple[dt.date, int]
"""A shard of a day."""


@dataclass(frozen=True, slots=True)
class Rereading:
    """The pages of one day that are read again.

    Attributes:
        run: The run; its day is the run day, or the published day, that they were asked for by.
        shards: The captures, as they are spread over tasks.
        missing: Pages whose file is not in the bucket any more.
    """

    run: Run
    shards: tuple[tuple[Capture, ...], ...]
    missing: int = 0


def gather(
    desk: Desk,
    first: dt.date,
    last: dt.date,
    run_id: str,
    *,
    published: bool = False,
    papers: Sequence[str] = (),
) -> list[Unit]:
    """Notes which pages are to be read again.

    Args:
        desk: The desk.
        first: First day, UTC.
        last: Last day, inclusive.
        run_id: The run, of all days.
        published: Whether the days are those that stories were published on, as runs said of
            them; else those that runs worked for.
        papers: Names of papers; none is all of the desk's.

    Returns:
        The shards of every day that has pages.

    Raises:
        SettingsError: The range is empty or reaches into the future, or a paper is unknown.
        StoreError: A record cannot be read.
    """
    names = {source.name for source in chosen_papers(desk, papers)}
    started_at = desk.now()
    units: list[Unit] = []
    for day in days_of(desk, first, last):
        key = desk.layout.reread(day, run_of(run_id, day))
        if desk.store.head(key) is None:
            found = _of_published_day(desk, day) if published else _of_run_day(desk, day)
            pages = _distinct(one for one in found if one.link.source in names)
            there, missing = _still_there(desk, pages)
            if not pages:
                continue
            run = Run(day, run_of(run_id, day), started_at)
            desk.store.put_if_absent(key, records.pack(Rereading(run, _shards(there), missing)))
        shards = load_rereading(desk, day, run_id).shards
        units += [(day, number) for number in range(max(1, len(shards)))]
    return units


def run_of(run_id: str, day: dt.date) -> str:
    """The run of one day of a reread."""
    return f"{run_id} {day}"


def load_rereading(desk: Desk, day: dt.date, run_id: str) -> Rereading:
    """The pages of one day.

    Raises:
        ObjectMissing: They were not gathered.
    """
    key = desk.layout.reread(day, run_of(run_id, day))
    return records.unpack(Rereading, desk.store.get(key), subject=key)


def read(desk: Desk, day: dt.date, run_id: str, shard: int) -> dict[str, int]:
    """Reads one shard of a day, and stages what its pages say.

    Returns:
        Counts: pages, articles, pages rejected.
    """
    run = run_of(run_id, day)
    key = desk.layout.reading(day, run, shard)
    if desk.store.head(key) is None:
        out = suppressed(desk.store, desk.layout)
        pages = load_rereading(desk, day, run_id).shards
        captures = [
            one
            for one in (pages[shard] if shard < len(pages) else ())
            if not out.has(one.link.article_id, one.link.url)
        ]
        readings = [x for x in readings_of(desk, captures) if not out.has(x.article.article_id)]
        articles = [one.article for one in readings if one.rejection is None]
        rejections = tuple(one.rejection for one in readings if one.rejection is not None)
        staged = stage(desk, day, run, articles, captures) if articles else None
        done = ShardReading(shard, staged, rejections, tuple(captures))
        desk.store.put_if_absent(key, records.pack(done))
    done = records.unpack(ShardReading, desk.store.get(key), subject=key)
    rows = done.staged.rows if done.staged else 0
    return {
        "pages": rows + len(done.rejections),
        "articles": rows,
        "rejected": len(done.rejections),
    }


def _of_run_day(desk: Desk, day: dt.date) -> Iterator[Capture]:
    """The captures of every run that published for a day."""
    prefix = desk.layout.runs(day)
    keys = [info.key for info in desk.store.list(prefix)]
    ended = {key.rpartition("/")[0] for key in keys if key.endswith("/published.json.zst")}
    for key in keys:
        folder, _, name = key.rpartition("/")
        if name.startswith("captures-") and folder in ended:
            yield from _part(desk, key)


def _of_published_day(desk: Desk, day: dt.date) -> Iterator[Capture]:
    """The captures that runs said were of a published day."""
    from pyiceberg.expressions import EqualTo

    ledger = desk.open_warehouse().existing(LEDGER.name)
    if ledger is None:
        return
    columns = ["run_day", "run_id", "capture"]
    of_day = EqualTo(term="published_day", value=f"{day}")
    rows = read_table(ledger, LEDGER, of_day, columns=columns)
    wanted: dict[str, set[int]] = defaultdict(set)
    runs: dict[str, set[tuple[dt.date, str]]] = defaultdict(set)
    for row in rows.to_pylist():
        if (ref := row["capture"]) is not None:
            wanted[ref["key"]].add(ref["offset"])
            runs[ref["key"]].add((row["run_day"], row["run_id"]))
    for raw_key, offsets in sorted(wanted.items()):
        for capture in _recorded(desk, raw_key, sorted(runs[raw_key])):
            ref = capture.ref
            if ref is not None and ref.key == raw_key and ref.offset in offsets:
                yield capture


def _recorded(desk: Desk, raw_key: str, runs: Iterable[tuple[dt.date, str]]) -> Iterator[Capture]:
    """The captures in a WARC file: from the record beside it, else from the runs that read it."""
    beside = desk.layout.beside(raw_key)
    if beside is not None and desk.store.head(beside) is not None:
        yield from _part(desk, beside)
        return
    for run_day, run_id in runs:
        for info in desk.store.list(f"{desk.layout.run(run_day, run_id)}captures-"):
            yield from _part(desk, info.key)


def _part(desk: Desk, key: str) -> Iterator[Capture]:
    part = records.unpack(CapturePart, desk.store.get(key), subject=key)
    yield from (one for one in part.captures if one.fate is None and one.ref is not None)


def _distinct(captures: Iterable[Capture]) -> list[Capture]:
    """Each page once, with all that is known of how its link became known."""
    found: dict[tuple[str, int], Capture] = {}
    for capture in captures:
        ref = _ref(capture)
        before = found.setdefault((ref.key, ref.offset), capture)
        if before is capture:
            continue
        link = replace(
            before.link,
            via=tuple(sorted({*before.link.via, *capture.link.via})),
            seen_at=min(before.link.seen_at, capture.link.seen_at),
        )
        found[ref.key, ref.offset] = replace(before, link=link)
    return [found[place] for place in sorted(found)]


def _still_there(desk: Desk, captures: Collection[Capture]) -> tuple[list[Capture], int]:
    """The pages whose file is in the bucket, and how many others there are."""
    files = {_ref(one).key for one in captures}
    there = {key for key in files if desk.store.head(key) is not None}
    kept = [one for one in captures if _ref(one).key in there]
    return kept, len(captures) - len(kept)


def _shards(captures: Sequence[Capture]) -> tuple[tuple[Capture, ...], ...]:
    """The pages in the order in which they lie, so that a file is read by one task or two."""
    return tuple(
        tuple(captures[at : at + SHARD_PAGES]) for at in range(0, len(captures), SHARD_PAGES)
    )


def _ref(capture: Capture) -> CaptureRef:
    if capture.ref is None:
        raise ObjectMissing(capture.link.url, "was not landed")
    return capture.ref
