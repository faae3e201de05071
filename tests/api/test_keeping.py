"""What is older than is kept ends as sums, once; a day is told once; and rollups follow the person's own wishes."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.api.clocked import WATCH, Clocked, at_hour, heart_rate
from tests.people import access_of
from vitasense.api.keeping import Keeper
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.devices import Measured, SourceDevice, device_id_of
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.tracking import DayValue, RetentionReport

PHONE = SourceDevice("Phone", kind="phone", external_id="p")
PULSE, STEPS = "8867-4", "55423-8"
DAYS_TOLD = text("select count(*) from app.event where patient_id = :p and type = 'day.ended'")


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    return made


async def values(one: Clocked, metric: str, ago: int, until: int = 0) -> Sequence[DayValue]:
    first, last = ((one.moment - timedelta(days=each)).date() for each in (ago, until))
    async with one.database.transaction(access_of(one.patient)) as tx:
        return await tracking.day_values(tx, one.patient.account_id, metric, first, last)


async def pulses(one: Clocked) -> int:
    async with one.database.transaction(access_of(one.patient)) as tx:
        return len(await tracking.series(tx, one.patient.account_id, PULSE, whole=True))


async def test_samples_of_more_than_a_year_ago_become_sums_and_later_ones_stay(one: Clocked) -> None:
    old = [heart_rate(one.moment - timedelta(days=400, minutes=each), 60 + each % 3) for each in range(30)]
    young = [heart_rate(one.moment - timedelta(days=30, minutes=each), 70) for each in range(30)]
    await one.take([*old, *young])
    before = await values(one, PULSE, 402)
    keeper = Keeper(one.services)
    for _ in range(2):
        await keeper.keep_for(one.patient.account_id)
    assert await pulses(one) == 30
    assert [(each.day, each.value, each.n) for each in await values(one, PULSE, 402)] == [
        (each.day, each.value, each.n) for each in before
    ]
    late = await one.take([heart_rate(one.moment - timedelta(days=400, minutes=5), 200)])
    assert (late.new, late.closed) == (0, 1)


async def test_a_day_is_told_once_however_often_it_is_looked_at(one: Clocked) -> None:
    for _ in range(3):
        await Keeper(one.services).keep_for(one.patient.account_id)
    async with one.database.transaction(system_access("test")) as tx:
        assert (await tx.execute(DAYS_TOLD, {"p": one.patient.account_id})).scalar_one() == 1


async def test_the_trouble_of_one_person_holds_up_nobody_else_and_is_raised(
    one: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await one.person()
    kept: list[UUID] = []

    async def troubled(_tx: object, patient_id: UUID, *_rest: object, **_more: object) -> RetentionReport:
        if patient_id == one.patient.account_id:
            raise RuntimeError("a broken disk")
        kept.append(patient_id)
        return RetentionReport(0, 0, 0, 0, (), False)

    monkeypatch.setattr(tracking, "retire", troubled)
    keeper = Keeper(one.services)
    with pytest.raises(ExceptionGroup, match="not kept"):
        await keeper.keep()
    assert other.account_id in kept


async def test_another_order_of_devices_makes_the_sums_anew(one: Clocked) -> None:
    begins, ends = one.moment - timedelta(days=2, hours=2), one.moment - timedelta(days=2, hours=1)
    await one.take(
        [
            Measured(WATCH, STEPS, begins, 900.0, "{steps}", ends),
            Measured(PHONE, STEPS, begins, 400.0, "{steps}", ends),
        ]
    )
    assert [each.value for each in await values(one, STEPS, 3)] == [900.0]
    whose = one.patient.account_id
    order = [device_id_of(whose, PHONE), device_id_of(whose, WATCH)]
    async with one.database.transaction(access_of(one.patient)) as tx:
        await tracking.set_priority(tx, whose, STEPS, order, by=one.patient, now=one.moment, new_id=new_id)
    await one.drain()
    assert [each.value for each in await values(one, STEPS, 3)] == [400.0]


async def test_another_time_zone_makes_other_days(one: Clocked) -> None:
    late = one.moment.replace(hour=23, minute=30) - timedelta(days=3)
    await one.take([heart_rate(late, 60)])
    [before] = await values(one, PULSE, 5)
    await one.wants(timezone="Asia/Tokyo")
    await one.drain()
    [after] = await values(one, PULSE, 5)
    assert after.day == before.day + timedelta(days=1)


async def test_the_next_day_is_told_however_short_the_time_since(one: Clocked) -> None:
    keeper = Keeper(one.services)
    one.moment = one.moment.replace(hour=23)
    await keeper.keep()
    one.moment += timedelta(minutes=65)
    await keeper.keep()
    async with one.database.transaction(system_access("test")) as tx:
        assert (await tx.execute(DAYS_TOLD, {"p": one.patient.account_id})).scalar_one() == 2
