"""What discover asks of a fetcher, and how an answer becomes bytes or an error."""

from __future__ import annotations

from typing import Protocol

from newsdesk.article import Response
from newsdesk.errors import FeedError
from newsdesk.sources import Source

HTML_PAGE = "an HTML page"
"""What is said of an address that answers with a page for people where a document was expected."""


class Asks(Protocol):
    """The part of ``newsdesk.fetch.Fetcher`` that discover uses."""

    async def get(
        self,
        url: str,
        source: Source,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """The final response, whatever its status.

        Raises:
            FetchError: There is none.
        """

    async def sitemaps(self, source: Source) -> tuple[str, ...]:
        """The ``Sitemap:`` lines of the paper's robots.txt."""


def whole_body(response: Response) -> bytes:
    """The body of a good answer.

    Raises:
        FeedError: The answer is none of 200, or was cut.
    """
    if response.status != 200:
        raise FeedError(response.url, f"answers {response.status}".rstrip())
    if response.truncated:
        raise FeedError(
            response.url, f"cut after {len(response.body)} bytes ({response.truncated})"
        )
    return response.body
