"""Links spread over tasks: few shards, of even size, a paper's links together if they fit.

A host is asked by one task alone, because its queue is kept there: two tasks that each keep its
pause would ask it twice as often.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from newsdesk.article import Discovery, Link
from newsdesk.discover.archived import kept_by, own_copy
from newsdesk.fields.urls import host_of


def pack_shards(
    discoveries: Sequence[Discovery],
    *,
    pages_per_shard: int = 250,
    most: int = 8,
    most_per: int = 2_000,
) -> list[list[Link]]:
    """Packs the links of some papers into shards.

    Papers that share a host make one piece. A piece stays together unless it is more than a shard
    takes; then it is cut between hosts, never within one, and what lies in our own bucket already
    is cut evenly. Pieces go, the largest first, to the shard that has least. What is to be had
    from a web archive makes one shard for each archive. The same discoveries give the same
    shards, in whatever order they come.

    Args:
        discoveries: What each paper has.
        pages_per_shard: Pages that one task should fetch.
        most: Most shards for every started ``most_per`` pages.
        most_per: See ``most``.

    Returns:
        Shards without empty ones, each ordered by paper and address.
    """
    by_archive: dict[str, list[Link]] = {}
    papers: list[list[Link]] = []
    for found in sorted(discoveries, key=lambda found: found.source):
        own: list[Link] = []
        for link in sorted(found.links, key=lambda link: link.url):
            keeper = kept_by(link)
            (own if keeper is None else by_archive.setdefault(keeper, [])).append(link)
        papers.append(own)
    shards = _spread(papers, pages_per_shard, most, most_per)
    shards += [links for _, links in sorted(by_archive.items())]
    ordered = (sorted(shard, key=lambda link: (link.source, link.url)) for shard in shards)
    return [shard for shard in ordered if shard]


def _spread(
    papers: Sequence[list[Link]], pages_per_shard: int, most: int, most_per: int
) -> list[list[Link]]:
    """The links of some papers over as few shards as take them."""
    total = sum(map(len, papers))
    if not total:
        return []
    count = min(math.ceil(total / pages_per_shard), most * math.ceil(total / most_per))
    room = max(pages_per_shard, math.ceil(total / count))
    pieces = [piece for links in _sharing(papers) for piece in _pieces(links, room)]
    shards: list[list[Link]] = [[] for _ in range(count)]
    for piece in sorted(pieces, key=len, reverse=True):
        min(shards, key=len).extend(piece)
    return shards


def _sharing(papers: Sequence[list[Link]]) -> list[list[Link]]:
    """The links of papers put together where papers ask the same host."""
    first_of: dict[str, int] = {}  # number of the first paper that asks a host
    group_of = list(range(len(papers)))

    def group(number: int) -> int:
        while group_of[number] != number:
            number = group_of[number]
        return number

    for number, links in enumerate(papers):
        for host in {host for link in links if (host := _asked(link))}:
            one, other = group(number), group(first_of.setdefault(host, number))
            group_of[max(one, other)] = min(one, other)
    together: dict[int, list[Link]] = {}
    for number, links in enumerate(papers):
        together.setdefault(group(number), []).extend(links)
    return list(together.values())


def _pieces(links: Sequence[Link], room: int) -> list[list[Link]]:
    """Some links in pieces that a shard can take, or that ask one host."""
    if len(links) <= room:
        return [list(links)]
    by_host: dict[str | None, list[Link]] = {}
    for link in links:
        by_host.setdefault(_asked(link), []).append(link)
    held = by_host.pop(None, [])
    size = math.ceil(len(held) / math.ceil(len(held) / room)) if held else 1
    return [*by_host.values(), *(held[at : at + size] for at in range(0, len(held), size))]


def _asked(link: Link) -> str | None:
    """The host that has to be asked for a page; ``None`` when the page lies in our bucket."""
    return None if own_copy(link) else host_of(link.url)
