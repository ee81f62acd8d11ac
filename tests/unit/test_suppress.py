"""The list of what was erased."""

from __future__ import annotations

from contracts.memory_store import MemoryStore
from contracts.press import link
from newsdesk.layout import Layout
from newsdesk.suppress import Suppressed, hashed, suppress, suppressed
from newsdesk.tables.schema import ARTICLE_DAYS, ARTICLES

LAYOUT = Layout("test")


def listed(*names: str) -> Suppressed:
    store = MemoryStore()
    suppress(store, LAYOUT, names)
    return suppressed(store, LAYOUT)


def test_what_is_listed_stays_out_and_the_list_says_nothing_of_it() -> None:
    store = MemoryStore()
    one, other = link(1), link(2)
    suppress(store, LAYOUT, [one.article_id, one.url])
    suppress(store, LAYOUT, [one.url])
    out = suppressed(store, LAYOUT)
    assert out.links([one, other]) == (other,)
    assert out.has(None, one.url)
    assert not out.has(None, other.url)
    keys = [info.key for info in store.list("test/")]
    assert keys == sorted(f"test/suppressed/{hashed(name)}" for name in (one.article_id, one.url))
    assert {store.get(key) for key in keys} == {b"{}"}


def test_an_address_is_enough_to_know_a_link_or_a_row() -> None:
    one = link(1)
    assert listed(one.url).links([one]) == ()
    assert listed(one.article_id).links([one]) == ()
    rows = ARTICLES.loose.empty_table().select(["article_id", "url"]).slice(0)
    rows = rows.from_pydict({"article_id": ["a", "b", None], "url": ["x", "y", "z"]})
    assert listed("y").rows(rows)["article_id"].to_pylist() == ["a", None]
    assert listed("a", "z").rows(rows)["url"].to_pylist() == ["y"]


def test_without_anything_listed_or_named_rows_are_as_they_were() -> None:
    days = ARTICLE_DAYS.arrow.empty_table()
    assert listed("a").rows(days) is days
    rows = days.from_pydict({"source": ["a"]})
    assert listed("a").rows(rows) is rows
    assert Suppressed().rows(rows) is rows
