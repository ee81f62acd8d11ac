"""The objects under a table's folder, and which of them its metadata reaches."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsdesk.errors import StoreError
from newsdesk.store import Store
from newsdesk.tables.catalog import trouble

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from pyiceberg.table.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Listed:
    """One object: its size in bytes and when it was written, UTC."""

    size: int
    written_at: dt.datetime


def listed(table: Table) -> dict[str, Listed]:
    """Every object under a table's folder, by address.

    Raises:
        StoreError: The store cannot be listed.
    """
    from pyarrow.fs import FileSelector, FileType
    from pyiceberg.io.pyarrow import PyArrowFileIO

    io = table.io
    if not isinstance(io, PyArrowFileIO):
        raise StoreError(table.location(), f"{type(io).__name__} cannot list files")
    scheme, netloc, path = PyArrowFileIO.parse_location(table.location())
    with trouble(table.location()):
        found = io.fs_by_scheme(scheme, netloc).get_file_info(
            FileSelector(path, recursive=True, allow_not_found=True)
        )
    return {
        f"{scheme}://{info.path}": Listed(info.size, info.mtime)
        for info in found
        if info.type == FileType.File
    }


def reachable(table: Table) -> set[str]:
    """Every file that the table's newest metadata names, or that a snapshot of it names."""
    metadata = table.metadata
    return {
        table.metadata_location,
        *(entry.metadata_file for entry in metadata.metadata_log),
        *(one.statistics_path for one in metadata.statistics),
        *(one.statistics_path for one in metadata.partition_statistics),
        *of_snapshots(table, metadata.snapshots),
    }


def of_snapshots(table: Table, snapshots: Iterable[Snapshot]) -> set[str]:
    """Manifest lists, manifests and data files of some snapshots."""
    paths: set[str] = set()
    with trouble(table.location()):
        for snapshot in snapshots:
            paths.add(snapshot.manifest_list)
            for manifest in snapshot.manifests(table.io):
                if manifest.manifest_path in paths:
                    continue
                paths.add(manifest.manifest_path)
                for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
                    paths.add(entry.data_file.file_path)
    return paths


def delete(table: Table, store: Store, paths: Iterable[str]) -> int:
    """Deletes files; one that is gone already is no error. Gives how many were named.

    In a bucket the store does it: Arrow's client leaves an empty object in place of the folder.
    """
    count = 0
    for path in sorted(paths):
        if path.startswith("s3://"):
            store.delete(path.split("/", 3)[3])
        else:
            with trouble(path), contextlib.suppress(FileNotFoundError):
                table.io.delete(path)
        count += 1
    return count
