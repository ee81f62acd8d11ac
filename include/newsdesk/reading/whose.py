"""Which paper an address belongs to; a paper made up from the address when nobody knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from newsdesk.fields import urls
from newsdesk.sources import Source

if TYPE_CHECKING:
    from tldextract import TLDExtract


def source_for(url: str, sources: Mapping[str, Source]) -> Source:
    """The paper on whose domain an address lies; else a general one for its registered domain.

    >>> source = source_for("https://news.example.co.uk/a-story", {})
    >>> source.name, source.domains, source.home
    ('example_co_uk', ('example.co.uk',), 'https://news.example.co.uk/')
    """
    host = urls.host_of(url)
    known = [source for source in sources.values() if source.owns(url)]
    if known:  # the most particular domain, then the first name
        return min(known, key=lambda s: (-max(map(len, s.domains)), s.name))
    return _general(host)


@cache
def _general(host: str) -> Source:
    domain = _suffixes()(host).top_domain_under_public_suffix or _last_labels(host)
    name = re.sub(r"[^a-z0-9]+", "_", domain.lower()).strip("_")
    name = name if re.match(r"[a-z]", name) else f"n{name}"
    home = host if re.fullmatch(r"[\w.-]+", host) else "unknown.invalid"
    return Source(
        name=(name + "_x" if len(name) < 2 else name)[:48],
        title=domain,
        home=f"https://{home}/",
        domains=(domain,),
        language="en",
        edition="main",
        enabled=False,
    )


def _last_labels(host: str) -> str:
    """What stands for the registered domain of a host that no registry has: an internal one's."""
    if not host or ":" in host or host.replace(".", "").isdigit():
        return host or "unknown.invalid"
    return ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract

    # Without addresses of lists it uses the list that comes with it: no network.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)
