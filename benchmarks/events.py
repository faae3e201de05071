"""Events from the outbox to a consumer that inserts one row, beside a bare loop of such inserts."""

import asyncio
from time import perf_counter
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, own_access, somebody
from vitasense.api.consumers import Handlers
from vitasense.api.jobs import every
from vitasense.api.lanes import BATCH, Handling, Lane
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Bell, Event, append
from vitasense.deterministic.platform.telemetry import Metrics

KIND, CONSUMER = "benchmark.happened", "benchmark"
PEOPLE = 500
TOLD_AT_ONCE = 500
BARE = f"INSERT of the same rows with psycopg, one by one, {BATCH} to a transaction"
_DONE = text("insert into public.benchmark_done values (:id)")


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Events handled in a second, and how long one takes from before its transaction until it is handled."""
    with psycopg.connect(place.dsn, autocommit=True) as admin:
        admin.execute("create table if not exists public.benchmark_done (id uuid primary key)")
        admin.execute("create table if not exists public.benchmark_bare (id uuid primary key)")
        admin.execute("grant insert on public.benchmark_done to vs_app")
    people = [somebody() for _ in range(PEOPLE)]
    return [
        await _throughput(place, people, 2_000 if quick else 20_000),
        *await _delays(place, people, 100 if quick else 1_000),
    ]


async def _throughput(place: Place, people: list[Principal], count: int) -> Figure:
    ids: list[UUID] = []
    for start in range(0, count, TOLD_AT_ONCE):
        person = people[start // TOLD_AT_ONCE % PEOPLE]
        async with place.database.transaction(own_access(person)) as tx:
            ids += [await _tell(tx, person) for _ in range(TOLD_AT_ONCE)]

    async def done(tx: AsyncSession, event: Event) -> None:
        await tx.execute(_DONE, {"id": event.id})

    lane = _lane(place.database, {KIND: {CONSUMER: done}})
    began = perf_counter()
    while await lane.look():
        pass
    ours = count / (perf_counter() - began)
    return Figure("events handled by one worker", ours, "/s", count / _bare(place.dsn, ids), BARE, ">= 2,000 /s")


def _bare(dsn: str, ids: list[UUID]) -> float:
    began = perf_counter()
    with psycopg.connect(dsn) as connection:
        for start in range(0, len(ids), BATCH):
            for each in ids[start : start + BATCH]:
                connection.execute("insert into public.benchmark_bare values (%s)", (each,))
            connection.commit()
    return perf_counter() - began


async def _delays(place: Place, people: list[Principal], count: int) -> list[Figure]:
    """One event after the other, each awaited: from before the transaction that tells it to the end of its handler."""
    handled = asyncio.Event()
    seconds: list[float] = []

    async def done(tx: AsyncSession, event: Event) -> None:
        await tx.execute(_DONE, {"id": event.id})
        handled.set()

    lane = _lane(place.database, {KIND: {CONSUMER: done}})
    bell, stop = Bell(place.database, system_access("listen")), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(bell.run(stop))
        tasks.create_task(every(0.5, "relay", lane.look, stop, bell.sleeper()))
        await asyncio.sleep(0.5)  # until it listens
        for number in range(count):
            handled.clear()
            person, began = people[number % PEOPLE], perf_counter()
            async with place.database.transaction(own_access(person)) as tx:
                await _tell(tx, person)
            await handled.wait()
            seconds.append(perf_counter() - began)
        stop.set()
    return [
        Figure("event to handled, p50", percentile(seconds, 0.5) * 1000, "ms"),
        Figure("event to handled, p99", percentile(seconds, 0.99) * 1000, "ms", budget="<= 100 ms"),
    ]


async def _tell(tx: AsyncSession, person: Principal) -> UUID:
    now = system_clock()
    event = Event(new_id(), KIND, 1, person.account_id, person.account_id, now, now)
    await append(tx, event)
    return event.id


def _lane(database: Database, handlers: Handlers) -> Lane:
    handles = {kind: each[CONSUMER] for kind, each in handlers.items()}
    metrics = Metrics()
    return Lane(database, CONSUMER, handles, Handling(CONSUMER, handles, metrics), metrics)
