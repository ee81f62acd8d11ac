"""One day of ``news.articles`` as plain Parquet, for engines that know Hive's layout, not Iceberg.

::

    days/published_day=2026-01-15/manifest     the addresses of the day's files, one a line
    data/published_day=2026-01-15/<version>/   the files of one version, never written again
        part-0000.parquet ...
        manifest.json                          what the version is; written after its files

``manifest`` is what Hive calls a symlink table: engines that know the format follow it, others
read it as text. It is written last and by If-Match, so readers see the day before or after, and
no export puts back what a later one replaced. A killed export leaves files that no manifest names.

A day whose rows are the same is not written again, whatever became of the table's files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from newsdesk.consume.snapshot import batches, day_files, digest, pin
from newsdesk.errors import ObjectConflict, ObjectMissing, StoreError
from newsdesk.layout import Layout
from newsdesk.store import JSON, Store
from newsdesk.tables.commit import TRIES, pause
from newsdesk.tables.merge import serialised
from newsdesk.tables.scan import read_files
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from pyiceberg.table import FileScanTask, Table

    from newsdesk.tables import Warehouse

CODEC = "snappy"
"""Larger than zstd by half; but there are engines without Iceberg that also lack zstd."""

_TIME = "%Y%m%d%H%M%S%f"


@dataclass(frozen=True, slots=True)
class Version:
    """What ``manifest.json`` says.

    Attributes:
        day: The UTC day, ISO 8601.
        version: Its name: when it was begun, and eight random digits.
        rows: Stories in its files.
        files: Their names.
        bytes: Bytes of all of them.
        digest: SHA-256 over the rows, whatever their order.
        source: SHA-256 over the names of the table's files that were read.
        snapshot_id: The snapshot of ``news.articles`` they were read from.
        exported_at: When the export began, ISO 8601, UTC.
        run_id: The run that exported.
        replaced: The version before it; ``None`` of the first.
    """

    day: str
    version: str
    rows: int
    files: tuple[str, ...]
    bytes: int
    digest: str
    source: str
    snapshot_id: int
    exported_at: str
    run_id: str
    replaced: str | None


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did.

    Attributes:
        day: The UTC day.
        rows: Stories it has now.
        files: Files they are in.
        bytes: Bytes of those.
        unchanged: Whether the export said the same before; then nothing was written.
        removed: Files of old versions that were deleted.
    """

    day: dt.date
    rows: int
    files: int
    bytes: int
    unchanged: bool
    removed: int


def export_day(
    warehouse: Warehouse,
    store: Store,
    layout: Layout,
    day: dt.date,
    *,
    run_id: str,
    now: dt.datetime,
    keep: dt.timedelta,
) -> Exported:
    """Makes the export of a day what ``news.articles`` says, and removes its old versions.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        day: The UTC day, of ``published_at``.
        run_id: The run, for ``manifest.json``.
        now: UTC.
        keep: How long a version stays once it is replaced. Longer than a reader takes, and than
            an export does: its files look left behind until it ends.

    Raises:
        CatalogError: The catalog failed, or nothing was ever published.
        StoreError: The bucket failed, or others exported the day first every time.
    """
    for attempt in range(TRIES):
        # The manifest before the snapshot: what is written then replaces nothing newer.
        there = store.head(layout.hive_day(day))
        before = _current(store, layout, day)
        table, snapshot = pin(warehouse)
        tasks = day_files(table, day)
        held = digest(tasks)
        # The rows need a look only if they are in other files, which compaction also does.
        if before is None or before.source != held:
            rows = _rows(table, tasks)
        if (before is None and not tasks) or (
            before is not None and (before.source == held or before.digest == rows)
        ):
            removed = _sweep(store, layout, day, now, keep)
            count = (before.rows, len(before.files), before.bytes) if before else (0, 0, 0)
            return Exported(day, *count, unchanged=True, removed=removed)
        name = f"{now:{_TIME}}-{uuid.uuid4().hex[:8]}"
        parts = _write(store, layout, table, tasks, day, name)
        made = Version(
            day=f"{day:%Y-%m-%d}",
            version=name,
            rows=sum(task.file.record_count for task in tasks),
            files=tuple(parts),
            bytes=sum(parts.values()),
            digest=rows,
            source=held,
            snapshot_id=snapshot,
            exported_at=now.isoformat(),
            run_id=run_id,
            replaced=before.version if before else None,
        )
        told = json.dumps(asdict(made), indent=1).encode()
        store.put(layout.hive_file(day, name, "manifest.json"), told, content_type=JSON)
        lines = [store.address(layout.hive_file(day, name, part)) for part in parts]
        body = "".join(f"{line}\n" for line in lines).encode()
        try:
            tag = there.etag if there else None
            store.put_if_match(layout.hive_day(day), body, tag, content_type="text/plain")
        except ObjectConflict:
            pause(attempt)
            continue
        removed = _sweep(store, layout, day, now, keep)
        return Exported(day, made.rows, len(parts), made.bytes, unchanged=False, removed=removed)
    raise StoreError(layout.hive_day(day), f"lost {TRIES} writes to other runs")


