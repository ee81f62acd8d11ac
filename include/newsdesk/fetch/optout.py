"""Signals that a paper does not want its texts mined, or models trained with them.

* robots.txt that shuts out crawlers known to gather for such uses, by name;
* ``tdm-reservation: 1``, as a header line or a ``meta`` element (W3C's TDM Reservation Protocol);
* ``noai`` in ``X-Robots-Tag`` or a ``meta`` element of robots.

What a host's ``tdmrep.json`` says is read by ``reservations``.
"""

from __future__ import annotations

import re

from newsdesk.article import Response

AGENTS = (
    *("GPTBot", "ChatGPT-User", "CCBot", "ClaudeBot", "anthropic-ai", "Google-Extended"),
    *("Applebot-Extended", "Bytespider", "meta-externalagent", "PerplexityBot", "Amazonbot"),
    *("cohere-ai", "Diffbot", "omgili", "img2dataset"),
)
"""Product tokens of crawlers that gather texts for machine learning, as their operators publish
them; robots.txt that names one of them speaks to that use."""

HEAD_BYTES = 65_536
"""How much of a page is searched for ``meta`` elements."""

_META = re.compile(rb"<meta\s[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""\b(name|content)\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"'>]{1,500}))""",
    re.IGNORECASE,
)


def signals(response: Response) -> tuple[str, ...]:
    """The signals that a response itself carries, sorted.

    >>> import datetime as dt
    >>> at = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
    >>> lines = (("X-Robots-Tag", "noai, noimageai"), ("TDM-Reservation", "1"))
    >>> signals(Response("http://a/", "http://a/", 200, "", lines, b"", b"", at))
    ('noai', 'tdm-reservation')
    """
    found = set()
    for name, value in (*response.headers, *_metas(response.body)):
        name = name.lower()
        if name == "tdm-reservation" and value.strip() == "1":
            found.add("tdm-reservation")
        if name in ("x-robots-tag", "robots") and _says_noai(value):
            found.add("noai")
    return tuple(sorted(found))


def _says_noai(value: str) -> bool:
    """Whether a list of directives has ``noai``; in a header a crawler's name may stand first."""
    return any(part.rpartition(":")[2].strip().lower() == "noai" for part in value.split(","))


def _metas(body: bytes) -> list[tuple[str, str]]:
    """Name and content of the ``meta`` elements at the beginning of a page."""
    found = []
    for tag in _META.findall(body[:HEAD_BYTES]):
        parts = {
            name.lower(): (quoted or single or bare).decode("latin-1")
            for name, quoted, single, bare in _ATTRIBUTE.findall(tag)
        }
        if b"name" in parts and b"content" in parts:
            found.append((parts[b"name"], parts[b"content"]))
    return found
