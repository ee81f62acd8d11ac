"""The programs that are measured, each run as a process of its own: ``work.py NAME ADDRESS …``.

What they find they print as one JSON value.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 1, 15)
LIMIT = 3.0
"""Seconds that a hostile server gets."""


def paper(number: int, address: str | None, **fetch: object) -> object:
    """A paper whose pages the server has."""
    from newsdesk.sources import Source

    via = {"fetch_via": address} if address else {}
    return Source.model_validate(
        {
            "name": f"paper_{number:02}",
            "title": "The Paper",
            "home": f"https://paper{number:02}.example/",
            "domains": [f"paper{number:02}.example"],
            "language": "en",
            "urls": {"article": [".*"]},
            "fetch": {"pause_seconds": 0, **via, **fetch},
        }
    )


def desk_with(papers: int, pages: int, address: str, **fetch: object) -> tuple[object, str]:
    """A desk with the plan of a run that fetches some pages of some papers in one shard."""
    from contracts.memory_store import MemoryStore
    from newsdesk import records
    from newsdesk.article import Link, Run
    from newsdesk.layout import Layout
    from newsdesk.steps import Desk, Plan
    from newsdesk.steps.desk import utcnow

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


# -- speed --------------------------------------------------------------------------------------


def ours(address: str, pages: str) -> None:
    """Fetch, land, read, stage."""
    from newsdesk import steps

    # one paper of several hosts, as the peer asks 16 pages of one host at a time
    desk, run = desk_with(16, -(-int(pages) // 16), address)
    steps.fetch(desk, DAY, run, 0)
    assert steps.read(desk, DAY, run, 0)["articles"] >= int(pages)


def fetched(address: str, pages: str) -> None:
    """Fetch and land."""
    from newsdesk import steps

    desk, run = desk_with(16, -(-int(pages) // 16), address)
    assert steps.fetch(desk, DAY, run, 0)["landed"] >= int(pages)


def our_client(address: str, pages: str) -> None:
    """Fetcher alone: robots, turns, guard, limits, bytes as received and decoded."""
    from newsdesk.fetch import Fetcher

    async def go() -> None:
        async with Fetcher("newsdesk-benchmark") as fetcher:
            sources = [paper(number, address) for number in range(8)]

            async def some(mine: object, numbers: range) -> None:
                for number in numbers:
                    url = f"{mine.home}world/the-ferry-is-late-again-{number}"
                    assert (await fetcher.get(url, mine, mined=True)).body

            await asyncio.gather(
                *(some(one, range(n, int(pages), 8)) for n, one in enumerate(sources))
            )

    asyncio.run(go())


def bare_client(address: str, pages: str) -> None:
    """aiohttp, merely reading and decoding."""
    import aiohttp

    async def go() -> None:
        async with aiohttp.ClientSession() as session:

            async def some(numbers: range) -> None:
                for number in numbers:
                    async with session.get(f"{address}/world/ferry-{number}") as answer:
                        assert await answer.read()

            await asyncio.gather(*(some(range(n, int(pages), 8)) for n in range(8)))

    asyncio.run(go())


# -- safety -------------------------------------------------------------------------------------


def most_memory() -> int:
    """Most KB that this process held; its ``ru_maxrss`` would begin with what its parent had."""
    status = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return peak


def hostile(address: str, name: str) -> None:
    """What a hostile answer came to: the code, seconds, growth of memory in MB."""
    from newsdesk.errors import FetchError
    from newsdesk.fetch import Fetcher
    from newsdesk.fetch.tries import Patience

    async def ask() -> tuple[str, float, float]:
        async with Fetcher("newsdesk-benchmark", patience=Patience(tries=1)) as fetcher:
            source = paper(0, address, timeout_seconds=LIMIT)
            await fetcher.get(f"{source.home}world/the-ferry-is-late-again-1", source)
            before = most_memory()
            started = time.monotonic()
            try:
                response = await fetcher.get(f"{source.home}{name}", source)
                told = f"cut ({response.truncated}) at {len(response.body):,} bytes"
            except FetchError as error:
                told = error.code
            seconds = time.monotonic() - started
            return told, seconds, (most_memory() - before) / 1024

    print(json.dumps(asyncio.run(ask())))


def addresses() -> None:
    """How often a refused address was connected to: by newsdesk, and by a client without guard.

    Runs where there is nothing but loopback, which answers for every address there is.
    """
    if [name for _, name in socket.if_nameindex()] != ["lo"]:
        sys.exit("only in a network namespace that has nothing but loopback")
    sys.path.insert(0, str(ROOT / "tests"))
    import aiohttp

    from hostile.test_addresses import Answers, urls
    from newsdesk.errors import FetchError
    from newsdesk.fetch import Fetcher
    from newsdesk.fetch.tries import Patience
    from unit.fetch.test_addresses import ALLOWED, REFUSED

    met: Counter[str] = Counter()

    async def hit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met[writer.get_extra_info("sockname")[0]] += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
            await writer.drain()
        writer.close()

    def literal(address: str, port: int) -> str:
        return f"http://{f'[{address}]' if ':' in address else address}:{port}/"

    async def go() -> dict[str, int]:
        first = await asyncio.start_server(hit, "0.0.0.0", 0)  # noqa: S104 - of this namespace
        port = first.sockets[0].getsockname()[1]
        other = socket.socket(socket.AF_INET6)
        other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        other.bind(("::", port))
        second = await asyncio.start_server(hit, sock=other)
        ways, special = urls(port), [literal(one, port) for one in sorted(set(REFUSED))]
        source = paper(0, None, timeout_seconds=LIMIT)
        patience = Patience(tries=1)
        reached = refused = 0
        async with Fetcher("newsdesk-benchmark", patience=patience, resolver=Answers) as fetcher:
            for address in ALLOWED:  # so it is the guard that keeps it from the others
                reached += (await fetcher.get(literal(address, port), source)).status == 200
            met.clear()
            for url in [*ways, *special]:
                try:
                    await fetcher.get(url, source)
                except FetchError:
                    refused += 1
            ours = met.total()
        met.clear()
        connector = aiohttp.TCPConnector(resolver=Answers(), use_dns_cache=False)
        timeout = aiohttp.ClientTimeout(total=LIMIT)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            for url in [*ways, *special]:
                with suppress(Exception):  # it may end as it likes; what it connects to counts
                    async with session.get(url) as response:
                        await response.read()
        first.close()
        second.close()
        return {
            "urls": len(set(ways)),
            "addresses": len(special),
            "public": len(ALLOWED),
            "reached": reached,
            "refused": refused,
            "connections": ours,
            "control": met.total(),
        }

    print(json.dumps(asyncio.run(go())))


# -- manners, and a web that fails ----------------------------------------------------------------


def whole_day(address: str) -> None:
    """How long a day of 50 papers took, beside the politest host's minimum."""
    from newsdesk import steps

    desk, run = desk_with(50, 40, address, pause_seconds=1.0)
    started = time.monotonic()
    done = steps.fetch(desk, DAY, run, 0)
    seconds = time.monotonic() - started
    # robots.txt and tdmrep.json first, and a pause between any two requests
    print(json.dumps({"landed": done["landed"], "seconds": seconds, "least": 41 * 1.0 + 42 * 0.05}))