def exported(store: Store, layout: Layout, day: dt.date) -> bool:
    """Whether a day was ever exported."""
    return store.head(layout.hive_day(day)) is not None


def _current(store: Store, layout: Layout, day: dt.date) -> Version | None:
    try:
        lines = store.get(layout.hive_day(day)).decode().splitlines()
    except ObjectMissing:
        return None
    return _version(store, layout, day, lines[0].split("/")[-2])


def _version(store: Store, layout: Layout, day: dt.date, name: str) -> Version | None:
    key = layout.hive_file(day, name, "manifest.json")
    try:
        told = json.loads(store.get(key))
    except ObjectMissing:
        return None
    return Version(**{**told, "files": tuple(told["files"])})


def _rows(table: Table, tasks: Sequence[FileScanTask]) -> str:
    """SHA-256 over the rows of some files; how they are spread over files does not matter."""
    marks = [
        hashlib.sha256(serialised(row)).digest()
        for batch in batches(table, tasks, 1000)
        for row in batch.to_pylist()
    ]
    return hashlib.sha256(b"".join(sorted(marks))).hexdigest()


def _write(
    store: Store,
    layout: Layout,
    table: Table,
    tasks: Sequence[FileScanTask],
    day: dt.date,
    version: str,
) -> dict[str, int]:
    """Writes one file for each of the table's, and one without rows for none; gives their sizes."""
    sizes = {}
    for number, group in enumerate([[task] for task in tasks] or [[]]):
        sink = pa.BufferOutputStream()
        pq.write_table(read_files(table, ARTICLES, group), sink, compression=CODEC)
        body = sink.getvalue().to_pybytes()
        name = f"part-{number:04d}.parquet"
        store.put(layout.hive_file(day, version, name), body)
        sizes[name] = len(body)
    return sizes


def _sweep(store: Store, layout: Layout, day: dt.date, now: dt.datetime, keep: dt.timedelta) -> int:
    """Deletes the files of versions that were replaced long ago, or begun then and never ended."""
    stay: set[str] = set()
    version, replaced_at = _current(store, layout, day), None
    while version is not None and (replaced_at is None or now - replaced_at < keep):
        stay.add(version.version)
        replaced_at = dt.datetime.fromisoformat(version.exported_at)
        version = _version(store, layout, day, version.replaced) if version.replaced else None
    count = 0
    for info in store.list(layout.hive_data(day)):
        name = info.key.removeprefix(layout.hive_data(day)).split("/")[0]
        begun = dt.datetime.strptime(name.split("-")[0], _TIME).replace(tzinfo=dt.UTC)
        if name not in stay and now - begun >= keep:
            store.delete(info.key)
            count += 1
    return count
