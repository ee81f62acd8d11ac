"""The servers of the integration tests, for the backfills too."""

from __future__ import annotations

from integration.conftest import endpoint, lake

__all__ = ["endpoint", "lake"]
