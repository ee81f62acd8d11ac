"""Harvesting a file of the news crawl: our pages and no others, each file once, whatever happens."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from contracts.archives import Archive, Kept, serving, warc_file
from contracts.desk import LAYOUT, desk_of
from contracts.memory_store import MemoryStore
from contracts.press import Web, at, paper
from newsdesk import records
from newsdesk.archives import Access, Archives, Window, news
from newsdesk.article import UTC, Capture, Discovery, Run
from newsdesk.discover.landed import Landed, read_landed
from newsdesk.errors import FetchError, SettingsError, StoreError
from newsdesk.fetch import Fetcher
from newsdesk.fetch.tries import Patience
from newsdesk.landing import iter_captures
from newsdesk.sources import Source
from newsdesk.steps import Desk, Plan, fetch, harvest, harvest_batch, harvest_files, sifting
from newsdesk.steps.fetching import load_captures
from newsdesk.store import Store

DAY = dt.date(2026, 1, 15)
FILE = "CC-NEWS-20260115230000-00042"
HOME = "https://www.harbour-post.example/world/the-ferry-number-"


def page(number: int, published: str = "2026-01-15T08:00:00Z") -> bytes:
    text = f"The ferry number {number} left the harbour in good time. " * 9
    return (
        f'<html><head><meta property="article:published_time" content="{published}">'
        f"<title>Ferry {number} leaves</title></head><body><article><h1>Ferry {number} leaves</h1>"
        f"<p>{text}</p><p>{text}</p></article></body></html>"
    ).encode()


def kept(number: int, **changes: Any) -> Kept:
    made = Kept(f"{HOME}{number}", at(23.5), page(number))
    return dataclasses.replace(made, **changes)


def strangers(count: int) -> list[Kept]:
    hosts = (
        "https://notharbour-post.example/world/a-story-of-another",
        "https://harbour-post.example.evil.example/world/a-story-of-another",
        "https://harbour-post.example@evil.example/world/a-story-of-another",
        "https://evil.example/?u=https://www.harbour-post.example/world/a-b-c",
    )
    return [Kept(f"{hosts[n % 4]}-{n}", at(23.2), b"<html>no</html>" * 50) for n in range(count)]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with serving(Archive()) as running:
        yield running


def desk(archive: Archive, store: Store | None = None, *sources: Source) -> Desk:
    class NewsDesk(Desk):
        def archive_fetcher(self) -> Fetcher:
            return Fetcher("newsdesk-tests", patience=Patience(tries=2, first_wait=0.0))

    plain = desk_of(Web(), store=store, sources=sources)
    values = {f.name: getattr(plain, f.name) for f in dataclasses.fields(Desk)}
    return NewsDesk(**{**values, "archives": Access(via=archive.via, pace=0)})


def landed(it: Desk, day: dt.date = DAY) -> list[str]:
    return sorted(x.link.url for x in read_landed(it.store, LAYOUT, day, "run"))


def test_our_pages_are_landed_by_their_day_and_no_others(archive: Archive) -> None:
    late = kept(3, body=page(3, "2026-01-14T23:30:00Z"))
    odd = [kept(4, status=404), kept(5, kind="application/pdf"), kept(6, url=HOME[:-24] + "/")]
    framed = kept(7, url=f"<{HOME}7>")  # as WARC 1.0 writes addresses
    path = archive.add_news(FILE, [*strangers(8), kept(1), kept(2), late, *odd, framed])
    it = desk(archive)
    assert harvest(it, path) == {"records": 15, "pages": 4, "corrupt": 0}
    assert landed(it) == [f"{HOME}1", f"{HOME}2", f"{HOME}7"]
    assert landed(it, DAY - dt.timedelta(days=1)) == [f"{HOME}3"]


def test_a_landed_page_is_the_one_that_was_crawled(archive: Archive) -> None:
    path = archive.add_news(FILE, [kept(1)])
    it = desk(archive)
    harvest(it, path)
    (capture,) = read_landed(it.store, LAYOUT, DAY, "run")
    assert capture.ref is not None
    ((ref, response),) = iter_captures(it.store.get(capture.ref.key), capture.ref.key)
    assert (ref, response.body, response.received_at) == (capture.ref, page(1), at(23.5))
    assert capture.link.via == ("cc_news",)
    assert capture.link.published_hint == at(8)
    assert capture.link.copies[0].ours


def test_a_file_is_read_once(archive: Archive) -> None:
    path = archive.add_news(FILE, [kept(1)])
    it = desk(archive)
    first = harvest(it, path)
    asked = len(archive.asked)
    assert harvest(it, path) == first
    assert len(archive.asked) == asked


SAYS_NO = {
    "a header line": {"headers": (("X-Robots-Tag", "noai"), ("TDM-Reservation", "1"))},
    "a meta element": {
        "body": page(1).replace(b"<head>", b'<head><meta name="robots" content="noai">')
    },
}


@pytest.mark.parametrize("changes", SAYS_NO.values(), ids=SAYS_NO)
@pytest.mark.parametrize("obeyed", [(False, False), (False, True), (True, True), (True, False)])
def test_a_wish_not_to_be_mined_is_recorded_and_obeyed_where_a_source_says_so(
    archive: Archive, changes: dict[str, Any], obeyed: tuple[bool, bool]
) -> None:
    """Whether it was obeyed at the harvest, and at the run of the day."""
    path = archive.add_news(FILE, [kept(1, **changes), kept(2)])
    at_harvest, at_run = (paper(fetch={"obey_opt_out": obey}) for obey in obeyed)
    it = desk(archive, None, at_harvest)
    assert harvest(it, path)["pages"] == 2 - obeyed[0]
    files = [info.key for info in it.store.list(f"{LAYOUT.env}/raw/")]
    urls = {x.url for key in files for _, x in iter_captures(it.store.get(key), key)}
    assert (f"{HOME}1" in urls) is not obeyed[0]

    it = desk(archive, it.store, at_run)
    became = run_of_the_day(it)
    other = became.pop(f"{HOME}2")
    assert (other.fate, other.opt_out) == (None, ())
    if obeyed == (True, False):  # it was not kept: the day knows nothing of it
        assert became == {}
        return
    (capture,) = became.values()
    assert "noai" in capture.opt_out
    assert (capture.fate, capture.reason) == (
        ("refused", "opt_out") if at_run.fetch.obey_opt_out else (None, None)
    )
    assert (capture.ref is None) is obeyed[1]


def run_of_the_day(it: Desk) -> dict[str, Capture]:
    """What became of the links that the landed pages give, by address; nobody is asked."""
    (source,) = it.sources.values()
    found = asyncio.run(Landed(read_landed(it.store, LAYOUT, DAY, "run")).find(source, DAY))
    plan = Plan(
        run=Run(DAY, "run", at(24.1)),
        discoveries=(Discovery(source.name, DAY, "landed", tuple(found.links)),),
        unchanged=(),
        shards=(tuple(found.links),),
    )
    it.store.put(LAYOUT.discovered(DAY, "run"), records.pack(plan))
    fetch(it, DAY, "run", 0)
    return {one.link.url: one for one in load_captures(it, DAY, "run", 0)}


OTHER = "https://www.other-post.example/world/the-ferry-number-"
THIRD = OTHER.replace("other", "third")


def papers(*names: str, **changes: Any) -> list[Source]:
    """The Harbour Post, and others that print the same stories."""
    made = [paper(**changes)]
    for name in names:
        domain = f"{name}-post.example"
        home = f"https://www.{domain}/"
        made.append(
            paper(name=f"{name}_post", home=home, domains=(domain,), discover={"feeds": ()})
        )
    return made


@pytest.fixture
def shared(archive: Archive) -> str:
    """A file with three pages of each of three papers, in turn."""
    pages = [kept(n, url=f"{home}{n}") for n in range(3) for home in (HOME, OTHER, THIRD)]
    return archive.add_news(FILE, pages)


def test_a_file_is_read_again_for_a_paper_that_came_later_and_for_it_alone(
    archive: Archive, shared: str
) -> None:
    it = desk(archive)
    assert harvest(it, shared)["pages"] == 3
    before = {info.key for info in it.store.list(LAYOUT.everything())}
    both = desk(archive, it.store, *papers("other"))
    assert harvest(both, shared)["pages"] == 6
    assert landed(both) == sorted(f"{home}{n}" for home in (HOME, OTHER) for n in range(3))
    new = [info.key for info in it.store.list(LAYOUT.everything()) if info.key not in before]
    (raw,) = (key for key in new if "/raw/" in key)
    urls = [response.url for _, response in iter_captures(it.store.get(raw), raw)]
    assert urls == [f"{OTHER}{n}" for n in range(3)]
    asked = len(archive.asked)
    for again in (both, desk(archive, it.store), desk(archive, it.store, papers("other")[1])):
        harvest(again, shared)
    assert len(archive.asked) == asked
    assert {info.key for info in it.store.list(LAYOUT.everything())} == before | set(new)


@pytest.mark.parametrize(
    ("changes", "read_again"),
    [
        ({"urls": {"article": ("^/(?P<section>world)/",)}}, True),
        ({"domains": ("harbour-post.example", "harbour.example")}, True),
        ({"fetch": {"obey_opt_out": True}}, True),
        ({"discover": {"feeds": (f"{HOME}rss/other",)}}, False),
        ({"title": "The Post"}, False),
    ],
)
def test_a_file_is_read_again_when_a_paper_would_have_other_pages_of_it(
    archive: Archive, shared: str, changes: dict[str, Any], read_again: bool
) -> None:
    store = MemoryStore()
    harvest(desk(archive, store), shared)
    asked = len(archive.asked)
    harvest(desk(archive, store, paper(**changes)), shared)
    assert (len(archive.asked) > asked) is read_again


@pytest.mark.faults
@pytest.mark.parametrize("second", range(0, 9, 2))
@pytest.mark.parametrize("first", range(0, 9, 2))
def test_whatever_is_killed_every_paper_gets_all_its_pages(
    archive: Archive, shared: str, monkeypatch: pytest.MonkeyPatch, first: int, second: int
) -> None:
    """Two tries with other papers each may die at some write; the last one makes all good."""
    monkeypatch.setattr(sifting, "PART_BYTES", 2_000)
    monkeypatch.setattr(news, "CHUNK", 1_500)
    store = Dying()
    one, other, third = papers("other", "third")
    for writes, chosen in ((first, [one, other]), (second, [other, third])):
        store.left = writes
        with suppress(StoreError):
            harvest(desk(archive, store, *chosen), shared)
    store.left = 10**9
    it = desk(archive, store, one, other, third)
    harvest(it, shared)
    assert set(landed(it)) == {f"{home}{n}" for home in (HOME, OTHER, THIRD) for n in range(3)}
    asked = len(archive.asked)
    harvest(it, shared)
    assert len(archive.asked) == asked


class Dying(MemoryStore):
    """A store that fails at its n-th write."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 10**9

    def put_if_absent(self, key: str, body: bytes, **options: str) -> bool:
        self.left -= 1
        if self.left < 0:
            raise StoreError(key, "gone")
        return super().put_if_absent(key, body, **options)


