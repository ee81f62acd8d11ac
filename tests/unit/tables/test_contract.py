"""The contract for programs: JSON Schemas that rows obey, and changes that would break readers."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from contracts.newsroom import DAY, PAPER, Newsroom, newsroom, run_of, story, url_of
from newsdesk import query
from newsdesk.article import Rejection
from newsdesk.tables import TABLES, contract
from newsdesk.tables.schema import ARTICLES, Column, TableShape

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "contract"
MADE = f"v{contract.MAJOR}"
MOOD = Column("mood", pa.string(), "Mood of the story.", "calm", "when unknown")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    made = newsroom(tmp_path_factory.mktemp("room"))
    one = story(1, lead_image=None, summary="Late.", modified_at=story(1).captured_at)
    refusal = Rejection(PAPER, url_of(9), one.captured_at, "soft_404", "", 1, "", one.capture)
    made.send(run_of("a"), [one, story(2)], rejections=[refusal])
    yield made
    made.warehouse.close()


@pytest.mark.parametrize("name", TABLES)
def test_rows_as_they_are_printed_obey_their_schema(room: Newsroom, name: str) -> None:
    schema = contract.json_schema(TABLES[name])
    Draft202012Validator.check_schema(schema)
    console = Console(file=io.StringIO())
    query.show(query.query(room.warehouse, f"FROM news.{name}"), console, form="json")
    rows = [json.loads(line) for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert rows
    for row in rows:
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
            row
        )
        for column in schema["required"]:
            broken = {k: v for k, v in row.items() if k != column}
            assert not Draft202012Validator(schema).is_valid(broken)


@pytest.mark.parametrize("name", TABLES)
def test_an_example_is_what_its_schema_describes(name: str) -> None:
    schema = contract.json_schema(TABLES[name])
    for column in schema["properties"].values():
        for example in column.get("examples", []):
            Draft202012Validator(
                column, format_checker=Draft202012Validator.FORMAT_CHECKER
            ).validate(example)


def test_a_row_that_breaks_its_schema_is_found() -> None:
    schema = contract.json_schema(TABLES["article_days"])
    good = {"article_id": "a" * 32, "published_day": f"{DAY}"}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert validator.is_valid({**good, "added later": 1})
    for bad in ({"article_id": None}, {"published_day": "15 January"}, {"article_id": 5}):
        assert not validator.is_valid({**good, **bad})


def test_the_committed_schemas_are_what_the_declarations_say() -> None:
    assert {path.stem for path in (FOLDER / MADE).glob("*.json")} == set(TABLES)
    for name, shape in TABLES.items():
        text = (FOLDER / MADE / f"{name}.json").read_text(encoding="utf-8")
        assert text == contract.as_text(contract.json_schema(shape)), (
            "run `python -m newsdesk.tables.contract docs/contract`"
        )


def test_what_was_promised_is_kept_and_what_is_new_is_promised() -> None:
    """Against a file that writing the schemas does not touch."""
    before = json.loads((FOLDER / "promised.json").read_text(encoding="utf-8"))
    assert set(before) == {f"{number}" for number in range(1, contract.MAJOR + 1)}
    for name, old in before[f"{contract.MAJOR}"].items():
        assert contract.breaking(old, contract.json_schema(TABLES[name])) == []
    now = {name: contract.promised(contract.json_schema(one)) for name, one in TABLES.items()}
    assert before[f"{contract.MAJOR}"] == now, (
        "run `python -m newsdesk.tables.contract --promise docs/contract`"
    )


def changed(which: str, **changes: Any) -> TableShape:
    columns = [replace(c, **changes) if c.name == which else c for c in ARTICLES.columns]
    return replace(ARTICLES, columns=tuple(columns))


def with_parts(name: str, *parts: Column) -> TableShape:
    return changed(name, parts=parts)


BYLINES = next(column for column in ARTICLES.columns if column.name == "bylines")
NAME, KIND, ROLE = BYLINES.parts


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (replace(ARTICLES, columns=ARTICLES.columns[1:]), "article_id is gone or renamed"),
        (changed("headline", name="title"), "headline is gone or renamed"),
        (changed("word_count", type=pa.string()), "word_count is string, was int"),
        (changed("published_at", type=pa.date32()), "published_at is date, was timestamptz"),
        (changed("topics", kind="plain"), "topics is string, was list<string>"),
        (changed("headline", null="when unknown"), "headline may be null now"),
        (changed("summary", null=None), "summary is never null now"),
        (
            replace(ARTICLES, columns=(*ARTICLES.columns, replace(MOOD, null=None))),
            "mood is new and is never null, but rows written before have none",
        ),
        (with_parts("bylines", NAME, KIND), "bylines.role is gone or renamed"),
        (
            with_parts("bylines", NAME, replace(KIND, type=pa.int32(), example="1"), ROLE),
            "bylines.kind is int, was string",
        ),
        (
            with_parts("bylines", NAME, MOOD, KIND, ROLE),
            "bylines.mood stands between parts that were there before",
        ),
        (
            replace(ARTICLES, key=("article_id", "source")),
            "the key is article_id, source, was article_id",
        ),
    ],
    ids=lambda value: value.replace(" ", "_")[:40] if isinstance(value, str) else "",
)
def test_a_change_that_breaks_readers_is_named(shape: TableShape, told: str) -> None:
    found = contract.breaking(contract.json_schema(ARTICLES), contract.json_schema(shape))
    assert told in found


@pytest.mark.parametrize(
    "shape",
    [
        ARTICLES,
        replace(ARTICLES, columns=(*ARTICLES.columns, MOOD)),
        replace(ARTICLES, columns=(MOOD, *ARTICLES.columns)),
        with_parts("bylines", NAME, KIND, ROLE, MOOD),
        changed("word_count", type=pa.int64()),
        changed("headline", doc="The headline.", example="Rain"),
        replace(ARTICLES, doc="Another sentence.", sort=("article_id",)),
    ],
)
def test_a_change_that_breaks_nobody_is_let_through(shape: TableShape) -> None:
    assert contract.breaking(contract.json_schema(ARTICLES), contract.json_schema(shape)) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``docs/contract`` with all tables promised and written."""
    (tmp_path / "promised.json").write_text('{"1": {}}')
    contract.promise(tmp_path)
    contract.write(tmp_path)
    return tmp_path


