"""Who wrote a story as its data says: names in JSON-LD and microdata, as written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from newsdesk.fields.names import squash
from newsdesk.reading import jsonld
from newsdesk.reading.document import Document, value_of

MAX_NAMES = 8

_ACCOUNT = re.compile(r"/author/(?:admin|administrator|webmaster|root)\d*/?$")
"""Page of a site's own account: who puts stories in under its name need not have written them."""


def names(doc: Document) -> Iterable[str]:
    """Names of the story's ``author`` and ``creator``."""
    for key in ("author", "creator"):
        values = jsonld.resolve(doc.story.get(key), doc.known)
        found = [name for value in values for name in _named(value, doc)]
        if found:
            yield from found
            return


def accounts(doc: Document) -> AbstractSet[str]:
    """Names of the story's authors that are the site's own account, squashed."""
    return {
        squash(name)
        for value in jsonld.resolve(doc.story.get("author"), doc.known)
        if isinstance(value, dict)
        and any(_ACCOUNT.search(jsonld.text_of(value.get(key)) or "") for key in ("@id", "url"))
        for name in _named(value, doc)
    }


def _named(value: Any, doc: Document) -> Iterable[str]:
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, dict | list):
            for one in name if isinstance(name, list) else [name]:
                yield from _named(one, doc)
            return
        if not name and ("givenName" in value or "familyName" in value):
            name = f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        value = name
    text = jsonld.text_of(value)
    if text and not text.startswith("http"):
        yield text


def items(doc: Document) -> list[str]:
    """Authors in microdata: the first, and those in the same element."""
    nodes = doc.items.get("author", [])
    if not nodes:
        return []
    around = nodes[0].parent
    home = around.mem_id if around is not None else None
    near = [n for n in nodes if (up := n.parent) is not None and up.mem_id == home]
    texts = []
    for node in near[:MAX_NAMES]:
        name = node.css_first("[itemprop=name]")
        texts.append(value_of(name if name is not None else node))
    return [text for text in texts if text and not text.startswith("http")]
