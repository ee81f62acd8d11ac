"""The body: where the story stands on the page, and its paragraphs in order."""

from newsdesk.reading.body.search import Body, find_body

__all__ = ["Body", "find_body"]
