"""Many saved pages at once: JSON lines in, JSON lines out, in the order they came.

The processes read the files themselves: sending pages through a pipe would eat what a second
process gains. At most a few chunks of lines are in memory.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import itertools
import json
import multiprocessing
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from newsdesk.article import Article, Page, Reading
from newsdesk.errors import NewsdeskError, SettingsError
from newsdesk.reading.reader import read_page
from newsdesk.reading.whose import source_for
from newsdesk.sources import Source

CHUNK = 16
"""Lines that one process takes at a time."""

MAX_PAGE = 100_000_000
"""Bytes of a page after decompression; what is beyond is not read."""

Job = tuple[int, str]


def read_batch(in_path: Path, out_path: Path, sources: Mapping[str, Source], jobs: int) -> None:
    """Reads the pages that a file of JSON lines names, and writes one line for each.

    Args:
        in_path: Lines of ``{"id", "url", "path", "at"?}``; ``at`` is ISO 8601, else now.
        out_path: Lines in the same order; see ``answer`` and ``docs``.
        sources: The known papers.
        jobs: Processes.

    Raises:
        SettingsError: A line is malformed or its page cannot be read; the message names file and
            line. Or ``jobs`` is less than 1.
    """
    if jobs < 1:
        raise SettingsError("--jobs", f"{jobs} processes cannot read anything")
    now = dt.datetime.now(dt.UTC)
    try:
        with in_path.open(encoding="utf-8") as lines, out_path.open("w", encoding="utf-8") as out:
            work = _chunks(lines)
            answers = (
                (_read_chunk(str(in_path), chunk, now, sources) for chunk in work)
                if jobs == 1
                else _in_processes(str(in_path), work, now, sources, jobs)
            )
            for chunk in answers:
                out.writelines(chunk)
    except UnicodeDecodeError as error:
        raise SettingsError(str(in_path), f"is not UTF-8: {error.reason}") from error
    except OSError as error:
        where = error.filename or in_path
        raise SettingsError(str(where), error.strerror or "cannot be used") from error


def load_page(path: Path, url: str, at: dt.datetime) -> Page:
    """A saved page: ``.html``, or ``.html.gz``.

    Args:
        path: The file.
        url: The page's address.
        at: When it was captured.

    Raises:
        SettingsError: The file cannot be read.
    """
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as file:
                body = file.read(MAX_PAGE)
        else:
            with path.open("rb") as file:
                body = file.read(MAX_PAGE)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or "cannot be read"
        raise SettingsError(str(path), reason) from error
    return Page(url=url, body=body, captured_at=at.astimezone(dt.UTC))


def answer(reading: Reading, *, explain: bool = False) -> dict[str, Any]:
    """A reading as plain values: the columns of ``news.articles`` that reading fills.

    A rejected page gives ``{"rejected": reason, "evidence": …}`` before what could be read of
    it. With ``explain`` the candidates of every field follow.
    """
    given: dict[str, Any] = {}
    if reading.rejection is not None:
        given["rejected"] = reading.rejection.reason
        given["evidence"] = reading.rejection.evidence
    given |= row(reading.article)
    if explain:
        candidates: dict[str, list[dict[str, Any]]] = {}
        for one in reading.candidates:
            candidates.setdefault(one.field, []).append(
                {
                    "rule": one.rule,
                    "value": one.value,
                    "evidence": one.evidence,
                    "chosen": one.chosen,
                }
            )
        given["candidates"] = candidates
    return given


def row(article: Article) -> dict[str, Any]:
    """An article as JSON can hold it: times in ISO 8601, hashes in hex."""
    plain: dict[str, Any] = _plain(dataclasses.asdict(article))
    return plain


def line_of(page_id: Any, reading: Reading) -> dict[str, Any]:
    """One line of a batch's output."""
    article = reading.article
    line: dict[str, Any] = {
        "id": page_id,
        "title": article.headline,
        "authors": [one.name for one in article.bylines],
        "published_at": printed_moment(article),
        "body": article.body,
        "keywords": list(article.keywords),
        "lead_image": article.lead_image.url if article.lead_image else None,
        "lead_image_caption": article.lead_image.caption if article.lead_image else None,
        "language": article.language,
        "article": row(article),
    }
    if reading.rejection is not None:
        line["rejected"] = reading.rejection.reason
    return line


def printed_moment(article: Article) -> str | None:
    """The publication time with its printed offset; a bare date when only a day is known."""
    if article.published_at is None:
        return None
    if article.published_at_precision == "day" and article.published_day_local:
        return article.published_day_local.isoformat()
    offset = dt.timedelta(minutes=article.published_at_offset or 0)
    return article.published_at.astimezone(dt.timezone(offset)).isoformat()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value


def _chunks(lines: Iterator[str]) -> Iterator[list[Job]]:
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while chunk := list(itertools.islice(numbered, CHUNK)):
        yield chunk


def _in_processes(
    where: str,
    work: Iterator[list[Job]],
    now: dt.datetime,
    sources: Mapping[str, Source],
    jobs: int,
) -> Iterator[list[str]]:
    """The answers of several processes, in order; no more than two chunks each are under way."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["newsdesk.reading.reader"])
    with ProcessPoolExecutor(
        jobs, context, initializer=_begin, initargs=(dict(sources), where, now)
    ) as pool:
        waiting: deque[Future[list[str]]] = deque()
        try:
            for chunk in work:
                waiting.append(pool.submit(_read_mine, chunk))
                if len(waiting) >= 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


_mine: tuple[Mapping[str, Source], str, dt.datetime] | None = None
"""What a process was given at its start: sent once, not with every chunk."""


def _begin(sources: Mapping[str, Source], where: str, now: dt.datetime) -> None:
    global _mine  # noqa: PLW0603 - the way a pool's initializer leaves something for its tasks
    _mine = (sources, where, now)


def _read_mine(chunk: list[Job]) -> list[str]:
    assert _mine is not None  # noqa: S101 - the initializer ran
    sources, where, now = _mine
    return _read_chunk(where, chunk, now, sources)


def _read_chunk(
    where: str, chunk: list[Job], now: dt.datetime, sources: Mapping[str, Source]
) -> list[str]:
    return [_read_line(where, number, line, now, sources) for number, line in chunk]


def _read_line(
    where: str, number: int, line: str, now: dt.datetime, sources: Mapping[str, Source]
) -> str:
    subject = f"{where}, line {number}"
    try:
        job = json.loads(line)
        page_id, url, path = job["id"], str(job["url"]), Path(str(job["path"]))
        at = dt.datetime.fromisoformat(job["at"]) if job.get("at") else now
    except (ValueError, TypeError, KeyError) as error:
        expected = 'expected {"id", "url", "path", "at"?}'
        raise SettingsError(subject, f"{expected}: {type(error).__name__}: {error}") from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    try:
        page = load_page(path, url, at)
    except NewsdeskError as error:
        raise SettingsError(subject, str(error)) from error
    reading = read_page(page, source_for(url, sources))
    return json.dumps(line_of(page_id, reading), ensure_ascii=False) + "\n"
