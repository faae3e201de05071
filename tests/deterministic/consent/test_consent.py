"""Grants open exactly what they say, from the next statement on, and every look at another's record is noted."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of, new_principal
from vitasense.deterministic.auth import SYSTEM, Accounts, open_auth, system_access
from vitasense.deterministic.consent import (
    Terms,
    access_findings,
    audit_trail,
    given,
    grant,
    received,
    revoke,
    shared_patients,
)
from vitasense.deterministic.platform.access import Action, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import pending
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.platform.settings import Settings

SAMPLES = text("select category from phi.sample order by category")
LABS = frozenset({Category.LABS})


@pytest.fixture
async def record(database: Database, patient: Principal) -> AsyncIterator[Principal]:
    """A patient with one value in each of two categories."""
    add = text("insert into phi.sample values (:p, :metric, now(), :id, :category, 1, '1', null, null, now())")
    async with database.transaction(access_of(patient)) as tx:
        for category in ("labs", "vitals"):
            await tx.execute(add, {"p": patient.account_id, "metric": category, "id": new_id(), "category": category})
    yield patient


async def categories_seen(tx: AsyncSession) -> list[str]:
    return list((await tx.execute(SAMPLES)).scalars())


async def granted(database: Database, patient: Principal, terms: Terms):
    async with database.transaction(access_of(patient)) as tx:
        return await grant(tx, patient, terms, new_id)


async def revoked(database: Database, patient: Principal, grant_id: object):
    async with database.transaction(access_of(patient)) as tx:
        return await revoke(tx, patient, grant_id, new_id)  # type: ignore[arg-type]


async def test_a_grant_opens_and_a_revocation_closes_at_the_next_statement_of_an_open_transaction(
    database: Database, record: Principal, provider: Principal
) -> None:
    async with database.transaction(access_of(provider, record.account_id)) as tx:
        assert await categories_seen(tx) == []
        one = await granted(database, record, Terms(provider.account_id, LABS))
        assert await categories_seen(tx) == ["labs"]
        await revoked(database, record, one.id)
        assert await categories_seen(tx) == []


async def test_a_grant_opens_its_categories_purposes_actions_and_period_only(
    database: Database, record: Principal, provider: Principal
) -> None:
    await granted(database, record, Terms(provider.account_id, LABS, purposes=frozenset({Purpose.RESEARCH})))
    later = system_clock() + timedelta(days=1)
    vitals = frozenset({Category.VITALS})
    await granted(database, record, Terms(provider.account_id, vitals, valid_from=later))
    async with database.transaction(access_of(provider, record.account_id)) as tx:
        assert await categories_seen(tx) == []
    async with database.transaction(access_of(provider, record.account_id, purpose=Purpose.RESEARCH)) as tx:
        assert await categories_seen(tx) == ["labs"]
        with pytest.raises(DBAPIError, match="row-level security"):
            await tx.execute(
                text("insert into phi.sample values (:p, 'x', now(), :p, 'labs', 1, '1', null, null, now())"),
                {"p": record.account_id},
            )
            await tx.rollback()


async def test_a_write_grant_lets_write_and_names_the_writer_in_the_audit(
    database: Database, record: Principal, provider: Principal
) -> None:
    terms = Terms(provider.account_id, LABS, actions=frozenset({Action.READ, Action.WRITE}))
    await granted(database, record, terms)
    async with database.transaction(access_of(provider, record.account_id, activity="note a lab")) as tx:
        await tx.execute(
            text("insert into phi.sample values (:p, 'x', now(), :p, 'labs', 1, '1', null, null, now())"),
            {"p": record.account_id},
        )
    async with database.transaction(access_of(record)) as tx:
        written = next(e for e in (await audit_trail(tx, record.account_id)).items if e.activity == "note a lab")
    assert (written.verb, written.object, written.count) == ("insert", "sample", 1)
    assert written.actor.id == provider.account_id and written.purpose == "treatment"


async def test_a_providers_read_is_noted_in_the_same_transaction_once(
    database: Database, record: Principal, provider: Principal
) -> None:
    await granted(database, record, Terms(provider.account_id, LABS))
    async with database.transaction(access_of(provider, record.account_id, activity="GET /v1/record")) as tx:
        await categories_seen(tx)
        await categories_seen(tx)
    async with database.transaction(access_of(record)) as tx:
        reads = [e for e in (await audit_trail(tx, record.account_id)).items if e.verb == "read"]
    (read,) = reads
    assert (read.actor.id, read.activity, read.object) == (provider.account_id, "GET /v1/record", "record")
    assert read.categories == ("labs", "profile")


async def test_what_sees_nothing_notes_nothing(database: Database, record: Principal, provider: Principal) -> None:
    for somebody in (provider, new_principal(Role.PATIENT), new_principal(Role.ADMIN)):
        async with database.transaction(access_of(somebody, record.account_id)) as tx:
            assert await categories_seen(tx) == []
    async with database.transaction(access_of(record)) as tx:
        assert [e.verb for e in (await audit_trail(tx, record.account_id)).items if e.verb == "read"] == []


async def test_granting_and_revoking_are_history_audit_and_events(
    database: Database, patient: Principal, provider: Principal
) -> None:
    one = await granted(database, patient, Terms(provider.account_id, LABS | {Category.PROFILE}))
    assert one.categories == (Category.LABS,) and one.in_force and one.revoked_at is None
    ended = await revoked(database, patient, one.id)
    again = await revoked(database, patient, one.id)
    assert ended.revoked_at is not None and again == ended and not ended.in_force
    async with database.transaction(access_of(patient)) as tx:
        assert [each.id for each in await given(tx, patient)] == [one.id]
        verbs = [(e.verb, e.object) for e in (await audit_trail(tx, patient.account_id)).items]
    assert verbs == [("update", "access_grant"), ("insert", "access_grant")]
    async with database.transaction(access_of(provider)) as tx:
        assert [each.id for each in await received(tx, provider)] == [one.id]
    async with database.transaction(system_access("test")) as tx:
        told = [e for e in await pending(tx, new_id().hex, 100_000) if e.patient_id == patient.account_id]
    assert [e.type for e in told] == ["consent.granted", "consent.revoked"]
    assert all(e.payload == {"grant_id": str(one.id)} for e in told)


@pytest.mark.parametrize(
    "terms",
    [
        {"categories": frozenset[Category]()},
        {"categories": frozenset({Category.PROFILE})},
        {"actions": frozenset[Action]()},
        {"purposes": frozenset[Purpose]()},
        {"purposes": frozenset({Purpose.SELF})},
        {"valid_until": system_clock() - timedelta(seconds=1)},
    ],
)
async def test_a_grant_of_nothing_is_refused(
    database: Database, patient: Principal, provider: Principal, terms: dict[str, object]
) -> None:
    wanted = Terms(**({"grantee_id": provider.account_id, "categories": LABS} | terms))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        await granted(database, patient, wanted)
    async with database.transaction(access_of(patient)) as tx:
        assert await given(tx, patient) == []


async def test_only_the_patient_grants_and_revokes(database: Database, patient: Principal, provider: Principal) -> None:
    one = await granted(database, patient, Terms(provider.account_id, LABS))
    for somebody in (provider, new_principal(Role.ADMIN)):
        with pytest.raises(NotAllowed):
            await granted(database, somebody, Terms(new_id(), LABS))
        with pytest.raises(NotAllowed):
            await revoked(database, somebody, one.id)
    with pytest.raises(NotFound):
        await revoked(database, new_principal(Role.PATIENT), one.id)
    async with database.transaction(access_of(patient)) as tx:
        assert (await given(tx, patient))[0].in_force


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return open_auth(database, Settings(), system_clock, new_id, even_seconds=0)[1]


async def an_account(accounts: Accounts, role: Role, name: str) -> Principal:
    password = "correct horse battery"
    account = await accounts.create(SYSTEM, f"{new_id()}@example.org", name, role, password)
    return Principal(account.id, role, None, account.email, name)


async def test_both_sides_know_each_others_name_and_the_provider_sees_who_shares_what_now(
    database: Database, accounts: Accounts
) -> None:
    maria, james = [await an_account(accounts, Role.PATIENT, name) for name in ("Maria", "James")]
    chen = await an_account(accounts, Role.PROVIDER, "Dr. Chen")
    until = system_clock() + timedelta(days=9)
    mine = await granted(database, maria, Terms(chen.account_id, LABS, valid_until=until))
    assert (mine.party.name, mine.party.email) == ("Dr. Chen", chen.email)
    await granted(database, maria, Terms(chen.account_id, frozenset({Category.VITALS}), valid_until=until))
    ended = await granted(database, james, Terms(chen.account_id, LABS))
    await revoked(database, james, ended.id)
    async with database.transaction(access_of(chen)) as tx:
        (shared,) = await shared_patients(tx, chen)
    assert (shared.id, shared.name, shared.valid_until) == (maria.account_id, "Maria", until)
    assert shared.categories == (Category.LABS, Category.VITALS)


async def test_who_has_access_is_told_with_evidence(database: Database, accounts: Accounts) -> None:
    maria = await an_account(accounts, Role.PATIENT, "Maria")
    chen = await an_account(accounts, Role.PROVIDER, "Dr. Chen")
    async with database.transaction(access_of(maria)) as tx:
        (nobody,) = await access_findings(tx, maria, maria.account_id, now=system_clock())
    assert nobody.status is Status.NOT_FOUND
    one = await granted(database, maria, Terms(chen.account_id, LABS | {Category.VITALS}))
    async with database.transaction(access_of(maria)) as tx:
        (found,) = await access_findings(tx, maria, maria.account_id, now=system_clock())
    assert found.text == "Dr. Chen may read your labs and vitals, for treatment."
    assert found.evidence[0].ref == f"Consent/{one.id}"


async def test_the_trail_is_paged_and_is_the_subjects_own(
    database: Database, record: Principal, provider: Principal
) -> None:
    for _ in range(3):
        await granted(database, record, Terms(provider.account_id, LABS))
    async with database.transaction(access_of(record)) as tx:
        whole = (await audit_trail(tx, record.account_id)).items
        first = await audit_trail(tx, record.account_id, limit=2)
        rest = await audit_trail(tx, record.account_id, before=first.next)
        assert first.items + rest.items == whole and rest.next is None
        with pytest.raises(InvalidInput):
            await audit_trail(tx, record.account_id, limit=0)
    for somebody in (provider, new_principal(Role.ADMIN), SYSTEM):
        async with database.transaction(access_of(somebody, record.account_id)) as tx:
            assert (await audit_trail(tx, record.account_id)).items == ()
