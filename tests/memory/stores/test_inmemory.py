"""The fake keeps the contract, too."""

from uuid import UUID

import pytest

from tests.memory.conformance import StoreConformance
from vitasense.deterministic.platform.clock import new_id
from vitasense.memory.stores.inmemory import InMemoryStore


class InMemoryBench:
    def __init__(self) -> None:
        self._store = InMemoryStore()

    def person(self) -> UUID:
        return new_id()

    def store(self, owner: UUID) -> InMemoryStore:
        return self._store

    def service(self) -> InMemoryStore:
        return self._store


class TestInMemory(StoreConformance):
    @pytest.fixture
    def bench(self) -> InMemoryBench:
        return InMemoryBench()
