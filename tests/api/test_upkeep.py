"""`vitasense memory check`: what waits for a vector and what Qdrant lacks is told, and mended on request."""

from dataclasses import replace

import pytest
from qdrant_client import AsyncQdrantClient

from tests.memory.factories import entry, placed
from tests.people import access_of
from vitasense.api import upkeep
from vitasense.api.bootstrap import Services
from vitasense.api.commands import memory
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.memory.stores import collections
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.qdrant_replica import QdrantReplica
from vitasense.memory.stores.shared import SharedStore

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


async def test_what_waits_is_told_and_embedded_on_request(
    services: Services, database: Database, patient: Principal
) -> None:
    await PersonalStore(database, access_of(patient)).put([placed(entry(patient.account_id, "waits for a vector"))])
    census, reports = await upkeep.check(services, repair=False)
    assert census.waiting >= 1
    assert reports == []  # no Qdrant is configured
    census, _ = await upkeep.check(services, repair=True)
    assert (census.waiting, census.memories >= 1) == (0, True)
    assert [each.space for each in census.spaces if each.current] == [services.embedder.space]


async def test_what_qdrant_lacks_is_told_and_copied_on_request(
    services: Services, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    replica = QdrantReplica(AsyncQdrantClient(":memory:"))
    settings = services.settings.model_copy(update={"memory_qdrant_above": 3})
    with_qdrant = replace(services, replica=replica, settings=settings)
    name = f"guide {new_id()}"
    made = [entry(None, f"passage {number}", collection=name) for number in range(5)]
    await SharedStore(database, system_access("test")).put([placed(each) for each in made])
    mover = upkeep.mover_of(with_qdrant)
    assert mover is not None
    while await mover.copy(name):
        pass
    await replica.discard(name, [made[0].id])
    _, reports = await upkeep.check(with_qdrant, repair=False)
    report = next(each for each in reports if each.name == name)
    assert (report.missing_or_stale, report.extra, report.agrees) == ((made[0].id,), (), False)
    _, reports = await upkeep.check(with_qdrant, repair=True)
    assert next(each for each in reports if each.name == name).agrees
    memory.say_shared(reports)
    said = capsys.readouterr().out
    assert name in said
    assert "passage 0" not in said
    for _ in range(2):  # the first copies the vectors that were just made
        await mover.step()
    async with database.transaction(system_access("test")) as tx:
        assert (await collections.named(tx, [name]))[name].home == collections.QDRANT
    async with database.transaction(system_access("test")) as tx:  # other tests have no such Qdrant
        await collections.start_over(tx, name)
