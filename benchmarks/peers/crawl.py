"""The peer: Scrapy fetches, trafilatura extracts with metadata, Scrapy writes JSON lines.

Usage: crawl.py ADDRESS PAGES OUT.jsonl
"""

import sys
from collections.abc import Iterator

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess

address, pages, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]


class Pages(scrapy.Spider):
    """Every page once."""

    name = "pages"

    async def start(self) -> Iterator[scrapy.Request]:
        for number in range(pages):
            yield scrapy.Request(f"{address}/world/the-ferry-is-late-again-{number}")

    def parse(self, response: scrapy.http.Response) -> Iterator[dict[str, object]]:
        found = trafilatura.bare_extraction(
            response.text, url=response.url, with_metadata=True, favor_precision=True
        )
        if found is not None:
            told = found.as_dict()
            yield {
                name: told.get(name) for name in ("title", "author", "date", "text", "url", "image")
            }


process = CrawlerProcess(
    {
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "FEEDS": {out: {"format": "jsonlines"}},
    }
)
process.crawl(Pages)
process.start()
