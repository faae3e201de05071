"""The outbox loses nothing, hands out nothing twice, and keeps the order of each key."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of, new_principal
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Access, Principal, Purpose, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import ATTEMPTS, Event, append

RELAY = Access(Principal(UUID(int=0), Role.SYSTEM, None, "", "relay"), Purpose.OPERATIONS, "relay")


def event_of(person: Principal, patient_id: UUID | None = None, kind: str = "meal.recorded") -> Event:
    now = system_clock()
    about = patient_id or person.account_id
    return Event(new_id(), kind, 1, about, person.account_id, now, now, payload={"meal_id": str(new_id())})


class Consumer:
    """A consumer whom nobody knew before, of a type of its own: other tests tell it nothing."""

    def __init__(self, database: Database, admin_url: str) -> None:
        self.database, self._admin = database, create_engine(admin_url)
        self.name = new_id().hex
        self.kind = f"meal.{self.name}"

    async def tell(self, person: Principal, count: int = 1) -> list[UUID]:
        told: list[UUID] = []
        for _ in range(count):
            event = event_of(person, kind=self.kind)
            async with self.database.transaction(access_of(person)) as tx:
                await append(tx, event)
            told.append(event.id)
        return told

    async def claim(self, tx: AsyncSession, limit: int = 100, ids: Sequence[UUID] | None = None) -> list[UUID]:
        found = await events.claim(tx, self.name, types=[self.kind], limit=limit, ids=ids)
        return [event.id for event in found]

    async def waiting(self) -> list[UUID]:
        """What could be claimed now, in a transaction that ends without doing it."""
        async with self.transaction() as tx:
            return await self.claim(tx)

    async def do(self, *ids: UUID) -> None:
        async with self.transaction() as tx:
            await events.note(tx, self.name, ids)

    async def fail(self, event: UUID, times: int = 1) -> list[bool]:
        async with self.transaction() as tx:
            error = ValueError("allergic to penicillin")
            return [await events.failed(tx, self.name, event, error) for _ in range(times)]

    async def advance(self) -> None:
        """Twice: the mark is set, then seen to be settled."""
        for _ in range(2):
            async with self.transaction() as tx:
                await events.advance(tx, self.name, [self.kind])

    async def backlog(self) -> events.Backlog:
        async with self.transaction() as tx:
            return await events.backlog(tx, self.name, [self.kind])

    def be_due(self) -> None:
        self.run("update app.inbox set retry_at = now() where consumer = :c returning 1")

    def run(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        with self._admin.begin() as admin:
            return [tuple(row) for row in admin.execute(text(statement), {"c": self.name} | values)]

    def end(self) -> None:
        self._admin.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        async with self.database.transaction(RELAY) as tx:
            yield tx


@pytest.fixture
async def consumer(database: Database, admin_url: str) -> AsyncIterator[Consumer]:
    made = Consumer(database, admin_url)
    yield made
    made.end()


async def test_an_event_appears_with_its_transaction_and_is_handled_once(
    consumer: Consumer, patient: Principal
) -> None:
    event = event_of(patient, kind=consumer.kind)
    async with consumer.database.transaction(access_of(patient)) as tx:
        await append(tx, event)
        assert await consumer.waiting() == []
    async with consumer.transaction() as tx:
        assert await events.claim(tx, consumer.name, types=[consumer.kind], limit=9) == [event]
        await events.note(tx, consumer.name, [event.id])
    assert await consumer.waiting() == []
    with pytest.raises(events.AlreadyHandled):
        await consumer.do(event.id)
    async with consumer.transaction() as tx:
        assert await events.pending(tx, new_id().hex, types=[consumer.kind]) == [event]


async def test_an_event_that_commits_late_is_not_lost(consumer: Consumer, patient: Principal) -> None:
    early = event_of(patient, kind=consumer.kind)
    async with consumer.database.transaction(access_of(patient)) as slow:
        await append(slow, early)
        [late] = await consumer.tell(patient)
        assert await consumer.waiting() == [late]
        await consumer.do(late)
        await consumer.advance()
        assert await consumer.waiting() == []
    await consumer.advance()
    assert await consumer.waiting() == [early.id]


async def test_order_is_that_of_writing_whichever_transaction_began_first(
    consumer: Consumer, patient: Principal
) -> None:
    second = event_of(patient, kind=consumer.kind)
    async with consumer.database.transaction(access_of(patient)) as waits:
        await waits.execute(text("select pg_current_xact_id()"))  # it has its number, and waits for a lock
        [first] = await consumer.tell(patient)
        await append(waits, second)
    assert await consumer.waiting() == [first, second.id]


async def test_a_look_is_short_once_what_came_before_is_done(consumer: Consumer, patient: Principal) -> None:
    told = await consumer.tell(patient, 3)
    await consumer.advance()
    reached = "select reached from app.relay where consumer = :c"
    order = "select seq from app.event where id = any(:ids) order by seq"
    numbers = [cast_int(row) for row in consumer.run(order, ids=told)]
    assert consumer.run(reached) == [(numbers[0] - 1,)]
    await consumer.do(*told)
    await consumer.advance()
    assert cast_int(consumer.run(reached)[0]) >= numbers[-1]


def cast_int(row: tuple[object, ...]) -> int:
    assert isinstance(row[0], int)
    return row[0]


async def test_a_rolled_back_change_tells_nothing(consumer: Consumer, patient: Principal) -> None:
    with pytest.raises(RuntimeError, match="undo"):
        async with consumer.database.transaction(access_of(patient)) as tx:
            await append(tx, event_of(patient, kind=consumer.kind))
            raise RuntimeError("undo")
    assert await consumer.waiting() == []


async def test_two_workers_share_the_keys_and_neither_waits_for_the_other(
    consumer: Consumer, patient: Principal
) -> None:
    other = new_principal(Role.PATIENT)
    mine, theirs = await consumer.tell(patient, 2), await consumer.tell(other, 2)
    async with consumer.transaction() as first, consumer.transaction() as second:
        assert await consumer.claim(first, limit=1) == mine[:1]
        assert await consumer.claim(second) == theirs
        assert await consumer.waiting() == []
    assert await consumer.waiting() == [*mine, *theirs]


async def test_a_failing_event_holds_up_its_own_key_alone(consumer: Consumer, patient: Principal) -> None:
    failing, behind = await consumer.tell(patient, 2)
    others = await consumer.tell(new_principal(Role.PATIENT), 2)
    assert await consumer.fail(failing) == [False]
    assert await consumer.waiting() == others
    await consumer.do(*others)
    await consumer.advance()
    assert await consumer.waiting() == []
    backlog = await consumer.backlog()
    assert (backlog.waiting, backlog.retrying, backlog.held, backlog.parked) == (2, 1, 1, 0)
    later = await consumer.tell(patient)
    consumer.be_due()
    assert await consumer.waiting() == [failing, behind, *later]
    await consumer.do(failing)
    assert await consumer.waiting() == [behind, *later]


async def test_a_failing_event_waits_longer_each_time_and_is_parked_after_the_eighth(
    consumer: Consumer, patient: Principal
) -> None:
    failing, behind = await consumer.tell(patient, 2)
    waits: list[float] = []
    for attempt in range(1, ATTEMPTS + 1):
        assert await consumer.fail(failing) == [attempt == ATTEMPTS]
        [(wait, error)] = consumer.run(
            "update app.inbox set retry_at = now() - interval '1 s' where consumer = :c "
            "returning extract(epoch from old.retry_at - clock_timestamp())::float, last_error"
        )
        assert isinstance(wait, float)
        waits.append(wait)
        assert error == "ValueError"
    for attempt, wait in enumerate(waits):
        assert 0.79 * min(2 ** (attempt + 1), 600) < wait <= 1.2 * min(2 ** (attempt + 1), 600)
    assert await consumer.waiting() == [behind]
    assert (await consumer.backlog()).parked == 1


async def test_of_a_failure_only_type_place_and_time_are_kept(consumer: Consumer, patient: Principal) -> None:
    [failing] = await consumer.tell(patient)
    async with consumer.transaction() as tx:
        try:
            raise ValueError("allergic to penicillin")
        except ValueError as error:
            await events.failed(tx, consumer.name, failing, error)
        [course] = await events.courses(tx, failing)
        found = await events.find(tx, failing)
    assert found
    assert (course.consumer, course.state, course.attempts, found.id) == (consumer.name, "retrying", 1, failing)
    [failure] = course.failures
    assert (failure["type"], failure["place"].partition(":")[0]) == ("ValueError", "test_events.py")
    assert set(failure) == {"type", "place", "at"}
    assert "penicillin" not in str(consumer.run("select i::text from app.inbox i where consumer = :c"))


async def test_a_parked_event_is_listed_and_tried_again_although_the_consumer_went_on(
    consumer: Consumer, patient: Principal
) -> None:
    given_up, later = await consumer.tell(patient, 2)
    await consumer.fail(given_up, ATTEMPTS)
    await consumer.do(later)
    await consumer.advance()
    assert await consumer.waiting() == []
    async with consumer.transaction() as tx:
        [found] = [each for each in await events.parked(tx) if each.consumer == consumer.name]
        assert (found.event_id, found.type, found.attempts, found.error) == (
            *(given_up, consumer.kind, ATTEMPTS, "ValueError"),
        )
        assert await events.replay(tx, given_up) == [consumer.name]
        assert await events.replay(tx, given_up) == []
    [after] = await consumer.tell(patient)
    assert await consumer.waiting() == [given_up, after]
    await consumer.do(given_up)
    assert (await consumer.backlog()).parked == 0


async def test_all_that_one_consumer_gave_up_or_one_type_is_tried_again(consumer: Consumer, patient: Principal) -> None:
    told = await consumer.tell(patient, 3)
    for event in told:
        await consumer.fail(event, ATTEMPTS)
    async with consumer.transaction() as tx:
        assert await events.replay_all(tx, consumer=new_id().hex) == 0
        assert await events.replay_all(tx, consumer=consumer.name, kind="meal.other") == 0
        assert await events.replay_all(tx, consumer=consumer.name, kind=consumer.kind) == 3
    assert await consumer.waiting() == told


async def test_fresh_events_are_left_to_the_broker_for_a_while_and_asked_for_by_name_with_what_comes_before(
    consumer: Consumer, patient: Principal
) -> None:
    lost, came = await consumer.tell(patient, 2)
    async with consumer.transaction() as tx:
        late = timedelta(minutes=1)
        assert await events.claim(tx, consumer.name, types=[consumer.kind], limit=9, grace=late) == []
        assert await consumer.claim(tx, ids=[came]) == [lost, came]
    await consumer.do(lost, came)
    async with consumer.transaction() as tx:
        assert await consumer.claim(tx, ids=[lost, came]) == []


async def test_what_cannot_be_done_now_is_noted_and_found_by_the_next_look(
    consumer: Consumer, patient: Principal
) -> None:
    failing, behind = await consumer.tell(patient, 2)
    await consumer.fail(failing)
    async with consumer.transaction() as tx:
        assert await consumer.claim(tx, ids=[behind]) == []
        await events.hold(tx, consumer.name, [consumer.kind], [behind])
        await events.hold(tx, consumer.name, [consumer.kind], [behind])
    consumer.be_due()
    assert await consumer.waiting() == [failing, behind]


async def test_what_is_held_up_by_a_failure_is_no_sign_of_too_much_work(consumer: Consumer, patient: Principal) -> None:
    failing, *_ = await consumer.tell(patient, 3)
    async with consumer.transaction() as tx:
        count, age = await events.unseen(tx, consumer.name, [consumer.kind], 2)
        assert (count, timedelta(0) < age < timedelta(minutes=1)) == (2, True)
    await consumer.fail(failing)
    async with consumer.transaction() as tx:
        assert await events.unseen(tx, consumer.name, [consumer.kind], 2) == (0, timedelta(0))


async def test_a_mark_that_came_with_a_backup_from_another_server_is_taken_anew(
    consumer: Consumer, patient: Principal
) -> None:
    consumer.run("update app.event_mark set at = '9000000000000', next = 9000000000000 returning 1")
    told = await consumer.tell(patient)
    await consumer.do(*told)
    await consumer.advance()
    passed = "select settled >= (select seq from app.event where id = :id) from app.event_mark"
    [(settled,)] = consumer.run(passed, id=told[0])
    assert settled is True
    assert consumer.run("select 1 from app.event_mark where settled < 9000000000000") == [(1,)]


async def test_what_was_given_up_is_the_services_own_to_see_and_to_replay(
    consumer: Consumer, patient: Principal
) -> None:
    [event] = await consumer.tell(patient)
    await consumer.fail(event, ATTEMPTS)
    async with consumer.database.transaction(access_of(patient)) as tx:
        assert await events.parked(tx) == []
        assert await events.replay(tx, event) == []
        assert await events.find(tx, event) is None
        assert await events.courses(tx, event) == []


async def test_nobody_tells_events_of_another_or_reads_them(
    consumer: Consumer, patient: Principal, provider: Principal
) -> None:
    forged = [replace(event_of(patient), actor_id=new_id()), event_of(patient, new_id())]
    for event in forged:
        with pytest.raises(DBAPIError, match="row-level security"):
            async with consumer.database.transaction(access_of(patient)) as tx:
                await append(tx, event)
    ungranted = event_of(provider, patient.account_id)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with consumer.database.transaction(access_of(provider, patient.account_id)) as tx:
            await append(tx, ungranted)
    await consumer.tell(patient)
    async with consumer.database.transaction(access_of(patient)) as tx:
        assert await events.pending(tx, new_id().hex, 10) == []
        assert await consumer.claim(tx) == []
