"""The shapes a story takes, in the order it takes them.

``Link`` -> ``Response`` -> ``Capture`` -> ``Article`` or ``Rejection`` -> ``Verdict`` -> ``LedgerEntry``.

All are frozen and hold only plain values, so any of them can be written as JSON (by pydantic's
``TypeAdapter``) and compared in a test. Every datetime is timezone-aware; those that are
stored are UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

Via = Literal[
    "look",
    "news_sitemap",
    "archive_sitemap",
    "landed",
    "cc_news",
    "common_crawl",
    "wayback",
    "given",
]
"""How a link became known. ``look`` is a feed's item, ``news_sitemap`` an entry of one; ``landed``
is a page that an unfinished run left, ``cc_news`` one that was harvested from a news crawl."""

ArticleType = Literal["news", "opinion", "gallery", "video", "live"]
ContributorKind = Literal["person", "agency", "desk", "outlet"]
Precision = Literal["second", "minute", "day"]
Access = Literal["free", "paywalled", "unknown"]
Fate = Literal["unchanged", "published", "blocked", "rejected", "refused", "failed", "missing"]
Failure = Literal["temporary", "soft", "hard"]
"""How a look failed: by itself gone soon, perhaps gone later, or as good as for ever."""

Notice = Literal["moved", "html", "empty"]
Severity = Literal["critical", "warning", "info"]
Outcome = Literal["passed", "failed", "not_evaluated"]
Strategy = Literal["looks", "landed", "archive_sitemaps", "common_crawl", "wayback", "none"]
"""Where the stories of a day are known from; in this order they are asked."""

UTC = dt.UTC

_BYTES_AS_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
"""How pydantic writes the binary fields of a shape when it becomes JSON."""


# -- discover ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """A capture of a story's page that is kept somewhere: in our own bucket or by an archive.

    Attributes:
        via: Who keeps it; ``landed`` and ``cc_news`` mean our bucket.
        url: The URL that answered.
        captured_at: UTC; when it answered.
        content_type: As received, or as the archive says.
        key: Key of the WARC file; empty where captures are asked for by URL and time.
        offset: Offset of the record in the file, bytes.
        length: Length of the record, bytes.
        digest: SHA-256 of the body as received, of captures in our bucket; else empty.
        opt_out: Signals on the page that it is not to be mined or trained on, as far as they are
            known. Where they were obeyed the page was not kept, and there is no file.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _BYTES_AS_BASE64

    via: Via
    url: str
    captured_at: dt.datetime
    content_type: str | None = None
    key: str = ""
    offset: int = 0
    length: int = 0
    digest: bytes = b""
    opt_out: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether our own bucket tells what came of it, so that no network is needed."""
        return self.via in ("landed", "cc_news")


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that someone says belongs to a paper and, perhaps, to a day.

    Attributes:
        source: Name of the paper.
        url: Absolute URL as given, without fragment and tracking parameters.
        article_id: 32 hex digits, from ``fields.urls``; the same for every address of a story.
        via: Sorted, distinct ways the link became known.
        seen_at: Least time (UTC) at which anyone of ours saw it.
        published_hint: Publication time that the feed or sitemap claims, if it claims one.
        modified_hint: Time of the last change that it claims, if it claims one.
        headline_hint: Title in the feed or sitemap.
        byline_hint: Author in the feed, as printed.
        section_hint: Category in the feed, as printed.
        copies: Captures of the page that are kept, the best to read first.
    """

    source: str
    url: str
    article_id: str
    via: tuple[Via, ...]
    seen_at: dt.datetime
    published_hint: dt.datetime | None = None
    modified_hint: dt.datetime | None = None
    headline_hint: str | None = None
    byline_hint: str | None = None
    section_hint: str | None = None
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedLook:
    """What one feed or news sitemap showed in one look.

    Attributes:
        url: Address of the feed.
        kind: ``feed`` or ``news_sitemap``.
        looked_at: UTC.
        status: HTTP status; ``None`` when nothing was received.
        links: What it listed, in its order; of an unmodified feed (304) what it listed before.
        etag: Validator for the next look.
        last_modified: Validator for the next look, as the server wrote it.
        seen_share: Share of the links that the look before had shown, 0 to 1; ``None`` for a
            first look and for an empty one. 0 means that items may have been missed.
        error: Why the look failed, in one line naming the feed; ``None`` when it did not.
        failure: What kind of failure it was; says how soon the feed is looked at again.
        notice: What is odd about a feed: it was moved for good, it is an HTML page, it shows
            nothing where it showed something before.
        moved_to: Where it was moved to for good, if it was.
        rest_until: UTC; until when its host has asked to be left alone, if it has.
    """

    url: str
    kind: Literal["feed", "news_sitemap"]
    looked_at: dt.datetime
    status: int | None = None
    links: tuple[Link, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    seen_share: float | None = None
    error: str | None = None
    failure: Failure | None = None
    notice: Notice | None = None
    moved_to: str | None = None
    rest_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """How asking a host for its robots.txt or its tdmrep.json went.

    Attributes:
        url: The file's address.
        at: UTC.
        status: HTTP status, if it was answered.
        problem: Why nothing could be asked of the host, if so.
        ref: Where the answer is landed; looks land none.
    """

    url: str
    at: dt.datetime
    status: int | None
    problem: str | None
    ref: CaptureRef | None


@dataclass(frozen=True, slots=True)
class Look:
    """One immutable object: what the feeds of some papers showed at one moment."""

    looked_at: dt.datetime
    shard: int
    feeds: tuple[tuple[str, FeedLook], ...]
    """Pairs of source name and what one of its feeds showed."""
    robots: tuple[RobotsRecord, ...] = ()
    """How asking the hosts for their robots.txt went."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What came of asking one strategy about a day.

    Attributes:
        strategy: Who was asked.
        stories: Stories of the day that it named.
        requests: Requests that this took.
        problems: What could not be had or read, one line each, naming the address.
    """

    strategy: Strategy
    stories: int
    requests: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What is known of one paper on one run day before anything is fetched.

    Attributes:
        source: Name of the paper.
        day: Run day, UTC.
        strategy: The last one that added links or closed a gap; ``none`` when nothing could say.
        links: Distinct stories, sorted by URL.
        gap_from: Start (UTC) of the part of the day that nobody watched, if any.
        gap_to: Its end.
        error: Why the paper could not be asked or is not fetched, in one line; ``None`` otherwise.
        inquiries: Every strategy that was asked, in order.
        over_budget: Whether its listing or its pages need more requests than a run may send; no
            page is fetched.
    """

    source: str
    day: dt.date
    strategy: Strategy
    links: tuple[Link, ...] = ()
    gap_from: dt.datetime | None = None
    gap_to: dt.datetime | None = None
    error: str | None = None
    inquiries: tuple[Inquiry, ...] = ()
    over_budget: bool = False


# -- fetch and land ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response as received.

    Attributes:
        url: The URL asked for, as recorded.
        final_url: The URL that answered, after redirects, as recorded (never a ``fetch_via`` one).
        status: HTTP status.
        reason: Reason phrase, possibly empty.
        headers: Header lines as received, in order.
        raw: Body bytes as received, still content-encoded (transfer encoding removed).
        body: Body bytes decoded; shorter than the whole when ``truncated``.
        received_at: UTC, when the last byte came.
        truncated: Why the body is not whole (``length`` or ``time``), else ``None``.
        seconds: Wall time of the last try.
        attempts: How many tries it took.
        moved_to: Where permanent redirects led to, if any did and no other came before them.
        opt_out: Signals that the paper does not want texts to be mined or models to be trained
            with them; see ``fetch.optout``.
        archive_url: Where the archive keeps it that it was had from; ``None`` when it was the
            paper itself.
    """

    url: str
    final_url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes
    body: bytes
    received_at: dt.datetime
    truncated: str | None = None
    seconds: float = 0.0
    attempts: int = 1
    moved_to: str | None = None
    opt_out: tuple[str, ...] = ()
    archive_url: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, ``None`` when it is not there; case does not matter."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """Where a landed response lies: a WARC file and the record in it.

    Attributes:
        key: Key of the WARC file in the bucket.
        offset: Offset of the record's gzip member, bytes.
        length: Length of that member, bytes.
        digest: SHA-256 of the body as received (32 bytes).
    """

    __pydantic_config__: ClassVar[ConfigDict] = _BYTES_AS_BASE64

    key: str
    offset: int
    length: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Capture:
    """What became of the attempt to get one link, as recorded beside the WARC files.

    Attributes:
        link: The link that was followed.
        fate: ``None`` when a page was landed and is to be read; else the final fate.
        reason: Code beside the fate (``http_404``, ``robots``, ``timeout``), or ``None``.
        captured_at: UTC; when the response came, or when the attempt was given up.
        final_url: The URL that answered, if one did.
        status: HTTP status, if there was one.
        content_type: As received.
        ref: Where the response lies, if one was landed (error pages are landed too).
        size: Bytes received.
        seconds: Wall time.
        attempts: Tries made.
        etag: Validator for the next visit.
        last_modified: Validator for the next visit, as the server wrote it.
        opt_out: Signals that the paper does not want texts to be mined or models to be trained
            with them.
    """

    link: Link
    fate: Fate | None
    reason: str | None
    captured_at: dt.datetime
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    ref: CaptureRef | None = None
    size: int = 0
    seconds: float = 0.0
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    opt_out: tuple[str, ...] = ()


# -- read -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """What reading gets: bytes and what is known of them.

    Attributes:
        url: The recorded URL.
        body: Decoded bytes (content encoding removed, character encoding not).
        captured_at: UTC.
        final_url: The URL that answered, if another.
        content_type: The HTTP header's value.
        status: HTTP status.
        link: What the feed or sitemap said.
        ref: Where the page is landed.
    """

    url: str
    body: bytes
    captured_at: dt.datetime
    final_url: str | None = None
    content_type: str | None = None
    status: int = 200
    link: Link | None = None
    ref: CaptureRef | None = None


@dataclass(frozen=True, slots=True)
class Contributor:
    """One name of a byline. ``role`` is what stands beside it ("with", "Photo", a job title)."""

    name: str
    kind: ContributorKind
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a story was filed: the place in ordinary case and as printed, the agency beside it."""

    place: str
    raw: str
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class LeadImage:
    """The picture of a story: canonical address, caption without credit, credit."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one rule proposes for one field, with its evidence (``read --explain``)."""

    field: str
    rule: str
    value: str
    evidence: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """A story as read from one page. The columns of ``news.articles`` that reading can fill.

    ``tables.schema`` says what every column means. Lists are never ``None``; an unknown string
    is ``None``, never empty. ``headline``, ``published_at`` and ``body`` may be ``None`` only on
    a page that is rejected.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _BYTES_AS_BASE64

    article_id: str
    source: str
    url: str
    canonical_url: str
    captured_at: dt.datetime
    reader_version: int
    edition: str | None = None
    language: str | None = None
    section: str | None = None
    subsection: str | None = None
    article_type: ArticleType = "news"
    headline: str | None = None
    summary: str | None = None
    bylines: tuple[Contributor, ...] = ()
    byline_raw: str | None = None
    dateline: Dateline | None = None
    published_at: dt.datetime | None = None
    published_at_offset: int | None = None
    published_at_precision: Precision | None = None
    published_day_local: dt.date | None = None
    modified_at: dt.datetime | None = None
    body: str | None = None
    paragraphs: int = 0
    word_count: int = 0
    lead_image: LeadImage | None = None
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    access: Access = "unknown"
    text_simhash: bytes | None = None
    content_hash: bytes | None = None
    capture: CaptureRef | None = None
    field_rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a capture or a row is not in ``news.articles``: one row of ``news.rejected``.

    Attributes:
        reason: A code of ``reading.walls.REASONS`` or ``check:<expectation>(<column>)``.
        evidence: What was seen, at most 300 characters, never a body.
    """

    source: str
    url: str
    captured_at: dt.datetime
    reason: str
    evidence: str
    reader_version: int
    article_id: str
    capture: CaptureRef | None = None
    http_status: int | None = None
    headline: str | None = None
    published_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one page gave.

    Attributes:
        article: Every field that could be read, also from a rejected page.
        rejection: Why the page is no story; ``None`` when it is one.
        candidates: Every proposal per field; empty unless asked for.
    """

    article: Article
    rejection: Rejection | None = None
    candidates: tuple[Candidate, ...] = ()


# -- stage, check, publish --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """One walk for one run day.

    Attributes:
        day: The run day, UTC.
        run_id: The orchestrator's name of the run; a row's ``run_id``.
        started_at: UTC; the same for every task of the run.
    """

    day: dt.date
    run_id: str
    started_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One content-addressed Parquet file of articles: what reading a shard gave."""

    key: str
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class ShardReading:
    """What became of one shard after reading: beside the staged file, the rest of the truth."""

    shard: int
    staged: StagedFile | None
    rejections: tuple[Rejection, ...]
    captures: tuple[Capture, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One expectation in one run: one row of ``news.checks``.

    Attributes:
        source: Paper the figures are about.
        published_day: Day it judged; ``None`` for a check of staged rows.
        expectation: Name and column, such as ``not_null(published_at)``.
        severity: What a failure means.
        outcome: ``not_evaluated`` is an expectation that raised, never one that failed.
        observed: What was seen, JSON.
        expected: What was asked for, JSON.
        rows: Rows looked at.
        failing: Rows that failed.
    """

    source: str
    published_day: dt.date | None
    expectation: str
    severity: Severity
    outcome: Outcome
    observed: str
    expected: str
    rows: int
    failing: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks say of one run.

    Attributes:
        base_snapshot: Snapshot of ``news.articles`` that the merged images stood on.
        staged: The files judged, by digest.
        rejected: Rows refused by a critical row check.
        blocked: Pairs of source and published day that stay as they are, with why: the name of the
            check, a colon and its figures; several are joined by ``; ``.
        results: Every expectation.
    """

    base_snapshot: int | None
    staged: tuple[StagedFile, ...]
    rejected: tuple[Rejection, ...]
    blocked: tuple[tuple[str, dt.date, str], ...]
    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class DayChange:
    """How a published day changed in one commit, as kept in the snapshot's properties."""

    day: dt.date
    rows: int
    added: int
    changed: int
    removed: int
    complete: bool
    snapshot: int
    verdict: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What a run did with one URL: one row of ``news.ledger``."""

    source: str
    url: str
    article_id: str
    fate: Fate
    reason: str | None = None
    discovered_via: tuple[Via, ...] = ()
    http_status: int | None = None
    bytes: int = 0
    seconds: float = 0.0
    attempts: int = 0
    capture: CaptureRef | None = None
    published_day: dt.date | None = None
    visited_at: dt.datetime | None = None
