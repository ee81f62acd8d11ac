from __future__ import annotations

import pytest

from contracts.memory_store import MemoryStore
from contracts.store import StoreContract
from newsdesk.store import Store


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def prefix(self) -> str:
        return "contract/"
