"""Feeds that strangers wrote, whole and damaged: nothing but ``FeedError``, and never for long."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.press import FEED, at, paper
from newsdesk.article import Link
from newsdesk.discover import parse_feed
from newsdesk.errors import FeedError

PAPER = paper(
    home="https://example.com/",
    domains=("example.com", "example.org", "example.net"),
    urls={"article": [".*"]},
)


@pytest.fixture(scope="module")
def feeds(corpus: Path) -> list[bytes]:
    files = sorted(path for path in (corpus / "feeds").rglob("*") if path.is_file())
    assert len(files) >= 1_850
    return [path.read_bytes() for path in files]


def read(body: bytes) -> tuple[tuple[Link, ...], str | None]:
    """The links of a feed, or why it was refused; any error but ``FeedError`` comes through."""
    try:
        return parse_feed(body, url=FEED, source=PAPER, looked_at=at(12)), None
    except FeedError as error:
        return (), str(error)


def seconds(body: bytes) -> float:
    """How long reading a feed takes, whatever it gives."""
    began = time.process_time()
    links, refusal = read(body)
    taken = time.process_time() - began
    assert refusal is None or refusal.startswith(FEED)
    for link in links:
        assert link.url.startswith("http")
        assert "\x00" not in f"{link.headline_hint}{link.byline_hint}{link.section_hint}"
        for hint in (link.published_hint, link.modified_hint):
            assert hint is None or hint.utcoffset() == dt.timedelta()
    return taken


def mutants(feeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Feeds with bytes changed, cut out, doubled, or put together from two."""
    dice = random.Random(seed)  # noqa: S311  # the same mutants every time, not a secret
    for _ in range(count):
        body = bytearray(dice.choice(feeds))
        for _ in range(dice.randint(1, 8)):
            at_, length = dice.randrange(len(body) + 1), dice.randint(1, 64)
            match dice.randrange(5):
                case 0:
                    body[at_:at_] = dice.randbytes(length)
                case 1:
                    del body[at_ : at_ + length]
                case 2:
                    body[at_:at_] = body[at_ : at_ + length] * dice.randint(1, 50)
                case 3:
                    other = dice.choice(feeds)
                    body[at_:] = other[min(at_, len(other)) :]
                case _:
                    body[at_:at_] = dice.choice([b"<", b">", b"&", b"\x00", b"]]>", b"<!--", b'"'])
        yield bytes(body)


def test_every_feed_is_read_or_refused_quickly(feeds: list[bytes]) -> None:
    taken = sorted(seconds(body) for body in feeds)
    assert taken[int(0.99 * len(taken))] <= 0.1
    assert taken[-1] < 2


def test_most_of_them_are_read(feeds: list[bytes]) -> None:
    refused = sum(read(body)[1] is not None for body in feeds)
    assert refused <= 20


def test_damaged_feeds_are_read_or_refused_quickly(feeds: list[bytes]) -> None:
    taken = sorted(seconds(body) for body in mutants(feeds, count=2_000, seed=1))
    assert taken[int(0.99 * len(taken))] <= 0.1
    assert taken[-1] < 2
