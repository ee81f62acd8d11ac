"""A day of real pages through the DAGs: 437 pages of real papers, on a real object store.

A local server presents the pages as the papers they are from (``fetch_via``). Their dates spread
over years, so that most days hold a story or two and warn.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from integration.orchestrated import environment, now_with_time_left, run_dag
from integration.replay import Replay
from newsdesk.connections import open_warehouse
from newsdesk.embedded import Endpoint
from newsdesk.settings import Settings

if TYPE_CHECKING:
    from newsdesk.tables import Warehouse

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Replayed:
    """What a run over all pages left."""

    replay: Replay
    warehouse: Warehouse
    states: dict[str, str]

    def rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.warehouse.table(table).scan().to_arrow().to_pylist()
        return rows


@pytest.fixture(scope="module")
def replayed(
    corpus: Path, endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("replay")
    settings = Settings(
        bucket=endpoint.bucket,
        catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
        server=endpoint.server,
        env="replay",
        contact="https://newsdesk.example/tests",
    )
    (folder / "sources").mkdir()
    replay = Replay(corpus)
    with replay.serve() as address:
        papers = replay.write_sources(folder / "sources", address)
        with environment(settings, folder / "sources", papers):
            day = now_with_time_left().date()
            assert set(run_dag("watch_feeds").values()) == {"success"}
            states = run_dag("daily_news", day)
    return Replayed(replay, open_warehouse(settings), states)


def test_no_page_crashes_a_task(replayed: Replayed) -> None:
    assert set(replayed.states.values()) == {"success"}, replayed.states


def test_every_url_ends_published_or_rejected_with_a_reason(replayed: Replayed) -> None:
    ledger = replayed.rows("ledger")
    stories = {row["article_id"] for row in ledger}
    assert len(ledger) >= 430  # a few pages of the corpus are the same story
    assert len(stories) == len({row["url"] for row in ledger})
    fates = Counter(row["fate"] for row in ledger)
    assert set(fates) <= {"published", "rejected"}, fates
    assert fates["published"] >= 400, fates
    refused = {row["url"]: row for row in replayed.rows("rejected")}
    for row in ledger:
        if row["fate"] == "rejected":
            assert row["reason"]
            assert refused[row["url"]]["reason"]
    published = {row["article_id"] for row in replayed.rows("articles")}
    assert {row["article_id"] for row in ledger if row["fate"] == "published"} == published


def test_days_warn_and_none_is_blocked(replayed: Replayed) -> None:
    checks = replayed.rows("checks")
    failed = {(row["severity"], row["expectation"]) for row in checks if row["outcome"] == "failed"}
    assert ("warning", "volume") in failed
    assert not [row for row in checks if row["outcome"] == "not_evaluated"]
    assert not [row for row in replayed.rows("ledger") if row["fate"] == "blocked"]


def test_the_published_rows_are_right(
    replayed: Replayed, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scored by the corpus's own scorer, on what a consumer of the tables would see."""
    rows = {row["url"]: row for row in replayed.rows("articles")}
    predictions = tmp_path / "predictions.jsonl"
    with predictions.open("w") as out:
        for page in replayed.replay.rows:
            row = next(
                (rows[url] for url in replay_urls(replayed, page["url"]) if url in rows), None
            )
            if row is not None:
                out.write(json.dumps(_prediction(page["id"], row)) + "\n")
    scorer = corpus.parent / "tools" / "score.py"
    result = tmp_path / "score.json"
    done = subprocess.run(
        [sys.executable, scorer, corpus / "truth.jsonl", predictions, "--json", result],
        capture_output=True,
        text=True,
        check=True,
    )
    with capsys.disabled():
        print(f"\npublished rows against the truth of the corpus:\n{done.stdout}")
    score = json.loads(result.read_text())
    floors = {  # a little below what is reached: a fall is a regression
        "fundus": {"title.norm": 0.80, "authors.f1": 0.83, "published.instant": 0.93},
        "np4k": {"title.norm": 0.80, "authors.f1": 0.79, "published.weakday": 0.80},
        "mediacloud": {"published.day": 0.86},
    }
    low = {
        (group, metric): score[group][metric]
        for group, wanted in floors.items()
        for metric, floor in wanted.items()
        if score[group][metric] < floor
    }
    assert low == {}


def replay_urls(replayed: Replayed, url: str) -> list[str]:
    """The address of a page as it may be recorded: as it is, or cleaned of tracking."""
    from newsdesk.fields.urls import clean_url

    return [url, clean_url(url) or url]


def _prediction(page: str, row: dict[str, Any]) -> dict[str, Any]:
    at = row["published_at"]
    if row["published_at_precision"] == "day":
        published = str(row["published_day_local"])
    else:
        offset = dt.timezone(dt.timedelta(minutes=row["published_at_offset"]))
        published = at.astimezone(offset).isoformat()
    image = row["lead_image"]
    return {
        "id": page,
        "title": row["headline"],
        "authors": [one["name"] for one in row["bylines"]],
        "published_at": published,
        "body": row["body"],
        "keywords": row["keywords"],
        "lead_image": image and image["url"],
        "lead_image_caption": image and image["caption"],
        "language": row["language"],
    }
