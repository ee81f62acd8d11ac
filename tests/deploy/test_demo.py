"""The two things a newcomer runs: the demo, twice, and the house that stays up."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900)]


def newsdesk(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsdesk", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "NEWSDESK_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def first(home: Path) -> str:
    done = newsdesk(home, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_shows_two_complete_days(first: str) -> None:
    assert "Everything has been taken down" in first
    for part in ("Coverage", "Checks", "Refused", "Stories", "What to try"):
        assert part in first
    assert "consent_wall" in first
    assert "Nothing new was published" not in first


def test_what_it_published_can_be_asked_with_nothing_running(first: str, home: Path) -> None:
    done = newsdesk(home, "status", "--json")
    assert done.returncode == 0, done.stderr
    days = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(day["complete"] is True for day in days) == 2, days
    sql = "select count(*) as stories, count(distinct article_id) as different from news.articles"
    counted = json.loads(newsdesk(home, "query", "--json", sql).stdout)
    assert counted["stories"] == counted["different"] > 60
    loaded = newsdesk(
        home, "query", "--csv", "select count(*) from news.ledger where fate = 'failed'"
    )
    assert loaded.stdout.split() == ["count_star()", "0"]


def test_run_again_it_publishes_nothing_new(first: str, home: Path) -> None:
    sql = "select article_id, headline, published_at, captured_at from news.articles order by 1"
    before = newsdesk(home, "query", "--csv", sql).stdout
    again = newsdesk(home, "demo")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Nothing new was published" in again.stdout
    assert newsdesk(home, "query", "--csv", sql).stdout == before


def test_a_second_demo_beside_the_first_says_so(home: Path) -> None:
    with up(home) as text:
        assert "Ctrl-C" in text
        done = newsdesk(home, "demo")
    assert done.returncode == 2
    assert "another newsdesk uses this store" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_house_stays_up_until_it_is_stopped(home: Path) -> None:
    with up(home) as text:
        airflow, s3, paper = re.findall(r"http://127\.0\.0\.1:\d+", text)[:3]
        assert token(text)
        assert answers(paper)
        assert answers(s3)
        done = newsdesk(home, "query", "select 1 as one")  # beside it, on the running store
        assert done.returncode == 0, done.stderr
    assert not answers(airflow)
    assert not answers(s3)
    assert not answers(paper)


def test_stopped_while_tasks_run_it_leaves_none_of_them_behind(home: Path) -> None:
    with up(home) as text:
        # By itself it looks once in a quarter of an hour, which a test before may have seen.
        call(text, "/dags/watch_feeds/dagRuns", {"logical_date": None})
        deadline = time.monotonic() + 240
        while not running_tasks(text):
            assert time.monotonic() < deadline, "no task was started"
            time.sleep(0.2)
        assert processes(home)
    assert not processes(home)


def running_tasks(text: str) -> list[dict[str, Any]]:
    """The tasks that run now, in the Airflow that printed the text; none if it is too busy to say."""
    try:
        found = call(text, "/dags/~/dagRuns/~/taskInstances?state=running")
    except TimeoutError:
        return []
    tasks: list[dict[str, Any]] = found["task_instances"]
    return tasks


def call(text: str, path: str, body: object = None) -> Any:
    """A request to the API of the Airflow that printed the text."""
    airflow = re.findall(r"http://127\.0\.0\.1:\d+", text)[0]
    ask = urllib.request.Request(
        f"{airflow}/api/v2{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {token(text)}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(ask, timeout=20) as reply:
        return json.load(reply)


def token(text: str) -> str:
    """What its API lets in the user with that it printed."""
    airflow = re.findall(r"http://127\.0\.0\.1:\d+", text)[0]
    password = re.search(r"password (\S+)", text)
    assert password
    login = urllib.request.Request(
        f"{airflow}/auth/token",
        json.dumps({"username": "admin", "password": password[1]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(login, timeout=20) as reply:
        return str(json.load(reply)["access_token"])


def processes(home: Path) -> list[psutil.Process]:
    """Whatever lives of this house's Airflow."""
    found = []
    for process in psutil.process_iter():
        try:
            theirs = process.environ().get("AIRFLOW_HOME") == str(home / "airflow")
            if theirs and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@contextmanager
def up(home: Path) -> Iterator[str]:
    """Runs ``newsdesk up`` until the block ends, then presses Ctrl-C; gives what it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsdesk", "up"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield printed
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(60) == 0
        except subprocess.TimeoutExpired:
            process.terminate()  # with all that it has started
            process.wait(60)
            raise
        finally:
            process.kill()
            if process.stdout is not None:
                process.stdout.close()


def answers(address: str) -> bool:
    """Whether anything listens there; a stop may take a moment."""
    for _ in range(3):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            pass
        except OSError:
            return False
        else:
            return True
        time.sleep(0.2)
    return True
