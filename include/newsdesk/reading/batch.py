"""Many saved pages at once: JSON lines in, JSON lines out, in the order they came.

The child processes read the files themselves and make the lines: sending pages through a pipe
would eat what a second process gains.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsdesk.article import Article, Page, Reading
from newsdesk.errors import NewsdeskError, SettingsError
from newsdesk.reading.child import Limits
from newsdesk.reading.children import LIMITS, read_all
from newsdesk.reading.reader import MAX_PAGE, read_page, unread
from newsdesk.reading.walls import Wall
from newsdesk.reading.whose import source_for
from newsdesk.sources import Source


def read_batch(
    in_path: Path,
    out_path: Path,
    sources: Mapping[str, Source],
    jobs: int,
    *,
    limits: Limits = LIMITS,
) -> None:
    """Reads the pages that a file of JSON lines names, and writes one line for each.

    Args:
        in_path: Lines of ``{"id", "url", "path", "at"?}``; ``at`` is ISO 8601, else now.
        out_path: Lines in the same order; see ``line_of``.
        sources: The known papers.
        jobs: Processes.
        limits: What one page may take; one that takes more is a rejected page.

    Raises:
        SettingsError: A line is malformed or its page cannot be read; the message names file and
            line. Or ``jobs`` is less than 1.
    """
    if jobs < 1:
        raise SettingsError("--jobs", f"{jobs} processes cannot read anything")
    now = dt.datetime.now(dt.UTC)
    try:
        with (
            in_path.open(encoding="utf-8") as lines,
            # Half a character in an "id" stays what JSON escapes it as.
            out_path.open("w", encoding="utf-8", errors="backslashreplace") as out,
        ):
            work = _work(str(in_path), lines, now)
            out.writelines(read_all(work, sources, jobs=jobs, limits=limits))
    except UnicodeDecodeError as error:
        raise SettingsError(str(in_path), f"is not UTF-8: {error.reason}") from error
    except OSError as error:
        where = error.filename or in_path
        raise SettingsError(str(where), error.strerror or "cannot be used") from error


@dataclass(frozen=True, slots=True)
class LineWork:
    """A saved page that a line names; its result is the line of the output.

    Attributes:
        subject: File and line, for errors.
        page_id: The line's ``id``.
        url: The page's address.
        path: Its file.
        at: When it was captured.
    """

    subject: str
    page_id: Any
    url: str
    path: str
    at: dt.datetime

    def run(self, sources: Mapping[str, Source]) -> str:
        """Loads and reads the page.

        Raises:
            SettingsError: The file cannot be read.
        """
        try:
            page = load_page(Path(self.path), self.url, self.at)
        except NewsdeskError as error:
            raise SettingsError(self.subject, str(error)) from error
        return self._line(read_page(page, source_for(self.url, sources)))

    def lost(self, sources: Mapping[str, Source], reason: str, evidence: str) -> str:
        """A rejected page of which nothing could be read."""
        page = Page(url=self.url, body=b"", captured_at=self.at)
        return self._line(unread(page, source_for(self.url, sources), Wall(reason, evidence)))

    def _line(self, reading: Reading) -> str:
        return json.dumps(line_of(self.page_id, reading), ensure_ascii=False) + "\n"


def load_page(path: Path, url: str, at: dt.datetime) -> Page:
    """A saved page: ``.html``, or ``.html.gz``. Of one that is too large, a byte too many.

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
                body = file.read(MAX_PAGE + 1)
        else:
            with path.open("rb") as file:
                body = file.read(MAX_PAGE + 1)
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


def _work(where: str, lines: Iterable[str], now: dt.datetime) -> Iterator[LineWork]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        subject = f"{where}, line {number}"
        try:
            job = json.loads(line)
            page_id, url, path = job["id"], str(job["url"]), str(job["path"])
            at = dt.datetime.fromisoformat(job["at"]) if job.get("at") else now
        except (ValueError, TypeError, KeyError) as error:
            expected = 'expected {"id", "url", "path", "at"?}'
            raise SettingsError(subject, f"{expected}: {type(error).__name__}: {error}") from error
        at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
        yield LineWork(subject, page_id, url, path, at)
