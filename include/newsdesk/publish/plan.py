"""What a publish would change: new versions, the rows they replace, and the days they touch.

A plan stands on one snapshot of ``news.articles``. It is made again when that is no longer the
newest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from newsdesk.layout import Layout
from newsdesk.publish import waiting
from newsdesk.publish.waiting import Pair, Waiting
from newsdesk.store import Store
from newsdesk.suppress import suppressed
from newsdesk.tables.catalog import Warehouse
from newsdesk.tables.index import found_copies, versions_of_kind
from newsdesk.tables.merge import GATHERED, TOMBSTONE, VERSION, merge, serialised, tombstones
from newsdesk.tables.scan import days_filter, read
from newsdesk.tables.schema import ARTICLES

if TYPE_CHECKING:
    from pyiceberg.table import Table


_DECIDING = ("article_id", "source", "published_at", *VERSION, *GATHERED, "withdrawn_at")
"""Columns that say which version stands, and where."""


@dataclass(frozen=True, slots=True)
class Images:
    """Days as they would stand, to be judged before anything is committed.

    Attributes:
        base_snapshot: Snapshot of ``news.articles`` that they stand on; ``None``: an empty table.
        tables: By paper and published day, for every pair that would change; sorted by
            ``published_at`` and ``article_id``.
    """

    base_snapshot: int | None
    tables: Mapping[Pair, pa.Table]


@dataclass(frozen=True)
class Plan:
    """What would change.

    Attributes:
        table: ``news.articles`` as it was read.
        base_snapshot: Its snapshot then.
        staged: The run's rows; tombstones among them.
        waiting: Files of rows that waited for the days touched.
        held: Rows that the table has of the same stories.
        stands: Which version of a story the table has, and which took it out if it has left.
        changed: The winning rows that the table does not have, one per story.
        removed: The rows that the table has of stories that tombstones take out.
        old_days: Where the table has the stories of ``changed``, if it has them.
        held_back: Why stories wait: ``article_id`` to the pairs that are blocked.
        kind: How the run's rows came to be, as ``news.revisions`` says it.
    """

    table: Table
    base_snapshot: int | None
    staged: pa.Table
    waiting: tuple[Waiting, ...]
    held: pa.Table
    stands: pa.Table
    changed: pa.Table
    removed: pa.Table
    old_days: Mapping[str, dt.date]
    held_back: Mapping[str, frozenset[Pair]] = field(default_factory=dict)
    kind: str = "capture"

    @property
    def touches(self) -> dict[str, frozenset[Pair]]:
        """For every changed story the pairs it changes: where it will be and where it was."""
        touched = {}
        for article_id, source, day in stories(self.changed):
            old = self.old_days.get(article_id, day)
            touched[article_id] = frozenset({(source, day), (source, old)})
        for article_id, source, day in stories(self.removed):
            touched[article_id] = frozenset({(source, day)})
        return touched

    @property
    def pairs(self) -> frozenset[Pair]:
        """Every paper and day that would change."""
        return frozenset().union(*self.touches.values())

    def without(self, held_back: Mapping[str, frozenset[Pair]]) -> Plan:
        """The plan with some stories left as they are."""
        return replace(
            self,
            changed=_but(self.changed, held_back),
            removed=_but(self.removed, held_back),
            held_back={**self.held_back, **held_back},
        )

    def incoming(self) -> pa.Table:
        """Every version, staged or waiting, with its kind; those of stories held back among them."""
        versions = [*((file.rows, file.kind) for file in self.waiting), (self.staged, self.kind)]
        return pa.concat_tables(
            rows.append_column("kind", pc.if_else(tombstones(rows), "tombstone", kind))
            for rows, kind in versions
        )


def make_plan(
    warehouse: Warehouse,
    store: Store,
    layout: Layout,
    staged: pa.Table,
    kind: str = "capture",
    *,
    columns: Collection[str] | None = None,
) -> Plan:
    """What publishing some rows would change now.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        staged: Rows in the articles schema, checked one by one.
        kind: How they came to be.
        columns: Columns that matter to the caller; all others, and so most of the memory, are
            null in the plan. ``None`` is all: only such a plan may be published.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    kept = ARTICLES.arrow.names if columns is None else [*{*columns, *_DECIDING}]
    staged = light(staged, kept)
    table = warehouse.table(ARTICLES.name)
    snapshot = table.current_snapshot()
    # Read after the table: an erasure puts a story on the list before it commits, so whoever has
    # not seen the list does not see its commit either, and is refused.
    out = suppressed(store, layout)
    staged = out.rows(staged)
    available: dict[dt.date, list[Waiting]] = {}
    taken: list[Waiting] = []
    while True:
        incoming = pa.concat_tables([staged, *(light(file.rows, kept) for file in taken)])
        ids = set(incoming["article_id"].to_pylist())
        there, left = found_copies(warehouse, table, ids, kept)
        held = light(there, kept)
        pairs = {(source, day) for rows in (incoming, held) for _, source, day in stories(rows)}
        for day in {day for _, day in pairs} - set(available):
            files = waiting.waiting_for(store, layout, [day])
            available[day] = [replace(file, rows=out.rows(file.rows)) for file in files]
        join = [file for files in available.values() for file in files if file.pair in pairs]
        if len(join) == len(taken):
            break
        taken = join  # these may touch further days, where further rows wait
    out_by = _tombstones_of(warehouse, left)
    merged = merge([incoming, out_by, _marks_of(warehouse, held), held])
    leave = tombstones(merged)
    gone = merged.filter(leave)["article_id"]
    changed = _changed(merged.filter(pc.invert(leave)), held)
    now_at = {article_id: day for article_id, _, day in stories(held)}
    return Plan(
        table=table,
        base_snapshot=snapshot.snapshot_id if snapshot else None,
        staged=staged,
        waiting=tuple(taken),
        held=held,
        stands=pa.concat_tables(rows.select(["article_id", *VERSION]) for rows in (held, out_by)),
        changed=changed,
        removed=held.filter(pc.is_in(held["article_id"], value_set=gone.combine_chunks())),
        old_days={one: now_at[one] for one in changed["article_id"].to_pylist() if one in now_at},
        kind=kind,
    )


