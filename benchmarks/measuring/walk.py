"""What a whole run of 2,000 stories writes to S3, counted by a proxy before a real server.

The stories are those of eight papers, one a shard: a run of 2,000 has eight shards at most.

The pages come from a web in memory, so that nothing but the bucket is measured; every other part
is the one that runs at night: a look, then discover, fetch, read, check, publish and close.
"""

from __future__ import annotations

import html
import random
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from contracts.desk import LAYOUT, desk_of
from contracts.press import DAY, Web, at, paper
from integration.s3_proxy import counting_proxy
from newsdesk import steps
from newsdesk.connections import open_store, open_warehouse
from newsdesk.embedded import SeaweedFS
from newsdesk.settings import Settings

RUN = "nightly"
PAPERS = 8


@dataclass(frozen=True)
class Written:
    """Write requests (PUT, POST) of a run.

    Attributes:
        looks: Of the looks of the day.
        docs: Of the Data Docs.
        run: All others, by the folder of the bucket.
        stories: Stories that were published.
        shards: Shards of the run.
    """

    looks: int
    docs: int
    run: dict[str, int]
    stories: int
    shards: int


def page(number: int, text: np.ndarray) -> bytes:
    """A story of about 5 KB of text."""
    dice = random.Random(number)  # noqa: S311 - the same pages every time

    def words(size: int) -> str:
        start = dice.randrange(len(text) - size)
        return html.escape(bytes(text[start : start + size]).decode().strip().capitalize())

    body = "".join(f"<p>{words(620)}.</p>" for _ in range(8))
    moment = at(dice.randrange(1, 23)).isoformat()
    headline = words(60)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>'
        f'<meta property="og:title" content="{headline}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{moment}"></head><body><article>'
        f"<h1>{headline}</h1><div class='byline'>By Mina Aral</div><time datetime='{moment}'>"
        f"January 15, 2026</time>{body}</article></body></html>"
    ).encode()


def run_of_stories(folder: Path, text: np.ndarray, count: int) -> Written:
    pages: dict[str, Any] = {}
    papers = []
    for number in range(PAPERS):
        home = f"https://paper{number}.example/"
        links = [f"{home}world/a-story-of-the-day-{n}" for n in range(number, count, PAPERS)]
        pages |= {link: page(number * count + n, text) for n, link in enumerate(links)}
        items = "".join(f"<item><link>{link}</link></item>" for link in links)
        channel = f"<title>Paper</title><link>{home}</link>{items}"
        pages[f"{home}rss"] = f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode()
        papers.append(
            paper(
                name=f"paper{number}",
                home=home,
                domains=(f"paper{number}.example",),
                discover={"feeds": (f"{home}rss",)},
            )
        )
    clock = [at(23)]
    web = Web(pages, now=lambda: clock[0])
    with SeaweedFS(folder / "seaweedfs") as server, counting_proxy(server.url) as (url, requests):
        settings = Settings(
            bucket=server.bucket,
            catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
            server=replace(server.server, endpoint=url),
            env=LAYOUT.env,
            contact="https://newsdesk.example/benchmarks",
        )
        warehouse = open_warehouse(settings)
        desk = desk_of(
            web,
            store=open_store(settings),
            sources=papers,
            now=lambda: clock[0],
            open_warehouse=lambda: warehouse,
        )
        for name in steps.table_names(desk)["tables"]:
            warehouse.table(name)  # the first run of all also makes the tables
        before = len(requests.writes)
        steps.look(desk, [one.name for one in papers])
        clock[0] = at(24.1)
        shards = steps.discover(desk, DAY, RUN)["shards"]
        for shard in shards:
            steps.fetch(desk, DAY, RUN, shard)
            steps.read(desk, DAY, RUN, shard)
        steps.check(desk, DAY, RUN)
        done = steps.publish(desk, DAY, RUN)
        steps.close(desk, DAY, RUN)
        warehouse.close()
        written = Counter(key.split("/")[1] for key in requests.writes[before:])
    return Written(
        looks=written.pop("looks", 0),
        docs=written.pop("docs", 0),
        run=dict(written),
        stories=done["fates"].get("published", 0),
        shards=len(shards),
    )
