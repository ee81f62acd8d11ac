"""Own landed pages: captures in our bucket that no run has published yet.

Two kinds: what ``harvest_archives`` took out of the files of an archive, kept by the day that the
pages say they are of; and what runs of the same day landed and never published, because they were
cancelled or lost. Neither needs the network. How a story became known stays as it was: a run that
is repeated must not read differently from one that was not. Pages that opt out of mining, of a paper
whose wish is obeyed, were not kept: their links are found all the same, to be refused.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsdesk import article, records
from newsdesk.article import Capture, Copy, Link, Via
from newsdesk.discover.links import fold
from newsdesk.discover.strategy import Found, Offer
from newsdesk.layout import Layout, run_slug
from newsdesk.sources import Source
from newsdesk.store import Store


@dataclass(frozen=True, slots=True)
class LandedPart:
    """What became of some links: the record beside a WARC file, or of one day's part of one."""

    captures: tuple[Capture, ...]


@dataclass(frozen=True, slots=True)
class Landed:
    """The strategy.

    Attributes:
        captures: Pages as ``read_landed`` found them, of any paper.
    """

    captures: Sequence[Capture]
    name: article.Strategy = "landed"

    def offers(self, source: Source, day: dt.date) -> Offer | None:
        """See ``Strategy.offers``."""
        stories = len(self._links(source))
        return Offer("landed", stories=stories) if stories else None

    async def find(self, source: Source, day: dt.date) -> Found:
        """See ``Strategy.find``; the captures were made for this day."""
        return Found(links=self._links(source))

    def _links(self, source: Source) -> list[Link]:
        own = (
            x.link
            for x in self.captures
            if x.link.source == source.name and (x.ref or source.fetch.obey_opt_out)
        )
        return list(fold(link for link in own if source.is_story(link.url)).values())


def read_landed(store: Store, layout: Layout, day: dt.date, run_id: str) -> list[Capture]:
    """The landed pages of a day that wait for a run, each with its link's copy of it, oldest first.

    Args:
        store: The bucket.
        layout: Its keys.
        day: UTC.
        run_id: The run that asks; what it landed itself is none of them.

    Raises:
        StoreError: A record cannot be read.
    """
    harvested = (info.key for info in store.list(layout.landed(day)))
    kept = [_kept(x, None) for x in _captures(store, harvested)]
    left = _unfinished(store, layout, day, run_id)
    kept += [_kept(x, "landed") for x in _captures(store, left) if x.fate is None and x.ref]
    return sorted(kept, key=lambda x: (x.captured_at, x.link.url))


def copy_of(capture: Capture, via: Via) -> Copy:
    """A landed page, or one that was left alone, as a copy that a link can name."""
    copy = Copy(
        via=via,
        url=capture.final_url or capture.link.url,
        captured_at=capture.captured_at,
        content_type=capture.content_type,
        opt_out=capture.opt_out,
    )
    if (ref := capture.ref) is None:
        return copy
    return replace(
        copy,
        key=ref.key,
        offset=ref.offset,
        length=ref.length,
        digest=ref.digest,
    )


def _kept(capture: Capture, via: Via | None) -> Capture:
    link = capture.link
    copy = copy_of(capture, via or link.via[0])
    return replace(capture, link=replace(link, copies=(copy,)))


def _captures(store: Store, keys: Iterable[str]) -> Iterator[Capture]:
    for key in keys:
        yield from records.unpack(LandedPart, store.get(key), subject=key).captures


def _unfinished(store: Store, layout: Layout, day: dt.date, run_id: str) -> list[str]:
    """The capture records of other runs of the day that never published."""
    prefix = layout.runs(day)
    by_run: dict[str, list[str]] = defaultdict(list)
    for info in store.list(prefix):
        run, _, name = info.key.removeprefix(prefix).partition("/")
        by_run[run].append(name)
    return [
        f"{prefix}{run}/{name}"
        for run, names in sorted(by_run.items())
        if run != run_slug(run_id) and "published.json.zst" not in names
        for name in sorted(names)
        if name.startswith("captures-")
    ]
