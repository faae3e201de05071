"""What every bus must do. A subclass says which one runs: the outbox alone, or a broker before it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of, new_principal
from vitasense.api.consumers import Handle
from vitasense.api.relay import Relay
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event, EventType, append
from vitasense.deterministic.platform.events.kafka import Broker
from vitasense.deterministic.platform.telemetry import Metrics

PATIENCE_SECONDS = 40.0
NEVER = timedelta(hours=1)  # a broker has to bring everything, unless a test says otherwise

_DONE = text("insert into public.bus_done (consumer, event_id, key) values (:consumer, :event, :key)")


class Stage:
    """One consumer that nobody knew, of a type of its own, that writes a row for each event it has done."""

    def __init__(self, database: Database, admin_url: str, address: str | None) -> None:
        self.database = database
        self._admin = create_engine(admin_url)
        self.name, self.grace = new_id().hex, NEVER
        self.noun = f"thing{self.name}"
        self.kind = f"{self.noun}.happened"
        self.broker = Broker(address, f"test{self.name}", types={self.kind: EventType("A thing.")}) if address else None
        with self._admin.begin() as admin:
            admin.execute(text("select pg_advisory_xact_lock(5)"))
            admin.execute(
                text(
                    "create table if not exists public.bus_done (n bigint generated always as identity, "
                    "consumer text, event_id uuid, key text, at timestamptz default clock_timestamp())"
                )
            )
            admin.execute(text("grant insert, select on public.bus_done to vs_app"))

    def worker(self, before: Handle | None = None) -> Relay:
        """A worker whose handler does `before` and then writes its row."""

        async def handle(tx: AsyncSession, event: Event) -> None:
            if before:
                await before(tx, event)
            await tx.execute(_DONE, {"consumer": self.name, "event": event.id, "key": event.key})

        return Relay(self.database, Metrics(), {self.kind: {self.name: handle}}, self.broker, grace=self.grace)

    @asynccontextmanager
    async def working(self, *workers: Relay) -> AsyncGenerator[None]:
        """The workers run meanwhile."""
        stop = asyncio.Event()
        running = [asyncio.create_task(worker.run(stop)) for worker in workers]
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*running), 30)

    async def tell(self, person: Principal, count: int = 1, kind: str | None = None) -> list[UUID]:
        """Events of this person, each in a transaction of its own."""
        told: list[UUID] = []
        for _ in range(count):
            event = self.event(person, kind)
            async with self.database.transaction(access_of(person)) as tx:
                await append(tx, event)
            told.append(event.id)
        return told

    def event(self, person: Principal, kind: str | None = None) -> Event:
        now = system_clock()
        return Event(new_id(), kind or self.kind, 1, person.account_id, person.account_id, now, now)

    def done(self) -> list[UUID]:
        """What was done, in the order in which it was."""
        return [row[0] for row in self.rows("select event_id from public.bus_done where consumer = :c order by n")]

    def rows(self, statement: str) -> list[tuple[UUID, ...]]:
        with self._admin.begin() as admin:
            return [tuple(row) for row in admin.execute(text(statement), {"c": self.name})]

    def be_due(self) -> None:
        """What failed is tried again now, unless a worker is at it: waiting for it would hold up the loop that it needs."""
        self.rows(
            "update app.inbox set retry_at = now() where (consumer, event_id) in (select consumer, event_id from app.inbox "
            "where consumer = :c and retry_at > now() for update skip locked) returning event_id"
        )

    async def until(self, holds: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait for it, or fail."""
        give_up = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            assert asyncio.get_running_loop().time() < give_up, "it did not happen"
            await asyncio.sleep(0.02)

    async def backlog(self) -> events.Backlog:
        async with self.database.transaction(system_access("test")) as tx:
            return await events.backlog(tx, self.name, [self.kind])

    def end(self) -> None:
        self._admin.dispose()


