"""A paper is data: one small TOML file says where its stories are found and how it reads.

``load_sources`` reads every ``*.toml`` of some folders into ``Source`` objects. The file's name
is the paper's name. ``docs/sources.md`` explains every key with examples.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from newsdesk.errors import SourceError
from newsdesk.fields import urls
from newsdesk.sources.naming import NAME
from newsdesk.sources.problems import explain

PACKAGED = Path(__file__).parent
"""The folder of the papers that come with newsdesk."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


def http_address(text: str) -> str:
    """An http(s) address without credentials, as given.

    Raises:
        ValueError: The text is none.
    """
    if not (re.fullmatch(r"https?://[^\s/@]+(/\S*)?", text) and _has_host(text)):
        raise ValueError("expected an http(s) address without credentials")
    return text


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:  # half of an IPv6 address
        return False


Pattern = Annotated[str, AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(http_address)]
Severity = Literal["critical", "warning", "info"]
CheckName = Literal[
    "not_null(article_id)",
    "unique(article_id)",
    "form(url)",
    "not_null(headline)",
    "length(headline)",
    "not_null(published_at)",
    "zone_aware(published_at)",
    "not_future(published_at)",
    "no_junk(bylines)",
    "length(body)",
    "not_null(language)",
    "known(language)",
    "known(section)",
    "volume",
    "share(bylines)",
    "share(section)",
    "duplicates",
    "freshness",
    "drift(volume)",
    "drift(body)",
    "drift(headline)",
    "drift(summary)",
    "drift(bylines)",
    "drift(section)",
    "drift(lead_image)",
    "drift(dateline)",
]
"""The checks, as ``quality.suites`` declares them: first of rows, then of days."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _archive(text: str) -> str:
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in ("year", "month", "day"):
            raise ValueError(f"{{{name}}} is none of {{year}}, {{month}}, {{day}}")
    for name, whole in (("day", "month"), ("month", "year")):
        if f"{{{name}}}" in text and f"{{{whole}}}" not in text:
            raise ValueError(f"{{{name}}} without {{{whole}}} stands for no time")
    return text


class Edition(_Table):
    """A language edition of the paper other than its first, told by where its addresses start."""

    name: str
    language: str
    path: str
    """Path prefix of its addresses, such as ``/arabic/``."""


class Discover(_Table):
    """Where the paper says what it has."""

    feeds: tuple[Address, ...] = ()
    news_sitemaps: tuple[Address, ...] = ()
    archive_sitemaps: tuple[Annotated[Address, AfterValidator(_archive)], ...] = ()
    """Sitemaps or sitemap indexes of the archive. ``{year}``, ``{month}`` and ``{day}`` stand for
    the run day's, with leading zeros."""
    robots_sitemaps: bool = True
    """Whether the ``Sitemap:`` lines of robots.txt are followed for days nobody watched."""
    archives: tuple[Literal["common_crawl", "wayback"], ...] = ()
    """Public web archives that are asked about what nothing else knows, and for pages that are
    gone."""
    archive_lag_days: int = Field(default=3, ge=0, le=60)
    """How many days after its day a story's first capture in an archive may lie."""


class Fetch(_Table):
    """How the paper is fetched."""

    pause_seconds: float = Field(default=1.0, ge=0)
    """Least pause between two requests to one host; robots.txt may only lengthen it."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=300)
    max_bytes: int = Field(default=10_485_760, gt=0)
    """Largest decoded body; a longer one is cut and marked."""
    max_pages: int = Field(default=5_000, gt=0)
    """Most pages of one run."""
    revisit_hours: tuple[Annotated[float, Field(gt=0, le=720)], ...] = (6, 24, 72, 168)
    """Hours after its publication at which a story is looked at again; empty: never by itself."""
    obey_opt_out: bool = False
    """Whether pages whose paper opts out of text and data mining or AI training are left alone.
    The signals are recorded either way."""
    fetch_via: Address | None = None
    """Address that stands in for the paper's own hosts; recorded URLs stay the original ones."""


class Urls(_Table):
    """Which addresses are stories, and which addresses are the same story.

    Patterns are searched in the path of the address.
    """

    article: tuple[Pattern, ...] = ()
    """What a story's path looks like; the groups ``section`` and ``subsection`` are used. Empty:
    any path with a slug."""
    ignore: tuple[Pattern, ...] = ()
    strip_suffixes: tuple[str, ...] = ("/amp",)
    """Path endings that another address of the same story does without."""
    renamed: dict[str, str] = {}
    """Path prefixes that changed, old to new."""
    keep_query: tuple[str, ...] = ()
    """Query parameters that tell stories apart; all others are dropped."""


class Epoch(_Table):
    """How pages captured up to a day are marked up: CSS selectors, the first that finds wins.

    A field without selectors is read by the general rules alone.
    """

    until: dt.date | None = None
    """Last UTC day of capture that these selectors are for; ``None`` is the present."""
    container: tuple[str, ...] = ()
    """The story's own part of the page; everything else is looked for inside it first."""
    headline: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    dateline: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    """Selectors of the paragraphs themselves."""
    remove: tuple[str, ...] = ()
    """What is cut out before anything is read."""
    lead_image: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    section: tuple[str, ...] = ()


