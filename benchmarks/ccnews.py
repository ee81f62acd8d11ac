"""How fast a file of the news crawl is harvested, and in how much memory: beside fastwarc alone.

A file as CC-NEWS has them is generated: 1 GB, a request and a response record for every page, of a
few hundred invented sites; one page in five hundred is of the demo paper. ``harvest`` reads it by ranges
from a local HTTP server, finds the paper's pages, reads them for their dates and lands them.
fastwarc, which it is built on, merely iterates over the same file on disk. Counted is the processor
time, children included; the two take turns.

Run: ``python benchmarks/ccnews.py``; two minutes and 1 GB of disk. ``--write`` puts the table into
``docs/benchmarks.md``; ``--size`` makes another file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from measuring.document import write

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "include"), str(ROOT / "tests")]

NAME = "CC-NEWS-20240302000000-00001"
PATH = f"crawl-data/CC-NEWS/2024/03/{NAME}.warc.gz"
PAPER = "demo_paper"
ROUNDS = 3
LEAST, MEMORY = 0.70, 300
"""Share of fastwarc's speed, and MB beyond what imports take, that are aimed at."""


def generate(target: Path, size: int) -> int:
    """Writes the file; gives how many pages of the paper are in it."""
    from contracts.archives import Kept, crawl_of, warc_file

    draw = random.Random(7)  # noqa: S311 - no secret
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(draw.choices(letters, k=draw.randint(2, 10))) for _ in range(8_000)]
    at = dt.datetime(2024, 3, 2, tzinfo=dt.UTC)

    def site(number: int) -> bytes:
        text = " ".join(draw.choices(words, k=9_000))
        body = f"<html><head><title>{number}</title></head><body><p>{text}</p></body></html>"
        url = f"https://www.paper-{number % 300}.example/world/a-story-of-today-{number}"
        return warc_file([Kept(url, at, body.encode())])[0]

    def readable(kept: list[Kept]) -> list[Kept]:
        return [one for one in kept if one.status == 200 and "html" in one.kind]

    others = [site(number) for number in range(400)]
    ours = [
        warc_file([kept])[0] for kept in readable(crawl_of([at.date()], dt.timedelta(hours=50)))
    ]
    written = pages = 0
    with target.open("wb") as file:
        for number in range(sys.maxsize):
            if written >= size:
                return pages
            mine = number % 500 == 250
            pages += mine
            made = ours[pages % len(ours)] if mine else others[number % len(others)]
            written += file.write(made)
    return pages


@contextmanager
def served(file: Path) -> Iterator[str]:
    """The file by ranges, on 127.0.0.1."""
    from contracts.local import listening

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            size = file.stat().st_size
            body, status = b"", 404
            if found and self.path.endswith(".warc.gz"):
                first, last = int(found[1]), min(int(found[2]), size - 1)
                status = 206 if first < size else 416
                with file.open("rb") as opened:
                    opened.seek(first)
                    body = opened.read(max(0, last - first + 1))
            self.send_response(status)
            if status == 206:
                self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as address:
        yield address


def harvested(address: str) -> dict[str, float]:
    """What harvesting takes, in this process and its children."""
    from contracts.memory_store import MemoryStore
    from newsdesk import steps
    from newsdesk.archives import Access
    from newsdesk.layout import Layout
    from newsdesk.sources import load_sources
    from newsdesk.steps import Desk

    def nowhere() -> None:
        raise AssertionError("a harvest opens no table")

    desk = Desk(
        store=MemoryStore(),
        layout=Layout("bench"),
        sources={PAPER: load_sources()[PAPER]},
        user_agent=lambda: "newsdesk-benchmark",
        open_warehouse=nowhere,  # type: ignore[arg-type]
        archives=Access(via={"common_crawl_data": address}, pace=0),
    )
    return taken(lambda: steps.harvest(desk, PATH))


def iterated(file: str) -> dict[str, float]:
    """What fastwarc takes to go over the file."""
    from fastwarc.warc import ArchiveIterator

    def through() -> dict[str, int]:
        with Path(file).open("rb") as stream:
            return {"records": sum(1 for _ in ArchiveIterator(stream, parse_http=False))}

    return taken(through)


def taken(what: Callable[[], dict[str, int]]) -> dict[str, float]:
    """Processor seconds, and MB by which memory grew, of something; and its counts."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = [resource.getrusage(kind) for kind in kinds]
    began = time.monotonic()
    counts = what()
    used = zip(before, (resource.getrusage(kind) for kind in kinds), strict=True)
    cpu = sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in used)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    return {"cpu": cpu, "seconds": time.monotonic() - began, "memory": grown, **counts}


def apart(how: str, what: str) -> dict[str, float]:
    """The same in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, how, what], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(size: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{NAME}.warc.gz"
        print(f"generating {size / 1e6:,.0f} MB …", file=sys.stderr)
        pages = generate(file, size)
        rounds = []
        with served(file) as address:
            for number in range(ROUNDS):
                print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
                rounds.append((apart("--iterate", str(file)), apart("--harvest", address)))
    for _, ours in rounds:
        assert ours["pages"] == pages, (ours, pages)
        assert ours["corrupt"] == 0
    ours = rounds[-1][1]
    share = statistics.median(a["cpu"] / b["cpu"] for a, b in rounds)
    memory = max(b["memory"] for _, b in rounds)
    what = (
        f"a file of {size / 1e6:,.0f} MB, {ours['records']:,.0f} responses, {pages:,} pages landed: "
        "speed, fastwarc merely iterating = 1"
    )
    lines = [
        "| what | aim | measured |",
        "|---|---|---|",
        f"| {what} | ≥ {LEAST:.2f} | {share:.2f} |",
        f"| memory beyond what imports take, MB | ≤ {MEMORY} | {memory:.0f} |",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000_000, metavar="BYTES")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    parser.add_argument("--iterate", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--harvest", metavar="ADDRESS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.iterate or options.harvest:
        found = iterated(options.iterate) if options.iterate else harvested(options.harvest)
        print(json.dumps(found))
        return 0
    table = measure(options.size)
    print(table)
    if options.write:
        write("ccnews", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
