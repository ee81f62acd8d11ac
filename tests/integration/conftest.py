"""Real servers for the integration tests: one SeaweedFS for all, an environment for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsdesk.connections import Settings, open_store
from newsdesk.embedded import Endpoint, SeaweedFS
from newsdesk.store import S3Store

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
    settings = Settings(
        bucket=endpoint.bucket,
        catalog_uri=f"sqlite:///{tmp_path / 'catalog.db'}",
        endpoint=endpoint.url,
        region=endpoint.region,
        access_key=endpoint.access_key,
        secret_key=endpoint.secret_key,
        env=f"test{next(_numbers)}",
        contact="https://newsdesk.example/tests",
    )
    return Lake(endpoint, settings, open_store(settings))
