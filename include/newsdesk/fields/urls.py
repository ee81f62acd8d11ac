"""Addresses: made usable, folded to one per story, turned into the story's identifier.

A story is reached by many addresses: with and without ``www``, as AMP, with tracking parameters,
under a section that was renamed. ``canonical_key`` is what they have in common. Vectors in the
tests freeze it: a change of any key needs a new ``CANONICAL_VERSION`` and aliases for old ids.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

CANONICAL_VERSION = 1
"""Version of the rules below; grows when a key changes."""

MAX_LENGTH = 8_192
"""Longer addresses are unusable."""

_TWINS = ("www.", "m.", "mobile.", "amp.")
"""Host prefixes under which a paper shows the same stories."""

_TRACKING = re.compile(
    r"(?:utm|mtm|pk|hsa|vero|oly|wt)_\w+"
    r"|fbclid|gclid|gclsrc|dclid|msclkid|yclid|twclid|ttclid|gbraid|wbraid|li_fat_id|igshid|igsh"
    r"|mc_[ce]id|mkt_tok|_ga|_gl|_openstat|ref_src|ref_url|cmpid|ncid|ns_\w+|smid|smtyp|xtor|wtrid"
    r"|at_(?:medium|campaign|custom\d)|ito|icid|ocid|__twitter_impression|amp_js_v|usqp",
    re.IGNORECASE,
)
_EDGES = "".join(map(chr, range(0x21)))  # control characters and space, as browsers trim them
_ESCAPED = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_HOST = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]")
_PATH_SAFE = "%/:=&~+!$,;'@()*"
_QUERY_SAFE = _PATH_SAFE + "?[]|"
_SEGMENT_SAFE = ":=&~+!$,;'@()*"


@lru_cache(maxsize=1024)  # a page names its own address several times
def clean_url(url: str, base: str | None = None) -> str | None:
    """An absolute http(s) address without what does not belong to it.

    The host is in lower case (and in Punycode); fragment, user name, password, default port and
    tracking parameters are gone; what a browser would escape is escaped.

    Args:
        url: As written, possibly relative.
        base: Address of the page it stands on.

    Returns:
        ``None`` when it is no usable address.

    >>> clean_url("//WWW.Example.com:443/a b?utm_source=x&id=7#top", "https://example.com/")
    'https://www.example.com/a%20b?id=7'
    >>> clean_url("mailto:desk@example.com")
    """
    url = re.sub(r"[\t\r\n]", "", url.strip(_EDGES))
    if not url or len(url) > MAX_LENGTH:
        return None
    head, mark, tail = _cut(url)
    try:
        parts = urlsplit(urljoin(base or "", head.replace("\\", "/") + mark + tail))
        host, port = _host(parts), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    path = _without_dots(_quote(parts.path, _PATH_SAFE)) or "/"
    query = "&".join(
        part
        for part in _quote(parts.query, _QUERY_SAFE).split("&")
        if part and not _TRACKING.fullmatch(part.split("=", 1)[0])
    )
    return f"{parts.scheme}://{host}{path}{'?' + query if query else ''}"


def canonical_url(url: str, *, home: str, domains: Sequence[str], keep_query: Sequence[str]) -> str:
    """The address to show for a story.

    On the paper's own domains: no AMP, no query but the parameters that tell stories apart, and
    the home page's scheme and host instead of their ``www``, apex, mobile or AMP twin. Addresses
    elsewhere are only cleaned; an unusable one is given back as it is.

    >>> canonical_url("http://amp.example.com/world/x/amp?s=1", home="https://www.example.com/",
    ...               domains=["example.com"], keep_query=[])
    'https://www.example.com/world/x'
    """
    return _canonical(url, home, tuple(domains), tuple(keep_query))


@lru_cache(maxsize=1024)  # several fields of a page ask for its own
def _canonical(url: str, home: str, domains: tuple[str, ...], keep_query: tuple[str, ...]) -> str:
    cleaned = clean_url(url)
    if cleaned is None:
        return url
    if not on_domain(cleaned, domains):
        return cleaned
    parts, front = urlsplit(cleaned), urlsplit(home)
    scheme, host = parts.scheme, parts.netloc
    if _bare(host) == _bare(front.netloc.lower()):
        scheme, host = front.scheme.lower(), front.netloc.lower()
    path = parts.path
    while path.rstrip("/").lower().endswith("/amp"):
        path = path.rstrip("/")[:-4] or "/"
    if path.lower().startswith("/amp/"):
        path = path[4:]
    kept = sorted(p for p in parts.query.split("&") if p.split("=", 1)[0] in keep_query and p)
    return f"{scheme}://{host}{path}{'?' + '&'.join(kept) if kept else ''}"


def canonical_key(
    url: str,
    *,
    domains: Sequence[str],
    strip_suffixes: Sequence[str],
    renamed: Mapping[str, str],
) -> str:
    """What all addresses of a story have in common: its path, and its host if that matters.

    Args:
        url: An address, best the one that ``canonical_url`` gave.
        domains: The paper's own registered domains: their twins need no host in the key.
        strip_suffixes: Path endings that other addresses of the story do without.
        renamed: Path prefixes that changed, old to new.

    >>> canonical_key("https://m.example.com/Turkey/A%2Db/news/", domains=["example.com"],
    ...               strip_suffixes=["/news"], renamed={"/turkey/": "/turkiye/"})
    '/turkiye/a-b'
    """
    cleaned = clean_url(url)
    if cleaned is None:
        return url.strip()
    parts = urlsplit(cleaned)
    segments = [s for s in parts.path.split("/") if s]
    path = "/" + "/".join(_fold(segment) for segment in segments)
    suffixes = tuple(s.lower().rstrip("/") for s in strip_suffixes)
    while ending := next((s for s in suffixes if s and path.endswith(s) and path != s), None):
        path = path[: -len(ending)].rstrip("/")
    for old, new in renamed.items():
        if path.startswith(old.lower()):
            path = new.lower() + path[len(old) :]
            break
    host = _bare(parts.netloc)
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    own = host in {_bare(domain.lower()) for domain in domains}
    return f"{'' if own else host}{path}{'?' + query if query else ''}"


def article_id(source: str, key: str) -> str:
    """A story's identifier: the first 16 bytes of SHA-256 over source, newline and key, in hex.

    >>> article_id("example", "/a")
    '4c00810632feeb6ddb1c50f8e1793b26'
    """
    text = f"{source}\n{key}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:32]


def on_domain(url: str, domains: Sequence[str]) -> bool:
    """Whether an address lies on one of some registered domains or below it.

    >>> on_domain("https://www.example.com/x", ["example.com"])
    True
    >>> on_domain("https://notexample.com/x", ["example.com"])
    False
    """
    host = host_of(url)
    return any(host == d.lower() or host.endswith("." + d.lower()) for d in domains)


def host_of(url: str) -> str:
    """The host of an address in lower case; empty when it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The path of an address, at least ``/``."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


