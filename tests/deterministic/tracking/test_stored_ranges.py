"""Ranges of one's own: one holds for each metric and role, and what held before is known."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.tracking.samples import GLUCOSE, NOW, PULSE, share
from tests.people import access_of
from vitasense.deterministic.auth import SYSTEM, monitor_access, stream_access, system_access
from vitasense.deterministic.platform.access import Action, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound
from vitasense.deterministic.tracking import PersonalRange, end_range, range_history, ranges, set_range

LATER = NOW + timedelta(days=1)
EVENTS = text("select payload from app.event where type = 'range.changed' and patient_id = :patient order by id")


async def give(
    database: Database,
    by: Principal,
    patient: Principal,
    low: float,
    high: float,
    now: object = NOW,
    metric: str = PULSE,
) -> PersonalRange:
    unit = "/min" if metric == PULSE else "mg/dL"
    async with database.transaction(access_of(by, patient.account_id)) as tx:
        return await set_range(
            *(tx, patient.account_id, metric, low, high, unit, "as agreed"),
            age_years=40,
            by=by,
            now=NOW if now is NOW else LATER,
            new_id=new_id,
        )


async def test_a_new_range_ends_the_one_before_and_history_keeps_both(database: Database, patient: Principal) -> None:
    first = await give(database, patient, patient, 50, 90)
    second = await give(database, patient, patient, 55, 95, LATER)
    assert first == PersonalRange(PULSE, 50, 90, "/min", "patient", "as agreed", NOW)
    async with database.transaction(access_of(patient)) as tx:
        assert await ranges(tx, patient.account_id) == [second]
        assert await ranges(tx, patient.account_id, PULSE) == [second]
        assert await ranges(tx, patient.account_id, GLUCOSE) == []
        history = await range_history(tx, patient.account_id, PULSE)
        assert [(past.range, past.ended_at) for past in history] == [(second, None), (first, LATER)]
        await end_range(tx, patient.account_id, PULSE, by=patient, now=LATER, new_id=new_id)
        assert await ranges(tx, patient.account_id) == []
        with pytest.raises(NotFound):
            await end_range(tx, patient.account_id, PULSE, by=patient, now=LATER, new_id=new_id)
    async with database.transaction(system_access("look")) as tx:
        told = (await tx.scalars(EVENTS, {"patient": patient.account_id})).all()
        assert told == [{"metric": PULSE, "role": "patient"}] * 3


async def test_person_and_provider_each_have_one_and_neither_ends_the_others(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await share(database, patient, provider, actions=frozenset({Action.READ, Action.WRITE}))
    own = await give(database, patient, patient, 50, 90)
    theirs = await give(database, provider, patient, 48, 100)
    async with database.transaction(access_of(patient)) as tx:
        assert await ranges(tx, patient.account_id) == [own, theirs]
        await end_range(tx, patient.account_id, PULSE, by=patient, now=LATER, new_id=new_id)
        assert await ranges(tx, patient.account_id) == [theirs]


@pytest.mark.parametrize(("low", "high"), [(90, 50), (50, 50), (-1, 90), (50, 4000)])
async def test_a_range_that_cannot_hold_is_refused_and_the_one_before_goes_on(
    database: Database, patient: Principal, low: float, high: float
) -> None:
    held = await give(database, patient, patient, 50, 90)
    with pytest.raises(InvalidInput):
        await give(database, patient, patient, low, high)
    async with database.transaction(access_of(patient)) as tx:
        assert await ranges(tx, patient.account_id) == [held]


async def test_a_range_is_seen_and_set_only_with_a_grant_of_its_category(
    database: Database, patient: Principal, provider: Principal
) -> None:
    held = await give(database, patient, patient, 50, 90)
    sugar = await give(database, patient, patient, 70, 180, metric=GLUCOSE)
    with pytest.raises(ProgrammingError):
        await give(database, provider, patient, 40, 120)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await ranges(tx, patient.account_id) == []
    await share(database, patient, provider)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await ranges(tx, patient.account_id) == [held]
    for access in (monitor_access("watch", patient.account_id), stream_access("keep", patient.account_id)):
        async with database.transaction(access) as tx:
            assert await ranges(tx, patient.account_id) == [held, sugar]
            with pytest.raises(NotAllowed):
                await end_range(tx, patient.account_id, PULSE, by=SYSTEM, now=LATER, new_id=new_id)
    async with database.transaction(access_of(patient)) as tx:
        assert await ranges(tx, patient.account_id) == [held, sugar]
