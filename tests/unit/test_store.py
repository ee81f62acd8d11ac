from __future__ import annotations

import pytest

from contracts.store import StoreContract
from newsdesk.store import MemoryStore, Store


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def prefix(self) -> str:
        return "contract/"
