"""A source written down reads as the same source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.sources import PACKAGED, load_source, source_of
from newsdesk.sources.writing import as_toml

BARE = {
    "title": "The Paper",
    "home": "https://www.paper.example/",
    "domains": ["paper.example"],
    "language": "en",
}


def test_what_is_as_ever_is_not_written() -> None:
    text = as_toml(source_of(Path("the_paper.toml"), BARE))
    assert text == (
        'title = "The Paper"\nhome = "https://www.paper.example/"\n'
        'domains = ["paper.example"]\nlanguage = "en"\n'
    )


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_paper_reads_the_same(path: Path, tmp_path: Path) -> None:
    source = load_source(path)
    copy = tmp_path / path.name
    copy.write_text(as_toml(source), encoding="utf-8")
    assert load_source(copy) == source


@given(title=st.text(min_size=1), outlet=st.lists(st.text(min_size=1), max_size=3))
def test_any_text_comes_back(title: str, outlet: list[str]) -> None:
    import tomllib

    source = source_of(Path("the_paper.toml"), {**BARE, "title": title, "outlet_names": outlet})
    data = tomllib.loads(as_toml(source))
    assert (data["title"], data.get("outlet_names", [])) == (title, outlet)
