"""BeautifulSoup on a fragment: text whose markup is escaped, broken or made of line breaks."""

from __future__ import annotations

import html
import re

from newsdesk.fields.text import tidy

_BLOCKS = ["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr", "br"]
_UNSEEN = ["script", "style", "figure", "figcaption", "aside", "iframe", "noscript"]


def paragraphs(fragment: str) -> tuple[str, ...]:
    """The paragraphs of a piece of HTML, escaped or not, however broken.

    >>> paragraphs("&lt;p&gt;Rain fell.&lt;p&gt;It <b>stopped</b>.<br>Then")
    ('Rain fell.', 'It stopped.', 'Then')
    """
    from bs4 import BeautifulSoup

    if "&lt;" in fragment:
        fragment = html.unescape(fragment)
    soup = BeautifulSoup(fragment, "lxml")
    for node in soup(_UNSEEN):
        node.decompose()
    for node in soup(_BLOCKS):
        node.insert_before("\n\n")
        node.insert_after("\n\n")
    return tuple(t for t in map(tidy, re.split(r"\n\s*\n", soup.get_text())) if t)
