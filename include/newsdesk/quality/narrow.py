"""What the checks look at: lengths, flags, dates and names, never bodies.

A hundred thousand stories with bodies are half a gigabyte; their narrow rows are a twentieth of
it, and no sentence of a story ends in a report of the checks.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

HEADLINE_KEPT = 300
"""Characters of a headline that are kept, to tell stories apart."""

WRITTEN = ("news", "opinion", "live")
"""Types of stories that are a text: a gallery or a video may have no body and no byline."""

NARROW = pa.schema(
    [
        ("source", pa.string()),
        ("article_id", pa.string()),
        ("url", pa.string()),
        ("language", pa.string()),
        ("section", pa.string()),
        ("headline", pa.string()),
        ("headline_characters", pa.int32()),
        ("published_at", pa.timestamp("us", "UTC")),
        ("zone_aware", pa.bool_()),
        ("exact", pa.bool_()),
        ("minutes_ahead", pa.float64()),
        ("bylines", pa.list_(pa.struct([("name", pa.string()), ("kind", pa.string())]))),
        ("written", pa.bool_()),
        ("has_summary", pa.bool_()),
        ("has_image", pa.bool_()),
        ("has_dateline", pa.bool_()),
        ("body_characters", pa.int32()),
        ("body_words", pa.int32()),
        ("text_simhash", pa.binary()),
        ("content_hash", pa.binary()),
    ]
)
"""The narrow columns.

``headline`` is cut and folded; ``zone_aware`` is false when the column of ``published_at`` has no
zone; ``exact`` is false when only a day was printed; ``minutes_ahead`` is how long after the
capture the story claims to be published; ``body_characters`` and ``body_words`` are null where no
text is expected, and 0 where one is missing.
"""


_ASKED = {
    "article_id": pa.string(),
    "url": pa.string(),
    "language": pa.string(),
    "section": pa.string(),
    "summary": pa.string(),
    "lead_image": pa.string(),
    "dateline": pa.string(),
    "body": pa.string(),
    "word_count": pa.int32(),
    "published_at_precision": pa.string(),
    "captured_at": pa.timestamp("us", "UTC"),
    "text_simhash": pa.binary(),
    "content_hash": pa.binary(),
}
"""Columns that may be left out, with a type that a column of nulls may have."""


def narrow(rows: pa.Table) -> pa.Table:
    """The narrow columns of some articles.

    Args:
        rows: Rows in the articles schema, loose or not. Columns may be left out: what comes of
            them is then null, or false. A column ``body_characters`` stands for the bodies.

    Returns:
        A table with the schema ``NARROW``, as many rows and in the same order.
    """
    rows = _complete(rows)
    written = pc.fill_null(pc.is_in(rows["article_type"], pa.array(WRITTEN)), False)
    headline = pc.utf8_trim_whitespace(rows["headline"])
    published_at = rows["published_at"]
    zone_aware = published_at.type.tz is not None
    if not zone_aware:  # flagged; taken as UTC so that all else can still be judged
        published_at = pc.assume_timezone(published_at, "UTC")
    published_at = published_at.cast(pa.timestamp("us", "UTC"))
    ahead = pc.subtract(published_at, rows["captured_at"].cast(pa.timestamp("us", "UTC")))
    columns = {
        "source": pc.fill_null(rows["source"], ""),
        "article_id": rows["article_id"],
        "url": pc.fill_null(rows["url"], ""),
        "language": rows["language"],
        "section": rows["section"],
        "headline": pc.utf8_lower(pc.utf8_slice_codeunits(headline, 0, HEADLINE_KEPT)),
        "headline_characters": pc.utf8_length(headline),
        "published_at": published_at,
        "zone_aware": pa.repeat(zone_aware, rows.num_rows),
        "exact": pc.fill_null(pc.not_equal(rows["published_at_precision"], "day"), False),
        "minutes_ahead": pc.divide(ahead.cast(pa.int64()).cast(pa.float64()), 60e6),
        "bylines": _names(rows["bylines"]),
        "written": written,
        "has_summary": pc.is_valid(rows["summary"]),
        "has_image": pc.is_valid(rows["lead_image"]),
        "has_dateline": pc.is_valid(rows["dateline"]),
        "body_characters": _only(written, _lengths(rows)),
        "body_words": _only(written, rows["word_count"]),
        "text_simhash": rows["text_simhash"],
        "content_hash": rows["content_hash"],
    }
    return pa.table({field.name: columns[field.name].cast(field.type) for field in NARROW}, NARROW)


def _complete(rows: pa.Table) -> pa.Table:
    """The rows with nulls for the columns that were left out."""
    for name, type_ in _ASKED.items():
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, type_))
    return rows


def _lengths(rows: pa.Table) -> pa.ChunkedArray:
    if "body_characters" in rows.column_names:
        return rows["body_characters"]
    return pc.utf8_length(rows["body"])


def _only(where: pa.ChunkedArray, counts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Counts where a text is expected, 0 for none there; null elsewhere."""
    return pc.if_else(where, pc.fill_null(counts, 0), pa.scalar(None, pa.int32()))


def _names(bylines: pa.ChunkedArray) -> pa.Array:
    """Names and kinds without roles; nobody signed is an empty list."""
    people = bylines.combine_chunks()
    flat = people.flatten()
    pairs = pa.StructArray.from_arrays(
        [flat.field("name"), flat.field("kind")], names=["name", "kind"]
    )
    lengths = pc.fill_null(pc.list_value_length(people), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths)])
    return pa.ListArray.from_arrays(offsets.cast(pa.int32()), pairs)
