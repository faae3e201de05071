"""What the service does about readings and devices as they come: once, quietly, and only where it may."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.api.clocked import CUFF, WATCH, Clocked, at_hour, heart_rate, oxygen, pressure
from tests.people import access_of
from vitasense.api.reacting import handlers_of
from vitasense.deterministic import alarms, consent, devices, records, tracking
from vitasense.deterministic.alarms import State, TaskKind
from vitasense.deterministic.auth import SYSTEM, monitor_access, system_access
from vitasense.deterministic.devices import Measured, SourceDevice
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Action, Category, Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.findings import Urgency

MINUTE = timedelta(minutes=1)
TABLES = ("decision", "action", "risk", "alarm", "alarm_change", "task", "notification", "goal")


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    """Somebody of over fifty, at noon."""
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    return made


async def written(one: Clocked) -> dict[str, int]:
    """How much was decided about the person, of each kind."""
    counts: dict[str, int] = {}
    async with one.database.transaction(access_of(one.patient)) as tx:
        for table in TABLES:
            counts[table] = (await tx.execute(text(f"select count(*) from phi.{table}"))).scalar_one()
    return counts


async def the_event(one: Clocked, kind: str) -> events.Event:
    query = text("select id from app.event where patient_id = :p and type = :kind order by seq desc limit 1")
    async with one.database.transaction(system_access("test")) as tx:
        event_id = (await tx.execute(query, {"p": one.patient.account_id, "kind": kind})).scalar_one()
        found = await events.find(tx, event_id)
    assert found
    return found


async def test_the_same_event_twice_is_decided_once(one: Clocked) -> None:
    await one.take(pressure(one.moment - MINUTE, 145, 95))
    before, event = await written(one), await the_event(one, "samples.received")
    for handle in handlers_of(one.services)["samples.received"].values():
        async with one.database.transaction(system_access("test")) as tx:
            await handle(tx, event)
    assert await written(one) == before
    assert before["decision"] == before["alarm"] == before["risk"] == 1


async def test_when_the_watching_is_off_nothing_is_decided_and_the_reading_is_kept(one: Clocked) -> None:
    await one.allows(False)
    await one.take(pressure(one.moment - MINUTE, 185, 125))
    await one.take([oxygen(one.moment - MINUTE, 85)])
    assert set((await written(one)).values()) == {0}
    async with one.database.transaction(access_of(one.patient)) as tx:
        assert len(await tracking.series(tx, one.patient.account_id, "8480-6")) == 1
    async with one.database.transaction(monitor_access("test", one.patient.account_id)) as tx:
        assert await tracking.series(tx, one.patient.account_id, "8480-6") == []


async def test_when_the_watching_is_on_again_what_came_in_between_is_not_told_and_what_comes_next_is(
    one: Clocked,
) -> None:
    await one.allows(False)
    await one.take(pressure(one.moment - 30 * MINUTE, 185, 125))
    await one.allows(True)
    await one.drain()
    assert await one.alarms() == []
    await one.take(pressure(one.moment - MINUTE, 145, 95))
    assert [alarm.urgency for alarm in await one.alarms()] == [Urgency.ROUTINE]


async def test_a_stream_of_calm_minutes_decides_nothing(one: Clocked) -> None:
    start = one.moment - timedelta(hours=2)
    await one.take([heart_rate(start + minute * MINUTE, 66 + minute % 5) for minute in range(60)])
    for minute in range(60, 70):
        await one.take([heart_rate(start + minute * MINUTE, 66)])
    assert set((await written(one)).values()) == {0}


async def test_a_run_is_no_alarm(one: Clocked) -> None:
    start = one.moment - timedelta(minutes=40)
    steps = [
        Measured(WATCH, "55423-8", start + n * MINUTE, 160, "{steps}", until=start + (n + 1) * MINUTE)
        for n in range(40)
    ]
    await one.take([*steps, *(heart_rate(start + n * MINUTE, 150) for n in range(40))])
    assert await one.alarms() == []


async def test_a_racing_heart_at_rest_is_an_alarm_once_it_lasts(one: Clocked) -> None:
    start = one.moment - timedelta(minutes=40)
    steps = [
        Measured(WATCH, "55423-8", start + n * MINUTE, 0, "{steps}", until=start + (n + 1) * MINUTE) for n in range(40)
    ]
    calm = [heart_rate(start + n * MINUTE, 66) for n in range(30)]
    await one.take([*steps, *calm, heart_rate(start + 30 * MINUTE, 140)])
    assert await one.alarms() == []
    await one.take([heart_rate(start + n * MINUTE, 138 + n % 5) for n in range(31, 40)])
    await one.take([heart_rate(start + 40 * MINUTE, 140)])
    assert [alarm.urgency for alarm in await one.alarms()] == [Urgency.URGENT]


async def test_a_sensors_low_sugar_is_told_when_a_second_value_says_so(one: Clocked) -> None:
    sensor = SourceDevice("Sensor", kind="cgm", maker="Acme", external_id="9")

    def sugar(minutes: int, value: float, unit: str = "mg/dL") -> Measured:
        return Measured(sensor, "99504-3", one.moment - minutes * MINUTE, value, unit)

    await one.take([sugar(minutes, 95) for minutes in range(60, 10, -5)])
    await one.take([sugar(10, 50)])
    assert await one.alarms() == []
    await one.take([sugar(5, 2.7, "mmol/L")])
    (alarm,) = await one.alarms()
    assert alarm.urgency is Urgency.URGENT and "15 minutes" in alarm.text


async def test_a_range_of_a_doctor_is_watched_in_a_stream_too(one: Clocked) -> None:
    provider = await one.person(Role.PROVIDER)
    async with one.database.transaction(access_of(one.patient)) as tx:
        terms = consent.Terms(
            provider.account_id, frozenset({Category.VITALS}), actions=frozenset({Action.READ, Action.WRITE})
        )
        await consent.grant(tx, one.patient, terms, new_id)
    async with one.database.transaction(access_of(provider, one.patient.account_id)) as tx:
        await tracking.set_range(
            tx, one.patient.account_id, "8867-4", 50, 90, "/min", "after the operation",
            age_years=50.0, by=provider, now=one.moment - timedelta(days=1), new_id=new_id,
        )  # fmt: skip
    await one.drain()
    start = one.moment - timedelta(minutes=30)
    steps = [
        Measured(WATCH, "55423-8", start + n * MINUTE, 0, "{steps}", until=start + (n + 1) * MINUTE) for n in range(30)
    ]
    await one.take([*steps, *(heart_rate(start + n * MINUTE, 94 + n % 4) for n in range(30))])
    (alarm,) = await one.alarms()
    assert alarm.title == "Heart rate above the range set by your doctor"


async def test_a_thousand_high_readings_in_an_hour_are_one_alarm_and_few_messages(one: Clocked) -> None:
    start = one.moment - timedelta(hours=1)
    for batch in range(20):
        rows = [
            row
            for number in range(50)
            for row in pressure(start + (batch * 50 + number) * timedelta(seconds=3.6), 150 + number % 3, 96)
        ]
        await one.take(rows)
    (alarm,) = await one.alarms()
    assert alarm.seen == 20 and alarm.version == 1
    counts = await written(one)
    assert (counts["task"], counts["alarm"], counts["alarm_change"]) == (2, 1, 1)  # a check and a question
    assert len(await one.mails()) == 1 and counts["notification"] <= 2


async def test_a_value_around_its_limit_all_day_is_few_messages(one: Clocked) -> None:
    for hour in range(12):
        high = hour % 3 == 0
        await one.take(pressure(one.moment - MINUTE, *((145, 95) if high else (116, 74))))
        await one.later(hours=1)
    assert len(await one.alarms(only_open=False)) == 1
    assert len(await one.mails()) == 1


async def test_a_device_that_needs_something_is_asked_about_once(one: Clocked) -> None:
    await one.take(pressure(one.moment - timedelta(days=1), 118, 76))
    async with one.database.transaction(access_of(one.patient)) as tx:
        (cuff,) = await devices.devices(tx, one.patient.account_id)
    for battery in (0.08, 0.07, 0.05):
        async with one.database.transaction(access_of(one.patient)) as tx:
            await devices.report(
                tx, one.patient.account_id, cuff.id, battery=battery, at=one.moment,
                actor_id=one.patient.account_id, new_id=new_id,
            )  # fmt: skip
        await one.drain()
    asked = [task for task in await one.tasks() if task.kind is TaskKind.DEVICE]
    assert len(asked) == 1 and CUFF.name in asked[0].text and "8%" in asked[0].text
    assert len([each for each in await one.decisions() if each.agent == "devices"]) == 1


async def test_an_import_of_the_record_is_looked_at_as_readings_are(one: Clocked) -> None:
    observation = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        "effectiveDateTime": (one.moment - MINUTE).isoformat(),
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": {
                    "value": value,
                    "unit": "mmHg",
                    "system": "http://unitsofmeasure.org",
                    "code": "mm[Hg]",
                },
            }
            for code, value in (("8480-6", 186), ("8462-4", 126))
        ],
    }
    async with one.database.transaction(access_of(one.patient)) as tx:
        await records.import_bundle(
            tx,
            one.patient.account_id,
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": observation}]},
            now=one.moment,
        )
    await one.drain()
    (alarm,) = await one.alarms()
    assert alarm.urgency is Urgency.URGENT
    assert [each.ref.partition("/")[0] for each in alarm.evidence] == ["Observation"]


async def test_what_is_decided_carries_no_value_in_its_events(one: Clocked) -> None:
    await one.take(pressure(one.moment - MINUTE, 147, 93))
    query = text("select payload::text from app.event where patient_id = :p")
    async with one.database.transaction(system_access("test")) as tx:
        payloads = list((await tx.execute(query, {"p": one.patient.account_id})).scalars())
    assert len(payloads) >= 5
    for payload in payloads:
        assert "147" not in payload.replace("-", " ").split() and "Blood" not in payload and "stage" not in payload


async def test_a_reading_that_no_answer_may_use_decides_nothing(one: Clocked) -> None:
    report = await one.take([oxygen(one.moment - MINUTE, 12)])
    assert report.low_quality + report.rejected >= 1
    assert await one.alarms() == []


async def test_an_acknowledged_alarm_stays_so_while_nothing_is_worse(one: Clocked) -> None:
    await one.take(pressure(one.moment - MINUTE, 145, 95))
    (alarm,) = await one.alarms()
    async with one.database.transaction(access_of(one.patient)) as tx:
        await alarms.acknowledge(tx, one.patient.account_id, alarm.id, actor=one.patient, now=one.moment, ids=new_id)
    await one.later(minutes=30)
    await one.take(pressure(one.moment - MINUTE, 146, 94))
    assert [each.state for each in await one.alarms()] == [State.ACKNOWLEDGED]
    await one.take(pressure(one.moment, 185, 125))
    assert [(each.state, each.urgency) for each in await one.alarms()] == [(State.RAISED, Urgency.URGENT)]


def test_who_acts_is_the_service_and_no_person() -> None:
    actor: Principal = monitor_access("test", new_id()).principal
    assert (actor.account_id, actor.role) == (SYSTEM.account_id, Role.MONITOR)
