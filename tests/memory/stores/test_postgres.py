"""PostgreSQL under row-level security keeps the contract, whether it compares everything or asks its indexes."""

from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.conformance import StoreConformance, ask, texts
from tests.memory.factories import NOON, SPACE, UNKNOWN_SPACE, at, entry, mine, placed
from tests.people import access_of, new_principal
from vitasense.deterministic import consent, threads
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Access, Action, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import NotAllowed, NotFound, Unavailable
from vitasense.memory.schemas import Kind, Query
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.repository import as_text
from vitasense.memory.stores.spaces import Spaces


class PostgresBench:
    """Each person has the store under their own access."""

    def __init__(self, database: Database, spaces: Spaces) -> None:
        self._database = database
        self._spaces = spaces
        self.people: dict[UUID, Principal] = {}

    def person(self) -> UUID:
        principal = new_principal(Role.PATIENT)
        self.people[principal.account_id] = principal
        return principal.account_id

    def store(self, owner: UUID) -> PersonalStore:
        return PersonalStore(self._database, access_of(self.people[owner]), self._spaces)

    def service(self) -> PersonalStore:
        return PersonalStore(self._database, system_access("test"), self._spaces)


@pytest.mark.usefixtures("spaces_set_up")
class TestPostgresExact(StoreConformance):
    @pytest.fixture
    def bench(self, database: Database) -> PostgresBench:
        return PostgresBench(database, Spaces())


@pytest.mark.usefixtures("spaces_set_up")
class TestPostgresIndexed(StoreConformance):
    @pytest.fixture
    def bench(self, database: Database) -> PostgresBench:
        return PostgresBench(database, Spaces(exact_up_to=-1))


@pytest.fixture
def store(database: Database, patient: Principal, spaces_set_up: None) -> PersonalStore:
    """The patient's own."""
    return PersonalStore(database, access_of(patient))


async def share(database: Database, patient: Principal, with_whom: Principal, *categories: Category) -> consent.Grant:
    """Let a provider read these categories."""
    async with database.transaction(access_of(patient)) as tx:
        terms = consent.Terms(with_whom.account_id, frozenset(categories), frozenset({Action.READ}))
        return await consent.grant(tx, patient, terms, new_id)


async def test_a_provider_reads_what_is_granted_while_it_is_and_changes_nothing(
    database: Database, store: PersonalStore, patient: Principal, provider: Principal
) -> None:
    owner = patient.account_id
    lab = entry(owner, "cholesterol was high", category=Category.LABS)
    note = entry(owner, "cholesterol worries", category=Category.NOTES)
    await store.put([placed(lab, 1), placed(note, 1)])
    theirs = PersonalStore(database, access_of(provider, owner))
    assert (await ask(theirs, mine(owner, history=True), "cholesterol", 1)).hits == ()
    assert await theirs.entries(mine(owner)) == await theirs.get(mine(owner), [lab.id, note.id]) == []
    granted = await share(database, patient, provider, Category.LABS)
    found = await ask(theirs, mine(owner), "cholesterol", 1)
    assert (texts(found), found.waiting) == ([lab.text], 0)
    assert await theirs.get(mine(owner), [lab.id, note.id]) == [lab]
    with pytest.raises(NotAllowed):
        await theirs.put([placed(lab.model_copy(update={"text": "changed"}), 1)])
    with pytest.raises(NotAllowed):
        await theirs.put([placed(entry(owner, "slipped in", category=Category.LABS), 1)])
    assert await theirs.remove(mine(owner)) == 0
    assert await theirs.add_vectors([]) == 0
    async with database.transaction(access_of(patient)) as tx:
        await consent.revoke(tx, patient, granted.id, new_id)
        trail = await consent.audit_trail(tx, owner)
    assert [each for each in trail.items if each.verb == "read" and each.actor.id == provider.account_id]
    assert (await ask(theirs, mine(owner), "cholesterol", 1)).hits == ()
    assert set(texts(await store.entries(mine(owner)))) == {lab.text, note.text}


async def test_only_the_categories_that_a_transaction_asks_for_are_found(
    database: Database, store: PersonalStore, patient: Principal
) -> None:
    owner = patient.account_id
    await store.put([placed(entry(owner, "a lab", category=Category.LABS), 1), placed(entry(owner, "a note"), 1)])
    narrow = Access(patient, Purpose.SELF, "test", owner, frozenset({Category.LABS}))
    assert texts(await ask(PersonalStore(database, narrow), mine(owner), "", 1)) == ["a lab"]


async def test_another_patient_finds_and_writes_nothing(
    database: Database, store: PersonalStore, patient: Principal
) -> None:
    owner = patient.account_id
    await store.put([placed(entry(owner, "mine alone"), 1)])
    other = new_principal(Role.PATIENT)
    for access in (access_of(other), access_of(other, owner)):
        theirs = PersonalStore(database, access)
        assert (await ask(theirs, mine(owner), "mine", 1, threshold=-1.0)).hits == ()
        assert (await theirs.count(mine(owner)), await theirs.remove(mine(owner))) == (0, 0)
        with pytest.raises(NotAllowed):
            await theirs.put([placed(entry(owner, "planted"), 1)])
    assert texts(await store.entries(mine(owner))) == ["mine alone"]


