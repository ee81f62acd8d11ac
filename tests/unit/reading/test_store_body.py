"""A paper whose texts may not be kept: what is told of a story without its body."""

from __future__ import annotations

import datetime as dt

from contracts.press import address, paper
from newsdesk.article import Page
from newsdesk.reading.children import read_one

TEXT = "In the morning the ferry number {} left the harbour, full of people and of bicycles."
PAGE = (
    f'<html><head><title>Fog</title><meta property="article:published_time" '
    f'content="2026-01-15T08:30:00Z"></head><body><article><h1>Fog holds the ferry</h1>'
    f"{''.join(f'<p>{TEXT.format(n)}</p>' for n in range(9))}</article></body></html>"
)


def test_without_its_body_a_story_has_the_same_counts_and_hashes() -> None:
    page = Page(address(1), PAGE.encode(), dt.datetime(2026, 1, 16, tzinfo=dt.UTC))
    kept = read_one(page, {"harbour_post": paper()})
    bare = read_one(page, {"harbour_post": paper(store_body=False)})
    assert kept.rejection is None
    assert bare.rejection is None
    assert TEXT.format(3) in (kept.article.body or "")
    assert bare.article.body is None
    for name in ("word_count", "paragraphs", "text_simhash", "content_hash", "headline"):
        assert getattr(bare.article, name) == getattr(kept.article, name)
        assert getattr(bare.article, name)
