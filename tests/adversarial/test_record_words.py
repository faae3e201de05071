"""What the record's own codes say must not be told as something else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.graphs.conftest import Talk
from tests.people import access_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.records import import_bundle

Talking = Callable[..., Talk]
PERSON = {"reference": "Patient/p1"}


async def bring(database: Database, person: Principal, *resources: dict[str, Any]) -> None:
    patient = {"resourceType": "Patient", "id": "p1", "birthDate": "1980-05-01"}
    entries = [{"resource": each} for each in (patient, *resources)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    async with database.transaction(access_of(person)) as tx:
        report = await import_bundle(tx, person.account_id, bundle, now=system_clock())
    assert report.skipped == 0


@pytest.mark.parametrize(
    ("status", "intent", "told"),
    [
        ("active", "proposal", "Proposed, not ordered: Zinc"),
        ("draft", "order", "Not ordered yet: Zinc"),
        ("on-hold", "order", "Paused: Zinc"),
        ("cancelled", "order", "Cancelled: Zinc"),
        ("unknown", "order", "Not known whether it is taken: Zinc"),
        ("stopped", "order", "No longer taken: Zinc"),
    ],
)
async def test_a_medicine_that_is_not_taken_says_why(
    database: Database, talk: Talking, patient: Principal, status: str, intent: str, told: str
) -> None:
    order = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": status,
        "intent": intent,
        "subject": PERSON,
        "medicationCodeableConcept": {"text": "Zinc"},
    }
    await bring(database, patient, order)
    done = await talk(patient).say("Which medicines do I take?")
    assert told in done.reply.text
    assert "taken now:" not in done.reply.text


async def test_a_result_that_the_laboratory_calls_critical_comes_first_and_is_urgent(
    database: Database, talk: Talking, patient: Principal
) -> None:
    def lab(own_id: str, name: str, value: float, flag: str, words: str) -> dict[str, Any]:
        return {
            "resourceType": "Observation",
            "id": own_id,
            "status": "final",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "code": {"text": name},
            "subject": PERSON,
            "effectiveDateTime": f"{system_clock():%Y-%m-%d}",
            "valueQuantity": {"value": value, "unit": "mmol/L"},
            "interpretation": [{"coding": [{"code": flag, "display": words}]}],
        }

    await bring(
        database, patient, lab("a", "Sodium", 140, "N", "Normal"), lab("b", "Potassium", 7.4, "HH", "Critical high")
    )
    done = await talk(patient).say("What are my latest lab results?")
    assert done.reply.urgency is Urgency.URGENT
    assert done.reply.text.lstrip("- ").startswith("Potassium: 7.4 mmol/L")
    assert "marked it as critical" in done.reply.text
