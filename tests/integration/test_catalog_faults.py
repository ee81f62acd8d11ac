"""A catalog's database that is restarted in the middle of a commit."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from contracts.newsroom import Newsroom, newsroom
from contracts.postgres import postgres, programs
from contracts.publisher import send
from newsdesk.connections import open_warehouse
from newsdesk.errors import CatalogError
from newsdesk.layout import Layout

if TYPE_CHECKING:
    from conftest import Lake

pytestmark = [pytest.mark.integration, pytest.mark.faults]


class Database:
    """A server that can be pulled from under its clients."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/postgres"
        with psycopg.connect(self.address) as connection:
            self._folder = connection.execute("SHOW data_directory").fetchone()[0]  # type: ignore[index]  # a setting has a value

    def restart(self) -> None:
        self._control("restart", "-m", "immediate", "-w")

    def stop(self) -> None:
        self._control("stop", "-m", "fast", "-w")

    def _control(self, *words: str) -> None:
        who: dict[str, Any] = {}
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        subprocess.run(
            [str(programs() / "pg_ctl"), "-D", self._folder, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **who,
        )


@pytest.fixture
def database() -> Iterator[Database]:
    with postgres("newsdesk") as address:
        running = Database(address)
        yield running
        running.stop()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_restarted_in_the_middle_of_a_commit_the_task_fails_and_its_repetition_is_right(
    lake: Lake,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    address = database.address.replace("postgresql://", "postgresql+psycopg2://")
    settings = replace(lake.settings, catalog_uri=address)
    room = Newsroom(open_warehouse(settings), lake.store, Layout(settings.env))
    clean = newsroom(tmp_path)
    for one in (room, clean):
        send(one, 0)
    commit_table, commit = SqlCatalog.commit_table, Session.commit
    armed, restarts = [False], []

    def commits(catalog: Any, table: Any, *given: Any) -> Any:
        armed[0] = table.name()[-1] == "articles" and not restarts
        return commit_table(catalog, table, *given)

    def pulled(session: Any) -> None:
        if not armed[0]:
            commit(session)
            return
        armed[0] = False
        restarts.append(moment)
        if moment == "after":  # it was done, but the client does not hear of it
            commit(session)
        database.restart()
        if moment == "after":
            raise OperationalError("COMMIT", None, Exception("the server closed the connection"))
        commit(session)

    with monkeypatch.context() as patch:
        patch.setattr(SqlCatalog, "commit_table", commits)
        patch.setattr(Session, "commit", pulled)
        with pytest.raises(CatalogError):
            send(room, 1)
    assert restarts == [moment]
    again, once = send(room, 1), send(clean, 1)
    assert [(c.day, c.rows, c.added, c.changed) for c in again.days] == [
        (c.day, c.rows, c.added, c.changed) for c in once.days
    ]
    assert room.facts() == clean.facts()
    for one in (room, clean):
        one.warehouse.close()
