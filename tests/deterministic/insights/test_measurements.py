"""The newest value is judged only while it is fresh, and only by what applies to the person."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of
from vitasense.deterministic.insights import Subject, latest_measurement, measurement_history
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.deterministic.records import write_observation

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADULT = Subject(own=True, now=NOW, age=58, sex="female")
BLOOD_PRESSURE = "85354-9"


async def pressure(tx: AsyncSession, person: Principal, systolic: float, diastolic: float, at: datetime) -> None:
    """A blood pressure in the record."""
    parts = [("8480-6", systolic, "mm[Hg]"), ("8462-4", diastolic, "mm[Hg]")]
    await write_observation(
        tx, person.account_id, observation_id=new_id(), code=BLOOD_PRESSURE, values=parts, at=at, now=at
    )


async def asked(
    database: Database, person: Principal, subject: Subject, *readings: tuple[float, float, timedelta]
) -> list[Finding]:
    """What is said of the last of these readings."""
    async with database.transaction(access_of(person)) as tx:
        for systolic, diastolic, ago in readings:
            await pressure(tx, person, systolic, diastolic, NOW - ago)
        return await latest_measurement(tx, person.account_id, BLOOD_PRESSURE, subject)


async def test_systolic_stands_before_diastolic(database: Database, patient: Principal) -> None:
    told, judged = await asked(database, patient, ADULT, (142, 88, timedelta(days=4)))
    assert told.text == "Your last blood pressure was 142/88 mmHg, on 19 November 2026 (4 days ago)."
    assert "high (stage 2)" in judged.text
    assert judged.urgency is Urgency.ROUTINE


async def test_a_severe_value_is_urgent(database: Database, patient: Principal) -> None:
    _, judged = await asked(database, patient, ADULT, (190, 125, timedelta(hours=1)))
    assert judged.urgency is Urgency.URGENT


async def test_a_value_older_than_a_year_is_not_judged(database: Database, patient: Principal) -> None:
    _, judged = await asked(database, patient, ADULT, (118, 76, timedelta(days=400)))
    assert judged.status is Status.NOT_EVALUATED
    assert "more than a year old" in judged.text


async def test_an_unknown_age_is_not_taken_for_an_adult(database: Database, patient: Principal) -> None:
    _, judged = await asked(database, patient, Subject(own=True, now=NOW), (118, 76, timedelta(days=1)))
    assert judged.status is Status.NOT_EVALUATED


async def test_nothing_recorded_is_not_found_and_says_so(database: Database, patient: Principal) -> None:
    (finding,) = await asked(database, patient, ADULT)
    assert finding.status is Status.NOT_FOUND
    assert "cannot say anything" in finding.text


async def test_an_empty_period_names_the_last_value_before_it(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await pressure(tx, patient, 120, 80, NOW - timedelta(days=900))
        since = NOW - timedelta(days=30)
        found = await measurement_history(tx, patient.account_id, BLOOD_PRESSURE, since, None, ADULT)
    assert [finding.status for finding in found] == [Status.NOT_FOUND, Status.FOUND]
    assert "120/80 mmHg" in found[1].text
