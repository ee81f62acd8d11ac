"""No URL, name or redirect leads to an address that is not allowed; without the guard many do.

127.0.0.1 stands for the public internet: the guard is told that it is allowed. 127.0.0.2, 127.0.0.3
and ::1 stand for what must not be reached; on all of them a listener counts who comes.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from contracts.wire import Wire, http, paper, to
from newsdesk.errors import AddressRefused, FetchError
from newsdesk.fetch import Fetcher, guard
from newsdesk.fetch.addresses import allowed
from newsdesk.fetch.tries import Patience

pytestmark = [
    pytest.mark.hostile,
    pytest.mark.allow_hosts(
        ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", "::ffff:7f00:2", "::ffff:127.0.0.2"]
    ),
]

PUBLIC = "127.0.0.1"
FORBIDDEN = ("127.0.0.2", "127.0.0.3", "::1")

NAMES = {
    "good.test": [[PUBLIC]],
    "bad.test": [["127.0.0.2"]],
    "localhost": [["::1", "127.0.0.2"]],
    "ip6-localhost": [["::1"]],
    "bad3.test": [["127.0.0.3"]],
    "bad6.test": [["::1"]],
    "mapped.test": [["::ffff:127.0.0.2"]],
    "compatible.test": [["::127.0.0.2"]],
    "nat64.test": [["64:ff9b::7f00:2"]],
    "6to4.test": [["2002:7f00:2::1"]],
    "any.test": [["0.0.0.0"]],  # noqa: S104 - an address to refuse, not one to bind
    "mixed.test": [[PUBLIC, "127.0.0.2"]],
    "mixed-first.test": [["127.0.0.2", PUBLIC]],
    "mixed6.test": [[PUBLIC, "::1"]],
    "metadata.test": [["169.254.169.254"]],
    "private.test": [["10.0.0.1", "192.168.0.1", "172.16.0.1"]],
    "rebind.test": [[PUBLIC], ["127.0.0.2"]],
    "rebind6.test": [[PUBLIC], ["::1"]],
    "flip.test": [[PUBLIC], ["127.0.0.2"], [PUBLIC]],
}
"""What each name answers, time after time; the last answer is repeated."""

HOSTS = """
    127.0.0.2 127.0.0.3 127.2 127.0.2 2130706434 0x7f000002 0x7F000002 0x7f.0.0.2 0x7f.0x0.0x0.0x2
    0177.0.0.2 0177.0.0.02 017700000002 127.0.0.2. 127.000.000.002 00000127.0.0.2 127.0.0.2%00
    [::1] [::0001] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.2] [::ffff:7f00:2] [0:0:0:0:0:ffff:127.0.0.2]
    [::127.0.0.2] [::7f00:2] [64:ff9b::7f00:2] [64:ff9b::127.0.0.2] [64:ff9b:1::7f00:2]
    [2002:7f00:2::] [::1%25lo] [::1%lo] [::ffff:0:127.0.0.2] localhost LOCALHOST localhost.
    ip6-localhost 0.0.0.0 0 [::] 127。0。0。2 127．0．0．2 127｡0｡0｡2 １２７.０.０.２ ①②⑦.⓪.⓪.②
    %31%32%37.0.0.2 bad.test BAD.test bad.test. bad3.test bad6.test mapped.test compatible.test
    nat64.test 6to4.test any.test mixed.test mixed-first.test mixed6.test metadata.test private.test
