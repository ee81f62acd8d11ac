"""A paper nobody has described: its front page is enough for a file that runs take."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from contracts.local import listening
from newsdesk.__main__ import main
from newsdesk.article import UTC
from newsdesk.demo.paper.server import Clock, PaperServer
from newsdesk.sources import load_source

pytestmark = pytest.mark.integration

HOME = "https://www.bosphorusledger.example/"


@pytest.fixture(scope="module")
def paper() -> Iterator[PaperServer]:
    server = PaperServer(0, Clock(dt.datetime(2026, 1, 16, 3, 30, tzinfo=UTC)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def add(paper: PaperServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("NEWSDESK_CONTACT", "https://newsdesk.example/tests")
    return ["sources", "add", HOME, "--via", paper.address, "--folder", str(tmp_path)]


def test_its_feeds_are_found_and_stories_read(
    add: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*add, "--time-zone", "Europe/Istanbul"]) == 0
    path = tmp_path / "bosphorusledger.toml"
    source = load_source(path)
    assert (source.title, source.language) == ("Bosphorus Ledger", "en")
    assert source.home == HOME
    assert source.domains == ("bosphorusledger.example",)
    assert source.time_zone == "Europe/Istanbul"
    assert f"{HOME}rss/world" in source.discover.feeds
    assert f"{HOME}sitemap/news.xml" in source.discover.news_sitemaps
    assert source.fetch.fetch_via is None
    told = capsys.readouterr().out
    assert f"Written: {path}" in told
    assert f"newsdesk sources check {path}" in told
    assert f"NEWSDESK_SOURCES names its folder: {tmp_path.resolve()}" in told
    assert "2026-01-1" in told

    assert main(add) == 2
    assert capsys.readouterr().err == f"newsdesk: {path}: is there already\n"


def test_whom_to_ask_must_be_said(
    add: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NEWSDESK_CONTACT")
    assert main(add) == 2
    assert capsys.readouterr().err.startswith("newsdesk: NEWSDESK_CONTACT: is not set")


def test_a_paper_without_feeds_is_a_bad_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Bare(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.end_headers()
            self.wfile.write(b"<html><title>Bare</title></html>")

        def log_message(self, format: str, *args: object) -> None:
            pass

    monkeypatch.setenv("NEWSDESK_CONTACT", "https://newsdesk.example/tests")
    with listening(Bare) as via:
        asked = ["sources", "add", "https://bare.example/", "--via", via, "--folder", str(tmp_path)]
        assert main(asked) == 1
    told = capsys.readouterr().err
    assert told.startswith("newsdesk: https://bare.example/: names no feed and no news sitemap")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_none_is_refused_before_anybody_is_asked(
    add: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*add, "--name", "../elsewhere"]) == 2
    assert "'../elsewhere' is no name of a paper" in capsys.readouterr().err
    assert not (tmp_path.parent / "elsewhere.toml").exists()


def test_a_folder_that_cannot_be_made_is_named_before_anybody_is_asked(
    add: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").touch()
    folder = tmp_path / "a-file" / "papers"
    assert main([*add[:-1], str(folder), "--via", "http://127.0.0.1:9/"]) == 2
    assert capsys.readouterr().err == f"newsdesk: {folder}: cannot be made: Not a directory\n"
