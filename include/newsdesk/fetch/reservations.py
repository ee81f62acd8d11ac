"""What a host reserves from text and data mining: its ``/.well-known/tdmrep.json``.

The file is a list of rules, each with a ``location`` (a pattern of paths as in robots.txt) and
``tdm-reservation``, 1 or 0. Of the rules that match a path the one with the longest location
counts, again as in robots.txt. W3C TDM Reservation Protocol: https://www.w3.org/2022/tdmrep/
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsdesk.article import Response
from newsdesk.errors import FetchError
from newsdesk.fetch.hostfile import HostFiles
from newsdesk.fetch.target import Target
from newsdesk.sources import Source

PATH = "/.well-known/tdmrep.json"

MAX_BYTES = 512_000
MAX_RULES = 1_000
"""A file with more is read as far as that."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The rules of one host: locations and whether they are reserved, the longest first."""

    rules: tuple[tuple[str, bool], ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a path (with its query) is reserved."""
        return next(
            (reserved for location, reserved in self.rules if matches(location, path)), False
        )


def parse_reservation(body: bytes) -> Reservation:
    """Reads a ``tdmrep.json``; what is no rule is passed over, so any bytes can be read.

    >>> told = parse_reservation(b'[{"location": "/world*", "tdm-reservation": 1}]')
    >>> told.holds("/world/ferry"), told.holds("/sports/ferry")
    (True, False)
    """
    try:
        found = json.loads(body[: MAX_BYTES + 1])
    except (ValueError, RecursionError):
        return Reservation()
    rules = [
        (location, str(rule.get("tdm-reservation")) in ("1", "True"))
        for rule in (found if isinstance(found, list) else [found])[:MAX_RULES]
        if isinstance(rule, dict) and isinstance(location := rule.get("location"), str)
    ]
    # of two rules of one length the reservation counts
    return Reservation(tuple(sorted(rules, key=lambda rule: (-len(rule[0]), not rule[1]))))


def matches(location: str, path: str) -> bool:
    """Whether a path begins as a location says; ``*`` is anything, a last ``$`` the path's end.

    >>> matches("/a*.html$", "/a/b.html"), matches("/a$", "/ab"), matches("/a", "/ab")
    (True, False, True)
    """
    whole = location.endswith("$")
    first, *rest = location.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not whole or at == len(path)
    *inner, last = rest
    for part in inner:  # the leftmost place of each leaves most to the others
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return path.endswith(last) and len(path) - len(last) >= at if whole else last in path[at:]


class Reservations(HostFiles):
    """What every host reserves: its file is asked for if its robots.txt lets us."""

    def __init__(
        self,
        ask: Callable[[str, Source], Awaitable[Response]],
        now: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(ask, now)
        self._known: dict[str, Reservation] = {}

    async def of(self, target: Target, source: Source) -> Reservation:
        """What a target's host reserves; nothing where it has no such file, or gives none."""
        async with self._asking[target.origin]:
            if target.origin not in self._known:
                self._known[target.origin] = await self._fetched(target, source)
        return self._known[target.origin]

    async def _fetched(self, target: Target, source: Source) -> Reservation:
        url = target.origin + PATH
        try:
            response = await self._ask(url, source)
        except FetchError as error:
            self._note(url, None, error.reason)
            return Reservation()
        self._note(url, response, None)
        return parse_reservation(response.body) if response.status == 200 else Reservation()
