"""A story taken out of everything: tables, snapshots, files, records, WARC files; with a proof.

::

    suppress     it is put on the list of what must not come back
    find         every object is searched for it
    tables       its rows go, the snapshots that had them, the files they were in
    files        staged and waiting rows are written without it, and the records that name them
    raw          its records in WARC files are wiped
    exports      the days of the export that showed it are exported anew
    pointers     current/<table>.json
    prove        every object is searched again
    receipt      who, why, what there was; nothing of what it said

Killed anywhere and repeated it ends the same: until the receipt is written, what the story is told by
is kept in the order.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from newsdesk import records
from newsdesk.article import Run
from newsdesk.erasure import Found, Order, Receipt, Story, Traces, search
from newsdesk.erasure.files import rewritten
from newsdesk.erasure.known import known_story
from newsdesk.erasure.raw import windowed, wipe_file
from newsdesk.erasure.records import without
from newsdesk.erasure.rows import HOLDING, erase_rows
from newsdesk.errors import ObjectMissing
from newsdesk.landing import Body
from newsdesk.publish.pointers import point
from newsdesk.publish.told import keep_told
from newsdesk.steps.desk import Desk
from newsdesk.steps.exporting import export
from newsdesk.store import JSON
from newsdesk.suppress import hashed, suppress, suppressed
from newsdesk.tables import TABLES, Warehouse
from newsdesk.tables.catalog import trouble
from newsdesk.tables.upkeep.listing import listed

if TYPE_CHECKING:
    from pyiceberg.table import Table

ROUNDS = 3
"""How often what a run under way has written meanwhile is removed again."""

ORDER = "/order.json.zst"


def erase(
    desk: Desk,
    story: str,
    *,
    by: str,
    reason: str,
    on_step: Callable[[str], None] = lambda step: None,
) -> dict[str, Any]:
    """Erases a story, and keeps it out.

    Args:
        desk: The desk; its papers tell which story an address is.
        story: ``article_id`` of the story, or an address that it has or had.
        by: Who says so.
        reason: Why; kept in the receipt.
        on_step: Called before every step with its name.

    Returns:
        ``known`` (whether anything told which story that is), and of a known one the receipt's
        ``found``, ``objects``, ``scanned``; the keys in which it still is (``left``) or in which
        its words stand under another name (``quoted``); the published ``days`` that it left, also
        those of an earlier erasure of it.

    Raises:
        CatalogError: The catalog failed, or other runs came between too often.
        StoreError: The bucket failed.
    """
    warehouse = desk.open_warehouse()
    key = desk.layout.erasure_order(hashed(story))
    order, under_way = _order(desk, warehouse, story, key, by, reason)
    if order is None:
        return {"known": False}
    on_step("suppress")
    suppress(desk.store, desk.layout, order.story.names)
    desk.store.put(key, records.pack(order))
    now = desk.now()
    run = Run(now.date(), f"erase__{now:%Y-%m-%dT%H:%M:%S.%f}", now)
    for _ in range(ROUNDS):
        on_step("find")
        found = _search(desk, warehouse, order.story)
        order = _grown(desk, order, found)
        desk.store.put(key, records.pack(order))
        traces = Traces(order.story, desk.every_paper())
        on_step("tables")
        _tables(warehouse, desk, run, traces, found)
        on_step("files")
        _files(desk, traces, found)
        on_step("raw")
        _raw(desk, traces, found)
        on_step("exports")
        _exports(desk, run, found)
        on_step("pointers")
        for name in TABLES:
            if warehouse.existing(name) is not None:
                point(warehouse, desk.store, desk.layout, name)
        on_step("prove")
        found = _search(desk, warehouse, order.story)
        left = sorted(name for name, one in found.items() if one.own)
        if not left:
            break
    quoted = sorted(name for name, one in found.items() if one.quoted)
    on_step("receipt")
    names = sorted(order.story.ids) or [story]  # by each of which it may be asked for again
    filed = [desk.layout.erasure_receipt(hashed(name), order.ordered_at) for name in names]
    receipt = Receipt(
        story=hashed(story),
        by=order.by,
        reason=order.reason,
        ordered_at=order.ordered_at,
        finished_at=desk.now(),
        found=order.found,
        objects=order.objects,
        scanned=len(found),
        left=len(left),
        quoted=len(quoted),
        days=tuple(sorted(order.story.days | _left_before(desk, {story, *order.story.ids}))),
    )
    for where in filed:
        desk.store.put(where, records.plain(receipt), content_type=JSON)
    if not left:
        for done in {key, *under_way}:
            desk.store.delete(done)
    return {
        "known": True,
        "receipt": desk.store.address(filed[0]),
        "found": dict(order.found),
        "objects": order.objects,
        "scanned": len(found),
        "left": left,
        "quoted": quoted,
        "days": [str(day) for day in receipt.days],
    }


def _left_before(desk: Desk, names: Iterable[str]) -> set[dt.date]:
    """The days that a story of such names left when it was erased before."""
    days: set[dt.date] = set()
    for name in names:
        for info in desk.store.list(desk.layout.erasures_of(hashed(name))):
            if not info.key.endswith(ORDER):
                receipt = records.from_plain(Receipt, desk.store.get(info.key), subject=info.key)
                days |= set(receipt.days)
    return days


def _order(
    desk: Desk, warehouse: Warehouse, story: str, key: str, by: str, reason: str
) -> tuple[Order | None, list[str]]:
    """What is to be erased, with all that erasures of it that were killed had found out.

    Returns:
        The order; ``None`` when nothing tells what story that is. The keys of those erasures.
    """
    known = known_story(warehouse, story, desk.every_paper())
    if known is None and suppressed(desk.store, desk.layout).has(story):
        known = Story(frozenset(), frozenset({story}))
    orders = {
        info.key: records.unpack(Order, desk.store.get(info.key), subject=info.key)
        for info in desk.store.list(desk.layout.erasures())
        if info.key.endswith(ORDER)
    }
    ids = known.ids if known is not None else frozenset()
    mine = {at: one for at, one in orders.items() if at == key or one.story.ids & ids}
    for one in mine.values():
        known = one.story if known is None else known | one.story
    if known is None:
        return None, []
    first = mine.get(key) or Order(known, by, reason, desk.now())
    return replace(first, story=known), sorted(mine)


def _grown(desk: Desk, order: Order, found: Mapping[str, Found]) -> Order:
    """The order with what a search found."""
    there = {name: one for name, one in found.items() if one.own}
    places: Counter[str] = Counter()
    for name, one in there.items():
        places[_place(desk, name)] += one.own
    sentences = order.story.sentences.union(*(one.sentences for one in there.values()))
    return replace(
        order,
        story=replace(order.story, sentences=sentences),
        found=order.found or dict(sorted(places.items())),
        objects=order.objects or len(there),
    )


def _place(desk: Desk, name: str) -> str:
    """Where in the bucket an object is: its zone, or its table."""
    key = _key(desk, name) or name.partition(f"/{desk.layout.everything()}")[2]
    rest = key.removeprefix(desk.layout.everything()).split("/")
    return "/".join(rest[:2]) if rest[0] == "tables" else rest[0]


def _search(desk: Desk, warehouse: Warehouse, story: Story) -> dict[str, Found]:
    """What of a story is in every object of the environment, by address."""
    traces = Traces(story, desk.every_paper())
    found = {}
    for name, read in _objects(desk, warehouse):
        try:
            found[name] = search(name, read(), traces)
        except ObjectMissing:  # upkeep, or the end of a wait, took it meanwhile
            continue
    return found


def _objects(desk: Desk, warehouse: Warehouse) -> Iterator[tuple[str, Callable[[], Body]]]:
    """Every object with a way to read it, but for what erasures under way must remember."""
    for info in desk.store.list(desk.layout.everything()):
        if info.key.endswith(".warc.gz"):
            yield desk.store.address(info.key), partial(windowed, desk.store, info)
        elif not info.key.endswith(ORDER):
            yield desk.store.address(info.key), partial(desk.store.get, info.key)
    for name in TABLES:
        table = warehouse.existing(name)
        if table is not None and not table.location().startswith("s3://"):
            for path in listed(table):
                yield path, partial(_file, table, path)


def _file(table: Table, path: str) -> bytes:
    with trouble(path), table.io.new_input(path).open() as stream:
        return bytes(stream.read())


def _tables(
    warehouse: Warehouse, desk: Desk, run: Run, traces: Traces, found: Mapping[str, Found]
) -> None:
    for name in HOLDING:
        table = warehouse.existing(name)
        if table is not None:
            folder = f"{table.location()}/"
            had = {path for path, one in found.items() if one.own and path.startswith(folder)}
            holds = partial(_holds, table, traces, found)
            keep = partial(keep_told, desk.store, desk.layout)
            erase_rows(warehouse, desk.store, name, run, traces, had, holds, keep)


def _holds(table: Table, traces: Traces, found: Mapping[str, Found], path: str) -> bool:
    """Whether a data file holds the story; one that was searched never changes."""
    seen = found.get(path) or search(path, _file(table, path), traces)
    return seen.own > 0


def _files(desk: Desk, traces: Traces, found: Mapping[str, Found]) -> None:
    """Rows that are staged or wait, records of steps, and pages of Data Docs."""
    there = [key for key in map(partial(_key, desk), found) if key is not None]
    keys = {key for key in there if found[desk.store.address(key)].own}
    old: dict[str, Mapping[str, Any]] = {}
    for key in keys:
        if key.endswith(".parquet") and ("/staged/" in key or "/blocked/" in key):
            old[key] = rewritten(desk.store, key, traces)
    runs = {key.partition("/staged/")[0] + "/" for key in old if "/staged/" in key}
    for key in there:
        if key.endswith(".json.zst") and (key in keys or key.startswith(tuple(runs))):
            body = desk.store.get(key)
            left = without(body, traces, old)
            if left != body:
                desk.store.put(key, left)
        elif key in keys and key.endswith(".html"):
            desk.store.delete(key)
    for key, new in old.items():
        desk.store.delete(key)
        if "/blocked/" in key and not new["rows"]:
            desk.store.delete(new["key"])


def _raw(desk: Desk, traces: Traces, found: Mapping[str, Found]) -> None:
    offsets: dict[str, set[int]] = defaultdict(set)
    for key, offset in traces.story.captures:
        offsets[key].add(offset)
    for name, one in found.items():
        key = _key(desk, name) or ""
        if key.endswith(".warc.gz") and (one.own or key in offsets):
            wipe_file(desk.store, key, offsets.get(key, ()), traces.is_of)


def _exports(desk: Desk, run: Run, found: Mapping[str, Found]) -> None:
    """No version of an exported day stays that showed the story, whoever may be reading it."""
    keys = [_key(desk, name) or "" for name, one in found.items() if one.own]
    for day in sorted({day for key in keys if (day := desk.layout.hive_day_of(key)) is not None}):
        export(desk, day, run.run_id, purge=True)


def _key(desk: Desk, name: str) -> str | None:
    """The key of an object in the bucket; ``None`` of a file elsewhere."""
    root = desk.store.address("")
    return name.removeprefix(root) if name.startswith(root) else None