def is_front(path: str) -> bool:
    """Whether a path is a front page's: empty, or only a language or an index file.

    >>> is_front("/"), is_front("/en/index.html"), is_front("/world/a-b-c")
    (True, True, False)
    """
    parts = [p for p in path.lower().split("/") if p]
    parts = [p for p in parts if not re.fullmatch(r"index(\.\w+)?|home|default\.\w+|amp", p)]
    return not parts or (len(parts) == 1 and bool(re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", parts[0])))


def has_slug(path: str) -> bool:
    """Whether a path looks like a story's: three words joined by hyphens, or a long number.

    >>> has_slug("/world/rain-falls-on-town"), has_slug("/news/article81723.html")
    (True, True)
    >>> has_slug("/world/asia-pacific"), has_slug("/tag/football"), has_slug("/2024/05/06")
    (False, False, False)
    """
    for segment in (s for s in path.split("/") if s):
        stem = re.sub(r"\.\w{2,5}$", "", segment)
        words = [w for w in re.split(r"[-_+]|%20", stem) if w]
        if len(words) >= 3 and any(len(w) > 3 for w in words):
            return True
        if re.search(r"\d{5,}", stem) or (len(stem) >= 24 and re.search(r"\d", stem)):
            return True
        if len(stem) >= 15 and "%" in stem:  # one long word of another script, escaped
            return True
    return False


def _cut(url: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", url)
    at = found.start() if found else len(url)
    return url[:at], url[at : at + 1], url[at + 1 :]


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).lower()  # as browsers fold names (UTS 46)
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:  # older names with signs that are no letters are still asked for
        return name.encode("idna").decode("ascii")


def _host(parts: SplitResult) -> str:
    """The host in lower case and Punycode; empty or ValueError when it is none."""
    name = (parts.hostname or "").rstrip(".")
    if ":" in name:
        return f"[{name}]"
    name = _ascii_host(name)
    if _BAD_HOST.search(name) or ".." in name or name.startswith(".") or len(name) > 253:
        raise ValueError("no host name")
    return name


def _bare(host: str) -> str:
    for prefix in _TWINS:
        if host.startswith(prefix) and "." in host[len(prefix) :]:
            return host[len(prefix) :]
    return host


def _quote(text: str, safe: str) -> str:
    return _ESCAPED.sub("%25", quote(text, safe=safe, errors="replace"))


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _fold(segment: str) -> str:
    """One path segment in lower case, escaped in one way."""
    raw = unquote_to_bytes(segment)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    return quote(text, safe=_SEGMENT_SAFE)
