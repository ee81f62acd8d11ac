"""Web archives for tests: Common Crawl, its news crawl and the Wayback Machine, on 127.0.0.1.

They speak the same wire formats as the real ones and have their bad habits. What they hold is given
as ``Kept`` captures; ``crawl_of`` makes them of the demo paper.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from contracts.local import listening
from newsdesk.article import UTC
from newsdesk.demo.paper.answers import answer
from newsdesk.demo.paper.plan import path_of, stories_of
from newsdesk.demo.paper.site import HOME

CRAWL = "CC-MAIN-2024-10"
FILE = f"crawl-data/{CRAWL}/segments/1/warc/CC-MAIN-20240301000000-00001.warc.gz"


@dataclass(frozen=True)
class Kept:
    """One capture: who answered, when, and what."""

    url: str
    at: dt.datetime
    body: bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def stamp(self) -> str:
        return f"{self.at:%Y%m%d%H%M%S}"

    @property
    def mime(self) -> str:
        return self.kind.partition(";")[0]

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()  # noqa: S324 - the format's

    @property
    def surt(self) -> str:
        parts = urlsplit(self.url)
        host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
        return f"{host}){parts.path}"


def crawl_of(days: Iterable[dt.date], after: dt.timedelta) -> list[Kept]:
    """The demo paper's pages of some days, each as it stood a while after the day began."""
    kept = []
    for day in days:
        at = dt.datetime.combine(day, dt.time(), UTC) + after
        for number, story in enumerate(stories_of(day)):
            path, moment = path_of(story), at + dt.timedelta(seconds=7 * number)
            reply = answer(path, {}, moment)
            kind = reply.headers.get("Content-Type", "text/html")
            kept.append(Kept(HOME + path, moment, reply.body, int(reply.status), kind))
    return kept


# -- WARC -------------------------------------------------------------------------------------


def member(kept: Kept, *, truncated: str = "") -> bytes:
    """One response record as crawlers write it: a gzip member of its own."""
    lines = [f"HTTP/1.1 {kept.status} OK", f"Content-Type: {kept.kind}"]
    lines += [f"{name}: {value}" for name, value in kept.headers]
    block = "\r\n".join(lines).encode() + b"\r\n\r\n" + kept.body
    more = f"WARC-Truncated: {truncated}\r\n" if truncated else ""
    return _member(
        "response",
        f"WARC-Date: {kept.at:%Y-%m-%dT%H:%M:%SZ}\r\nWARC-Target-URI: {kept.url}\r\n"
        f"WARC-Payload-Digest: sha1:{kept.digest}\r\n{more}"
        "Content-Type: application/http; msgtype=response\r\n",
        block,
    )


def _member(kind: str, head: str, block: bytes) -> bytes:
    record = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{len(block):012d}>\r\n{head}"
        f"Content-Length: {len(block)}\r\n\r\n"
    ).encode()
    return gzip.compress(record + block + b"\r\n\r\n", compresslevel=6, mtime=0)


def warc_file(captures: Sequence[Kept]) -> tuple[bytes, list[tuple[int, int]]]:
    """A whole WARC file as crawlers write it, and where each response lies in it."""
    info = b"software: a crawler\r\n"
    body = _member("warcinfo", "Content-Type: application/warc-fields\r\n", info)
    places = []
    for kept in captures:
        asked = f"GET {urlsplit(kept.url).path} HTTP/1.1\r\n\r\n".encode()
        kind = "Content-Type: application/http; msgtype=request\r\n"
        body += _member("request", f"WARC-Target-URI: {kept.url}\r\n{kind}", asked)
        places.append((len(body), len(made := member(kept))))
        body += made
    return body, places


# -- the servers ------------------------------------------------------------------------------


