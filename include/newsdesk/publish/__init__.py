"""From judged rows to tables: merge, commit in a fixed order, say what became of everything.

::

    plan         what would change, on which snapshot; the days as they would stand
    waiting      rows of days that failed their checks
    refused      what is not published
    released     rows of a day that somebody released by hand
    fates        the ledger: one entry for every URL
    coverage     how complete the days are
    days         how each day changed, kept in the snapshot
    pointers     current/<table>.json
    publishing   the steps, in order
"""

from newsdesk.publish.plan import Images, light, merged_images
from newsdesk.publish.publishing import Blocked, Published, newer, publish
from newsdesk.publish.released import RELEASE
from newsdesk.publish.waiting import Pair, Waiting, waiting_for

__all__ = [
    "RELEASE",
    "Blocked",
    "Images",
    "Pair",
    "Published",
    "Waiting",
    "light",
    "merged_images",
    "newer",
    "publish",
    "waiting_for",
]
