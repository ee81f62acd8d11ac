"""Opening and making tables; one line that names what is missing."""

from __future__ import annotations

import gc
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from contracts.at_once import at_once
from contracts.newsroom import local_warehouse
from newsdesk.errors import CatalogError, StoreError
from newsdesk.store import S3Server
from newsdesk.tables import TABLES, open_warehouse

NOWHERE = "http://127.0.0.1:9"


def opened(uri: str, endpoint: str = NOWHERE) -> None:
    open_warehouse(
        uri=uri,
        env="test",
        bucket="lake",
        server=S3Server(endpoint, access_key="key", secret_key="secret"),
    )


def test_a_table_is_made_on_first_use_with_its_properties(tmp_path: Path) -> None:
    warehouse = local_warehouse(tmp_path)
    for name in TABLES:
        table = warehouse.table(name)
        assert table.name() == ("test_news", name)
        assert table.location().endswith(f"/lake/test/tables/{name}")
        assert table.properties["write.parquet.compression-codec"] == "zstd"
        level = "9" if name in {"articles", "revisions"} else "3"
        assert table.properties["write.parquet.compression-level"] == level
        assert table.properties["commit.retry.num-retries"] == "0"
        assert table.metadata.format_version == 2
        assert table.metadata_location == warehouse.table(name).metadata_location
    key = warehouse.table("articles").schema()
    assert [key.find_column_name(i) for i in key.identifier_field_ids] == ["article_id"]
    warehouse.close()


def test_a_table_outside_the_contract_is_refused(tmp_path: Path) -> None:
    warehouse = local_warehouse(tmp_path)
    with pytest.raises(KeyError):
        warehouse.table("gossip")
    assert warehouse.existing("articles") is None
    warehouse.close()


def test_environments_that_share_a_database_never_meet(tmp_path: Path) -> None:
    dev, prod = local_warehouse(tmp_path, "dev"), local_warehouse(tmp_path, "prod")
    dev.table("articles")
    assert prod.existing("articles") is None
    assert prod.table("articles").location() != dev.table("articles").location()
    dev.close()
    prod.close()


# pyiceberg leaves the database of the one that loses open, and Python 3.13 complains of it
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_two_that_make_the_same_tables_at_once_both_end_well(tmp_path: Path) -> None:
    def use() -> list[Any]:
        with closing(local_warehouse(tmp_path)) as warehouse:
            return [warehouse.table(name).metadata.table_uuid for name in TABLES]

    found = at_once(*[use] * 4)
    assert len(found) == 4
    assert all(uuids == found[0] for uuids in found)
    gc.collect()  # now, while the complaint is let pass


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        opened(f"sqlite:///{tmp_path / 'no' / 'catalog.db'}")
    assert "no/catalog.db" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(CatalogError) as caught:
        opened("postgresql+psycopg2://desk:hunter2@127.0.0.1:9/news")
    assert "127.0.0.1:9/news" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("uri", ["", "nonsense", "oracle9i://desk:hunter2@db/x"])
def test_an_address_that_is_none_is_refused(uri: str) -> None:
    with pytest.raises(CatalogError) as caught:
        opened(uri)
    assert "hunter2" not in str(caught.value)


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="s3://lake") as caught:
        opened(f"sqlite:///{tmp_path / 'catalog.db'}")
    assert "\n" not in str(caught.value)
