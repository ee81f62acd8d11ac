"""What tells a story: its identifiers, the addresses it has or had, sentences of its body."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.sources import Source

LONG_ENOUGH = 40
"""Characters of a paragraph from which on it tells a story from others."""

KEPT = 80
"""Characters of a sentence that are searched for."""

MOST = 8
"""Sentences of one version that are searched for: the beginnings of its longest paragraphs."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a story that is to be erased.

    Attributes:
        ids: Identifiers: its own, and those of links that led to it.
        urls: Addresses, as recorded.
        sentences: Of its bodies, white space folded.
        captures: WARC files and offsets at which its pages are landed.
        days: Published days, UTC, on which it was.
    """

    ids: frozenset[str]
    urls: frozenset[str] = frozenset()
    sentences: frozenset[str] = frozenset()
    captures: frozenset[tuple[str, int]] = frozenset()
    days: frozenset[dt.date] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Identifiers and addresses, sorted."""
        return tuple(sorted(self.ids | self.urls))

    def __or__(self, other: Story) -> Story:
        """What both know of one story."""
        return Story(
            self.ids | other.ids,
            self.urls | other.urls,
            self.sentences | other.sentences,
            self.captures | other.captures,
            self.days | other.days,
        )


@dataclass(frozen=True)
class Traces:
    """Tells what is the story's.

    Args:
        story: The story.
        sources: Papers, which know what story an address is.
    """

    story: Story
    sources: tuple[Source, ...] = ()
    _known: dict[str, bool] = field(default_factory=dict, repr=False)

    def is_of(self, url: str) -> bool:
        """Whether an address is one of the story's, also one that nobody has recorded."""
        if url not in self._known:
            self._known[url] = url in self.story.urls or any(
                source.owns(url) and source.article_id(url) in self.story.ids
                for source in self.sources
            )
        return self._known[url]

    def rows(self, rows: pa.Table) -> pa.Array:
        """Which rows are the story's, by whichever columns name one."""
        mine = pa.array([False] * rows.num_rows, pa.bool_())
        for column, values in (("article_id", self.story.ids), ("url", self.story.urls)):
            if column in rows.column_names:
                among = pa.array(sorted(values), pa.string())
                here = pc.is_in(rows[column].cast(pa.string()), value_set=among)
                mine = pc.or_(mine, here.combine_chunks())
        return mine

    def mentioned(self, text: bytes) -> int:
        """How often identifiers and addresses of the story stand in a text."""
        return sum(1 for _ in self._names.finditer(text))

    def quoted(self, text: bytes) -> bool:
        """Whether a sentence of the story stands in a text whose white space is folded."""
        return self._sentences is not None and self._sentences.search(text) is not None

    @cached_property
    def pattern(self) -> str | None:
        """The sentences as one pattern for rows; ``None`` when none is known."""
        if not self.story.sentences:
            return None
        return "|".join(re.escape(one) for one in sorted(self.story.sentences))

    @cached_property
    def _names(self) -> re.Pattern[bytes]:
        """Addresses end where they end: ``…/story-1`` does not stand in ``…/story-12``."""
        ids = "|".join(sorted(self.story.ids))
        urls = "|".join(re.escape(one) for url in sorted(self.story.urls) for one in _written(url))
        ends = r"(?![\w/?&=%~-]|\.\w)"
        return re.compile("|".join(filter(None, (ids, f"(?:{urls}){ends}" * bool(urls)))).encode())

    @cached_property
    def _sentences(self) -> re.Pattern[bytes] | None:
        ways = {way for one in self.story.sentences for way in _written(one)}
        return re.compile("|".join(map(re.escape, sorted(ways))).encode()) if ways else None


def sentences_of(bodies: Iterable[str | None]) -> frozenset[str]:
    """What to search for of some bodies; nothing of those without a paragraph of some length."""
    found: set[str] = set()
    for body in bodies:
        paragraphs = {folded(one) for one in (body or "").split("\n\n")}
        long = sorted((one for one in paragraphs if len(one) >= LONG_ENOUGH), key=len)
        found |= {one[:KEPT].strip() for one in long[-MOST:]}
    return frozenset(found)


def folded(text: str) -> str:
    """A text in which all white space is one blank."""
    return _SPACE.sub(" ", text).strip()


def _written(text: str) -> set[str]:
    """A text as it is, and as it stands in JSON."""
    return {text, json.dumps(text, ensure_ascii=False)[1:-1]}
