"""The time series on the real database: the same twice is once, and only what may be seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import text

from tests.deterministic.tracking.samples import PHONE, PULSE, STEPS, WATCH, measured, register
from tests.people import access_of
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import (
    Sample,
    drop_record,
    latest,
    measurements,
    merged_series,
    put,
    put_stream,
    raw_streams,
    recorded_series,
    retire,
    roll_up,
    sample_ref,
    series,
)
from vitasense.deterministic.tracking.service import MANY

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
LATER = START + timedelta(days=1)
RECORD = UUID(int=7)
WRITES = text("select count(*) from audit.entry where body->>'object' = 'sample'")


def sample(minute: int = 0, value: float = 120.0, metric: str = "8480-6", record: UUID = RECORD) -> Sample:
    at = START + timedelta(minutes=minute)
    return Sample(metric, at, value, "mm[Hg]", record, Category.VITALS, 90.0, None)


@pytest.mark.parametrize("count", [3, MANY + 1])
async def test_putting_twice_keeps_one_of_each_and_writes_once(
    database: Database, patient: Principal, count: int
) -> None:
    samples = [sample(minute, 100 + minute / 10) for minute in range(count)]
    for _ in range(2):
        async with database.transaction(access_of(patient)) as tx:
            await put(tx, patient.account_id, samples)
    async with database.transaction(access_of(patient)) as tx:
        assert await series(tx, patient.account_id, "8480-6") == samples
        assert (await tx.execute(WRITES)).scalar_one() == 1


async def test_a_changed_value_replaces_and_of_two_with_one_key_the_last_is_kept(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [sample(value=1), sample(value=2)])
        assert [one.value for one in await series(tx, patient.account_id, "8480-6")] == [2]
        await put(tx, patient.account_id, [sample(value=3)])
        assert [one.value for one in await series(tx, patient.account_id, "8480-6")] == [3]


async def test_latest_series_and_overview_agree(database: Database, patient: Principal) -> None:
    given = [sample(minute, minute) for minute in range(5)] + [sample(9, 80, "8462-4")]
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, given)
        newest = await latest(tx, patient.account_id, ["8480-6", "8462-4", "1-1"])
        assert {code: one.value for code, one in newest.items()} == {"8480-6": 4, "8462-4": 80}
        part = await series(
            tx, patient.account_id, "8480-6", START + timedelta(minutes=1), START + timedelta(minutes=3)
        )
        assert [one.value for one in part] == [1, 2]
        overview = await measurements(tx, patient.account_id)
    assert [(one.metric, one.count, one.last_value, one.first_at) for one in overview] == [
        ("8462-4", 1, 80, START + timedelta(minutes=9)),
        ("8480-6", 5, 4, START),
    ]


async def test_dropping_a_record_removes_its_samples_only(database: Database, patient: Principal) -> None:
    other = uuid5(RECORD, "other")
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [sample(), sample(record=other)])
        await drop_record(tx, patient.account_id, RECORD)
        assert [one.record_id for one in await series(tx, patient.account_id, "8480-6")] == [other]


async def test_a_number_that_is_none_and_a_time_without_zone_are_refused_and_nothing_is_stored(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            await put(tx, patient.account_id, [sample(), sample(1, float("nan"))])
        with pytest.raises(InvalidInput):
            await put(tx, patient.account_id, [Sample("1-1", datetime(2025, 1, 1), 1, "1", RECORD, Category.LABS)])
        assert await measurements(tx, patient.account_id) == []


async def test_a_provider_without_grant_sees_no_series(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [sample()])
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await measurements(tx, patient.account_id) == []
        assert await series(tx, patient.account_id, "8480-6") == []
        assert await latest(tx, patient.account_id, ["8480-6"]) == {}


async def test_record_and_devices_are_one_series_and_what_no_answer_may_use_is_left_out_unless_asked_for(
    database: Database, patient: Principal
) -> None:
    whose = patient.account_id
    pulse = Sample(PULSE, START + timedelta(minutes=1), 80, "/min", RECORD, Category.VITALS, 60, 100)
    streamed = [measured(70, start=START), measured(500, 2, start=START, quality=0)]
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, whose, [pulse])
        await put_stream(tx, whose, streamed, now=START)
        assert [(one.value, one.by_device, one.record_id) for one in await series(tx, whose, PULSE)] == [
            (70, True, WATCH),
            (80, False, RECORD),
        ]
        assert [one.value for one in await series(tx, whose, PULSE, whole=True)] == [70, 80, 500]
        assert (await latest(tx, whose, [PULSE]))[PULSE] == pulse
        worst = (await latest(tx, whose, [PULSE], whole=True))[PULSE]
        assert (worst.value, worst.quality) == (500, 0)
        assert sample_ref(worst) == f"DeviceSample/{WATCH}/{PULSE}/2025-03-01T08:02:00.000000Z"
        (found,) = await measurements(tx, whose)
        assert (found.count, found.first_at, found.last_value, found.by_device) == (2, START, 80, False)
        assert [one.value for one in await recorded_series(tx, whose, PULSE, START, LATER)] == [80]
        raw = await raw_streams(tx, whose, PULSE, START, LATER)
        assert raw[WATCH].value.tolist() == [70, 500]


async def test_of_a_long_series_the_newest_are_given(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await put_stream(tx, patient.account_id, [measured(n, n, start=START) for n in range(600)], now=START)
        newest = await series(tx, patient.account_id, PULSE, most=3)
        assert [one.value for one in newest] == [597, 598, 599]
        merged = await merged_series(tx, patient.account_id, PULSE, START, LATER, most=3)
        assert [one.value for one in merged] == [597, 598, 599]


async def test_a_merged_series_counts_what_two_devices_saw_once_and_says_which_one_saw_it(
    database: Database, patient: Principal
) -> None:
    whose = patient.account_id
    async with database.transaction(access_of(patient)) as tx:
        await register(tx, whose, WATCH, "watch")
        await register(tx, whose, PHONE, "phone")
        both = [measured(100, lasts=60, metric=STEPS, start=START)]
        both += [measured(60, 30, lasts=60, metric=STEPS, device=PHONE, start=START)]
        await put_stream(tx, whose, both, now=START)
        await put(tx, whose, [Sample(STEPS, START, 5, "{steps}", RECORD, Category.VITALS)])
        found = await merged_series(tx, whose, STEPS, START, LATER)
        assert [(one.value, one.record_id) for one in found] == [(5, RECORD), (100, WATCH), (30, PHONE)]
        assert len(await merged_series(tx, whose, STEPS, START, LATER, of_devices=True)) == 2
        assert await merged_series(tx, whose, "2093-3", START, LATER) == []


async def test_whole_and_other_numbers_are_stored_together(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [sample(0, 80), sample(1, 80.5), replace(sample(2, 1), high=3)])
        assert [one.value for one in await series(tx, patient.account_id, "8480-6")] == [80, 80.5, 1]


async def test_the_overview_counts_what_was_rolled_up_what_came_after_and_what_was_retired(
    database: Database, patient: Principal
) -> None:
    whose = patient.account_id
    async with database.transaction(access_of(patient)) as tx:

        async def count() -> tuple[int, datetime]:
            (found,) = await measurements(tx, whose)
            return found.count, found.first_at

        await put_stream(tx, whose, [measured(70, n, start=START) for n in range(10)], now=START)
        assert await count() == (10, START)
        await roll_up(tx, whose, PULSE, START, START)
        assert await count() == (10, START)
        await put_stream(tx, whose, [measured(70, start=START + timedelta(days=3))], now=START)
        assert await count() == (11, START)
        await put(tx, whose, [Sample(PULSE, LATER, 60, "/min", RECORD, Category.VITALS)])
        await retire(tx, whose, START + timedelta(days=367))
        assert await count() == (12, START.replace(hour=0))
