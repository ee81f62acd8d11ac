"""Links that lead to whoever wrote: pages about an author, and writers' own accounts."""

from __future__ import annotations

import re

from newsdesk.reading.document import text_in
from newsdesk.reading.lines import Line

MAX_NAME = 80
"""Characters of a link's text that may be a name."""

_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|by|people|staff|profiles?|contributors?|journalists?|columnists?|writers?"
    r"|autore?n?|autor(?:es)?|auteurs?|redakteure?|yazar(?:lar)?|reporters?|bio|team|autori|autory|szerzo|forfatter|skribent|novinari|av)/[^/?#]"
)
_COLUMNIST = re.compile(r"/columns/[^/?#]+/?$")
_ACCOUNT = re.compile(r"(?:https?://(?:[\w-]+\.)*(?:substack|medium)\.com)?/@[\w.-]+/?(?:$|[?#])")
"""The page of a writer where every writer has an account; elsewhere it is an account of the paper."""


def author_links(line: Line) -> list[str]:
    """Texts of the links in a line that lead to a page about an author."""
    nodes = line.links()
    return [
        text
        for node in nodes
        if _is_author_link(node.attributes) and (text := text_in(node)) and len(text) < MAX_NAME
    ]


def _is_author_link(attributes: dict[str, str | None]) -> bool:
    address = attributes.get("href") or ""
    return "author" in (attributes.get("rel") or "") or bool(
        _AUTHOR_PAGE.search(address) or _ACCOUNT.match(address) or _COLUMNIST.search(address)
    )
