"""feedparser, without a search of its own whose time grows with the square of a text.

In whatever stands for an author feedparser looks for an e-mail address, with a pattern that starts
again at every letter: a name of 100,000 letters takes it more than half a minute. What it finds
goes into details that nobody here reads, so the search is left out, rather than author elements
counted beforehand: they have many names, namespaces of the feed's own choice, and text out of
references, CDATA and nested elements. How it gathers the name of an Atom author stays.
"""

from __future__ import annotations

import io
from typing import Any

from feedparser import api


def parse(text: bytes, content_type: str) -> Any:
    """What feedparser reads in a document that was found fit for it (``refuse_absurd``).

    Args:
        text: The document, without entity declarations.
        content_type: As in a response's header.
    """
    return api.parse(
        io.BytesIO(text),
        response_headers={"content-type": content_type},
        resolve_relative_uris=False,  # of the items' HTML, which nobody here reads
        sanitize_html=False,
    )


def _without_search(parser: type) -> None:
    gather = parser._sync_author_detail  # type: ignore[attr-defined]  # feedparser has no types

    def gather_only(self: Any, key: str = "author") -> None:
        known = self._get_context().get(f"{key}s")
        if known and known[-1]:  # the parts of a name; else it would search the text for them
            gather(self, key)

    parser._sync_author_detail = gather_only  # type: ignore[attr-defined]


for _parser in (api.StrictFeedParser, api.LooseFeedParser):
    _without_search(_parser)
