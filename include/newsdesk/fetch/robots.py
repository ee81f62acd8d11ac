"""What robots.txt says to newsdesk, by RFC 9309.

Protego matches the rules. Its reading of a file is more generous than the standard's, which would
let newsdesk in where it is shut out, so the file is first rewritten to what the standard sees: a
product token ends at the first character that cannot be in one, a line of another kind does not
close a group, a token stands for itself alone. Paths are then read twice, with their escapes
decoded and literally; both readings must allow a URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from protego import Protego

TOKEN = "newsdesk"  # noqa: S105 - the product token that robots.txt calls us by
"""The name that robots.txt calls newsdesk by."""

MAX_BYTES = 512_000
"""What is read of a file; RFC 9309 asks for at least 500 KiB."""

LONGEST_DELAY = 30.0
"""Seconds; a longer crawl-delay counts as this, or a day of news would take a week."""

_LINE_BYTES = 16_663  # where Google's parser, which the standard was written from, cuts lines
_FIELD = re.compile(
    rb"\s*(?:(?P<agent>user[- ]?agent)|(?P<allow>allow)|(?P<disallow>diss?all?ow|disallaw|diasllow)"
    rb"|(?P<delay>crawl[- ]delay)|(?P<sitemap>site-?maps?))\s*(?::|(?<=\s))\s*(?P<value>.*?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = "another-robot/"  # no query of ours can match it
_UNSAFE = re.compile(rb"[^\x21-\x7e]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host.

    Attributes:
        sitemaps: The ``Sitemap:`` lines, in order.
        delay: Seconds between requests that the file asks for; ``None`` when it asks for none.
    """

    sitemaps: tuple[str, ...]
    delay: float | None
    _decoded: Protego
    _literal: Protego
    _others: tuple[tuple[str, Robots], ...] = ()

    def allows(self, url: str) -> bool:
        """Whether newsdesk may ask for an absolute URL."""
        return bool(
            self._decoded.can_fetch(url, TOKEN) and self._literal.can_fetch(_literal(url), TOKEN)
        )

    def shut_out(self, url: str) -> tuple[str, ...]:
        """Which of the other crawlers, named to ``parse_robots``, may not ask for a URL."""
        return tuple(name for name, rules in self._others if not rules.allows(url))


def parse_robots(body: bytes, token: str = TOKEN, others: Iterable[str] = ()) -> Robots:
    """Reads a robots.txt; what is no rule is passed over, so any bytes can be read.

    Args:
        body: The file; more than ``MAX_BYTES`` of it is not read.
        token: The product token whose rules count.
        others: Product tokens of other crawlers; of those that the file names the rules are kept.
    """
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES].rpartition(b"\n")[0]  # half a rule says something else
    body = body.removeprefix(b"\xef\xbb\xbf")
    decoded: list[str] = []
    literal: list[str] = []
    sitemaps: list[str] = []
    for line in re.split(rb"\r\n|\r|\n", body):
        found = _FIELD.fullmatch(line[:_LINE_BYTES].partition(b"#")[0])
        if found is None:
            continue
        kind, value = _kind(found), found["value"]
        if kind == "sitemap":
            sitemaps.append(value.decode("utf-8", "replace"))
        elif kind == "agent":
            rule = f"user-agent: {_agent(value, token)}"
            decoded.append(rule)
            literal.append(rule)
        elif kind == "delay":
            decoded.append(f"crawl-delay: {value.decode('ascii', 'replace')}")
        else:
            path = _UNSAFE.sub(lambda byte: b"%%%02X" % byte[0][0], value).decode("ascii")
            decoded.append(f"{kind}: {path}")
            literal.append(f"{kind}: {_literal(path)}")
    first = Protego.parse("\n".join(decoded))
    delay = first.crawl_delay(TOKEN)
    lower = body.lower()
    named = [one for one in others if one.lower().encode() in lower]
    return Robots(
        sitemaps=tuple(line for line in sitemaps if line),
        delay=None if delay is None else min(float(delay), LONGEST_DELAY),
        _decoded=first,
        _literal=Protego.parse("\n".join(literal)),
        _others=tuple((one, parse_robots(body, one)) for one in named),
    )


def _kind(found: re.Match[bytes]) -> str:
    kinds = ("agent", "allow", "disallow", "delay", "sitemap")
    return next(kind for kind in kinds if found[kind] is not None)


def _agent(value: bytes, token: str) -> str:
    if re.match(rb"\*(?:\s|$)", value):
        return "*"
    named = re.match(rb"[A-Za-z_-]*", value)
    ours = named is not None and named[0].decode("ascii").lower() == token.lower()
    return TOKEN if ours else _OTHER


def _literal(text: str) -> str:
    """With every escape made unreadable, and its letters upper-case, so that Protego keeps it."""
    return _ESCAPE.sub(lambda found: "%25" + (found[1] or "").upper(), text)
