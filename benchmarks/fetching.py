"""How fast, how polite and how safe fetching is: same machine, same run, same pages.

A server on loopback gives invented pages of 200 KB, packed by gzip. Measured are

* fetch -> row -> Parquet against Scrapy + trafilatura -> JSON lines, in pages per CPU-second;
* the CPU time of the client a page against bare aiohttp that reads and decodes the same;
* a day of 50 papers with 40 pages each, 50 ms away, a second's pause on every host;
* bombs of 256 MiB and servers that never end.

CPU is that of a process and its children, less that of the same program with few pages.
Run: ``python benchmarks/fetching.py``; about five minutes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".newsdesk" / "benchmarks" / "fetching"
PAGES, FEW = 400, 40
PEER_PAGES, PEER_FEW = 100, 20
"""The peer takes its time."""
DISTINCT = 40
BOMB = 256 * 1024 * 1024
DAY = dt.date(2026, 1, 15)


# -- the server -------------------------------------------------------------------------------

WHO = [
    "the ferry",
    "the captain",
    "the council",
    "a passenger",
    "the harbour office",
    "the minister",
]
DID = ["was late for", "asked about", "closed the road to", "wrote to", "waited for", "agreed with"]
WHEN = ["on Thursday", "before dawn", "after the meeting", "for the second time", "without a word"]


def page(number: int) -> bytes:
    """A story of 700 words among 200 KB of what newspapers put around one."""
    dice = random.Random(number)  # noqa: S311 - the same pages every time

    def text() -> str:
        words = (dice.choice(WHO), dice.choice(DID), dice.choice(WHO), dice.choice(WHEN))
        return " ".join(words).capitalize() + f", {dice.randint(2, 99)} people said"

    def label() -> str:
        return f"{dice.choice(WHO)} {dice.choice(WHEN)}".capitalize()

    story = "".join(f"<p>{'. '.join(text() for _ in range(4))}.</p>" for _ in range(14))
    links = [
        f'<li class="item i{n}"><a href="/world/{dice.getrandbits(64):x}-{n}" data-id="{n}">'
        f'<img src="/img/{dice.getrandbits(96):x}.jpg" alt="{label()}"><span>{label()}</span></a></li>'
        for n in range(660)
    ]
    script = json.dumps({f"k{n}": dice.getrandbits(128) for n in range(1_200)})
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text()} | Paper</title>'
        f'<meta property="og:title" content="{text()}"><meta name="description" content="{text()}">'
        '<meta property="article:published_time" content="2026-01-15T08:30:00+03:00">'
        f"<script>window.state = {script}</script></head><body><nav><ul>{''.join(links[:200])}"
        f"</ul></nav><main><article><h1>{text()}</h1><div class='byline'>By Mina Aral</div>"
        f"<time datetime='2026-01-15T08:30:00+03:00'>January 15, 2026</time>{story}</article></main>"
        f"<aside><ul>{''.join(links[200:])}</ul></aside></body></html>"
    ).encode()


def bombs() -> dict[str, bytes]:
    """256 MiB of zeros in every encoding that is accepted."""
    import brotli
    from backports import zstd

    zeros = bytes(BOMB)
    packers = {
        "gzip": lambda: gzip.compress(zeros, 1),
        "br": lambda: brotli.compress(zeros, quality=1),
        "zstd": lambda: zstd.compress(zeros, 1),
    }
    return {name: pack() for name, pack in packers.items()}


async def serve(latency: float, *, hostile: bool) -> None:
    """Answers until it is killed; prints its port."""
    packed = [gzip.compress(page(number), 6, mtime=0) for number in range(DISTINCT)]
    packed_bombs = bombs() if hostile else {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                name = path.rpartition("/")[2]
                await asyncio.sleep(latency)
                if path == "/robots.txt":
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif name in ("slow-body", "endless"):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
                    while True:
                        writer.write(b"x" if name == "slow-body" else bytes(65_536))
                        await writer.drain()
                        await asyncio.sleep(0.2 if name == "slow-body" else 0)
                elif name == "slow-head":
                    await asyncio.sleep(60)
                else:
                    bomb = packed_bombs.get(name)
                    body = bomb or packed[int(name.rpartition("-")[2]) % DISTINCT]
                    head = (
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                        f"Content-Encoding: {name if bomb else 'gzip'}\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n"
                    )
                    writer.write(head.encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The server as a process of its own; gives its address."""
    command = [sys.executable, __file__, "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


# -- the work of one process ------------------------------------------------------------------


def paper(number: int, address: str, **fetch: object) -> object:
    """A paper whose pages the server has."""
    from newsdesk.sources import Source

    return Source.model_validate(
        {
            "name": f"paper_{number:02}",
            "title": "The Paper",
            "home": f"https://paper{number:02}.example/",
            "domains": [f"paper{number:02}.example"],
            "language": "en",
            "urls": {"article": [".*"]},
            "fetch": {"fetch_via": address, "pause_seconds": 0, **fetch},
        }
    )


def desk_with(papers: int, pages: int, address: str, **fetch: object) -> tuple[object, str]:
    """A desk with the plan of a run that fetches some pages of some papers in one shard."""
    from newsdesk import records
    from newsdesk.article import Link, Run
    from newsdesk.layout import Layout
    from newsdesk.steps import Desk, Plan
    from newsdesk.steps.desk import utcnow
    from newsdesk.store import MemoryStore

    def no_tables() -> object:
        raise AssertionError("no step here opens the tables")

    sources = {one.name: one for one in (paper(n, address, **fetch) for n in range(papers))}
    links = []
    for source in sources.values():
        for number in range(pages):
            url = f"{source.home}world/the-ferry-is-late-again-{number}"
            links.append(Link(source.name, url, source.article_id(url), ("look",), utcnow()))
    desk = Desk(MemoryStore(), Layout("bench"), sources, lambda: "newsdesk-benchmark", no_tables)
    plan = Plan(Run(DAY, "run", utcnow()), (), (), (tuple(links),))
    desk.store.put(desk.layout.discovered(DAY, "run"), records.pack(plan))
    return desk, "run"


def ours(address: str, pages: int) -> None:
    """Fetch, land, read, stage."""
    from newsdesk import steps

    # one paper of several hosts, as the peer asks 16 pages of one host at a time
    desk, run = desk_with(16, -(-pages // 16), address)
    steps.fetch(desk, DAY, run, 0)
    assert steps.read(desk, DAY, run, 0)["articles"] >= pages


def our_client(address: str, pages: int) -> None:
    """Fetcher alone: robots, turns, guard, limits, bytes as received and decoded."""
    from newsdesk.fetch import Fetcher

    async def go() -> None:
        async with Fetcher("newsdesk-benchmark") as fetcher:
            sources = [paper(number, address) for number in range(8)]

            async def some(mine: object, numbers: range) -> None:
                for number in numbers:
                    url = f"{mine.home}world/the-ferry-is-late-again-{number}"
                    assert (await fetcher.get(url, mine)).body

            await asyncio.gather(*(some(one, range(n, pages, 8)) for n, one in enumerate(sources)))

    asyncio.run(go())


def bare_client(address: str, pages: int) -> None:
    """aiohttp, merely reading and decoding."""
    import aiohttp

    async def go() -> None:
        async with aiohttp.ClientSession() as session:

            async def some(numbers: range) -> None:
                for number in numbers:
                    async with session.get(f"{address}/world/ferry-{number}") as answer:
                        assert await answer.read()

            await asyncio.gather(*(some(range(n, pages, 8)) for n in range(8)))

    asyncio.run(go())


def hostile(address: str) -> None:
    """Prints what every hostile server came to: the code, seconds, growth of memory in MB."""
    from newsdesk.errors import FetchError
    from newsdesk.fetch import Fetcher
    from newsdesk.fetch.tries import Patience

    async def ask(name: str) -> tuple[str, float, float]:
        async with Fetcher("newsdesk-benchmark", patience=Patience(tries=1)) as fetcher:
            source = paper(0, address, timeout_seconds=3.0)
            await fetcher.get(f"{source.home}world/the-ferry-is-late-again-1", source)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.monotonic()
            try:
                response = await fetcher.get(f"{source.home}{name}", source)
                told = f"cut ({response.truncated}) at {len(response.body):,} bytes"
            except FetchError as error:
                told = error.code
            seconds = time.monotonic() - started
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return told, seconds, (after - before) / 1024

    for name in ("gzip", "br", "zstd", "slow-head", "slow-body", "endless"):
        told, seconds, grown = asyncio.run(ask(name))
        print(f"{name:>10}: {told}; {seconds:.2f} s, {grown:+.0f} MB", flush=True)


def whole_day(address: str) -> None:
    """Prints how long a day of 50 papers took, against the politest host's minimum."""
    from newsdesk import steps

    desk, run = desk_with(50, 40, address, pause_seconds=1.0)
    started = time.monotonic()
    done = steps.fetch(desk, DAY, run, 0)
    seconds = time.monotonic() - started
    least = 40 * 1.0 + 41 * 0.05  # robots.txt first; a pause between any two requests
    print(
        f"{done['landed']} of 2000 pages in {seconds:.1f} s: {seconds / least:.2f} of the polite "
        f"minimum of a host ({least:.1f} s), wanted at most 1.2"
    )


# -- the comparison ---------------------------------------------------------------------------


def cpu(command: list[str]) -> float:
    """CPU seconds of a program and its children."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return used.ru_utime + used.ru_stime


def per_page(command: list[str], many: int = PAGES, few: int = FEW) -> float:
    """CPU seconds of one page more; ``{pages}`` stands for how many."""
    spent = [cpu([part.replace("{pages}", str(n)) for part in command]) for n in (many, few)]
    return (spent[0] - spent[1]) / (many - few)


def work(name: str, *arguments: str) -> list[str]:
    """The command of one of the programs above."""
    return [sys.executable, __file__, name, *arguments]


def install_peer() -> Path:
    """Makes the peer's environment on first use; gives its Python."""
    python = PEER / "bin" / "python"
    uv = str(Path(sys.executable).parent / "uv")
    if not python.exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(PEER)], check=True)
    pins = str(ROOT / "benchmarks" / "peers" / "fetching.txt")
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "-r", pins], check=True)
    return python


