"""What cannot wait stands in the summary, with its urgency."""

from datetime import UTC, datetime, timedelta

from tests.people import access_of
from vitasense.deterministic.insights import Subject, summary_findings
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.records import import_bundle, write_observation

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADULT = Subject(own=False, now=NOW, age=58, sex="female")
POTASSIUM = {
    "resourceType": "Observation",
    "id": "potassium",
    "status": "final",
    "category": [{"coding": [{"code": "laboratory"}]}],
    "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Potassium"},
    "effectiveDateTime": "2026-11-22T08:00:00Z",
    "valueQuantity": {"value": 6.9, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}],
    "interpretation": [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "HH"}]}
    ],
}


async def test_a_severe_blood_pressure_is_urgent_in_the_summary(database: Database, patient: Principal) -> None:
    parts = [("8480-6", 205.0, "mm[Hg]"), ("8462-4", 130.0, "mm[Hg]")]
    async with database.transaction(access_of(patient)) as tx:
        await write_observation(
            *(tx, patient.account_id),
            observation_id=new_id(),
            code="85354-9",
            values=parts,
            at=NOW - timedelta(hours=1),
            now=NOW,
        )
        found = await summary_findings(tx, patient.account_id, ADULT, ALL_CATEGORIES)
    assert any(finding.urgency is Urgency.URGENT and "severely high" in finding.text for finding in found)


async def test_a_result_the_laboratory_calls_critical_is_urgent_in_the_summary(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await import_bundle(tx, patient.account_id, POTASSIUM, now=NOW)
        found = await summary_findings(tx, patient.account_id, ADULT, ALL_CATEGORIES)
    (critical,) = [finding for finding in found if finding.kind == "summary.critical"]
    assert critical.urgency is Urgency.URGENT
    assert "6.9 mmol/L" in critical.text


async def test_what_is_not_shared_is_named(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        found = await summary_findings(tx, patient.account_id, ADULT, frozenset())
    assert [finding.status for finding in found] == [Status.NOT_EVALUATED]
    assert "allergies" in found[0].text
