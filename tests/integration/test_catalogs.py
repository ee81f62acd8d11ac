"""Catalogs that pyiceberg's own configuration describes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyiceberg.catalog
import pytest
from pyiceberg.utils.config import Config

from contracts.newsroom import Newsroom, run_of, story
from newsdesk.connections import open_warehouse
from newsdesk.errors import CatalogError
from newsdesk.layout import Layout

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration


def configured(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    """As if the variables had been there when the process started."""
    for name, value in settings.items():
        monkeypatch.setenv(f"PYICEBERG_CATALOG__SHARED__{name}", value)
    monkeypatch.setattr(pyiceberg.catalog, "_ENV_CONFIG", Config())


def test_a_catalog_by_its_name(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(
        monkeypatch,
        TYPE="sql",
        URI=f"sqlite:///{tmp_path / 'shared.db'}",
        WAREHOUSE="s3://somewhere-else",
    )
    settings = replace(lake.settings, catalog_uri="pyiceberg:shared")
    room = Newsroom(open_warehouse(settings), lake.store, Layout(settings.env))
    assert room.send(run_of("a"), [story(1)]).counts["articles"] == 1
    assert len(room.rows()) == 1
    location = room.warehouse.table("articles").location()
    assert location == f"s3://{settings.bucket}/{settings.env}/tables/articles"
    assert (tmp_path / "shared.db").exists()
    room.warehouse.close()


def test_a_catalog_that_nobody_configured(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch)
    with pytest.raises(CatalogError, match="^pyiceberg:shared: pyiceberg's configuration descr"):
        open_warehouse(replace(lake.settings, catalog_uri="pyiceberg:shared"))


def test_a_catalog_that_does_not_answer(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(monkeypatch, TYPE="rest", URI="http://127.0.0.1:9")
    with pytest.raises(CatalogError, match="^pyiceberg:shared: the catalog cannot be opened") as it:
        open_warehouse(replace(lake.settings, catalog_uri="pyiceberg:shared"))
    assert "\n" not in str(it.value)
