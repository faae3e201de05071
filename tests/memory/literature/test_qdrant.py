"""The collection "literature" answers the same when Qdrant finds in it, also when single documents are asked for."""

from dataclasses import replace

import pytest
from qdrant_client import AsyncQdrantClient

from tests.memory.literature.shelved import held, memories
from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge.review import Material, MaterialKind
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.memory import Question, look
from vitasense.memory.literature.passages import COLLECTION
from vitasense.memory.stores import collections
from vitasense.memory.stores.moving import Mover
from vitasense.memory.stores.qdrant_replica import QdrantReplica

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


async def test_a_search_finds_the_same_in_qdrant(
    database: Database, shelf: tuple[Material, Material], patient: Principal
) -> None:
    replica = QdrantReplica(AsyncQdrantClient(":memory:"))
    mover = Mover(database, system_access, replica, above=2, batch=4)
    assert len(await held(database, shelf[0])) > 2
    for _ in range(60):
        await mover.step()
    async with database.transaction(system_access("test")) as tx:
        assert (await collections.named(tx, [COLLECTION]))[COLLECTION].home == collections.QDRANT
    for question in (
        Question("grapefruit"),
        Question("potassium", kind=MaterialKind.GUIDELINE),
        Question("potassium", named="finasteride"),
        Question("sunburn"),
    ):
        plain = await look(memories(), database, access_of(patient), question)
        moved = await look(replace(memories(), replica=replica), database, access_of(patient), question)
        assert moved == plain
    async with database.transaction(system_access("test")) as tx:
        await collections.start_over(tx, COLLECTION)
