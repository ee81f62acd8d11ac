"""A paper's CSS selectors: whether each is one, and which of them a page does not answer."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from newsdesk.article import Candidate
from newsdesk.errors import SourceError
from newsdesk.sources import Epoch, Source


def check_selectors(source: Source, where: str) -> None:
    """Makes sure that every selector of a paper is one.

    Args:
        source: The paper.
        where: Its file, for the message.

    Raises:
        SourceError: Names the file, the key and the selector.
    """
    tree = LexborHTMLParser("<html><body><p>")
    for number, epoch in enumerate(source.reading):
        for key in Epoch.model_fields:
            selectors = getattr(epoch, key)
            for selector in selectors if isinstance(selectors, tuple) else ():
                try:
                    if not selector.strip():
                        raise ValueError("empty")
                    tree.css(selector)
                except (SelectolaxError, ValueError) as error:
                    raise SourceError(
                        where, f"reading.{number}.{key}: not a CSS selector: {selector!r}"
                    ) from error


_FIELDS = {"byline": "bylines", "date": "published_at"}
"""Fields whose selectors have another name."""


def unanswered(tree: LexborHTMLParser, epoch: Epoch) -> list[Candidate]:
    """The selectors of a paper that match nothing on a page, for whoever writes them.

    Args:
        tree: The page, before anything is cut out of it.
        epoch: The paper's selectors.

    Returns:
        A candidate without a value for each, under the field that it was meant for.
    """
    found = []
    for key in Epoch.model_fields:
        selectors = getattr(epoch, key)
        for selector in selectors if isinstance(selectors, tuple) else ():
            try:
                matched = tree.css_first(selector) is not None
            except SelectolaxError:
                continue  # ``check_selectors`` says so
            if not matched:
                evidence = f"{selector} matches nothing"
                found.append(Candidate(_FIELDS.get(key, key), "site", "", evidence))
    return found
