"""Where everything lies in the bucket. Every key is made here and nowhere else.

::

    <env>/                                       an environment: dev and prod never meet
      looks/<look day>/<time>-<shard>.json.zst       one look, immutable
      raw/<run day>/<run>/<shard>-<part>.warc.gz     responses as received, immutable
      runs/<run day>/<run>/
        discovered.json.zst                          links of every shard, gaps of every paper
        outline.json.zst                             the same without the links
        captures-<shard>-<part>.json.zst             what became of each link; beside each WARC
        staged/<digest>.parquet                      articles as read; named by content
        reading-<shard>.json.zst                     rejections, and which file was staged
        verdict.json.zst                             what the checks said
        release.json.zst                             who released what by hand, and why
        reread.json.zst                              pages of a day that are read again
        compared.json.zst                            what differs then, and the checks' verdict
        published.json.zst                           which days changed
        told.json.zst                                what its commits said of days, if an erasure
                                                     had to forget their snapshots
      landed/<published day>/<file>-<part>.json.zst  harvested captures, by the day they say
      asking/<task>.json.zst                       hosts that a task asks now; gone when it ends
      listed/<published day>/<paper>.json.zst        what its archive sitemaps list, harvested
      harvests/<archive>/<month>/<file>-<part>.json.zst   how far a file is harvested, for which papers
      blocked/<published day>/<digest>.parquet       rows of a day that failed its checks
      suppressed/<hash>                            a story that was erased: its hash, no more
      erasures/<hash>/<time>.json                  who erased it and why, and what was found of it
      erasures/<hash>/order.json.zst               an erasure under way; gone when it is done
      docs/                                        Data Docs: what the checks said, as pages
        index.html  runs.json                        every run, for people and for programs
        <run day>/<run>/index.html                   every expectation of one run
        <run day>/<run>/<paper>.html                 one paper's, by Great Expectations
      tables/<table>/...                             Iceberg's own
      current/<table>.json                           pointer to the table's newest metadata file
      hive/articles/                               an export for engines without Iceberg
        days/published_day=<day>/manifest            addresses of the day's files
        data/published_day=<day>/<version>/          those files, and manifest.json beside them

A killed step leaves nothing, or an object that its repetition finds and keeps: ``looks``,
``raw``, ``discovered``, ``outline``, ``captures``, ``reading``, ``verdict`` and ``release`` are written once,
with If-None-Match; ``staged`` and ``blocked`` are named by what they hold; ``docs`` are written
over, the list of runs with If-Match. An erasure alone writes anew what was written once. Keys never
hold URL text (a paper could write ``..`` into it): only dates, numbers, hashes and the names of
papers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

_ENV = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_RAW = re.compile(
    r"(?P<env>[^/]+)/raw/(?P<run>[0-9-]{10}/[0-9a-f]{16})/(?P<part>\d{4,}-\d{4,})\.warc\.gz"
)
_DOCS_PAGE = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9a-f]{16}/[a-z0-9_]{1,48}|index)\.html")


def run_slug(run_id: str) -> str:
    """16 hex digits that stand for a run in keys; an orchestrator's run ids hold any character."""
    return hashlib.sha256(run_id.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Layout:
    """The keys of one environment.

    Args:
        env: The environment's name, lower case; the first segment of every key.
    """

    env: str

    def __post_init__(self) -> None:
        if not _ENV.fullmatch(self.env):
            raise ValueError(f"environment {self.env!r}: lower-case letters, digits, - and _ only")

    def looks(self, day: dt.date) -> str:
        """Prefix of the looks taken on a UTC day."""
        return f"{self.env}/looks/{day:%Y-%m-%d}/"

    def look(self, looked_at: dt.datetime, shard: int) -> str:
        """Key of one look."""
        return f"{self.looks(looked_at.date())}{looked_at:%H%M%S%f}-{shard:04d}.json.zst"

    def raw(self, day: dt.date, run_id: str, shard: int, part: int) -> str:
        """Key of one WARC file."""
        return f"{self.env}/raw/{day:%Y-%m-%d}/{run_slug(run_id)}/{shard:04d}-{part:04d}.warc.gz"

    def raw_zone(self) -> str:
        """Prefix of every WARC file."""
        return f"{self.env}/raw/"

    def run(self, day: dt.date, run_id: str) -> str:
        """Prefix of what one run records."""
        return f"{self.runs(day)}{run_slug(run_id)}/"

    def discovered(self, day: dt.date, run_id: str) -> str:
        """Key of what discover found."""
        return f"{self.run(day, run_id)}discovered.json.zst"

    def outline(self, day: dt.date, run_id: str) -> str:
        """Key of the same in outline."""
        return f"{self.run(day, run_id)}outline.json.zst"

    def captures(self, day: dt.date, run_id: str, shard: int) -> str:
        """Prefix of the capture records of one shard."""
        return f"{self.run(day, run_id)}captures-{shard:04d}-"

    def capture_part(self, day: dt.date, run_id: str, shard: int, part: int) -> str:
        """Key of the capture records beside one WARC file."""
        return f"{self.captures(day, run_id, shard)}{part:04d}.json.zst"

    def beside(self, raw_key: str) -> str | None:
        """Key of the capture records beside a WARC file; ``None`` beside one of another make.

        >>> Layout("dev").beside("dev/raw/2026-01-15/0123456789abcdef/0001-0002.warc.gz")
        'dev/runs/2026-01-15/0123456789abcdef/captures-0001-0002.json.zst'
        """
        found = _RAW.fullmatch(raw_key)
        if found is None or found["env"] != self.env:
            return None
        return f"{self.env}/runs/{found['run']}/captures-{found['part']}.json.zst"

    def staged(self, day: dt.date, run_id: str, digest: str) -> str:
        """Key of a staged Parquet file; ``digest`` is the hex SHA-256 of its bytes."""
        return f"{self.run(day, run_id)}staged/{digest}.parquet"

    def reading(self, day: dt.date, run_id: str, shard: int) -> str:
        """Key of what reading one shard gave beside the staged file."""
        return f"{self.run(day, run_id)}reading-{shard:04d}.json.zst"

    def verdict(self, day: dt.date, run_id: str) -> str:
        """Key of what the checks said."""
        return f"{self.run(day, run_id)}verdict.json.zst"

    def release(self, day: dt.date, run_id: str) -> str:
        """Key of what a release by hand set out to do."""
        return f"{self.run(day, run_id)}release.json.zst"

    def reread(self, day: dt.date, run_id: str) -> str:
        """Key of the pages that a run reads again."""
        return f"{self.run(day, run_id)}reread.json.zst"

    def compared(self, day: dt.date, run_id: str) -> str:
        """Key of what differs from the tables when they are read again."""
        return f"{self.run(day, run_id)}compared.json.zst"

    def published(self, day: dt.date, run_id: str) -> str:
        """Key of the list of changed days."""
        return f"{self.run(day, run_id)}published.json.zst"

    def told(self, day: dt.date, run_id: str) -> str:
        """Key of what forgotten snapshots of a run said of days."""
        return f"{self.run(day, run_id)}told.json.zst"

    def runs(self, day: dt.date) -> str:
        """Prefix of what all runs of a day record."""
        return f"{self.env}/runs/{day:%Y-%m-%d}/"

    def landed_zone(self) -> str:
        """Prefix of all harvested captures."""
        return f"{self.env}/landed/"

    def landed(self, day: dt.date) -> str:
        """Prefix of the harvested captures whose pages say that they are of a day."""
        return f"{self.env}/landed/{day:%Y-%m-%d}/"

    def landed_part(self, day: dt.date, file: str, part: int) -> str:
        """Key of those that one part of an archive's file gave."""
        return f"{self.landed(day)}{run_slug(file)}-{part:04d}.json.zst"

    def listed(self, day: dt.date) -> str:
        """Prefix of what papers' archive sitemaps list of a day."""
        return f"{self.env}/listed/{day:%Y-%m-%d}/"

    def listed_by(self, day: dt.date, source: str) -> str:
        """Key of what those of one paper list."""
        return f"{self.listed(day)}{source}.json.zst"

    def asking(self) -> str:
        """Prefix of what running tasks say of the hosts that they ask."""
        return f"{self.env}/asking/"

    def asking_of(self, task: str) -> str:
        """Key of what one of them says; ``task`` is any name that no other has."""
        return f"{self.asking()}{task}.json.zst"

    def harvest(self, archive: str, day: dt.date, file: str) -> str:
        """Prefix of the progress of one archive's file; ``day`` is when the file began."""
        return f"{self.env}/harvests/{archive}/{day:%Y-%m}/{run_slug(file)}-"

    def harvest_part(self, archive: str, day: dt.date, file: str, part: int) -> str:
        """Key of one step of that progress."""
        return f"{self.harvest(archive, day, file)}{part:04d}.json.zst"

    def blocked_zone(self) -> str:
        """Prefix of all rows that wait."""
        return f"{self.env}/blocked/"

    def blocked(self, day: dt.date) -> str:
        """Prefix of the rows that wait for a published day to pass its checks."""
        return f"{self.env}/blocked/{day:%Y-%m-%d}/"

    def blocked_rows(self, day: dt.date, digest: str) -> str:
        """Key of some rows that wait; ``digest`` is the hex SHA-256 of the file's bytes."""
        return f"{self.blocked(day)}{digest}.parquet"

    def suppressed_zone(self) -> str:
        """Prefix of the suppress list."""
        return f"{self.env}/suppressed/"

    def suppressed(self, digest: str) -> str:
        """Key of one entry of it; ``digest`` is the hex SHA-256 of an identifier or address."""
        return f"{self.suppressed_zone()}{digest}"

    def erasures(self) -> str:
        """Prefix of all erasures."""
        return f"{self.env}/erasures/"

    def erasures_of(self, digest: str) -> str:
        """Prefix of what was erased by one name; ``digest`` as in the suppress list."""
        return f"{self.erasures()}{digest}/"

    def erasure_order(self, digest: str) -> str:
        """Key of an erasure under way; ``digest`` as in the suppress list."""
        return f"{self.erasures_of(digest)}order.json.zst"

    def erasure_receipt(self, digest: str, ordered_at: dt.datetime) -> str:
        """Key of what an erasure came to."""
        return f"{self.erasures_of(digest)}{ordered_at:%Y%m%dT%H%M%S%f}.json"

    def everything(self) -> str:
        """Prefix of every object of the environment."""
        return f"{self.env}/"

    def docs_index(self) -> str:
        """Key of the page that lists the Data Docs of every run."""
        return f"{self.env}/docs/index.html"

    def docs_runs(self) -> str:
        """Key of the same list as JSON."""
        return f"{self.env}/docs/runs.json"

    def docs(self, day: dt.date, run_id: str, page: str = "index") -> str:
        """Key of one page of a run's Data Docs: ``index``, or the name of a paper."""
        return self.docs_page(f"{day:%Y-%m-%d}/{run_slug(run_id)}/{page}.html")

    def docs_page(self, path: str) -> str:
        """Key of a page of the Data Docs, by its path below ``docs/``.

        Raises:
            ValueError: There can be no page of that path.
        """
        if not _DOCS_PAGE.fullmatch(path):
            raise ValueError(f"{path!r} is no page of the Data Docs")
        return f"{self.env}/docs/{path}"

    def table(self, name: str) -> str:
        """Prefix (no trailing slash) under which Iceberg keeps a table."""
        return f"{self.env}/tables/{name}"

    def current(self, name: str) -> str:
        """Key of the pointer to a table's newest metadata file."""
        return f"{self.env}/current/{name}.json"

    def hive_day(self, day: dt.date) -> str:
        """Key of the list of a day's exported files, which a reader without Iceberg follows."""
        return f"{self.env}/hive/articles/days/published_day={day:%Y-%m-%d}/manifest"

    def hive_data(self, day: dt.date) -> str:
        """Prefix of every version of a day's export."""
        return f"{self.env}/hive/articles/data/published_day={day:%Y-%m-%d}/"

    def hive_day_of(self, key: str) -> dt.date | None:
        """The day of whose export a key is; ``None`` of any other key.

        >>> Layout("dev").hive_day_of("dev/hive/articles/data/published_day=2026-01-15/1-a/x.parquet")
        datetime.date(2026, 1, 15)
        """
        before, named, rest = key.partition("/data/published_day=")
        return dt.date.fromisoformat(rest[:10]) if named and "/hive/" in before else None

    def hive_file(self, day: dt.date, version: str, name: str) -> str:
        """Key of one file of a version."""
        return f"{self.hive_data(day)}{version}/{name}"
