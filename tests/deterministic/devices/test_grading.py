"""What came in is judged by what its stream held, by a better device or the record, and by its arrival only when live."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
from sqlalchemy import text

from tests.deterministic.devices.taking import NOW, PULSE, SENSED, SENSOR, STEPS, WATCH, take
from tests.people import access_of, new_principal
from vitasense.deterministic import tracking
from vitasense.deterministic.devices import Delivery, Measured, SourceDevice
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.tracking import Flag, Sample, flags_of

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
SYSTOLIC, BLOOD = "8480-6", "2339-0"
CUFF = SourceDevice("My cuff", external_id="c-1", kind="cuff")
BAND = SourceDevice("My band", external_id="b-1", kind="band")
METER = SourceDevice("My meter", external_id="m-1", kind="meter")


async def send(database: Database, who: Principal, rows: Iterable[Measured], source: str = "file") -> None:
    await take(database, who, rows, Delivery(str(new_id()), source))


async def flags(database: Database, who: Principal, metric: str, kind: str) -> list[frozenset[Flag]]:
    query = text(
        "select s.flags from phi.device_sample s join phi.device d on d.patient_id = s.patient_id and d.id = s.device_id "
        "where s.metric = :metric and d.kind = :kind order by s.at"
    )
    async with database.transaction(access_of(who)) as tx:
        return [flags_of(each) for each in await tx.scalars(query, {"metric": metric, "kind": kind})]


def readings(device: SourceDevice, metric: str, value: float, unit: str, minute: int = 0) -> list[Measured]:
    """One reading an hour, of which no two neighbours are alike."""
    return [
        Measured(device, metric, NOW - DAY + each * HOUR + minute * MINUTE, value + each % 2, unit) for each in range(9)
    ]


async def record(database: Database, who: Principal, metric: str, value: float, unit: str) -> None:
    samples = [
        Sample(metric, NOW - DAY + each * HOUR, value + each % 2, unit, new_id(), Category.VITALS) for each in range(9)
    ]
    async with database.transaction(access_of(who)) as tx:
        await tracking.put(tx, who.account_id, samples, now=NOW)


async def drifts(database: Database, who: Principal, metric: str, kind: str) -> bool:
    found = [Flag.DRIFTING in each for each in await flags(database, who, metric, kind)]
    assert not any(found[:4])  # fewer than five pairs decide nothing
    return any(found)


async def test_a_band_is_compared_with_the_persons_cuff(database: Database, patient: Principal) -> None:
    await send(database, patient, readings(CUFF, SYSTOLIC, 120, "mm[Hg]"))
    await send(database, patient, readings(BAND, SYSTOLIC, 131, "mm[Hg]", minute=1))
    assert await drifts(database, patient, SYSTOLIC, "band")
    assert not await drifts(database, patient, SYSTOLIC, "cuff")


async def test_a_band_that_agrees_with_the_cuff_does_not_drift(database: Database, patient: Principal) -> None:
    await send(database, patient, readings(CUFF, SYSTOLIC, 120, "mm[Hg]"))
    await send(database, patient, readings(BAND, SYSTOLIC, 122, "mm[Hg]", minute=1))
    assert not await drifts(database, patient, SYSTOLIC, "band")


async def test_a_cuff_is_compared_with_the_record_in_its_unit(database: Database, patient: Principal) -> None:
    await record(database, patient, SYSTOLIC, 16.0, "kPa")  # 120 to 127.5 mm[Hg]
    await send(database, patient, readings(CUFF, SYSTOLIC, 150, "mm[Hg]", minute=1))
    assert await drifts(database, patient, SYSTOLIC, "cuff")


async def test_a_glucose_sensor_is_compared_with_a_meter(database: Database, patient: Principal) -> None:
    await send(database, patient, readings(METER, BLOOD, 6.0, "mmol/L"))
    await send(database, patient, readings(SENSOR, SENSED, 160, "mg/dL", minute=1))
    assert await drifts(database, patient, SENSED, "cgm")


async def test_pairs_are_found_over_several_deliveries(database: Database, patient: Principal) -> None:
    await send(database, patient, readings(METER, BLOOD, 100, "mg/dL"))
    for row in readings(SENSOR, SENSED, 160, "mg/dL", minute=1):
        await send(database, patient, [row], "webhook")
    assert await drifts(database, patient, SENSED, "cgm")


async def test_two_of_a_kind_are_no_reference_for_each_other(database: Database, patient: Principal) -> None:
    await send(database, patient, readings(CUFF, SYSTOLIC, 120, "mm[Hg]"))
    await send(database, patient, readings(replace(CUFF, external_id="c-2"), SYSTOLIC, 150, "mm[Hg]", minute=1))
    assert not any(Flag.DRIFTING in each for each in await flags(database, patient, SYSTOLIC, "cuff"))


async def test_what_another_person_measured_is_no_reference(database: Database, patient: Principal) -> None:
    await send(database, new_principal(Role.PATIENT), readings(CUFF, SYSTOLIC, 120, "mm[Hg]"))
    await send(database, patient, readings(BAND, SYSTOLIC, 150, "mm[Hg]", minute=1))
    assert not await drifts(database, patient, SYSTOLIC, "band")


async def test_the_time_of_arrival_says_something_only_while_it_is_measured(
    database: Database, patient: Principal
) -> None:
    ahead = Measured(WATCH, PULSE, NOW + HOUR, 60.0, "/min")
    other = new_principal(Role.PATIENT)
    await send(database, patient, [ahead], "webhook")
    await send(database, other, [ahead], "file")
    assert [Flag.CLOCK_JUMP in each for each in await flags(database, patient, PULSE, "watch")] == [True]
    assert [Flag.CLOCK_JUMP in each for each in await flags(database, other, PULSE, "watch")] == [False]


async def test_no_steps_while_the_same_file_has_no_pulse_were_not_worn(database: Database, patient: Principal) -> None:
    at = [NOW - DAY + each * MINUTE for each in range(20)]
    steps = [Measured(WATCH, STEPS, each, 0.0, "count", each + MINUTE) for each in at]
    pulse = [
        Measured(WATCH, PULSE, each, 60.0 + place % 3 if place < 10 else 0.0, "/min") for place, each in enumerate(at)
    ]
    await send(database, patient, [*steps, *pulse])
    unworn = np.array([Flag.UNWORN in each for each in await flags(database, patient, STEPS, "watch")])
    assert unworn.tolist() == [place >= 10 for place in range(20)]
