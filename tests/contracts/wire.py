"""A server on 127.0.0.1 that sends the very bytes it is told to, and a paper that lives on it."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from newsdesk.sources import Source

Play = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answer = bytes | Play
"""What is sent for one request: bytes, or a play that writes as it likes and then hangs up."""

HOME = "http://paper.example"


@dataclass(frozen=True)
class Request:
    """A request as it came in: path, header lines by lower-case name, and when (seconds)."""

    path: str
    headers: dict[str, str]
    at: float


def http(
    body: bytes = b"", status: str = "200 OK", *lines: str, length: int | None | str = ""
) -> bytes:
    """A whole answer; its Content-Length is right unless another is given (None: left out)."""
    if length is not None:
        lines = (*lines, f"Content-Length: {len(body) if length == '' else length}")
    head = "\r\n".join((f"HTTP/1.1 {status}", *lines))
    return head.encode("latin-1") + b"\r\n\r\n" + body


def to(location: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return http(b"", status, f"Location: {location}")


@dataclass
class Wire:
    """The server. ``answers`` go by path; of several for one path the last is repeated.

    It speaks TLS when it is given a context for it.
    """

    answers: dict[str, Answer | Sequence[Answer]]
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, self.host, 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The server's own address."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.tls else ''}://{name}:{self.port}"

    @property
    def asked(self) -> list[str]:
        """The paths asked for, but robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def paper(self, **fetch: object) -> Source:
        """A paper that lives on this server: no pauses, and a second for each page."""
        return paper(**{"fetch_via": self.url, "timeout_seconds": 1.0, **fetch})

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        number = sum(request.path == path for request in self.requests)
        self.requests.append(Request(path, headers, time.monotonic()))
        answer = self.answers.get(path, http(b"", "404 Not Found"))
        if not isinstance(answer, bytes) and isinstance(answer, Sequence):
            answer = answer[min(number, len(answer) - 1)]
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
            return b"Connection: close" not in answer
        await answer(writer)
        return False


def paper(**fetch: object) -> Source:
    """A paper at ``paper.example``."""
    return Source.model_validate(
        {
            "name": "paper",
            "title": "The Paper",
            "home": f"{HOME}/",
            "domains": ["paper.example"],
            "language": "en",
            "fetch": {"pause_seconds": 0, **fetch},
        }
    )
