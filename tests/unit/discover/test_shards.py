"""Packing: every link exactly once, few shards of even size, the same in any order."""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from contracts.press import DAY, at
from newsdesk.article import Copy, Discovery, Link
from newsdesk.discover import pack_shards
from newsdesk.fields.urls import host_of

OURS = Copy(
    "landed", "https://paper.example/", at(0), key="dev/raw/old.warc.gz", length=1, digest=b"x"
)


@cache
def found(source: str, count: int, hosts: tuple[str, ...] = (), held: int = 0) -> Discovery:
    """What a paper has: on a host of its own, or on some in turn; ``held`` of it is in our bucket."""
    names = hosts or (source,)
    links = (
        Link(
            source,
            f"https://{names[n % len(names)]}.example/{source}/{n:05}",
            f"{source}-{n}",
            ("look",),
            at(0),
            copies=(OURS,) if n < held else (),
        )
        for n in range(count)
    )
    return Discovery(source, DAY, "looks", tuple(links))


COUNTS = st.sampled_from([0, 1, 7, 60, 249, 250, 251, 600, 900])
HOSTS = st.lists(st.sampled_from("abcdef"), max_size=3, unique=True).map(tuple)
PAPERS = st.lists(st.tuples(COUNTS, HOSTS, COUNTS), max_size=12).map(
    lambda papers: [found(f"paper{number}", *paper) for number, paper in enumerate(papers)]
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


def asked(link: Link) -> str | None:
    return None if link.copies else host_of(link.url)


@given(PAPERS)
def test_a_host_is_asked_from_one_shard_alone(papers: list[Discovery]) -> None:
    shards = pack_shards(papers)
    met = Counter(host for shard in shards for host in {asked(x) for x in shard} - {None})
    assert set(met.values()) <= {1}


@given(PAPERS)
def test_no_shard_is_much_larger_than_its_share(papers: list[Discovery]) -> None:
    pages = sum(len(paper.links) for paper in papers)
    hosts = Counter(asked(link) for paper in papers for link in paper.links)
    largest = max([250, *(count for host, count in hosts.items() if host is not None)])
    assert max(map(len, pack_shards(papers)), default=0) <= largest + pages / max(
        1, math.ceil(pages / 250)
    )


@given(st.lists(COUNTS, max_size=12))
def test_a_paper_that_fits_stays_together(counts: list[int]) -> None:
    papers = [found(f"paper{n}", count, (f"www{n}", f"sport{n}")) for n, count in enumerate(counts)]
    shards = pack_shards(papers)
    for paper in papers:
        if len(paper.links) <= 250:
            assert sum(any(x.source == paper.source for x in shard) for shard in shards) <= 1


def test_papers_that_share_a_host_share_a_shard() -> None:
    chain = [found(f"p{n}", 100, ("chain", f"own{n}")) for n in range(4)]  # 200 on the chain's host
    assert sorted(map(len, pack_shards(chain))) == [200, 200]
    small = [found(f"p{n}", 60, ("chain", f"own{n}")) for n in range(4)]
    assert len(pack_shards([*small, found("big", 250)])) == 2


def test_a_large_paper_is_cut_between_hosts() -> None:
    assert [len(shard) for shard in pack_shards([found("big", 2_000)])] == [2_000]
    two = pack_shards([found("big", 600, ("www", "sport"))])
    assert [len(shard) for shard in two] == [300, 300]


def test_what_lies_in_our_bucket_is_cut_evenly() -> None:
    assert [len(x) for x in pack_shards([found("big", 2_000, held=2_000)])] == [250] * 8
    assert [len(x) for x in pack_shards([found("big", 600, held=600)])] == [200] * 3


def test_small_papers_share_a_shard() -> None:
    shards = pack_shards([found(f"p{n}", 10) for n in range(20)])
    assert len(shards) == 1
    assert shards[0] == sorted(shards[0], key=lambda link: (link.source, link.url))


def test_nothing_needs_no_shard() -> None:
    assert pack_shards([]) == []
    assert pack_shards([found("quiet", 0)]) == []
