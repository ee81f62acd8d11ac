from __future__ import annotations

import pytest

from newsdesk.quality.junk import is_junk, junk_name, own_names
from newsdesk.sources import Source

PAPER = Source(
    name="harbour_post",
    title="The Harbour Post",
    home="https://harbour-post.example/",
    domains=("harbour-post.example",),
    language="en",
    outlet_names=("HP Sunday",),
)
OWN = own_names(PAPER)


@pytest.mark.parametrize(
    "name",
    [
        "ada.moss@post.example",
        "https://post.example/ada",
        "www.post.example",
        "2026-01-15",
        "Jan 13, 2022 - 1:52 pm GMT+3",
        "15 January 2026",
        "15 Ocak 2026",
        "",
        "  ",
    ],
)
@pytest.mark.parametrize("kind", ["person", "agency", "desk", "outlet"])
def test_an_address_or_a_date_is_nobody(name: str, kind: str) -> None:
    assert is_junk(name, kind, OWN)


@pytest.mark.parametrize(
    "name",
    [
        "The Harbour Post",
        "HARBOUR-POST.example",
        "HP Sunday",
        "@adamoss",
        "Ada 12:30",
        "Moss 2024",
        "moss.com",
    ],
)
def test_the_paper_a_handle_or_a_number_is_no_person(name: str) -> None:
    assert is_junk(name, "person", OWN)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The Harbour Post", "outlet"),
        ("Ada Moss", "person"),
        ("April May", "person"),
        ("Ömer Çelik-Şahin", "person"),
        ("محمد علي", "person"),
        ("김민수", "person"),
        ("Agence 24", "agency"),
        ("Reuters", "agency"),
        ("Web.de", "agency"),
    ],
)
def test_names_are_names(name: str, kind: str) -> None:
    assert not is_junk(name, kind, OWN)


def test_the_first_junk_name_is_told() -> None:
    line = [("Ada Moss", "person"), ("ada@post.example", "desk"), ("2026-01-15", "desk")]
    assert junk_name(line, OWN) == "ada@post.example"
    assert junk_name(line[:1], OWN) is None
    assert junk_name([(None, None)], OWN) == ""
