"""Times that a page prints by a script: the reader sees them, its text does not hold them."""

from __future__ import annotations

import re

MOST = 50
"""Times looked at; a page with more is a list of stories."""

_DAY = rb"(?:19|20)\d\d[-/](?:0\d|1[0-2])[-/](?:[0-2]\d|3[01])"
_WRITTEN = re.compile(
    rb"\sdata-(?:[a-z]+-)?(?:time|date|datetime|timestamp|epoch|published|pubdate|created)(?:-[a-z]+)?"
    rb"\s*=\s*[\"']?(1\d{9}(?:\d{3})?(?!\d)|" + _DAY + rb"(?:[T ][\d:.+Z-]{4,24})?)"
    rb"|<script[^<>]{0,100}>\s*[\w.]{1,60}\(\s*[\"'](" + _DAY + rb"(?: \d\d:\d\d(?::\d\d)?)?)"
    rb"[^<]{0,100}</script"
)


def times(html: bytes) -> list[str]:
    """Times in attributes that scripts read, and in scripts that are one call with a time.

    Papers that print "3 hours ago" keep the time as ``data-timestamp="1767258000"``; others let
    a script write it: ``<script>show("2026/01/01 10:00")</script>``.

    >>> times(b'<span data-timestamp="1767258000"></span><script>show("2026/01/01 10:00")</script>')
    ['1767258000', '2026/01/01 10:00']
    """
    found: list[str] = []
    for one in _WRITTEN.finditer(html):
        found.append((one[1] or one[2]).decode("ascii"))
        if len(found) > MOST:
            return []
    return found