def main() -> None:
    """Measures everything and prints it."""
    python = install_peer()
    crawl = str(ROOT / "benchmarks" / "peers" / "crawl.py")
    with server("0") as address:
        sizes = [len(page(number)) for number in range(5)]
        print(f"pages of {sum(sizes) / len(sizes) / 1000:.0f} KB, {PAGES} of them, gzip")
        out = PEER / "out.jsonl"
        out.unlink(missing_ok=True)
        peer = per_page([str(python), crawl, address, "{pages}", str(out)], PEER_PAGES, PEER_FEW)
        mine = per_page(work("ours", address, "{pages}"))
        print(
            f"fetch -> row -> Parquet: {1 / mine:.0f} pages per CPU-second ({mine * 1000:.2f} ms)"
        )
        print(f"Scrapy + trafilatura -> JSON lines: {1 / peer:.1f} ({peer * 1000:.1f} ms)")
        print(f"  {peer / mine:.1f} times as many, wanted at least 15")
        client = per_page(work("our_client", address, "{pages}"))
        bare = per_page(work("bare_client", address, "{pages}"))
        print(f"client: {client * 1000:.2f} ms of CPU a page, bare aiohttp {bare * 1000:.2f} ms")
        print(f"  {client / bare:.2f} times as much, wanted at most 2.5")
    with server("0", "hostile") as address:
        subprocess.run(work("hostile", address), check=True)
    with server("0.05") as address:
        subprocess.run(work("whole_day", address), check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["serve", latency, *rest]:
            asyncio.run(serve(float(latency), hostile=bool(rest)))
        case [("ours" | "our_client" | "bare_client") as name, address, pages]:
            globals()[name](address, int(pages))
        case [("hostile" | "whole_day") as name, address]:
            globals()[name](address)
        case _:
            sys.exit(f"usage: {Path(__file__).name}")
