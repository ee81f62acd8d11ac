"""How fast, how polite and how safe fetching is: same machine, same run, same pages.

A server on loopback gives invented pages of 200 KB, packed by gzip. Measured are

* fetch -> row -> Parquet against Scrapy + trafilatura -> JSON lines, in pages per CPU-second;
* the CPU time of the client a page against bare aiohttp that reads and decodes the same;
* a day of 50 papers with 40 pages each, 50 ms away, a second's pause on every host;
* bombs of 256 MiB, servers that never end, and papers of which a fifth of all answers fail;
* connections to addresses that are refused, in a network namespace where all of them answer.

CPU is that of a process and its children, less that of the same program with few pages.
Run: ``python benchmarks/fetching.py``; about six minutes; ``--write`` puts the table into
``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawling import work
from crawling.server import page, server
from measuring.document import write

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".newsdesk" / "benchmarks" / "fetching"
PAGES, FEW = 400, 40
PEER_PAGES, PEER_FEW = 100, 20
"""The peer takes its time."""
ROUNDS = 3
"""Of clients, whose difference is small; they take turns, and the median counts."""
BOMBS = ("gzip", "br", "zstd", "gzip+gzip")
ENDLESS = ("slow-head", "slow-body", "endless")


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    aim: str
    measured: str
    beside: str
    reached: bool


# -- running the programs -----------------------------------------------------------------------


def program(name: str, *arguments: str) -> list[str]:
    """The command of a program in ``crawling.work``."""
    return [sys.executable, work.__file__, name, *arguments]


def told(command: list[str]) -> Any:
    """What a program prints."""
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def cpu(command: list[str]) -> float:
    """CPU seconds of a program and its children."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return used.ru_utime + used.ru_stime


def per_page(command: list[str], many: int = PAGES, few: int = FEW) -> float:
    """CPU milliseconds of one page more; ``{pages}`` stands for how many."""
    spent = [cpu([part.replace("{pages}", str(n)) for part in command]) for n in (many, few)]
    return 1000 * (spent[0] - spent[1]) / (many - few)


def install_peer() -> Path:
    """Makes the peer's environment on first use; gives its Python."""
    python = PEER / "bin" / "python"
    uv = str(Path(sys.executable).parent / "uv")
    if not python.exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(PEER)], check=True)
    pins = str(ROOT / "benchmarks" / "peers" / "fetching.txt")
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "-r", pins], check=True)
    return python


# -- the figures --------------------------------------------------------------------------------


def safe() -> Iterator[Figure]:
    """Connections to refused addresses."""
    script = (
        "ip link set lo up; ip route add local default dev lo; ip -6 route add local default dev lo; "
        'exec "$@"'
    )
    met = told(["unshare", "-rn", "sh", "-ec", script, "sh", *program("addresses")])
    assert met["reached"] == met["public"], met
    yield Figure(
        f"connections, {met['urls']} URLs and {met['addresses']} special addresses",
        "0 (≥ 60 and ≥ 40)",
        str(met["connections"]),
        f"without the guard {met['control']}",
        met["connections"] == 0
        and met["control"] > 0
        and met["urls"] >= 60
        and met["addresses"] >= 40,
    )


def bounded() -> Iterator[Figure]:
    """Bombs, and answers that never end."""
    with server("0", "hostile") as address:
        met = {name: told(program("hostile", address, name)) for name in (*BOMBS, *ENDLESS)}
    for name in BOMBS:
        code, seconds, grown = met[name]
        stopped = code.startswith("cut (length)") or (name == BOMBS[-1] and "refused" in code)
        yield Figure(
            f"256 MiB of zeros as {name.replace('+', ', ')}: memory grown by",
            "≤ 32 MB, stopped at the cap",
            f"{grown:.0f} MB",
            f"{code}, {seconds:.2f} s",
            grown <= 32 and stopped,
        )
    for name in ENDLESS:
        code, seconds, _ = met[name]
        yield Figure(
            f"{name}, with a limit of {work.LIMIT:.0f} s: ended after",
            f"≤ {work.LIMIT + 0.5:.1f} s",
            f"{seconds:.2f} s",
            code,
            seconds <= work.LIMIT + 0.5,
        )


def fast() -> Iterator[Figure]:
    """CPU time beside the peers'."""
    python, out = install_peer(), PEER / "out.jsonl"
    out.unlink(missing_ok=True)
    crawl = str(ROOT / "benchmarks" / "peers" / "crawl.py")
    with server("0") as address:
        peer = per_page([str(python), crawl, address, "{pages}", str(out)], PEER_PAGES, PEER_FEW)
        mine = per_page(program("ours", address, "{pages}"))
        landed = per_page(program("fetched", address, "{pages}"))
        rounds = [
            [per_page(program(name, address, "{pages}")) for name in ("our_client", "bare_client")]
            for _ in range(ROUNDS)
        ]
    client, bare = (statistics.median(each) for each in zip(*rounds, strict=True))
    yield Figure(
        "fetch → row → Parquet, pages per CPU-second",
        "≥ 15 times",
        f"{peer / mine:.1f} times ({1000 / mine:.0f}; fetched and landed alone {1000 / landed:.0f})",
        f"Scrapy + trafilatura → JSON lines: {1000 / peer:.0f}",
        peer / mine >= 15,
    )
    yield Figure(
        "CPU of the client a page",
        "≤ 2.5 times",
        f"{client / bare:.2f} times ({client:.2f} ms)",
        f"aiohttp merely reading and decoding: {bare:.2f} ms",
        client / bare <= 2.5,
    )


def polite() -> Iterator[Figure]:
    """A day of many papers."""
    with server("0.05") as address:
        met = told(program("whole_day", address))
    assert met["landed"] == 2_000, met
    share = met["seconds"] / met["least"]
    yield Figure(
        "50 papers × 40 pages, 50 ms away, 1 s pause: of the polite minimum of a host",
        "≤ 1.2 times",
        f"{share:.2f} times ({met['seconds']:.1f} s)",
        f"{met['least']:.1f} s",
        share <= 1.2,
    )


def faithful() -> Iterator[Figure]:
    """A web that fails: 10% errors, 5% resets, 5% stalls, 2% cut answers."""
    met = told(program("failing"))
    yield Figure(
        f"{met['stories']} stories, 22% of answers fail: lost or met twice",
        "0",
        str(met["lost"] + met["twice"]),
        f"{met['landed']} landed, {met['failed']} in the ledger with a reason",
        met["lost"] + met["twice"] == 0,
    )


def table(figures: list[Figure]) -> str:
    """The figures in Markdown."""
    lines = ["| what | aim | newsdesk | beside it | |", "|---|---|---|---|---|"]
    for one in figures:
        cells = (one.what, one.aim, one.measured, one.beside, "" if one.reached else "missed")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measures everything and prints it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the document")
    options = parser.parse_args()
    sizes = [len(page(number)) for number in range(5)]
    print(f"pages of {sum(sizes) / len(sizes) / 1000:.0f} KB, {PAGES} of them, gzip", flush=True)
    figures: list[Figure] = []
    for measure in (safe, bounded, fast, polite, faithful):
        for one in measure():
            print(f"{one.what}: {one.measured} (aim {one.aim}); {one.beside}", flush=True)
            figures.append(one)
    if options.write:
        write("fetching", table(figures))


if __name__ == "__main__":
    main()
