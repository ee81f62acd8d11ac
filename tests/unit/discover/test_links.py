"""Links: of the paper, one a story, whatever the order they come in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contracts.press import HOME, address, at, link, paper
from newsdesk.article import Link
from newsdesk.discover.links import fold, make_link, plain

TIMES = st.none() | st.integers(0, 48).map(at)
LINKS = st.builds(
    lambda number, seen, published, modified, via, amp: link(
        number,
        published,
        seen_at=seen,
        modified_hint=modified,
        via=(via,),
        url=address(number) + amp,
    ),
    st.integers(1, 3),
    st.integers(0, 48).map(at),
    TIMES,
    TIMES,
    st.sampled_from(["look", "news_sitemap", "archive_sitemap"]),
    st.sampled_from(["", "/amp"]),
)


def made(url: str) -> Link | None:
    return make_link(paper(), url, base=HOME, via="look", seen_at=at(0))


def test_a_link_is_clean_and_absolute() -> None:
    found = made(" /world/the-ferry-number-1?utm_source=rss#top\n")
    assert found == link(1)


def test_what_is_no_story_of_the_paper_is_no_link() -> None:
    ignoring = paper(urls={"ignore": ["^/horoscope/"]})
    assert made("https://other.example/the-ferry-number-1") is None
    assert made("/world") is None
    assert made("http://[bad") is None
    found = make_link(ignoring, address(1, "horoscope"), base=HOME, via="look", seen_at=at(0))
    assert found is None


@given(st.lists(LINKS, max_size=8))
def test_folding_keeps_every_story_once_with_all_that_is_known(links: list[Link]) -> None:
    folded = fold(links)
    assert list(folded) == list(dict.fromkeys(one.article_id for one in links))
    for story, one in folded.items():
        same = [other for other in links if other.article_id == story]
        assert one.seen_at == min(other.seen_at for other in same)
        assert set(one.via) == {way for other in same for way in other.via}
        assert list(one.via) == sorted(one.via)
        assert len(one.url) == min(len(other.url) for other in same)
        changes = [other.modified_hint for other in same if other.modified_hint]
        assert one.modified_hint == max(changes, default=None)
        claims = [other.published_hint for other in same if other.published_hint]
        assert one.published_hint == (claims[0] if claims else None)


@given(st.lists(LINKS, max_size=8))
def test_folding_twice_changes_nothing(links: list[Link]) -> None:
    once = fold(links)
    assert fold(once.values()) == once


def test_the_first_claim_wins() -> None:
    first, second = link(1, headline_hint=None), link(1, headline_hint="The ferry left")
    other = replace(second, headline_hint="The ferry came", published_hint=at(8))
    (one,) = fold([first, second, other]).values()
    assert one.headline_hint == "The ferry left"
    assert one.published_hint == at(8)


@given(st.text() | st.none() | st.integers() | st.lists(st.text()))
def test_plain_text_is_one_printable_line_or_none(text: object) -> None:
    line = plain(text)
    assert line is None or (line and line == line.strip() and len(line) <= 1_000)
    assert "\n" not in (line or "")
    (line or "").encode("utf-8")


def test_plain_text_drops_markup_but_not_arithmetic() -> None:
    assert plain("<p class='a'>Rain</p><!-- x --> &lt;5 mm&gt;") == "Rain <5 mm>"
    assert plain("3 < 4 > 2") == "3 < 4 > 2"
    assert plain("<br/>") is None


def test_time_has_no_say_in_identity() -> None:
    assert link(1).article_id == link(1, at(8), seen_at=at(9) + dt.timedelta(days=1)).article_id
