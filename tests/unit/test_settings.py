"""What the environment may say of archives, and what is said of what it may not."""

from __future__ import annotations

import json

import pytest

from newsdesk.errors import SettingsError
from newsdesk.settings import Settings

NEEDED = {"NEWSDESK_S3_BUCKET": "news", "NEWSDESK_CATALOG_URI": "sqlite:////tmp/catalog.db"}
OWN = {"NEWSDESK_ARCHIVES_KEY_ID": "a-key", "NEWSDESK_ARCHIVES_SECRET": "a-secret"}


def settings(archives: object = None, **more: str) -> Settings:
    said = {} if archives is None else {"NEWSDESK_ARCHIVES": json.dumps(archives)}
    return Settings.from_environment({**NEEDED, **said, **more})


def test_archives_are_the_public_ones() -> None:
    access = settings().archives
    assert (access.via, access.buckets) == ({}, {})


@pytest.mark.parametrize("address", ["s3://commoncrawl", "s3://commoncrawl/", "s3://own/a/mirror/"])
@pytest.mark.parametrize("keys", [{}, OWN, {**OWN, "NEWSDESK_ARCHIVES_ENDPOINT": "http://[::1]:1"}])
def test_common_crawls_files_may_be_had_from_a_bucket(address: str, keys: dict[str, str]) -> None:
    access = settings({"common_crawl_data": address, "wayback": "http://[::1]:2/"}, **keys).archives
    assert list(access.buckets) == ["common_crawl_data"]
    assert access.via == {"wayback": "http://[::1]:2/"}


@pytest.mark.parametrize(
    ("archives", "more", "told"),
    [
        ({"wayback": "s3://wayback"}, {}, "for common_crawl_data an s3:// one"),
        ({"common_crawl_data": "s3://"}, {}, "s3://<bucket>/<prefix>"),
        ({"common_crawl_data": "s3://key:secret@bucket"}, {}, "s3://<bucket>/<prefix>"),
        ({"the_moon": "s3://commoncrawl"}, {}, "the_moon is none of"),
        (
            {"common_crawl_data": "s3://commoncrawl"},
            {"NEWSDESK_ARCHIVES_KEY_ID": "a-key"},
            "NEWSDESK_ARCHIVES_SECRET: is not set",
        ),
        (
            {"common_crawl_data": "s3://commoncrawl"},
            {"NEWSDESK_ARCHIVES_ENDPOINT": "http://[::1]:1"},
            "NEWSDESK_ARCHIVES_KEY_ID: is not set",
        ),
    ],
)
def test_what_cannot_be_is_named(archives: dict[str, str], more: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match="NEWSDESK_ARCHIVES") as error:
        settings(archives, **more)
    assert told in str(error.value)
    assert "secret@" not in str(error.value)


def test_no_key_is_shown() -> None:
    assert "a-secret" not in repr(settings({"common_crawl_data": "s3://commoncrawl"}, **OWN))
