"""A proxy before an S3 server that counts requests and can fail some of them."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from contracts.local import listening

_HOP = {"connection", "expect", "keep-alive", "transfer-encoding"}


class Requests:
    """What went through: one line ``METHOD key`` per request, with the bucket left out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.lines: list[str] = []

    def note(self, method: str, path: str) -> None:
        with self._lock:
            self.lines.append(f"{method} {path.partition('/')[2]}")

    @property
    def writes(self) -> list[str]:
        """Keys of the requests that S3 charges as writes (PUT, POST), in order."""
        return [line.split(" ", 1)[1] for line in self.lines if line[:4] in ("PUT ", "POST")]

    def by_prefix(self, depth: int) -> dict[str, int]:
        """Writes, counted by the first segments of their keys."""
        return dict(
            sorted(Counter("/".join(key.split("/")[:depth]) for key in self.writes).items())
        )


@contextmanager
def counting_proxy(
    endpoint: str,
    fail: Callable[[str, str], bool] = lambda method, path: False,
    *,
    lose: Callable[[str, str], bool] = lambda method, path: False,
    trouble: Callable[[str, str], str | None] = lambda method, path: None,
) -> Iterator[tuple[str, Requests]]:
    """Stands between a client and an S3 server; signatures stay valid, the Host header is kept.

    Args:
        endpoint: The server's address.
        fail: Given method and path, whether the answer is 503 instead.
        lose: Given method and path, whether the connection ends without the answer.
        trouble: Given method and path, what else happens: ``slow down`` (503 as S3 words it),
            ``full`` (507 to a write), ``reset`` (the connection ends before anything was done),
            ``lost`` (after it was done), ``cut`` (half the body), ``hang`` (three seconds of nothing,
            then the end); ``None`` is nothing.

    Yields:
        The proxy's own address and what went through.
    """
    upstream = urlsplit(endpoint)
    seen = Requests()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
            body = self._chunks() if chunked else self._whole()
            seen.note(self.command, self.path.split("?")[0].lstrip("/"))
            if fail(self.command, self.path):
                self._refuse(503, b"")
                return
            kind = trouble(self.command, self.path)
            if kind == "slow down":
                self._refuse(503, b"<Error><Code>SlowDown</Code></Error>")
                return
            if kind == "full" and self.command in ("PUT", "POST"):
                self._refuse(507, b"<Error><Code>InsufficientStorage</Code></Error>")
                return
            if kind in ("reset", "hang"):
                time.sleep(3 if kind == "hang" else 0)
                self.close_connection = True
                return
            connection = http.client.HTTPConnection(str(upstream.hostname), upstream.port)
            try:
                connection.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, value in self.headers.items():
                    if name.lower() not in _HOP:
                        connection.putheader(name, value)
                if chunked:
                    connection.putheader("Transfer-Encoding", "chunked")
                connection.endheaders(body, encode_chunked=chunked)
                reply = connection.getresponse()
                content = reply.read()
                if lose(self.command, self.path) or kind == "lost":
                    self.close_connection = True
                    return
                self.send_response(reply.status, reply.reason)
                for name, value in reply.getheaders():
                    if name.lower() not in _HOP | {"content-length", "date", "server"}:
                        self.send_header(name, value)
                length = reply.getheader("Content-Length") if self.command == "HEAD" else None
                self.send_header("Content-Length", length or str(len(content)))
                self.end_headers()
                if kind == "cut" and len(content) > 1:
                    content = content[: len(content) // 2]
                    self.close_connection = True
                self.wfile.write(content)
            finally:
                connection.close()

        def _refuse(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")

        def _whole(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _chunks(self) -> bytes:
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # trailers of the transfer, not of the object
            return body

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _forward  # noqa: N815  # the names it asks for

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with listening(Handler) as address:
        yield address, seen
