"""The same text under many addresses of a host: a wall whose words nobody knows yet.

A consent form, a notice or an error page reads like a story, again and again. What gives it away
is that the same text stands where feeds, addresses or headlines promise different stories. Two
addresses of one wire story do not: they promise the same one.

The rule, for the stories of one run that share a host and, word for word, a text: it is a wall
when they are ``MANY`` stories or more by their ``article_id``, and also by what they promise. What
they promise is told by the titles in the feed, if all have one; else by the headlines on the pages
or the words in the addresses, whichever differ more. Galleries and videos promise nothing: one
line often stands under all of them.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence

from newsdesk.article import Article, Capture, Reading, Rejection
from newsdesk.fields import urls
from newsdesk.fields.names import squash

MANY = 3
"""Different stories from which one text is no story's."""

Read = tuple[Capture, Reading]


def same_text(read: Sequence[Read]) -> list[Reading]:
    """Readings, with the stories rejected that one text stands for.

    Args:
        read: What was read, each with the capture it was read from.

    Returns:
        The readings in the same order; ``same_text`` is the reason of those newly rejected.
    """
    alike: dict[object, list[int]] = defaultdict(list)
    for number, (_, reading) in enumerate(read):
        article = reading.article
        text = article.body or article.text_simhash  # a paper may forbid storing its texts
        if reading.rejection is None and text:
            host = urls.host_of(article.url)
            alike[article.source, host, article.word_count, text].append(number)
    readings = [reading for _, reading in read]
    for numbers in alike.values():
        if _is_wall([read[number] for number in numbers]):
            for number in numbers:
                readings[number] = _rejected(*read[number], len(numbers))
    return readings


def _is_wall(group: Sequence[Read]) -> bool:
    promising = [one for one in group if one[1].article.article_type in ("news", "opinion")]
    if len({reading.article.article_id for _, reading in promising}) < MANY:
        return False
    titles = {squash(capture.link.headline_hint or "") for capture, _ in promising}
    if "" not in titles:
        return len(titles) >= MANY
    headlines = {squash(reading.article.headline or "") for _, reading in promising}
    words = {_words(reading.article) for _, reading in promising} - {""}
    return max(len(headlines), len(words)) >= MANY


def _words(article: Article) -> str:
    """The words of an address, without its numbers: those of its longest part."""
    parts = urls.path_of(article.url).split("/")
    return re.sub(r"[\W\d_]+", "", max(parts, key=len)).casefold()


def _rejected(capture: Capture, reading: Reading, addresses: int) -> Reading:
    article = reading.article
    evidence = (
        f"the same {article.word_count} words under {addresses} addresses of "
        f"{urls.host_of(article.url)}"
    )
    rejection = Rejection(
        source=article.source,
        url=article.url,
        captured_at=article.captured_at,
        reason="same_text",
        evidence=evidence[:300],
        reader_version=article.reader_version,
        article_id=article.article_id,
        capture=article.capture,
        http_status=capture.status,
        headline=article.headline,
        published_at=article.published_at,
    )
    return dataclasses.replace(reading, rejection=rejection)