@pytest.mark.faults
@pytest.mark.parametrize("writes", range(9))
def test_a_killed_task_goes_on_where_its_last_part_was_landed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    monkeypatch.setattr(sifting, "PART_BYTES", 2_000)
    monkeypatch.setattr(news, "CHUNK", 1_500)
    path = archive.add_news(FILE, [kept(n) for n in range(6)])
    store = Dying()
    it = desk(archive, store)
    store.left = writes
    with pytest.raises(StoreError):
        harvest(it, path)
    store.left = 10**9
    asked = len(archive.asked)
    assert harvest(it, path)["pages"] == 6
    assert len({*landed(it)}) == 6
    ranges = [said for _, said in archive.asked[asked:]]
    assert (ranges[0] == "bytes=0-1499") == (writes < 3)  # a part is three writes
    for capture in read_landed(store, LAYOUT, DAY, "run"):
        assert capture.ref is not None
        found = dict(iter_captures(store.get(capture.ref.key), capture.ref.key))
        assert found[capture.ref].final_url == capture.link.url


def test_broken_records_cost_themselves_alone(archive: Archive) -> None:
    captures = [kept(n) for n in range(5)]
    path = archive.add_news(FILE, captures)
    body = bytearray(archive.files[path])
    _, places = warc_file(captures)
    offset, length = places[2]
    for spot in range(offset + 40, offset + length - 8, 7):
        body[spot] ^= 0xFF
    archive.files[path] = bytes(body[: places[4][0] + places[4][1] - 40])  # and the last one is cut
    it = desk(archive)
    done = harvest(it, path)
    assert landed(it) == [f"{HOME}{n}" for n in (0, 1, 3)]
    assert done["corrupt"] == 2


