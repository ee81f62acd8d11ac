from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import random
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from backports import zstd
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newsdesk.article import CaptureRef, Response
from newsdesk.landing import CaptureCorrupt, Same, WarcWriter, iter_captures, writing

KEY = "test/raw/2022-01-13/0123456789abcdef/0000-0000.warc.gz"
AT = dt.datetime(2022, 1, 13, 10, 52, 3, 120_000, tzinfo=dt.UTC)
PAGE = b"<h1>The ferry is late again</h1>" * 200
PACK = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}


def response(body: bytes = PAGE, encoding: str | None = None, **changed: object) -> Response:
    raw = PACK[encoding](body) if encoding else body
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(raw)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    values = {
        "url": "https://paper.example/world/ferry",
        "final_url": "https://paper.example/world/ferry",
        "status": 200,
        "reason": "OK",
        "headers": tuple(headers),
        "raw": raw,
        "body": body,
        "received_at": AT,
    }
    return Response(**{**values, **changed})  # type: ignore[arg-type]  # plain values by name


def landed(*responses: Response) -> tuple[bytes, list[CaptureRef]]:
    writer = WarcWriter(KEY, software="newsdesk/0.0", info={"isPartOf": "a test"})
    refs = [writer.add(one) for one in responses]
    body = writer.finish()
    assert writer.size == len(body)
    return body, refs


def read(body: bytes) -> tuple[list[tuple[CaptureRef, Response]], list[CaptureCorrupt]]:
    corrupt: list[CaptureCorrupt] = []
    return list(iter_captures(body, KEY, on_corrupt=corrupt.append)), corrupt


SAMPLES = [
    response(),
    response(encoding="gzip"),
    response(encoding="br"),
    response(encoding="zstd"),
    response(b"", status=404, reason="Not Found"),
    response(b"", status=304, reason=""),
    response(
        url="https://paper.example/a?utm=1",
        final_url="https://paper.example/%C3%BC",
        reason="Très bien",
        headers=(
            ("Transfer-Encoding", "chunked"),
            ("Set-Cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("X-Empty", ""),
            ("X-Latin", "\xfc: \xdf"),
        ),
    ),
    response(headers=(("Content-Length", "999999"),), truncated="length"),
    response(b"A\r\n\r\nB\x1f\x8b\x08\x00WARC/1.1\r\n"),
]


# -- round trips ------------------------------------------------------------------------------


def test_what_is_landed_is_read() -> None:
    body, refs = landed(*SAMPLES)
    found, corrupt = read(body)
    assert corrupt == []
    assert found == list(zip(refs, SAMPLES, strict=True))


def test_a_truncated_body_is_decoded_as_far_as_it_was() -> None:
    raw = gzip.compress(PAGE, 0)[:700]
    cut = response(
        raw=raw, body=PAGE[:500], truncated="time", headers=(("Content-Encoding", "gzip"),)
    )
    ((_, again),), _ = read(landed(cut)[0])
    assert (again.raw, again.body, again.truncated) == (raw, PAGE[:500], "time")


def test_a_bomb_does_not_go_off_when_it_is_read() -> None:
    raw = zstd.compress(bytes(100_000_000))
    cut = response(
        raw=raw, body=bytes(1_000), truncated="length", headers=(("Content-Encoding", "zstd"),)
    )
    ((_, again),), _ = read(landed(cut)[0])
    assert again.body == bytes(1_000)


names = st.from_regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}", fullmatch=True).filter(
    lambda name: not name.lower().startswith("x-archive-orig-")
)
values = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40)
plain_headers = st.tuples(names, values).filter(
    lambda header: header[0].lower() != "content-encoding"
)


@given(
    raw=st.binary(max_size=2_000),
    headers=st.lists(plain_headers, max_size=6),
    status=st.integers(100, 599),
    reason=values,
    truncated=st.sampled_from([None, "length", "time"]),
    path=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30),
)
def test_any_response_comes_back(
    raw: bytes,
    headers: list[tuple[str, str]],
    status: int,
    reason: str,
    truncated: str | None,
    path: str,
) -> None:
    one = response(
        raw,
        headers=tuple(headers),
        status=status,
        reason=reason,
        truncated=truncated,
        url=f"https://paper.example/{path}",
    )
    body, (ref,) = landed(one)
    found, corrupt = read(body)
    assert corrupt == []
    assert found == [(ref, one)]


@given(
    body=st.binary(max_size=3_000),
    encoding=st.sampled_from(sorted(PACK)),
)
def test_any_packed_body_comes_back(body: bytes, encoding: str) -> None:
    one = response(body, encoding)
    ((_, again),), corrupt = read(landed(one)[0])
    assert (again.raw, again.body, corrupt) == (one.raw, body, [])


def test_lines_cannot_be_smuggled_in() -> None:
    bad = response(
        url="https://paper.example/\r\nWARC-Type: revisit",
        reason="OK\r\nX-Injected: 1",
        headers=(("X-A", "1\r\nX-Injected: 1"), ("X-B\r\nX-Injected", "1")),
    )
    ((_, again),), corrupt = read(landed(bad)[0])
    assert corrupt == []
    assert "X-Injected" not in [name for name, _ in again.headers]


