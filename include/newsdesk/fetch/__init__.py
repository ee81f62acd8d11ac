"""Getting pages politely, from vetted addresses only, within limits.

::

    fetcher    one page: robots, turns, redirects, tries
    |-- target      what a URL means: whom to connect to, what to record
    |-- rules       the robots.txt of every host, asked for once a task
    |   |-- robots      what a robots.txt says (RFC 9309)
    |   `-- optout      who does not want to be mined or trained on
    |-- reservations    what every host reserves from mining: its tdmrep.json
    |-- pace        one queue per host, with pauses
    |-- sharing     the pauses of a host that other tasks ask, too
    |-- tries       when and how soon a failed try is repeated
    `-- client      one exchange over aiohttp, within limits
        |-- guard       no socket but to a vetted address
        |   `-- addresses   which addresses those are
        `-- decoding    content encodings, with a cap
"""

from newsdesk.fetch.fetcher import Fetcher
from newsdesk.fetch.sharing import Sharing

__all__ = ["Fetcher", "Sharing"]
