"""What we knew at a moment: the tables that only ever grow, up to then.

``news.revisions`` and ``news.rejected`` say of every row when it was written here. So the stories
as they stood then are the greatest versions among the rows known by then, less those whose
greatest version is a tombstone: by the same rules as the merge. A page that was harvested later
is not among them, however old it is. The other tables are replaced as runs go on and remember
nothing, so they are not there.
"""

from __future__ import annotations

import datetime as dt

from newsdesk.tables.merge import GATHERED
from newsdesk.tables.schema import ARTICLES

REMEMBER = ("revisions", "rejected")
"""The tables that can be asked as of a moment, beside ``articles`` and ``article_bylines``."""

_VERSION = (
    "ROW(captured_at, reader_version, kind = 'tombstone', content_hash, "
    "coalesce(capture.digest, ''::BLOB))"
)
"""The merge's order; a tombstone wins over the version that it names."""

_GATHERED = {
    "first_seen_at": "min(first_seen_at)",
    "discovered_via": "list_sort(list_distinct(flatten(list(discovered_via))))",
}
"""What is gathered from every version, also from those that lose."""

_WITHDRAWN = "list_min(list_filter(last.gone, lambda moment: moment > one.captured_at))"
"""The least time at which a story was gone, later than the capture that stands."""


def _column(name: str) -> str:
    if name == "withdrawn_at":
        return f"{_WITHDRAWN} AS withdrawn_at"
    return f"last.{name}" if name in GATHERED else f"one.{name}"


ARTICLES_VIEW = f"""
CREATE VIEW news.articles AS
WITH last AS (
    SELECT article_id,
           max({_VERSION}) FILTER (WHERE kind <> 'withdrawn') AS version,
           list(withdrawn_at) FILTER (WHERE withdrawn_at IS NOT NULL) AS gone,
           {", ".join(f"{_GATHERED[name]} AS {name}" for name in GATHERED)}
    FROM news.revisions GROUP BY article_id
)
SELECT {", ".join(_column(name) for name in ARTICLES.arrow.names)}
FROM (SELECT *, {_VERSION} AS version FROM news.revisions) AS one
JOIN last ON one.article_id = last.article_id AND one.version = last.version
WHERE one.kind NOT IN ('tombstone', 'withdrawn')
"""  # noqa: S608  # made of our own column names
"""``news.articles`` over the ``news.revisions`` that were known."""


def known_by(moment: dt.datetime) -> str:
    """The condition that a row was written here by a moment.

    >>> known_by(dt.datetime(2026, 1, 16, 3, tzinfo=dt.UTC))
    "recorded_at <= TIMESTAMPTZ '2026-01-16T03:00:00+00:00'"
    """
    return f"recorded_at <= TIMESTAMPTZ '{moment.astimezone(dt.UTC).isoformat()}'"
