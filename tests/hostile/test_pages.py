"""Pages made to kill their reader: each ends in time and memory, and every other page is read."""

from __future__ import annotations

import codecs
import datetime as dt
import encodings.aliases
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.bombs import BOMBS, around
from contracts.mutants import mutants
from newsdesk.article import Page
from newsdesk.fields import (
    agencies,
    bylines,
    captions,
    datelines,
    dates,
    images,
    names,
    sections,
    text,
    urls,
)
from newsdesk.reading import read_page, source_for
from newsdesk.reading.batch import line_of
from newsdesk.reading.walls import REASONS

pytestmark = pytest.mark.hostile

AT = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)
URL = "https://harbour-post.example/world/ferry"
MUTANTS = 10_000
SECONDS = 10.0
MIB = 1 << 20

READ_THEM = """
import json, resource, sys, time
from contracts.bombs import BOMBS, around
from newsdesk.article import Page
from newsdesk.reading.children import PageWork, read_all
import datetime as dt

AT = dt.datetime(2026, 1, 16, tzinfo=dt.UTC)

def work():
    for make in BOMBS.values():
        for body in (make(), around("")):
            yield PageWork(Page(url="https://harbour-post.example/world/ferry", body=body, captured_at=AT))

readings = read_all(work(), {})
started = time.monotonic()
for name in BOMBS:
    said = []
    for _ in range(2):
        reading = next(readings)
        said.append(reading.rejection.reason if reading.rejection else None)
        said.append(time.monotonic() - started)
        started = time.monotonic()
    print(json.dumps([name, *said]), flush=True)
readings.close()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


@pytest.fixture(scope="module")
def told() -> tuple[dict[str, list[object]], int]:
    """What one process made of every bomb, a good story after each; and a child's most memory."""
    here = Path(__file__).resolve().parents[2]
    path = f"{here / 'include'}:{here / 'tests'}"
    done = subprocess.run(
        [sys.executable, "-c", READ_THEM],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": path},
        check=False,
        timeout=1_200,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    *lines, memory = done.stdout.splitlines()
    return {name: said for name, *said in map(json.loads, lines)}, int(memory)


@pytest.mark.timeout(1_300)  # the fixture reads them all
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_time_with_one_answer(
    name: str, told: tuple[dict[str, list[object]], int]
) -> None:
    reason, seconds, good, _ = told[0][name]
    assert reason is None or reason in REASONS
    assert isinstance(seconds, float)
    assert seconds <= SECONDS
    assert good is None  # the story after it was read


def test_no_child_took_more_memory_than_it_may(told: tuple[dict[str, list[object]], int]) -> None:
    assert told[1] <= 512 * MIB


@pytest.mark.timeout(1_800)
def test_ten_thousand_broken_pages_raise_nothing() -> None:
    for number, body in enumerate(mutants(MUTANTS)):
        page = Page(url=URL, body=body, captured_at=AT)
        try:
            reading = read_page(page, source_for(URL, {}))
            json.dumps(line_of(number, reading), ensure_ascii=False).encode()
        except Exception as error:
            raise AssertionError(f"mutant {number}") from error


def encodings_of_text() -> list[str]:
    """Every encoding of text that Python has."""
    names = sorted(set(encodings.aliases.aliases.values()))
    found = []
    for name in names:
        try:
            if codecs.lookup(name)._is_text_encoding:  # type: ignore[attr-defined]
                "a".encode(name)
                found.append(name)
        except (LookupError, UnicodeError):  # of another system
            continue
    return found


@pytest.mark.parametrize("encoding", encodings_of_text())
def test_every_encoding_is_read_declared_or_not(encoding: str) -> None:
    story = around("").decode().encode(encoding, "replace")
    declared = around(f"<meta charset={encoding}>").decode().encode(encoding, "replace")
    for body, kind in (
        (story, None),
        (story, f"text/html; charset={encoding}"),
        (declared, None),
        (declared, "text/html; charset=klingon"),
    ):
        page = Page(url=URL, body=body, captured_at=AT, content_type=kind)
        reading = read_page(page, source_for(URL, {}))
        json.dumps(line_of("x", reading), ensure_ascii=False).encode()


# -- patterns ---------------------------------------------------------------------------------

SIZE = 100_000
ADVERSARIES = (
    " ", "x", "1", "a b ", "1 ", "<", "<a ", '"', 'a="', ",", " , ", "by ", "By Ana Bo ", "[", "(",
    "()", ".", "1.1.", "12:", "1 jan ", "jan 1 ", "/", "-", " - ", "a-", "ISTANBUL, ", "A", "Aa ",
    " | ", "&", "&lt;", "a@", "@", "http://", "%41", "\\", ";", "é", "\u0301", "١", "年",
    "2020年1", "Photo: ", "(AP ", "x (", "2020 ", "?", "=", "&a=", "'", ":", "a: ", "_", " and ",
    "www.", "a.com", "© ", "—", "'19", "de ", "updated ", "/100x100", "/w_1,", "-100x100",
)  # fmt: skip

ZONE = ZoneInfo("Europe/Istanbul")
HOME = "https://harbour-post.example/"
READERS: dict[str, Callable[[str], object]] = {
    "agency": agencies.agency,
    "byline": bylines.read_byline,
    "person": names.looks_like_person,
    "squash": names.squash,
    "dateline of": datelines.dateline_of,
    "dateline before a date": datelines.dateline_before_date,
    "dateline": datelines.read_dateline,
    "date": lambda line: dates.read_date(line, zone=ZONE, captured_at=AT),
    "image": lambda line: images.canonical_image(HOME + line),
    "credit": captions.split_credit,
    "ends in credit": captions.ends_in_credit,
    "section": lambda line: sections.sections_of_path("/" + line, {}),
    "tidy": text.tidy,
    "words": text.words,
    "clean URL": lambda line: urls.clean_url(HOME + line),
    "query": lambda line: urls.clean_url(f"{HOME}?{line}"),
    "host": lambda line: urls.host_of("https://" + line),
    "front": urls.is_front,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_line_of_text_takes_long(reader: str) -> None:
    slow = {}
    for piece in ADVERSARIES:
        for line in (piece * (SIZE // len(piece)), piece * (SIZE // len(piece)) + "x"):
            best = min(_seconds(READERS[reader], line) for _ in range(3))
            if best > 0.05:
                slow[piece] = best
    assert slow == {}


def _seconds(read: Callable[[str], object], line: str) -> float:
    started = time.process_time()
    read(line)
    return time.process_time() - started
