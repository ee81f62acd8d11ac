"""The tables that hold stories: as they stand, as they were, and where they have been."""

from __future__ import annotations

import pyarrow as pa

from newsdesk.tables.schema.shape import TIMESTAMP, Column, Partition, TableShape

INDEX_BUCKETS = 4
"""Buckets of a new index: a run that meets all of them writes one small file in each, which are
requests to pay for; more buckets would only help who looks for a handful of stories."""


def capture(null: str) -> Column:
    """Where a landed response lies: the same struct in every table that points at one."""
    return Column(
        "capture",
        pa.null(),
        "Where the response that was read is landed.",
        "{dev/raw/2026-01-15/1f0c…/0000-0000.warc.gz, 51234, 20480, x'9a3f…'}",
        null,
        "struct",
        (
            Column(
                "key", pa.string(), "Key of the WARC file in the bucket.", "dev/raw/2026-01-15/…"
            ),
            Column("offset", pa.int64(), "Offset of the record in that file, bytes.", "51234"),
            Column("length", pa.int64(), "Length of the record's gzip member, bytes.", "20480"),
            Column("digest", pa.binary(), "SHA-256 of the body as received, 32 bytes.", "x'9a3f…'"),
        ),
    )


_BYLINE = (
    Column("name", pa.string(), "The name as printed, without “by”.", "Selin Kara"),
    Column("kind", pa.string(), "person, agency, desk or outlet.", "person"),
    Column(
        "role", pa.string(), "What stands beside the name.", "Photo", "when nothing stands there"
    ),
)

_DATELINE = (
    Column("place", pa.string(), "The place in ordinary case.", "Ankara"),
    Column("raw", pa.string(), "The place as printed.", "ANKARA"),
    Column("agency", pa.string(), "The agency that it names.", "Anadolu Agency", "if none"),
)

_IMAGE = (
    Column("url", pa.string(), "Canonical address of the picture.", "https://i.example/1.jpg"),
    Column("caption", pa.string(), "Caption without the credit.", "The bridge at dawn.", "if none"),
    Column("credit", pa.string(), "Who made or owns the picture.", "AA Photo", "if none"),
)

