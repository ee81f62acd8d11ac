"""One exchange: a request goes out, and what comes back is a response or an error with a code.

aiohttp neither follows redirects nor decodes here: every hop is vetted anew, and a body is kept
as it was received.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver

from newsdesk.article import Response
from newsdesk.errors import AddressRefused, FetchError, LimitExceeded
from newsdesk.fetch.decoding import (
    ACCEPTED,
    Decoder,
    DecodingError,
    UnknownEncoding,
    content_encoding,
)
from newsdesk.fetch.guard import Exempt, Refused, guarded_connector
from newsdesk.fetch.target import Target, named
from newsdesk.fetch.tries import Allowance

MAX_HEADERS = 128
MAX_HEADER_BYTES = 32_768
"""Of one header line. Security policies of 10 KB and more are common."""

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_BODYLESS = frozenset({204, 304})


class Client:
    """HTTP over guarded connections; to be entered inside the event loop.

    Every ``fetch_via`` address has connections of its own, so that what it lets in is let in for
    its own paper alone.

    Args:
        user_agent: What newsdesk calls itself.
        now: The clock.
        resolver: Makes what answers for host names; the system's resolver when not given.
    """

    def __init__(
        self,
        user_agent: str,
        now: Callable[[], dt.datetime],
        resolver: Callable[[], AbstractResolver] | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._now = now
        self._resolver = resolver
        self._sessions: dict[str | None, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def exchange(
        self, target: Target, *, headers: Mapping[str, str], max_bytes: int, allowance: Allowance
    ) -> Response:
        """Asks once, and reads the answer as far as the limits go.

        Args:
            target: Where to.
            headers: Validators for a conditional request.
            max_bytes: Most bytes of the body, as received and decoded; a longer one is cut.
            allowance: Time; an answer that is still coming when it ends is cut.

        Raises:
            AddressRefused: The guard refused the address.
            LimitExceeded: No answer in time, its header is too large, or its encoding is refused.
            FetchError: The connection failed, or what came is no HTTP.
        """
        ends_at = asyncio.get_running_loop().time() + allowance.left
        try:
            async with asyncio.timeout(allowance.for_headers):
                answer = await self._session(target).get(
                    target.connect,
                    headers={"Host": target.host_header, **headers},
                    allow_redirects=False,
                )
        except TimeoutError:
            raise LimitExceeded(named(target.url), "no answer in time", code="timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _named_error(target, error) from error
        try:
            return await self._read(target, answer, max_bytes, ends_at)
        except (aiohttp.ClientError, OSError) as error:
            raise _named_error(target, error) from error
        finally:
            answer.close()  # returns the connection when all was read, else ends it

    async def _read(
        self, target: Target, answer: aiohttp.ClientResponse, max_bytes: int, ends_at: float
    ) -> Response:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers
        )
        try:
            encoding = content_encoding(headers)
        except UnknownEncoding as error:
            raise LimitExceeded(named(target.url), str(error), code="encoding_refused") from None
        decoder = Decoder("identity" if answer.status in _BODYLESS else encoding, max_bytes)
        received: list[bytes] = []
        size, truncated = 0, None
        try:
            async with asyncio.timeout_at(ends_at):
                async for piece in answer.content.iter_any():
                    if encoding != "identity":
                        received.append(piece)
                    size += len(piece)
                    decoder.feed(piece)
                    if decoder.full or size > max_bytes:
                        truncated = "length"
                        break
            body = decoder.so_far() if truncated else decoder.finish()
        except TimeoutError:
            truncated, body = "time", decoder.so_far()
        except DecodingError as error:
            raise FetchError(named(target.url), str(error), code="encoding_broken") from None
        return Response(
            url=target.url,
            final_url=target.url,
            status=answer.status,
            reason=answer.reason or "",
            headers=headers,
            raw=body if encoding == "identity" else b"".join(received),
            body=body,
            received_at=self._now(),
            truncated=truncated,
        )

    def _session(self, target: Target) -> aiohttp.ClientSession:
        if target.via not in self._sessions:
            exempt = None
            if target.via is not None:
                exempt = Exempt(target.connect.raw_host or "", target.connect.port or 0)
            resolver = self._resolver() if self._resolver else None
            self._sessions[target.via] = aiohttp.ClientSession(
                connector=guarded_connector(exempt, resolver),
                headers={
                    "User-Agent": self._user_agent,
                    "Accept": _ACCEPT,
                    "Accept-Encoding": ACCEPTED,
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                auto_decompress=False,
                middlewares=(_once,),
                trust_env=False,  # a proxy would hide from the guard where it connects to
                max_line_size=MAX_HEADER_BYTES,
                max_field_size=MAX_HEADER_BYTES,
                max_headers=MAX_HEADERS,
            )
        return self._sessions[target.via]


class _Lost(aiohttp.ClientError):
    """A connection that ended before its answer came."""


async def _once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keeps aiohttp from asking a second time on its own, out of turn, when a connection ends."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Lost(str(error)) from error


def _named_error(target: Target, error: Exception) -> FetchError:
    """An aiohttp error as one of ours, with a code for the ledger."""
    url = named(target.url)
    cause = getattr(error, "os_error", None)
    if isinstance(cause, Refused) or isinstance(error, Refused):
        return AddressRefused(url, str(cause or error))
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return AddressRefused(url, "is no usable URL", code="url_refused")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(url, f"no address for {target.host}", code="dns_failed")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(url, f"TLS failed: {error}", code="tls_failed", retriable=False)
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(url, f"cannot connect: {error.strerror}", code="connect_failed")
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchError(url, "the body broke off or is malformed", code="body_broken")
    if isinstance(error, aiohttp.ClientResponseError):
        if error.message.startswith(("Got more than", "Too many headers")):  # aiohttp's words
            return LimitExceeded(url, "the header is too large", code="header_too_large")
        return FetchError(url, "the answer is no HTTP", code="protocol_error", retriable=False)
    if isinstance(error, aiohttp.ClientError | OSError):
        return FetchError(url, f"connection lost: {error}", code="connection_lost")
    return AddressRefused(url, "is no usable URL", code="url_refused")
