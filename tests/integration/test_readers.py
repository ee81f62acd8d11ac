"""Readers that are not ours, through S3 alone, see the rows that ``newsdesk query`` shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb
import pyarrow.fs
import pyarrow.parquet
import pytest

from contracts.newsroom import Newsroom
from newsdesk.__main__ import main
from newsdesk.layout import Layout

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = pytest.mark.integration

COLUMNS = (
    "article_id",
    "published_at",
    "day",
    "headline",
    "body",
    "first_byline",
    "bylines",
    "content_hash",
    "rule",
    "offset",
    "modified_at",
)
DUCKDB_SQL = """
SELECT article_id, epoch_us(published_at) AS published_at, published_day_local AS day, headline,
       body, bylines[1].name AS first_byline, len(bylines) AS bylines,
       lower(hex(content_hash)) AS content_hash, field_rules['headline'] AS rule,
       capture."offset" AS "offset", modified_at
FROM {articles} ORDER BY article_id
"""
CHDB_SQL = """
SELECT article_id, toUnixTimestamp64Micro(published_at) AS published_at,
       published_day_local AS day, headline, body, a.bylines[1].name AS first_byline,
       length(a.bylines) AS bylines, lower(hex(a.content_hash)) AS content_hash,
       field_rules['headline'] AS rule, capture.offset AS offset, modified_at
FROM icebergS3('{url}', '{key}', '{secret}') AS a ORDER BY article_id
SETTINGS output_format_json_quote_64bit_integers = 0
"""


@pytest.fixture
def lake(published: tuple[Lake, Newsroom]) -> Lake:
    return published[0]


@pytest.fixture
def ours(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What `newsdesk query` says."""
    assert main(["query", "--json", DUCKDB_SQL.format(articles="news.articles")]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 6
    assert tuple(rows[0]) == COLUMNS
    return rows


@pytest.fixture
def plain(stranger: duckdb.DuckDBPyConnection, lake: Lake) -> duckdb.DuckDBPyConnection:
    """A DuckDB that knows the bucket and where the pointer is, and nothing of newsdesk."""
    stranger.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{lake.endpoint.access_key}', "
        f"SECRET '{lake.endpoint.secret_key}', REGION '{lake.endpoint.region}', "
        f"ENDPOINT '{urlsplit(lake.endpoint.url).netloc}', USE_SSL false, URL_STYLE 'path')"
    )
    pointer = f"s3://{lake.endpoint.bucket}/{Layout(lake.settings.env).current('articles')}"
    location = f"SELECT metadata_location FROM read_json('{pointer}')"  # noqa: S608  # our own key
    stranger.execute(f"SET VARIABLE articles = ({location})")
    return stranger


def test_duckdb_that_follows_the_pointer(
    ours: list[dict[str, Any]], plain: duckdb.DuckDBPyConnection
) -> None:
    sql = DUCKDB_SQL.format(articles="iceberg_scan(getvariable('articles'))")
    rows = plain.execute(sql).fetchall()
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert [{**row, "day": str(row["day"])} for row in found] == ours


def test_chdb(ours: list[dict[str, Any]], lake: Lake) -> None:
    import chdb

    url = (
        f"{lake.endpoint.url}/{lake.endpoint.bucket}/{Layout(lake.settings.env).table('articles')}/"
    )
    told = chdb.query(
        CHDB_SQL.format(url=url, key=lake.endpoint.access_key, secret=lake.endpoint.secret_key),
        "JSONEachRow",
    )
    assert [json.loads(line) for line in str(told).splitlines()] == ours


def test_pyarrow_that_reads_the_files_named_by_the_metadata(
    ours: list[dict[str, Any]], plain: duckdb.DuckDBPyConnection, lake: Lake
) -> None:
    live = plain.execute(
        "SELECT file_path FROM iceberg_metadata(getvariable('articles')) "
        "WHERE manifest_content = 'DATA' AND status <> 'DELETED'"
    ).fetchall()
    store = pyarrow.fs.S3FileSystem(
        access_key=lake.endpoint.access_key,
        secret_key=lake.endpoint.secret_key,
        scheme="http",
        endpoint_override=urlsplit(lake.endpoint.url).netloc,
    )
    rows = [
        row
        for (path,) in live
        for row in pyarrow.parquet.read_table(
            path.removeprefix("s3://"), filesystem=store, partitioning=None
        ).to_pylist()
    ]
    found = [
        {
            "article_id": row["article_id"],
            "published_at": round(row["published_at"].timestamp() * 1_000_000),
            "day": str(row["published_day_local"]),
            "headline": row["headline"],
            "body": row["body"],
            "first_byline": row["bylines"][0]["name"],
            "bylines": len(row["bylines"]),
            "content_hash": row["content_hash"].hex(),
            "rule": dict(row["field_rules"])["headline"],
            "offset": row["capture"]["offset"],
            "modified_at": row["modified_at"],
        }
        for row in sorted(rows, key=lambda row: str(row["article_id"]))
    ]
    assert found == ours


def test_listing_the_files_instead_reads_what_no_longer_counts(
    ours: list[dict[str, Any]], plain: duckdb.DuckDBPyConnection, lake: Lake
) -> None:
    folder = f"s3://{lake.endpoint.bucket}/{Layout(lake.settings.env).table('articles')}/data"
    ((count,),) = plain.execute(f"SELECT count(*) FROM '{folder}/**/*.parquet'").fetchall()  # noqa: S608  # our own key
    assert count > len(ours)


# The command line, end to end


def test_status(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    assert "harbour_post" in capsys.readouterr().out
    assert main(["status", "--json", "--from", "2026-01-12", "--to", "2026-01-15"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["published_day"], row["published"], row["verdict"]) for row in rows] == [
        ("2026-01-12", None, "unknown"),
        ("2026-01-13", 1, "passed"),
        ("2026-01-14", 2, "passed"),
        ("2026-01-15", 3, "passed"),
    ]
    assert rows[-1]["complete"]
    assert rows[0]["gap_from"] == "2026-01-12T00:00:00+00:00"


def test_status_of_nothing_is_a_bad_answer(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSDESK_ENV", "nobody")
    assert main(["status"]) == 1
    assert "nobody: nothing has been published yet" in capsys.readouterr().out


def test_query_as_a_table_and_as_csv(room: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT source, count(*) AS stories FROM news.articles GROUP BY ALL"
    assert main(["query", sql]) == 0
    assert "1 row" in capsys.readouterr().out
    assert main(["query", "--csv", sql]) == 0
    assert capsys.readouterr().out == "source,stories\r\nharbour_post,6\r\n"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM news.nothing", "newsdesk: query: Catalog Error: Table with name nothing"),
        ("DROP TABLE news.articles", "newsdesk: query: one SELECT is expected"),
        ("FROM read_text('s3://newsdesk/x')", "newsdesk: query: Permission Error: "),
        ("COPY (SELECT 1) TO 's3://newsdesk/x'", "newsdesk: query: one SELECT is expected"),
    ],
)
def test_a_query_that_cannot_be_answered(
    room: Newsroom, capsys: pytest.CaptureFixture[str], sql: str, said: str
) -> None:
    assert main(["query", sql]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_no_answer_holds_the_secret(
    room: Newsroom, lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    for sql in (
        "FROM duckdb_secrets()",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_logs()",
        "SELECT nothing FROM duckdb_secrets()",
    ):
        main(["query", "--json", sql])
    told = capsys.readouterr()
    assert "redacted" in told.out
    assert lake.endpoint.secret_key not in told.out + told.err
