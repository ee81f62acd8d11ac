"""A wrong environment: one line on stderr that names its subject, exit status 2, from every side."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.environment import environment_of
from newsdesk.connections import connect
from newsdesk.embedded import free_port
from newsdesk.errors import CatalogError, StoreError
from newsdesk.settings import Settings

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration


def shell(lake: Lake, **changes: str) -> subprocess.CompletedProcess[str]:
    """``newsdesk status`` with the settings of a lake, some of them changed."""
    environment = {**environment_of(lake.settings), **changes}
    return subprocess.run(
        [sys.executable, "-m", "newsdesk", "status"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"NEWSDESK_S3_BUCKET": "nobodys"}, "s3://nobodys: the bucket does not exist"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong-secret"}, "access refused"),
        ({"NEWSDESK_CATALOG_URI": "sqlite:////nowhere/at/all/catalog.db"}, "/nowhere/at/all"),
        ({"NEWSDESK_CATALOG_URI": "no address"}, "is no address of a database"),
        ({"NEWSDESK_CATALOG_URI": ""}, "NEWSDESK_CATALOG_URI: is not set"),
        ({"NEWSDESK_PAPERS": "", "NEWSDESK_SOURCES": "/no/such/folder"}, None),
    ],
)
def test_a_wrong_setting_is_one_line(lake: Lake, changes: dict[str, str], told: str | None) -> None:
    done = shell(lake, **changes)
    if told is None:  # a setting that the command does not need is not asked about
        assert done.returncode == 1
        return
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("newsdesk: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert "wrong-secret" not in done.stderr


def test_a_database_that_is_not_there_is_named_without_its_password(lake: Lake) -> None:
    uri = f"postgresql+psycopg2://desk:hush-hush@127.0.0.1:{free_port()}/newsdesk"
    desk = connect(replace(lake.settings, catalog_uri=uri))
    with pytest.raises(CatalogError, match="the catalog cannot be opened") as caught:
        desk.open_warehouse()
    assert "127.0.0.1" in str(caught.value)
    assert "hush-hush" not in str(caught.value)


def test_a_store_without_keys_says_so(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # nobody outside is asked
    nobody = replace(lake.settings.server, access_key=None, secret_key=None)
    with pytest.raises(StoreError, match="no keys: set AWS_ACCESS_KEY_ID"):
        connect(replace(lake.settings, server=nobody))


def test_secrets_never_show_in_a_settings_repr(lake: Lake) -> None:
    settings = Settings.from_environment(
        {
            "NEWSDESK_S3_BUCKET": "papers",
            "NEWSDESK_CATALOG_URI": "postgresql://u:hush-hush@h/d",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "hush-hush",
            "AWS_SESSION_TOKEN": "hush-hush",
            "NEWSDESK_WAREHOUSE": "postgresql://u:hush-hush@h/d",
        }
    )
    assert "hush-hush" not in repr(settings)
