"""The versions of one story, in the order in which they win, and what differs between them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from newsdesk.query.display import harmless, json_line
from newsdesk.sources import Source
from newsdesk.tables.schema import REVISIONS

if TYPE_CHECKING:
    from pyiceberg.table import Table
    from rich.console import Console

    from newsdesk.tables import Warehouse

Change = Literal["first", "same", "edited", "reread", "unclear", "withdrawn", "tombstone"]

_SAID = {
    "first": "first version",
    "same": "captured again, nothing edited",
    "edited": "edited by the paper",
    "reread": "the same page, read by another version of the reader",
    "unclear": "captured again and read by another version of the reader",
    "withdrawn": "gone at the publisher",
    "tombstone": "taken out of the tables",
}

_COLUMNS = (
    "article_id",
    "url",
    "captured_at",
    "recorded_at",
    "kind",
    "reader_version",
    "headline",
    "body",
    "content_hash",
    "capture",
    "run_id",
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a story.

    Attributes:
        article_id: The story.
        url: Where this version was fetched.
        captured_at: When, UTC.
        recorded_at: When it was written to ``news.revisions``, UTC.
        kind: As the table has it.
        reader_version: Version of the reader.
        run_id: The run that read it.
        change: What it is to the version before; ``unclear`` when both the page and the reader
            are others, so that what differs may be either's doing.
        headline: Lines that begin with ``-`` and ``+``: the headline before and now; empty when
            it is the same, and in the first version.
        body: The same for the paragraphs of the body.
    """

    article_id: str
    url: str
    captured_at: dt.datetime
    recorded_at: dt.datetime
    kind: str
    reader_version: int
    run_id: str
    change: Change
    headline: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


def revisions(
    warehouse: Warehouse, story: str, sources: Iterable[Source] = ()
) -> tuple[Revision, ...]:
    """Every version of a story.

    Args:
        warehouse: The tables.
        story: Its ``article_id``, or an address that it has or had.
        sources: Papers that may know which story an address is; without them only addresses
            that were fetched, or given as canonical, are found.

    Returns:
        The versions by capture time, then reader version; none when it is not known. Two stories
        that were fetched at one address follow one another.

    Raises:
        CatalogError: The catalog's database failed.
        StoreError: The bucket failed.
    """
    from newsdesk.tables.scan import days_filter, read

    table = warehouse.existing(REVISIONS.name)
    if table is None:
        return ()
    ids = {story} | {source.article_id(story) for source in sources if source.owns(story)}
    found = _find(table, "article_id", ids)
    if not found and (
        there := _find(table, "url", {story}) | _find(table, "canonical_url", {story})
    ):
        found = _find(table, "article_id", {one for one, _ in there})  # at all its addresses
    ids, days = {one for one, _ in found}, {day for _, day in found}
    rows = read(
        table, REVISIONS, days_filter(REVISIONS, days), columns=_COLUMNS, where=("article_id", ids)
    ).to_pylist()
    told: list[Revision] = []
    for one in sorted(ids):
        told += _told(sorted((row for row in rows if row["article_id"] == one), key=_order))
    return tuple(told)


def show_revisions(
    versions: Sequence[Revision], console: Console, *, as_json: bool = False
) -> None:
    """Prints the versions of a story.

    Args:
        versions: What ``revisions`` gave.
        console: Where to.
        as_json: One JSON object a version instead of text.
    """
    if as_json:
        for one in versions:
            console.file.write(json_line(dataclasses.asdict(one)) + "\n")
        return
    for number, one in enumerate(versions, start=1):
        console.print(
            f"{number}. {one.captured_at:%Y-%m-%d %H:%M:%S}Z  {_SAID[one.change]}", style="bold"
        )
        told = f"recorded {one.recorded_at:%Y-%m-%d %H:%M:%S}Z by {one.run_id}, "
        console.print(f"   {harmless(told)}reader {one.reader_version}", style="dim", markup=False)
        if one.change == "first":
            console.print(f"   {harmless(one.url)}", markup=False, soft_wrap=True)
        for name, lines in (("headline", one.headline), ("body", one.body)):
            if lines:
                console.print(f"   {name}", style="dim")
            for line in lines:
                style = "red" if line.startswith("-") else "green"
                console.print(f"   {harmless(line)}", style=style, markup=False, soft_wrap=True)


def _find(table: Table, name: str, values: set[str]) -> set[tuple[str, dt.date]]:
    """Story and day of capture of the rows with such values: narrow columns of the whole table."""
    from pyiceberg.expressions import AlwaysTrue

    from newsdesk.tables.scan import read

    columns = list(dict.fromkeys(("article_id", "captured_at", name)))
    rows = read(table, REVISIONS, AlwaysTrue(), columns=columns, where=(name, values))
    days = rows["captured_at"].cast(pa.date32()).to_pylist()
    return set(zip(rows["article_id"].to_pylist(), days, strict=True))


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """The order of the merge, and of ``asof``."""
    digest = row["capture"]["digest"] if row["capture"] else b""
    tombstone = row["kind"] == "tombstone"
    return row["captured_at"], row["reader_version"], tombstone, row["content_hash"], digest


def _told(rows: list[dict[str, Any]]) -> list[Revision]:
    names = ("article_id", "url", "captured_at", "recorded_at", "kind", "reader_version", "run_id")
    told = []
    for number, row in enumerate(rows):
        before = rows[:number]
        change = _change(row, before)
        last = before[-1] if before and change != "tombstone" else row
        told.append(
            Revision(
                **{name: row[name] for name in names},
                change=change,
                headline=_differ([last["headline"]], [row["headline"]]),
                body=_differ(_paragraphs(last), _paragraphs(row)),
            )
        )
    return told


def _change(row: dict[str, Any], before: list[dict[str, Any]]) -> Change:
    if row["kind"] in ("withdrawn", "tombstone"):
        kind: Change = row["kind"]
        return kind
    if not before:
        return "first"
    if any(_page(one) == _page(row) for one in before):
        return "reread"
    last = before[-1]
    if last["content_hash"] == row["content_hash"]:
        return "same"
    return "edited" if last["reader_version"] == row["reader_version"] else "unclear"


def _page(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["captured_at"], row["capture"] and row["capture"]["digest"]


def _paragraphs(row: dict[str, Any]) -> list[str]:
    return (row["body"] or "").split("\n\n")


def _differ(before: list[str], now: list[str]) -> tuple[str, ...]:
    lines = difflib.unified_diff(before, now, n=0, lineterm="")
    return tuple(line for line in list(lines)[2:] if not line.startswith("@@"))
