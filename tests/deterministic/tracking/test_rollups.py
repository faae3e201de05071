"""Rollups: whatever is rolled up when, the hours and days come to what the samples come to."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.tracking.samples import (
    NOW,
    PHONE,
    PULSE,
    SLEEP,
    START,
    STEPS,
    WATCH,
    measured,
    put_as,
    register,
    share,
)
from tests.people import access_of
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import stream_access
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import PersonSettings, put_stream, roll_up
from vitasense.deterministic.tracking.rollups_repository import Rollup, Span, rollups

WHOLE = (START - timedelta(days=40), START + timedelta(days=40))


async def rows(
    tx: AsyncSession, patient: Principal, metric: str = PULSE, span: Span = "day", *, merged: bool = True
) -> list[Rollup]:
    return await rollups(tx, patient.account_id, metric, span, *WHOLE, merged=merged)


async def live_in(tx: AsyncSession, patient: Principal, zone: str) -> None:
    wanted = PersonSettings(timezone=zone)
    await tracking.save_settings(tx, patient.account_id, wanted, by=patient, now=NOW, new_id=new_id)


async def test_numbers_of_moments_are_counted_with_their_mean_middle_and_last(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(v, m) for m, v in ((0, 60), (10, 90), (59, 66), (61, 70), (130, 71))])
    async with database.transaction(access_of(patient)) as tx:
        assert await roll_up(tx, patient.account_id, PULSE, START, START) == 8
        first, second, third = await rows(tx, patient, span="hour")
        assert (first.n, first.total, first.least, first.most, first.middle, first.last_value) == (
            3,
            216,
            60,
            90,
            66,
            66,
        )
        assert first.total_squares == 60**2 + 90**2 + 66**2
        assert (first.starts, first.ends, first.last_at) == (
            START,
            START + timedelta(hours=1),
            START + timedelta(minutes=59),
        )
        assert (second.n, third.n) == (1, 1)
        (day,) = await rows(tx, patient)
        assert (day.n, day.total, day.middle, day.last_value, day.quality) == (5, 357, 70, 71, 1)
        assert day.ends - day.starts == timedelta(days=1)
        (own,) = await rows(tx, patient, merged=False)
        assert replace(own, device_id=day.device_id) == day


async def test_what_no_answer_may_use_is_in_no_rollup(database: Database, patient: Principal) -> None:
    await put_as(database, patient, [measured(60), measured(900, 1, quality=0), measured(1, 3000, quality=0)])
    async with database.transaction(access_of(patient)) as tx:
        await roll_up(tx, patient.account_id, PULSE, *WHOLE)
        assert [(row.n, row.most) for row in await rows(tx, patient)] == [(1, 60)]


async def test_steps_are_shared_out_over_the_hours_and_days_that_they_touch(
    database: Database, patient: Principal
) -> None:
    await put_as(
        database, patient, [measured(90, 30, lasts=90, metric=STEPS), measured(40, -20, lasts=40, metric=STEPS)]
    )
    async with database.transaction(access_of(patient)) as tx:
        await roll_up(tx, patient.account_id, STEPS, *WHOLE)
        hours = {row.starts: row.total for row in await rows(tx, patient, STEPS, "hour")}
        before = START - timedelta(hours=1)
        # the second reaches to 00:20, the first from 00:30 to 02:00
        assert hours == {before: 20, START: 20 + 30, START + timedelta(hours=1): 60}
        assert [row.total for row in await rows(tx, patient, STEPS)] == [20, 110]


async def test_a_night_belongs_to_the_day_on_which_it_ends_and_a_nap_until_midnight_to_the_one_before(
    database: Database, patient: Principal
) -> None:
    night = measured(7.5, -120, lasts=450, metric=SLEEP)
    nap = measured(1, 23 * 60, lasts=60, metric=SLEEP)
    await put_as(database, patient, [night, nap])
    async with database.transaction(access_of(patient)) as tx:
        await roll_up(tx, patient.account_id, SLEEP, *WHOLE)
        (day,) = await rows(tx, patient, SLEEP)
        assert (day.starts, day.total, day.n) == (START, 8.5, 2)
        hours = [(row.starts - START, row.total) for row in await rows(tx, patient, SLEEP, "hour")]
        assert hours == [(timedelta(hours=5), 7.5), (timedelta(hours=23), 1)]


async def test_a_night_of_two_devices_counts_once_and_wholly_on_its_day(database: Database, patient: Principal) -> None:
    watch = measured(8, -120, lasts=480, metric=SLEEP)
    phone = measured(8, -60, lasts=480, metric=SLEEP, device=PHONE)
    async with database.transaction(access_of(patient)) as tx:
        await register(tx, patient.account_id, PHONE, "watch")
        await register(tx, patient.account_id, WATCH, "phone")
        await put_stream(tx, patient.account_id, [watch, phone], now=NOW)
        await roll_up(tx, patient.account_id, SLEEP, *WHOLE)
        (day,) = await rows(tx, patient, SLEEP)
        assert (day.starts, round(day.total, 9)) == (START, 9)
        assert round(sum(row.total for row in await rows(tx, patient, SLEEP, "hour")), 9) == 9
        assert [row.total for row in await rows(tx, patient, SLEEP, merged=False)] == [8, 8]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Vienna", datetime(2026, 3, 29, 12, tzinfo=UTC), 23),
        ("Europe/Vienna", datetime(2026, 10, 25, 12, tzinfo=UTC), 25),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 20, tzinfo=UTC), 24.5),
        ("Asia/Kolkata", datetime(2026, 4, 4, 20, tzinfo=UTC), 24),
        ("Asia/Beirut", datetime(2026, 3, 29, 12, tzinfo=UTC), 23),  # whose clocks change at midnight
        ("America/Havana", datetime(2026, 11, 1, 12, tzinfo=UTC), 25),
    ],
)
async def test_a_day_is_the_persons_own_also_when_clocks_change(
    database: Database, patient: Principal, zone: str, day: datetime, hours: float
) -> None:
    local = day.astimezone(ZoneInfo(zone)).date()
    samples = [measured(1, 15 * n, start=day - timedelta(days=2)) for n in range(4 * 24 * 4)]
    async with database.transaction(access_of(patient)) as tx:
        await live_in(tx, patient, zone)
        await put_stream(tx, patient.account_id, samples, now=NOW)
        await roll_up(tx, patient.account_id, PULSE, samples[0].at, samples[-1].at)
        found = await rollups(tx, patient.account_id, PULSE, "day", day, day + timedelta(seconds=1))
        assert [(row.ends - row.starts, row.n) for row in found] == [(timedelta(hours=hours), hours * 4)]
        starts, ends = (edge.astimezone(ZoneInfo(zone)) for edge in (found[0].starts, found[0].ends))
        assert (starts.date(), ends.date()) == (local, local + timedelta(days=1))
        assert ends.time().isoformat() in {"00:00:00", "01:00:00"}
        (value,) = await tracking.day_values(tx, patient.account_id, PULSE, local, local)
        assert (value.day, value.n) == (local, hours * 4)
        of_hours = await rollups(tx, patient.account_id, PULSE, "hour", found[0].starts, found[0].ends)
        assert sum(row.n for row in of_hours) == hours * 4


async def test_rows_without_samples_vanish_and_nothing_changes_when_nothing_did(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(60), measured(70, 120)])
    async with database.transaction(access_of(patient)) as tx:
        await roll_up(tx, patient.account_id, PULSE, *WHOLE)
        assert await roll_up(tx, patient.account_id, PULSE, *WHOLE) == 0
        await put_stream(tx, patient.account_id, [measured(70, 120, quality=0)], now=NOW)
        assert await roll_up(tx, patient.account_id, PULSE, START, START) == 4  # two hours gone, two days changed
        assert [row.n for row in await rows(tx, patient, span="hour")] == [1]


async def test_a_clock_that_began_anew_in_1970_costs_no_years_of_work(database: Database, patient: Principal) -> None:
    reset = datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    await put_as(database, patient, [measured(60, start=reset), measured(60)])
    async with database.transaction(access_of(patient)) as tx:
        statements = await count_statements(tx, roll_up(tx, patient.account_id, PULSE, reset, START))
        assert statements < 20
        found = await rollups(tx, patient.account_id, PULSE, "day", reset, START + timedelta(days=1))
        assert [row.n for row in found] == [1, 1]


async def count_statements(tx: AsyncSession, work: Awaitable[object]) -> int:
    """How many statements the work took."""
    seen: list[object] = []
    connection = (await tx.connection()).sync_connection
    assert connection is not None

    def note(*given: object) -> None:
        seen.append(given)

    event.listen(connection, "before_cursor_execute", note)
    await work
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


async def test_a_changed_zone_makes_the_open_days_anew(database: Database, patient: Principal) -> None:
    await put_as(database, patient, [measured(60, 60 * hour) for hour in range(48)])
    async with database.transaction(access_of(patient)) as tx:
        await roll_up(tx, patient.account_id, PULSE, *WHOLE)
        assert [row.n for row in await rows(tx, patient)] == [24, 24]
        await live_in(tx, patient, "Asia/Kolkata")
        assert await tracking.roll_up_all(tx, patient.account_id, PULSE) > 0
        assert [row.n for row in await rows(tx, patient)] == [19, 24, 5]
        assert sum(row.n for row in await rows(tx, patient, span="hour")) == 48
        await live_in(tx, patient, "UTC")
        await tracking.roll_up_all(tx, patient.account_id, PULSE)
        assert [row.n for row in await rows(tx, patient)] == [24, 24]


async def test_another_order_of_devices_changes_what_is_merged(database: Database, patient: Principal) -> None:
    samples = [measured(100, lasts=60, metric=STEPS), measured(80, lasts=60, metric=STEPS, device=PHONE)]
    async with database.transaction(access_of(patient)) as tx:
        await register(tx, patient.account_id, WATCH, "watch")
        await register(tx, patient.account_id, PHONE, "phone")
        await put_stream(tx, patient.account_id, samples, now=NOW)
        await roll_up(tx, patient.account_id, STEPS, START, START)
        assert [row.total for row in await rows(tx, patient, STEPS)] == [100]
        await tracking.set_priority(tx, patient.account_id, STEPS, [PHONE], by=patient, now=NOW, new_id=new_id)
        await tracking.roll_up_all(tx, patient.account_id, STEPS)
        assert [row.total for row in await rows(tx, patient, STEPS)] == [80]
        assert [row.total for row in await rows(tx, patient, STEPS, merged=False)] == [100, 80]


async def test_devices_that_send_at_the_same_time_lose_nothing_of_each_other(
    database: Database, patient: Principal
) -> None:
    async def send(device: int) -> None:
        async with database.transaction(stream_access("ingest", patient.account_id, UUID(int=device))) as tx:
            sent = [measured(1, device * 100 + n, device=UUID(int=device)) for n in range(50)]
            taken = await put_stream(tx, patient.account_id, sent, now=NOW)
            await tracking.roll_up_taken(tx, patient.account_id, taken)

    await asyncio.gather(*(send(device) for device in range(1, 7)))
    async with database.transaction(access_of(patient)) as tx:
        assert [row.n for row in await rows(tx, patient)] == [300]


async def test_only_what_devices_measure_is_rolled_up_and_only_by_who_may(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await put_as(database, patient, [measured(60)])
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            await roll_up(tx, patient.account_id, "2093-3", *WHOLE)
        with pytest.raises(InvalidInput):
            await roll_up(tx, patient.account_id, PULSE, NOW, START)
        assert await tracking.streamed_metrics(tx, patient.account_id) == [PULSE]
    await share(database, patient, provider)
    with pytest.raises(ProgrammingError):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await roll_up(tx, patient.account_id, PULSE, *WHOLE)
    async with database.transaction(access_of(patient)) as tx:
        assert await rows(tx, patient) == []
        await roll_up(tx, patient.account_id, PULSE, *WHOLE)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert [row.n for row in await rows(tx, patient)] == [1]
