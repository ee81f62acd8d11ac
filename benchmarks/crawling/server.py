"""A server on loopback: invented pages of 200 KB packed by gzip, bombs, and answers without end.

Run as a program it serves until it is killed: ``server.py LATENCY [hostile]``.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DISTINCT = 40
BOMB = 256 * 1024 * 1024

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
    packed = gzip.compress(zeros, 1)
    return {
        "gzip": packed,
        "br": brotli.compress(zeros, quality=1),
        "zstd": zstd.compress(zeros, 1),
        "gzip, gzip": gzip.compress(packed, 1),
    }


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
                if path in ("/robots.txt", "/.well-known/tdmrep.json"):
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
                    bomb = packed_bombs.get(name.replace("+", ", "))
                    body = bomb or packed[int(name.rpartition("-")[2]) % DISTINCT]
                    head = (
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                        f"Content-Encoding: {name.replace('+', ', ') if bomb else 'gzip'}\r\n"
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
    command = [sys.executable, __file__, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), hostile="hostile" in sys.argv))
