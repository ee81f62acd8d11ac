"""The recipes of docs/consumers.md, run as they are printed there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from contracts.newsroom import Newsroom
from newsdesk.__main__ import main

if TYPE_CHECKING:
    import duckdb

    from conftest import Lake

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[2] / "docs" / "consumers.md"
QUESTION = """
SELECT epoch_us(published_at) AS at, headline, len(bylines) AS signed FROM news.articles
WHERE published_at >= '2026-01-15T00:00:00Z' AND published_at < '2026-01-16T00:00:00Z'
ORDER BY published_at, headline
"""


def recipes() -> dict[str, str]:
    """What the page prints for each engine that it says is run."""
    return _blocks("Reading without our catalog", "Not run")


def _blocks(first: str, last: str) -> dict[str, str]:
    part = PAGE.read_text().partition(f"\n## {first}\n")[2].partition(f"\n## {last}\n")[0]
    found = re.findall(
        r"^### (.+?)$.*?^```(?:sql|python)$\n(.*?)^```$", part, re.MULTILINE | re.DOTALL
    )
    return dict(found)


@pytest.fixture
def lake(published: tuple[Lake, Newsroom]) -> Lake:
    return published[0]


@pytest.fixture
def printed(lake: Lake, room: Newsroom) -> Callable[[str], str]:
    """A recipe with a reader's own bucket, address and keys in the places of the page's."""
    own = {
        "news/prod/": f"{lake.endpoint.bucket}/{lake.settings.env}/",
        "https://s3.example.com": lake.endpoint.url,
        "s3.example.com": urlsplit(lake.endpoint.url).netloc,
        "USE_SSL true": "USE_SSL false",
        "<key>": lake.endpoint.access_key,
        "<secret>": lake.endpoint.secret_key,
    }

    def recipe(name: str) -> str:
        text = {**recipes(), **_blocks("Without Iceberg: `export_hive`", "")}[name]
        for theirs, mine in own.items():
            text = text.replace(theirs, mine)
        return text

    return recipe


@pytest.fixture
def answer(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> list[tuple[int, str, int]]:
    """What `newsdesk query` says: stories of a day that two runs have written."""
    assert main(["query", "--json", QUESTION]) == 0
    rows = [tuple(json.loads(line).values()) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 3
    return rows


def microseconds(at: Any) -> int:
    return round(at.timestamp() * 1_000_000)


def python(text: str) -> Any:
    told: dict[str, Any] = {}
    exec(compile(text, str(PAGE), "exec"), told)  # noqa: S102  # the page's own code is what is tested
    return told["stories"]


def test_every_recipe_has_its_test() -> None:
    assert set(recipes()) == {"DuckDB", "ClickHouse", "pyarrow", "Polars", "Daft"}


def test_duckdb(
    printed: Callable[[str], str],
    answer: list[tuple[int, str, int]],
    stranger: duckdb.DuckDBPyConnection,
) -> None:
    rows = stranger.execute(printed("DuckDB")).fetchall()
    assert [(microseconds(at), headline, signed) for at, headline, signed in rows] == answer


def test_duckdb_without_iceberg(
    printed: Callable[[str], str],
    answer: list[tuple[int, str, int]],
    stranger: duckdb.DuckDBPyConnection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export = ["export", "--from", "2026-01-15", "--to", "2026-01-16"]
    assert main(export) == 0
    assert capsys.readouterr().out.startswith("2026-01-15: 3 stories, ")
    rows = stranger.execute(printed("DuckDB without Iceberg")).fetchall()
    assert [(microseconds(at), headline, signed) for at, headline, signed in rows] == answer
    assert main(export) == 0
    assert capsys.readouterr().out == "2026-01-15: 3 stories, unchanged\n"
    assert main(["export", "--from", "2026-01-16", "--to", "2026-01-15"]) == 2
    assert capsys.readouterr().err == "newsdesk: 2026-01-16 to 2026-01-15: holds no day\n"


def test_clickhouse(printed: Callable[[str], str], answer: list[tuple[int, str, int]]) -> None:
    import chdb

    told = str(chdb.query(printed("ClickHouse"), "CSV")).splitlines()
    assert [line.rsplit(",", 2)[1:] for line in told] == [
        [f'"{headline}"', str(signed)] for _, headline, signed in answer
    ]
    assert all(line.startswith('"2026-01-15 ') for line in told)


def test_pyarrow(printed: Callable[[str], str], answer: list[tuple[int, str, int]]) -> None:
    rows = python(printed("pyarrow")).to_pylist()
    found = [(microseconds(r["published_at"]), r["headline"], len(r["bylines"])) for r in rows]
    assert found == answer


def test_polars(
    printed: Callable[[str], str],
    answer: list[tuple[int, str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLARS_ICEBERG_PLANNER", "pyiceberg")
    rows = python(printed("Polars")).rows()
    assert [(microseconds(at), headline, signed) for at, headline, signed in rows] == answer


def test_daft(
    printed: Callable[[str], str],
    answer: list[tuple[int, str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DO_NOT_TRACK", "true")
    rows = python(printed("Daft")).to_pylist()
    found = [(microseconds(r["published_at"]), r["headline"], r["signed"]) for r in rows]
    assert found == answer