@dataclass
class Answer:
    """What goes over the wire."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Archive:
    """Common Crawl and the Wayback Machine, over the same captures.

    Attributes:
        captures: What they hold.
        page: Lines of one page of an index.
        troubles: Statuses to answer first, by the beginning of a path; each is used up once.
        blocked: Whether the Wayback Machine excludes the paper.
        stingy: URLs whose records are cut short.
        files: The news crawl's files, by path.
        asked: Every path asked for, with its Range if it had one.
        ended: When the crawl that met the captures ended.
    """

    captures: Sequence[Kept] = ()
    page: int = 25
    troubles: dict[str, list[int]] = field(default_factory=dict)
    blocked: bool = False
    stingy: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""
    ended: dt.datetime = dt.datetime(2024, 3, 6, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.captures = sorted(self.captures, key=lambda kept: (kept.surt, kept.stamp))
        body, self.places = warc_file(self.captures)
        self.files[FILE] = body

    @property
    def via(self) -> dict[str, str]:
        """What stands in for the archives' own addresses."""
        names = ("common_crawl_index", "common_crawl_data", "wayback_index", "wayback")
        return dict.fromkeys(names, self.address)

    def add_news(self, file: str, captures: Sequence[Kept]) -> str:
        """One more file of the news crawl, such as ``CC-NEWS-20240229120000-00001``."""
        path = f"crawl-data/CC-NEWS/{file[8:12]}/{file[12:14]}/{file}.warc.gz"
        self.files[path] = warc_file(captures)[0]
        return path

    def answer(self, target: str, range_: str | None) -> Answer:
        self.asked.append((target, range_))
        parts = urlsplit(target)
        for prefix, statuses in self.troubles.items():
            if parts.path.startswith(prefix) and statuses:
                return Answer(statuses.pop(0), b"<h1>Slow down</h1>")  # no Retry-After
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path
        if path == "/robots.txt":
            return Answer(200, b"User-agent: *\nDisallow: /\n")  # interfaces are for programs
        if path == "/collinfo.json":
            return _json(self._crawls())
        if path == f"/{CRAWL}-index":
            return self._cdxj(query)
        if path == "/cdx/search/cdx":
            return self._cdx(query, parse_qs(parts.query).get("filter", []))
        if path.startswith("/web/"):
            return self._playback(target.removeprefix("/web/"))
        if path.startswith("/crawl-data/"):
            return self._file(path.removeprefix("/"), range_)
        return Answer(404, b"not here")

    # -- Common Crawl -------------------------------------------------------------------------

    def _crawls(self) -> list[dict[str, str]]:
        return [
            {
                "id": name,
                "name": f"{name} Index",
                "timegate": f"https://index.commoncrawl.org/{name}/",
                "cdx-api": f"https://index.commoncrawl.org/{name}-index",
                "from": begin,
                "to": end,
            }
            for name, begin, end in (
                ("CC-MAIN-2024-26", "2024-06-12T00:00:00", "2024-06-25T00:00:00"),
                (CRAWL, "2024-02-20T22:09:07", f"{self.ended:%Y-%m-%dT%H:%M:%S}"),
                ("CC-MAIN-2023-50", "2023-11-28T00:00:00", "2023-12-12T00:00:00"),
            )
        ]

    def _cdxj(self, query: dict[str, str]) -> Answer:
        places = dict(zip(map(id, self.captures), self.places, strict=True))
        found = [kept for kept in self._matching(query) if f"={kept.status}" in "=200"]
        pages = [found[n : n + self.page] for n in range(0, len(found), self.page)]
        if "showNumPages" in query:
            if not found:
                return self._none(query)
            return _json({"blocks": len(pages), "pages": len(pages), "pageSize": 1})
        number = int(query.get("page", "0"))
        if number >= len(pages):
            return self._none(query)
        lines = []
        for kept in pages[number]:
            offset, length = places[id(kept)]
            row = {
                "urlkey": kept.surt,
                "timestamp": kept.stamp,
                "url": kept.url,
                "mime": kept.mime,
                "mime-detected": kept.mime,
                "status": str(kept.status),
                "digest": kept.digest,
                "length": str(length),
                "offset": str(offset),
                "filename": FILE,
                "languages": "eng",
                "encoding": "UTF-8",
            }
            lines.append(json.dumps(row))
        body = "".join(f"{line}\n" for line in lines).encode()
        return Answer(200, body, [("Content-Type", "text/x-ndjson")])

    def _none(self, query: dict[str, str]) -> Answer:
        return _json({"message": f"No Captures found for: {query['url']}"}, 404)

    def _file(self, path: str, range_: str | None) -> Answer:
        if path.endswith("/warc.paths.gz"):
            folder = path.removesuffix("warc.paths.gz")
            names = sorted(name for name in self.files if name.startswith(folder))
            if not names:
                return Answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return Answer(200, gzip.compress("".join(f"{name}\n" for name in names).encode()))
        body = self.files.get(path)
        if body is None:
            return Answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        if range_ is None:
            return Answer(200, body)
        first, _, last = range_.removeprefix("bytes=").partition("-")
        if int(first) >= len(body):
            return Answer(416)
        piece = body[int(first) : int(last) + 1]
        if self.stingy and any(
            kept.url in self.stingy and place == (int(first), len(piece))
            for kept, place in zip(self.captures, self.places, strict=True)
        ):
            piece = piece[: len(piece) // 2]
        said = f"bytes {first}-{int(first) + len(piece) - 1}/{len(body)}"
        return Answer(206, piece, [("Content-Range", said)])

    # -- the Wayback Machine ------------------------------------------------------------------

    def _cdx(self, query: dict[str, str], filters: list[str]) -> Answer:
        if self.blocked:
            name = "org.archive.util.io.RuntimeIOException"
            body = b"org.archive...AdministrativeAccessControlException: Blocked Site Error\n"
            return Answer(403, body, [("X-Archive-Wayback-Runtime-Error", name)])
        found = [
            kept
            for kept in self._matching(query)
            if "statuscode:200" not in filters or kept.status == 200
            if "mimetype:text/html" not in filters or kept.mime == "text/html"
        ]
        limit = min(int(query.get("limit", "1000000")), self.page)
        start = 0
        if "resumeKey" in query:  # decoded once by the query string, and once by the index
            start = int(unquote(query["resumeKey"]).rpartition(" ")[2]) - 1  # says one line twice
            assert "%" in query["resumeKey"], "the key was not encoded a second time"
        rows: list[list[str]] = [
            [k.surt, k.stamp, _odd(k.url), k.mime, str(k.status), k.digest, str(len(k.body))]
            for k in found[max(start, 0) : start + limit + 1]
        ]
        if not rows:
            return _json([])
        head = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        body: list[list[str]] = [head, *rows]
        if (next_ := max(start, 0) + len(rows)) < len(found):
            body += [[], [quote(f"{rows[-1][0]}+{rows[-1][1]} {next_}", safe="")]]
        return _json(body)

    def _playback(self, rest: str) -> Answer:
        stamp, _, url = rest.partition("id_/")
        if self.blocked:
            return Answer(200, b"<html>This site is not available.</html>", _HTML)
        plain = url.replace(":443/", "/", 1).replace(":80/", "/", 1)
        same = [kept for kept in self.captures if kept.url == plain]
        if not same:
            return Answer(
                404, b"<html>The Wayback Machine has not archived that URL.</html>", _HTML
            )
        wanted = dt.datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        kept = min(same, key=lambda one: abs(one.at - wanted))
        if kept.stamp != stamp:
            reason = f"found capture at {kept.stamp}"
            to = f"https://web.archive.org/web/{kept.stamp}id_/{url}"
            return Answer(302, b"", [("Location", to), ("X-Archive-Redirect-Reason", reason)])
        packed = gzip.compress(kept.body, mtime=0)
        return Answer(
            kept.status,
            packed,
            [
                ("Content-Type", kept.kind),
                ("Memento-Datetime", format_datetime(kept.at, usegmt=True)),
                ("Link", f'<{url}>; rel="original"'),
                ("x-archive-orig-content-type", kept.kind),
                *((f"x-archive-orig-{name}", value) for name, value in kept.headers),
                ("x-archive-src", "a-crawl/a-file.warc.gz"),
                ("content-encoding", ""),
                ("Content-Encoding", "gzip"),
            ],
        )

    def _matching(self, query: dict[str, str]) -> list[Kept]:
        first = query.get("from", "").ljust(14, "0")
        last = query.get("to", "").ljust(14, "9")
        return [
            kept
            for kept in self.captures
            if first <= kept.stamp <= last
            if (
                kept.url == query["url"]
                if query.get("matchType") == "exact"
                else (urlsplit(kept.url).hostname or "").endswith(query["url"])
            )
        ]


def _odd(url: str) -> str:
    """The address with its port, as old captures have it."""
    parts = urlsplit(url)
    port = {"http": 80, "https": 443}[parts.scheme]
    return url.replace(parts.netloc, f"{parts.netloc}:{port}", 1) if len(url) % 3 == 0 else url


_HTML = [("Content-Type", "text/html")]


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), [("Content-Type", "application/json")])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    archive: Archive
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        reply = self.archive.answer(self.path, self.headers.get("Range"))
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(archive: Archive) -> Iterator[Archive]:
    """The archive, answering on 127.0.0.1 at ``archive.address``."""
    handler = type("Handler", (_Handler,), {"archive": archive})
    with listening(handler) as archive.address:
        yield archive
