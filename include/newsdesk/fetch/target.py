"""What a URL means: whom to connect to, whom to name, what to record."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from yarl import URL

from newsdesk.errors import AddressRefused
from newsdesk.sources import Source

MAX_LENGTH = 8_192
"""Longer URLs are refused; servers refuse them too."""

_AS_WRITTEN = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_NUMBER_LAST = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_USERINFO = re.compile(
    r"^((?:[a-z][a-z0-9+.-]*:)?+[/\\]*+)(?:[^/?#\\:]*:.*|[^/?#\\]*)@", re.IGNORECASE | re.DOTALL
)
"""What may be credentials, however many slashes are before them or in them: all up to the last @ of
an address that begins like ``name:``, else up to the last one before the path."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes.

    Attributes:
        url: The address to record, without a fragment.
        host: Its host in lower case, in Punycode: whose robots.txt and whose turn it is.
        origin: Scheme, host and port of that address.
        path: Path and query as they are sent.
        connect: The address to connect to; another than ``url`` only through ``fetch_via``.
        via: The ``fetch_via`` address that stands in for the host, if one does.
    """

    url: str
    host: str
    origin: str
    path: str
    connect: URL
    via: str | None = None

    @property
    def host_header(self) -> str:
        """Host, and the port when it is not the scheme's own."""
        return self.origin.split("://", 1)[1]


def target_of(url: str, source: Source) -> Target:
    """What a URL means for a paper.

    Raises:
        AddressRefused: It is no http(s) URL with a host, or carries credentials.
    """
    url = urldefrag(url).url
    if len(url) > MAX_LENGTH:
        raise AddressRefused(named(url)[:200] + "...", "is too long", code="url_refused")
    parsed = _parsed(url)
    host = (parsed.raw_host or "").lower()
    if not _HOST.fullmatch(host):
        raise AddressRefused(named(url), "has no valid host", code="url_refused")
    if _NUMBER_LAST.fullmatch(host) and not _is_ipv4(host):  # what it means, resolvers disagree on
        raise AddressRefused(named(url), "is an address in an odd notation", code="url_refused")
    port = parsed.explicit_port
    name = f"[{host}]" if ":" in host else host
    origin = f"{parsed.scheme}://{name}" + (f":{port}" if port not in (None, _own(parsed)) else "")
    path = _path(url, parsed)
    via = source.fetch.fetch_via
    if via is not None and source.owns(f"{parsed.scheme}://{name}/"):
        return Target(url, host, origin, path, URL(via.rstrip("/") + path, encoded=True), via)
    return Target(url, host, origin, path, URL(origin + path, encoded=True))


def redirected(target: Target, location: str) -> str:
    """The address that a redirect leads to, as it is recorded.

    A server behind ``fetch_via`` may name its own address: that means the host it stands in for.
    """
    try:
        url = urljoin(target.url, location.strip())
    except ValueError:
        url = location
    if target.via is not None:
        prefix = target.via.rstrip("/")
        if url == prefix or url.startswith((prefix + "/", prefix + "?")):
            return target.origin + "/" + url[len(prefix) :].removeprefix("/")
    return url


def named(url: str) -> str:
    """The URL as errors and logs may show it: without credentials, not too long.

    >>> named("http://user:secret@example.com/a")
    'http://example.com/a'
    >>> named("http:/user:sec/ret@example.com/a")
    'http:/example.com/a'
    """
    return _USERINFO.sub(r"\1", url)[:500]


def _parsed(url: str) -> URL:
    try:
        parsed = URL(url)
        netloc = urlsplit(url).netloc
    except ValueError as error:
        reason = str(error).splitlines()[0] if "@" not in url else "malformed"
        raise AddressRefused(
            named(url), f"is no usable URL: {reason}", code="url_refused"
        ) from None
    if parsed.scheme not in ("http", "https"):
        raise AddressRefused(named(url), "is not http or https", code="url_refused")
    if "@" in netloc or parsed.raw_user is not None or parsed.raw_password is not None:
        raise AddressRefused(named(url), "carries credentials", code="url_refused")
    return parsed


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _own(url: URL) -> int:
    return 443 if url.scheme == "https" else 80


def _path(url: str, parsed: URL) -> str:
    """Path and query as written where they may be; else quoted, and without dot segments."""
    parts = urlsplit(url)
    written = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if _AS_WRITTEN.fullmatch(written) and written.startswith("/") and "/." not in parts.path:
        return written
    return parsed.raw_path_qs