async def test_an_episode_goes_with_its_conversation_and_a_fact_stays(
    database: Database, store: PersonalStore, patient: Principal
) -> None:
    owner = patient.account_id
    async with database.transaction(access_of(patient)) as tx:
        thread = await threads.open_thread(tx, patient, owner, None, title="x", now=NOON, new_id=new_id)
    source = Evidence(kind="statement", ref=str(thread.id), version="1", label="conversation")
    episode = entry(owner, "we spoke of sleep", kind=Kind.EPISODE).model_copy(update={"source": source})
    fact = entry(owner, "sleeps badly").model_copy(update={"source": source})
    await store.put([placed(episode, 1), placed(fact, 1)])
    async with database.transaction(access_of(patient)) as tx:
        await threads.remove(tx, owner, thread.id)
    assert texts(await ask(store, mine(owner, history=True), "sleep", 1)) == ["sleeps badly"]
    with pytest.raises(NotFound):
        await store.put([placed(episode, 1)])


async def test_a_space_that_is_not_set_up_takes_no_vector(store: PersonalStore, patient: Principal) -> None:
    owner = patient.account_id
    with pytest.raises(Unavailable):
        await store.put([placed(entry(owner, "x"), 1, space=UNKNOWN_SPACE)])
    assert await store.count(mine(owner)) == 0


async def test_the_service_adds_missing_vectors_and_each_log_tells_of_it(
    database: Database, admin_url: str, store: PersonalStore, patient: Principal
) -> None:
    owner = patient.account_id
    waits, changed = entry(owner, "waits"), entry(owner, "changes meanwhile")
    await store.put([placed(waits), placed(changed), placed(entry(owner, "has one"), 1)])
    async with database.transaction(system_access("embed memories")) as tx:
        number = await Spaces().number(tx, SPACE)
        rows = await tx.execute(
            text("select * from app.memory_without_vector(cast(:s as smallint), 100000)"), {"s": number}
        )
        found = {row.id: row.text for row in rows if row.patient_id == owner}
        assert found == {waits.id: "waits", changed.id: "changes meanwhile"}
        assert (await tx.execute(text("select count(*) from phi.memory"))).scalar_one() == 0
    await store.put([placed(changed.model_copy(update={"text": "changed"}))])
    add = text("select app.memory_add_vector(cast(:s as smallint), :p, :i, :h, :v)")
    async with database.transaction(system_access("embed memories")) as tx:
        added = [
            (
                await tx.execute(
                    add,
                    {"s": number, "p": owner, "i": each, "h": sha256(words.encode()).digest(), "v": as_text(at(0, 1))},
                )
            ).scalar_one()
            for each, words in found.items()
        ]
    assert added == [True, False]
    assert texts(await ask(store, mine(owner), "", 0, 1)) == ["waits"]
    async with database.transaction(access_of(patient)) as tx:
        trail = await consent.audit_trail(tx, owner)
    by_service = [(each.verb, each.object, each.count) for each in trail.items if each.actor.role == "system"]
    assert by_service == [("insert", "memory_vector", 1), ("read", "memory", 2)]


async def test_the_words_of_a_search_and_of_memories_stand_in_no_audit_entry(
    database: Database, admin_url: str, store: PersonalStore, patient: Principal
) -> None:
    await store.put([placed(entry(patient.account_id, "canaryword")), placed(entry(patient.account_id, "x"), 1)])
    await ask(store, mine(patient.account_id), "canaryword", 1)
    async with database.transaction(access_of(patient)) as tx:
        trail = await consent.audit_trail(tx, patient.account_id)
    assert trail.items
    assert "canaryword" not in str(trail)


async def test_a_store_in_a_transaction_sees_what_the_transaction_wrote_and_leaves_with_it(
    database: Database, store: PersonalStore, patient: Principal
) -> None:
    owner = patient.account_id
    with pytest.raises(RuntimeError, match="undo"):
        async with database.transaction(access_of(patient)) as tx:
            inside = PostgresStore(tx)
            await inside.put([placed(entry(owner, "written"), 1)])
            query = Query(text="", where=mine(owner), space=SPACE, vector=at(1), threshold=0.5)
            assert texts((await inside.search([query]))[0]) == ["written"]
            raise RuntimeError("undo")
    assert await store.count(mine(owner)) == 0


async def test_a_vector_tells_its_category_from_its_memory(
    database: Database, store: PersonalStore, patient: Principal, admin_url: str
) -> None:
    owner = patient.account_id
    moved = entry(owner, "a note that was a lab", category=Category.LABS)
    await store.put([placed(moved, 1)])
    await store.put([placed(moved.model_copy(update={"category": Category.NOTES}))])
    narrow = Access(patient, Purpose.SELF, "test", owner, frozenset({Category.NOTES}))
    found = await ask(PersonalStore(database, narrow), mine(owner), "", 1)
    assert [each.category for each in found.entries] == [Category.NOTES]
