"""Charts: as fine as the points allow, never more of them, and never a number that was not measured."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.deterministic.tracking.samples import (
    GLUCOSE,
    NOW,
    PHONE,
    PULSE,
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
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import Sample, chart, day_values, put, put_stream, retire, roll_up_taken

END = START + timedelta(days=30)
WEIGHT = "29463-7"


def recorded(value: float, minutes: float, unit: str = "/min", metric: str = PULSE, at: datetime = START) -> Sample:
    when = at + timedelta(minutes=minutes)
    return Sample(metric, when, value, unit, UUID(int=int(minutes) + 1), Category.VITALS)


async def take(database: Database, patient: Principal, samples: list[tracking.DeviceSample]) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await roll_up_taken(tx, patient.account_id, await put_stream(tx, patient.account_id, samples, now=NOW))


async def test_few_samples_are_shown_as_they_are_and_the_records_own_beside_them(
    database: Database, patient: Principal
) -> None:
    await take(database, patient, [measured(60), measured(70, 10), measured(5, 20, quality=0)])
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [recorded(80, 5), recorded(1, 6, "mmol/L")], now=NOW)
        found = await chart(tx, patient.account_id, PULSE, START, END)
    assert (found.resolution, found.unit, found.kind, found.left_out, found.cut) == ("raw", "/min", "instant", 1, False)
    assert [(point.value, point.by_device, point.until) for point in found.points] == [
        (60, True, None),
        (80, False, None),
        (70, True, None),
    ]


@pytest.mark.parametrize(
    ("most", "resolution", "count"),
    [(720, "raw", 720), (719, "hour", 120), (119, "day", 5), (4, "days", 3), (1, "days", 1)],
)
async def test_the_finest_that_has_room_is_taken(
    database: Database, patient: Principal, most: int, resolution: str, count: int
) -> None:
    await take(database, patient, [measured(n % 7, 10 * n) for n in range(720)])
    async with database.transaction(access_of(patient)) as tx:
        found = await chart(tx, patient.account_id, PULSE, START, END, most=most)
    assert (found.resolution, len(found.points)) == (resolution, count)
    assert sum(point.n for point in found.points) == 720
    assert sum(point.value * point.n for point in found.points) == pytest.approx(sum(n % 7 for n in range(720)))
    assert (min(point.least for point in found.points), max(point.most for point in found.points)) == (0, 6)


async def test_steps_are_summed_never_averaged_and_two_devices_count_once(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await register(tx, patient.account_id, WATCH, "watch")
        await register(tx, patient.account_id, PHONE, "phone")
    both = [measured(10, 10 * n, lasts=10, metric=STEPS) for n in range(144)]
    both += [measured(9, 10 * n, lasts=10, metric=STEPS, device=PHONE) for n in range(144)]
    await take(database, patient, both)
    async with database.transaction(access_of(patient)) as tx:
        for most, value in ((1000, 10), (100, 60), (10, 1440)):
            found = await chart(tx, patient.account_id, STEPS, START, END, most=most)
            assert {round(point.value, 6) for point in found.points} == {value}


async def test_samples_that_are_not_summed_up_yet_are_told_never_shown_as_nothing(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(60, n) for n in range(20)])
    async with database.transaction(access_of(patient)) as tx:
        waiting = await chart(tx, patient.account_id, PULSE, START, END, most=10)
        assert (waiting.resolution, waiting.points, waiting.complete) == ("hour", [], False)
        await tracking.roll_up_all(tx, patient.account_id, PULSE)
        assert (await chart(tx, patient.account_id, PULSE, START, END, most=10)).complete
        await put_stream(tx, patient.account_id, [measured(60, 100)], now=NOW)
        assert not (await chart(tx, patient.account_id, PULSE, START, END, most=10)).complete


async def test_days_that_were_retired_are_still_shown(database: Database, patient: Principal) -> None:
    await take(database, patient, [measured(60), measured(70, 2000)])
    async with database.transaction(access_of(patient)) as tx:
        await retire(tx, patient.account_id, START + timedelta(days=366))
        found = await chart(tx, patient.account_id, PULSE, START, END)
        assert (found.resolution, [point.value for point in found.points]) == ("hour", [60, 70])


async def test_a_metric_that_devices_do_not_measure_is_drawn_of_the_record_and_nothing_has_no_unit(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        given = [recorded(5, 1, "mmol/L", "2093-3"), recorded(200, 2, "mg/dL", "2093-3")]
        await put(tx, patient.account_id, given, now=NOW)
        found = await chart(tx, patient.account_id, "2093-3", START, END)
        assert (found.unit, len(found.points), found.left_out) == ("mg/dL", 2, 0)
        assert [round(point.value) for point in found.points] == [193, 200]
        assert (await chart(tx, patient.account_id, "2093-3", START, END, most=1)).cut
        nothing = await chart(tx, patient.account_id, GLUCOSE, START, END)
        assert (nothing.unit, nothing.points) == (None, [])
        with pytest.raises(InvalidInput):
            await chart(tx, patient.account_id, PULSE, END, START)
        with pytest.raises(InvalidInput):
            await chart(tx, patient.account_id, PULSE, START, END, most=0)


async def test_day_values_are_of_the_persons_days_and_the_record_fills_days_without_devices(
    database: Database, patient: Principal
) -> None:
    first = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # already the second of June in Vienna
    async with database.transaction(access_of(patient)) as tx:
        wanted = tracking.PersonSettings(timezone="Europe/Vienna")
        await tracking.save_settings(tx, patient.account_id, wanted, by=patient, now=NOW, new_id=new_id)
    await take(
        database, patient, [measured(v, start=first, metric=WEIGHT, minutes=m) for v, m in ((80, 0), (81, 9), (85, 10))]
    )
    async with database.transaction(access_of(patient)) as tx:
        given = [
            recorded(176.37, 0, "[lb_av]", WEIGHT, first + timedelta(days=3)),
            recorded(99, 1, "kg", WEIGHT, first),
        ]
        await put(tx, patient.account_id, given, now=NOW)
        found = await day_values(tx, patient.account_id, WEIGHT, date(2026, 6, 1), date(2026, 6, 9))
        assert [(day.day, round(day.value, 1), day.middle > 80.5, day.n, day.by_device) for day in found] == [
            (date(2026, 6, 2), 82.0, True, 3, True),
            (date(2026, 6, 5), 80.0, False, 1, False),
        ]
        assert await day_values(tx, patient.account_id, WEIGHT, date(2026, 6, 3), date(2026, 6, 4)) == []
        with pytest.raises(InvalidInput):
            await day_values(tx, patient.account_id, WEIGHT, date(2026, 6, 9), date(2026, 6, 1))
        with pytest.raises(InvalidInput):
            await day_values(tx, patient.account_id, WEIGHT, date.min, date.max)


async def test_recorded_sums_never_make_a_day_for_nobody_knows_whether_they_overlap(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await put(tx, patient.account_id, [recorded(4000, 1, "{steps}", STEPS)], now=NOW)
        assert await day_values(tx, patient.account_id, STEPS, date(2026, 6, 1), date(2026, 6, 1)) == []


async def test_a_closed_day_of_another_zone_and_the_rest_of_the_same_day_are_one(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, [measured(60, 60 * hour) for hour in range(48)])
    async with database.transaction(access_of(patient)) as tx:
        await retire(tx, patient.account_id, START + timedelta(days=366), most_days=1)
        wanted = tracking.PersonSettings(timezone="America/Los_Angeles")
        await tracking.save_settings(tx, patient.account_id, wanted, by=patient, now=NOW, new_id=new_id)
        await tracking.roll_up_all(tx, patient.account_id, PULSE)
        found = await day_values(tx, patient.account_id, PULSE, date(2026, 5, 30), date(2026, 6, 5))
        assert [(day.day.day, day.n, day.value) for day in found] == [(1, 31, 60), (2, 17, 60)]


async def test_charts_show_a_provider_what_is_shared_and_nothing_without_a_grant_or_leave(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await take(database, patient, [measured(60), replace(measured(100, metric=GLUCOSE), note="fasting")])
    looks = (access_of(provider, patient.account_id), monitor_access("watch", patient.account_id))
    async with database.transaction(looks[0]) as tx:
        assert (await chart(tx, patient.account_id, PULSE, START, END)).points == []
        assert await day_values(tx, patient.account_id, PULSE, START.date(), START.date()) == []
    await share(database, patient, provider)
    for access in looks:
        async with database.transaction(access) as tx:
            assert len((await chart(tx, patient.account_id, PULSE, START, END)).points) == 1
            assert len(await day_values(tx, patient.account_id, PULSE, START.date(), START.date())) == 1
    async with database.transaction(looks[0]) as tx:
        assert (await chart(tx, patient.account_id, GLUCOSE, START, END)).points == []
    async with database.transaction(access_of(patient)) as tx:
        await tracking.allow_monitoring(tx, patient.account_id, False, by=patient, now=NOW, new_id=new_id)
    async with database.transaction(looks[1]) as tx:
        assert (await chart(tx, patient.account_id, PULSE, START, END)).points == []
