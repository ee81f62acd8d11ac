"""From judged rows to tables: merge, commit in a fixed order, say what became of everything.

::

    plan         what would change, on which snapshot; the days as they would stand
    waiting      rows of days that failed their checks
    refused      what is not published
    fates        the ledger: one entry for every URL
    coverage     how complete the days are
    days         how each day changed, kept in the snapshot
    pointers     current/<table>.json
    publishing   the steps, in order
"""

from newsdesk.publish.plan import Images, light, merged_images
from newsdesk.publish.publishing import Blocked, Published, newer, publish
from newsdesk.publish.waiting import Pair

__all__ = ["Blocked", "Images", "Pair", "Published", "light", "merged_images", "newer", "publish"]