# -- the file ---------------------------------------------------------------------------------


def test_every_record_can_be_read_alone() -> None:
    body, refs = landed(*SAMPLES)
    for ref, one in zip(refs, SAMPLES, strict=True):
        assert ref.key == KEY
        assert ref.digest == hashlib.sha256(one.raw).digest()
        record = gzip.decompress(body[ref.offset : ref.offset + ref.length])
        assert record.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
        assert record.endswith(b"\r\n\r\n")
    assert refs[-1].offset + refs[-1].length == len(body)


def test_it_begins_with_who_wrote_it() -> None:
    body, _ = landed()
    record = gzip.decompress(body).decode()
    assert "WARC-Type: warcinfo\r\n" in record
    assert "WARC-Filename: 0000-0000.warc.gz\r\n" in record
    assert "software: newsdesk/0.0\r\nisPartOf: a test\r\n" in record


def test_other_readers_find_the_same() -> None:
    body, refs = landed(*SAMPLES)
    fast = [
        (record.stream_pos, record.headers["WARC-Target-URI"], record.http_headers.status_code)
        for record in ArchiveIterator(io.BytesIO(body))
        if record.http_headers is not None
    ]
    expected = [
        (ref.offset, one.final_url, one.status) for ref, one in zip(refs, SAMPLES, strict=True)
    ]
    assert fast == expected
    slow = [
        (record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read())
        for record in WarcioIterator(io.BytesIO(body))
        if record.rec_type == "response"
    ]
    assert slow == [(one.final_url, one.raw) for one in SAMPLES]


def test_what_other_readers_decode_is_the_page() -> None:
    body, _ = landed(*(response(encoding=encoding) for encoding in ("gzip", None)))
    pages = [
        record.content_stream().read()
        for record in WarcioIterator(io.BytesIO(body))
        if record.rec_type == "response"
    ]
    assert pages == [PAGE, PAGE]


