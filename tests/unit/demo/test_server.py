from __future__ import annotations

import datetime as dt
import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from newsdesk.demo.paper.answers import answer
from newsdesk.demo.paper.plan import path_of, stories_of
from newsdesk.demo.paper.server import Clock, PaperServer, read_time

CLOCK = dt.datetime(2026, 1, 15, 16, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[PaperServer]:
    with PaperServer(0, Clock(CLOCK)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: PaperServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_it_serves_by_path_whatever_the_host(server: PaperServer) -> None:
    path = path_of(stories_of(CLOCK.date())[0])
    for host in ("www.bosphorusledger.example", "bosphorusledger.example", "x"):
        response, content = ask(server, "GET", path, Host=host)
        assert response.status == 200
        assert content == answer(path, {}, server.clock.now()).body
    response, content = ask(server, "HEAD", path)
    assert (response.status, content) == (200, b"")
    assert int(response.headers["Content-Length"]) > 1000


def test_a_connection_is_kept(server: PaperServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    etag = ""
    for headers in ({}, {"If-None-Match": "set below"}, {}):
        connection.request("GET", "/robots.txt", headers={k: etag for k in headers})
        response = connection.getresponse()
        assert response.status == (304 if headers else 200)
        assert bool(response.read()) is not bool(headers)
        etag = response.headers["ETag"]
    connection.close()


def test_the_clock_is_set_and_runs_on(server: PaperServer) -> None:
    night = next(story for story in stories_of(CLOCK.date()) if story.kind == "night")
    assert ask(server, "GET", path_of(night))[0].status == 404
    response, _ = ask(server, "PUT", "/_clock", b"2026-01-16T02:59:00+03:00")
    assert response.status == 200
    assert ask(server, "GET", path_of(night))[0].status == 200
    shown = dt.datetime.fromisoformat(ask(server, "GET", "/_clock")[1].decode().strip())
    assert dt.timedelta() <= shown - dt.datetime(2026, 1, 15, 23, 59, tzinfo=dt.UTC)
    assert shown < dt.datetime(2026, 1, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize("body", [b"tomorrow", b"2026-01-16T02:59:00", b"", b"\xff", b"1" * 1000])
def test_a_time_that_is_none_is_refused_by_name(server: PaperServer, body: bytes) -> None:
    response, content = ask(server, "PUT", "/_clock", body)
    assert response.status == 400
    assert content.count(b"\n") == 1
    assert ask(server, "GET", "/_clock")[1].startswith(b"2026-01-15T16:0")


def test_only_the_clock_is_put(server: PaperServer) -> None:
    assert ask(server, "PUT", "/world", b"2026-01-16T02:59:00+03:00")[0].status == 400
    assert ask(server, "POST", "/_clock", b"x")[0].status == 501


def test_times_need_a_zone() -> None:
    assert read_time(" 2026-01-15T16:00+03:00\n").astimezone(dt.UTC).hour == 13
    with pytest.raises(ValueError, match="zone"):
        read_time("2026-01-15T16:00")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_names_its_address_and_stops_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "newsdesk.demo.paper", "--clock", CLOCK.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        address = line.rsplit("http://", 1)[1].strip().rstrip("/.")
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("GET", "/rss/latest")
        assert connection.getresponse().status == 200  # and the connection stays open
        process.send_signal(number)
        out, error = process.communicate(timeout=10)
        connection.close()
    assert process.returncode == 0
    assert (out, error) == (b"", b"")


def test_a_port_that_is_taken_is_named(server: PaperServer) -> None:
    port = str(server.server_port)
    command = [sys.executable, "-m", "newsdesk.demo.paper", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"newsdesk: port {port}: ")
    assert ended.stderr.count("\n") == 1
