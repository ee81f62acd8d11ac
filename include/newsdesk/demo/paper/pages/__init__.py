"""The paper's pages, written from what ``stories.tell`` says; every text is escaped.

``frame`` is what stands around everything, ``article`` a story's own part, ``others`` the pages
that are no story.
"""

from __future__ import annotations

from newsdesk.demo.paper.pages.article import amp_page, story_page
from newsdesk.demo.paper.pages.others import (
    consent_page,
    front_page,
    notice_page,
    rss_page,
    section_page,
)

__all__ = [
    "amp_page",
    "consent_page",
    "front_page",
    "notice_page",
    "rss_page",
    "section_page",
    "story_page",
]
