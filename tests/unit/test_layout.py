from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.layout import Layout, run_slug

DAY = dt.date(2026, 2, 28)
LAYOUT = Layout("prod")
SAFE = re.compile(r"[a-z0-9._/-]+")


@given(run_id=st.text(max_size=300), shard=st.integers(0, 9999), part=st.integers(0, 9999))
def test_no_run_id_ever_shapes_a_key(run_id: str, shard: int, part: int) -> None:
    for key in (
        LAYOUT.raw(DAY, run_id, shard, part),
        LAYOUT.discovered(DAY, run_id),
        LAYOUT.capture_part(DAY, run_id, shard, part),
        LAYOUT.reading(DAY, run_id, shard),
        LAYOUT.verdict(DAY, run_id),
        LAYOUT.published(DAY, run_id),
        LAYOUT.docs(DAY, run_id),
    ):
        assert SAFE.fullmatch(key)
        assert ".." not in key
        assert key.startswith("prod/")


def test_keys_stand_under_their_prefixes() -> None:
    look = LAYOUT.look(dt.datetime(2026, 2, 28, 7, 5, 3, 21, dt.UTC), 2)
    assert look == "prod/looks/2026-02-28/070503000021-0002.json.zst"
    assert look.startswith(LAYOUT.looks(DAY))
    assert LAYOUT.capture_part(DAY, "r", 1, 2).startswith(LAYOUT.captures(DAY, "r", 1))
    assert LAYOUT.blocked_rows(DAY, "ab").startswith(LAYOUT.blocked(DAY))


def test_runs_do_not_share_keys() -> None:
    assert run_slug("manual__1") != run_slug("manual__2")


@pytest.mark.parametrize("env", ["", "Prod", "a/b", "..", "-x", "x" * 33])
def test_an_environment_is_one_plain_segment(env: str) -> None:
    with pytest.raises(ValueError, match="environment"):
        Layout(env)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/index.html",
        "runs.json",
        "../current/articles.json",
        "2026-02-28/0123456789abcdef/../../index.html",
        "2026-02-28/0123456789abcdef/Index.html",
        "2026-02-28/0123456789ABCDEF/index.html",
        "2026-02-28/index.html",
        "index.html\n",
    ],
)
def test_only_pages_of_the_data_docs_have_a_key(path: str) -> None:
    with pytest.raises(ValueError, match="is no page of the Data Docs"):
        LAYOUT.docs_page(path)


def test_pages_of_the_data_docs_stand_where_their_path_says() -> None:
    page = LAYOUT.docs(DAY, "manual__1", "harbour_post")
    assert page == f"prod/docs/2026-02-28/{run_slug('manual__1')}/harbour_post.html"
    assert LAYOUT.docs_page(page.removeprefix("prod/docs/")) == page
    assert LAYOUT.docs_page("index.html") == LAYOUT.docs_index()
