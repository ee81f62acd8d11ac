"""The object store: a small protocol, and the bucket that speaks it.

Conditional writes are the base of exactly-once, so every store has them; a contract test says
what they promise.
"""

from newsdesk.store.protocol import BINARY, JSON, PIECE, ObjectInfo, Store
from newsdesk.store.s3 import S3Server, S3Store

__all__ = ["BINARY", "JSON", "PIECE", "ObjectInfo", "S3Server", "S3Store", "Store"]
