"""What a person says they felt: written as FHIR Observations, read back with what they scored it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.deterministic.records import reading
from vitasense.deterministic.records.bundles import Source
from vitasense.deterministic.records.fhir import Json, first, number, objects, text, words
from vitasense.deterministic.records.importing import import_bundle
from vitasense.deterministic.records.lookups import find
from vitasense.deterministic.records.moments import moment
from vitasense.deterministic.records.numbers import LOINC, UCUM
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.register import Register
from vitasense.deterministic.records.schemas import StoredResource

# HL7 FHIR R4 Symptoms Implementation Guide, SymptomObservation: 75325-1 says that it is a symptom, the value says which.
SYMPTOM = "75325-1"
# Same guide, component severity: a word, as in LOINC answer list LL1156-0.
SEVERITY = "64750-3"
# LOINC: Pain severity - 0-10 verbal numeric rating [Score] - Reported. For what is no pain there is no such code.
PAIN_SCORE = "72514-3"
SCORE = "severity, 0 to 10"
_SCORE_UNIT = "{score}"
_MOST = 10.0
_PAINS = ("pain", "ache", "migraine", "cramp")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Symptom:
    """One symptom that was told: since when, until when (None while it was still there), when it was told.

    `score` is of 10, `severity` a word of the person.
    """

    name: str
    since: datetime
    until: datetime | None
    told_at: datetime
    score: float | None
    severity: str | None
    evidence: Evidence


async def write_symptom(
    tx: AsyncSession,
    patient_id: UUID,
    *,
    observation_id: UUID,
    name: str,
    since: datetime,
    told_at: datetime,
    until: datetime | None = None,
    score: float | None = None,
    severity: str | None = None,
) -> UUID:
    """Store a symptom that the person tells, and give its id: the same `observation_id` again is the same one.

    Raises InvalidInput for an empty name, a score outside 0 to 10 or a time to come, and NotAllowed when the access does
    not cover writing it.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise InvalidInput(f"A symptom has a name of 1 to {LONGEST_NAME} characters.")
    if score is not None and not 0 <= score <= _MOST:
        raise InvalidInput("A symptom is scored from 0 to 10.")
    if since > told_at or (until is not None and not since <= until <= told_at):
        raise InvalidInput("A symptom began before it is told, and ends after it began.")
    resource = _observation(patient_id, observation_id, name.strip(), since, until, told_at)
    if parts := _components(name, score, severity):
        resource["component"] = parts
    report = await import_bundle(tx, patient_id, resource, now=told_at)
    if report.skipped:
        refused = report.problems[0].reason
        raise NotAllowed("You may not write this.") if "access" in refused else InvalidInput(refused)
    return Register(patient_id, ()).settle(Source("Observation", str(observation_id)))[1]


async def symptoms(
    tx: AsyncSession, patient_id: UUID, since: datetime | None = None, until: datetime | None = None
) -> list[Symptom]:
    """The symptoms that began from `since` to before `until`, the newest first; withdrawn ones are left out."""
    wanted = Filter(types=["Observation"], codes=[f"{LOINC}|{SYMPTOM}"], since=since, until=until, in_error=False)
    found = (_symptom(row) for row in await find(tx, patient_id, wanted))
    return [each for each in found if each]


def _observation(
    patient_id: UUID, own_id: UUID, name: str, since: datetime, until: datetime | None, told_at: datetime
) -> dict[str, object]:
    person = {"reference": f"Patient/{patient_id}"}
    period = {"start": since.isoformat()} | ({"end": until.isoformat()} if until else {})
    return {
        "resourceType": "Observation",
        "id": str(own_id),
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": SYMPTOM, "display": "Symptom"}], "text": name},
        "subject": person,
        "performer": [person],
        "effectivePeriod": period,
        "issued": told_at.isoformat(),
        "valueCodeableConcept": {"text": name},
    }


def _components(name: str, score: float | None, severity: str | None) -> list[Mapping[str, object]]:
    parts: list[Mapping[str, object]] = []
    if score is not None:
        quantity = {"value": score, "unit": _SCORE_UNIT, "system": UCUM, "code": _SCORE_UNIT}
        parts.append({"code": _score_code(name), "valueQuantity": quantity})
    if severity:
        code = {"coding": [{"system": LOINC, "code": SEVERITY, "display": "Severity of symptoms"}]}
        parts.append({"code": code, "valueCodeableConcept": {"text": severity}})
    return parts


def _score_code(name: str) -> Mapping[str, object]:
    if not any(pain in name for pain in _PAINS):
        return {"text": SCORE}
    display = "Pain severity - 0-10 verbal numeric rating [Score] - Reported"
    return {"coding": [{"system": LOINC, "code": PAIN_SCORE, "display": display}], "text": SCORE}


def _symptom(row: StoredResource) -> Symptom | None:
    """None for one that says neither which nor when."""
    content = row.content
    name = words(first(content, "valueCodeableConcept")) or text(content, "code.text")
    began = moment(text(content, "effectivePeriod.start", "effectiveDateTime")) or moment(text(content, "issued"))
    if not name or began is None:
        return None
    ended, told = moment(text(content, "effectivePeriod.end")), moment(text(content, "issued"))
    return Symptom(
        name=name,
        since=began.at,
        until=ended.at if ended else None,
        told_at=told.at if told else row.recorded_at,
        score=_score(content),
        severity=_severity(content),
        evidence=reading.evidence_of(row),
    )


def _score(content: Json) -> float | None:
    quantities = (first(part, "valueQuantity") for part in objects(content, "component"))
    found = (number(each, "value") for each in quantities if text(each, "code") == _SCORE_UNIT)
    return next((value for value in found if value is not None), None)


def _severity(content: Json) -> str | None:
    found = (words(first(part, "valueCodeableConcept")) for part in objects(content, "component"))
    return next((said for said in found if said), None)
