"""Batches: lines in, lines out, in order, whatever the pages are like."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from newsdesk.errors import SettingsError
from newsdesk.reading.batch import read_batch
from newsdesk.reading.child import Limits

PLACES = ("harbour", "island", "bridge", "market", "school", "garden")
KEYS = {
    "id", "title", "authors", "published_at", "body", "keywords", "lead_image",
    "lead_image_caption", "language", "article",
}  # fmt: skip


def page(number: int, time: str = "2026-01-15T08:00:00+03:00") -> str:
    paragraphs = "".join(
        f"<p>The ferry to the {place} left before dawn, and {number} people waved it off today.</p>"
        for place in PLACES
    )
    return (
        f"<html lang=en><head><title>Ferry {number} leaves early</title></head><body><article>"
        f"<h1>Ferry {number} leaves early</h1><span class=byline>By Mina Aral</span>"
        f"<time datetime='{time}'>{time}</time>{paragraphs}</article></body></html>"
    )


def line(folder: Path, number: int, text: str | None = None, **changes: Any) -> dict[str, Any]:
    path = folder / f"{number}.html"
    path.write_text(page(number) if text is None else text, "utf-8")
    job = {
        "id": f"page-{number}",
        "url": f"https://harbour-post.example/world/ferry-{number}",
        "path": str(path),
        "at": "2026-01-16T00:00:00Z",
    }
    return job | changes


def batch(folder: Path, jobs: list[Any], *, processes: int = 1, **changes: Any) -> list[Any]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(f"{json.dumps(job)}\n" for job in jobs), "utf-8")
    read_batch(source, target, {}, processes, **changes)
    return [json.loads(one) for one in target.read_text("utf-8").split("\n") if one]


@pytest.mark.parametrize("processes", [1, 3])
def test_every_line_has_its_answer_in_order(tmp_path: Path, processes: int) -> None:
    said = batch(tmp_path, [line(tmp_path, n) for n in range(40)], processes=processes)
    assert [one["id"] for one in said] == [f"page-{n}" for n in range(40)]
    assert [one["title"] for one in said] == [f"Ferry {n} leaves early" for n in range(40)]
    assert all(set(one) == KEYS for one in said)
    first = said[0]
    assert first["authors"] == ["Mina Aral"]
    assert first["published_at"] == "2026-01-15T08:00:00+03:00"
    assert first["body"].count("\n\n") == len(PLACES) - 1
    assert re.fullmatch(r"[0-9a-f]{64}", first["article"]["content_hash"])


def test_any_number_of_processes_says_the_same(tmp_path: Path) -> None:
    jobs = [line(tmp_path, n) for n in range(9)]
    assert batch(tmp_path, jobs) == batch(tmp_path, jobs, processes=2)


def test_a_date_of_which_only_the_day_is_known_is_a_bare_date(tmp_path: Path) -> None:
    job = line(tmp_path, 1, page(1, "2026-01-15"))
    assert [one["published_at"] for one in batch(tmp_path, [job])] == ["2026-01-15"]


def test_packed_pages_are_read_and_empty_lines_are_none(tmp_path: Path) -> None:
    job = line(tmp_path, 1)
    packed = tmp_path / "1.html.gz"
    packed.write_bytes(gzip.compress(page(1).encode()))
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f"\n{json.dumps(job | {'path': str(packed)})}\n\n{json.dumps(job)}\n")
    read_batch(source, target, {}, 1)
    first, second = target.read_text("utf-8").splitlines()
    assert first == second


def test_a_rejected_page_still_has_its_fields(tmp_path: Path) -> None:
    short = "<h1>Ferry leaves early</h1><p>It left.</p><time datetime=2026-01-15>15 January</time>"
    (said,) = batch(tmp_path, [line(tmp_path, 1, short)])
    assert said["rejected"] == "too_short"
    assert set(said) == KEYS | {"rejected"}
    assert said["title"] == "Ferry leaves early"


def test_a_page_that_kills_its_reader_stops_no_other(tmp_path: Path) -> None:
    jobs = [line(tmp_path, n, "<div>" * 400_000 if n % 4 == 1 else None) for n in range(8)]
    limits = Limits(cpu_seconds=1, wall_seconds=60, memory=120_000_000)
    said = batch(tmp_path, jobs, processes=2, limits=limits)
    assert [one["id"] for one in said] == [job["id"] for job in jobs]
    for number, one in enumerate(said):
        assert set(one) == KEYS | ({"rejected"} if number % 4 == 1 else set())
        if number % 4 == 1:
            assert one["rejected"] in {"reader_timeout", "reader_memory", "reader_killed"}
            assert one["article"]["url"] == jobs[number]["url"]
        else:
            assert one["title"] == f"Ferry {number} leaves early"


def test_a_page_that_is_too_large_is_rejected_by_its_size(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.html.gz"
    with gzip.open(packed, "wb") as file:
        for _ in range(100):
            file.write(b"<p>text " * 131_072)
    (said,) = batch(tmp_path, [line(tmp_path, 1, path=str(packed))])
    assert said["rejected"] == "too_complex"


def test_odd_identifiers_come_back_as_they_were(tmp_path: Path) -> None:
    odd = ["\ud800", "é\u2028", 7, None, ["a"], {"b": 1}]
    jobs = [line(tmp_path, n) | {"id": one} for n, one in enumerate(odd)]
    assert [one["id"] for one in batch(tmp_path, jobs)] == odd


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ({"id": 1, "url": "https://a.example/"}, "expected {.*KeyError: 'path'"),
        (["no", "object"], "expected {"),
        ({"id": 1, "url": "u", "path": "p", "at": "noon"}, "expected {.*noon"),
        ({"id": 1, "url": "u", "path": "/nowhere/page.html"}, "/nowhere/page.html: No such file"),
        ({"id": 1, "url": "u", "path": __file__ + "/x.gz"}, "Not a directory"),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_a_bad_line_is_named(tmp_path: Path, job: Any, reason: str, processes: int) -> None:
    with pytest.raises(SettingsError, match=rf"in\.jsonl, line 2: .*{reason}"):
        batch(tmp_path, [line(tmp_path, 1), job], processes=processes)


def test_a_broken_gzip_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.html.gz"
    broken.write_bytes(gzip.compress(page(1).encode())[:-30])
    with pytest.raises(SettingsError, match=r"line 1: .*broken\.html\.gz: "):
        batch(tmp_path, [line(tmp_path, 1, path=str(broken))])


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^/nowhere/in\.jsonl: No such file"):
        read_batch(Path("/nowhere/in.jsonl"), tmp_path / "out.jsonl", {}, 1)
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "\xe9"}\n')
    with pytest.raises(SettingsError, match=r"latin\.jsonl: is not UTF-8"):
        read_batch(latin, tmp_path / "out.jsonl", {}, 1)
    with pytest.raises(SettingsError, match=r"^--jobs: 0 processes"):
        read_batch(latin, tmp_path / "out.jsonl", {}, 0)


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    job = line(tmp_path, 1, at="2026-01-16T00:00:00")
    (said,) = batch(tmp_path, [job])
    assert dt.datetime.fromisoformat(said["article"]["captured_at"]) == dt.datetime(
        2026, 1, 16, tzinfo=dt.UTC
    )
