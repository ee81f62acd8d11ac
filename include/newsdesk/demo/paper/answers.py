"""What the paper answers to a request: a pure function of path, headers and clock.

The host does not matter: the paper is asked by its recorded name and by that of its pictures.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from newsdesk.demo.paper import listings, pages
from newsdesk.demo.paper.pdf import document_pdf
from newsdesk.demo.paper.plan import find, headline, path_of
from newsdesk.demo.paper.site import ARABIC, HOME, TITLE, desks

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

_ARCHIVE = re.compile(r"/sitemap/archive-(\d{4})-(0[1-9]|1[0-2])\.xml")
_PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="40">'
    f'<text y="30" font-size="28" font-family="serif">{TITLE}</text></svg>'
)
_FRONT_STORIES = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer.

    Attributes:
        status: HTTP status.
        body: As sent.
        headers: Without Content-Length and Date.
        modified: When what it shows was last changed, UTC, if that is known.
    """

    status: HTTPStatus
    body: bytes
    headers: Mapping[str, str]
    modified: dt.datetime | None = None


def answer(target: str, headers: Mapping[str, str], clock: dt.datetime) -> Reply:
    """The answer to a GET.

    Args:
        target: Path and query as asked for.
        headers: Of the request, names in lower case.
        clock: The paper's time, aware.
    """
    path = urlsplit(target).path.rstrip("/") or "/"
    reply = _listing(path, clock) or _front(path, clock) or _story(path, clock) or _not_found()
    if reply.status is not HTTPStatus.OK:
        return reply
    return _packed(_validated(reply, headers), headers)


# -- what there is ----------------------------------------------------------------------------


def _listing(path: str, clock: dt.datetime) -> Reply | None:
    made: dict[str, tuple[str, Callable[[], str]]] = {
        "/robots.txt": (TEXT, listings.robots),
        "/sitemap.xml": (XML, lambda: listings.sitemap_index(clock)),
        "/sitemap/news.xml": (XML, lambda: listings.news_sitemap(clock)),
        "/sitemap/sections.xml": (XML, listings.section_sitemap),
        "/static/logo.svg": ("image/svg+xml", lambda: _LOGO),
    }
    if path in made:
        kind, make = made[path]
        return _ok(make(), kind)
    if month := _ARCHIVE.fullmatch(path):
        body = listings.archive_sitemap(int(month[1]), int(month[2]), clock)
        return _ok(body, XML) if body is not None else None
    if path.startswith(("/rss/", "/rssFeed")):
        body = listings.feed(path, clock)
        return _ok(body, RSS) if body is not None else None
    if path.startswith("/ly/uploads/images/"):
        return Reply(HTTPStatus.OK, _PICTURE, {"Content-Type": "image/gif"})
    return None


def _front(path: str, clock: dt.datetime) -> Reply | None:
    if path == "/":
        return _ok(pages.front_page(listings.newest(clock, _FRONT_STORIES, listings.in_english)))
    if path == "/rss":
        return _ok(pages.rss_page({path: feed[0] for path, feed in listings.feeds().items()}))
    if path == f"/{ARABIC}":
        return _ok(pages.front_page(listings.newest(clock, _FRONT_STORIES, listings.in_arabic)))
    desk = desks().get(path.removeprefix("/"))
    if desk is None:
        return None
    stories = listings.newest(clock, _FRONT_STORIES, listings.filed_under(desk))
    return _ok(pages.section_page(desk, stories))


def _story(path: str, clock: dt.datetime) -> Reply | None:
    story = find(path)
    if story is None or clock < story.first_at or story.kind == "missing":
        return None
    right = path_of(story)
    amp = unquote(path) == f"{unquote(right)}/amp" and story.language == "en"
    if not amp and unquote(path) != unquote(right):
        return Reply(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": HOME + right})
    if not story.listed(clock):
        page = pages.notice_page("Withdrawn", "This story has been withdrawn by the editors.")
        return _page(HTTPStatus.GONE, page)
    if story.kind == "wall":
        return _ok(pages.consent_page(story))
    modified = story.modified_at(clock)
    if story.kind == "document":
        pdf = document_pdf(headline(story))
        return Reply(HTTPStatus.OK, pdf, {"Content-Type": "application/pdf"}, modified)
    page = pages.amp_page(story, clock) if amp else pages.story_page(story, clock)
    return replace(_ok(page), modified=modified)


def _ok(text: str, kind: str = HTML) -> Reply:
    return Reply(HTTPStatus.OK, text.encode(), {"Content-Type": kind})


def _page(status: HTTPStatus, text: str) -> Reply:
    return Reply(status, text.encode(), {"Content-Type": HTML})


def _not_found() -> Reply:
    page = pages.notice_page("Not found", "There is no such page, or not yet.")
    return _page(HTTPStatus.NOT_FOUND, page)


# -- HTTP -------------------------------------------------------------------------------------


def _validated(reply: Reply, asked: Mapping[str, str]) -> Reply:
    """The reply with its validators, or 304 when the asker has the same."""
    etag = f'W/"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
    headers = {**reply.headers, "ETag": etag, "Cache-Control": "max-age=0"}
    if reply.modified is not None:
        headers["Last-Modified"] = format_datetime(reply.modified, usegmt=True)
    if "if-none-match" in asked:  # RFC 9110, section 13.2.2: the date is then ignored
        same = etag in asked["if-none-match"] or asked["if-none-match"].strip() == "*"
    else:
        same = _not_since(reply.modified, asked.get("if-modified-since"))
    if same:
        headers.pop("Content-Type")
        return replace(reply, status=HTTPStatus.NOT_MODIFIED, body=b"", headers=headers)
    return replace(reply, headers=headers)


def _not_since(modified: dt.datetime | None, text: str | None) -> bool:
    if modified is None or text is None:
        return False
    try:
        since = parsedate_to_datetime(text)
    except ValueError:
        return False
    return modified <= since.replace(tzinfo=since.tzinfo or dt.UTC)


def _packed(reply: Reply, asked: Mapping[str, str]) -> Reply:
    """The reply, packed when the asker takes gzip."""
    accepted = [part.split(";")[0].strip() for part in asked.get("accept-encoding", "").split(",")]
    if "gzip" not in accepted or len(reply.body) < 500 or reply.body.startswith(b"%PDF"):
        return reply
    headers = {**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(reply, body=gzip.compress(reply.body, 6, mtime=0), headers=headers)