""".split()  # noqa: SIM905 - hosts read better in lines than in quotes

ODD = (
    "http://good.test@127.0.0.2:{port}/",
    "http://user:secret@127.0.0.2:{port}/",
    "http://@127.0.0.2:{port}/",
    "http://:@127.0.0.2:{port}/",
    "http://good.test:80@127.0.0.2:{port}/",
    "http://good.test%40127.0.0.2:{port}/",
    "http://good.test\\@127.0.0.2:{port}/",
    "http://127.0.0.2:{port}\\@good.test/",
    "http://127.0.0.2:{port}#@good.test/",
    "http://127.0.0.2:{port}?@good.test/",
    "http://127.0.0.2:{port}/\\good.test",
    "http://127.0.\t0.2:{port}/",
    "http://127.0.0.2\r\n:{port}/",
    " http://127.0.0.2:{port}/",
    "http:127.0.0.2:{port}/",
    "http:/127.0.0.2:{port}/",
    "http:///127.0.0.2:{port}/",
    "http:\\\\127.0.0.2:{port}/",
    "https://127.0.0.2:{port}/",
    "https://bad.test:{port}/",
    "HTTP://127.0.0.2:{port}/",
    "ws://127.0.0.2:{port}/",
    "ftp://127.0.0.2:{port}/",
    "gopher://127.0.0.2:{port}/_GET",
    "dict://127.0.0.2:{port}/",
    "file:///etc/hostname",
    "file://127.0.0.2/etc/hostname",
    "jar:http://127.0.0.2:{port}!/",
    "url:http://127.0.0.2:{port}/",
    "data:text/html,x",
    "javascript:alert(1)",
    "http://127.0.0.2:{port}:80/",
    "http://[::1]:{port}@good.test/",
    "http://[127.0.0.2]:{port}/",
    "http://[::ffff:127.0.0.2:{port}/",
)


def urls(port: int) -> list[str]:
    """Every way to write a forbidden address."""
    return [f"http://{host}:{port}/" for host in HOSTS] + [u.format(port=port) for u in ODD]


class Answers(AbstractResolver):
    """Answers for the names of ``NAMES`` as they say; asks the system for others."""

    def __init__(self) -> None:
        self._turns = {name: itertools.count() for name in NAMES}
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        name = host.lower().rstrip(".")
        if name not in NAMES:
            return await self._system.resolve(host, port, family)
        answers = NAMES[name]
        addresses = answers[min(next(self._turns[name]), len(answers) - 1)]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Traps:
    """Listeners on the forbidden addresses, all on one port; the public server has it too."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.hits: list[str] = []

    @property
    def port(self) -> int:
        return self.wire.port

    def listener(
        self, address: str
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
        def hit(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.hits.append(address)
            writer.write(http(b"secret", "200 OK", "Connection: close"))
            writer.close()

        return hit


@asynccontextmanager
async def traps(answers: dict[str, bytes] | None = None) -> AsyncIterator[Traps]:
    """The public server and the traps beside it."""
    async with Wire(dict(answers or {})) as wire:
        found = Traps(wire)
        servers = [
            await asyncio.start_server(found.listener(address), address, wire.port)
            for address in FORBIDDEN
        ]
        try:
            yield found
        finally:
            for server in servers:
                server.close()
                await server.wait_closed()


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets 127.0.0.1 stand for the public internet; everything else is judged as ever."""
    monkeypatch.setattr(guard, "allowed", lambda text: text == PUBLIC or allowed(text))


def fetcher() -> Fetcher:
    return Fetcher("newsdesk/0.0", patience=Patience(tries=2, first_wait=0.001), resolver=Answers)


async def outcome(one: Fetcher, url: str) -> FetchError | None:
    try:
        await one.get(url, paper(timeout_seconds=2))
    except FetchError as error:
        return error
    return None


def test_there_are_enough_of_them() -> None:
    assert len(set(urls(80))) >= 90


def test_no_url_leads_there() -> None:
    async def go() -> None:
        async with traps() as trap, fetcher() as one:
            assert (await one.get(f"http://good.test:{trap.port}/", paper())).status == 404
            for url in urls(trap.port):
                error = await outcome(one, url)
                assert error is not None, url
                assert trap.hits == [], url
                assert "secret" not in str(error)
                assert "\n" not in str(error)

    asyncio.run(go())


@pytest.mark.parametrize("host", [*FORBIDDEN[:2], "[::1]", "bad.test", "mixed.test", "mapped.test"])
def test_it_is_the_guard_that_refuses(host: str) -> None:
    async def go() -> None:
        async with traps() as trap, fetcher() as one:
            error = await outcome(one, f"http://{host}:{trap.port}/")
            assert isinstance(error, AddressRefused)
            assert error.code == "address_refused"

    asyncio.run(go())


def test_no_redirect_leads_there() -> None:
    async def go() -> None:
        async with traps() as trap, fetcher() as one:
            trap.wire.answers["/story"] = http(b"fine")
            for number, url in enumerate(urls(trap.port)):
                location = url.encode("utf-8").decode("latin-1").replace("\r\n", "")
                trap.wire.answers[f"/{number}"] = to(location)
                error = await outcome(one, f"http://good.test:{trap.port}/{number}")
                assert trap.hits == [], url
                if error is None:  # a relative one: it led back to the public server
                    assert not url.startswith("http://127.0.0.2"), url
            assert len(trap.wire.asked) >= len(urls(0))

    asyncio.run(go())


def test_no_robots_txt_leads_there() -> None:
    async def go() -> None:
        async with traps() as trap, fetcher() as one:
            trap.wire.answers["/robots.txt"] = to(f"http://127.0.0.2:{trap.port}/robots.txt")
            error = await outcome(one, f"http://good.test:{trap.port}/story")
            assert isinstance(error, AddressRefused)
            assert trap.hits == []
            assert trap.wire.asked == []

    asyncio.run(go())


@pytest.mark.parametrize("name", ["rebind.test", "rebind6.test", "flip.test"])
def test_a_name_that_changes_its_mind_is_vetted_each_time(name: str) -> None:
    async def go() -> None:
        robots = http(b"", "404 Not Found", "Connection: close")
        async with traps({"/robots.txt": robots}) as trap, fetcher() as one:
            url = f"http://{name}:{trap.port}/story"
            assert isinstance(await outcome(one, url), AddressRefused)
            assert [request.path for request in trap.wire.requests] == ["/robots.txt"]
            await outcome(one, url)
            assert trap.hits == []

    asyncio.run(go())


def test_a_stand_in_lets_in_its_own_port_alone() -> None:
    async def go() -> None:
        async with traps() as trap, Wire({"/story": http(b"fine")}, host="127.0.0.2") as private:
            source = private.paper()
            async with fetcher() as one:
                assert (await one.get("http://paper.example/story", source)).body == b"fine"
                for url in (f"http://127.0.0.2:{trap.port}/", f"http://bad.test:{private.port}/"):
                    with pytest.raises(AddressRefused):
                        await one.get(url, source)
            assert trap.hits == []
            assert private.asked == ["/story"]

    asyncio.run(go())


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        async with traps({"/story": http(b"fine")}) as trap, fetcher() as one:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.2:{trap.port}")
            response = await one.get(f"http://good.test:{trap.port}/story", paper())
            assert response.body == b"fine"
            assert trap.hits == []

    asyncio.run(go())


def test_without_the_guard_they_lead_there() -> None:
    """The control: the same URLs, names and redirects, a client that is not guarded."""

    async def go() -> set[str]:
        hit: set[str] = set()
        async with traps({"/": http(b"", "200 OK", "Connection: close")}) as trap:
            connector = aiohttp.TCPConnector(resolver=Answers(), use_dns_cache=False)
            async with aiohttp.ClientSession(connector=connector) as session:
                redirect = f"http://good.test:{trap.port}/away"
                trap.wire.answers["/away"] = to(f"http://127.0.0.2:{trap.port}/")
                for url in [*urls(trap.port), redirect, f"http://rebind.test:{trap.port}/"]:
                    for _ in range(2):
                        before = len(trap.hits)
                        with suppress(Exception):  # it may end as it likes; the hits count
                            async with session.get(url) as response:
                                await response.read()
                        if len(trap.hits) > before:
                            hit.add(url.replace(str(trap.port), "P"))
        return hit

    hit = asyncio.run(go())
    assert len(hit) >= 20
    assert {
        "http://127.0.0.2:P/",
        "http://[::1]:P/",
        "http://[::ffff:127.0.0.2]:P/",
        "http://bad.test:P/",
        "http://mixed-first.test:P/",
        "http://rebind.test:P/",
        "http://good.test:P/away",
    } <= hit
