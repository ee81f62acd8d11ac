"""What is not published and says why: every refusal once, and rows that no table can hold."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.article import CaptureRef, Rejection
from newsdesk.tables.schema import ARTICLES


def all_refused(rejections: Iterable[Rejection]) -> list[Rejection]:
    """The refusals without repetition, in a fixed order."""
    ordered = sorted(rejections, key=lambda one: (one.source, one.url, one.captured_at, one.reason))
    by_key = {
        (
            one.source,
            one.url,
            one.captured_at,
            one.capture.digest if one.capture else None,
            one.reason,
            one.reader_version,
        ): one
        for one in ordered
    }
    return list(by_key.values())


def without_nulls(staged: pa.Table) -> tuple[pa.Table, list[Rejection]]:
    """The rows that the table can hold, and a refusal for each of the others.

    The row checks refuse them first. One row that slipped through must not keep every paper of
    the run from its readers.
    """
    good = pa.array([True] * staged.num_rows, pa.bool_())
    refused = []
    for name in ARTICLES.required:
        null = pc.is_null(staged[name]).combine_chunks()
        if pc.any(null).as_py():
            refused += [
                _refusal(row, name) for row in staged.filter(pc.and_(null, good)).to_pylist()
            ]
            good = pc.and_(good, pc.invert(null))
    return staged.filter(good), refused


def _refusal(row: dict[str, object], column: str) -> Rejection:
    values = {
        name: row[name]
        for name in (
            "source",
            "url",
            "captured_at",
            "reader_version",
            "article_id",
            "headline",
            "published_at",
        )
    }
    ref = row["capture"]
    return Rejection(
        **values,  # type: ignore[arg-type]  # plain values of the columns of the same names
        reason=f"check:not_null({column})",
        evidence=f"{column} is null",
        capture=CaptureRef(**ref) if isinstance(ref, dict) else None,
    )
