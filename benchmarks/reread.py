"""How fast landed pages are read again: newsdesk's reread beside trafilatura reading the same pages.

The pages are those of ``../shared/corpus``, each landed eight times, as a run lands them. A
reread then goes from the WARC file through its verified records and their reading to staged rows; what
is judged by the day comes after it and is not counted: the pages are of hundreds of days. trafilatura reads the same pages from files,
``bare_extraction(with_metadata=True, include_comments=False)``. Counted is the processor time,
children included, of a process that has imported everything; the two take turns.

Run: ``python benchmarks/reread.py``; four minutes. ``--write`` puts the table into
``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from measuring.document import write

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "include"), str(ROOT / "tests")]
CORPUS = ROOT.parent / "shared" / "corpus"

DAY = dt.date(2026, 6, 1)
COPIES = 8
"""How often each page is landed. A child process starts for every 2,000 pages, and its start counts
for more than it does in a reread of real size when there are few of them. No page is recognised as one
that was read before."""
ROUNDS = 2
LEAST = 12.0
"""Pages per CPU-second, trafilatura's being 1, that are aimed at."""


def land(desk: Any, rows: Sequence[dict[str, Any]]) -> int:
    """Lands the pages as a run does; gives how many there are."""
    from newsdesk import records
    from newsdesk.article import Capture, Link, Response
    from newsdesk.landing import WarcWriter
    from newsdesk.publish import Published
    from newsdesk.steps.parts import CapturePart

    (source,) = desk.sources.values()
    at = dt.datetime.combine(DAY, dt.time(23), dt.UTC)
    head = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    for part in range(COPIES):
        key = desk.layout.raw(DAY, "landed", part, 0)
        writer = WarcWriter(key, software="newsdesk/benchmark", info={})
        captures = []
        for row in rows:
            raw = (CORPUS / "pages" / f"{row['id']}.html.gz").read_bytes()
            url, moment = row["url"], at + dt.timedelta(seconds=part)
            link = Link(source.name, url, source.article_id(url), ("given",), moment)
            page = gzip.decompress(raw)
            ref = writer.add(Response(url, url, 200, "OK", head, raw, page, moment))
            captures.append(Capture(link, None, None, moment, url, 200, "text/html", ref))
        desk.store.put(key, writer.finish())
        made = records.pack(CapturePart(tuple(captures)))
        desk.store.put(desk.layout.capture_part(DAY, "landed", part, 0), made)
    done = Published((), {}, {}, (), unchanged=True)  # the mark of a run that came to its end
    desk.store.put(desk.layout.published(DAY, "landed"), records.pack(done))
    return COPIES * len(rows)


def again(desk: Any, run_id: str) -> None:
    """Reads every page again, from the WARC file to staged rows."""
    from newsdesk.steps import rereading

    for day, shard in rereading.gather(desk, DAY, DAY, run_id):
        rereading.read(desk, day, run_id, shard)


def peer(rows: Sequence[dict[str, Any]]) -> None:
    """trafilatura, on the same pages from files."""
    from trafilatura import bare_extraction

    for row in rows:
        page = gzip.decompress((CORPUS / "pages" / f"{row['id']}.html.gz").read_bytes())
        bare_extraction(page, url=row["url"], with_metadata=True, include_comments=False)


def cpu(what: Callable[[], object]) -> float:
    """Processor seconds of something, children included."""

    def used() -> float:
        both = [resource.getrusage(x) for x in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = used()
    what()
    return used() - before


def measure() -> str:
    from contracts.newsroom import newsroom
    from newsdesk.sources import Normal, Source
    from newsdesk.steps import Desk

    rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").read_text().splitlines()]
    source = Source(
        name="every_paper",
        title="Every paper",
        home="https://every.example/",
        domains=("every.example",),
        language="en",
        normal=Normal(severity={"volume": "warning", "duplicates": "warning"}),
    )
    with tempfile.TemporaryDirectory() as folder:
        room = newsroom(Path(folder))
        desk = Desk(
            store=room.store,
            layout=room.layout,
            sources={source.name: source},
            user_agent=lambda: "newsdesk-benchmark",
            open_warehouse=lambda: room.warehouse,
            now=lambda: dt.datetime(2026, 6, 3, tzinfo=dt.UTC),
        )
        pages = land(desk, rows)
        newer = {source.name: source.model_copy(update={"rules_version": 1})}
        desk = replace(desk, sources=newer)
        peer(rows[:20])
        took: list[tuple[float, float]] = []
        for number in range(ROUNDS):
            print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
            ours = cpu(lambda number=number: again(desk, f"round {number}")) / pages
            took.append((ours, cpu(lambda: peer(rows)) / len(rows)))
        room.warehouse.close()
    ratio = statistics.median(theirs / ours for ours, theirs in took)
    hours = statistics.median(ours for ours, _ in took) * 1_000_000 / 3600
    what = f"{pages:,} landed pages read again, pages per CPU-second, trafilatura from files = 1"
    lines = [
        "| what | aim | measured |",
        "|---|---|---|",
        f"| {what} | ≥ {LEAST:.0f} | {ratio:.1f} |",
        f"| one million pages at that pace, hours of one core of this machine | | {hours:.1f} |",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    options = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"{CORPUS} is not there: nothing to measure", file=sys.stderr)
        return 0
    table = measure()
    print(table)
    if options.write:
        write("reread", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
