"""From a reading that arrives to the decision about it, with all consumers at work; beside a bare insert, notify and answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import psycopg
from psycopg import AsyncConnection, sql
from pydantic import SecretStr

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, own_access, somebody
from vitasense.api.bootstrap import Services, assemble
from vitasense.api.reacting import handlers_of
from vitasense.api.relay import Relay
from vitasense.deterministic import tracking
from vitasense.deterministic.devices import Delivery, Measured, SourceDevice, device_id_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.events import CHANNEL
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.deterministic.tracking import SampleBlock, microseconds

PEOPLE, EVENTS, QUICK_EVENTS = 50, 500, 100
DAYS = 110
APART = timedelta(minutes=25)  # between two readings of one person: each is one of its own, not one of a stream
CUFF = SourceDevice("A cuff", external_id="cuff-1", kind="cuff")
WATCH = SourceDevice("A watch", external_id="watch-1", kind="watch")
SYSTOLIC, DIASTOLIC, PULSE = "8480-6", "8462-4", "8867-4"
ENGINE = "psycopg: INSERT and NOTIFY, and a listener that writes a row of its own"
_DECIDED = sql.SQL(
    "select exists (select from phi.decision d join app.event e on e.id = d.event_id "
    "where d.patient_id = {} and e.payload->>'delivery_id' = {})"
)


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """One blood pressure after the other, each awaited: from before it is taken until its decision is committed."""
    people = [somebody() for _ in range(10 if quick else PEOPLE)]
    for person in people:
        await _history(place, person, system_clock())
    seconds = await _reactions(place, people, QUICK_EVENTS if quick else EVENTS)
    bare = await _bare(place.dsn, QUICK_EVENTS if quick else EVENTS)
    return [
        _figure("reading to decision, p50", seconds, bare, 0.5, ""),
        _figure("reading to decision, p99", seconds, bare, 0.99, "<= 100 ms"),
    ]


def _figure(name: str, ours: Sequence[float], bare: Sequence[float], share: float, budget: str) -> Figure:
    return Figure(name, percentile(ours, share) * 1000, "ms", percentile(bare, share) * 1000, ENGINE, budget)


async def _history(place: Place, person: Principal, now: datetime) -> None:
    """Months of a person: two blood pressures a day, a pulse each ten minutes, and the sums of both."""
    whose, numbers = person.account_id, np.random.default_rng(person.account_id.int % 2**32)
    start = microseconds(now - timedelta(days=DAYS))
    twice = start + np.arange(2 * DAYS - 1) * 12 * 3_600_000_000
    often = start + np.arange(144 * DAYS - 30) * 600_000_000
    cuff, watch = (device_id_of(whose, each) for each in (CUFF, WATCH))
    blocks = [
        SampleBlock(SYSTOLIC, cuff, twice, numbers.normal(124, 6, twice.size).round()),
        SampleBlock(DIASTOLIC, cuff, twice, numbers.normal(79, 4, twice.size).round()),
        SampleBlock(PULSE, watch, often, numbers.normal(68, 7, often.size).round()),
    ]
    async with place.database.transaction(own_access(person)) as tx:
        await tracking.put_columns(tx, whose, blocks, now=now)
        for block in blocks:
            await tracking.roll_up_all(tx, whose, block.metric)


async def _reactions(place: Place, people: Sequence[Principal], count: int) -> list[float]:
    seconds: list[float] = []
    async with _worker(place) as services, await AsyncConnection.connect(place.dsn, autocommit=True) as admin:
        await admin.execute(sql.SQL("listen {}").format(sql.Identifier(CHANNEL)))
        rounds = count // len(people)
        for number in range(count):
            person, turn = people[number % len(people)], number // len(people)
            at = system_clock() - APART * (rounds - turn)
            delivery = Delivery(f"benchmark:{number}", "api")
            told = str(delivery.id_for(person.account_id))
            began = perf_counter()
            await services.ingest.take(own_access(person), _pressure(at, high=number % 2 == 0), delivery)
            await _decided(admin, person, told)
            seconds.append(perf_counter() - began)
    return seconds


def _pressure(at: datetime, *, high: bool) -> list[Measured]:
    values = (158, 97) if high else (118, 76)
    return [
        Measured(CUFF, code, at, float(value), "mm[Hg]")
        for code, value in zip((SYSTOLIC, DIASTOLIC), values, strict=True)
    ]


async def _decided(admin: AsyncConnection, person: Principal, delivery_id: str) -> None:
    """Until the decision is there: each event that commits rings, and that of the decision is one."""
    query = _DECIDED.format(sql.Literal(person.account_id), sql.Literal(delivery_id))
    while True:
        row = await (await admin.execute(query)).fetchone()
        if row and row[0]:
            return
        async for _ in admin.notifies(timeout=5.0, stop_after=1):
            pass


@asynccontextmanager
async def _worker(place: Place) -> AsyncGenerator[Services]:
    """The service's relay with all its consumers."""
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), secret=SecretStr("for the time of one run"), model=None)
        services = assemble(settings, place.database, place.admin_url, postgres=None, metrics=Metrics())
        relay, stop = Relay(place.database, services.metrics, handlers_of(services)), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(relay.run(stop))
            while await relay.look():  # what the history told is not measured
                pass
            yield services
            stop.set()


async def _bare(dsn: str, count: int) -> list[float]:
    """The same way without anything in it: a row and a notification, and the listener's row with its answer."""
    seconds: list[float] = []
    async with (
        await AsyncConnection.connect(dsn, autocommit=True) as told,
        await AsyncConnection.connect(dsn, autocommit=True) as listening,
    ):
        await told.execute("create table public.benchmark_bell (id uuid primary key, answers uuid)")
        await listening.execute("listen benchmark_bell")
        for _ in range(count):
            began, event = perf_counter(), new_id()
            async with told.transaction():
                await told.execute("insert into public.benchmark_bell values (%s, null)", (event,))
                await told.execute("notify benchmark_bell")
            async for _ in listening.notifies(timeout=5.0, stop_after=1):
                pass
            await listening.execute("insert into public.benchmark_bell values (%s, %s)", (new_id(), event))
            seconds.append(perf_counter() - began)
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("drop table public.benchmark_bell")
    return seconds
