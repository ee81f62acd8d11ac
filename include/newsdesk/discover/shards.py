"""Links spread over tasks: few shards, of even size, a paper's links together if they fit."""

from __future__ import annotations

import math
from collections.abc import Sequence

from newsdesk.article import Discovery, Link
from newsdesk.discover.archived import kept_by


def pack_shards(
    discoveries: Sequence[Discovery],
    *,
    pages_per_shard: int = 250,
    most: int = 8,
    most_per: int = 2_000,
) -> list[list[Link]]:
    """Packs the links of some papers into shards.

    A paper's links stay together unless they are more than a shard takes; then they are cut
    evenly. Pieces go, the largest first, to the shard that has least. What is to be had from a web
    archive makes one shard for each, because the archive's pace is kept by task. The same
    discoveries give the same shards, in whatever order they come.

    Args:
        discoveries: What each paper has.
        pages_per_shard: Pages that one task should fetch.
        most: Most shards for every started ``most_per`` pages.
        most_per: See ``most``.

    Returns:
        Shards without empty ones, each ordered by paper and address.
    """
    by_archive: dict[str, list[Link]] = {}
    papers: list[tuple[str, list[Link]]] = []
    for found in discoveries:
        own: list[Link] = []
        for link in found.links:
            keeper = kept_by(link)
            (own if keeper is None else by_archive.setdefault(keeper, [])).append(link)
        papers.append((found.source, own))
    shards = _spread(papers, pages_per_shard, most, most_per)
    shards += [links for _, links in sorted(by_archive.items())]
    ordered = (sorted(shard, key=lambda link: (link.source, link.url)) for shard in shards)
    return [shard for shard in ordered if shard]


def _spread(
    papers: Sequence[tuple[str, Sequence[Link]]], pages_per_shard: int, most: int, most_per: int
) -> list[list[Link]]:
    """The links of some papers over as few shards as take them."""
    papers = sorted(papers, key=lambda paper: (-len(paper[1]), paper[0]))
    total = sum(len(links) for _, links in papers)
    if not total:
        return []
    count = min(math.ceil(total / pages_per_shard), most * math.ceil(total / most_per))
    room = math.ceil(total / count)
    pieces = [piece for _, links in papers for piece in _pieces(links, room, pages_per_shard)]
    shards: list[list[Link]] = [[] for _ in range(count)]
    for piece in sorted(pieces, key=len, reverse=True):
        min(shards, key=len).extend(piece)
    return shards


def _pieces(links: Sequence[Link], room: int, pages_per_shard: int) -> list[Sequence[Link]]:
    """Some links in even pieces that a shard can take."""
    if not links:
        return []
    ordered = sorted(links, key=lambda link: link.url)
    count = math.ceil(len(ordered) / max(room, pages_per_shard))
    size = math.ceil(len(ordered) / count)
    return [ordered[at : at + size] for at in range(0, len(ordered), size)]
