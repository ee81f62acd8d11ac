"""Public web archives: what they hold of a paper, and the captures themselves.

``access`` says where they answer and how slowly they are asked, ``common_crawl`` and ``wayback``
list captures and get them one by one, ``news`` reads Common Crawl's news crawl file by file,
``records`` turns a WARC record of others into a ``Response``.

Wire formats: https://index.commoncrawl.org/ (pywb's CDX server, JSON lines),
https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server, RFC 7089 (Memento),
https://commoncrawl.org/news-crawl.
"""

from __future__ import annotations

from newsdesk.archives import common_crawl, wayback
from newsdesk.archives.access import Access, Archives, Listing, Window
from newsdesk.archives.bucket import Bucket

__all__ = ["Access", "Archives", "Bucket", "Listing", "Window", "common_crawl", "wayback"]
