"""What the captures before say of the pages to fetch: validators, and bodies that we hold.

``news.articles`` points to the landed capture of every story; the record beside that WARC file
says with which validators it came. One read serves all stories that one file holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsdesk import records
from newsdesk.article import Capture, CaptureRef, Link, Response
from newsdesk.errors import ObjectMissing
from newsdesk.landing import Same
from newsdesk.steps.desk import Desk
from newsdesk.steps.parts import CapturePart
from newsdesk.tables.visits import Held


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last capture of a page.

    Attributes:
        same: What a revisit record says of it.
        etag: Validator for a conditional request, if the server gave one.
        last_modified: The other one.
    """

    same: Same
    etag: str | None = None
    last_modified: str | None = None

    def holds(self, response: Response, digest: bytes) -> bool:
        """Whether a response adds nothing to it: 304, or the very same body."""
        if response.status == 304:
            return bool(self.etag or self.last_modified)
        return response.status == 200 and not response.truncated and digest == self.same.digest


def earlier_captures(
    desk: Desk, links: Iterable[Link], held: Iterable[Held]
) -> Mapping[str, Earlier]:
    """The last captures of some pages, by ``article_id``.

    A story that is marked as withdrawn is asked for without conditions: only a new capture can
    clear the mark. So is one that was captured at another address.

    Args:
        desk: The desk.
        links: The pages to fetch.
        held: The versions that we hold of them.
    """
    wanted = {link.article_id: link.url for link in links}
    asked: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        same_page = wanted.get(one.link.article_id) == one.link.url
        if same_page and one.capture is not None and one.withdrawn_at is None:
            asked[one.capture.key].append(one)
    found: dict[str, Earlier] = {}
    for key, stories in sorted(asked.items()):
        recorded = _recorded(desk, key)
        for one in stories:
            if one.capture is not None:
                found[one.link.article_id] = _earlier(one, one.capture, recorded)
    return found


def _recorded(desk: Desk, raw_key: str) -> Mapping[int, Capture]:
    """The capture records beside a WARC file, by offset; none beside a file made by other means."""
    key = desk.layout.beside(raw_key)
    if key is None:
        return {}
    try:
        part = records.unpack(CapturePart, desk.store.get(key), subject=key)
    except ObjectMissing:
        return {}
    return {one.ref.offset: one for one in part.captures if one.ref is not None}


def _earlier(held: Held, ref: CaptureRef, recorded: Mapping[int, Capture]) -> Earlier:
    capture = recorded.get(ref.offset)
    if capture is None or capture.ref != ref:
        return Earlier(Same(held.link.url, held.captured_at, ref.digest))
    return Earlier(
        Same(capture.final_url or held.link.url, capture.captured_at, ref.digest),
        capture.etag,
        capture.last_modified,
    )
