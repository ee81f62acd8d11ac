"""The local house: everything that demo, ``up`` and the shell keep in one folder.

::

    .newsdesk/
      s3/                 SeaweedFS's data, log and lock; endpoint.json while it runs
      catalog.db          the Iceberg catalog
      warehouse.duckdb    what load_warehouse fills
      airflow/            Airflow's home: metadata, logs, passwords
      demo.json           the days that the demo chose when it first ran
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsdesk.embedded import Endpoint, SeaweedFS
from newsdesk.errors import StoreError
from newsdesk.settings import Settings

PAPER = "demo_paper"
"""The paper that the house takes."""

CONTACT = "https://newsdesk.example/demo"


@dataclass(frozen=True, slots=True)
class Home:
    """One local house.

    Args:
        folder: Where it stands, made when missing.
    """

    folder: Path

    @classmethod
    def default(cls) -> Home:
        """The house that ``NEWSDESK_HOME`` names, else ``.newsdesk`` in the working folder."""
        return cls(Path(os.environ.get("NEWSDESK_HOME", ".newsdesk")).absolute())

    @property
    def warehouse(self) -> Path:
        """The DuckDB file of the consumer."""
        return self.folder / "warehouse.duckdb"

    @property
    def exists(self) -> bool:
        """Whether anything was ever published here."""
        return (self.folder / "catalog.db").exists()

    @contextlib.contextmanager
    def store(self) -> Iterator[Endpoint]:
        """Runs the embedded store and tells others where it answers.

        Raises:
            StoreError: Another newsdesk already runs it.
        """
        with SeaweedFS(self.folder / "s3") as endpoint:
            note = self.folder / "s3" / "endpoint.json"
            note.write_text(json.dumps(dataclasses.asdict(endpoint)))
            note.chmod(0o600)
            try:
                yield endpoint
            finally:
                note.unlink(missing_ok=True)

    @contextlib.contextmanager
    def store_or_running(self) -> Iterator[Endpoint]:
        """The store that already runs in this house, else one for the time being."""
        try:
            running = self.store()
            endpoint = running.__enter__()
        except StoreError:
            note = self.folder / "s3" / "endpoint.json"
            if not note.exists():
                raise
            yield Endpoint(**json.loads(note.read_text()))
            return
        try:
            yield endpoint
        finally:
            running.__exit__(None, None, None)

    def environment(self, endpoint: Endpoint) -> dict[str, str]:
        """The settings of this house, as environment variables."""
        return {
            "NEWSDESK_HOME": str(self.folder),
            "NEWSDESK_S3_BUCKET": endpoint.bucket,
            "NEWSDESK_S3_ENDPOINT": endpoint.url,
            "NEWSDESK_S3_REGION": endpoint.region,
            "AWS_ACCESS_KEY_ID": endpoint.access_key,
            "AWS_SECRET_ACCESS_KEY": endpoint.secret_key,
            "NEWSDESK_ENV": "demo",
            "NEWSDESK_CATALOG_URI": f"sqlite:///{self.folder / 'catalog.db'}",
            "NEWSDESK_WAREHOUSE": str(self.warehouse),
            "NEWSDESK_CONTACT": CONTACT,
            "NEWSDESK_PAPERS": os.environ.get("NEWSDESK_PAPERS") or PAPER,
            "NEWSDESK_SOURCES": os.environ.get("NEWSDESK_SOURCES", ""),
        }

    def settings(self, endpoint: Endpoint) -> Settings:
        """The settings of this house."""
        return Settings.from_environment(self.environment(endpoint))