def test_a_server_in_trouble_is_asked_again_and_a_dead_one_named(archive: Archive) -> None:
    path = archive.add_news(FILE, [kept(1)])
    archive.troubles = {"/crawl-data": [503]}
    it = desk(archive)
    assert harvest(it, path)["pages"] == 1
    archive.troubles = {"/crawl-data": [503, 503]}
    with pytest.raises(FetchError, match="the archive answers 503"):
        harvest(desk(archive), path)


def test_only_paths_of_the_crawl_are_read(archive: Archive) -> None:
    with pytest.raises(SettingsError, match="is no file of CC-NEWS"):
        harvest(desk(archive), "crawl-data/../secret.warc.gz")


def listed_files(it: Desk, first: dt.date, last: dt.date) -> list[str]:
    return [file for batch in harvest_files(it, first, last)["batches"] for file in batch]


@pytest.mark.parametrize(("files", "most"), [(0, 0), (1, 1), (200, 1), (1_001, 6)])
def test_a_task_takes_one_file_unless_they_are_many(
    archive: Archive, files: int, most: int
) -> None:
    for number in range(files):
        archive.add_news(f"CC-NEWS-20260115120000-{number:05d}", [])
    batches = harvest_files(desk(archive), DAY, DAY)["batches"]
    assert len(batches) <= 200
    assert max(map(len, batches), default=0) == most
    assert sum(map(len, batches)) == files


