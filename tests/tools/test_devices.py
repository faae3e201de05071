"""Devices by chat: which there are, whether they work, how good their data is, which one counts."""

from datetime import timedelta

import pytest

from tests.people import access_of
from tests.tools.tracked import DAY, NOW, PULSE, STEPS, a_device, sample, streamed, told
from vitasense.deterministic import devices, insights
from vitasense.deterministic.devices.registry import seen
from vitasense.deterministic.insights import Subject
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.tracking import Flag
from vitasense.guardrails import verify
from vitasense.tools import devices as tools


async def test_no_device_is_said_and_those_there_are_are_listed(database: Database, patient: Principal) -> None:
    (none,) = await told(tools.LIST, database, patient, "Which devices do I have?")
    assert none.status is Status.NOT_FOUND
    async with database.transaction(access_of(patient)) as tx:
        await a_device(tx, patient, "Anna's watch", "watch")
        old = await a_device(tx, patient, "Old phone", "phone")
        await devices.retire(tx, patient.account_id, old, actor_id=patient.account_id, now=NOW - DAY, new_id=new_id)
    (watch,) = await told(tools.LIST, database, patient, "Which devices do I have?")
    assert "nothing came from it yet" in watch.text


async def test_whether_a_device_works_is_its_last_value_battery_and_quality(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Wrist", "watch")
        await a_device(tx, patient, "Upper arm", "cuff")
        await devices.report(
            tx, patient.account_id, watch, battery=0.05, at=NOW, actor_id=patient.account_id, new_id=new_id
        )
        await seen(tx, patient.account_id, {watch: NOW - timedelta(hours=1)}, NOW)
    await streamed(
        database, patient, [sample(PULSE, NOW - timedelta(minutes=n), 60, watch, quality=0.8) for n in range(1, 21)]
    )
    found = await told(tools.STATUS, database, patient, "Is my watch working?")
    text = "\n".join(each.text for each in found)
    assert "19 November 2026 at 14:30" in text
    assert "its battery was at 5%" in text
    assert "of a quality of 80% on average" in text
    assert "Please charge it" in text
    assert "Upper arm" not in text
    checked = verify(text, found)
    assert checked.supported, checked.unsupported
    cuff = await told(tools.STATUS, database, patient, "When did my cuff last send something?")
    assert Status.NOT_EVALUATED in {each.status for each in cuff}


async def test_a_kind_that_is_not_there_is_said_beside_those_that_are(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await a_device(tx, patient, "Wrist", "watch")
    found = await told(tools.STATUS, database, patient, "Is my scale working?")
    assert [each.status for each in found] == [Status.NOT_FOUND, Status.FOUND]


async def test_why_data_is_bad_names_what_was_objected_to(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Wrist", "watch")
    good = [sample(PULSE, NOW - timedelta(minutes=n), 60, watch) for n in range(1, 4)]
    bad = [
        sample(PULSE, NOW - timedelta(minutes=n), 250, watch, quality=0.0, flags=frozenset({Flag.IMPOSSIBLE}))
        for n in range(4, 5)
    ]
    await streamed(database, patient, good + bad)
    (found,) = await told(tools.QUALITY, database, patient, "Why is my heart rate data bad?")
    assert "25% cannot be right" in found.text
    assert "4 values" in found.text
    assert found.confidence == 0.75
    checked = verify(found.text, [found])
    assert checked.supported, checked.unsupported


async def test_which_device_counts_is_the_order_of_those_that_measure_it(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        phone = await a_device(tx, patient, "Pocket", "phone")
        watch = await a_device(tx, patient, "Wrist", "watch")
        await a_device(tx, patient, "Upper arm", "cuff")
    at = NOW - DAY
    await streamed(database, patient, [sample(STEPS, at, 100, each, minutes=10) for each in (phone, watch)])
    (found,) = await told(tools.PRIORITY, database, patient, "Which device counts for steps?")
    assert "Wrist counts first" in found.text
    assert "then Pocket" in found.text
    assert "Upper arm" not in found.text


async def test_a_measurement_of_a_device_rests_on_its_sample_and_says_when_it_is_poor(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Wrist", "watch")
    await streamed(database, patient, [sample(PULSE, NOW - timedelta(hours=1), 64, watch, quality=0.2)])
    async with database.transaction(access_of(patient)) as tx:
        found = await insights.latest_measurement(
            tx, patient.account_id, PULSE, Subject(own=True, now=NOW, age=50, sex="female")
        )
    assert found[0].evidence[0].ref.startswith(f"DeviceSample/{watch}/{PULSE}/2026-11-19T14:30")
    assert found[0].confidence == pytest.approx(0.2)
    assert "poor" in found[0].text
