"""JSON records without a story: whatever is about it goes, everything else stays as it is.

The records of all steps are lists of things that carry an identifier or an address: links, captures,
rejections, versions held. So none of their shapes need be known here, nor those that are to come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from newsdesk.erasure.story import Traces
from newsdesk.records import deflate, inflate

_GONE = object()


def without(body: bytes, traces: Traces, staged: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A record without a story.

    Args:
        body: As ``records.pack`` wrote it.
        traces: What tells the story.
        staged: By key of a staged file what stands in its place: ``key``, ``digest``, ``rows``.

    Returns:
        The record, the same bytes when there was nothing to take out.
    """
    value = json.loads(inflate(body))
    left = _left(value, traces, staged)
    if left == value:
        return body
    return deflate(json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode())


def _left(value: Any, traces: Traces, staged: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, str):
        return _GONE if traces.mentioned(value.encode()) else value
    if isinstance(value, list):
        parts = (_left(part, traces, staged) for part in value)
        return [part for part in parts if part is not _GONE]
    if isinstance(value, dict):
        if _is_of(value, traces) or _is_of(value.get("link"), traces):
            return _GONE
        if "digest" in value and isinstance(value.get("key"), str) and value["key"] in staged:
            return dict(staged[value["key"]])
        parts_of = {name: _left(part, traces, staged) for name, part in value.items()}
        return {name: None if part is _GONE else part for name, part in parts_of.items()}
    return value


def _is_of(value: Any, traces: Traces) -> bool:
    if not isinstance(value, dict):
        return False
    return value.get("article_id") in traces.story.ids or value.get("url") in traces.story.urls
