from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from newsdesk.article import Dateline, LeadImage
from newsdesk.demo.paper.answers import Reply, answer
from newsdesk.demo.paper.pages import article
from newsdesk.demo.paper.plan import Story, path_of, stories_of
from newsdesk.demo.paper.site import desks
from newsdesk.demo.paper.stories import Telling, tell

DAY = dt.date(2026, 1, 15)
MIDNIGHT = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def special(kind: str) -> Story:
    return next(story for story in stories_of(DAY) if story.kind == kind)


def get(path: str, clock: dt.datetime = MIDNIGHT, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(path, named, clock)


def test_a_story_is_there_from_its_time_on() -> None:
    story = special("night")
    assert get(path_of(story), story.first_at - HOUR).status == 404
    assert get(path_of(story), story.first_at).status == 200


@pytest.mark.parametrize(
    ("kind", "hours", "status"),
    [("missing", 0, 404), ("withdrawn", 0, 200), ("withdrawn", 24, 410), ("wall", 0, 200)],
)
def test_special_stories(kind: str, hours: int, status: int) -> None:
    assert get(path_of(special(kind)), MIDNIGHT + hours * HOUR).status == status


def test_a_consent_wall_shows_nothing_of_its_story() -> None:
    story = special("wall")
    told = tell(story, MIDNIGHT)
    page = get(path_of(story)).body.decode()
    assert told.headline not in page
    assert told.paragraphs[0] not in page


def test_the_document_is_a_pdf() -> None:
    reply = get(path_of(special("document")))
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.body.startswith(b"%PDF-1.4")
    table = int(re.findall(rb"startxref\n(\d+)", reply.body)[0])
    assert reply.body[table : table + 4] == b"xref"
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", reply.body), start=1):
        assert reply.body[int(offset) :].startswith(b"%d 0 obj" % number)


def test_other_addresses_of_a_story_lead_to_its_own() -> None:
    story = next(s for s in stories_of(DAY) if s.desk.section == "turkiye" and s.kind == "news")
    right = path_of(story)
    for wrong in (
        right.replace("/turkiye/", "/turkey/"),
        f"{right}/x",
        right.upper()[:20] + right[20:],
    ):
        reply = get(wrong)
        assert reply.status == 301
        assert reply.headers["Location"] == f"https://www.bosphorusledger.example{right}"


def test_amp_is_a_twin_with_the_same_text() -> None:
    story = special("edited")
    page = get(f"{path_of(story)}/amp").body.decode()
    assert (
        f'<link rel="canonical" href="https://www.bosphorusledger.example{path_of(story)}">' in page
    )
    assert page.count("<p>") == len(tell(story, MIDNIGHT).paragraphs)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/rss/nothing",
        "/rssFeed/0",
        "/rssFeed/999",
        "/rssFeed/x",
        "/wp-admin",
        "/world/x",
    ]
    + ["/sitemap/archive-2026-02.xml", "/sitemap/archive-2026-13.xml", "/%00", "/..%2f..%2fetc"],
)
def test_what_is_not_there_is_404(path: str) -> None:
    assert get(path).status == 404


@pytest.mark.parametrize("path", ["/", "/arabic", "/rss", *(f"/{path}" for path in desks())])
def test_fronts_exist(path: str) -> None:
    assert get(path).status == 200
    assert get(path + "?page=2").status == 200


def test_validators_save_a_second_answer() -> None:
    story = special("edited")
    early = story.first_at + HOUR
    first = get(path_of(story), early)
    assert get(path_of(story), early, if_none_match=first.headers["ETag"]).status == 304
    last = first.headers["Last-Modified"]
    assert get(path_of(story), early, if_modified_since=last).status == 304
    assert get(path_of(story), MIDNIGHT, if_modified_since=last).status == 200
    assert get(path_of(story), MIDNIGHT, if_none_match=first.headers["ETag"]).status == 200
    assert get(path_of(story), early, if_modified_since="never").status == 200
    # the date is ignored where there is a tag
    both = get(path_of(story), early, if_none_match='"other"', if_modified_since=last)
    assert both.status == 200


def test_gzip_for_who_takes_it() -> None:
    plain = get("/rss/world")
    packed = get("/rss/world", accept_encoding="br, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Content-Encoding" not in plain.headers


class _Tags(HTMLParser):
    """Counts which elements stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link", "img", "input", "source"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong += 1


def faults(page: str) -> int:
    tags = _Tags()
    tags.feed(page)
    return tags.wrong + len(tags.open)


def test_all_pages_are_well_formed_but_the_broken_one() -> None:
    for story in stories_of(DAY):
        reply = get(path_of(story))
        if reply.status == 200 and "html" in reply.headers["Content-Type"]:
            assert (faults(reply.body.decode()) > 0) is (story.kind == "broken"), story
    for path in ("/", "/arabic", "/rss", "/world", "/nothing"):
        assert faults(get(path).body.decode()) == 0


def test_a_page_has_the_traps_of_real_ones() -> None:
    story = next(s for s in stories_of(DAY) if tell(s, MIDNIGHT).byline_raw == "by reuters")
    told = tell(story, MIDNIGHT)
    text = re.sub(r"<[^>]+>", "", get(path_of(story)).body.decode().split("<body")[1])
    assert text.count("by reuters") == 2
    assert len(re.findall(r"Jan 15, 2026 - \d+:\d\d [ap]m GMT\+3", text)) == 1
    assert len(re.findall(r"Jan 15, 2026 \d+:\d\d [ap]m", text)) == 1
    assert told.dateline is not None
    assert told.dateline.raw in text
    assert told.dateline.raw == told.dateline.place.upper()
    assert told.image is not None
    assert text.count(f"({told.image.credit})") >= 2
    for trap in ("© Bosphorus Ledger Publishing House 2023", "reCAPTCHA", "PHOTOGALLERY", "2021"):
        assert trap in text
    for desk in desks().values():
        assert desk.title in text.replace("&#x27;", "'")


def test_structured_data_is_whole_or_broken_as_planned() -> None:
    for story in stories_of(DAY):
        page = get(path_of(story)).body.decode("utf-8", "replace")
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        if story.kind == "broken":
            with pytest.raises(ValueError, match="Unterminated|Expecting"):
                json.loads(blocks[0])
        for block in blocks if story.kind != "broken" else []:
            assert json.loads(block)["@type"] in ("NewsArticle", "VideoObject")


def test_texts_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = "</script><b>\"&'x"

    def told(story: Story, clock: dt.datetime) -> Telling:
        image = LeadImage(f"https://x.example/{nasty}", nasty, nasty)
        return replace(
            tell(story, clock),
            headline=nasty,
            summary=nasty,
            byline_raw=nasty,
            dateline=Dateline(nasty, nasty),
            paragraphs=(nasty,),
            image=image,
            topics=(nasty,),
            keywords=(nasty,),
        )

    monkeypatch.setattr(article, "tell", told)
    for story in stories_of(DAY):
        for page in (article.story_page(story, MIDNIGHT), article.amp_page(story, MIDNIGHT)):
            assert "<b>" not in page
            assert '="</script>' not in page
