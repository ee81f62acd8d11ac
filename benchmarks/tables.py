"""What the tables cost when they are old: same machine, same run, ratios beside their aims.

Tables in a local folder are filled through our own commits with invented stories over five years.
Each part puts a table of its own into ``docs/benchmarks.md`` with ``--write``:

* ``merge``: a night of 2,000 stories (new ones, late ones, edits, dates that move) through the
  whole publish, into 100,000 stories, 1 million and 10 million with tiny bodies; and a day asked for
  by DuckDB. The largest table takes ten minutes and 4 GB to fill; ``--keep FOLDER`` keeps it;
* ``upsert``: such a night beside pyiceberg's own ``upsert``, on one table of 300,000;
* ``requests``: what a whole run of 2,000 stories writes to a real S3 server;
* ``checks``: the check stage beside importing Great Expectations, and its memory at 100,000 rows;
* ``storage``: bytes of a story, on the real pages beside this checkout; a month of small commits
  before and after upkeep.

Run: ``python benchmarks/tables.py``, half an hour; ``--quick`` is a tenth of all sizes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "include"), str(ROOT / "tests")]

from measuring import judging
from measuring.asking import one_day
from measuring.document import write
from measuring.invented import filled, prose
from measuring.nights import merges, upserts
from measuring.storing import bytes_per_story, month_of_commits, real_pages, table_size
from measuring.walk import run_of_stories

from contracts.newsroom import Newsroom, newsroom

CORPUS = ROOT.parent / "shared" / "corpus"
NIGHT = 2000
"""Stories of a night."""

OLD = (100_000, 1_000_000, 10_000_000)
"""Stories of the tables that a night goes into."""

TINY = 60
"""Characters of a tiny body."""

MB = 1_000_000

Rows = Iterator[tuple[str, str, str]]
"""What is measured, the aim, and what came out."""


@dataclass(frozen=True)
class Bench:
    """What every part is given.

    Attributes:
        folder: Where tables go.
        text: Invented prose.
        part: What sizes are divided by.
    """

    folder: Path
    text: np.ndarray
    part: int

    def tables(self, count: int, body: int) -> Newsroom:
        """Tables with so many stories; those that are there from an earlier time are taken."""
        folder = self.folder / f"{count}x{body}"
        if (folder / "filled").exists():
            return newsroom(folder)
        shutil.rmtree(folder, ignore_errors=True)
        room = filled(folder, self.text, count, body)
        (folder / "filled").touch()
        return room


def merge(bench: Bench) -> Rows:
    costs = []
    for count in (stories // bench.part for stories in OLD):
        room = bench.tables(count, TINY)
        files, size = table_size(room)
        cost = merges(room, NIGHT)
        costs.append(cost)
        ratio = f"{cost.cpu / costs[0].cpu:.1f}×"
        index = table_size(room, "article_days")[1]
        aim = "≤ 5×" if len(costs) > 1 else "1×"
        yield f"{NIGHT:,} stories into {count:,}: processor time", aim, ratio
        yield (
            "read, written, of a table and index of",
            "",
            f"{cost.read / MB:.0f} MB, {cost.written / MB:.0f} MB, {(size + index) / MB:,.0f} MB",
        )
        yield "Parquet files opened, of", "", f"{cost.files}, {files:,}"
    opened, asked = one_day(room)
    yield f"DuckDB, one day of {count:,}: data files read, of", "1", f"{opened}, {files:,}"
    yield "bytes read for it, metadata included", "", f"{asked.read / MB:.1f} MB"
    room.warehouse.close()


def upsert(bench: Bench) -> Rows:
    count = 300_000 // bench.part
    room = bench.tables(count, 1_200)
    ours, theirs = upserts(room, NIGHT // bench.part)
    room.warehouse.close()
    what = f"{NIGHT // bench.part:,} stories into {count:,}: pyiceberg's upsert of `articles`"
    yield f"{what}, as many times the whole publish", "≥ 10×", f"{theirs / ours.cpu:.0f}×"


def requests(bench: Bench) -> Rows:
    count = NIGHT // bench.part
    done = run_of_stories(bench.folder / "s3", bench.text, count)
    assert done.stories == count
    yield (
        f"a run of {count:,} stories in {done.shards} shards: writes for raw, staged and tables",
        "≤ 80",
        f"{sum(done.run.values())}",
    )
    yield "of these", "", ", ".join(f"{name} {n}" for name, n in sorted(done.run.items()))
    yield "apart: looks, Data Docs", "", f"{done.looks}, {done.docs}"


def checks(bench: Bench) -> Rows:
    few, small, large = 20, NIGHT // bench.part, 100_000 // bench.part
    alone, stages = judging.measure(bench.folder, (few, small, large))
    yield (
        f"the check stage on {small:,} rows, of importing Great Expectations and running it once",
        "≤ 1.5×",
        f"{stages[small].seconds / alone.seconds:.2f}×",
    )
    # Hardly any rows: what the stage imports, Great Expectations and all else.
    base = stages[few].memory
    yield f"memory of the stage on {few} rows, beyond that", "", _mb(base - alone.memory)
    yield f"on {small:,} rows, beyond {few}", "", _mb(stages[small].memory - base)
    yield f"on {large:,} rows, beyond {few}", "≤ 300 MB", _mb(stages[large].memory - base)


def _mb(size: int) -> str:
    return f"{size / MB:.0f} MB"


def storage(bench: Bench) -> Rows:
    if CORPUS.is_dir():
        row, body = bytes_per_story(bench.folder / "real", real_pages(CORPUS))
        yield (
            "`articles`, compacted: bytes of a story of 5 KB",
            "≤ 2.5 KB",
            f"{row * 5000 / body:,.0f}",
        )
    told = month_of_commits(bench.folder / "month", bench.text)
    what = "a month of commits to `revisions`, eight a day, before and after upkeep"
    for name in ("data_files", "objects", "bytes"):
        before, after = told[name]
        yield f"{what}: {name.replace('_', ' ')}", "", f"{before:,}, {after:,}"
    yield "of the bytes that count, all that is stored is, after", "", f"{told['share']:.2f}×"


PARTS: dict[str, Callable[[Bench], Rows]] = {
    one.__name__: one for one in (merge, upsert, requests, checks, storage)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=", ".join(PARTS)
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep tables, or use kept ones")
    parser.add_argument("--quick", action="store_true", help="a tenth of all sizes")
    parser.add_argument("--write", action="store_true", help="put the tables into the document")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="newsdesk-tables-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, prose(np.random.default_rng(1)), 10 if options.quick else 1)
    try:
        for name in options.parts or PARTS:
            rows = ["| | aim | measured |", "|---|---|---|"]
            print(f"\n{name}\n{rows[0]}\n{rows[1]}", flush=True)
            for row in PARTS[name](bench):
                rows.append(f"| {' | '.join(row)} |")
                print(rows[-1], flush=True)
            if options.write:
                write(f"tables {name}", "\n".join(rows))
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
