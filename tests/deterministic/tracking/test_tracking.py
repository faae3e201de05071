"""The time series on the real database: the same twice is once, and only what may be seen."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import text

from tests.people import access_of
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Sample, drop_record, latest, measurements, put, series
from vitasense.deterministic.tracking.service import MANY

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
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
