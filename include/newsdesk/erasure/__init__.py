"""Erasure: a story leaves every table, snapshot, staged file, record and WARC file, for ever.

::

    story     what tells a story: identifiers, addresses, sentences
    search    how much of it is in one object, of whatever kind
    records   JSON records without it
    files     staged and waiting rows without it
    rows      tables without it, snapshots and files that had it included
    order     an erasure under way, and its receipt

The search that finds what is to be removed is the one that proves afterwards that nothing is left.
Every removal finds its work by itself, so an erasure may be killed anywhere and repeated.
"""

from newsdesk.erasure.order import Order, Receipt
from newsdesk.erasure.search import Found, search
from newsdesk.erasure.story import Story, Traces, sentences_of

__all__ = ["Found", "Order", "Receipt", "Story", "Traces", "search", "sentences_of"]
