"""The shared explanations in the test database, whole and with their vectors, as the service has them after a start.

A test that loads them removes them again: other tests embed and move whatever passages there are.
"""

from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import explanations
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.memory.embeddings import LexicalEmbedder
from vitasense.memory.knowledge import WHERE, load
from vitasense.memory.schemas import Embedded
from vitasense.memory.stores.shared import SharedStore
from vitasense.memory.stores.spaces import use_space


def service(database: Database) -> SharedStore:
    """The shared collections as the service itself has them."""
    return SharedStore(database, system_access("test"))


async def remove_all(database: Database) -> None:
    """Leave nothing behind."""
    await service(database).remove(WHERE)


async def load_all(database: Database) -> None:
    """Everything that the knowledge room explains, each with its vector."""
    store, embedder = service(database), LexicalEmbedder()
    async with database.transaction(system_access("test")) as tx:
        await use_space(tx, embedder.space)
    await load(store, explanations(), system_clock())
    waiting = await store.without_vector(WHERE, embedder.space, limit=10_000)
    vectors = await embedder.embed([entry.text for entry in waiting])
    made = [Embedded(entry, embedder.space, vector) for entry, vector in zip(waiting, vectors, strict=True)]
    await store.add_vectors(made)
