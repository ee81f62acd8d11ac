"""Tests of unsafe addresses: they run only where there is nothing but loopback to reach."""

from __future__ import annotations

import socket

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    interfaces = [name for _, name in socket.if_nameindex()]
    if interfaces != ["lo"]:
        pytest.exit(
            f"tests/hostile runs only in a network namespace that has only loopback (here: "
            f"{', '.join(interfaces)}); make proof makes one",
            returncode=4,
        )
