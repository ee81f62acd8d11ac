"""A PostgreSQL of a test's own, from Debian's programs, on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from newsdesk.embedded import free_port


def programs() -> Path:
    """Where Debian keeps the newest PostgreSQL's programs, which are not on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: p.parts[4])
    if not found:
        pytest.skip("PostgreSQL is not installed: make proof-deps")
    return found[-1].parent


@contextmanager
def postgres(user: str, password: str | None = None) -> Iterator[str]:
    """Runs a server.

    Args:
        user: Its administrator.
        password: Asked of everybody if given; else nobody is asked.

    Yields:
        The address of its databases, without a name.
    """
    there = programs()
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-pg-"))  # its user must be able to enter
    secret = folder / "password"
    secret.write_text(password or "unused")
    who: dict[str, Any] = {}
    if os.getuid() == 0:  # it refuses to run as root
        owner = pwd.getpwnam("postgres")
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data, port = str(folder / "data"), free_port()
    asking = "scram-sha-256" if password else "trust"
    making = [str(there / "initdb"), "-D", data, "-U", user, f"--auth={asking}", "-E", "UTF8"]
    making += [f"--pwfile={secret}", "--locale=C", "--no-sync"]
    subprocess.run(making, check=True, capture_output=True, **who)
    running = subprocess.Popen(
        [
            *(str(there / "postgres"), "-D", data, "-k", str(folder), "-p", str(port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "timezone=Asia/Tokyo"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **who,
    )
    login = f"{user}:{password}" if password else user
    address = f"postgresql://{login}@127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                psycopg.connect(f"{address}/postgres").close()
                break
            except psycopg.OperationalError:
                time.sleep(0.05)
        yield address
    finally:
        running.send_signal(signal.SIGINT)  # a fast shutdown: it waits for nobody
        running.wait(30)
        shutil.rmtree(folder)
