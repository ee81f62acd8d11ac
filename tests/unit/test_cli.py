"""The command line: usage, exit status, and errors of one line that name their subject."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsdesk import __version__
from newsdesk.__main__ import main
from newsdesk.sources import PACKAGED

PAPER = """
title = "The Harbour Post"
home = "https://www.harbour-post.example/"
domains = ["harbour-post.example"]
language = "en"
time_zone = "Europe/Istanbul"

[discover]
feeds = ["https://www.harbour-post.example/rss"]

[[reading]]
headline = ["h1.title"]
"""


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("NEWSDESK_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one more paper."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "harbour_post.toml").write_text(PAPER)
    monkeypatch.setenv("NEWSDESK_SOURCES", str(folder))
    return folder


def ended(*arguments: str) -> int:
    """Exit status of a command, also where argparse ends it."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else -1


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("newsdesk: ")
    assert shown.err.count("\n") == 1
    return shown.err.strip()


COMMANDS = [
    "read",
    "sources",
    "sources check",
    "sources add",
    "plan",
    "status",
    "query",
    "erase",
    "export",
    "release",
    "reread",
    "revisions",
    "upkeep",
    "demo",
    "up",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*command.split(), "--help") == 0
    help_ = capsys.readouterr().out
    assert re.search(r"example:\n  newsdesk " + command, help_)


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--help") == 0
    help_ = capsys.readouterr().out
    assert set(re.findall(r"^    (\w+)\s", help_, re.MULTILINE)) == {c.split()[0] for c in COMMANDS}


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--version") == 0
    assert capsys.readouterr().out == f"newsdesk {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "COMMAND"),
        ("publish", "invalid choice: 'publish'"),
        ("sources", "ACTION"),
        ("sources look", "invalid choice: 'look'"),
        ("read", "a page needs its address: PAGE.html --url URL"),
        ("read page.html", "a page needs its address: PAGE.html --url URL"),
        ("read page.html --url https://a.example/x --at noon", "'noon' is no time in ISO 8601"),
        ("read --batch in.jsonl", "--batch IN.jsonl goes with --out OUT.jsonl"),
        ("read page.html --batch in.jsonl --out out.jsonl", "without a page"),
        ("status --from 2026-02-30", "'2026-02-30' is no day such as 2026-01-31"),
        ("status --from 0001-01-05", "is no day of 1990 to 2100"),
        ("read page.html --url https://a.example/x --at 0001-01-01T00:00:00+14:00", "is no time"),
        ("sources add paper.example", "paper.example: expected an http(s) address"),
        ("sources add https://", "expected an http(s) address"),
        ("query", "SQL"),
        ("query x --json --csv", "not allowed with argument --json"),
    ],
)
def test_wrong_usage_is_status_2(
    arguments: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*arguments.split()) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err


@pytest.mark.parametrize("command", [["status"], ["query", "select 1"]])
def test_without_settings_and_demo_it_says_what_is_missing(
    command: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ended(*command) == 2
    error = one_line(capsys)
    assert error.startswith("newsdesk: NEWSDESK_S3_BUCKET: is not set")
    assert str(tmp_path / ".newsdesk") in error


def test_half_of_the_settings_names_the_other_half(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_S3_BUCKET", "papers")
    assert ended("status") == 2
    assert "NEWSDESK_CATALOG_URI: is not set" in one_line(capsys)


@pytest.mark.parametrize("name", ["NEWSDESK_S3_ENDPOINT", "NEWSDESK_CATALOG_URI", "NEWSDESK_ENV"])
def test_who_names_a_place_of_work_is_not_shown_the_demo(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".newsdesk").mkdir()
    (tmp_path / ".newsdesk/catalog.db").touch()
    monkeypatch.setenv(name, "https://s3.example.com")
    assert ended("status") == 2
    assert "NEWSDESK_S3_BUCKET: is not set" in one_line(capsys)


def test_a_catalog_that_cannot_be_opened_is_named_without_any_keys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSDESK_S3_BUCKET", "papers")
    monkeypatch.setenv("NEWSDESK_CATALOG_URI", f"sqlite:///{tmp_path}/none/catalog.db")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-secret")
    assert ended("status") == 2
    error = one_line(capsys)
    assert str(tmp_path / "none") in error
    assert "canary-secret" not in error


# -- sources check ----------------------------------------------------------------------------


def test_the_packaged_papers_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("sources", "check") == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    names = [line.partition(":")[0] for line in shown.out.splitlines()]
    assert names == sorted(path.stem for path in PACKAGED.glob("*.toml"))
    assert "daily_sabah" in names


def test_a_good_paper_is_told_in_one_line(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("harbour_post", str(papers / "harbour_post.toml")):
        assert ended("sources", "check", name) == 0
        shown = capsys.readouterr()
        assert shown.out == (
            "harbour_post: good (1 feeds, 0 news sitemaps, 0 archive sitemaps, 0 sections, "
            "Europe/Istanbul)\n"
        )
        assert shown.err == ""


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("[discover]", "[discover", "not TOML: "),
        ('language = "en"', "", "language: is missing"),
        ('language = "en"', 'language = "english"', "language: expected two lower-case letters"),
        ("Europe/Istanbul", "Istanbul", "time_zone: expected an IANA time zone"),
        ("feeds =", "feed =", "discover.feed: no such key; did you mean feeds?"),
        ("https://www.harbour-post.example/rss", "rss", "discover.feeds.0: expected an http(s)"),
        ("h1.title", "h1[", "reading.0.headline: not a CSS selector: 'h1['"),
    ],
)
def test_a_malformed_paper_names_file_key_and_what_was_expected(
    papers: Path, capsys: pytest.CaptureFixture[str], was: str, becomes: str, says: str
) -> None:
    file = papers / "harbour_post.toml"
    assert was in PAPER
    file.write_text(PAPER.replace(was, becomes))
    assert ended("sources", "check", "harbour_post") == 1
    error = one_line(capsys)
    assert error.startswith(f"newsdesk: {file}: ")
    assert says in error


def test_one_bad_paper_hides_no_other(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (papers / "a_bad_one.toml").write_text("title = 7")
    assert ended("sources", "check") == 1
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert "a_bad_one.toml" in shown.err
    assert "harbour_post: good" in shown.out


def test_a_name_that_no_file_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("sources", "check", "no_such_post") == 2
    assert one_line(capsys) == "newsdesk: no_such_post: no source file of that name"


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("sources", "check", "papers/none.toml") == 2
    assert one_line(capsys) == "newsdesk: papers/none.toml: no such file"


def test_a_folder_that_is_not_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_SOURCES", "/no/such/folder")
    assert ended("sources", "check") == 2
    assert one_line(capsys) == "newsdesk: /no/such/folder: no such folder of sources"


# -- as a program -----------------------------------------------------------------------------

ENVIRONMENT = {"PYTHONPATH": str(PACKAGED.parents[1]), "PATH": os.environ.get("PATH", "")}


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "newsdesk", "sources", "check"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        check=False,
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")


def test_usage_costs_no_heavy_imports() -> None:
    code = (
        "import json, sys\nfrom newsdesk.__main__ import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert not modules & {"pyarrow", "pydantic", "boto3", "rich", "lxml", "duckdb", "pyiceberg"}


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_released_without_a_reason(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("release", "2026-01-15", "--reason", text) == 2
    assert "must not be empty" in capsys.readouterr().err
    assert ended("release", "2026-01-15") == 2


def test_a_page_needs_an_address_that_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<h1>Rain</h1>")
    assert ended("read", str(page), "--url", "notaurl") == 2
    assert "--url notaurl: expected an http(s) address" in capsys.readouterr().err
