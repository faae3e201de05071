"""Streams of devices on the real database: the same twice is once, and only who may writes and sees."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.tracking.samples import (
    GLUCOSE,
    NOW,
    PHONE,
    PULSE,
    SLEEP,
    START,
    STEPS,
    WATCH,
    count_of,
    measured,
    put_as,
    share,
)
from tests.people import access_of
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import monitor_access, stream_access
from vitasense.deterministic.platform.access import Action, Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, Unavailable
from vitasense.deterministic.tracking import Flag, SampleBlock, Taken, flag_bits, flags_of, put_columns, put_stream
from vitasense.deterministic.tracking.streams_repository import MANY

WRITES = text("select count(*) from audit.entry where body->>'object' like 'device_sample%'")


@pytest.mark.parametrize("count", [3, MANY + 1])
async def test_sending_twice_keeps_one_of_each_writes_once_and_is_counted(
    database: Database, patient: Principal, count: int
) -> None:
    samples = [measured(60 + minute % 50, minute) for minute in range(count)]
    samples += [measured(20, minute, lasts=1, metric=STEPS, device=PHONE) for minute in range(2)]
    samples[1] = replace(samples[1], note="after the stairs – größer", quality=0.25, flags=frozenset({Flag.STUCK}))
    async with database.transaction(access_of(patient)) as tx:
        first = await put_stream(tx, patient.account_id, samples, now=NOW)
    async with database.transaction(access_of(patient)) as tx:
        again = await put_stream(tx, patient.account_id, samples, now=NOW + timedelta(days=1))
    assert (first.new, first.changed, first.unchanged, first.closed) == (count + 2, 0, 0, 0)
    assert first.touched == {
        PULSE: (START, START + timedelta(minutes=count - 1)),
        STEPS: (START, START + timedelta(minutes=2)),
    }
    assert again == Taken(0, 0, count + 2, 0, {})
    async with database.transaction(access_of(patient)) as tx:
        assert (await tx.execute(WRITES)).scalar_one() == 1
        kept = await tracking.series(tx, patient.account_id, PULSE)
        assert [one.value for one in kept] == [one.value for one in samples[:count]]
        assert (kept[1].note, kept[1].quality, kept[1].flags) == (samples[1].note, 0.25, samples[1].flags)
        assert {(one.unit, one.category, one.by_device, one.record_id) for one in kept} == {
            ("/min", Category.VITALS, True, WATCH)
        }
        steps = await tracking.series(tx, patient.account_id, STEPS)
        assert [(one.until or START) - one.at for one in steps] == [timedelta(minutes=1)] * 2


async def test_a_changed_value_replaces_the_touched_time_covers_its_old_end_and_of_two_with_one_key_the_last_is_kept(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(10, lasts=90, metric=STEPS)])
    async with database.transaction(access_of(patient)) as tx:
        twice = [measured(3, lasts=5, metric=STEPS), measured(4, lasts=5, metric=STEPS)]
        taken = await put_stream(tx, patient.account_id, twice, now=NOW)
        assert (taken.new, taken.changed, taken.unchanged) == (0, 1, 0)
        assert taken.touched == {STEPS: (START, START + timedelta(minutes=90))}
        assert [one.value for one in await tracking.series(tx, patient.account_id, STEPS)] == [4]


async def test_two_devices_at_the_same_moment_stand_side_by_side(database: Database, patient: Principal) -> None:
    await put_as(database, patient, [measured(60), measured(63, device=PHONE)])
    async with database.transaction(access_of(patient)) as tx:
        assert {one.value for one in await tracking.series(tx, patient.account_id, PULSE)} == {60, 63}


@pytest.mark.parametrize(
    "wrong",
    [
        replace(measured(60), metric="1-1"),
        replace(measured(60), unit="Hz"),
        replace(measured(60), value=float("nan")),
        replace(measured(60), value=float("inf")),
        replace(measured(60), at=datetime(2026, 1, 1)),
        replace(measured(60), at=datetime(1600, 1, 1, tzinfo=UTC)),
        replace(measured(60), until=START - timedelta(seconds=1)),
        replace(measured(60), until=START + timedelta(hours=49)),
        replace(measured(60), until=datetime(2026, 6, 1)),
        replace(measured(60), quality=1.5),
        replace(measured(60), quality=float("nan")),
        replace(measured(60), note="a\0b"),
    ],
    ids=range(12),
)
async def test_what_cannot_be_a_sample_is_refused_and_nothing_is_stored(
    database: Database, patient: Principal, wrong: tracking.DeviceSample
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            await put_stream(tx, patient.account_id, [measured(70, 5), wrong], now=NOW)
        assert await count_of(tx, "phi.device_sample") == 0


async def test_no_sample_is_no_work_and_columns_of_different_lengths_are_refused(
    database: Database, patient: Principal
) -> None:
    at = np.array([0, 1], np.int64)
    async with database.transaction(access_of(patient)) as tx:
        assert await put_stream(tx, patient.account_id, [], now=NOW) == Taken()
        empty = SampleBlock(PULSE, WATCH, at[:0], np.empty(0))
        assert await put_columns(tx, patient.account_id, [empty], now=NOW) == Taken()
        with pytest.raises(InvalidInput):
            await put_columns(tx, patient.account_id, [SampleBlock(PULSE, WATCH, at, np.ones(3))], now=NOW)


@given(st.frozensets(st.sampled_from(Flag)))
def test_flags_survive_as_bits_in_their_order(flags: frozenset[Flag]) -> None:
    assert flags_of(flag_bits(flags)) == flags
    assert flag_bits([Flag.IMPOSSIBLE]) == 1
    assert flag_bits([Flag.SELF_REPORTED]) == 128


async def test_a_time_without_a_month_of_its_own_is_kept_and_read_as_well(
    database: Database, patient: Principal
) -> None:
    far = [measured(60, start=datetime(year, 1, 1, tzinfo=UTC)) for year in (1975, 2150)]
    await put_as(database, patient, far)
    async with database.transaction(access_of(patient)) as tx:
        assert [one.at.year for one in await tracking.series(tx, patient.account_id, PULSE)] == [1975, 2150]
        assert await count_of(tx, "phi.device_sample") == 2


async def test_upkeep_makes_months_once(database: Database, patient: Principal) -> None:
    async with database.transaction(stream_access("upkeep", patient.account_id)) as tx:
        await tracking.keep_months(tx, datetime.now(UTC))
        assert await tracking.keep_months(tx, datetime.now(UTC)) == 0


async def test_a_month_is_made_when_nobody_is_in_the_way_and_takes_what_lay_in_the_rest(
    database: Database, patient: Principal
) -> None:
    later = datetime.now(UTC) + timedelta(days=250)
    await put_as(database, patient, [measured(60, start=later)])
    upkeep = stream_access("upkeep", patient.account_id)
    async with database.transaction(access_of(patient)) as reader:
        assert len(await tracking.series(reader, patient.account_id, PULSE)) == 1
        with pytest.raises(Unavailable):
            async with database.transaction(upkeep) as tx:
                await tracking.keep_months(tx, later)
        await put_as(database, patient, [measured(61, 1, start=later)])
    async with database.transaction(upkeep) as tx:
        assert await tracking.keep_months(tx, later) > 0
    async with database.transaction(access_of(patient)) as tx:
        kept = await tracking.series(tx, patient.account_id, PULSE)
        assert [one.value for one in kept] == [60, 61]
        tables = text("select distinct tableoid::regclass::text from phi.device_sample")
        assert (await tx.scalars(tables)).all() == [f"phi.device_sample_{later:%Y%m}"]


async def test_batches_at_once_and_crosswise_lose_nothing(database: Database, patient: Principal) -> None:
    def batch(order: int) -> list[tracking.DeviceSample]:
        return [measured(order, minute) for minute in range(600)][:: 1 if order % 2 else -1]

    await asyncio.gather(*(put_as(database, patient, batch(order)) for order in range(6)))
    async with database.transaction(access_of(patient)) as tx:
        kept = await tracking.series(tx, patient.account_id, PULSE)
    assert len(kept) == 600
    assert len({one.value for one in kept}) == 1


async def test_a_patient_never_writes_or_sees_anothers_stream(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await put_as(database, patient, [measured(60)])
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await tracking.series(tx, patient.account_id, PULSE) == []
        assert await tracking.latest(tx, patient.account_id, [PULSE]) == {}
        assert await tracking.measurements(tx, patient.account_id) == []
        assert await tracking.raw_streams(tx, patient.account_id, PULSE, START, NOW) == {}
    with pytest.raises(ProgrammingError) as denied:
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await put_stream(tx, patient.account_id, [measured(99)], now=NOW)
    assert isinstance(denied.value.orig, psycopg.errors.InsufficientPrivilege)
    async with database.transaction(access_of(patient)) as tx:
        assert [one.value for one in await tracking.series(tx, patient.account_id, PULSE)] == [60]


async def test_a_provider_with_a_grant_sees_its_categories_only_and_reading_does_not_write(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await put_as(database, patient, [measured(60), measured(100, metric=GLUCOSE)])
    await share(database, patient, provider)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        found = await tracking.latest(tx, patient.account_id, [PULSE, GLUCOSE])
        assert found.keys() == {PULSE}
    for many in (1, MANY + 1):
        with pytest.raises(ProgrammingError):
            async with database.transaction(access_of(provider, patient.account_id)) as tx:
                samples = [measured(99, 5 + minute) for minute in range(many)]
                await put_stream(tx, patient.account_id, samples, now=NOW)
    await share(database, patient, provider, actions=frozenset({Action.READ, Action.WRITE}))
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert (await put_stream(tx, patient.account_id, [measured(61, 1)], now=NOW)).new == 1


async def test_the_stream_role_keeps_streams_and_sees_nothing_of_the_record(
    database: Database, patient: Principal
) -> None:
    record = tracking.Sample(PULSE, START, 80, "/min", UUID(int=5), Category.VITALS)
    async with database.transaction(access_of(patient)) as tx:
        await tracking.put(tx, patient.account_id, [record], now=NOW)
    async with database.transaction(stream_access("ingest", patient.account_id, WATCH)) as tx:
        assert (await put_stream(tx, patient.account_id, [measured(60)], now=NOW)).new == 1
        assert [one.value for one in await tracking.series(tx, patient.account_id, PULSE)] == [60]
    async with database.transaction(access_of(patient)) as tx:
        assert {one.value for one in await tracking.series(tx, patient.account_id, PULSE)} == {60, 80}


async def test_the_monitor_reads_until_the_person_says_no_and_never_writes(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(60)])
    watching = monitor_access("watch", patient.account_id)
    async with database.transaction(watching) as tx:
        assert len(await tracking.series(tx, patient.account_id, PULSE)) == 1
    with pytest.raises(ProgrammingError):
        async with database.transaction(watching) as tx:
            await put_stream(tx, patient.account_id, [measured(61, 1)], now=NOW)
    async with database.transaction(access_of(patient)) as tx:
        await tracking.allow_monitoring(tx, patient.account_id, False, by=patient, now=NOW, new_id=new_id)
    async with database.transaction(watching) as tx:
        assert await tracking.series(tx, patient.account_id, PULSE) == []
        assert await tracking.raw_streams(tx, patient.account_id, PULSE, START, NOW) == {}


async def test_nobody_reads_a_month_by_itself(database: Database, patient: Principal) -> None:
    await put_as(database, patient, [measured(60)])
    this_month = f"phi.device_sample_{datetime.now(UTC):%Y%m}"
    for table in ("phi.device_sample_rest", this_month):
        with pytest.raises(ProgrammingError) as denied:
            async with database.transaction(access_of(patient)) as tx:
                await count_of(tx, table)
        assert isinstance(denied.value.orig, psycopg.errors.InsufficientPrivilege)


async def test_a_night_and_a_note_of_any_length_come_back(database: Database, patient: Principal) -> None:
    night = replace(measured(7.5, -120, lasts=450, metric=SLEEP), note="zzz " * 5000)
    await put_as(database, patient, [night])
    async with database.transaction(access_of(patient)) as tx:
        (kept,) = await tracking.series(tx, patient.account_id, SLEEP)
    assert (kept.at, kept.until, kept.value, kept.note) == (night.at, night.until, 7.5, night.note)
