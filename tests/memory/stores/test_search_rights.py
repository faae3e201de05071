"""A search of memories runs in a function of its own: it finds nothing that the policies of the tables do not show."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.memory.factories import SPACE, at, entry, mine, placed
from tests.people import access_of, new_principal
from vitasense.deterministic import consent
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Access, Action, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.memory.schemas import Entry, Kind, Query
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.postgres import PostgresStore

VECTORS = text("select memory_id from phi.memory_vector where patient_id = :owner")
BARE_CALL = text(
    "select id from app.search_memories(place => cast(:owner as uuid), space => cast(1 as smallint), "
    "texts => array['common'], vectors => array[cast(null as text)], threshold => -1, candidates => 50, most => 50)"
)


@pytest.fixture
async def kept(database: Database, patient: Principal, spaces_set_up: None) -> Sequence[Entry]:
    """A fact and an episode in each of two categories, all alike."""
    made = [
        entry(patient.account_id, f"common {kind} {category}", kind=kind, category=category)
        for kind in (Kind.FACT, Kind.EPISODE)
        for category in (Category.LABS, Category.NOTES)
    ]
    await PersonalStore(database, access_of(patient)).put([placed(each, 1) for each in made])
    return made


async def found(tx: AsyncSession, owner: UUID) -> set[UUID]:
    """What a search gives of everything, by words and by vector."""
    query = Query(text="common", where=mine(owner), space=SPACE, vector=at(1), threshold=-1.0, limit=50)
    return {each.id for each in (await PostgresStore(tx).search([query]))[0].entries}


async def shown(tx: AsyncSession, owner: UUID, table: str, column: str) -> set[UUID]:
    """What the policies show."""
    rows = await tx.scalars(text(f"select {column} from {table} where patient_id = :owner"), {"owner": owner})
    return set(rows.all())


async def test_everybody_finds_exactly_what_the_policies_show(
    database: Database, patient: Principal, provider: Principal, kept: Sequence[Entry]
) -> None:
    owner = patient.account_id
    async with database.transaction(access_of(patient)) as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.LABS}), frozenset({Action.READ}))
        await consent.grant(tx, patient, terms, new_id)
    other = new_principal(Role.PATIENT)
    labs = frozenset({Category.LABS})
    accesses: dict[Access, int] = {
        access_of(patient): 4,
        Access(patient, Purpose.SELF, "test", owner, labs): 2,
        access_of(provider, owner): 1,
        access_of(new_principal(Role.PROVIDER), owner): 0,
        access_of(other): 0,
        access_of(other, owner): 0,
        system_access("test"): 0,
    }
    for access, count in accesses.items():
        async with database.transaction(access) as tx:
            visible = await shown(tx, owner, "phi.memory", "id")
            assert await found(tx, owner) == visible == await shown(tx, owner, "phi.memory_vector", "memory_id")
            assert len(visible) == count


async def test_a_grant_of_a_category_shows_no_vector_of_a_conversation(
    database: Database, patient: Principal, provider: Principal, kept: Sequence[Entry]
) -> None:
    owner = patient.account_id
    async with database.transaction(access_of(patient)) as tx:
        terms = consent.Terms(provider.account_id, frozenset(Category), frozenset({Action.READ}))
        await consent.grant(tx, patient, terms, new_id)
        assert set((await tx.scalars(VECTORS, {"owner": owner})).all()) == {each.id for each in kept}
    facts = {each.id for each in kept if each.kind is Kind.FACT}
    async with database.transaction(access_of(provider, owner)) as tx:
        assert set((await tx.scalars(VECTORS, {"owner": owner})).all()) == facts
        assert await found(tx, owner) == facts


async def test_without_a_context_the_function_gives_nothing(
    database: Database, patient: Principal, kept: Sequence[Entry]
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        assert len((await tx.scalars(BARE_CALL, {"owner": patient.account_id})).all()) == len(kept)
        await tx.execute(text("select set_config('app.context', '', true)"))
        assert (await tx.scalars(BARE_CALL, {"owner": patient.account_id})).all() == []


async def test_a_search_of_anothers_memories_leaves_an_audit_entry(
    database: Database, patient: Principal, provider: Principal, kept: Sequence[Entry]
) -> None:
    owner = patient.account_id
    async with database.transaction(access_of(patient)) as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.LABS}), frozenset({Action.READ}))
        await consent.grant(tx, patient, terms, new_id)
    async with database.transaction(access_of(provider, owner)) as tx:
        assert await found(tx, owner)
    async with database.transaction(access_of(patient)) as tx:
        trail = await consent.audit_trail(tx, owner)
    assert [each.verb for each in trail.items if each.actor.id == provider.account_id] == ["read"]
