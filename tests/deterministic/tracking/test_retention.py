"""Ending old samples: what was counted stays, what cannot be confirmed is not removed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.tracking.samples import (
    NOW,
    PHONE,
    PULSE,
    SLEEP,
    STEPS,
    WATCH,
    count_of,
    measured,
    put_as,
    register,
    share,
)
from tests.people import access_of
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import monitor_access, stream_access
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import RetentionReport, put_stream, retention, retire, roll_up
from vitasense.deterministic.tracking.rollups_repository import Rollup, Span, rollups

OLD = datetime(2025, 3, 3, tzinfo=UTC)  # long before a year before NOW
LATER = timedelta(days=1)


async def rows(
    tx: AsyncSession, patient: Principal, metric: str, span: Span = "day", merged: bool = True
) -> list[Rollup]:
    return await rollups(tx, patient.account_id, metric, span, OLD - timedelta(days=9), NOW, merged=merged)


def two_days() -> list[tracking.DeviceSample]:
    return [measured(60 + hour, 60 * hour, start=OLD) for hour in range(48)]


async def test_old_days_are_closed_and_their_samples_removed_and_recent_ones_and_the_record_stay(
    database: Database, patient: Principal
) -> None:
    record = tracking.Sample(PULSE, OLD, 80, "/min", UUID(int=5), Category.VITALS)
    await put_as(database, patient, [*two_days(), measured(500, 5, start=OLD, quality=0), measured(70)])
    async with database.transaction(access_of(patient)) as tx:
        await tracking.put(tx, patient.account_id, [record], now=NOW)
    async with database.transaction(stream_access("upkeep", patient.account_id)) as tx:
        assert await retire(tx, patient.account_id, NOW) == RetentionReport(2, 49, 1, 0, (), False)
    async with database.transaction(stream_access("upkeep", patient.account_id)) as tx:
        assert await retire(tx, patient.account_id, NOW) == RetentionReport(0, 0, 0, 0, (), False)
    async with database.transaction(access_of(patient)) as tx:
        kept = await tracking.series(tx, patient.account_id, PULSE)
        assert [one.value for one in kept] == [80, 70]
        assert [(row.n, row.least, row.most, row.closed) for row in await rows(tx, patient, PULSE)] == [
            (24, 60, 83, True),
            (24, 84, 107, True),
        ]
        assert len(await rows(tx, patient, PULSE, "hour")) == 48


async def test_a_day_is_old_only_when_it_has_wholly_passed(database: Database, patient: Principal) -> None:
    await put_as(database, patient, two_days())
    end_of_first = OLD + timedelta(days=1)
    async with database.transaction(access_of(patient)) as tx:
        for early in (end_of_first - timedelta(seconds=1), end_of_first):
            report = await retire(tx, patient.account_id, early + timedelta(days=365))
            assert report.days == (early == end_of_first)


async def test_late_data_of_a_closed_day_is_refused_and_counted_and_rolling_up_leaves_it_alone(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, two_days())
    async with database.transaction(access_of(patient)) as tx:
        await retire(tx, patient.account_id, NOW)
        before = await rows(tx, patient, PULSE)
        late = [measured(99, 7, start=OLD), measured(99, 7, start=OLD, device=PHONE), measured(99, -1, start=OLD)]
        taken = await put_stream(tx, patient.account_id, late, now=NOW)
        assert (taken.new, taken.closed) == (1, 2)
        await roll_up(tx, patient.account_id, PULSE, OLD - LATER, NOW)
        await tracking.roll_up_all(tx, patient.account_id, PULSE)
        after = await rows(tx, patient, PULSE)
        assert after[1:] == before
        assert (after[0].n, after[0].closed) == (1, False)


async def test_steps_over_midnight_are_kept_until_both_days_are_closed_and_counted_once(
    database: Database, patient: Principal
) -> None:
    over = [
        measured(60, 24 * 60 - 30, lasts=60, metric=STEPS, start=OLD),
        measured(10, lasts=10, metric=STEPS, start=OLD),
    ]
    await put_as(database, patient, over)
    async with database.transaction(access_of(patient)) as tx:
        first = await retire(tx, patient.account_id, NOW, most_days=1)
        assert (first.days, first.samples, first.more, first.kept) == (1, 1, True, ())
        late = measured(5, 24 * 60 - 5, lasts=10, metric=STEPS, start=OLD, device=PHONE)
        assert (await put_stream(tx, patient.account_id, [late], now=NOW)).closed == 1
        second = await retire(tx, patient.account_id, NOW)
        assert (second.days, second.samples, second.more, second.kept) == (1, 1, False, ())
        assert await count_of(tx, "phi.device_sample") == 0
        assert [row.total for row in await rows(tx, patient, STEPS)] == [40, 30]


async def test_a_night_is_closed_with_the_day_on_which_it_ends(database: Database, patient: Principal) -> None:
    await put_as(database, patient, [measured(8, -120, lasts=480, metric=SLEEP, start=OLD)])
    async with database.transaction(access_of(patient)) as tx:
        assert (await retire(tx, patient.account_id, NOW)).days == 1
        assert [(row.starts, row.total) for row in await rows(tx, patient, SLEEP)] == [(OLD, 8)]
        late = measured(7, -90, lasts=400, metric=SLEEP, start=OLD, device=PHONE)
        earlier = measured(7, -600, lasts=400, metric=SLEEP, start=OLD, device=PHONE)
        taken = await put_stream(tx, patient.account_id, [late, earlier], now=NOW)
        assert (taken.new, taken.closed) == (1, 1)


async def test_a_day_whose_count_cannot_be_confirmed_stays_and_is_reported(
    database: Database, patient: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_as(database, patient, [*two_days(), measured(3, lasts=1, metric=STEPS, start=OLD)])

    async def forgets_one(*given: object) -> int:
        changed = await honest(*given)  # pyright: ignore[reportArgumentType]
        tx = given[0]
        assert isinstance(tx, AsyncSession)
        await tx.execute(text("update phi.rollup set n = n - 1, total = total - 1 where metric = :m"), {"m": PULSE})
        return changed

    honest = retention.roll_up_days
    monkeypatch.setattr(retention, "roll_up_days", forgets_one)
    async with database.transaction(access_of(patient)) as tx:
        report = await retire(tx, patient.account_id, NOW)
        assert (report.days, report.samples, report.more) == (1, 1, False)
        assert [(kept.metric, kept.starts) for kept in report.kept] == [(PULSE, OLD), (PULSE, OLD + LATER)]
        assert len(await tracking.series(tx, patient.account_id, PULSE)) == 48
        assert not any(row.closed for row in await rows(tx, patient, PULSE))
    monkeypatch.undo()
    async with database.transaction(access_of(patient)) as tx:
        assert (await retire(tx, patient.account_id, NOW)).days == 2


@pytest.mark.parametrize("step", ["rollups", "recount", "close", "end_samples", "forget"])
async def test_dying_between_two_steps_loses_nothing_and_the_next_time_does_all(
    database: Database, patient: Principal, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await put_as(database, patient, two_days())

    async def dies(*given: object, **named: object) -> None:
        await alive(*given, **named)
        raise KeyboardInterrupt

    alive = getattr(retention.repository, step)
    monkeypatch.setattr(retention.repository, step, dies)
    with pytest.raises(KeyboardInterrupt):
        async with database.transaction(access_of(patient)) as tx:
            await retire(tx, patient.account_id, NOW)
    monkeypatch.undo()
    async with database.transaction(access_of(patient)) as tx:
        assert len(await tracking.series(tx, patient.account_id, PULSE)) == 48
        assert await rows(tx, patient, PULSE) == []
        assert (await retire(tx, patient.account_id, NOW)).samples == 48


async def test_a_call_does_only_so_many_days_and_says_that_there_is_more(
    database: Database, patient: Principal
) -> None:
    days = [measured(60, 1440 * day, start=OLD) for day in range(5)]
    await put_as(database, patient, days)
    seen: list[tuple[int, bool]] = []
    more = True
    while more:
        async with database.transaction(access_of(patient)) as tx:
            report = await retire(tx, patient.account_id, NOW, most_days=2)
        more = report.more
        seen.append((report.days, more))
    assert seen == [(2, True), (2, True), (1, False)]


async def test_closed_rollups_end_after_their_years_and_open_ones_never_before_their_samples(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, two_days())
    async with database.transaction(access_of(patient)) as tx:
        await retire(tx, patient.account_id, NOW, most_days=1)
        later = OLD + timedelta(days=365 * 5 + 3)
        report = await retire(tx, patient.account_id, later, most_days=0)
        assert report.rollups == 50  # 24 hours and a day, of the device and of all
        await roll_up(tx, patient.account_id, PULSE, OLD + LATER, OLD + LATER)
        assert (await retire(tx, patient.account_id, later + LATER, most_days=0)).rollups == 0
        with pytest.raises(InvalidInput):
            await retire(tx, patient.account_id, NOW, keep_rollups=timedelta(days=3))


async def test_an_order_that_changes_later_merges_closed_days_from_what_each_device_had(
    database: Database, patient: Principal
) -> None:
    of_watch = [measured(v, 60 * h, lasts=60, metric=STEPS, start=OLD) for h, v in ((0, 100), (1, 200))]
    of_phone = [measured(v, 60 * h, lasts=60, metric=STEPS, start=OLD, device=PHONE) for h, v in ((1, 150), (2, 30))]
    async with database.transaction(access_of(patient)) as tx:
        await register(tx, patient.account_id, WATCH, "watch")
        await register(tx, patient.account_id, PHONE, "phone")
        await put_stream(tx, patient.account_id, [*of_watch, *of_phone], now=NOW)
        await retire(tx, patient.account_id, NOW)
        assert [row.total for row in await rows(tx, patient, STEPS)] == [330]
        before = await rows(tx, patient, STEPS, merged=False)
        assert await tracking.roll_up_all(tx, patient.account_id, STEPS) == 0
        await tracking.set_priority(tx, patient.account_id, STEPS, [PHONE, WATCH], by=patient, now=NOW, new_id=new_id)
        await tracking.roll_up_all(tx, patient.account_id, STEPS)
        assert [(row.total, row.n, row.closed) for row in await rows(tx, patient, STEPS)] == [(280, 3, True)]
        assert [row.total for row in await rows(tx, patient, STEPS, "hour")] == [100, 150, 30]
        assert await rows(tx, patient, STEPS, merged=False) == before


async def test_a_zone_that_changes_later_leaves_closed_days_and_counts_nothing_twice(
    database: Database, patient: Principal
) -> None:
    await put_as(database, patient, two_days())
    async with database.transaction(access_of(patient)) as tx:
        await retire(tx, patient.account_id, NOW, most_days=1)
        wanted = tracking.PersonSettings(timezone="Asia/Kolkata")
        await tracking.save_settings(tx, patient.account_id, wanted, by=patient, now=NOW, new_id=new_id)
        await tracking.roll_up_all(tx, patient.account_id, PULSE)
        await retire(tx, patient.account_id, NOW)
        found = await rows(tx, patient, PULSE)
        assert [(row.starts, row.n, row.closed) for row in found] == [
            (OLD, 24, True),
            (OLD + LATER, 19, True),
            (OLD + LATER + timedelta(hours=18.5), 5, True),
        ]
        days = await tracking.day_values(tx, patient.account_id, PULSE, date(2025, 3, 1), date(2025, 3, 9))
        assert sum(day.n for day in days) == 48


async def test_only_the_person_and_the_upkeep_of_streams_retire(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await put_as(database, patient, two_days())
    await share(database, patient, provider)
    with pytest.raises(ProgrammingError):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await retire(tx, patient.account_id, NOW)
    with pytest.raises(ProgrammingError):
        async with database.transaction(monitor_access("watch", patient.account_id)) as tx:
            await retire(tx, patient.account_id, NOW)
    async with database.transaction(access_of(patient)) as tx:
        assert len(await tracking.series(tx, patient.account_id, PULSE)) == 48
