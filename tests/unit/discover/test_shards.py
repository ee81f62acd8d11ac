"""Packing: every link exactly once, few shards of even size, the same in any order."""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from contracts.press import DAY, at
from newsdesk.article import Discovery, Link
from newsdesk.discover import pack_shards


@cache
def found(source: str, count: int) -> Discovery:
    links = (
        Link(source, f"https://{source}.example/{n:05}", f"{source}-{n}", ("look",), at(0))
        for n in range(count)
    )
    return Discovery(source, DAY, "looks", tuple(links))


PAPERS = st.lists(st.sampled_from([0, 1, 7, 60, 249, 250, 251, 600, 900]), max_size=12).map(
    lambda counts: [found(f"paper{number}", count) for number, count in enumerate(counts)]
)


@given(PAPERS)
def test_every_link_is_in_exactly_one_shard(papers: list[Discovery]) -> None:
    shards = pack_shards(papers)
    packed = Counter(link.article_id for shard in shards for link in shard)
    assert packed == Counter(link.article_id for paper in papers for link in paper.links)
    assert all(shards)


@given(PAPERS, st.integers(0, 2**32))
def test_the_order_of_papers_and_links_does_not_matter(papers: list[Discovery], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # an order, not a secret
    mixed = [
        Discovery(p.source, p.day, p.strategy, tuple(dice.sample(p.links, len(p.links))))
        for p in dice.sample(papers, len(papers))
    ]
    assert pack_shards(mixed) == pack_shards(papers)


@given(PAPERS)
def test_there_are_at_most_eight_shards_for_two_thousand_pages(papers: list[Discovery]) -> None:
    pages = sum(len(paper.links) for paper in papers)
    assert len(pack_shards(papers)) <= 8 * math.ceil(pages / 2_000)


@given(PAPERS)
def test_no_shard_is_much_larger_than_its_share(papers: list[Discovery]) -> None:
    pages = sum(len(paper.links) for paper in papers)
    assert max(map(len, pack_shards(papers)), default=0) <= 250 + pages / max(
        1, math.ceil(pages / 250)
    )


@given(PAPERS)
def test_a_paper_that_fits_stays_together(papers: list[Discovery]) -> None:
    shards = pack_shards(papers)
    for paper in papers:
        if len(paper.links) <= 250:
            assert sum(any(x.source == paper.source for x in shard) for shard in shards) <= 1


def test_a_large_paper_is_cut_evenly() -> None:
    assert [len(shard) for shard in pack_shards([found("big", 2_000)])] == [250] * 8
    assert [len(shard) for shard in pack_shards([found("big", 600)])] == [200] * 3


def test_small_papers_share_a_shard() -> None:
    shards = pack_shards([found(f"p{n}", 10) for n in range(20)])
    assert len(shards) == 1
    assert shards[0] == sorted(shards[0], key=lambda link: (link.source, link.url))


def test_nothing_needs_no_shard() -> None:
    assert pack_shards([]) == []
    assert pack_shards([found("quiet", 0)]) == []
