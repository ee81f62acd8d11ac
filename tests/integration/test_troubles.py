"""Papers in trouble beside a good one, through the DAGs: each has its line, and stops no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from contracts.local import listening
from integration.orchestrated import environment, now_with_time_left, run_dag
from newsdesk import records
from newsdesk.article import UTC, Look
from newsdesk.connections import open_store, open_warehouse
from newsdesk.embedded import Endpoint, free_port
from newsdesk.layout import Layout
from newsdesk.settings import Settings

pytestmark = pytest.mark.integration

NOW = now_with_time_left()
DAY = NOW.date()
YESTERDAY = DAY - dt.timedelta(days=1)
HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"


def page(headline: str, at: dt.datetime) -> bytes:
    """A story of some length, as a plain paper prints it."""
    body = "".join(
        f"<p>The {word} crew of the {headline.lower()} mended the quay wall before the tide came "
        f"in, and nobody in the little town was surprised that it took them all night.</p>"
        for word in ("first", "second", "third", "fourth")
    )
    return (
        f"<html lang='en'><head><title>{headline} | The Paper</title></head><body><h1>{headline}"
        f"</h1><p class='byline'>By Ada Moss</p><time datetime='{at.isoformat()}'>today</time>"
        f"<article>{body}</article></body></html>"
    ).encode()


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>".encode()


def item(url: str, at: dt.datetime | None = None) -> str:
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    return f"<item><link>{url}</link>{date}</item>"


def early(minutes: int) -> dt.datetime:
    """A moment of today that is past, whatever the time is now."""
    return max(
        dt.datetime.combine(DAY, dt.time(), UTC), NOW - dt.timedelta(minutes=minutes)
    ).replace(microsecond=0)


def story(host: str, number: int) -> str:
    return f"https://{host}/world/ferry-number-{number}-sails-again"


GOOD, FRONT, EMPTY, UNDATED, PAPERS, DOWN = (
    f"{name}.example" for name in ("good", "front", "empty", "undated", "documents", "down")
)
ANSWERS: Mapping[tuple[str, str], tuple[str, bytes]] = {
    (GOOD, "/feed"): (RSS, rss(*(item(story(GOOD, n), early(n)) for n in (1, 2, 3)))),
    **{
        (GOOD, f"/world/ferry-number-{n}-sails-again"): (HTML, page(f"Ferry {n} sails", early(n)))
        for n in (1, 2, 3)
    },
    (FRONT, "/feed"): (HTML, b"<!doctype html><html><body><h1>Welcome</h1></body></html>"),
    (EMPTY, "/feed"): (RSS, rss()),
    (UNDATED, "/feed"): (RSS, rss(item(story(UNDATED, 7)))),
    (UNDATED, "/world/ferry-number-7-sails-again"): (HTML, page("Ferry 7 sails", early(9))),
    (PAPERS, "/feed"): (
        RSS,
        rss(item(story(PAPERS, 8), early(8)), item(story(PAPERS, 9), early(9))),
    ),
    (PAPERS, "/world/ferry-number-8-sails-again"): (
        "application/pdf",
        b"%PDF-1.7\n%\xe2\xe3\n" * 90,
    ),
}


@contextmanager
def web() -> Iterator[str]:
    """All papers on one address of this machine, told apart by the Host header."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = ANSWERS.get((self.headers["Host"], self.path), ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with listening(Handler) as address:
        yield address


@dataclass(frozen=True)
class Outcome:
    """What a look, a run and the consumer left."""

    settings: Settings
    states: dict[str, str]
    loaded: dict[str, str]
    idle: dict[str, str]

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = open_warehouse(self.settings).table(table).scan().to_arrow()
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    def errors(self) -> dict[str, str | None]:
        """What the look noted of every paper's feed."""
        store, layout = open_store(self.settings), Layout(self.settings.env)
        return {
            name: feed.error
            for info in store.list(layout.looks(DAY))
            for name, feed in records.unpack(Look, store.get(info.key), subject=info.key).feeds
        }


