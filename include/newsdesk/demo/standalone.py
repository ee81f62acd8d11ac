"""Airflow on one machine: scheduler, API server and SQLite in a process group of their own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from newsdesk.embedded import HOST, end_group, free_port
from newsdesk.errors import NewsdeskError

ROOT = Path(__file__).resolve().parents[3]
"""The checkout: ``dags/`` and ``plugins/`` stand in it."""

_START_SECONDS = 180.0
_STOP_SECONDS = 20.0
_TASK_SECONDS = 5.0  # for a task to put away what it does; its rerun finds the rest
_USER = "admin"


class AirflowError(NewsdeskError):
    """Airflow did not start, or refused a request."""


class Standalone:
    """``airflow standalone`` for this checkout's DAGs.

    Args:
        home: Airflow's home folder, made when missing.
        environment: What the DAGs see beside the present environment.
        port: Port of UI and API on 127.0.0.1; ``None`` finds a free one.
    """

    def __init__(self, home: Path, environment: Mapping[str, str], port: int | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.user = _USER
        self.log = home / "standalone.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._token: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this Airflow."""
        passwords = self.home / "passwords.json"
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW__")},
            **self._environment,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{_USER}:admin",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT / "include"),
        }

    @property
    def password(self) -> str:
        """The password of ``user``, made when this home was first used."""
        passwords = self.home / "passwords.json"
        if not passwords.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            passwords.write_text(json.dumps({_USER: secrets.token_urlsafe(12)}))
            passwords.chmod(0o600)
        return str(json.loads(passwords.read_text())[_USER])

    def start(self) -> None:
        """Starts the processes; ``wait`` waits for them."""
        _ = self.password  # the file must stand before Airflow makes one of its own
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, no shell
                [str(Path(sys.executable).with_name("airflow")), "standalone"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.home,
                start_new_session=True,
            )

    def wait(self, dags: set[str]) -> None:
        """Waits until all parts are healthy and the DAGs are known.

        Raises:
            AirflowError: It ended, or was not ready in time.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise AirflowError("airflow standalone", f"ended at once; see {self.log}")
            try:
                parts = self.call("GET", "/monitor/health", login=False)
                healthy = all(
                    parts[part]["status"] == "healthy"
                    for part in ("metadatabase", "scheduler", "dag_processor")
                )
                if healthy and dags <= {d["dag_id"] for d in self.call("GET", "/dags")["dags"]}:
                    return
            except (AirflowError, OSError, ValueError):
                pass  # not listening yet
            time.sleep(0.5)
        raise AirflowError("airflow standalone", f"was not ready in time; see {self.log}")

    def stop(self) -> None:
        """Ends the whole group and the tasks that it runs, politely, then for good."""
        if self._process is not None:
            running = descendants(self._process.pid)  # nobody's children once the group is gone
            end_group(self._process, _STOP_SECONDS)
            end_processes(running, _TASK_SECONDS)
            self._process = None

    def __enter__(self) -> Self:
        """Starts it; ``wait`` is left to the caller."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops it."""
        self.stop()

    def call(self, method: str, path: str, body: object = None, *, login: bool = True) -> Any:
        """One request to the REST API.

        Args:
            method: HTTP method.
            path: Below ``/api/v2``.
            body: Sent as JSON.
            login: Whether the route wants a token.

        Returns:
            The answer's JSON.

        Raises:
            AirflowError: The API refused.
            OSError: Nobody listens.
        """
        headers = {"Content-Type": "application/json"}
        if login:
            headers["Authorization"] = f"Bearer {self._login()}"
        return self._request(method, f"/api/v2{path}", body, headers)

    def cli(self, *arguments: str) -> None:
        """One ``airflow`` command, its output added to the log.

        Raises:
            AirflowError: It failed.
        """
        with self.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603  # our own program, no shell
                [str(Path(sys.executable).with_name("airflow")), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.home,
                check=False,
            )
        if done.returncode:
            raise AirflowError(f"airflow {' '.join(arguments)}", f"failed; see {self.log}")

    def _login(self) -> str:
        if self._token is None:
            reply = self._request(
                "POST",
                "/auth/token",
                {"username": _USER, "password": self.password},
                {"Content-Type": "application/json"},
            )
            self._token = str(reply["access_token"])
        return self._token

    def _request(self, method: str, path: str, body: object, headers: dict[str, str]) -> Any:
        request = urllib.request.Request(  # noqa: S310  # always our own http address
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310  # as above
                text = reply.read()
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace")[:300]
            raise AirflowError(f"{method} {path}", f"{error.code} {detail}") from error
        return json.loads(text) if text else None


def descendants(pid: int) -> list[psutil.Process]:
    """The children of a process, theirs, and so on; each known by its start, not its pid alone.

    Every task of Airflow leads a process group of its own, which a signal to the scheduler's group
    does not reach.
    """
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def end_processes(processes: Iterable[psutil.Process], patience: float) -> None:
    """Ends some processes and their children; those that are gone are no error.

    Args:
        processes: Which.
        patience: Seconds between asking and killing.
    """
    left = {one for one in processes if lives(one)}
    left |= {child for one in left for child in descendants(one.pid)}
    for wish in ("terminate", "kill"):
        for one in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                getattr(one, wish)()
        deadline = time.monotonic() + patience
        while (left := set(filter(lives, left))) and time.monotonic() < deadline:
            time.sleep(0.05)


def lives(process: psutil.Process) -> bool:
    """Whether a process does anything; one that is only waited for by its parent does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
