"""Serves the paper: ``python -m newsdesk.demo.paper --port 8080 --clock 2026-01-15T16:00+00:00``.

The first line on stdout names its address. It ends on SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import sys
import threading

from newsdesk.demo.paper.server import Clock, PaperServer, read_time
from newsdesk.demo.paper.site import TITLE


def main(arguments: list[str] | None = None) -> int:
    """Runs until it is told to end.

    Returns:
        Exit status: 0 after a clean stop, 2 when the port is taken.
    """
    parser = argparse.ArgumentParser(
        prog="python -m newsdesk.demo.paper",
        description=f"Serve the {TITLE}, a made-up newspaper, on 127.0.0.1.",
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, finds a free one")
    parser.add_argument(
        "--clock", type=_time, metavar="TIME", help="ISO time it starts at (default: now)"
    )
    options = parser.parse_args(arguments)
    try:
        server = PaperServer(options.port, Clock(options.clock))
    except (OSError, OverflowError) as error:
        print(f"newsdesk: port {options.port}: {error}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{TITLE} at {server.address}/", flush=True)
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


def _time(text: str) -> dt.datetime:
    try:
        return read_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