def images(
    plan: Plan, *, pairs: Collection[Pair] | None = None, columns: Sequence[str] | None = None
) -> Images:
    """The days of a plan as they would stand.

    Args:
        plan: The plan.
        pairs: Papers and days wanted; ``None`` is all that would change.
        columns: Columns of ``news.articles`` wanted; ``None`` is all.
    """
    wanted = plan.pairs if pairs is None else frozenset(pairs)
    names = list(columns) if columns is not None else ARTICLES.arrow.names
    extra = [n for n in ("article_id", "source", "published_at") if n not in names]
    rows = days_after(plan, {day for _, day in wanted}, [*names, *extra])
    days = rows["published_at"].cast(pa.date32())
    tables = {}
    for source, day in sorted(wanted):
        mine = pc.and_(pc.equal(rows["source"], source), pc.equal(days, pa.scalar(day)))
        order = [("published_at", "ascending"), ("article_id", "ascending")]
        tables[source, day] = rows.filter(mine).sort_by(order).select(names)
    return Images(plan.base_snapshot, tables)


def merged_images(
    warehouse: Warehouse,
    store: Store,
    layout: Layout,
    staged: pa.Table,
    *,
    also: Collection[Pair] = (),
    columns: Sequence[str] | None = None,
) -> Images:
    """The days that publishing some rows would change, as they would stand.

    Late stories are a row or two, the day they join has hundreds: days are judged on this. Rows
    that wait for these days are in it.

    Args:
        warehouse: The tables.
        store: The bucket.
        layout: Its keys.
        staged: Rows in the articles schema that passed the row checks.
        also: Papers and days that are wanted whether they would change or not.
        columns: Columns wanted; ``None`` is all. Without ``body`` a day takes a fraction of the
            memory.

    Raises:
        CatalogError: The catalog failed.
        StoreError: The bucket failed.
    """
    plan = make_plan(warehouse, store, layout, staged, columns=columns)
    return images(plan, pairs=plan.pairs | frozenset(also), columns=columns)