@pytest.fixture(scope="module")
def outcome(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("troubles")
    settings = Settings(
        bucket=endpoint.bucket,
        catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
        server=endpoint.server,
        env="troubles",
        contact="https://newsdesk.example/tests",
        warehouse=str(folder / "warehouse.duckdb"),
    )
    with web() as address:
        nobody = f"http://127.0.0.1:{free_port()}"
        hosts = (GOOD, FRONT, EMPTY, UNDATED, PAPERS, DOWN)
        for host in hosts:
            (folder / f"{host.partition('.')[0]}.toml").write_text(
                f'title = "The Paper"\nhome = "https://{host}/"\ndomains = ["{host}"]\n'
                f'language = "en"\n[discover]\nfeeds = ["https://{host}/feed"]\n'
                f"robots_sitemaps = false\n[fetch]\npause_seconds = 0\ntimeout_seconds = 5\n"
                f'fetch_via = "{nobody if host == DOWN else address}"\n'
            )
        papers = [host.partition(".")[0] for host in hosts]
        with environment(settings, folder, papers):
            assert set(run_dag("watch_feeds").values()) == {"success"}
            states = run_dag("daily_news", DAY)
            loaded = run_dag("load_warehouse", DAY)
        with environment(settings, folder, ["empty"]):
            idle = run_dag("daily_news", YESTERDAY)
    return Outcome(settings, states, loaded, idle)


def test_every_task_ends_well(outcome: Outcome) -> None:
    assert set(outcome.states.values()) == {"success"}, outcome.states
    assert set(outcome.loaded.values()) == {"success"}, outcome.loaded


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        ("front", f"https://{FRONT}/feed: is an HTML page, not a feed"),
        ("down", f"https://{DOWN}/feed: "),
    ],
)
def test_a_feed_in_trouble_is_one_line_in_the_look(outcome: Outcome, paper: str, told: str) -> None:
    error = outcome.errors()[paper] or ""
    assert told in error
    assert "\n" not in error


def test_a_feed_without_items_is_no_error(outcome: Outcome) -> None:
    assert outcome.errors() | {"front": None, "down": None} == dict.fromkeys(outcome.errors())


def test_the_stories_of_the_others_are_published(outcome: Outcome) -> None:
    by_paper: dict[str, set[str]] = {}
    for row in outcome.rows("articles"):
        by_paper.setdefault(row["source"], set()).add(row["headline"])
    assert by_paper == {
        "good": {"Ferry 1 sails", "Ferry 2 sails", "Ferry 3 sails"},
        "undated": {"Ferry 7 sails"},  # its page says what its feed does not
    }


def test_what_is_no_story_has_a_fate(outcome: Outcome) -> None:
    fates = {row["url"]: (row["fate"], row["reason"]) for row in outcome.rows("ledger")}
    assert fates[story(PAPERS, 8)] == ("rejected", "not_html")
    assert fates[story(PAPERS, 9)] == ("missing", "http_404")
    assert [row["reason"] for row in outcome.rows("rejected")] == ["not_html"]


def test_a_paper_that_could_not_be_asked_is_a_gap(outcome: Outcome) -> None:
    days = {row["source"]: row for row in outcome.rows("coverage") if row["published_day"] == DAY}
    midnight = dt.datetime.combine(DAY, dt.time(), UTC)
    for paper in ("front", "down"):
        assert not days[paper]["complete"]
        assert days[paper]["gap_from"] == midnight
        assert days[paper]["gap_to"] == midnight + dt.timedelta(days=1)


def test_the_consumer_has_what_was_published(outcome: Outcome) -> None:
    import duckdb

    with duckdb.connect(str(outcome.settings.warehouse), read_only=True) as connection:
        loaded = connection.sql("SELECT headline FROM news.articles ORDER BY 1").fetchall()
    assert [headline for (headline,) in loaded] == sorted(
        row["headline"] for row in outcome.rows("articles")
    )


def test_a_day_with_nothing_to_fetch_is_recorded_too(outcome: Outcome) -> None:
    assert outcome.idle["shard.fetch"] == "skipped"
    assert outcome.idle["signal"] == "skipped"
    assert {outcome.idle[task] for task in ("discover", "check", "publish", "close")} == {"success"}
    (row,) = [row for row in outcome.rows("coverage") if row["published_day"] == YESTERDAY]
    assert (row["source"], row["expected"], row["complete"]) == ("empty", 0, False)
