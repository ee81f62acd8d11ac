"""Saved pages of real papers, presented as those papers: feeds, robots.txt and pages by host."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import tldextract

from contracts.local import listening
from newsdesk.article import Page
from newsdesk.fields.urls import clean_url
from newsdesk.reading import read_page, source_for
from newsdesk.steps.desk import utcnow

_registered = tldextract.TLDExtract(suffix_list_urls=())


class Replay:
    """The pages of a corpus folder (``truth.jsonl`` beside ``pages/``)."""

    def __init__(self, folder: Path) -> None:
        lines = (folder / "truth.jsonl").read_text().splitlines()
        self.rows = [json.loads(line) for line in lines]
        self.pages = {row["id"]: folder / "pages" / f"{row['id']}.html.gz" for row in self.rows}
        self._by_address: dict[str, Path] = {}
        for row in self.rows:
            for address in _addresses(row["url"]):
                self._by_address.setdefault(address, self.pages[row["id"]])
        self._feeds: dict[str, list[str]] = {}
        for row in self.rows:
            self._feeds.setdefault(_paper(row["url"]), []).append(row["url"])

    def write_sources(self, folder: Path, via: str) -> list[str]:
        """One source file a paper, as a user would write it; gives the papers' names."""
        names = []
        for domain in sorted(self._feeds):
            name = "p_" + re.sub(r"\W+", "_", domain)[:40]
            names.append(name)
            rows = [row for row in self.rows if _paper(row["url"]) == domain]
            languages = Counter(
                (row.get("language") or row["html_lang"] or self._language(row))[:2] for row in rows
            )
            language = languages.most_common(1)[0][0].lower()
            query = {key for row in rows for key, _ in parse_qsl(urlsplit(row["url"]).query)}
            (folder / f"{name}.toml").write_text(
                f'title = "{domain}"\nhome = "https://{domain}/"\ndomains = ["{domain}"]\n'
                f'language = "{language}"\n[discover]\nfeeds = ["https://{domain}/feed.xml"]\n'
                f'robots_sitemaps = false\n[fetch]\npause_seconds = 0\nfetch_via = "{via}"\n'
                f'[urls]\narticle = [".*"]\nkeep_query = {json.dumps(sorted(query))}\n'
            )
        return names

    def _language(self, row: dict[str, Any]) -> str:
        """The language of a page that says none, as its paper's file would: told by its text."""
        page = Page(row["url"], unpacked(self.pages[row["id"]]), utcnow())
        return read_page(page, source_for(row["url"], {})).article.language or "en"

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serves the papers on 127.0.0.1; gives the address."""
        replay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, kind, body = replay.answer(self.headers["Host"], self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if body[:2] == b"\x1f\x8b":
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        with listening(Handler) as address:
            yield address

    def answer(self, host: str, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for one request."""
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nAllow: /\n"
        if path == "/feed.xml":
            items = "".join(
                f"<item><link>{escape(url)}</link></item>"
                for url in self._feeds.get(_registered(host).top_domain_under_public_suffix, [])
            )
            feed = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
            return 200, "application/rss+xml", feed.encode()
        asked = _addresses(f"https://{host}{path}")
        page = next((self._by_address[a] for a in asked if a in self._by_address), None)
        if page is None:
            return 404, "text/html", b"<h1>Not found</h1>"
        return 200, "text/html", page.read_bytes()


def unpacked(page: Path) -> bytes:
    """The page as its paper wrote it."""
    return gzip.decompress(page.read_bytes())


def _paper(url: str) -> str:
    return _registered(url).top_domain_under_public_suffix


def _addresses(url: str) -> tuple[str, str]:
    """With its query and without: an address may have been cleaned of tracking on the way."""
    parts = urlsplit(clean_url(url) or url)
    bare = f"{parts.hostname}{parts.path or '/'}"
    return f"{bare}?{parts.query}", bare