def by_key(stage: Stage) -> dict[str, list[UUID]]:
    """What was done of each key, in order."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for event, key in stage.rows("select event_id, key from public.bus_done where consumer = :c order by n"):
        found[str(key)].append(event)
    return found


class Conformance:
    """Every test runs on every bus."""

    async def test_all_is_done_once_and_in_order_by_two_workers(self, stage: Stage) -> None:
        people = [new_principal(Role.PATIENT) for _ in range(5)]
        async with stage.working(stage.worker(), stage.worker()):
            told = {str(each.account_id): list[UUID]() for each in people}
            for _ in range(8):
                for person in people:
                    told[str(person.account_id)] += await stage.tell(person)
            await stage.until(lambda: len(stage.done()) >= 40)
        assert set(Counter(stage.done()).values()) == {1}
        assert by_key(stage) == told

    async def test_a_failing_event_is_tried_again_before_what_follows_of_its_key(
        self, stage: Stage, patient: Principal
    ) -> None:
        [failing], other, fails = await stage.tell(patient), new_principal(Role.PATIENT), [True]

        async def fail(tx: AsyncSession, event: Event) -> None:
            if event.id == failing and fails:
                raise ValueError("not yet")

        async with stage.working(stage.worker(fail), stage.worker(fail)):
            behind, apart = await stage.tell(patient, 2), await stage.tell(other, 2)
            await stage.until(lambda: set(apart) <= set(stage.done()))
            assert not {failing, *behind} & set(stage.done())
            fails.clear()
            stage.be_due()
            await stage.until(lambda: len(stage.done()) == 5)
        assert by_key(stage)[str(patient.account_id)] == [failing, *behind]

    async def test_a_poison_event_is_parked_what_follows_goes_on_and_replay_does_it(
        self, stage: Stage, patient: Principal
    ) -> None:
        [poison], mended = await stage.tell(patient), list[bool]()

        async def fail(tx: AsyncSession, event: Event) -> None:
            if event.id == poison and not mended:
                raise ValueError("never")

        async def parked() -> bool:
            stage.be_due()
            return (await stage.backlog()).parked == 1

        async with stage.working(stage.worker(fail)):
            behind = await stage.tell(patient)
            await stage.until(parked)
            await stage.until(lambda: stage.done() == behind)
            mended.append(True)
            async with stage.database.transaction(system_access("test")) as tx:
                assert await events.replay(tx, poison) == [stage.name]
            await stage.until(lambda: stage.done() == [*behind, poison])

    async def test_a_crash_between_work_and_note_undoes_the_work(self, stage: Stage, patient: Principal) -> None:
        reached, crash = asyncio.Event(), asyncio.Event()

        async def hang(tx: AsyncSession, event: Event) -> None:
            await tx.execute(_DONE, {"consumer": stage.name, "event": event.id, "key": "half"})
            reached.set()
            await crash.wait()

        dying = asyncio.create_task(stage.worker(hang).run(asyncio.Event()))
        told = await stage.tell(patient, 2)
        await asyncio.wait_for(reached.wait(), PATIENCE_SECONDS)
        dying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dying
        assert stage.done() == []
        async with stage.working(stage.worker()):
            await stage.until(lambda: stage.done() == told)

    async def test_what_commits_late_is_not_lost(self, stage: Stage, patient: Principal) -> None:
        late = stage.event(new_principal(Role.PATIENT))
        async with stage.working(stage.worker()):
            actor = Principal(late.actor_id or new_id(), Role.PATIENT, None, "", "")
            async with stage.database.transaction(access_of(actor)) as slow:
                await append(slow, late)
                early = await stage.tell(patient, 3)
                await stage.until(lambda: stage.done() == early)
                async with stage.database.transaction(system_access("test")) as tx:
                    await events.advance(tx, stage.name, [stage.kind])
            await stage.until(lambda: stage.done() == [*early, late.id])

    async def test_what_fails_within_many_does_not_take_them_along(self, stage: Stage) -> None:
        people = [new_principal(Role.PATIENT) for _ in range(10)]
        told = [(await stage.tell(person))[0] for person in people]

        async def fail(tx: AsyncSession, event: Event) -> None:
            if event.id == told[4]:
                await tx.execute(text("select 1 / 0"))

        async with stage.working(stage.worker(fail)):
            await stage.until(lambda: len(stage.done()) >= 9)
            backlog = await stage.backlog()
        assert (sorted(stage.done()), backlog.waiting, backlog.retrying) == (sorted({*told} - {told[4]}), 1, 1)

    async def test_a_handler_may_act_as_somebody_else_and_the_next_begins_as_the_service(
        self, stage: Stage, patient: Principal
    ) -> None:
        role = text("select sec.role()")
        told, seen = await stage.tell(patient, 3), list[tuple[object, object]]()

        async def act(tx: AsyncSession, event: Event) -> None:
            before = await tx.scalar(role)
            await stage.database.switch(tx, access_of(patient))
            seen.append((before, await tx.scalar(role)))

        async with stage.working(stage.worker(act)):
            await stage.until(lambda: stage.done() == told)
        assert seen == [("system", "patient")] * 3

    async def test_what_was_told_while_nobody_worked_is_done_at_the_next_start(
        self, stage: Stage, patient: Principal
    ) -> None:
        async with stage.working(stage.worker()):
            first = await stage.tell(patient, 3)
            await stage.until(lambda: stage.done() == first)
        second = await stage.tell(patient, 3)
        async with stage.working(stage.worker()):
            await stage.until(lambda: stage.done() == [*first, *second])
