"""Small factories for what tools tell of: readings of a person, devices and their streams, and a call of one tool."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of
from vitasense.deterministic import devices, tracking
from vitasense.deterministic.devices import SourceDevice
from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Principal, own_purpose
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.records import write_observation
from vitasense.deterministic.tracking import DeviceSample, device_metrics
from vitasense.guardrails import PersonFacts
from vitasense.tools.context import Call, RunContext
from vitasense.tools.tool import ReadTool, WriteTool

NOW = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)  # a Thursday
DAY = timedelta(days=1)
PRESSURE, SYSTOLIC, DIASTOLIC, PULSE, RESTING = "85354-9", "8480-6", "8462-4", "8867-4", "40443-4"
STEPS, SLEEP, SENSOR = "55423-8", "93832-4", "99504-3"
MM = "mm[Hg]"


def run_of(
    person: Principal, database: Database, said: str, *, now: datetime = NOW, age: float | None = 50
) -> RunContext:
    """A turn of a person about the own record who said this."""
    return RunContext(
        principal=person,
        purpose=own_purpose(person),
        patient_id=person.account_id,
        thread_id=new_id(),
        turn_id=new_id(),
        database=database,
        clock=lambda: now,
        person=PersonFacts(age=age, sex="female"),
        reading=read(said, now=now),
        said_at=now,
    )


async def told(
    tool: ReadTool[Any],
    database: Database,
    person: Principal,
    said: str,
    *,
    now: datetime = NOW,
    age: float | None = 50,
) -> list[Finding]:
    """What the tool answers to a sentence that was understood as one for it."""
    run = run_of(person, database, said, now=now, age=age)
    assert run.reading is not None
    assert run.reading.top and run.reading.top.name in tool.intents, (said, run.reading.intents)
    findings: list[Finding] = []
    async with database.transaction(replace(access_of(person), reads=tool.reads)) as tx:
        for asked in tool.plan(run.reading):
            findings += await tool.run(Call(tx, run, now, tool.reads), asked)
    return findings


async def proposed(
    tool: WriteTool[Any], database: Database, person: Principal, said: str, *, now: datetime = NOW
) -> Any:
    """What the tool proposes for a sentence, or the findings that say why it proposes nothing."""
    run = run_of(person, database, said, now=now)
    assert run.reading is not None
    assert run.reading.top and run.reading.top.name in tool.intents, (said, run.reading.intents)
    (asked,) = tool.plan(run.reading)
    async with database.transaction(access_of(person)) as tx:
        return await tool.propose(Call(tx, run, now, ALL_CATEGORIES), asked)


async def done(
    tool: WriteTool[Any], database: Database, person: Principal, said: str, *, now: datetime = NOW
) -> list[Finding]:
    """What is read back after the person said yes to the only proposal of a sentence."""
    run = run_of(person, database, said, now=now)
    assert run.reading is not None
    (asked,) = tool.plan(run.reading)
    access = replace(access_of(person), reads=tool.reads | tool.writes, writes=tool.writes)
    async with database.transaction(access) as tx:
        call = Call(tx, run, now, tool.reads | tool.writes)
        return list(await tool.read_back(call, await tool.write(call, asked, new_id())))


async def measured(tx: AsyncSession, person: Principal, at: datetime, systolic: float, diastolic: float) -> UUID:
    """A blood pressure that the person wrote down."""
    values = [(SYSTOLIC, systolic, MM), (DIASTOLIC, diastolic, MM)]
    return await write_observation(
        tx, person.account_id, observation_id=new_id(), code=PRESSURE, values=values, at=at, now=at
    )


async def a_device(tx: AsyncSession, person: Principal, name: str, kind: str | None, **more: Any) -> UUID:
    """A registered device."""
    source = SourceDevice(name=name, kind=kind, **more)
    made = await devices.register(
        tx, person.account_id, source, actor_id=person.account_id, now=NOW - 200 * DAY, new_id=new_id
    )
    return made.id


def sample(
    metric: str, at: datetime, value: float, device: UUID, *, minutes: float | None = None, **more: Any
) -> DeviceSample:
    """One number of a device; of an interval when it lasts some minutes."""
    until = None if minutes is None else at + timedelta(minutes=minutes)
    return DeviceSample(metric, at, value, device_metrics()[metric].unit, device, until, **more)


async def streamed(database: Database, person: Principal, samples: Sequence[DeviceSample]) -> None:
    """Store samples of devices, and their days."""
    async with database.transaction(access_of(person)) as tx:
        taken = await tracking.put_stream(tx, person.account_id, samples, now=NOW)
        await tracking.roll_up_taken(tx, person.account_id, taken, timezone="UTC")
