"""The news crawl and Common Crawl's records from a bucket: the same pages as over HTTP."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from contracts.archives import Archive, crawl_of, serving
from contracts.environment import environment_of
from newsdesk.connections import connect, open_store
from newsdesk.discover.landed import read_landed
from newsdesk.errors import FetchError
from newsdesk.landing import iter_captures
from newsdesk.settings import Settings
from newsdesk.steps import Desk, harvest, harvest_files

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

DAY = dt.date(2024, 3, 1)
FILES = ("CC-NEWS-20240301060000-00001", "CC-NEWS-20240301180000-00002")


@pytest.fixture
def archive() -> Iterator[Archive]:
    """The demo paper's day in two files of the news crawl, the second captures later."""
    made = Archive()
    for number, file in enumerate(FILES):
        made.add_news(file, crawl_of([DAY], dt.timedelta(hours=20 + number)))
    with serving(made) as running:
        yield running


@pytest.fixture
def mirror(lake: Lake, archive: Archive) -> str:
    """The same files in another bucket of the same server."""
    name = f"commoncrawl-{lake.settings.env}"
    client = boto3.client(
        "s3",
        endpoint_url=lake.endpoint.url,
        region_name=lake.endpoint.region,
        aws_access_key_id=lake.endpoint.access_key,
        aws_secret_access_key=lake.endpoint.secret_key,
    )
    client.create_bucket(Bucket=name)
    listed = "crawl-data/CC-NEWS/2024/03/warc.paths.gz"
    for path, body in {**archive.files, listed: archive.answer(f"/{listed}", None).body}.items():
        client.put_object(Bucket=name, Key=f"copy/{path}", Body=body)
    return f"s3://{name}/copy"


def desk(lake: Lake, archives: Mapping[str, str], env: str, **more: str) -> Desk:
    environ = {
        **environment_of(lake.settings),
        "NEWSDESK_ENV": f"{lake.settings.env}-{env}",
        "NEWSDESK_PAPERS": "demo_paper",
        "NEWSDESK_ARCHIVES": json.dumps(archives),
        "NEWSDESK_ARCHIVE_PACE": "0",
        **more,
    }
    return connect(Settings.from_environment(environ))


def harvested(it: Desk) -> dict[str, Any]:
    """What a harvest of the day comes to: its counts, and every page by its address and time."""
    files = [file for batch in harvest_files(it, DAY, DAY)["batches"] for file in batch]
    counts = [harvest(it, file) for file in files]
    pages = {}
    for capture in read_landed(it.store, it.layout, DAY, "run"):
        assert capture.ref is not None
        found = dict(iter_captures(it.store.get(capture.ref.key), capture.ref.key))
        response = found[capture.ref]
        pages[capture.link.url, response.received_at] = (response.body, response.archive_url)
    return {"files": files, "counts": counts, "pages": pages}


def test_a_harvest_from_a_bucket_is_that_over_http(
    lake: Lake, archive: Archive, mirror: str
) -> None:
    over_http = harvested(desk(lake, {"common_crawl_data": archive.address}, "http"))
    assert len(over_http["files"]) == len(FILES)
    assert over_http["pages"]
    asked = len(archive.asked)
    assert harvested(desk(lake, {"common_crawl_data": mirror}, "s3")) == over_http
    assert len(archive.asked) == asked


def test_a_bucket_may_have_keys_of_its_own(lake: Lake, mirror: str) -> None:
    own = {
        "NEWSDESK_ARCHIVES_ENDPOINT": lake.endpoint.url,
        "NEWSDESK_ARCHIVES_KEY_ID": lake.endpoint.access_key,
        "NEWSDESK_ARCHIVES_SECRET": "wrong",
    }
    with pytest.raises(FetchError, match="access refused"):
        harvest_files(desk(lake, {"common_crawl_data": mirror}, "own", **own), DAY, DAY)
    own["NEWSDESK_ARCHIVES_SECRET"] = lake.endpoint.secret_key
    found = harvest_files(desk(lake, {"common_crawl_data": mirror}, "own", **own), DAY, DAY)
    assert len(found["batches"]) == len(FILES)
    open_store(lake.settings)  # the warehouse's own are what they were


def test_a_bucket_that_is_not_there_is_named(lake: Lake) -> None:
    with pytest.raises(FetchError, match="s3://nobodys: the bucket does not exist"):
        harvest_files(desk(lake, {"common_crawl_data": "s3://nobodys"}, "none"), DAY, DAY)
