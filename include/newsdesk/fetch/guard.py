"""No socket but to a vetted address, whatever name, literal or redirect led there.

A vetting resolver alone is not enough, as literal addresses never reach it; a vetting socket alone
connects to the good address of a name that also has a bad one. Together they also stop a name
that answers differently the second time, because what is vetted is what is connected to.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import DefaultResolver, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from newsdesk.fetch.addresses import allowed, plain

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType

CONNECTIONS = 100
"""Most open connections of one connector."""


class Refused(OSError):
    """The guard refused an address. An OSError, so that aiohttp hands it on as a failed connect."""


class VettingResolver(AbstractResolver):
    """A resolver that gives no answer for a name with any address that is not allowed."""

    def __init__(self, inner: AbstractResolver, exempt: Exempt | None = None) -> None:
        self._inner = inner
        self._exempt = exempt

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            Refused: One of them is not allowed.
        """
        answers = await self._inner.resolve(host, port, family)
        if self._exempt is not None and self._exempt.names(host, port):
            self._exempt.addresses.update(str(plain(answer["host"])) for answer in answers)
            return answers
        for answer in answers:
            if not allowed(answer["host"]):
                raise Refused(f"{host} has the address {answer['host']}, which is not allowed")
        return answers

    async def close(self) -> None:
        """Closes the inner resolver."""
        await self._inner.close()


class Exempt:
    """The one host and port that the configuration lets in, whatever its address.

    Args:
        host: Name or literal address.
        port: TCP port; no other port of the host is let in.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host = host.strip("[]").lower()
        self.port = port
        self.addresses: set[str] = set()
        with suppress(ValueError):  # of a name: the resolver adds its addresses
            self.addresses.add(str(plain(self.host)))

    def names(self, host: str, port: int) -> bool:
        """Whether this is the host and port that were named."""
        return (host.lower(), port) == (self.host, self.port)

    def holds(self, address: str, port: int) -> bool:
        """Whether an address about to be connected to is the exempt one."""
        return port == self.port and str(plain(address)) in self.addresses


def guarded_connector(
    exempt: Exempt | None = None, resolver: AbstractResolver | None = None
) -> TCPConnector:
    """A connector that connects to allowed addresses only; to be made inside the event loop.

    Args:
        exempt: A host and port that is let in besides.
        resolver: Who answers for names; the system's when not given.
    """

    def open_socket(addr_info: AddrInfoType) -> socket.socket:
        family, kind, proto, _, address = addr_info
        host, port = str(address[0]), int(address[1])
        if not (allowed(host) or (exempt is not None and exempt.holds(host, port))):
            raise Refused(f"the address {host} is not allowed")
        return socket.socket(family, kind, proto)

    return TCPConnector(
        resolver=VettingResolver(resolver or DefaultResolver(), exempt),
        socket_factory=open_socket,
        use_dns_cache=False,
        limit=CONNECTIONS,
    )
