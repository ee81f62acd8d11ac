"""Settings, from the environment.

Every setting is an environment variable; an Airflow connection may stand in for the secret ones
(the DAGs pass it in). Nothing here is ever logged.

=============================  =================================================================
``NEWSDESK_S3_BUCKET``         the bucket (required)
``NEWSDESK_S3_ENDPOINT``       address of an S3-compatible server; unset: AWS
``NEWSDESK_S3_REGION``         region, default ``us-east-1``
``AWS_ACCESS_KEY_ID``          credentials; unset: whatever boto3 finds (an instance's role)
``AWS_SECRET_ACCESS_KEY``      the other half
``NEWSDESK_ENV``               first segment of every key, default ``dev``
``NEWSDESK_CATALOG_URI``       the Iceberg catalog's database: ``sqlite:////path`` or
                               ``postgresql+psycopg2://user:password@host/database`` (required)
``NEWSDESK_CONTACT``           address or URL that the user agent names (required to fetch)
``NEWSDESK_PAPERS``            names of the papers a run takes, comma-separated; unset: every
                               enabled one
``NEWSDESK_SOURCES``           more folders of source files, separated by ``:``
``NEWSDESK_FETCH_VIA``         JSON object, paper to address: overrides ``fetch.fetch_via``
``NEWSDESK_ARCHIVES``          JSON object, web archive to address: a mirror that stands in for it,
                               or the bucket with Common Crawl's files
``NEWSDESK_ARCHIVES_KEY_ID``   credentials for that bucket; unset: it lies where newsdesk's own does
``NEWSDESK_ARCHIVES_SECRET``   the other half
``NEWSDESK_ARCHIVES_ENDPOINT`` address of the server that they are for; unset: AWS
``NEWSDESK_ARCHIVE_PACE``      what the archives' pauses are multiplied by, default 4
``NEWSDESK_HOST_REQUESTS``     most requests to one host for a run's listings and pages, default
                               no limit
``NEWSDESK_REREAD_LIMIT``      share of a paper's stories that a reread may lose, default 0.05
``NEWSDESK_KEEP_SNAPSHOTS``    days that snapshots stay, default 30
``NEWSDESK_KEEP_ORPHANS``      days before a file that no snapshot has goes, default 3
``NEWSDESK_KEEP_RAW``          days that WARC files stay; unset: for ever
``NEWSDESK_DROP_POINTED_RAW``  ``yes``: old WARC files go though rows still point into them
``NEWSDESK_WAREHOUSE``         what ``load_warehouse`` fills: path of a DuckDB file, or a
                               ``postgresql://`` address
=============================  =================================================================
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsdesk import __version__
from newsdesk.archives import Access, Bucket
from newsdesk.archives.access import Endpoint
from newsdesk.errors import SettingsError
from newsdesk.sources import PACKAGED
from newsdesk.store import S3Store, s3_client
from newsdesk.tables.upkeep.rules import Rules

_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_HELD: Endpoint = "common_crawl_data"
"""The archive whose files can be had from a bucket: the others answer questions."""

_HOME_REGION = "us-east-1"
"""Where Common Crawl's bucket lies; https://commoncrawl.org/get-started."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where newsdesk works. Secrets are kept out of ``repr``."""

    bucket: str
    catalog_uri: str = field(repr=False)
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    env: str = "dev"
    contact: str | None = None
    papers: tuple[str, ...] = ()
    source_folders: tuple[Path, ...] = (PACKAGED,)
    fetch_via: Mapping[str, str] = field(default_factory=dict)
    warehouse: str | None = field(default=None, repr=False)
    archives: Access = field(default_factory=Access)
    host_requests: int | None = None
    reread_limit: float = 0.05
    upkeep: Rules = field(default_factory=Rules)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the environment gives.

        Raises:
            SettingsError: One is missing or malformed; the message names the variable.
        """

        def need(name: str) -> str:
            value = environ.get(name, "").strip()
            if not value:
                raise SettingsError(name, "is not set; docs/settings.md lists every setting")
            return value

        folders = [Path(part) for part in environ.get("NEWSDESK_SOURCES", "").split(":") if part]
        papers = environ.get("NEWSDESK_PAPERS", "")
        return cls(
            bucket=need("NEWSDESK_S3_BUCKET"),
            catalog_uri=need("NEWSDESK_CATALOG_URI"),
            endpoint=environ.get("NEWSDESK_S3_ENDPOINT") or None,
            region=environ.get("NEWSDESK_S3_REGION") or "us-east-1",
            access_key=environ.get("AWS_ACCESS_KEY_ID") or None,
            secret_key=environ.get("AWS_SECRET_ACCESS_KEY") or None,
            env=environ.get("NEWSDESK_ENV") or "dev",
            contact=environ.get("NEWSDESK_CONTACT") or None,
            papers=tuple(name.strip() for name in papers.split(",") if name.strip()),
            source_folders=(PACKAGED, *folders),
            fetch_via=_addresses(environ, "NEWSDESK_FETCH_VIA", "paper names"),
            warehouse=environ.get("NEWSDESK_WAREHOUSE") or None,
            archives=_archives(environ),
            host_requests=_whole_number(environ, "NEWSDESK_HOST_REQUESTS"),
            reread_limit=_number(environ, "NEWSDESK_REREAD_LIMIT", 0.05, most=1),
            upkeep=_upkeep(environ),
        )

    @property
    def user_agent(self) -> str:
        """See ``user_agent``."""
        return user_agent(self.contact)


def user_agent(contact: str | None) -> str:
    """What newsdesk calls itself to papers: the software and whom to ask about it.

    Raises:
        SettingsError: No contact is set.
    """
    if not contact:
        raise SettingsError(
            "NEWSDESK_CONTACT", "is not set: papers must be able to reach whoever fetches them"
        )
    return f"newsdesk/{__version__} (+{contact})"


def _addresses(environ: Mapping[str, str], setting: str, whose: str) -> dict[str, str]:
    text = environ.get(setting, "")
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SettingsError(setting, f"not JSON: {error}") from error
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise SettingsError(setting, f"expected an object of {whose} to addresses")
    return value


def _archives(environ: Mapping[str, str]) -> Access:
    setting = "NEWSDESK_ARCHIVES"
    via = _addresses(environ, setting, "web archives")
    unknown = sorted(set(via) - set(Access().papers))
    if unknown:
        known = ", ".join(Access().papers)
        raise SettingsError(setting, f"{unknown[0]} is none of {known}")
    buckets: dict[str, Bucket] = {}
    if via.get(_HELD, "").startswith("s3://"):
        found = _BUCKET.fullmatch(via.pop(_HELD))
        if found is None:
            raise SettingsError(setting, "expected s3://<bucket> or s3://<bucket>/<prefix>")
        prefix = f"{found[2].rstrip('/')}/" if found[2] else ""
        buckets[_HELD] = Bucket(_archive_bucket(environ, found[1]), prefix)
    access = Access(via, buckets, _number(environ, "NEWSDESK_ARCHIVE_PACE", 4, most=1_000))
    try:
        access.papers  # noqa: B018 - made now, so that a bad address is named now
    except ValueError as error:
        raise SettingsError(
            setting,
            f"expected http(s) addresses without credentials, or for {_HELD} an s3:// one",
        ) from error
    return access


def _archive_bucket(environ: Mapping[str, str], bucket: str) -> Callable[[], S3Store]:
    """How an archive's bucket is opened: with keys of its own, or as newsdesk's own is."""
    own = ("NEWSDESK_ARCHIVES_ENDPOINT", "NEWSDESK_ARCHIVES_KEY_ID", "NEWSDESK_ARCHIVES_SECRET")
    endpoint, key, secret = (environ.get(name, "").strip() or None for name in own)
    if (key is None) != (secret is None) or (endpoint and not key):
        raise SettingsError(own[2] if key else own[1], "is not set, though another of its kind is")
    region = _HOME_REGION
    if key is None:
        endpoint = environ.get("NEWSDESK_S3_ENDPOINT") or None
        key, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
        region = environ.get("NEWSDESK_S3_REGION") or region
    return lambda: S3Store(s3_client(endpoint, region, key or None, secret or None), bucket)


def _upkeep(environ: Mapping[str, str]) -> Rules:
    usual = Rules()

    def days(setting: str, default: dt.timedelta) -> dt.timedelta:
        number = _whole_number(environ, setting)
        return default if number is None else dt.timedelta(days=min(number, 36500))

    drop = environ.get("NEWSDESK_DROP_POINTED_RAW", "").strip().lower()
    if drop not in {"", "yes", "no"}:
        raise SettingsError("NEWSDESK_DROP_POINTED_RAW", f"{drop!r} is neither yes nor no")
    keep_raw = days("NEWSDESK_KEEP_RAW", dt.timedelta())
    return Rules(
        keep_snapshots=days("NEWSDESK_KEEP_SNAPSHOTS", usual.keep_snapshots),
        keep_orphans=days("NEWSDESK_KEEP_ORPHANS", usual.keep_orphans),
        keep_raw=keep_raw or None,
        drop_pointed=drop == "yes",
    )


def _number(environ: Mapping[str, str], setting: str, default: float, *, most: int) -> float:
    text = environ.get(setting, "").strip()
    try:
        number = float(text) if text else default
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise SettingsError(setting, f"{text!r} is no number from 0 to {most}")
    return number


def _whole_number(environ: Mapping[str, str], setting: str) -> int | None:
    text = environ.get(setting, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:12]) > 0):
        raise SettingsError(setting, f"{text!r} is no number above 0")
    return int(text[:12])
