"""Airflow's connections stand in for settings, and lie over those of the environment."""

from __future__ import annotations

import json

import pytest

from integration import airflow_home  # noqa: F401 - Airflow's home, before Airflow is imported

pytestmark = pytest.mark.integration


def aws(key: str, **extra: str) -> str:
    connection = {"conn_type": "aws", "login": key, "password": f"secret of {key}", "extra": extra}
    return json.dumps(connection)


def test_connections_give_keys_and_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    import newsdesk_airflow

    for name, value in {
        "NEWSDESK_S3_BUCKET": "of-the-environment",
        "NEWSDESK_S3_REGION": "eu-west-1",
        "NEWSDESK_CATALOG_URI": "sqlite:////nowhere/catalog.db",
        "AWS_ACCESS_KEY_ID": "of-the-environment",
        "NEWSDESK_ARCHIVES": json.dumps({"common_crawl_data": "s3://commoncrawl"}),
        "AIRFLOW_CONN_NEWSDESK_S3": aws(
            "the desk",
            endpoint_url="http://[::1]:1",
            bucket="news",
            aws_session_token="of the desk",
        ),
        "AIRFLOW_CONN_NEWSDESK_ARCHIVES": aws("the crawl", endpoint_url="http://[::1]:2"),
        "AIRFLOW_CONN_NEWSDESK_CATALOG": "postgresql://desk:p%40ss@database/catalog",
        "AIRFLOW_CONN_NEWSDESK_WAREHOUSE": "postgres://loader:word@database/news",
    }.items():
        monkeypatch.setenv(name, value)
    found = newsdesk_airflow.settings()
    assert (found.bucket, found.server.endpoint) == ("news", "http://[::1]:1")
    assert (found.server.access_key, found.server.secret_key) == ("the desk", "secret of the desk")
    assert found.server.session_token == "of the desk"
    assert found.server.region == "eu-west-1"
    assert found.catalog_uri == "postgresql+psycopg2://desk:p%40ss@database/catalog"
    assert found.warehouse == "postgresql://loader:word@database/news"
    held = found.archives.buckets["common_crawl_data"]._store._client
    assert held.meta.endpoint_url == "http://[::1]:2"
    assert held._request_signer._credentials.access_key == "the crawl"
    assert "secret" not in repr(found)


def test_keys_of_a_connection_leave_no_token_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import newsdesk_airflow

    monkeypatch.setenv("NEWSDESK_CATALOG_URI", "sqlite:////nowhere/catalog.db")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the environment")
    monkeypatch.setenv("AIRFLOW_CONN_NEWSDESK_S3", aws("the desk", bucket="news"))
    found = newsdesk_airflow.settings()
    assert (found.server.access_key, found.server.session_token) == ("the desk", None)


def test_without_connections_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    import newsdesk_airflow

    monkeypatch.setenv("NEWSDESK_S3_BUCKET", "of-the-environment")
    monkeypatch.setenv("NEWSDESK_CATALOG_URI", "sqlite:////nowhere/catalog.db")
    found = newsdesk_airflow.settings()
    assert found.bucket == "of-the-environment"
    assert found.catalog_uri == "sqlite:////nowhere/catalog.db"
