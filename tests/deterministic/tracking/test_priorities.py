"""Which device counts first, and who says so."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.tracking.samples import NOW, PHONE, PULSE, STEPS, WATCH, register, share
from tests.people import access_of
from vitasense.deterministic.auth import stream_access, system_access
from vitasense.deterministic.platform.access import Action, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import ALL_METRICS, device_metrics, device_order, priorities, set_priority
from vitasense.deterministic.tracking.priorities import kind_orders

RING, NEW_WATCH, UNKNOWN = UUID(int=13), UUID(int=14), UUID(int=15)
EVENTS = text("select payload from app.event where type = 'priorities.changed' and patient_id = :patient order by id")


async def with_devices(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        for days, (device, kind) in enumerate(
            [(PHONE, "phone"), (NEW_WATCH, "watch"), (WATCH, "watch"), (RING, "ring"), (UNKNOWN, None)]
        ):
            await register(tx, patient.account_id, device, kind, NOW - timedelta(days=days))


async def test_without_a_choice_kinds_decide_then_who_was_seen_last(database: Database, patient: Principal) -> None:
    await with_devices(database, patient)
    async with database.transaction(stream_access("ingest", patient.account_id)) as tx:
        assert await priorities(tx, patient.account_id) == {}
        assert await device_order(tx, patient.account_id, STEPS) == (NEW_WATCH, WATCH, PHONE, RING, UNKNOWN)
        assert await device_order(tx, patient.account_id, "93832-4") == (RING, NEW_WATCH, WATCH, PHONE, UNKNOWN)


async def test_a_choice_for_the_metric_goes_before_one_for_all_and_the_others_follow(
    database: Database, patient: Principal
) -> None:
    await with_devices(database, patient)
    async with database.transaction(access_of(patient)) as tx:
        said = partial(set_priority, tx, patient.account_id, by=patient, now=NOW, new_id=new_id)
        assert await said(ALL_METRICS, [PHONE, RING])
        assert await said(STEPS, [WATCH])
        assert not await said(STEPS, [WATCH])
        assert await priorities(tx, patient.account_id) == {"*": (PHONE, RING), STEPS: (WATCH,)}
        assert await device_order(tx, patient.account_id, STEPS) == (WATCH, NEW_WATCH, PHONE, RING, UNKNOWN)
        assert await device_order(tx, patient.account_id, PULSE) == (PHONE, RING, NEW_WATCH, WATCH, UNKNOWN)
        assert await said(STEPS, [])
        assert not await said(STEPS, [])
        assert (await device_order(tx, patient.account_id, STEPS))[0] == PHONE
    async with database.transaction(system_access("look")) as tx:
        told = (await tx.scalars(EVENTS, {"patient": patient.account_id})).all()
        assert told == [{"metric": "*"}, {"metric": STEPS}, {"metric": STEPS}]


@pytest.mark.parametrize(("metric", "devices"), [("2093-3", [WATCH]), (STEPS, [WATCH, WATCH]), (STEPS, [UUID(int=99)])])
async def test_an_order_that_cannot_hold_is_refused_and_tells_nothing(
    database: Database, patient: Principal, metric: str, devices: list[UUID]
) -> None:
    await with_devices(database, patient)
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            await set_priority(tx, patient.account_id, metric, devices, by=patient, now=NOW, new_id=new_id)
        assert await priorities(tx, patient.account_id) == {}
    async with database.transaction(system_access("look")) as tx:
        assert (await tx.scalars(EVENTS, {"patient": patient.account_id})).all() == []


async def test_a_provider_changes_an_order_only_with_a_grant_to_write(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await with_devices(database, patient)

    async def change() -> None:
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await set_priority(tx, patient.account_id, STEPS, [PHONE], by=provider, now=NOW, new_id=new_id)

    with pytest.raises(InvalidInput):  # no device of this person may be known
        await change()
    await share(database, patient, provider)
    with pytest.raises(ProgrammingError):
        await change()
    async with database.transaction(access_of(patient)) as tx:
        assert await priorities(tx, patient.account_id) == {}
    await share(database, patient, provider, actions=frozenset({Action.READ, Action.WRITE}))
    await change()
    async with database.transaction(access_of(patient)) as tx:
        assert await priorities(tx, patient.account_id) == {STEPS: (PHONE,)}


def test_every_order_of_kinds_is_of_a_metric_that_devices_measure_and_says_why() -> None:
    assert kind_orders().keys() - {ALL_METRICS} <= device_metrics().keys()
    assert all(each.reason and len(set(each.kinds)) == len(each.kinds) for each in kind_orders().values())
