"""Qdrant keeps the contract (its client's local mode here), and trusts no id across owners."""

from uuid import UUID

import pytest
from qdrant_client import AsyncQdrantClient

from tests.memory.conformance import StoreConformance
from vitasense.deterministic.platform.clock import new_id
from vitasense.memory.stores.qdrant import QdrantStore

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


class QdrantBench:
    def __init__(self) -> None:
        self._store = QdrantStore(AsyncQdrantClient(":memory:"))

    def person(self) -> UUID:
        return new_id()

    def store(self, owner: UUID) -> QdrantStore:
        return self._store

    def service(self) -> QdrantStore:
        return self._store


class TestQdrant(StoreConformance):
    @pytest.fixture
    def bench(self) -> QdrantBench:
        return QdrantBench()
