"""Responses as received, in WARC 1.1 files (ISO 28500:2017): written, and read back verified.

One gzip member per record, so that each can be read alone by its offset. A body that came
compressed is stored as it is: packing it again would cost time and gain nothing. What HTTP framing
the body came in is gone, so its header line is kept under another name, as archives do.
"""

from newsdesk.landing.form import WARC
from newsdesk.landing.reading import Body, CaptureCorrupt, iter_captures
from newsdesk.landing.windowed import Windowed
from newsdesk.landing.wiping import members, wipe
from newsdesk.landing.writing import IN_MEMORY, Same, WarcWriter

__all__ = [
    "IN_MEMORY",
    "WARC",
    "Body",
    "CaptureCorrupt",
    "Same",
    "WarcWriter",
    "Windowed",
    "iter_captures",
    "members",
    "wipe",
]