def failing() -> None:
    """What became of the stories of papers of which a fifth of all answers fail."""
    sys.path.insert(0, str(ROOT / "tests"))
    from contracts.desk import LAYOUT
    from contracts.memory_store import MemoryStore
    from contracts.newsroom import local_warehouse
    from integration.storm import Storm, links, serving
    from integration.test_fetching_faults import StormDesk, landed_urls, weather
    from newsdesk import records, steps
    from newsdesk.article import Discovery, Run
    from newsdesk.steps import Plan
    from newsdesk.steps.desk import utcnow

    with tempfile.TemporaryDirectory() as folder, serving(Storm(weather=weather)) as storm:
        warehouse = local_warehouse(Path(folder))
        sources = storm.papers(20, timeout_seconds=1.0)
        stories = links(sources, 30, utcnow())
        desk = StormDesk(
            MemoryStore(), LAYOUT, sources, lambda: "newsdesk-benchmark", lambda: warehouse
        )
        found = tuple(
            Discovery(name, DAY, "looks", tuple(x for x in stories if x.source == name))
            for name in sources
        )
        plan = Plan(Run(DAY, "run", utcnow()), found, (), (tuple(stories),))
        desk.store.put(LAYOUT.discovered(DAY, "run"), records.pack(plan))
        steps.fetch(desk, DAY, "run", 0)
        steps.read(desk, DAY, "run", 0)
        steps.check(desk, DAY, "run")
        steps.publish(desk, DAY, "run")
        rows = warehouse.table("ledger").scan().to_arrow().to_pylist()
        warehouse.close()
    landed = landed_urls(desk.store, "test/raw/")
    urls = {one.url for one in stories}
    told = Counter(row["url"] for row in rows)
    failed = {row["url"] for row in rows if row["fate"] == "failed" and row["reason"]}
    print(
        json.dumps(
            {
                "stories": len(urls),
                "requests": len(storm.requests),
                "landed": len(urls - failed),
                "failed": len(failed),
                "lost": len(urls - told.keys()) + len(urls - failed - landed.keys()),
                "twice": sum(n > 1 for n in told.values()) + sum(n > 1 for n in landed.values()),
            }
        )
    )


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    globals()[name](*arguments)
