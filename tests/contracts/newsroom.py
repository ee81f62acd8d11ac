"""A small newsroom for tests: invented stories, links, captures and runs, and the tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from contracts.memory_store import MemoryStore
from newsdesk.article import (
    UTC,
    Article,
    Capture,
    CaptureRef,
    CheckResult,
    Contributor,
    Discovery,
    LeadImage,
    Link,
    Rejection,
    Run,
    Verdict,
    Via,
)
from newsdesk.layout import Layout
from newsdesk.publish import Published, merged_images, publish
from newsdesk.store import Store
from newsdesk.tables import TABLES, Warehouse, articles_to_table
from newsdesk.tables.catalog import open_catalog
from newsdesk.tables.schema import ARTICLES

DAY = dt.date(2026, 1, 15)
PAPER = "harbour_post"


def at(day: dt.date = DAY, hour: float = 8) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), UTC) + dt.timedelta(hours=hour)


def story_id(number: int) -> str:
    return hashlib.sha256(f"story {number}".encode()).hexdigest()[:32]


def url_of(number: int, source: str = PAPER) -> str:
    return f"https://{source.replace('_', '-')}.example/world/story-{number}"


def story(number: int, **changes: Any) -> Article:
    """A story of the paper, published on DAY at 8 and fetched after midnight."""
    text = changes.pop("text", f"The ferry number {number} left the harbour.")
    source = changes.pop("source", PAPER)
    captured_at = changes.pop("captured_at", at(DAY + dt.timedelta(days=1), 0.25))
    published_at = changes.pop("published_at", at(DAY, 8 + number % 7))
    ref = CaptureRef(
        f"raw/{source}-{captured_at:%Y%m%d%H%M}.warc.gz",
        number * 1000,
        900,
        hashlib.sha256(f"{number}{text}{captured_at}".encode()).digest(),
    )
    made = Article(
        article_id=story_id(number),
        source=source,
        url=url_of(number, source),
        canonical_url=url_of(number, source),
        captured_at=captured_at,
        reader_version=1,
        edition="en",
        language="en",
        section="World",
        headline=f"Ferry {number} leaves",
        summary=None,
        bylines=(Contributor("Mina Aral", "person"), Contributor("HN", "agency", "with")),
        byline_raw="By Mina Aral with HN",
        published_at=published_at,
        published_at_offset=180,
        published_at_precision="minute",
        published_day_local=published_at.date(),
        body=text,
        paragraphs=1,
        word_count=len(text.split()),
        lead_image=LeadImage("https://i.example/ferry.jpg", "A ferry.", None),
        topics=("Harbour",),
        keywords=("ferry", "harbour"),
        access="free",
        text_simhash=hashlib.sha256(text.encode()).digest()[:8],
        content_hash=hashlib.sha256(text.encode()).digest(),
        capture=ref,
        field_rules={"headline": "json_ld", "body": "selector"},
    )
    return replace(made, **changes)


def link_to(article: Article, **changes: Any) -> Link:
    made = Link(
        source=article.source,
        url=article.url,
        article_id=article.article_id,
        via=("look",),
        seen_at=article.captured_at - dt.timedelta(hours=6),
        published_hint=article.published_at,
    )
    return replace(made, **changes)


def known_to(name: str, articles: Iterable[Article]) -> dict[str, Link]:
    """How the run of a name (a, b or c) came to know of its stories: each in ways of its own."""
    number = "abc".index(name)
    via: tuple[Via, ...] = (("look",), ("landed",), ("archive_sitemap", "look"))[number]
    hours = dt.timedelta(hours=(7, 9, 8)[number])
    return {
        one.article_id: link_to(one, via=via, seen_at=one.captured_at - hours) for one in articles
    }


def capture_of(article: Article, link: Link | None = None, **changes: Any) -> Capture:
    made = Capture(
        link=link or link_to(article),
        fate=None,
        reason=None,
        captured_at=article.captured_at,
        final_url=article.url,
        status=200,
        content_type="text/html",
        ref=article.capture,
        size=5000,
        seconds=0.5,
        attempts=1,
    )
    return replace(made, **changes)


def run_of(name: str, day: dt.date = DAY) -> Run:
    return Run(day, name, at(day + dt.timedelta(days=1), 0))


def failing(pair: tuple[str, dt.date], rows: int) -> CheckResult:
    return replace(passing(pair, rows), outcome="failed", failing=rows)


def passing(pair: tuple[str, dt.date], rows: int) -> CheckResult:
    seen, wanted = f'{{"stories": {rows}}}', '{"stories": [1, null]}'
    return CheckResult(*pair, "row_count", "critical", "passed", seen, wanted, rows, 0)


Judge = Callable[[tuple[str, dt.date], pa.Table], bool]


@dataclass
class Newsroom:
    """The tables of one test and a way to send stories through check and publish."""

    warehouse: Warehouse
    store: Store
    layout: Layout
    judge: Judge = lambda pair, image: True
    rechecks: list[set[tuple[str, dt.date]]] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def check(
        self, images: Mapping[tuple[str, dt.date], pa.Table]
    ) -> tuple[tuple[tuple[str, dt.date, str], ...], tuple[CheckResult, ...]]:
        blocked, results = [], []
        for pair, image in images.items():
            good = self.judge(pair, image)
            results.append((passing if good else failing)(pair, image.num_rows))
            if not good:
                blocked.append((*pair, "row_count"))
        return tuple(blocked), tuple(results)

    def recheck(
        self, staged: pa.Table, images: Mapping[tuple[str, dt.date], pa.Table]
    ) -> tuple[tuple[tuple[str, dt.date, str], ...], tuple[CheckResult, ...]]:
        self.rechecks.append(set(images))
        return self.check(images)

    def verdict(self, staged: pa.Table) -> Verdict:
        images = merged_images(self.warehouse, self.store, self.layout, staged)
        blocked, results = self.check(images.tables)
        return Verdict(images.base_snapshot, (), (), blocked, results)

    def send(
        self,
        run: Run,
        articles: Iterable[Article],
        *,
        more_captures: Sequence[Capture] = (),
        more_links: Sequence[Link] = (),
        rejections: Sequence[Rejection] = (),
        unchanged: Sequence[str] = (),
        links: Mapping[str, Link] | None = None,
        discovery: Mapping[str, Any] | None = None,
        verdict: Verdict | None = None,
        now: dt.datetime | None = None,
        kind: str = "capture",
        on_step: Callable[[str], None] = lambda step: None,
    ) -> Published:
        """What a run does after reading."""
        stories = list(articles)
        led = dict(links or {one.article_id: link_to(one) for one in stories})
        staged = articles_to_table(stories, links=led, run_id=run.run_id)
        if verdict is None:  # made once per run, as in the bucket
            verdict = self.verdicts.get(run.run_id) or self.verdict(staged)
            self.verdicts[run.run_id] = verdict
        captures = [capture_of(one, led[one.article_id]) for one in stories] + list(more_captures)
        every = [c.link for c in captures] + list(more_links)
        sources = sorted({link.source for link in every} or {PAPER})
        discoveries = [
            Discovery(
                source,
                run.day,
                "looks",
                tuple(x for x in every if x.source == source),
                **(discovery or {}),
            )
            for source in sources
        ]
        return publish(
            self.warehouse,
            self.store,
            self.layout,
            run,
            staged=staged,
            rejections=rejections,
            captures=captures,
            discoveries=discoveries,
            unchanged=unchanged,
            verdict=verdict,
            recheck=self.recheck,
            now=now or at(run.day + dt.timedelta(days=1), 1),
            kind=kind,
            on_step=on_step,
        )

    def rows(self, name: str = "articles") -> list[dict[str, Any]]:
        """Every row of a table, sorted by its key."""
        table = self.warehouse.table(name)
        if table.current_snapshot() is None:
            return []
        shape = TABLES[name]
        names = shape.arrow.names  # a column that was added later stands last in the table
        rows = table.scan().to_arrow().select(names).cast(shape.arrow).to_pylist()

        def key(row: dict[str, Any]) -> tuple[str, ...]:
            found = []
            for path in shape.key:
                part: Any = row
                for step in path.split("."):
                    part = part and part[step]
                found.append(str(part))
            return tuple(found)

        return sorted(rows, key=key)

    def facts(self) -> dict[str, list[dict[str, Any]]]:
        """What must come out equal however runs came about: all but who and when."""
        left_out = {"run_id", "recorded_at", "run_day"}
        return {
            name: [{k: v for k, v in row.items() if k not in left_out} for row in self.rows(name)]
            for name in ("articles", "revisions", "rejected")
        }

    def snapshots(self) -> dict[str, int]:
        """How many snapshots every table has."""
        return {name: len(self.warehouse.table(name).metadata.snapshots) for name in TABLES}

    def fates(self, run: Run) -> dict[str, tuple[str, str | None]]:
        return {
            row["url"]: (row["fate"], row["reason"])
            for row in self.rows("ledger")
            if row["run_id"] == run.run_id
        }

    def files_by_day(self) -> dict[dt.date, set[str]]:
        found: dict[dt.date, set[str]] = {}
        for task in self.warehouse.table("articles").scan().plan_files():
            day = dt.date(1970, 1, 1) + dt.timedelta(days=task.file.partition[0])
            found.setdefault(day, set()).add(task.file.file_path)
        return found


def local_warehouse(folder: Path, env: str = "test") -> Warehouse:
    """Tables in a folder, with a SQLite catalog of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    properties = {
        "uri": f"sqlite:///{folder / 'catalog.db'}?timeout=60",
        "warehouse": f"file://{folder / 'lake'}",
    }
    return Warehouse(open_catalog(properties), env)


def newsroom(folder: Path) -> Newsroom:
    return Newsroom(local_warehouse(folder), MemoryStore(), Layout("test"))


def loose(articles: Sequence[Article], run_id: str = "run") -> pa.Table:
    links = {one.article_id: link_to(one) for one in articles}
    return articles_to_table(articles, links=links, run_id=run_id).cast(ARTICLES.loose)
