"""Every page of some days, read with the paper's source file, is what the paper says it is."""

from __future__ import annotations

import datetime as dt

import pytest

from newsdesk.article import Page, Reading
from newsdesk.demo.paper.answers import answer
from newsdesk.demo.paper.plan import Story, path_of, stories_of, url_of
from newsdesk.demo.paper.stories import UNREADABLE, Telling, tell
from newsdesk.fields.text import join_paragraphs
from newsdesk.reading import read_page
from newsdesk.sources import PACKAGED, load_source

SOURCE = load_source(PACKAGED / "demo_paper.toml")
FIRST = dt.date(2026, 1, 15)
# the last is from when Istanbul's offset still changed with the seasons
DAYS = [FIRST, FIRST + dt.timedelta(days=1), dt.date(2015, 12, 5)]


def read(story: Story, clock: dt.datetime, *, amp: bool = False) -> Reading:
    path = path_of(story) + ("/amp" if amp else "")
    reply = answer(path, {}, clock)
    page = Page(
        url=url_of(story) + ("/amp" if amp else ""),
        body=reply.body,
        captured_at=clock,
        content_type=reply.headers["Content-Type"],
        status=int(reply.status),
    )
    return read_page(page, SOURCE)


def expected(told: Telling) -> dict[str, object]:
    offset = told.published_at.astimezone(SOURCE.zone).utcoffset() or dt.timedelta()
    return {
        "article_id": SOURCE.article_id(url_of(told.story)),
        "canonical_url": url_of(told.story),
        "edition": told.language,
        "language": told.language,
        "section": told.section,
        "subsection": told.subsection,
        "article_type": told.article_type,
        "headline": told.headline,
        "summary": told.summary,
        "bylines": told.bylines,
        "byline_raw": told.byline_raw,
        "dateline": told.dateline,
        "published_at": told.published_at,
        "published_at_offset": offset.total_seconds() // 60,
        "published_at_precision": "minute",
        "published_day_local": told.published_at.astimezone(SOURCE.zone).date(),
        "modified_at": told.modified_at,
        "body": join_paragraphs(told.paragraphs),
        "paragraphs": len(told.paragraphs),
        "lead_image": told.image,
        "topics": told.topics,
        "keywords": told.keywords,
    }


@pytest.mark.parametrize("day", DAYS)
def test_pages_read_as_the_truth(day: dt.date) -> None:
    clock = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1, minutes=5)
    for story in stories_of(day):
        if story.kind in UNREADABLE:
            continue
        reading = read(story, clock)
        assert reading.rejection is None, url_of(story)
        want = expected(tell(story, clock))
        got = {name: getattr(reading.article, name) for name in want}
        assert got == want, url_of(story)


def test_pages_that_are_no_stories_are_rejected_with_a_reason() -> None:
    clock = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
    reasons = {}
    for story in stories_of(FIRST):
        reading = read(story, clock)
        if reading.rejection:
            reasons[story.kind] = reading.rejection.reason
    assert reasons == {"wall": "consent_wall", "missing": "soft_404", "document": "not_html"}


def test_changes_after_publication_are_seen() -> None:
    first = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
    later = first + dt.timedelta(days=1)
    for story in stories_of(FIRST):
        if story.kind in ("edited", "moved"):
            clocks = (story.first_at, later)
            before, after = (read(story, clock).article for clock in clocks)
            assert before.content_hash != after.content_hash
            assert before.article_id == after.article_id
            assert (before.published_at == after.published_at) is (story.kind == "edited")


def test_the_amp_twin_is_the_same_story() -> None:
    clock = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
    story = stories_of(FIRST)[0]
    page, twin = read(story, clock).article, read(story, clock, amp=True).article
    for name in ("article_id", "canonical_url", "headline", "body", "bylines", "published_at"):
        assert getattr(page, name) == getattr(twin, name), name