def test_the_checkers_of_both_tools_pass(tmp_path: Path) -> None:
    file = tmp_path / "file.warc.gz"
    body, _ = landed(*SAMPLES)
    file.write_bytes(body)
    # warcio crashes on any brotli body where the package brotli is installed
    # (https://github.com/webrecorder/warcio/issues/73), so it is run as if it were not.
    warcio = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main()"
    checks = [
        [sys.executable, "-c", warcio, "check", "-v", file],
        [Path(sys.executable).with_name("fastwarc"), "check", "-p", file],
    ]
    for check in checks:
        done = subprocess.run(check, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert str(len(SAMPLES) + 1) in done.stdout  # warcinfo is checked too
    file.write_bytes(broken(body, at=len(body) // 2))
    for check in checks:
        done = subprocess.run(check, capture_output=True, check=False)
        assert done.returncode != 0  # the checks can fail


# -- size -------------------------------------------------------------------------------------


def story(seed: int, words: int) -> bytes:
    """Invented text that packs about as well as a page does."""
    dice = random.Random(seed)  # noqa: S311 - invents words
    known = ["".join(dice.choices("aeinorst", k=dice.randint(2, 9))) for _ in range(3_000)]
    return " ".join(
        f"<p>{word}</p>" if n % 9 == 0 else word
        for n, word in enumerate(dice.choices(known, k=words))
    ).encode()


HEADER = (
    ("Date", "Thu, 13 Jan 2022 10:52:03 GMT"),
    ("Cache-Control", "public, max-age=60, s-maxage=300"),
    ("ETag", '"5d41402abc4b2a76b9719d911017c592"'),
    ("Set-Cookie", "session=9a3f5d41402abc4b2a76b9719d911017c592; Path=/; HttpOnly; Secure"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Content-Security-Policy", "default-src 'self'; script-src 'self' https://cdn.example"),
    ("CF-RAY", "8f1e2d3c4b5a6978-IST"),
)


@pytest.mark.parametrize("words", [1, 100, 3_000, 30_000])
@pytest.mark.parametrize("more", [(), HEADER], ids=["few lines", "many lines"])
@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_record_costs_what_was_received_and_little_more(
    encoding: str, more: tuple[tuple[str, str], ...], words: int
) -> None:
    pages = [response(story(n, words), encoding) for n in range(4)]
    pages = [replace(page, headers=(*page.headers, *more)) for page in pages]
    body, refs = landed(*pages)
    for ref, page in zip(refs, pages, strict=True):
        lines = sum(len(f"{name}: {value}\r\n") for name, value in page.headers)
        assert ref.length <= (len(page.raw) + lines) * 1.001 + 500
    if words == 30_000:  # some 80 KB, where that is little
        assert len(body) <= sum(len(page.raw) for page in pages) * 1.02


def test_plain_bodies_are_packed() -> None:
    page = response(story(1, 30_000))
    assert len(landed(page)[0]) < len(page.raw) / 2


# -- damage -----------------------------------------------------------------------------------


def broken(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]


@pytest.mark.parametrize("victim", range(len(SAMPLES)))
def test_a_broken_record_is_named_and_stops_no_other(victim: int) -> None:
    body, refs = landed(*SAMPLES)
    ref = refs[victim]
    found, corrupt = read(broken(body, ref.offset + ref.length // 2))
    others = [pair for n, pair in enumerate(zip(refs, SAMPLES, strict=True)) if n != victim]
    assert found == others
    assert [(error.key, error.offset) for error in corrupt] == [(KEY, ref.offset)]
    assert str(ref.offset) in str(corrupt[0])
    assert KEY in str(corrupt[0])


@given(st.integers(0, 1 << 32))
def test_whatever_byte_is_wrong_nothing_wrong_is_read(place: int) -> None:
    good = [response(bytes([65 + n]) * 900, "gzip" if n % 2 else None) for n in range(4)]
    body, refs = landed(*good)
    found, corrupt = read(broken(body, place % len(body)))
    intact = dict(zip(refs, good, strict=True))
    for ref, one in found:  # header bytes of a member that nothing depends on may differ
        assert intact[ref] == one
    assert len(found) + len(corrupt) >= len(good)
    assert len(found) >= len(good) - 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_ends_early_gives_what_it_holds(share: float) -> None:
    body, refs = landed(*SAMPLES)
    length = int(len(body) * share)
    found, corrupt = read(body[:length])
    whole = [ref for ref in refs if ref.offset + ref.length <= length]
    assert [ref for ref, _ in found] == whole
    assert len(corrupt) == (length > 0)


def test_a_forged_digest_is_found() -> None:
    body, (ref,) = landed(response())
    record = gzip.decompress(body[ref.offset :])
    for old, new in ((b"late", b"fast"), (b"HTTP/1.1 200", b"HTTP/1.1 404")):
        forged = body[: ref.offset] + gzip.compress(record.replace(old, new, 1))
        found, corrupt = read(forged)
        assert found == []
        assert "digest" in str(corrupt[0])


def test_damage_is_logged_when_nobody_asks(caplog: pytest.LogCaptureFixture) -> None:
    body, (ref,) = landed(response())
    assert list(iter_captures(broken(body, len(body) - 3), KEY)) == []
    assert f"{KEY} at {ref.offset}" in caplog.text


@pytest.mark.parametrize(
    "junk", [b"", b"\0" * 50, b"<html>", zlib.compress(b"x"), gzip.compress(b"x", mtime=0)]
)
def test_what_is_no_warc_file_gives_nothing(junk: bytes) -> None:
    found, corrupt = read(junk)
    assert found == []
    assert len(corrupt) == bool(junk)


def test_a_file_that_outgrows_memory_is_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "IN_MEMORY", 3_000)
    pages = [response(bytes([n]) * 100 + random.Random(n).randbytes(900)) for n in range(9)]  # noqa: S311
    writer = WarcWriter(KEY, software="newsdesk/0.0", info={})
    refs = []
    for one in pages:
        refs.append(writer.add(one))
        writer.file.seek(0)  # whoever reads it meanwhile does no harm
    body = writer.finish()
    assert len(body) == writer.size > 9_000
    assert read(body)[0] == [(ref, one) for ref, one in zip(refs, pages, strict=True)]
    file = writer.file
    del writer
    assert file.closed


def test_a_body_that_we_hold_is_a_revisit_record_that_readers_pass_over(tmp_path: Path) -> None:
    writer = WarcWriter(KEY, software="newsdesk/0.0", info={})
    first = writer.add(response(encoding="gzip"))
    same = Same("https://paper.example/world/ferry", AT, first.digest)
    later = AT + dt.timedelta(days=1)
    unpacked = len(response().raw)
    refs = [
        writer.add_revisit(response(b"", status=304, received_at=later), same),
        writer.add_revisit(response(encoding="gzip", received_at=later), same),
    ]
    last = writer.add(response(b"<p>another page</p>"))
    body = writer.finish()
    assert [ref for ref, _ in read(body)[0]] == [first, last]
    assert read(body)[1] == []
    assert [ref.digest for ref in refs] == [first.digest] * 2
    assert all(ref.length < unpacked / 4 for ref in refs)

    file = tmp_path / "a.warc.gz"
    file.write_bytes(body)
    with file.open("rb") as stream:
        found = [
            (r.rec_type, r.rec_headers, r.http_headers)
            for r in WarcioIterator(stream, check_digests="raise")
        ]
    assert [kind for kind, *_ in found][1:] == ["response", "revisit", "revisit", "response"]
    for (_, head, http), status, profile in zip(
        found[2:4], ("304", "200"), ("server-not-modified", "identical-payload-digest"), strict=True
    ):
        assert head["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        assert head["WARC-Payload-Digest"] == found[1][1]["WARC-Payload-Digest"]
        assert head["WARC-Refers-To-Target-URI"] == same.url
        assert head["WARC-Refers-To-Date"] == found[1][1]["WARC-Date"]
        assert http.get_statuscode() == status
    with file.open("rb") as stream:  # passes over a record with a wrong digest
        kinds = [r.headers["WARC-Type"] for r in ArchiveIterator(stream, verify_digests=True)]
    assert kinds == ["warcinfo", "response", "revisit", "revisit", "response"]
