"""A press in a storm: papers on 127.0.0.1 whose server fails as it is told, and remembers all."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from newsdesk.article import Link
from newsdesk.sources import Source

Weather = Literal["fair", "error", "reset", "stall", "cut"]
"""An answer; 503; a connection that is reset; no answer; half an answer."""

BODY = (
    "The ferry number {number} was late again on Thursday, and nobody at the harbour could say why. "
    "Passengers waited on the pier for an hour while the crew looked for the captain. "
    "The company said that it would look into the matter before the weekend, as it always does."
)


def page(number: int) -> bytes:
    """The page of a story, as the paper prints it; no two are alike."""
    paragraphs = "".join(f"<p>{BODY.format(number=number * 10 + n)}</p>" for n in range(6))
    return (
        f"<html lang='en'><head><title>Ferry number {number} is late</title></head><body><article>"
        f"<h1>Ferry number {number} is late again</h1><p class='byline'>By Mina Aral</p>"
        f"<time datetime='2026-01-15T{number % 24:02}:00:00+00:00'>15 January 2026</time>"
        f"{paragraphs}</article></body></html>"
    ).encode()


@dataclass
class Storm:
    """What the server does and has seen.

    Attributes:
        weather: What happens to the n-th request (from 0) for a path.
        latency: Seconds before an answer begins.
        requests: Host, path and time (seconds) of every request for a page.
        documents: What stands at other paths of every host.
    """

    weather: Callable[[str, int], Weather] = lambda path, number: "fair"
    latency: float = 0.0
    requests: list[tuple[str, str, float]] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    address: str = ""
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def papers(self, count: int, **fetch: object) -> dict[str, Source]:
        """Papers that live on this server, each on a host of its own."""
        return {
            f"paper_{number:02}": Source.model_validate(
                {
                    "name": f"paper_{number:02}",
                    "title": f"The Paper {number}",
                    "home": f"https://paper{number:02}.example/",
                    "domains": [f"paper{number:02}.example"],
                    "language": "en",
                    "urls": {"article": [".*"]},
                    "fetch": {"fetch_via": self.address, "pause_seconds": 0, **fetch},
                }
            )
            for number in range(count)
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer(reader, writer):
                pass
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        host = next(line[6:] for line in head if line.lower().startswith("host: "))
        await asyncio.sleep(self.latency)
        if path in ("/robots.txt", "/.well-known/tdmrep.json"):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return True
        if path in self.documents:
            body = self.documents[path]
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            return True
        number = sum(seen[:2] == (host, path) for seen in self.requests)
        self.requests.append((host, path, time.monotonic()))
        weather = self.weather(host + path, number)
        if weather == "reset":
            writer.transport.abort()
            return False
        if weather == "stall":
            await reader.read()  # until the client has had enough
            return False
        if weather == "error":
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            return True
        body = gzip.compress(page(int(path.rpartition("-")[2])), 5, mtime=0)
        head_ = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head_}Content-Encoding: gzip\r\n\r\n".encode())
        writer.write(body if weather == "fair" else body[: len(body) // 2])
        await writer.drain()
        return weather == "fair"


def links(sources: dict[str, Source], each: int, seen_at: object) -> list[Link]:
    """Some stories of every paper."""
    return [
        Link(
            source=source.name,
            url=f"{source.home}world/the-ferry-is-late-again-{paper * 1000 + number}",
            article_id=source.article_id(
                f"{source.home}world/the-ferry-is-late-again-{paper * 1000 + number}"
            ),
            via=("look",),
            seen_at=seen_at,  # type: ignore[arg-type]  # a time
        )
        for paper, source in enumerate(sources.values())
        for number in range(each)
    ]


def asked(storm: Storm) -> Counter[str]:
    """How often every page was asked for, by its address."""
    return Counter(f"https://{host}{path}" for host, path, _ in storm.requests)


@contextmanager
def serving(storm: Storm) -> Iterator[Storm]:
    """The storm on a thread of its own."""
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()

    async def run() -> None:
        server = await asyncio.start_server(storm.serve, "127.0.0.1", 0, backlog=512)
        storm.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await done.wait()
        server.close()
        for writer in storm.writers:
            writer.transport.abort()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    def main() -> None:
        loop.run_until_complete(run())
        loop.close()

    thread = threading.Thread(target=main, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield storm
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
