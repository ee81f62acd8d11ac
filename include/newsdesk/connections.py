"""The wiring: the parts that the settings connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsdesk.errors import SettingsError, StoreError
from newsdesk.layout import Layout
from newsdesk.settings import Settings
from newsdesk.sources import Source, load_sources
from newsdesk.steps import Desk
from newsdesk.store import S3Store

if TYPE_CHECKING:
    from newsdesk.tables import Warehouse


def connect(settings: Settings) -> Desk:
    """Everything that the steps need, wired to the settings.

    Raises:
        SettingsError: A named paper is in no source file, or a setting is malformed.
        SourceError: A source file is malformed.
        StoreError: The bucket cannot be reached, or does not exist.
    """
    return Desk(
        store=open_store(settings),
        layout=Layout(settings.env),
        sources=choose_sources(settings),
        user_agent=lambda: settings.user_agent,
        open_warehouse=lambda: open_warehouse(settings),
        target=settings.warehouse,
        archives=settings.archives,
        host_requests=settings.host_requests,
        reread_limit=settings.reread_limit,
        upkeep=settings.upkeep,
        known=load_sources(settings.source_folders),
    )


def open_store(settings: Settings) -> S3Store:
    """The bucket, found to be there.

    Raises:
        StoreError: The store cannot be reached, refuses the keys, or has no such bucket.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    client = settings.server.client()
    where = f"s3://{settings.bucket}"
    try:
        client.head_bucket(Bucket=settings.bucket)
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        why = {404: "the bucket does not exist", 403: "access refused: check the keys"}.get(
            status or 0, f"the store answered {status}"
        )
        raise StoreError(where, why) from error
    except NoCredentialsError as error:
        raise StoreError(
            where, "no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from error
    except BotoCoreError as error:
        raise StoreError(
            where, f"the store at {settings.server.endpoint or 'AWS'} cannot be reached"
        ) from error
    return S3Store(client, settings.bucket)


def open_warehouse(settings: Settings) -> Warehouse:
    """The Iceberg tables.

    Raises:
        CatalogError: The catalog's database cannot be opened.
    """
    from newsdesk import tables

    return tables.open_warehouse(
        uri=settings.catalog_uri,
        env=settings.env,
        bucket=settings.bucket,
        server=settings.server,
    )


def choose_sources(settings: Settings) -> dict[str, Source]:
    """The papers a run takes, by name: those named, or every enabled one.

    Raises:
        SettingsError: A named paper is in no source file.
        SourceError: A source file is malformed.
    """
    known = load_sources(settings.source_folders)
    for setting, names in (
        ("NEWSDESK_PAPERS", settings.papers),
        ("NEWSDESK_FETCH_VIA", tuple(settings.fetch_via)),
    ):
        unknown = sorted(set(names) - set(known))
        if unknown:
            raise SettingsError(setting, f"no source file for {', '.join(unknown)}")
    chosen = {
        name: source
        for name, source in known.items()
        if (name in settings.papers if settings.papers else source.enabled)
    }
    return {
        name: via(source, settings.fetch_via[name]) if name in settings.fetch_via else source
        for name, source in chosen.items()
    }


def via(source: Source, address: str) -> Source:
    """The same paper, fetched through another address."""
    fetch = source.fetch.model_copy(update={"fetch_via": address})
    return source.model_copy(update={"fetch": fetch})
