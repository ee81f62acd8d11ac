from __future__ import annotations

import datetime as dt

from newsdesk.article import Contributor
from newsdesk.demo.paper.stories import Telling, stories_of, tell, truth

DAY = dt.date(2026, 1, 15)
MIDNIGHT = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def told(kind: str, clock: dt.datetime) -> Telling:
    return next(tell(story, clock) for story in stories_of(DAY) if story.kind == kind)


def test_an_edit_changes_headline_and_text_and_nothing_else() -> None:
    before = told("edited", MIDNIGHT - 24 * HOUR)
    after = told("edited", MIDNIGHT)
    assert before.headline != after.headline
    assert len(after.paragraphs) == len(before.paragraphs) + 1
    assert after.paragraphs[0] == before.paragraphs[0]
    assert after.published_at == before.published_at
    assert after.story == before.story


def test_truth_follows_the_clock_over_days() -> None:
    def kinds(day: dt.date, clock: dt.datetime) -> list[tuple[dt.date, str]]:
        return [(t.story.day, t.story.kind) for t in truth(day, clock)]

    tomorrow = DAY + dt.timedelta(days=1)
    assert (DAY, "moved") in kinds(DAY, MIDNIGHT)
    assert (DAY, "moved") not in kinds(DAY, MIDNIGHT + 24 * HOUR)
    assert (DAY, "moved") in kinds(tomorrow, MIDNIGHT + 24 * HOUR)
    assert (DAY, "withdrawn") in kinds(DAY, MIDNIGHT)
    assert (DAY, "withdrawn") not in kinds(DAY, MIDNIGHT + 24 * HOUR)
    assert not {"wall", "missing", "document"} & {kind for _, kind in kinds(DAY, MIDNIGHT)}
    assert kinds(DAY, MIDNIGHT - 24 * HOUR) == []


def test_every_day_has_reuters_the_partner_and_persons() -> None:
    for offset in range(14):
        day = DAY + dt.timedelta(days=offset)
        stories = [tell(story, MIDNIGHT + 400 * HOUR) for story in stories_of(day)]
        plain = [t for t in stories if t.story.kind == "news"]
        assert any(t.byline_raw == "by reuters" for t in plain)
        assert any(t.byline_raw == "by Bosphorus Ledger with AA" for t in plain)
        assert any(t.bylines[0].kind == "person" for t in plain)
        assert any(t.metadata == "none" for t in plain)
        assert any(t.metadata == "json_ld" for t in plain)
        assert any(t.metadata == "open_graph" for t in plain)
        column = next(t for t in stories if t.story.kind == "column")
        assert [c.kind for c in column.bylines] == ["person"]


def test_no_text_has_an_open_slot_or_an_empty_part() -> None:
    for offset in range(20):
        for story in stories_of(dt.date(2024, 2, 20) + dt.timedelta(days=offset)):
            t = tell(story, MIDNIGHT)
            caption = t.image.caption if t.image else None
            texts = [t.headline, *t.paragraphs, *t.topics, *t.keywords, caption or "-"]
            assert all(text.strip() == text != "" for text in texts), t
            assert not any(mark in text for text in texts for mark in "{}[]|"), t
            assert len(t.paragraphs) == len(set(t.paragraphs))


def test_names_of_a_byline() -> None:
    partner = next(t for t in truth(DAY, MIDNIGHT) if t.byline_raw == "by Bosphorus Ledger with AA")
    assert partner.bylines == (
        Contributor("Bosphorus Ledger", "outlet"),
        Contributor("Anadolu Agency", "agency", "with"),
    )
