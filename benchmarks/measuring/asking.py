"""A question about one day, by DuckDB on its own: how many of the table's files it reads."""

from __future__ import annotations

import datetime as dt
import re
from importlib.util import find_spec
from pathlib import Path

import duckdb

from contracts.newsroom import Newsroom
from measuring.cost import Cost, measured
from measuring.invented import DAYS, FIRST


def one_day(room: Newsroom) -> tuple[int, Cost]:
    """Data files that DuckDB says it read, and what the question took."""
    day = FIRST + dt.timedelta(days=DAYS // 2)
    location = room.warehouse.table("articles").metadata_location
    sql = (
        f"SELECT count(*), sum(length(body)) FROM iceberg_scan('{location}') WHERE "  # noqa: S608  # our own days
        f"published_at >= '{day}T00:00:00Z' AND published_at < '{day + dt.timedelta(days=1)}T00:00:00Z'"
    )
    with duckdb.connect() as db:
        for name in ("avro", "iceberg"):
            spec = find_spec(f"duckdb_extension_{name}")
            assert spec is not None
            folder = Path(str(spec.origin)).parent / "extensions" / f"v{duckdb.__version__}"
            db.execute(f"LOAD '{folder / name}.duckdb_extension'")
        with measured() as cost:
            ((count, _),) = db.execute(sql).fetchall()
        assert count > 0
        ((_, plan),) = db.execute(f"EXPLAIN ANALYZE {sql}").fetchall()
    (files,) = re.findall(r"Total Files Read: (\d+)", plan)
    return int(files), cost
