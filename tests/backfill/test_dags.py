"""The DAGs of backfills as Airflow runs them, over archives and a crawl: harvest, fill, read again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from backfill.house import DAYS, PAPER, House, house
from integration.orchestrated import environment, run_dag
from newsdesk.discover.landed import read_landed
from newsdesk.discover.listed import read_listed
from newsdesk.embedded import Endpoint
from newsdesk.sources import PACKAGED
from newsdesk.steps import batching

pytestmark = [pytest.mark.backfill, pytest.mark.integration, pytest.mark.timeout(1200)]

FIRST, LAST = str(DAYS[0]), str(DAYS[-1])


def write_source(folder: Path, *, discover: str, rules_version: int = 0) -> Path:
    """The paper's file, with other ways to find its stories."""
    text = (PACKAGED / f"{PAPER}.toml").read_text()
    text = re.sub(r"(?s)\[discover\].*?(?=\n\[fetch\])", f"[discover]\n{discover}\n", text)
    folder.mkdir(exist_ok=True)
    (folder / f"{PAPER}.toml").write_text(f"rules_version = {rules_version}\n{text}")
    return folder


def facts(it: House) -> list[dict[str, Any]]:
    apart = ("run_id", "reader_version")
    rows = [{k: v for k, v in row.items() if k not in apart} for row in it.rows()]
    return sorted(rows, key=lambda row: str(row["article_id"]))


def succeeded(states: dict[str, str]) -> bool:
    return set(states.values()) == {"success"}


def test_a_harvest_fills_days_and_they_are_read_again(endpoint: Endpoint, tmp_path: Path) -> None:
    sources = write_source(tmp_path / "sources", discover="robots_sitemaps = false")
    with house(endpoint, tmp_path) as it, environment(it.settings, sources, [PAPER]):
        it.print_news_crawl()
        wanted = {"first": FIRST, "last": LAST, "days_after": 3}
        for _ in range(2):  # nothing is landed twice
            states = run_dag("harvest_archives", conf=wanted)
            assert (states["harvest"], states["sitemaps"]) == ("success", "skipped")
        for day in DAYS:
            assert succeeded(run_dag("daily_news", day))
        assert it.stories() == it.printed()
        assert {tuple(row["discovered_via"]) for row in it.rows()} == {("cc_news",)}
        before = facts(it)

        write_source(sources, discover="robots_sitemaps = false", rules_version=1)
        again = {"first": FIRST, "last": LAST, "dry_run": False, "published": False}
        states = run_dag("reread", conf={**again, "dry_run": True})
        assert (states["review"], states["publish"]) == ("success", "skipped")
        assert {row["reader_version"] for row in it.rows()} == {version(0)}
        assert succeeded(run_dag("reread", conf=again))
        assert {row["reader_version"] for row in it.rows()} == {version(1)}
        assert facts(it) == before
        states = run_dag("reread", conf={**again, "published": True})
        assert (states["publish"], states["signal"]) == ("success", "skipped")
        assert facts(it) == before


def test_a_harvest_of_more_files_than_airflow_maps_over(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "3")
    monkeypatch.setattr(batching, "BATCHES", 3)
    sources = write_source(tmp_path / "sources", discover="robots_sitemaps = false")
    with house(endpoint, tmp_path) as it, environment(it.settings, sources, [PAPER]):
        it.print_news_crawl()
        wanted = {"first": FIRST, "last": LAST, "days_after": 3, "archives": ["news_crawl"]}
        assert run_dag("harvest_archives", conf=wanted)["harvest"] == "success"
        asked = {path for path, _ in it.archive.asked if path.endswith("-00001.warc.gz")}
        assert len(asked) > 3
        landed = (read_landed(it.desk.store, it.desk.layout, day, "") for day in DAYS)
        found = {one.link.article_id for captures in landed for one in captures}
        assert found >= set().union(*it.printed().values())


def test_sitemaps_are_harvested_and_fill_days(endpoint: Endpoint, tmp_path: Path) -> None:
    discover = 'archive_sitemaps = ["https://www.bosphorusledger.example/sitemap.xml"]'
    sources = write_source(tmp_path / "sources", discover=f"{discover}\nrobots_sitemaps = false")
    with house(endpoint, tmp_path) as it, environment(it.settings, sources, [PAPER]):
        wanted = {"first": FIRST, "last": LAST, "archives": ["sitemaps"]}
        states = run_dag("harvest_archives", conf=wanted)
        assert (states["sitemaps"], states["harvest"]) == ("success", "skipped")
        for day in DAYS:
            assert [
                listed.source for listed in read_listed(it.desk.store, it.desk.layout, day)
            ] == [PAPER]
            assert succeeded(run_dag("daily_news", day))
        assert it.stories() == it.printed()
        assert {tuple(row["discovered_via"]) for row in it.rows()} == {("archive_sitemap",)}


def version(rules: int) -> int:
    from newsdesk.reading import READER_VERSION

    return READER_VERSION + rules


def test_archives_fill_days_backwards_and_again(endpoint: Endpoint, tmp_path: Path) -> None:
    discover = 'robots_sitemaps = false\narchives = ["common_crawl", "wayback"]'
    sources = write_source(tmp_path / "sources", discover=discover)
    with house(endpoint, tmp_path) as it, environment(it.settings, sources, [PAPER]):
        it.archive.troubles = {"/cdx": [429, 503], "/crawl-data": [503], "/coll": [503]}
        for day in reversed(DAYS):
            assert succeeded(run_dag("daily_news", day))
        assert it.stories() == it.printed()
        before = facts(it)
        states = run_dag("daily_news", DAYS[1])
        assert (states["publish"], states["close"]) == ("success", "success")
        assert states["signal"] == "skipped"  # no day changed
        assert facts(it) == before
        covered = {row["published_day"]: row for row in it.rows("coverage")}
        assert not any(covered[day]["complete"] for day in DAYS)  # archives prove nothing
