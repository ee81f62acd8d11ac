"""The paper on HTTP: a thin server on 127.0.0.1 around ``answers.answer``, and its clock.

``PUT /_clock`` with an ISO time sets the clock, which then runs on; ``GET /_clock`` shows it.
"""

from __future__ import annotations

import datetime as dt
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from newsdesk.demo.paper.answers import TEXT, Reply, answer

HOST = "127.0.0.1"
_CLOCK = "/_clock"
_LONGEST_TIME = 100
"""Most bytes of a time that a client may send."""


class Clock:
    """The paper's time: the real one until it is set, then running on from there.

    Args:
        start: What it shows now, aware; ``None`` is the real time.
    """

    def __init__(self, start: dt.datetime | None = None) -> None:
        self.set(start or dt.datetime.now(dt.UTC))

    def set(self, at: dt.datetime) -> None:
        """Moves it. One assignment, so that a request sees either time whole."""
        self._set = (at.astimezone(dt.UTC), time.monotonic())

    def now(self) -> dt.datetime:
        """What it shows, UTC."""
        at, since = self._set
        return at + dt.timedelta(seconds=time.monotonic() - since)


class PaperServer(ThreadingHTTPServer):
    """The paper, listening.

    Args:
        port: 0 finds a free one; ``server_port`` tells it.
        clock: The paper's time.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, clock: Clock) -> None:
        self.clock = clock
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """``http://127.0.0.1:<port>``."""
        return f"http://{HOST}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PaperServer
    server_version = "BosphorusLedger"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Answers."""
        now = self.server.clock.now()
        if self.path == _CLOCK:
            self._send(_text(HTTPStatus.OK, now.isoformat()))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(answer(self.path, headers, now))

    do_HEAD = do_GET  # noqa: N815  # the name is http.server's

    def do_PUT(self) -> None:
        """Sets the clock."""
        length = self.headers.get("Content-Length", "")
        if self.path != _CLOCK or not length.isdigit() or int(length) > _LONGEST_TIME:
            self.close_connection = True  # whatever the body holds is not read
            self._send(_text(HTTPStatus.BAD_REQUEST, f"PUT an ISO time to {_CLOCK}"))
            return
        try:
            at = read_time(self.rfile.read(int(length)).decode("ascii", "replace"))
        except ValueError as error:
            self._send(_text(HTTPStatus.BAD_REQUEST, str(error)))
            return
        self.server.clock.set(at)
        self._send(_text(HTTPStatus.OK, at.isoformat()))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps no log of requests."""


def read_time(text: str) -> dt.datetime:
    """An ISO time with its zone.

    Raises:
        ValueError: It is none, or has no zone.
    """
    try:
        at = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{text!r}: expected an ISO time") from error
    if at.tzinfo is None:
        raise ValueError(f"{text!r}: expected a zone, such as +03:00")
    return at


def _text(status: HTTPStatus, text: str) -> Reply:
    return Reply(status, f"{text}\n".encode(), {"Content-Type": TEXT})
