"""The warehouse: where the catalog is, which tables it has, and how they are made.

Every environment has a namespace of its own, ``<env>_news``, and a folder of its own in the
bucket, ``<env>/tables``: dev and prod may share a catalog's database and never meet.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsdesk.errors import CatalogError, StoreError
from newsdesk.layout import Layout
from newsdesk.store import S3Server
from newsdesk.tables.evolve import bring_up
from newsdesk.tables.schema import ARTICLE_DAYS, TABLES, TableShape

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.table import Table

CONFIGURED = "pyiceberg:"
"""What stands before the name of a catalog that pyiceberg's own configuration describes."""

PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.parquet.compression-level": "3",
    "write.parquet.row-group-limit": "20000",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    # A commit that meets another is made again from a fresh read by newsdesk, checks and all:
    # pyiceberg's own retry would keep what was read before.
    "commit.retry.num-retries": "0",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "32",
}
"""Properties of every table."""

_BODIES = {
    "write.metadata.metrics.column.body": "none",
    # 7% smaller than level 3 on real stories, at 5,000 stories a second: bodies stay for years.
    "write.parquet.compression-level": "9",
}

OWN_PROPERTIES = {
    "articles": _BODIES,
    "revisions": _BODIES,
    # Ids of runs share long beginnings; the usual 16 characters would tell none apart.
    "ledger": {"write.metadata.metrics.column.run_id": "full"},
    "checks": {"write.metadata.metrics.column.run_id": "full"},
    ARTICLE_DAYS.name: {"write.metadata.metrics.column.article_id": "full"},
}
"""Properties of single tables."""


def properties_of(shape: TableShape) -> dict[str, str]:
    """The properties that a table is made with, and given again by upkeep."""
    comment = f"{shape.doc} {shape.written_by}"
    return {**PROPERTIES, **OWN_PROPERTIES.get(shape.name, {}), "comment": comment}


class Warehouse:
    """The tables of one environment.

    Args:
        catalog: A pyiceberg catalog.
        env: The environment's name.
        root: The bucket's address; ``None`` is the ``warehouse`` property of the catalog (in tests
            a ``file://`` folder).
    """

    def __init__(self, catalog: Catalog, env: str, root: str | None = None) -> None:
        self.catalog = catalog
        self.env = env
        self.namespace = f"{env}_news"
        self._root = (root or catalog.properties["warehouse"]).rstrip("/")

    def location(self, name: str) -> str:
        """Address under which a table keeps its files."""
        return f"{self._root}/{Layout(self.env).table(name)}"

    def table(self, name: str) -> Table:
        """A table as it stands now; made on first use, given columns that are new in the contract.

        Raises:
            KeyError: The contract has no such table.
            CatalogError: The catalog's database failed.
            StoreError: The bucket failed.
        """
        from pyiceberg.exceptions import NoSuchTableError

        shape = TABLES[name]
        with trouble(f"{self.namespace}.{name}"):
            try:
                return bring_up(self.catalog.load_table((self.namespace, name)), shape)
            except NoSuchTableError:
                return self._create(shape)

    def existing(self, name: str) -> Table | None:
        """A table as it stands now; ``None`` while nobody has made it."""
        from pyiceberg.exceptions import NoSuchTableError

        with trouble(f"{self.namespace}.{name}"):
            try:
                return bring_up(self.catalog.load_table((self.namespace, name)), TABLES[name])
            except NoSuchTableError:
                return None

    def close(self) -> None:
        """Closes the connections to the catalog's database."""
        self.catalog.close()

    def _create(self, shape: TableShape) -> Table:
        """Makes a table, or finds that another process just did."""
        from pyiceberg.exceptions import TableAlreadyExistsError

        self._create_namespace()
        schema = shape.iceberg()
        try:
            return self.catalog.create_table(
                (self.namespace, shape.name),
                schema,
                location=self.location(shape.name),
                partition_spec=shape.partition_spec(schema),
                properties=properties_of(shape),
            )
        except TableAlreadyExistsError:
            return self.catalog.load_table((self.namespace, shape.name))

    def _create_namespace(self) -> None:
        from pyiceberg.exceptions import NamespaceAlreadyExistsError
        from sqlalchemy.exc import IntegrityError

        # IntegrityError: another process made it between pyiceberg's look and its insert.
        with contextlib.suppress(NamespaceAlreadyExistsError, IntegrityError):
            self.catalog.create_namespace(self.namespace)


