"""Reading: one captured page becomes an article, or the reason why it is none.

Pure: no network, no store. Every field is read in three steps: rules *propose* values with their
evidence, one decision *picks*, and the article *remembers* which rule won (``field_rules``)::

    charset    bytes -> text
    document   text -> tree, metas, JSON-LD, microdata        (one lexbor parse)
    body       tree -> container -> paragraphs
    surroundings   the lines around the text
    headline, authors, moments, places, picture, tags, kind   proposals per field
    walls      is this a story at all
    reader     the walk over all of them
    batch      many saved pages, in processes
"""

from newsdesk.reading.reader import READER_VERSION, read_page
from newsdesk.reading.selectors import check_selectors
from newsdesk.reading.whose import source_for

__all__ = ["READER_VERSION", "check_selectors", "read_page", "source_for"]