_ARTICLE_COLUMNS = (
    Column(
        "article_id",
        pa.string(),
        "The story, whatever address it has: 32 hex digits, the first 16 bytes of SHA-256 over "
        "source, a newline and the canonical key of its address.",
        "5d41402abc4b2a76b9719d911017c592",
    ),
    Column(
        "source", pa.string(), "Name of the paper, as its source file is called.", "daily_sabah"
    ),
    Column("edition", pa.string(), "Language edition of the paper.", "en", "if the paper has none"),
    Column(
        "url",
        pa.string(),
        "The address that was fetched, without fragment and tracking parameters.",
        "https://www.example.com/world/a-bridge-opens",
    ),
    Column(
        "canonical_url",
        pa.string(),
        "The address to show: the paper's own host, no AMP, no tracking.",
        "https://www.example.com/world/a-bridge-opens",
    ),
    Column("language", pa.string(), "Language of the text, ISO 639-1.", "en", "when unknown"),
    Column("section", pa.string(), "Section as the paper names it.", "World", "when unknown"),
    Column("subsection", pa.string(), "Section within it.", "Asia Pacific", "when there is none"),
    Column("article_type", pa.string(), "news, opinion, gallery, video or live.", "news"),
    Column("headline", pa.string(), "Headline as printed on the page.", "A bridge opens"),
    Column(
        "summary", pa.string(), "Standfirst or teaser.", "Ten years late.", "when there is none"
    ),
    Column(
        "bylines",
        pa.null(),
        "Who signed, in printed order; empty when nobody did.",
        "[{Selin Kara, person, NULL}, {AA, agency, NULL}]",
        None,
        "list",
        _BYLINE,
    ),
    Column(
        "byline_raw",
        pa.string(),
        "Byline as printed.",
        "BY SELIN KARA WITH AA",
        "if none is printed",
    ),
    Column(
        "dateline",
        pa.null(),
        "Where the story was filed.",
        "{Ankara, ANKARA, Anadolu Agency}",
        "when none is printed",
        "struct",
        _DATELINE,
    ),
    Column(
        "published_at",
        TIMESTAMP,
        "Instant of first publication as the paper states it, UTC. A date without a time is "
        "local noon, with precision day.",
        "2026-01-15 08:30:00+00",
    ),
    Column(
        "published_at_offset",
        pa.int32(),
        "Offset from UTC of its printed time, minutes east: the printed one, or the paper's own "
        "where none was printed.",
        "180",
        "when only a day was printed",
    ),
    Column("published_at_precision", pa.string(), "second, minute or day.", "minute"),
    Column(
        "published_day_local", pa.date32(), "The day of it in the paper's own zone.", "2026-01-15"
    ),
    Column(
        "modified_at",
        TIMESTAMP,
        "Last change that the paper states, UTC.",
        "2026-01-15 11:02:00+00",
        "when the paper states none",
    ),
    Column(
        "withdrawn_at",
        TIMESTAMP,
        "Least time (UTC) at which the publisher said it is gone.",
        "2026-02-01 00:10:00+00",
        "while it can be read at the publisher",
    ),
    Column(
        "body",
        pa.string(),
        "The text: paragraphs joined by blank lines.",
        "The bridge opened on Thursday.\\n\\nIt had been …",
        "when the source forbids keeping bodies",
    ),
    Column("paragraphs", pa.int32(), "Paragraphs of the body.", "12"),
    Column("word_count", pa.int32(), "Words of the body.", "431"),
    Column(
        "lead_image",
        pa.null(),
        "The picture of the story.",
        "{https://i.example/1.jpg, The bridge at dawn., AA Photo}",
        "when it has none",
        "struct",
        _IMAGE,
    ),
    Column(
        "topics",
        pa.string(),
        "Topics the paper filed it under; may be empty.",
        "[Infrastructure]",
        None,
        "list",
    ),
    Column(
        "keywords",
        pa.string(),
        "Keywords of the page; may be empty.",
        "[bridge, ferry]",
        None,
        "list",
    ),
    Column("access", pa.string(), "free, paywalled or unknown.", "free"),
    Column(
        "text_simhash",
        pa.binary(),
        "64-bit simhash over word shingles, 8 bytes: near-duplicates differ in few bits.",
        "x'8f14e45fceea167a'",
        "when there is no text",
    ),
    Column(
        "content_hash",
        pa.binary(),
        "SHA-256 over what an editor changes (headline, summary, body, bylines, published_at, "
        "lead image), 32 bytes.",
        "x'2c26b46b…'",
    ),
    Column(
        "first_seen_at",
        TIMESTAMP,
        "Least time (UTC) at which a feed, a sitemap or a capture of ours showed it.",
        "2026-01-15 08:40:11+00",
    ),
    Column(
        "captured_at", TIMESTAMP, "When this version was fetched, UTC.", "2026-01-16 00:05:42+00"
    ),
    capture("when the page was handed in from elsewhere"),
    Column(
        "discovered_via",
        pa.string(),
        "Every way it became known, sorted: look, news_sitemap, archive_sitemap, landed, cc_news, "
        "common_crawl, wayback, given.",
        "[look, news_sitemap]",
        None,
        "list",
    ),
    Column(
        "field_rules",
        pa.string(),
        "Which rule of the reader gave each field; and, where it is so, published_at_zone: source "
        "(the page prints no zone) and published_at_differs (who else gives another time, and "
        "which).",
        "{headline: json_ld, published_at: meta}",
        None,
        "map",
    ),
    Column(
        "reader_version",
        pa.int32(),
        "Version of the reader and the paper's rules; only grows.",
        "1",
    ),
    Column("run_id", pa.string(), "Run that read this version.", "scheduled__2026-01-16T00:00:00"),
)

ARTICLES = TableShape(
    name="articles",
    doc="A story as it stands now.",
    written_by="Merge: the greatest (captured_at, reader_version, content_hash) wins; one row per "
    "story even when its date moves. Whole days are rewritten, in one commit per run.",
    key=("article_id",),
    partition=Partition("published_at", "day"),
    columns=_ARTICLE_COLUMNS,
    sort=("published_at", "article_id"),
)

REVISIONS = TableShape(
    name="revisions",
    doc="One version of a story as read.",
    written_by="Append of absent keys; of a capture that several runs publish, the least "
    "`first_seen_at` and every way of `discovered_via`.",
    key=("article_id", "captured_at", "capture.digest", "reader_version"),
    partition=Partition("captured_at", "day"),
    columns=(
        *_ARTICLE_COLUMNS,
        Column("kind", pa.string(), "capture, reread, withdrawn or tombstone.", "capture"),
        Column(
            "recorded_at",
            TIMESTAMP,
            "When it was first written here, UTC: what we knew when.",
            "2026-01-16 00:12:30+00",
        ),
    ),
    sort=("captured_at", "article_id"),
)

ARTICLE_DAYS = TableShape(
    name="article_days",
    doc="An index: a day on which a copy of a story is or was.",
    written_by="Add only, before the commit of `articles`; a crash leaves a harmless superset.",
    key=("article_id", "published_day"),
    partition=Partition("article_id", "bucket", INDEX_BUCKETS),
    columns=(
        Column("article_id", pa.string(), "The story.", "5d41402abc4b2a76b9719d911017c592"),
        Column("published_day", pa.date32(), "UTC date of its published_at then.", "2026-01-15"),
    ),
    sort=("article_id", "published_day"),
)
