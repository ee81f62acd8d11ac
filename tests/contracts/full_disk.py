"""A house on a disk of its own that runs full in the middle of its work.

``python -m contracts.full_disk FOLDER ANSWER``, in a mount namespace of its own, mounts a small disk
at the folder, starts a real S3 server and a catalog on it, publishes a run, fills the disk to the
last byte, tries to publish another, makes room and tries again. The answer is a pickle of what
the tables held before, with the disk full and in the end, and of the error between.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from contracts.newsroom import Newsroom
from contracts.publisher import send
from newsdesk.connections import open_store, open_warehouse
from newsdesk.embedded import SeaweedFS
from newsdesk.errors import NewsdeskError
from newsdesk.layout import Layout
from newsdesk.settings import Settings

DISK = "256m"
TRIES = 10
"""The server may need a moment to see that there is room again; it took none so far."""


def _fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out:
        try:
            while out.write(bytes(4_096)):
                pass
        except OSError:  # full
            return filler
    raise AssertionError("a disk without an end")


def main(folder: Path, answer: Path) -> None:
    """Does all of it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
    with SeaweedFS(folder / "s3") as endpoint:
        settings = Settings(
            bucket=endpoint.bucket,
            catalog_uri=f"sqlite:///{folder / 'catalog.db'}",
            server=endpoint.server,
            env="full",
        )

        def room() -> Newsroom:
            return Newsroom(open_warehouse(settings), open_store(settings), Layout(settings.env))

        def attempt(number: int) -> str | None:
            it = room()
            try:
                send(it, number)
            except NewsdeskError as error:
                return str(error)
            finally:
                it.warehouse.close()
            return None

        def facts() -> dict[str, Any]:
            it = room()
            try:
                return it.facts()
            finally:
                it.warehouse.close()

        assert attempt(0) is None
        before = facts()
        filler = _fill(folder)
        error = attempt(1)
        full = facts()
        filler.unlink()
        tries = 0
        while attempt(1) is not None:
            tries += 1
            assert tries < TRIES, "never again"
        answer.write_bytes(pickle.dumps((before, full, facts(), error)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
