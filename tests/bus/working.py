"""What the kill tests kill: `python -m tests.bus.working worker` and `… producer NUMBER EVENTS`.

The producer keeps a ledger in the transaction of each event: killed and started again, it goes on where it was.
"""

import asyncio
import logging
import os
import random
import sys
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import KEY, access_of
from vitasense.api.relay import Relay
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import ContextSigner, Database
from vitasense.deterministic.platform.events import Event, EventType, append
from vitasense.deterministic.platform.events.kafka import Broker
from vitasense.deterministic.platform.logging import configure
from vitasense.deterministic.platform.telemetry import Metrics

KIND, CONSUMER = "kill.happened", "kills"
PEOPLE = 40  # of one producer
GRACE = timedelta(seconds=2)
TABLES = (
    "create table public.kill_told (key text, n int, event_id uuid, primary key (key, n));"
    "create table public.kill_done (at bigint generated always as identity primary key, key text, n int, event_id uuid);"
    "grant select, insert on public.kill_told, public.kill_done to vs_app"
)
_DONE = text("insert into public.kill_done (key, n, event_id) values (:key, :n, :event)")
_TOLD = text("insert into public.kill_told (key, n, event_id) values (:key, :n, :event)")
_LEDGER = text("select key, max(n) from public.kill_told group by key")


async def count(tx: AsyncSession, event: Event) -> None:
    """One row for each time an event is handled: nothing stops a second one but the bus."""
    await tx.execute(_DONE, {"key": event.key, "n": event.payload["n"], "event": event.id})


async def work(database: Database) -> None:
    """Relay until killed."""
    address = os.environ.get("KILLS_BROKER")
    broker = Broker(address, "kills", types={KIND: EventType("A kill.", {"n": "count"})}) if address else None
    relay = Relay(database, Metrics(), {KIND: {CONSUMER: count}}, broker, grace=GRACE)
    await relay.run(asyncio.Event())


async def produce(database: Database, number: int, events: int) -> None:
    """Tell of events until the ledger holds them all; an outage is waited for, and asked about afterwards."""
    people = [Principal(UUID(int=number * 1000 + each + 1), Role.PATIENT, None, "", "") for each in range(PEOPLE)]
    while True:
        try:
            told = await _ledger(database, people)
            while sum(told.values()) < events:
                await _tell(database, random.choice(people), told, events - sum(told.values()))
            return
        except (DBAPIError, OSError):
            await asyncio.sleep(0.1)


async def _ledger(database: Database, people: list[Principal]) -> dict[str, int]:
    told = {str(person.account_id): 0 for person in people}
    async with database.transaction(access_of(people[0])) as tx:
        for key, last in await tx.execute(_LEDGER):
            if key in told:
                told[key] = last
    return told


async def _tell(database: Database, person: Principal, told: dict[str, int], most: int) -> None:
    """One to five events in a transaction, some of which are undone by a change of mind."""
    key, now = str(person.account_id), system_clock()
    numbers = range(told[key] + 1, told[key] + 1 + min(random.randint(1, 5), most))
    try:
        async with database.transaction(access_of(person)) as tx:
            for n in numbers:
                event = Event(new_id(), KIND, 1, person.account_id, person.account_id, now, now, payload={"n": n})
                await tx.execute(_TOLD, {"key": key, "n": n, "event": event.id})
                await append(tx, event)
            if random.random() < 0.02:
                raise _ChangedMindError
    except _ChangedMindError:
        return
    told[key] = numbers[-1]


class _ChangedMindError(Exception):
    """The transaction is rolled back."""


async def main() -> None:
    """Run the role that is named."""
    role, *numbers = sys.argv[1:]
    database = Database(os.environ["KILLS_DATABASE"], ContextSigner(KEY))
    await (work(database) if role == "worker" else produce(database, *map(int, numbers)))


if __name__ == "__main__":
    configure("error")
    logging.captureWarnings(capture=True)
    asyncio.run(main())
