"""A medicine that a person tells of is a statement with versions; what the record holds of medicines is read whole."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from tests.deterministic.records.conftest import NOW, Send
from tests.deterministic.records.resources import about, bundle, coded, patient_resource
from tests.people import access_of, new_principal
from vitasense.deterministic import records
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed

ASPIRIN: Mapping[str, object] = {"status": "active", "medicationCodeableConcept": {"text": "aspirin"}}


async def write(database: Database, patient: Principal, own: UUID, by: Principal | None = None, **more: object) -> UUID:
    async with database.transaction(access_of(by or patient, patient.account_id)) as tx:
        return await records.write_medication(
            tx, patient.account_id, statement_id=own, content={**ASPIRIN, **more}, now=NOW
        )


async def test_the_same_id_is_the_same_statement_and_other_words_its_next_version(
    database: Database, patient: Principal
) -> None:
    own = new_id()
    first = await write(database, patient, own)
    assert first == records.medication_id(patient.account_id, own)
    assert await write(database, patient, own) == first
    assert await write(database, patient, first, status="stopped") == first
    async with database.transaction(access_of(patient)) as tx:
        versions = await records.versions(tx, patient.account_id, "MedicationStatement", first)
    assert [(each.version, each.content["status"]) for each in versions] == [(2, "stopped"), (1, "active")]


async def test_what_is_no_statement_and_who_may_not_are_refused(database: Database, patient: Principal) -> None:
    with pytest.raises(InvalidInput):
        await write(database, patient, new_id(), dosage="often")
    for stranger in (new_principal(Role.PROVIDER), new_principal(Role.PATIENT)):
        with pytest.raises(NotAllowed):
            await write(database, patient, new_id(), by=stranger)
    async with database.transaction(access_of(patient)) as tx:
        assert await records.treatments(tx, patient.account_id) == []


async def test_treatments_come_with_their_medicine_and_the_names_behind_references(
    database: Database, patient: Principal, send: Send
) -> None:
    doctor = {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "Dr. Winter"}]}
    medicine = {"resourceType": "Medication", "id": "m1", "code": coded("36567", "Simvastatin")}
    order = about(
        "MedicationRequest",
        "r1",
        status="active",
        intent="order",
        medicationReference={"reference": "Medication/m1"},
        requester={"reference": "Practitioner/d1"},
        reasonCode=[{"text": "cholesterol"}],
        dispenseRequest={"performer": {"display": "Corner Pharmacy"}},
    )
    withdrawn = about("MedicationStatement", "s1", **{**ASPIRIN, "status": "entered-in-error"})
    await send(bundle(patient_resource(), doctor, medicine, order, withdrawn))
    async with database.transaction(access_of(patient)) as tx:
        (found,) = await records.treatments(tx, patient.account_id)
        assert await records.treatments(tx, patient.account_id, "MedicationDispense") == []
    assert (found.name, found.codings[0].code) == ("Simvastatin", "36567")
    assert found.named == {"requester": "Dr. Winter", "dispenseRequest.performer": "Corner Pharmacy"}
    assert records.reason_of(found) == "cholesterol"
    assert found.medicine["resourceType"] == "Medication"
