"""What the environment may say, and what is said of what it may not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsdesk.errors import SettingsError
from newsdesk.settings import Settings

NEEDED = {"NEWSDESK_S3_BUCKET": "news", "NEWSDESK_CATALOG_URI": "sqlite:////tmp/catalog.db"}
NAMES = re.findall(
    r"`((?:NEWSDESK|AWS)_[A-Z0-9_]+)`",
    (Path(__file__).resolve().parents[2] / "docs/settings.md").read_text("utf-8"),
)
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
            "NEWSDESK_ARCHIVES_SECRET: is not set, but NEWSDESK_ARCHIVES_KEY_ID is",
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


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("NEWSDESK_S3_BUCKET", "Bad_Bucket!", "'Bad_Bucket!' is no name of a bucket"),
        ("NEWSDESK_S3_ENDPOINT", "s3.example.com", "expected an http(s) address"),
        ("NEWSDESK_S3_ENDPOINT", "https://me:word@s3.example.com", "without credentials"),
        ("NEWSDESK_ENV", "Bad Env", "lower-case letters"),
        (
            "NEWSDESK_FETCH_VIA",
            '{"daily_sabah": "foo"}',
            "daily_sabah: expected an http(s) address",
        ),
        ("NEWSDESK_ARCHIVES_KEY_ID", "key", "NEWSDESK_ARCHIVES_SECRET: is not set"),
        ("NEWSDESK_HOST_REQUESTS", "many", "is no number above 0"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(**{name: value})
    assert told in str(error.value)
    assert name in str(error.value)
    assert "word" not in str(error.value).replace("key", "")


@pytest.mark.parametrize("given", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_half_of_the_keys_names_the_other_half(given: str) -> None:
    with pytest.raises(SettingsError, match=f"is not set, but {given} is"):
        settings(**{given: "x"})


def test_temporary_keys_have_their_token_and_none_is_left_over() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert settings(**keys, AWS_SESSION_TOKEN="token").server.session_token == "token"
    assert settings(AWS_SESSION_TOKEN="token").server.session_token is None  # boto3 finds all three
    assert "token" not in repr(settings(**keys, AWS_SESSION_TOKEN="token")).replace(
        "session_token", ""
    )


def test_empty_is_not_set() -> None:
    every = {name: "" for name in NAMES}
    assert Settings.from_environment({**every, **NEEDED}) == Settings.from_environment(NEEDED)


def test_lists_may_have_blanks() -> None:
    found = settings(NEWSDESK_SOURCES="/a: /b:", NEWSDESK_PAPERS=" one, two,")
    assert [str(folder) for folder in found.source_folders[1:]] == ["/a", "/b"]
    assert found.papers == ("one", "two")
