"""Settings, from the environment: ``docs/settings.md`` tells what each one means.

Every setting is an environment variable; Airflow's connections may stand in for the secret ones
(the DAGs lay them over the environment). Nothing here is ever logged.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsdesk import __version__
from newsdesk.archives import Access, Bucket
from newsdesk.archives.access import Endpoint
from newsdesk.errors import SettingsError
from newsdesk.layout import Layout
from newsdesk.sources import PACKAGED, http_address
from newsdesk.store import S3Server, S3Store
from newsdesk.tables.upkeep.rules import Rules

_BUCKET = re.compile(r"[a-zA-Z0-9._-]{3,255}")
_HELD_AT = re.compile(rf"s3://({_BUCKET.pattern})(?:/(.*))?")
_HELD: Endpoint = "common_crawl_data"
"""The archive whose files can be had from a bucket: the others answer questions."""

_HOME_REGION = "us-east-1"
"""Where Common Crawl's bucket lies; https://commoncrawl.org/get-started."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where newsdesk works. Secrets are kept out of ``repr``."""

    bucket: str
    catalog_uri: str = field(repr=False)
    server: S3Server = field(default_factory=S3Server)
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

        bucket = need("NEWSDESK_S3_BUCKET")
        if not _BUCKET.fullmatch(bucket):
            raise SettingsError("NEWSDESK_S3_BUCKET", f"{bucket!r} is no name of a bucket")
        return cls(
            bucket=bucket,
            catalog_uri=need("NEWSDESK_CATALOG_URI"),
            server=_own_server(environ),
            env=_env(environ),
            contact=environ.get("NEWSDESK_CONTACT") or None,
            papers=tuple(_listed(environ, "NEWSDESK_PAPERS", ",")),
            source_folders=source_folders(environ),
            fetch_via=_fetch_via(environ),
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


def source_folders(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """The folders of source files: those that come with newsdesk, and ``NEWSDESK_SOURCES``."""
    return (PACKAGED, *map(Path, _listed(environ, "NEWSDESK_SOURCES", ":")))


def _own_server(environ: Mapping[str, str]) -> S3Server:
    """The server of newsdesk's own bucket."""
    key, secret = _pair(environ, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return S3Server(
        _endpoint(environ, "NEWSDESK_S3_ENDPOINT"),
        environ.get("NEWSDESK_S3_REGION") or "us-east-1",
        key,
        secret,
        (environ.get("AWS_SESSION_TOKEN") or None) if key else None,
    )


def _archive_server(environ: Mapping[str, str]) -> S3Server:
    """The server of an archive's bucket: one with keys of its own, or newsdesk's."""
    key, secret = _pair(environ, "NEWSDESK_ARCHIVES_KEY_ID", "NEWSDESK_ARCHIVES_SECRET")
    endpoint = _endpoint(environ, "NEWSDESK_ARCHIVES_ENDPOINT")
    if key:
        return S3Server(endpoint, _HOME_REGION, key, secret)
    if endpoint:
        raise SettingsError(
            "NEWSDESK_ARCHIVES_KEY_ID", "is not set, but NEWSDESK_ARCHIVES_ENDPOINT is"
        )
    return _own_server(environ)


def _pair(environ: Mapping[str, str], *names: str) -> tuple[str | None, str | None]:
    """A key and its secret, or neither."""
    key, secret = (environ.get(name, "").strip() or None for name in names)
    if (key is None) != (secret is None):
        lacking, given = names if key is None else names[::-1]
        raise SettingsError(lacking, f"is not set, but {given} is")
    return key, secret


def _endpoint(environ: Mapping[str, str], setting: str) -> str | None:
    text = environ.get(setting, "").strip()
    return _address(setting, text) if text else None


def _address(setting: str, text: str, whose: str = "") -> str:
    try:
        return http_address(text)
    except ValueError as error:
        raise SettingsError(setting, f"{whose}{error}") from error


def _env(environ: Mapping[str, str]) -> str:
    try:
        return Layout(environ.get("NEWSDESK_ENV") or "dev").env
    except ValueError as error:
        raise SettingsError("NEWSDESK_ENV", str(error)) from error


def _listed(environ: Mapping[str, str], setting: str, mark: str) -> list[str]:
    return [part.strip() for part in environ.get(setting, "").split(mark) if part.strip()]


def _fetch_via(environ: Mapping[str, str]) -> dict[str, str]:
    setting = "NEWSDESK_FETCH_VIA"
    via = _addresses(environ, setting, "paper names")
    return {paper: _address(setting, address, f"{paper}: ") for paper, address in via.items()}


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
    server = _archive_server(environ)
    buckets: dict[str, Bucket] = {}
    if via.get(_HELD, "").startswith("s3://"):
        found = _HELD_AT.fullmatch(via.pop(_HELD))
        if found is None:
            raise SettingsError(setting, "expected s3://<bucket> or s3://<bucket>/<prefix>")
        name, folder = found[1], (found[2] or "").strip("/")
        prefix = f"{folder}/" if folder else ""
        buckets[_HELD] = Bucket(lambda: S3Store(server.client(), name), prefix)
    access = Access(via, buckets, _number(environ, "NEWSDESK_ARCHIVE_PACE", 4, most=1_000))
    try:
        access.papers  # noqa: B018 - made now, so that a bad address is named now
    except ValueError as error:
        raise SettingsError(
            setting,
            f"expected http(s) addresses without credentials, or for {_HELD} an s3:// one",
        ) from error
    return access


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
