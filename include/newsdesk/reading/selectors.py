"""Checks the CSS selectors of a paper's file before any page meets them."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

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
