"""The contract: columns, keys, partitions, and the page that documents them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.io.pyarrow import schema_to_pyarrow

from newsdesk.tables import TABLES, document
from newsdesk.tables.schema import Column, TableShape

PAGE = Path(__file__).resolve().parents[3] / "docs" / "tables.md"

COLUMNS = {
    "articles": "article_id source edition url canonical_url language section subsection "
    "article_type headline summary bylines byline_raw dateline published_at published_at_offset "
    "published_at_precision published_day_local modified_at withdrawn_at body paragraphs "
    "word_count lead_image topics keywords access text_simhash content_hash first_seen_at "
    "captured_at capture discovered_via field_rules reader_version run_id",
    "rejected": "source url captured_at capture reason evidence http_status headline published_at "
    "run_day reader_version run_id recorded_at",
    "ledger": "run_id run_day source url article_id fate reason discovered_via http_status bytes "
    "seconds attempts capture published_day visited_at recorded_at",
    "checks": "run_id run_day source published_day expectation severity outcome observed expected "
    "rows failing docs",
    "coverage": "source published_day expected fetched published rejected missing gap_from gap_to "
    "verdict complete updated_at",
    "article_days": "article_id published_day",
}
COLUMNS["revisions"] = COLUMNS["articles"] + " kind recorded_at"

PARTITIONS = {
    "articles": "published_at_day: day",
    "revisions": "captured_at_day: day",
    "rejected": "captured_at_day: day",
    "ledger": "run_day_day: day",
    "checks": "run_day_day: day",
    "coverage": "published_day_month: month",
    "article_days": "article_id_bucket: bucket[4]",
}

every_table = pytest.mark.parametrize("shape", TABLES.values(), ids=TABLES)


def columns_of(shape: TableShape) -> list[Column]:
    found = list(shape.columns)
    for column in found:
        found.extend(column.parts)
    return found


def test_these_are_all_tables() -> None:
    assert set(TABLES) == set(COLUMNS)


@every_table
def test_a_table_has_exactly_the_columns_of_the_contract(shape: TableShape) -> None:
    assert [column.name for column in shape.columns] == COLUMNS[shape.name].split()


@every_table
def test_the_iceberg_schema_is_the_arrow_schema(shape: TableShape) -> None:
    schema = shape.iceberg()
    arrow = schema_to_pyarrow(schema, include_field_ids=False)
    assert arrow.names == shape.arrow.names
    for wide, ours in zip(arrow, shape.arrow, strict=True):
        assert wide.nullable == ours.nullable, ours.name
    assert arrow.empty_table().cast(shape.arrow).schema == shape.arrow
    assert all(field.doc for field in schema.fields)


@every_table
def test_a_table_is_partitioned_as_the_contract_says(shape: TableShape) -> None:
    (field,) = shape.partition_spec(shape.iceberg()).fields
    assert f"{field.name}: {field.transform}" == PARTITIONS[shape.name]


@every_table
def test_every_column_is_documented_with_an_example(shape: TableShape) -> None:
    for column in columns_of(shape):
        assert column.doc.endswith("."), column.name
        assert column.example, column.name
        if column.kind in {"list", "map"}:
            assert column.null is None, column.name


@every_table
def test_a_time_says_that_it_is_utc(shape: TableShape) -> None:
    for column in columns_of(shape):
        if pa.types.is_timestamp(column.type):
            assert "UTC" in column.doc, column.name


@every_table
def test_keys_and_sort_orders_name_columns(shape: TableShape) -> None:
    names = set(shape.arrow.names)
    assert {path.split(".")[0] for path in shape.key} <= names
    assert set(shape.sort) <= names
    assert shape.partition.column in names


def test_the_page_is_what_the_declarations_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert document.refreshed(text) == text, (
        "run `python -m newsdesk.tables.document docs/tables.md`"
    )


def test_a_page_without_the_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no part between"):
        document.refreshed("# Tables")