def open_warehouse(
    *,
    uri: str,
    env: str,
    bucket: str,
    server: S3Server,
) -> Warehouse:
    """Opens the Iceberg tables of an environment.

    Args:
        uri: The catalog's database: ``sqlite:////path`` or
            ``postgresql+psycopg2://user:password@host/database``; or ``pyiceberg:`` and the name of
            a catalog of any kind that pyiceberg's own configuration describes.
        env: The environment's name.
        bucket: The bucket that holds the tables.
        server: Where it is, and who we are to it.

    Raises:
        CatalogError: The database cannot be opened, or the address is malformed.
        StoreError: The bucket does not exist or cannot be reached.
    """
    root = f"s3://{bucket}"
    properties = {
        "py-io-impl": "newsdesk.tables.fileio.OnePutFileIO",
        "s3.endpoint": server.endpoint,
        "s3.region": server.region,
        "s3.access-key-id": server.access_key,
        "s3.secret-access-key": server.secret_key,
        "s3.session-token": server.session_token,
    }
    known = {name: value for name, value in properties.items() if value is not None}
    catalog: Catalog
    if uri.startswith(CONFIGURED):
        catalog = _configured(uri.removeprefix(CONFIGURED), known)
    else:
        own = {"uri": _patient(uri), "warehouse": root, "pool_pre_ping": "true"}
        catalog = open_catalog({**own, **known})
    try:
        _require_bucket(catalog, bucket)
    except BaseException:
        catalog.close()
        raise
    return Warehouse(catalog, env, root)


def open_catalog(properties: dict[str, str]) -> SqlCatalog:
    """Opens the catalog's database; makes its tables on first use.

    Args:
        properties: Those of pyiceberg's SQL catalog; ``uri`` among them.

    Raises:
        CatalogError: It cannot be opened, or the address is malformed.
    """
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.exceptions import NoSuchPropertyException
    from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

    where = _shown(properties["uri"])
    try:
        for _ in range(5):
            try:
                catalog = SqlCatalog("newsdesk", **properties)
            except DBAPIError as error:  # two made its tables at once: the next look finds them
                if "already exists" not in str(error):
                    raise
            else:
                weakref.finalize(
                    catalog, catalog.engine.dispose
                )  # tables may outlive whoever opened it
                return catalog
    except (ArgumentError, NoSuchPropertyException) as error:
        raise CatalogError(where, "is no address of a database") from error
    except (SQLAlchemyError, ImportError) as error:
        raise CatalogError(where, f"the catalog cannot be opened: {_first_line(error)}") from error
    raise CatalogError(where, "others make its tables all the time")


def _configured(name: str, properties: dict[str, str]) -> Catalog:
    """A catalog of any kind, from ``.pyiceberg.yaml`` or ``PYICEBERG_CATALOG__…`` variables."""
    from pyiceberg.catalog import load_catalog
    from pyiceberg.exceptions import NoSuchPropertyException, NotInstalledError, RESTError
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    where = f"{CONFIGURED}{name}"
    try:
        return load_catalog(name, **properties)
    except (ValueError, NoSuchPropertyException, NotInstalledError) as error:
        told = f"pyiceberg's configuration describes no such catalog: {_first_line(error)}"
        raise CatalogError(where, told) from error
    except (RESTError, RequestException, SQLAlchemyError) as error:
        raise CatalogError(where, f"the catalog cannot be opened: {_first_line(error)}") from error


def _require_bucket(catalog: Catalog, bucket: str) -> None:
    from pyarrow.fs import FileType

    from newsdesk.tables.fileio import OnePutFileIO

    where = f"s3://{bucket}"
    with trouble(where):
        store = OnePutFileIO(catalog.properties).fs_by_scheme("s3", bucket)
        if store.get_file_info(bucket).type == FileType.NotFound:
            raise StoreError(where, "the bucket does not exist")


@contextlib.contextmanager
def trouble(subject: str) -> Iterator[None]:
    """Turns what catalog and store raise into errors of our own that name the subject."""
    from pyiceberg.exceptions import RESTError
    from requests import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, RESTError, RequestException) as error:
        raise CatalogError(subject, f"the catalog failed: {_first_line(error)}") from error
    except OSError as error:
        raise StoreError(subject, _store_trouble(_first_line(error))) from error


def _store_trouble(text: str) -> str:
    """What Arrow's S3 client says, in our words where it is a setting that is wrong."""
    known = {
        "ACCESS_DENIED": "access refused: check the keys",
        "NETWORK_CONNECTION": "the store cannot be reached",
    }
    return next((why for code, why in known.items() if code in text), f"the store failed: {text}")


def _patient(uri: str) -> str:
    """SQLite gives up on a locked file after 5 seconds; two publishers need a little longer."""
    if not uri.startswith("sqlite:") or "timeout=" in uri:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}timeout=60"


def _shown(uri: str) -> str:
    """The address of a database without its password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(uri).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "the catalog's address"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0][:300]
