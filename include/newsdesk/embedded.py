"""The embedded object store: SeaweedFS from its wheel, on 127.0.0.1, for demo, shell and tests.

``SeaweedFS(folder)`` is a context manager: inside it a real S3 server runs with its data in the
folder, with credentials, in a process group of its own; afterwards nothing of it runs. The
folder is locked, so that two of them never share data.

Its filer, master and volume ports ask for no credentials: it binds to 127.0.0.1 only, and is for
one person's machine. In production newsdesk talks to your own S3.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from newsdesk.errors import SettingsError, StoreError
from newsdesk.store import S3Server

HOST = "127.0.0.1"
_PORTS = 6  # S3, master, volume, filer, Iceberg, admin; gRPC takes each port + 10000
_HEALTH = ("healthz", "cluster/healthz", "healthz", "healthz")  # of the first four ports
_START_SECONDS = 60.0
_STOP_SECONDS = 4.0  # a client that keeps a connection open keeps it waiting; a kill loses nothing


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach an embedded store."""

    url: str
    bucket: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    @property
    def server(self) -> S3Server:
        """The same as every S3 server is told."""
        return S3Server(self.url, self.region, self.access_key, self.secret_key)


class SeaweedFS:
    """A SeaweedFS server over a folder.

    Args:
        folder: Where its data and log lie; made when missing.
        bucket: The bucket that exists when it is ready.
        access_key: Credentials; kept in the folder's own files by the server.
        secret_key: The other half.
        port: First of six ports to use; ``None`` finds free ones.

    Raises:
        StoreError: On entering, when the folder is in use or the server does not come up.
    """

    def __init__(
        self,
        folder: Path,
        *,
        bucket: str = "newsdesk",
        access_key: str = "newsdesk",
        secret_key: str = "newsdesk-local-only",  # noqa: S107  # a server for 127.0.0.1 alone
        port: int | None = None,
    ) -> None:
        self.folder = folder
        self._bucket = bucket
        self._keys = (access_key, secret_key)
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._sockets: list[Path] = []
        self.log = folder / "seaweedfs.log"

    def __enter__(self) -> Endpoint:
        """Starts the server and waits until the first write will be quick."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise StoreError(
                str(self.folder), "another newsdesk uses this store; stop it first"
            ) from error
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops the server and all it started."""
        self.stop()

    def stop(self) -> None:
        """Ends the server's process group: politely, then for good."""
        if self._process is not None:
            end_group(self._process, _STOP_SECONDS)
            self._process = None
        for path in self._sockets:  # it leaves them when it is ended
            path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _start(self) -> Endpoint:
        ports = [self._port] if self._port is not None else list(_free_blocks(5))
        for port in ports:
            if not _block_is_free(port):
                raise StoreError(
                    f"{HOST}:{port}", f"ports {port}-{port + _PORTS - 1} (and +10000) are taken"
                )
            if self._try(port):
                endpoint = Endpoint(f"http://{HOST}:{port}", self._bucket, *self._keys)
                _make_bucket(endpoint)
                return endpoint
        raise StoreError(str(self.folder), f"SeaweedFS did not become ready; see {self.log}")

    def _try(self, port: int) -> bool:
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        command = [
            weed(),
            f"-logdir={self.folder}",
            "mini",
            f"-dir={data}",
            f"-ip={HOST}",
            f"-ip.bind={HOST}",
            "-webdav=false",
            "-admin.ui=false",
            "-s3.port.lance=0",
            "-s3.allowDeleteBucketNotEmpty=false",
            f"-s3.port={port}",
            f"-master.port={port + 1}",
            f"-volume.port={port + 2}",
            f"-filer.port={port + 3}",
            f"-s3.port.iceberg={port + 4}",
            f"-admin.port={port + 5}",
        ]
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": self._keys[0],
            "AWS_SECRET_ACCESS_KEY": self._keys[1],
            "S3_BUCKET": self._bucket,
            "GOMEMLIMIT": "384MiB",
        }
        self._sockets = [
            Path("/tmp") / f"seaweedfs-{name}.sock"  # noqa: S108  # fixed in the program
            for name in (f"s3-{port}", f"s3-grpc-{port + 10_000}", f"admin-grpc-{port + 10_005}")
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own binary, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            # All four must answer, or the first PUT stalls for seconds.
            if all(_answers(port + n, path) for n, path in enumerate(_HEALTH)):
                return True
            time.sleep(0.05)
        end_group(self._process, _STOP_SECONDS)
        self._process = None
        return False


def weed() -> str:
    """Path of SeaweedFS's program.

    Raises:
        SettingsError: The wheel is not installed.
    """
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if not found:
        raise SettingsError("weed", "SeaweedFS is not installed: run `make install`")
    return found


def end_group(process: subprocess.Popen[bytes], patience: float) -> None:
    """Ends a process that leads its own group, with all its children.

    Args:
        process: Its leader, started with ``start_new_session=True``.
        patience: Seconds between asking and killing.
    """
    for wish in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + patience
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, wish)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        while _group_lives(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not _group_lives(process.pid):
            return


def _make_bucket(endpoint: Endpoint) -> None:
    """Makes the bucket unless it stands there.

    The server makes it by itself (``S3_BUCKET``), but some time after all its parts are healthy.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    client = endpoint.server.client()
    try:
        client.create_bucket(Bucket=endpoint.bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {
            "BucketAlreadyOwnedByYou",
            "BucketAlreadyExists",
        }:
            raise StoreError(f"s3://{endpoint.bucket}", f"cannot be made: {error}") from error
    except BotoCoreError as error:
        raise StoreError(f"s3://{endpoint.bucket}", f"cannot be made: {error}") from error
    finally:
        client.close()


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://{HOST}:{port}/{path}", timeout=1
        ) as reply:  # a literal http URL
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_blocks(tries: int) -> Iterator[int]:
    """First ports of blocks that are free, with their gRPC twins, somewhere in 21000-29000."""
    found = 0
    for port in random.sample(range(21000, 29000, _PORTS), 400):
        if _block_is_free(port):
            yield port
            found += 1
            if found == tries:
                return


def _block_is_free(port: int) -> bool:
    return all(
        _is_free(number + shift) for number in range(port, port + _PORTS) for shift in (0, 10_000)
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
