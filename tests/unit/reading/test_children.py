"""Child processes: what ends one costs its page alone, and the reason is told."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

import pytest

from contracts.deeds import Deed, Note, Spin
from contracts.press import paper
from newsdesk.article import Page
from newsdesk.errors import NewsdeskError, SettingsError
from newsdesk.reading import children, read_page
from newsdesk.reading.child import Limits
from newsdesk.reading.children import PageWork, Readers, read_all, read_one

SHORT = Limits(cpu_seconds=1, wall_seconds=60)
AT = dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC)
STORY = (
    "<html><head><title>Ferry leaves early</title></head><body><article><h1>Ferry leaves early</h1>"
    "<time datetime='2026-01-15T08:00:00Z'>15 January 2026</time>"
    + "".join(
        f"<p>The ferry to the {place} left before dawn, and nobody was there to wave it off.</p>"
        for place in ("harbour", "island", "river mouth", "garden")
    )
    + "</article></body></html>"
)


def page(
    body: bytes = STORY.encode(), url: str = "https://harbour-post.example/world/ferry"
) -> Page:
    return Page(url=url, body=body, captured_at=AT)


def outcomes(*what: str, limits: Limits = SHORT, jobs: int = 1) -> list[str]:
    return list(read_all([Deed(one) for one in what], {}, jobs=jobs, limits=limits))


def test_a_page_reads_in_a_child_as_it_reads_here() -> None:
    source = paper()
    assert source.owns("https://harbour-post.example/world/ferry")
    here = read_page(page(), source, explain=True)
    (there,) = read_all([PageWork(page(), source.name, explain=True)], {source.name: source})
    assert there == here
    assert here.rejection is None
    assert read_one(page(), {source.name: source}, explain=True) == here


def test_one_child_serves_many_pages() -> None:
    said = outcomes(*["nothing"] * 5)
    assert len(set(said)) == 1
    assert said[0].startswith("read by ")
    assert said[0] != f"read by {os.getpid()}"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("raise", "reader_failed: ValueError: no such thing"),
        ("crash", "reader_killed: ended by SIGSEGV"),
        ("leave", "reader_killed: ended with status 3"),
        ("grow", "reader_memory: more than 440,000,000 bytes"),
    ],
)
def test_a_page_that_ends_its_reader_is_rejected_and_the_rest_go_on(what: str, reason: str) -> None:
    said = outcomes("nothing", what, "nothing", what)
    assert [said[1], said[3]] == [reason, reason]
    assert said[2].startswith("read by ")
    assert (said[0] == said[2]) == (what == "raise")  # only that child could go on


@pytest.mark.parametrize(
    ("what", "limits", "reason"),
    [
        ("hang", SHORT, "more than 1 seconds of processor time"),
        ("sleep", Limits(wall_seconds=0.5), "more than 0.5 seconds"),
    ],
)
def test_a_page_that_takes_too_long_is_rejected_and_the_rest_go_on(
    what: str, limits: Limits, reason: str
) -> None:
    said = outcomes(what, "nothing", limits=limits)
    assert said[0] == f"reader_timeout: {reason}"
    assert said[1].startswith("read by ")


def test_a_page_is_not_condemned_for_what_an_earlier_one_left_behind() -> None:
    work = [Note("x"), Deed("second"), Deed("nothing")]
    said = list(read_all(work, {}, limits=SHORT))
    assert said[:2] == ["noted", "second"]


def test_processor_time_is_counted_for_each_page_apart() -> None:
    spun = [Spin(0.4)] * 5  # together beyond what one may take
    assert set(read_all(spun, {}, limits=SHORT)) == {"spun"}


def test_results_keep_the_order_of_the_pages_whoever_is_first() -> None:
    what = ["sleep" if number == 3 else "sources" for number in range(12)]
    said = outcomes(*what, limits=Limits(wall_seconds=1), jobs=2)
    assert [one.startswith("reader_timeout") for one in said] == [w == "sleep" for w in what]


def test_pages_are_taken_as_they_are_needed() -> None:
    taken = 0

    def work() -> Iterator[Deed]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield Deed("sources")

    reading = read_all(work(), {}, jobs=2)
    assert [next(reading) for _ in range(3)] == ["", "", ""]
    assert taken <= 2 * children.AHEAD + 3
    reading.close()


def test_an_error_in_the_work_itself_is_raised_here() -> None:
    with pytest.raises(SettingsError, match=r"^page\.html: is not there$"):
        outcomes("nothing", "refuse", "nothing")


def test_nothing_to_read_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert outcomes() == []


def test_a_child_that_cannot_start_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_PROGRAM", "raise SystemExit(9)")
    with pytest.raises(
        NewsdeskError, match=r"^reading process: did not start: ended with status 9"
    ):
        outcomes("nothing")


def test_children_end_with_the_work() -> None:
    (said,) = outcomes("nothing")
    with pytest.raises(ProcessLookupError):
        os.kill(int(said.removeprefix("read by ")), 0)


def test_a_child_stays_for_the_next_batch_and_ends_with_its_readers() -> None:
    with Readers[str]({}) as readers:
        first = list(readers.read([Deed("nothing")]))
        assert list(readers.read([Deed("nothing")])) == first
    with pytest.raises(ProcessLookupError):
        os.kill(int(first[0].removeprefix("read by ")), 0)


def test_what_is_left_of_a_batch_is_not_heard_in_the_next() -> None:
    with Readers[str]({}) as readers:
        batch = readers.read(Deed(what) for what in ("nothing", "sources", "sources"))
        assert next(batch).startswith("read by ")
        batch.close()
        assert [one[:8] for one in readers.read([Deed("nothing")])] == ["read by "]


def test_a_child_gets_the_papers_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("NEWSDESK_CATALOG_URI", "postgresql://user:x@catalog/db")
    source = paper()
    assert list(read_all([Deed("sources")], {source.name: source})) == [source.name]
    (names,) = outcomes("environment")
    assert "PYTHONPATH" in names
    assert not any(word in names for word in ("AWS", "NEWSDESK", "SECRET", "AIRFLOW"))


@pytest.mark.parametrize("size", [31_000_000, 34_000_000])
def test_a_page_larger_than_any_story_is_rejected_by_its_size(size: int) -> None:
    reading = read_one(page(b"<p>" + b"x " * (size // 2)), {})
    assert reading.rejection is not None
    reasons = {
        31_000_000: {"reader_memory", "no_headline", "reader_timeout"},
        34_000_000: {"too_complex"},
    }
    assert reading.rejection.reason in reasons[size]
    assert reading.article.url == "https://harbour-post.example/world/ferry"
