"""The tables that hold what runs did: refusals, fates, checks, completeness."""

from __future__ import annotations

import pyarrow as pa

from newsdesk.tables.schema.shape import TIMESTAMP, Column, Partition, TableShape
from newsdesk.tables.schema.stories import capture

_RUN_ID = Column("run_id", pa.string(), "The run.", "scheduled__2026-01-16T00:00:00")
_RUN_DAY = Column("run_day", pa.date32(), "The UTC day that the run worked for.", "2026-01-15")
_SOURCE = Column("source", pa.string(), "Name of the paper.", "daily_sabah")
_URL = Column("url", pa.string(), "The address.", "https://www.example.com/world/a-bridge-opens")
_RECORDED = Column(
    "recorded_at", TIMESTAMP, "When it was written here, UTC.", "2026-01-16 00:12:30+00"
)
_STATUS = Column(
    "http_status", pa.int32(), "HTTP status of the answer.", "200", "when nobody answered"
)

REJECTED = TableShape(
    name="rejected",
    doc="A capture or a row that was refused.",
    written_by="Append of absent keys.",
    key=("source", "url", "captured_at", "capture.digest", "reason", "reader_version"),
    partition=Partition("captured_at", "day"),
    columns=(
        _SOURCE,
        _URL,
        Column(
            "captured_at", TIMESTAMP, "When the page was fetched, UTC.", "2026-01-16 00:05:42+00"
        ),
        capture("when the page was handed in from elsewhere"),
        Column(
            "reason",
            pa.string(),
            "Reason code of the reader, or check:<expectation>(<column>).",
            "consent_wall",
        ),
        Column(
            "evidence",
            pa.string(),
            "What was seen, at most 300 characters, never a body.",
            "title: Before you continue",
            "when the code says it all",
        ),
        _STATUS,
        Column(
            "headline", pa.string(), "Headline, if one was read.", "A bridge opens", "if not read"
        ),
        Column(
            "published_at",
            TIMESTAMP,
            "Publication time (UTC), if one was read.",
            "2026-01-15 08:30:00+00",
            "if not read",
        ),
        _RUN_DAY,
        Column("reader_version", pa.int32(), "Version of the reader; only grows.", "1"),
        _RUN_ID,
        _RECORDED,
    ),
    sort=("source", "url", "captured_at"),
)

LEDGER = TableShape(
    name="ledger",
    doc="What a run did with one URL.",
    written_by="Once per run, last; a repetition of the run replaces its rows.",
    key=("run_id", "source", "url"),
    partition=Partition("run_day", "day"),
    columns=(
        _RUN_ID,
        _RUN_DAY,
        _SOURCE,
        _URL,
        Column("article_id", pa.string(), "The story.", "5d41402abc4b2a76b9719d911017c592"),
        Column(
            "fate",
            pa.string(),
            "published: its version stood in articles by this run; unchanged: nothing newer; "
            "blocked: waits for its day to pass; rejected: no story; refused: robots or the guard; "
            "failed: may be tried again; missing: gone at the publisher.",
            "published",
        ),
        Column("reason", pa.string(), "A code beside the fate.", "http_404", "when there is none"),
        Column(
            "discovered_via",
            pa.string(),
            "How this run knew of it, sorted.",
            "[look]",
            None,
            "list",
        ),
        _STATUS,
        Column("bytes", pa.int64(), "Bytes received.", "48213"),
        Column("seconds", pa.float64(), "Wall time of the last try, seconds.", "0.41"),
        Column("attempts", pa.int32(), "Tries made; 0 when it was not fetched.", "1"),
        capture("when no response was landed"),
        Column(
            "published_day",
            pa.date32(),
            "UTC day the story belongs to: as read, else as hinted, else the run day.",
            "2026-01-15",
        ),
        Column(
            "visited_at",
            TIMESTAMP,
            "When it was asked for, UTC.",
            "2026-01-16 00:05:42+00",
            "when it was not fetched",
        ),
        _RECORDED,
    ),
    sort=("source", "url"),
)

CHECKS = TableShape(
    name="checks",
    doc="One expectation in one run.",
    written_by="Like the ledger: a repetition of the run replaces its rows.",
    key=("run_id", "source", "published_day", "expectation"),
    partition=Partition("run_day", "day"),
    columns=(
        _RUN_ID,
        _RUN_DAY,
        _SOURCE,
        Column(
            "published_day",
            pa.date32(),
            "The day that was judged.",
            "2026-01-15",
            "when staged rows were judged, not a day",
        ),
        Column("expectation", pa.string(), "Name and column.", "not_null(published_at)"),
        Column("severity", pa.string(), "critical, warning or info.", "critical"),
        Column(
            "outcome",
            pa.string(),
            "passed, failed or not_evaluated (it raised).",
            "passed",
        ),
        Column("observed", pa.string(), "What was seen, JSON.", '{"nulls": 0}'),
        Column("expected", pa.string(), "What was asked for, JSON.", '{"nulls": 0}'),
        Column("rows", pa.int64(), "Rows looked at.", "212"),
        Column("failing", pa.int64(), "Rows that failed.", "0"),
        Column(
            "docs",
            pa.string(),
            "Address of the run's Data Docs.",
            "s3://…/index.html",
            "when none were written",
        ),
    ),
    sort=("source", "published_day", "expectation"),
)

COVERAGE = TableShape(
    name="coverage",
    doc="How complete one day of one paper is.",
    written_by="Rebuilt from looks, ledger and tables for the days a run touched.",
    key=("source", "published_day"),
    partition=Partition("published_day", "month"),
    columns=(
        _SOURCE,
        Column("published_day", pa.date32(), "The UTC day.", "2026-01-15"),
        Column("expected", pa.int64(), "Distinct stories known to belong to it.", "230"),
        Column("fetched", pa.int64(), "Of those, stories of which a page was landed.", "226"),
        Column("published", pa.int64(), "Rows in articles.", "221"),
        Column("rejected", pa.int64(), "Stories refused by reader or checks.", "5"),
        Column(
            "missing",
            pa.int64(),
            "Stories that no run could get: gone, forbidden, failed or not yet tried.",
            "4",
        ),
        Column(
            "gap_from",
            TIMESTAMP,
            "Start (UTC) of what nobody watched.",
            "2026-01-15 03:00:00+00",
            "when all of the day was watched or listed",
        ),
        Column(
            "gap_to",
            TIMESTAMP,
            "End (UTC) of what nobody watched.",
            "2026-01-15 07:30:00+00",
            "when all of the day was watched or listed",
        ),
        Column(
            "verdict",
            pa.string(),
            "passed; failed: rows of it wait; not_evaluated: no check has judged it, or one raised; "
            "released: published by hand though it failed.",
            "passed",
        ),
        Column(
            "complete",
            pa.bool_(),
            "No gap, nothing waits, and no story is left that another try could get.",
            "true",
        ),
        Column(
            "updated_at", TIMESTAMP, "When any of this last changed, UTC.", "2026-01-16 00:12:30+00"
        ),
    ),
    sort=("source", "published_day"),
)
