"""What is no name in a byline: an address, a date, the paper's own name as a person."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from newsdesk.fields.dates import Moment, read_date
from newsdesk.fields.names import squash
from newsdesk.sources import Source

_ADDRESS = re.compile(r"\S@\S+\.\w|://|\bwww\.", re.IGNORECASE)
_NOT_A_PERSON = re.compile(r"[\d@]|\w\.(?:com|net|org)\b", re.IGNORECASE)
_UTC = ZoneInfo("UTC")
_LATEST = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)  # any date is one here, also a coming one


def own_names(source: Source) -> frozenset[str]:
    """The names of a paper, as ``junk_name`` compares them."""
    return frozenset(map(squash, (source.title, *source.outlet_names, *source.domains)))


def junk_name(bylines: Iterable[tuple[str | None, str | None]], own: frozenset[str]) -> str | None:
    """The first name of a byline that is none; ``None`` when all are names.

    Args:
        bylines: Pairs of name and kind.
        own: The paper's names.

    >>> junk_name([("Ada Moss", "person"), ("desk@post.example", "desk")], frozenset())
    'desk@post.example'
    >>> junk_name([("The Post", "outlet")], frozenset({"thepost"}))
    """
    return next((name or "" for name, kind in bylines if is_junk(name or "", kind, own)), None)


@lru_cache(maxsize=10_000)
def is_junk(name: str, kind: str | None, own: frozenset[str]) -> bool:
    """Whether one name of a byline is none.

    No contributor is an address or a date. A person has no digits or domain in the name, and is
    not the paper: that signs as the outlet.

    >>> is_junk("Jan 13, 2022", "agency", frozenset()), is_junk("Agence 24", "agency", frozenset())
    (True, False)
    """
    if not name.strip() or _ADDRESS.search(name):
        return True
    if kind == "person" and (_NOT_A_PERSON.search(name) or squash(name) in own):
        return True
    return isinstance(read_date(name, zone=_UTC, captured_at=_LATEST), Moment)
