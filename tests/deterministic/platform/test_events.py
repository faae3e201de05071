"""The outbox loses nothing and does nothing twice."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.people import access_of
from vitasense.deterministic.platform.access import Access, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import (
    ATTEMPTS,
    Event,
    append,
    backlog,
    failed,
    handled,
    parked,
    pending,
    replay,
)

RELAY = Access(Principal(UUID(int=0), Role.SYSTEM, None, "", "relay"), Purpose.OPERATIONS, "relay")


def event_of(person: Principal, patient_id: UUID | None = None) -> Event:
    now = system_clock()
    about = patient_id or person.account_id
    return Event(new_id(), "meal.recorded", 1, about, person.account_id, now, now, payload={"meal_id": str(new_id())})


async def waiting(database: Database, consumer: str) -> list[UUID]:
    async with database.transaction(RELAY) as tx:
        return [event.id for event in await pending(tx, consumer, 10_000)]


async def test_an_event_appears_with_its_transaction_and_is_handled_once(
    database: Database, patient: Principal
) -> None:
    event, consumer = event_of(patient), new_id().hex
    async with database.transaction(access_of(patient)) as tx:
        await append(tx, event)
        assert event.id not in await waiting(database, consumer)
    async with database.transaction(RELAY) as tx:
        assert event in await pending(tx, consumer, 10_000)
        assert await handled(tx, consumer, event.id)
        assert not await handled(tx, consumer, event.id)
    assert event.id not in await waiting(database, consumer)
    assert event.id in await waiting(database, new_id().hex)


async def test_an_event_that_commits_late_is_not_skipped(database: Database, patient: Principal) -> None:
    early, late, consumer = event_of(patient), event_of(patient), new_id().hex
    async with database.transaction(access_of(patient)) as slow:
        await append(slow, early)
        async with database.transaction(access_of(patient)) as tx:
            await append(tx, late)
        assert late.id not in await waiting(database, consumer)
    found = await waiting(database, consumer)
    assert found.index(early.id) < found.index(late.id)


async def test_a_look_starts_where_the_consumer_got_to_and_a_waiting_event_holds_it_there(
    database: Database, admin_url: str, patient: Principal
) -> None:
    stuck, later, consumer = event_of(patient), event_of(patient), new_id().hex
    await waiting(database, consumer)
    for event in (stuck, later):
        async with database.transaction(access_of(patient)) as tx:
            await append(tx, event)
    async with database.transaction(RELAY) as tx:
        for event in await pending(tx, consumer, 10_000):
            if event.id == stuck.id:
                await failed(tx, consumer, event.id, ValueError())
            else:
                await handled(tx, consumer, event.id)
    assert await waiting(database, consumer) == []
    engine = create_engine(admin_url)
    with engine.begin() as admin:
        query = text(
            "select (select reached from app.relay where consumer = :c) = (select xid from app.event where id = :id), "
            "(select 1 from app.inbox where consumer = :c and event_id = :id)"
        )
        assert admin.execute(query, {"c": consumer, "id": stuck.id}).one()[0] is True
        admin.execute(text("update app.inbox set retry_at = now() where event_id = :id"), {"id": stuck.id})
    engine.dispose()
    assert await waiting(database, consumer) == [stuck.id]
    async with database.transaction(RELAY) as tx:
        await handled(tx, consumer, stuck.id)
        assert (await backlog(tx, consumer)).waiting == 0


async def test_a_rolled_back_change_tells_nothing(database: Database, patient: Principal) -> None:
    event = event_of(patient)
    with pytest.raises(RuntimeError, match="undo"):
        async with database.transaction(access_of(patient)) as tx:
            await append(tx, event)
            raise RuntimeError("undo")
    assert event.id not in await waiting(database, new_id().hex)


async def test_a_failing_event_waits_longer_each_time_and_is_parked_after_the_eighth(
    database: Database, admin_url: str, patient: Principal
) -> None:
    event, consumer = event_of(patient), new_id().hex
    async with database.transaction(access_of(patient)) as tx:
        await append(tx, event)
    engine = create_engine(admin_url)
    waits: list[float] = []
    for _ in range(ATTEMPTS):
        async with database.transaction(RELAY) as tx:
            await failed(tx, consumer, event.id, ValueError("allergic to penicillin"))
        assert event.id not in await waiting(database, consumer)
        with engine.begin() as admin:
            row = admin.execute(
                text(
                    "update app.inbox set retry_at = now() - interval '1 s' where consumer = :c "
                    "returning (select extract(epoch from old.retry_at - clock_timestamp())), last_error"
                ),
                {"c": consumer},
            ).one()
            waits.append(round(float(row[0])))
            assert row[1] == "ValueError"
    engine.dispose()
    assert waits[:4] == [2, 4, 8, 16]
    assert event.id not in await waiting(database, consumer)
    async with database.transaction(RELAY) as tx:
        assert (await backlog(tx, consumer)).parked == 1


async def given_up(database: Database, person: Principal, consumer: str) -> Event:
    event = event_of(person)
    async with database.transaction(access_of(person)) as tx:
        await append(tx, event)
    async with database.transaction(RELAY) as tx:
        for _ in range(ATTEMPTS):
            await failed(tx, consumer, event.id, ValueError("allergic to penicillin"))
    return event


async def test_a_parked_event_is_listed_and_tried_again_although_the_consumer_went_on(
    database: Database, patient: Principal
) -> None:
    consumer, other = new_id().hex, new_id().hex
    event, later = await given_up(database, patient, consumer), event_of(patient)
    async with database.transaction(access_of(patient)) as tx:
        await append(tx, later)
    for waits in await waiting(database, consumer):
        async with database.transaction(RELAY) as tx:
            await handled(tx, consumer, waits)
    assert await waiting(database, consumer) == []  # it remembers that it got beyond the parked one
    async with database.transaction(RELAY) as tx:
        [found] = [each for each in await parked(tx) if each.consumer == consumer]
        assert (found.event_id, found.type, found.attempts, found.error) == (
            event.id,
            event.type,
            ATTEMPTS,
            "ValueError",
        )
        assert other not in {each.consumer for each in await parked(tx)}
        assert await replay(tx, event.id) == [consumer]
        assert await replay(tx, event.id) == []
    assert await waiting(database, consumer) == [event.id]
    async with database.transaction(RELAY) as tx:
        assert await handled(tx, consumer, event.id)
        assert (await backlog(tx, consumer)).parked == 0
    assert await waiting(database, consumer) == []


async def test_a_look_that_began_before_a_replay_does_not_pass_it(database: Database, patient: Principal) -> None:
    consumer = new_id().hex
    event = await given_up(database, patient, consumer)
    for waits in await waiting(database, consumer):
        async with database.transaction(RELAY) as tx:
            await handled(tx, consumer, waits)
    async with database.transaction(RELAY) as tx:
        await replay(tx, event.id)
        look = asyncio.create_task(waiting(database, consumer))
        await asyncio.sleep(0.2)
        assert not look.done()
    assert await look == []
    assert await waiting(database, consumer) == [event.id]


async def test_what_was_given_up_is_the_services_own_to_see_and_to_replay(
    database: Database, patient: Principal
) -> None:
    event = await given_up(database, patient, new_id().hex)
    async with database.transaction(access_of(patient)) as tx:
        assert await parked(tx) == []
        assert await replay(tx, event.id) == []


async def test_nobody_tells_events_of_another_or_reads_them(
    database: Database, patient: Principal, provider: Principal
) -> None:
    forged = [replace(event_of(patient), actor_id=new_id()), event_of(patient, new_id())]
    for event in forged:
        with pytest.raises(DBAPIError, match="row-level security"):
            async with database.transaction(access_of(patient)) as tx:
                await append(tx, event)
    ungranted = event_of(provider, patient.account_id)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await append(tx, ungranted)
    async with database.transaction(access_of(patient)) as tx:
        assert await pending(tx, new_id().hex, 10) == []
    seen = await waiting(database, new_id().hex)
    assert not {event.id for event in [*forged, ungranted]} & set(seen)
