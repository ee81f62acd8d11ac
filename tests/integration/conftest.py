"""Real servers for the integration tests: one SeaweedFS for all, an environment for each.

And what readers of the tables start from: six stories, published, and a DuckDB of a stranger.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.environment import environment_of
from contracts.newsroom import DAY, Newsroom, at, run_of, story
from newsdesk.connections import open_store, open_warehouse
from newsdesk.embedded import Endpoint, SeaweedFS
from newsdesk.layout import Layout
from newsdesk.settings import Settings
from newsdesk.store import S3Store

if TYPE_CHECKING:
    import duckdb

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Lake:
    """A bucket of a real server and a catalog of its own for one test."""

    endpoint: Endpoint
    settings: Settings
    store: S3Store


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with SeaweedFS(tmp_path_factory.mktemp("seaweedfs")) as running:
        yield running


@pytest.fixture
def lake(endpoint: Endpoint, tmp_path: Path) -> Lake:
    return _lake(endpoint, tmp_path)


@pytest.fixture(scope="session")
def published(
    endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lake, Newsroom]]:
    """Tables to read: six stories of three days, of which two were edited and one moved.

    So there are also files that no longer count. Tests must leave it as it is.
    """
    lake = _lake(endpoint, tmp_path_factory.mktemp("published"))
    made = Newsroom(open_warehouse(lake.settings), lake.store, Layout(lake.settings.env))
    made.send(
        run_of("a"),
        [story(n, published_at=at(DAY - dt.timedelta(days=n % 3), 8)) for n in range(6)],
    )
    later = at(DAY + dt.timedelta(days=1), 5)
    made.send(
        run_of("b"),
        [
            story(0, text="Düzeltildi: köprü açıldı. 😀", captured_at=later),
            story(1, text="Edited.", captured_at=later, published_at=at(DAY - dt.timedelta(1), 8)),
            story(2, captured_at=later, published_at=at(DAY, 9)),
        ],
    )
    yield lake, made
    made.warehouse.close()


@pytest.fixture
def room(published: tuple[Lake, Newsroom], monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """The newsroom of ``published``, and the settings by which the command line finds it."""
    lake, made = published
    for name, value in environment_of(lake.settings).items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def stranger() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the extensions that read Iceberg on S3, which knows nothing of newsdesk."""
    import duckdb

    with duckdb.connect() as db:
        for name in ("httpfs", "avro", "iceberg"):
            spec = find_spec(f"duckdb_extension_{name}")
            assert spec is not None
            folder = Path(str(spec.origin)).parent / "extensions" / f"v{duckdb.__version__}"
            db.execute(f"LOAD '{folder / name}.duckdb_extension'")
        yield db


def _lake(endpoint: Endpoint, folder: Path) -> Lake:
    settings = Settings(
        bucket=endpoint.bucket,
        catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
        server=endpoint.server,
        env=f"test{next(_numbers)}",
        contact="https://newsdesk.example/tests",
    )
    return Lake(endpoint, settings, open_store(settings))
