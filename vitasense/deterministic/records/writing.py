"""What a person adds to the record, as FHIR, through the same way as everything that comes from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.intake import metric
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.records import repository
from vitasense.deterministic.records.bundles import Source
from vitasense.deterministic.records.importing import import_bundle
from vitasense.deterministic.records.numbers import LOINC, UCUM
from vitasense.deterministic.records.register import Register, possible_ids

OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_CODES = {"vitals": "vital-signs", "labs": "laboratory"}


async def write_observation(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    observation_id: UUID,
    code: str,
    values: Sequence[tuple[str, float, str]],
    at: datetime,
    now: datetime,
) -> UUID:
    """Store a measurement that the person reports, and give its id: the same `observation_id` again is the same one.

    `code` is the LOINC code of the measurement or panel; `values` are (LOINC code, number, UCUM unit) of each part,
    one with `code` itself for a single measurement. Raises InvalidInput for what makes no valid Observation, and
    NotAllowed when the access does not cover writing it.
    """
    if not values:
        raise InvalidInput("A measurement needs a value.")
    resource = _observation(patient_id, observation_id, code, values, at, now)
    report = await import_bundle(tx, patient_id, resource, now=now)
    if report.skipped:
        refused = report.problems[0].reason
        raise NotAllowed("You may not write this.") if "access" in refused else InvalidInput(refused)
    return Register(patient_id, ()).settle(Source("Observation", str(observation_id)))[1]


async def write_medication(
    tx: AsyncSession, patient_id: UUID, *, statement_id: UUID, content: Mapping[str, object], now: datetime
) -> UUID:
    """Store what a person says of a medicine as a MedicationStatement, and give its id.

    The same `statement_id`, or the id that was given, is the same one: another content is its next version. `content` is
    FHIR R4 without resourceType, id and subject. Raises InvalidInput for what makes no valid MedicationStatement, and
    NotAllowed when the access does not cover writing it.
    """
    person = {"reference": f"Patient/{patient_id}"}
    named = {"resourceType": "MedicationStatement", "id": str(statement_id), "subject": person}
    source = Source("MedicationStatement", str(statement_id))
    known = {key[1] for key in await repository.contents(tx, patient_id, possible_ids(patient_id, source))}
    report = await import_bundle(tx, patient_id, {**content, **named}, now=now)
    if report.skipped:
        refused = report.problems[0].reason
        raise NotAllowed("You may not write this.") if "access" in refused else InvalidInput(refused)
    return statement_id if statement_id in known else medication_id(patient_id, statement_id)


def medication_id(patient_id: UUID, statement_id: UUID) -> UUID:
    """The id under which a statement of `write_medication` is kept."""
    return Register(patient_id, ()).settle(Source("MedicationStatement", str(statement_id)))[1]


def _observation(
    patient_id: UUID,
    own_id: UUID,
    code: str,
    values: Sequence[tuple[str, float, str]],
    at: datetime,
    now: datetime,
) -> dict[str, object]:
    found = metric(code)
    person = {"reference": f"Patient/{patient_id}"}
    parts = [{"code": _concept(part), "valueQuantity": _quantity(value, unit)} for part, value, unit in values]
    single = len(values) == 1 and values[0][0] == code
    return {
        "resourceType": "Observation",
        "id": str(own_id),
        "status": "final",
        "code": _concept(code),
        "category": [
            {"coding": [{"system": OBSERVATION_CATEGORY, "code": _CODES[found.category if found else "vitals"]}]}
        ],
        "subject": person,
        "performer": [person],
        "effectiveDateTime": at.isoformat(),
        "issued": now.isoformat(),
        **({"valueQuantity": parts[0]["valueQuantity"]} if single else {"component": parts}),
    }


def _concept(code: str) -> dict[str, object]:
    found = metric(code)
    coding = {"system": LOINC, "code": code} | ({"display": found.name} if found else {})
    return {"coding": [coding], "text": found.name if found else code}


def _quantity(value: float, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}
