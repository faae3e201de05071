"""A shared collection answers the same before, while and after it moves to Qdrant, and when Qdrant is gone."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import httpx
import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException

from tests.memory.conformance import texts
from tests.memory.factories import OTHER_SPACE, SPACE, at, entry, placed
from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import NotAllowed, Unavailable
from vitasense.memory.schemas import Entry, Query, Results, Where
from vitasense.memory.stores import collections
from vitasense.memory.stores.collections import Copy
from vitasense.memory.stores.moving import Mover
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.qdrant_points import point_of
from vitasense.memory.stores.qdrant_replica import QdrantReplica
from vitasense.memory.stores.shared import SharedStore

pytestmark = [
    pytest.mark.usefixtures("spaces_set_up"),
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant"),
]


class Guide:
    """One collection of its own, as the service and as a reader have it, with a Qdrant of its own."""

    def __init__(self, database: Database, reader: Principal) -> None:
        self.database = database
        self.name = f"guide {new_id()}"
        self.where = Where(collection=self.name)
        self.client = AsyncQdrantClient(":memory:")
        self.replica = QdrantReplica(self.client)
        self.service = SharedStore(database, system_access("test"), self.replica)
        self.reader = SharedStore(database, access_of(reader), self.replica)
        self.plain = SharedStore(database, access_of(reader))
        self.mover = Mover(database, system_access, self.replica, above=5, batch=4)

    async def fill(self, count: int) -> list[Entry]:
        """Passages about topics, each near its neighbours."""
        made = [entry(None, f"topic{number} of the guide", collection=self.name) for number in range(count)]
        await self.service.put([placed(each, 1, number / 10) for number, each in enumerate(made)])
        return made

    async def settle(self) -> None:
        """Copy until this collection has caught up and was checked."""
        for _ in range(50):
            if not await self.mover.copy(self.name):
                break
        if (await self.mover.check(self.name, repair=True)).agrees:
            await self.mover._move(self.name, collections.QDRANT)  # pyright: ignore[reportPrivateUsage]

    async def home(self) -> str:
        """Where it lives."""
        async with self.database.transaction(system_access("test")) as tx:
            return (await collections.named(tx, [self.name]))[self.name].home

    async def same(self) -> Results:
        """What a search gives, which is the same with and without Qdrant."""
        query = Query(text="topic1 topic3", where=self.where, space=SPACE, vector=at(1, 0.3), threshold=0.9, limit=20)
        found = (await self.reader.search([query]))[0]
        assert found == (await self.plain.search([query]))[0]
        return found


@pytest.fixture
async def guide(database: Database, patient: Principal) -> Guide:
    return Guide(database, patient)


async def moved_by_itself(guide: Guide) -> None:
    """Let the mover do what the worker lets it do."""
    for _ in range(60):
        await guide.mover.step()
        if await guide.home() == collections.QDRANT:
            return
    raise AssertionError("it did not move")


async def test_a_small_collection_stays_and_a_large_one_moves_when_it_has_caught_up(guide: Guide) -> None:
    await guide.fill(5)
    while await guide.mover.step():
        pass
    assert await guide.home() == collections.POSTGRES
    await guide.fill(5)
    before = await guide.same()
    await moved_by_itself(guide)
    assert await guide.same() == before
    assert (await guide.mover.check(guide.name)).agrees


async def test_qdrant_really_finds_the_candidates_once_it_has_moved(guide: Guide) -> None:
    made = await guide.fill(8)
    await guide.settle()
    deaf = Deaf(guide.replica)
    reader = SharedStore(guide.database, system_access("test"), deaf)
    query = Query(text="topic1", where=guide.where, space=SPACE, vector=at(1), threshold=0.9)
    assert (await reader.search([query]))[0].hits == ()  # it believes what Qdrant says when nothing changed since
    assert deaf.asked == 1
    changed = made[1].model_copy(update={"text": "topic1 changed"})
    await guide.service.put([placed(changed, 1)])
    assert texts((await reader.search([query]))[0]) == ["topic1 changed"]


async def test_what_is_written_changed_or_removed_is_seen_at_once_while_qdrant_is_behind(guide: Guide) -> None:
    made = await guide.fill(8)
    await guide.settle()
    changed = made[1].model_copy(update={"text": "topic9 instead"})
    await guide.service.put([placed(changed, 1, 0.1)])
    await guide.service.remove(guide.where, [made[3].id])
    await guide.service.put([placed(entry(None, "topic3 anew", collection=guide.name), 1, 0.3)])
    found = texts(await guide.same())
    assert "topic9 instead" in found
    assert "topic3 anew" in found
    assert not {made[1].text, made[3].text} & set(found)
    await guide.settle()
    assert texts(await guide.same()) == found
    assert (await guide.mover.check(guide.name)).agrees


async def test_it_moves_while_others_write_and_delete(guide: Guide) -> None:
    made = await guide.fill(20)

    async def write() -> None:
        for number, each in enumerate(made):
            if number % 3 == 0:
                await guide.service.remove(guide.where, [each.id])
            elif number % 3 == 1:
                text = f"topic{number} rewritten"
                await guide.service.put([placed(each.model_copy(update={"text": text}), 1, number / 10)])
            else:
                await guide.service.put([placed(entry(None, f"topic{number} new", collection=guide.name), 1)])
            await guide.same()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        tasks.create_task(moved_by_itself(guide))
    await guide.settle()
    report = await guide.mover.check(guide.name)
    assert (report.agrees, report.home, report.passages) == (True, collections.QDRANT, 19)
    await guide.same()


async def test_a_change_that_commits_late_is_not_passed_over(guide: Guide) -> None:
    await guide.fill(6)
    late = entry(None, "topic1 late", collection=guide.name)
    async with guide.database.transaction(system_access("test")) as slow:
        await PostgresStore(slow).put([placed(late, 1)])
        await guide.service.put([placed(entry(None, "topic1 early", collection=guide.name), 1)])
        await guide.settle()
    assert {"topic1 late", "topic1 early"} <= set(texts(await guide.same()))
    await guide.settle()
    assert (await guide.mover.check(guide.name)).agrees
    assert late.id in set(await ids_in(guide))


async def test_killed_in_the_middle_it_goes_on_where_it_was(guide: Guide) -> None:
    await guide.fill(40)
    for limit in range(1, 4):
        dying = Mover(guide.database, system_access, Dying(guide.replica, limit), above=5, batch=4)
        with pytest.raises(ConnectionResetError):
            while True:
                await dying.copy(guide.name)
        await guide.same()
    await guide.settle()
    assert await guide.home() == collections.QDRANT
    assert (await guide.mover.check(guide.name)).agrees
    await guide.same()


async def test_two_that_copy_at_once_do_not_disturb_each_other(guide: Guide) -> None:
    await guide.fill(16)
    other = Mover(guide.database, system_access, guide.replica, above=5, batch=3)

    async def run(mover: Mover) -> None:
        for _ in range(12):
            await mover.copy(guide.name)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(guide.mover))
        tasks.create_task(run(other))
    await guide.settle()
    assert (await guide.mover.check(guide.name)).agrees


async def test_without_qdrant_postgres_answers(guide: Guide, caplog: pytest.LogCaptureFixture) -> None:
    await guide.fill(8)
    await guide.settle()
    before = await guide.same()
    guide.reader._replica = Gone()  # pyright: ignore[reportPrivateUsage]
    assert await guide.same() == before
    with pytest.raises(Unavailable):
        await Mover(guide.database, system_access, Gone(), above=5).check(guide.name)
    empty = QdrantReplica(AsyncQdrantClient(":memory:"))  # a server that lost everything
    guide.reader._replica = empty  # pyright: ignore[reportPrivateUsage]
    assert await guide.same() == before


async def test_a_server_that_lost_everything_is_filled_again(guide: Guide) -> None:
    await guide.fill(8)
    await guide.settle()
    before = await guide.same()
    for each in (await guide.client.get_collections()).collections:
        await guide.client.delete_collection(each.name)
    assert await guide.same() == before
    report = await guide.mover.check(guide.name)
    assert (len(report.missing_or_stale), await guide.home()) == (8, collections.POSTGRES)
    await moved_by_itself(guide)
    assert (await guide.mover.check(guide.name)).agrees
    assert await guide.same() == before


async def test_the_client_of_a_server_that_does_not_answer_is_unavailable() -> None:
    refused = ResponseHandlingException(httpx.ConnectError("no"))
    client = AsyncQdrantClient(":memory:")

    async def fail(*_: object, **__: object) -> None:
        raise refused

    client.get_collections = fail  # pyright: ignore[reportAttributeAccessIssue]
    client.collection_exists = fail  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(Unavailable):
        await QdrantReplica(client).search([Query(text="x", where=Where(collection="x"))])


async def test_a_check_finds_what_is_missing_stale_and_too_much_and_repair_mends_it(guide: Guide) -> None:
    made = await guide.fill(9)
    await guide.settle()
    before = await guide.same()
    lost, stale, moved = made[1], made[2].model_copy(update={"text": "old words"}), made[4]
    extra = entry(None, "deleted long ago", collection=guide.name)
    await guide.replica.discard(guide.name, [lost.id])
    await guide.replica.mirror([Copy(stale, {SPACE: at(0, 1)}), Copy(extra, {SPACE: at(1)})])
    await guide.replica.mirror([Copy(moved, {SPACE: at(0, 0, 1), OTHER_SPACE: at(1)})])
    report = await guide.mover.check(guide.name)
    assert set(report.missing_or_stale) == {lost.id, stale.id, moved.id}
    assert report.extra == (extra.id,)
    assert not report.agrees
    assert await guide.home() == collections.POSTGRES  # what is missing there is answered here
    assert await guide.same() == before
    assert (await guide.mover.check(guide.name, repair=True)).agrees
    assert (await guide.mover.check(guide.name)).missing_or_stale == ()
    assert (await guide.mover.check(guide.name)).extra == ()
    await moved_by_itself(guide)
    assert await guide.same() == before


async def test_a_vector_without_its_entry_is_found_and_removed(guide: Guide) -> None:
    await guide.fill(6)
    await guide.settle()
    orphan = entry(None, "orphan", collection=guide.name)
    await guide.replica.mirror([Copy(orphan, {SPACE: at(1)})])
    await guide.client.delete("vitasense_entries", [point_of(guide.name, orphan.id)])
    assert (await guide.mover.check(guide.name)).extra == (orphan.id,)
    await guide.mover.check(guide.name, repair=True)
    assert (await guide.mover.check(guide.name)).extra == ()


async def test_a_deleted_collection_leaves_no_text_in_qdrant(guide: Guide) -> None:
    await guide.fill(8)
    await guide.settle()
    await guide.service.remove(guide.where)
    assert (await guide.same()).hits == ()
    await guide.settle()
    assert await ids_in(guide) == []


async def test_only_the_service_writes_shared_knowledge(guide: Guide) -> None:
    made = await guide.fill(2)
    with pytest.raises(NotAllowed):
        await guide.reader.put([placed(made[0].model_copy(update={"text": "planted"}), 1)])
    with pytest.raises(NotAllowed):
        await guide.reader.put([placed(entry(None, "planted", collection=f"new {new_id()}"), 1)])
    assert await guide.reader.remove(guide.where) == 0
    assert await guide.reader.entries(guide.where) == made


async def ids_in(guide: Guide) -> list[UUID]:
    """Every id that Qdrant has of the collection, of entries and of vectors."""
    found: list[UUID] = []
    after: str | None = None
    while True:
        ids, after = await guide.replica.ids_after(guide.name, after, 100)
        found += ids
        if after is None:
            return found


class Deaf(QdrantReplica):
    """Answers, and finds nothing."""

    def __init__(self, real: QdrantReplica) -> None:
        self.asked = 0

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        self.asked += len(queries)
        return [Results() for _ in queries]


class Gone(QdrantReplica):
    """Does not answer."""

    def __init__(self) -> None:
        pass

    async def search(self, queries: Sequence[Query]) -> list[Results]:
        raise Unavailable("gone")

    async def differing(self, collection: str, ids: Sequence[UUID], copies: Sequence[Copy]) -> set[UUID]:
        raise Unavailable("gone")


class Dying(QdrantReplica):
    """Dies after having written some of what it was given."""

    def __init__(self, real: QdrantReplica, after: int) -> None:
        self._real = real
        self._left = after

    async def mirror(self, copies: Sequence[Copy]) -> None:
        self._left -= 1
        if self._left <= 0:
            await self._real.mirror(copies[:2])
            raise ConnectionResetError
        await self._real.mirror(copies)
