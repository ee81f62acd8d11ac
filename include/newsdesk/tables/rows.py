"""Rows from shapes: one list per column, then one Arrow array each.

Building columns is several times faster than building from a list of dictionaries, and a value
of the wrong type is refused here, not at the commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from newsdesk.article import (
    Article,
    CaptureRef,
    CheckResult,
    LedgerEntry,
    Link,
    Rejection,
    Run,
)
from newsdesk.tables.schema import ARTICLES, CHECKS, LEDGER, REJECTED, REVISIONS

UTC = dt.UTC


def articles_to_table(
    articles: Iterable[Article],
    *,
    links: Mapping[str, Link],
    run_id: str,
) -> pa.Table:
    """Articles as rows of ``news.articles`` that no check has seen yet.

    Args:
        articles: The stories of one run.
        links: The links that led to them, by ``article_id`` of the link; a page whose canonical
            address makes it another story is found by the link's URL instead.
        run_id: The run.

    Returns:
        A table in the loose articles schema (any column may be null: checks come later), in the
        order given. ``first_seen_at`` is the earlier of the link's sighting and the capture.
    """
    stories = list(articles)
    by_url = {link.url: link for link in links.values()}
    led = [links.get(story.article_id) or by_url.get(story.url) for story in stories]
    made: dict[str, list[Any]] = {
        "bylines": [
            [{"name": one.name, "kind": one.kind, "role": one.role or None} for one in s.bylines]
            for s in stories
        ],
        "dateline": [
            None
            if s.dateline is None
            else {
                "place": s.dateline.place,
                "raw": s.dateline.raw,
                "agency": s.dateline.agency or None,
            }
            for s in stories
        ],
        "lead_image": [
            None
            if s.lead_image is None
            else {
                "url": s.lead_image.url,
                "caption": s.lead_image.caption or None,
                "credit": s.lead_image.credit or None,
            }
            for s in stories
        ],
        "topics": [list(s.topics) for s in stories],
        "keywords": [list(s.keywords) for s in stories],
        "field_rules": [sorted(s.field_rules.items()) for s in stories],
        "capture": [capture_struct(s.capture) for s in stories],
        "first_seen_at": [
            story.captured_at if link is None else min(link.seen_at, story.captured_at)
            for story, link in zip(stories, led, strict=True)
        ],
        "discovered_via": [[] if link is None else sorted(set(link.via)) for link in led],
        "withdrawn_at": [None] * len(stories),
        "run_id": [run_id] * len(stories),
    }
    columns = []
    for field in ARTICLES.loose:
        values = made.get(field.name)
        if values is None:
            values = [getattr(story, field.name) for story in stories]
            if pa.types.is_string(field.type):
                values = [value or None for value in values]  # unknown is null, never empty
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=ARTICLES.loose)


def revision_rows(versions: pa.Table, *, recorded_at: dt.datetime) -> pa.Table:
    """Versions as read, as rows of ``news.revisions``.

    Args:
        versions: Rows in the articles schema, with how each came to be as ``kind`` beside.
        recorded_at: When they are written, UTC.
    """
    count = versions.num_rows
    columns = {name: versions[name] for name in [*ARTICLES.arrow.names, "kind"]}
    columns["recorded_at"] = _same(recorded_at, count, REVISIONS.arrow.field("recorded_at").type)
    return pa.table(columns).cast(REVISIONS.arrow)


def rejected_rows(
    rejections: Sequence[Rejection], *, run: Run, recorded_at: dt.datetime
) -> pa.Table:
    """Refusals as rows of ``news.rejected``."""
    plain = ("source", "url", "captured_at", "reason", "http_status", "reader_version")
    columns: dict[str, list[Any]] = {
        **{name: [getattr(one, name) for one in rejections] for name in plain},
        "capture": [capture_struct(one.capture) for one in rejections],
        "evidence": [one.evidence[:300] or None for one in rejections],
        "headline": [one.headline or None for one in rejections],
        "published_at": [one.published_at for one in rejections],
        "run_day": [run.day] * len(rejections),
        "run_id": [run.run_id] * len(rejections),
        "recorded_at": [recorded_at] * len(rejections),
    }
    return _table(columns, REJECTED.arrow)


def ledger_rows(entries: Sequence[LedgerEntry], *, run: Run, recorded_at: dt.datetime) -> pa.Table:
    """Fates as rows of ``news.ledger``, sorted."""
    ordered = sorted(entries, key=lambda entry: (entry.source, entry.url))
    plain = (
        *("source", "url", "article_id", "fate", "visited_at"),
        *("http_status", "bytes", "seconds", "attempts"),
    )
    columns: dict[str, list[Any]] = {
        **{name: [getattr(entry, name) for entry in ordered] for name in plain},
        "run_id": [run.run_id] * len(ordered),
        "run_day": [run.day] * len(ordered),
        "reason": [entry.reason or None for entry in ordered],
        "discovered_via": [sorted(set(entry.discovered_via)) for entry in ordered],
        "capture": [capture_struct(entry.capture) for entry in ordered],
        "published_day": [entry.published_day or run.day for entry in ordered],
        "recorded_at": [recorded_at] * len(ordered),
    }
    return _table(columns, LEDGER.arrow)


def check_rows(results: Sequence[CheckResult], *, run: Run, docs: str | None) -> pa.Table:
    """Expectations as rows of ``news.checks``, sorted."""
    ordered = sorted(
        results, key=lambda one: (one.source, one.published_day or dt.date.min, one.expectation)
    )
    plain = (
        "source",
        "published_day",
        "expectation",
        "severity",
        "outcome",
        "observed",
        "expected",
        "rows",
        "failing",
    )
    columns: dict[str, list[Any]] = {
        **{name: [getattr(one, name) for one in ordered] for name in plain},
        "run_id": [run.run_id] * len(ordered),
        "run_day": [run.day] * len(ordered),
        "docs": [docs] * len(ordered),
    }
    return _table(columns, CHECKS.arrow)


def capture_struct(ref: CaptureRef | None) -> dict[str, Any] | None:
    """A landed response as the ``capture`` column holds it."""
    if ref is None:
        return None
    return {"key": ref.key, "offset": ref.offset, "length": ref.length, "digest": ref.digest}


def _table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _same(value: Any, count: int, type_: pa.DataType) -> pa.Array:
    return pa.array([value] * count, type_)