class Normal(_Table):
    """What a normal day of the paper looks like; the checks are built from it."""

    pages_per_day: tuple[int, int] = (1, 100_000)
    byline_share: float = Field(default=0.5, ge=0, le=1)
    duplicate_share: float = Field(default=0.1, ge=0, le=1)
    body_characters: tuple[int, int] = (100, 200_000)
    languages: tuple[str, ...] = ()
    """Allowed languages; empty: those of the editions."""
    section_share: float = Field(default=0.95, ge=0, le=1)
    sections: tuple[str, ...] = ()
    """Known sections, as the paper prints them; empty: nobody asks. Those that the file itself
    names are always known."""
    severity: dict[CheckName, Severity] = {}
    """Severity by name of a check, where it differs from the usual one."""

    @field_validator("pages_per_day", "body_characters")
    @classmethod
    def _range(cls, value: tuple[int, int]) -> tuple[int, int]:
        if value[0] > value[1]:
            raise ValueError(f"expected the least first: {list(value)}")
        return value

    @field_validator("sections")
    @classmethod
    def _printed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not name or name != name.strip():
                raise ValueError(f"{name!r} is the name of no section; blanks around it count")
        return value


class Source(_Table):
    """One paper.

    Attributes:
        name: Lower-case name; the file's name and the ``source`` column.
        title: The paper's name as it prints it.
        home: Its front page.
        domains: Registered domains whose addresses are the paper's own.
        language: Language of its first edition, two letters.
        edition: Name of its first edition.
        time_zone: IANA zone of dates printed without one.
        enabled: Whether a run takes it when no papers are named.
        rules_version: Grows by one whenever this file changes what a page reads as.
        store_body: Whether the body may be kept; else hash, counts and metadata only.
        outlet_names: Names under which the paper signs, beside its title.
        sections: Display names by path: ``world`` and ``world/asia-pacific``.
    """

    name: str = Field(pattern=NAME)
    title: str
    home: Address
    domains: tuple[str, ...] = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    edition: str = "en"
    time_zone: str = "UTC"
    enabled: bool = True
    rules_version: int = Field(default=0, ge=0, le=1_000_000)
    store_body: bool = True
    outlet_names: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
    discover: Discover = Discover()
    fetch: Fetch = Fetch()
    urls: Urls = Urls()
    sections: dict[str, str] = {}
    reading: tuple[Epoch, ...] = ()
    normal: Normal = Normal()

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("expected an IANA time zone such as Europe/Istanbul") from error
        return value

    @field_validator("sections")
    @classmethod
    def _paths(cls, value: dict[str, str]) -> dict[str, str]:
        for path in value:
            if path != path.strip("/").lower():
                better = path.strip("/").lower()
                raise ValueError(f"{path!r} matches no address; write {better!r}")
        return value

    @model_validator(mode="after")
    def _epochs_in_order(self) -> Source:
        days = [epoch.until or dt.date.max for epoch in self.reading]
        if days != sorted(set(days)):
            raise ValueError("reading: epochs must stand oldest first, each with its own last day")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The paper's time zone."""
        return ZoneInfo(self.time_zone)

    def epoch(self, captured_at: dt.datetime) -> Epoch:
        """The selectors for pages captured at a time; empty ones when the file has none."""
        day = captured_at.astimezone(dt.UTC).date()
        for epoch in self.reading:
            if epoch.until is None or day <= epoch.until:
                return epoch
        return Epoch()

    def owns(self, url: str) -> bool:
        """Whether an address lies on one of the paper's own domains."""
        return urls.on_domain(url, self.domains)

    def canonical_url(self, url: str) -> str:
        """The address to show for a story: the paper's own host, no AMP, no tracking."""
        return urls.canonical_url(
            url, home=self.home, domains=self.domains, keep_query=self.urls.keep_query
        )

    def article_id(self, url: str) -> str:
        """The story's identifier, the same for every address it has: 32 hex digits."""
        key = urls.canonical_key(
            self.canonical_url(url),
            domains=self.domains,
            strip_suffixes=self.urls.strip_suffixes,
            renamed=self.urls.renamed,
        )
        return urls.article_id(self.name, key)

    def is_story(self, url: str) -> bool:
        """Whether an address of the paper looks like a story's, by the file's patterns.

        That of a section never is one, whatever the patterns say.
        """
        path = urls.path_of(url)
        if path.strip("/") in self.sections:
            return False
        if not self.owns(url) or any(re.search(p, path) for p in self.urls.ignore):
            return False
        if self.urls.article:
            return any(re.search(p, path) for p in self.urls.article)
        return urls.has_slug(path)

    def edition_of(self, path: str) -> tuple[str, str]:
        """Name and language of the edition that a URL path belongs to."""
        for edition in self.editions:
            if path.startswith(edition.path):
                return edition.name, edition.language
        return self.edition, self.language


def load_source(path: Path) -> Source:
    """Reads one paper's file.

    Raises:
        SourceError: The file is no TOML, or a key is unknown, missing or malformed; the message
            names the file, the key and what was expected.
    """
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise SourceError(str(path), error.strerror or "cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"not TOML: {error}") from error
    return source_of(path, data)


def source_of(path: Path, data: Mapping[str, Any]) -> Source:
    """The paper that the keys of a file describe.

    Args:
        path: The file; it is not read. A paper without a name has the file's.
        data: Its keys.

    Raises:
        SourceError: See ``load_source``.
    """
    try:
        return Source.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        raise SourceError(str(path), explain(error, Source)) from error


def load_sources(folders: Iterable[Path] = (PACKAGED,)) -> dict[str, Source]:
    """Reads every paper of some folders, by name; a later folder's file replaces an earlier one's.

    Raises:
        SourceError: A file is malformed, or a folder does not exist.
    """
    sources: dict[str, Source] = {}
    for folder in folders:
        if not folder.is_dir():
            raise SourceError(str(folder), "no such folder of sources")
        for path in sorted(folder.glob("*.toml")):
            source = load_source(path)
            sources[source.name] = source
    return dict(sorted(sources.items()))