def test_a_file_that_cannot_be_had_stops_no_other(archive: Archive) -> None:
    paths = [archive.add_news(f"{FILE[:-1]}{n}", [kept(n)]) for n in range(4)]
    for lost in (paths.pop(0), paths.pop(1)):
        del archive.files[lost]
    it = desk(archive)
    with pytest.raises(FetchError, match="2 files cannot be had: .*00040.* answers 404"):
        harvest_batch(it, [f"{paths[0][:-9]}{n}.warc.gz" for n in range(4)])
    assert landed(it) == [f"{HOME}1", f"{HOME}3"]
    assert harvest_batch(it, paths) == {"records": 2, "pages": 2, "corrupt": 0}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # those that began up to 24 hours before the first day, to the end of the day after the last
        ("2026-01-15", "2026-01-15", ["0114", "0115", "0116"]),
        ("2026-01-31", "2026-01-31", ["0130", "0131", "0201"]),
        ("2026-02-28", "2026-03-01", ["0227", "0228", "0301", "0302"]),
    ],
)
def test_a_range_needs_the_files_around_it_too(
    archive: Archive, first: str, last: str, expected: list[str]
) -> None:
    start = dt.datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    for day in range(70):
        archive.add_news(f"CC-NEWS-{start + dt.timedelta(days=day):%Y%m%d%H%M%S}-00001", [kept(1)])
    days = [dt.date.fromisoformat(text) for text in (first, last)]
    files = listed_files(desk(archive), *days)
    assert [file.partition("CC-NEWS-2026")[2][:4] for file in files] == expected


def test_an_empty_range_is_an_error(archive: Archive) -> None:
    with pytest.raises(SettingsError, match="holds no day"):
        harvest_files(desk(archive), DAY, DAY - dt.timedelta(days=1))


def test_a_list_longer_than_a_thousand_files_is_read_whole(archive: Archive) -> None:
    names = [f"CC-NEWS-20260115120000-{number:05d}" for number in range(1_001)]
    paths = [f"crawl-data/CC-NEWS/2026/01/{name}.warc.gz" for name in names]
    archive.files |= dict.fromkeys(paths, b"")
    assert listed_files(desk(archive), DAY, DAY) == paths


def test_a_month_without_a_list_has_no_files(archive: Archive) -> None:
    assert harvest_files(desk(archive), DAY, DAY) == {"batches": []}


def test_before_the_crawl_began_there_is_nothing_to_ask(archive: Archive) -> None:
    assert harvest_files(desk(archive), dt.date(2015, 1, 1), dt.date(2015, 3, 1)) == {"batches": []}
    assert archive.asked == []


def test_the_client_gives_no_more_than_a_chunk(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "CHUNK", 100)
    path = archive.add_news(FILE, [kept(n) for n in range(3)])
    it = desk(archive)

    async def asked() -> tuple[bytes, int]:
        async with it.archive_fetcher() as fetcher:
            archives = Archives(fetcher, it.archives)
            assert await news.files(archives, Window(at(0), at(24))) == [news.NewsFile.at(path)]
            assert await news.chunk(archives, news.NewsFile.at(path), 10**6) == (b"", 10**6)
            return await news.chunk(archives, news.NewsFile.at(path), 50)

    piece, size = asyncio.run(asked())
    assert (piece, size) == (archive.files[path][50:150], len(archive.files[path]))
