"""Content encodings: one known token, decoded as the bytes come, never beyond a cap."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

ACCEPTED = "gzip, br, zstd"
"""What is asked for. ``deflate`` is understood, but servers disagree on what it means."""

MAX_MEMBERS = 1_000
"""Most gzip members or zstd frames of one body; some servers send a few, none so many."""

PIECE = 1_048_576
"""Most bytes that are decoded at a time: what a decoder holds comes on top of the body."""

ZSTD_WINDOW_LOG = 23
"""Largest zstd window, 8 MiB: what RFC 9659 allows over HTTP."""

_ALIASES = {"x-gzip": "gzip", "": "identity"}
_MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


class DecodingError(ValueError):
    """A body that is not what its Content-Encoding says."""


class UnknownEncoding(DecodingError):
    """A Content-Encoding that is not exactly one known token."""


def content_encoding(headers: Iterable[tuple[str, str]]) -> str:
    """The one content encoding of a response.

    Returns:
        ``identity``, ``gzip``, ``deflate``, ``br`` or ``zstd``.

    Raises:
        UnknownEncoding: Any other token, or more than one: chains are how bombs grow.

    >>> content_encoding([("Content-Encoding", "GZip")])
    'gzip'
    """
    values = [value for name, value in headers if name.lower() == "content-encoding"]
    # archives replay an empty header line beside the real one
    named = ",".join(value for value in values if value.strip()).strip().lower()
    encoding = _ALIASES.get(named, named)
    if encoding != "identity" and encoding not in _ENGINES:
        raise UnknownEncoding(f"content encoding {named[:60]!r} is not accepted")
    return encoding


class _Engine(Protocol):
    """Decodes one member of a body."""

    @property
    def eof(self) -> bool: ...

    @property
    def rest(self) -> bytes:
        """What came after the end of the member."""
        ...

    @property
    def pending(self) -> bool:
        """Whether there is more to come without more data."""
        ...

    def decode(self, data: bytes, room: int) -> bytes:
        """Decodes to about ``room`` bytes; keeps the data that it has not used up."""
        ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self._more = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def rest(self) -> bytes:
        return self._inner.unused_data

    @property
    def pending(self) -> bool:
        return self._more

    def decode(self, data: bytes, room: int) -> bytes:
        if self._inner.unconsumed_tail:
            data = self._inner.unconsumed_tail + data
        made = self._inner.decompress(data, room)
        self._more = len(made) >= room and not self.eof
        return made


class _Deflate(_Zlib):
    """RFC 9110 means zlib's format by ``deflate``; some servers send it without its header."""

    def __init__(self) -> None:
        super().__init__(zlib.MAX_WBITS)
        self._first = b""
        self._known = False

    def decode(self, data: bytes, room: int) -> bytes:
        if not self._known:
            data = self._first + data
            if len(data) < 2:
                self._first = data
                return b""
            self._known = True
            if data[0] & 0x0F != 8 or int.from_bytes(data[:2]) % 31:
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return super().decode(data, room)


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]  # it ships no types

        self._inner = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished())

    @property
    def rest(self) -> bytes:
        return b""

    @property
    def pending(self) -> bool:
        return not (self.eof or self._inner.can_accept_more_data())

    def decode(self, data: bytes, room: int) -> bytes:
        return bytes(self._inner.process(data, output_buffer_limit=room))


class _Zstd:
    def __init__(self) -> None:
        from backports.zstd import DecompressionParameter, ZstdDecompressor

        options: dict[int, int] = {DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
        self._inner = ZstdDecompressor(options=options)
        self._more = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def rest(self) -> bytes:
        return self._inner.unused_data

    @property
    def pending(self) -> bool:
        return self._more

    def decode(self, data: bytes, room: int) -> bytes:
        made = self._inner.decompress(data, room)
        self._more = len(made) >= room and not self.eof
        return made


_ENGINES: dict[str, Callable[[], _Engine]] = {
    "gzip": lambda: _Zlib(31),
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}


class Decoder:
    """Decodes a body piece by piece until it ends or reaches a cap.

    Args:
        encoding: A token that ``content_encoding`` gave.
        limit: Most bytes of the decoded body.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding = encoding
        self._limit = limit
        self._body = io.BytesIO()  # grows in place, and gives its bytes without a copy
        self._size = 0
        self._engine = _ENGINES[encoding]() if encoding != "identity" else None
        self._members = 1
        self._began = False

    @property
    def full(self) -> bool:
        """Whether the body is longer than the cap."""
        return self._size > self._limit

    @property
    def _pending(self) -> bool:
        return self._engine is not None and self._engine.pending

    def feed(self, data: bytes) -> None:
        """Takes the next piece as received.

        Raises:
            DecodingError: It is not what the encoding says.
        """
        self._began = self._began or bool(data)
        if self._engine is None:
            self._keep(data)
            return
        try:
            self._decode(data)
        except DecodingError:
            raise
        except Exception as error:  # zlib.error, brotli.error, ZstdError: no common base
            raise DecodingError(f"not {self._encoding}: {error}") from error

    def finish(self) -> bytes:
        """The decoded body, cut at the cap.

        Raises:
            DecodingError: It ended before its encoding did.
        """
        if self._began and not self.full and self._engine is not None and not self._engine.eof:
            raise DecodingError(f"the {self._encoding} body ends too early")
        return self.so_far()

    def so_far(self) -> bytes:
        """What was decoded until now, cut at the cap."""
        self._body.truncate(self._limit)
        return self._body.getvalue()

    def _decode(self, data: bytes) -> None:
        while (data or self._pending) and not self.full:
            assert self._engine is not None  # noqa: S101 - for the type checker
            if self._engine.eof:
                if not data.startswith(_MAGIC.get(self._encoding, b"\0")[: len(data)]):
                    return  # what follows the end is no part of the body: browsers ignore it too
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise DecodingError(f"more than {MAX_MEMBERS} {self._encoding} members")
                self._engine = _ENGINES[self._encoding]()
            self._keep(self._engine.decode(data, min(PIECE, self._limit + 1 - self._size)))
            data = self._engine.rest if self._engine.eof else b""

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._body.write(piece)
            self._size += len(piece)


def decoded(raw: bytes, encoding: str, limit: int) -> bytes:
    """A whole body at once, cut at ``limit`` bytes.

    Raises:
        DecodingError: It is not what the encoding says.
    """
    decoder = Decoder(encoding, limit)
    decoder.feed(raw)
    return decoder.finish()