def days_after(plan: Plan, days: Collection[dt.date], columns: Sequence[str]) -> pa.Table:
    """The rows that some days would have; ``article_id`` and ``published_at`` among the columns."""
    there = read(plan.table, ARTICLES, days_filter(ARTICLES, days), columns=columns)
    changed = plan.changed.select(list(columns))
    coming = changed.filter(
        pc.is_in(changed["published_at"].cast(pa.date32()), value_set=pa.array(days, pa.date32()))
    )
    elsewhere = {*changed["article_id"].to_pylist(), *plan.removed["article_id"].to_pylist()}
    return pa.concat_tables([_but(there, elsewhere).cast(coming.schema), coming])


def light(rows: pa.Table, columns: Collection[str]) -> pa.Table:
    """Rows in the loose articles schema with nulls in all but some columns."""
    arrays = [
        rows[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(rows.num_rows, field.type)
        for field in ARTICLES.loose
    ]
    return pa.Table.from_arrays(arrays, schema=ARTICLES.loose)


def stories(rows: pa.Table) -> list[tuple[str, str, dt.date]]:
    """Story, paper and published day of every row."""
    return list(
        zip(
            rows["article_id"].to_pylist(),
            rows["source"].to_pylist(),
            rows["published_at"].cast(pa.date32()).to_pylist(),
            strict=True,
        )
    )


def _changed(merged: pa.Table, held: pa.Table) -> pa.Table:
    """The rows of the merge that are not exactly what the table has."""
    if not held.num_rows:
        return merged
    there = {row["article_id"]: serialised(row) for row in held.to_pylist()}
    known = pc.is_in(merged["article_id"], value_set=_strings(there))
    same = [
        row["article_id"]
        for row in merged.filter(known).to_pylist()
        if serialised(row) == there[row["article_id"]]
    ]
    return merged.filter(pc.invert(pc.is_in(merged["article_id"], value_set=_strings(same))))


def _tombstones_of(warehouse: Warehouse, ids: Collection[str]) -> pa.Table:
    """What took stories out that have left the table: an older version must not bring them back."""
    names = [name for name in _DECIDING if name != "content_hash"]
    rows = light(versions_of_kind(warehouse, ids, "tombstone", _DECIDING), names)
    at = rows.schema.get_field_index("content_hash")
    marks = pa.array([TOMBSTONE] * rows.num_rows, rows.schema.field(at).type)
    return rows.set_column(at, rows.schema.field(at), marks)


def _marks_of(warehouse: Warehouse, held: pa.Table) -> pa.Table:
    """Rows that say that their story is gone, once for every time that it was found gone.

    The row itself keeps the first time after its capture. Where a newer capture comes to stand, the
    first time after that one counts, which only ``news.revisions`` remembers.
    """
    marked = held.filter(pc.is_valid(held["withdrawn_at"]))
    ids = marked["article_id"].to_pylist()
    times = versions_of_kind(warehouse, ids, "withdrawn", ["article_id", "withdrawn_at"])
    rows = marked.take(pc.index_in(times["article_id"], value_set=_ordered(ids)))
    at = rows.schema.get_field_index("withdrawn_at")
    return rows.set_column(at, rows.schema.field(at), times["withdrawn_at"])


def _ordered(values: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.string())


def _but(rows: pa.Table, ids: Collection[str]) -> pa.Table:
    """The rows of all stories but some."""
    return rows.filter(pc.invert(pc.is_in(rows["article_id"], value_set=_strings(ids))))


def _strings(values: Collection[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())
