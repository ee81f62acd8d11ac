"""Every saved page of ``tests/pages`` reads as the twin beside it says."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from newsdesk.article import Page, Reading
from newsdesk.reading import read_page, source_for
from newsdesk.sources import PACKAGED, Source, load_source

PAGES = Path(__file__).parents[2] / "pages"
TWINS = sorted(PAGES.rglob("*.toml"))


def source_of(page: dict[str, Any]) -> Source:
    name = page.get("source")
    return load_source(PACKAGED / f"{name}.toml") if name else source_for(page["url"], {})


def read(twin: Path) -> tuple[Reading, dict[str, Any]]:
    told = tomllib.loads(twin.read_text("utf-8"))
    about = told["page"]
    page = Page(
        url=about["url"],
        body=twin.with_suffix(".html").read_bytes(),
        captured_at=dt.datetime.fromisoformat(about["at"]),
        content_type=about.get("content_type"),
    )
    return read_page(page, source_of(about)), told["reads_as"]


def plain(value: Any) -> Any:
    """A field as TOML writes it: no nulls, times in ISO 8601."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("twin", TWINS, ids=[str(t.relative_to(PAGES))[:-5] for t in TWINS])
def test_a_saved_page_reads_as_its_twin_says(twin: Path) -> None:
    reading, want = read(twin)
    assert (reading.rejection.reason if reading.rejection else None) == want.pop("rejected", None)
    row = plain(asdict(reading.article))
    row["body"] = (reading.article.body or "").split("\n\n")
    absent = want.pop("absent", [])
    assert {key: row.get(key) for key in want} == want
    assert {key: row.get(key) for key in absent if row.get(key)} == {}