def held(folder: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.json")}


@pytest.mark.parametrize("make", [contract.write, contract.promise])
@pytest.mark.parametrize("written", [True, False])
def test_a_breaking_change_is_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, make: Any, written: bool
) -> None:
    if not written:  # whoever removes the schema has still promised it
        (folder / MADE / "articles.json").unlink()
    before = held(folder)
    monkeypatch.setitem(TABLES, "articles", changed("headline", name="title"))
    with pytest.raises(ValueError, match="version 1 of the contract would break: articles: headl"):
        make(folder)
    assert held(folder) == before


def test_a_breaking_change_takes_a_version_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = held(folder)
    monkeypatch.setitem(TABLES, "articles", changed("headline", name="title"))
    monkeypatch.setattr(contract, "MAJOR", 2)
    with pytest.raises(ValueError, match="nothing is promised of version 2"):
        contract.write(folder)
    contract.promise(folder)
    assert len(contract.write(folder)) == len(TABLES)
    second = held(folder)
    assert {path: second[path] for path in first if path.parent.name == "v1"} == {
        path: text for path, text in first.items() if path.parent.name == "v1"
    }
    promises = [json.loads(one[folder / "promised.json"]) for one in (first, second)]
    assert promises[0]["1"] == promises[1]["1"]
    assert "title" in promises[1]["2"]["articles"]["properties"]


def test_what_is_new_is_promised_once_somebody_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "promised.json").read_text(encoding="utf-8")
    monkeypatch.setitem(TABLES, "articles", replace(ARTICLES, columns=(*ARTICLES.columns, MOOD)))
    contract.write(folder)
    assert (folder / "promised.json").read_text(encoding="utf-8") == before
    contract.promise(folder)
    monkeypatch.setitem(TABLES, "articles", ARTICLES)
    with pytest.raises(ValueError, match="articles: mood is gone or renamed"):
        contract.write(folder)


@pytest.mark.parametrize("make", [contract.write, contract.promise])
def test_without_the_promises_nothing_is_written(folder: Path, make: Any) -> None:
    (folder / "promised.json").unlink()
    with pytest.raises(ValueError, match=r"promised\.json is missing"):
        make(folder)
    (folder / "promised.json").write_text("{}")
    with pytest.raises(ValueError, match="nothing is promised of version 1"):
        make(folder)


def test_a_table_that_is_gone_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: shape for name, shape in TABLES.items() if name != "checks"}
    monkeypatch.setattr(contract, "TABLES", left)  # what is put back into a dict is its last
    with pytest.raises(ValueError, match="checks: the table is gone"):
        contract.write(folder)


def test_from_a_shell(folder: Path) -> None:
    command = [sys.executable, "-m", "newsdesk.tables.contract"]
    for more in ([], ["--promise"]):
        done = subprocess.run([*command, *more, folder], check=True, capture_output=True)
        assert done.stderr == b""
    (folder / "promised.json").write_text('{"1": {"gossip": {}}}')
    done = subprocess.run([*command, folder], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("gossip: the table is gone")
    assert len(done.stderr.splitlines()) == 1
