"""What a person says of a medicine as a FHIR R4 MedicationStatement, and a dose of the log as a MedicationAdministration."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from vitasense.deterministic.knowledge import Drug, ingredients
from vitasense.deterministic.medications.courses import courses
from vitasense.deterministic.medications.dosages import dosages_of
from vitasense.deterministic.medications.fhir_values import quantity_json
from vitasense.deterministic.medications.log import DoseStatus, LoggedDose
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.schedules import UCUM, Dates, Quantity, Schedule, Timing
from vitasense.deterministic.medications.sources import HERE, REQUEST, Source
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.records import Coding
from vitasense.deterministic.tracking import NotEvaluated

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
STATEMENT_CATEGORY = "http://terminology.hl7.org/CodeSystem/medication-statement-category"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a medicine. Dates are FHIR dates or times ("2026-11", "2026-11-03").

    `status` is one of FHIR's medication-statement-status, `status_reason` why it is so; `reason` is what it is taken for.
    `about` are the statements and orders that it speaks of.
    """

    name: str
    status: str
    schedule: Schedule | None = None
    codings: tuple[Coding, ...] = ()
    begins: str | None = None
    until: str | None = None
    reason: str | None = None
    status_reason: str | None = None
    note: str | None = None
    about: tuple[Source, ...] = ()


def statement_of(said: Said, patient_id: UUID, actor: Principal, now: datetime) -> dict[str, object]:
    """The MedicationStatement without type, id and subject, which the record gives it."""
    period = {"start": said.begins, "end": said.until}
    orders = [each.ref for each in said.about if each.type == REQUEST]
    others = [each.ref for each in said.about if each.type != REQUEST]
    made: dict[str, object] = {
        "meta": {"source": HERE},
        "status": said.status,
        "statusReason": _texts(said.status_reason),
        "category": _category(actor),
        "medicationCodeableConcept": _concept(said),
        "effectivePeriod": {name: value for name, value in period.items() if value},
        "dateAsserted": now.isoformat(),
        "informationSource": informant(actor, patient_id),
        "reasonCode": _texts(said.reason),
        "note": [{"text": said.note}] if said.note else [],
        "basedOn": _references(orders),
        "derivedFrom": _references(others),
        "dosage": dosages_of(said.schedule) if said.schedule else [],
    }
    return {name: value for name, value in made.items() if value}


def informant(actor: Principal, patient_id: UUID) -> dict[str, object]:
    """Who says it: the person, or somebody by name."""
    if actor.role is Role.PATIENT:
        return {"reference": f"Patient/{patient_id}"}
    return {"display": actor.name}


def _category(actor: Principal) -> dict[str, object]:
    if actor.role is not Role.PATIENT:
        return {}
    return {"coding": [{"system": STATEMENT_CATEGORY, "code": "patientspecified", "display": "Patient Specified"}]}


def _texts(said: str | None) -> list[dict[str, object]]:
    return [{"text": said}] if said else []


def _references(refs: Iterable[str]) -> list[dict[str, object]]:
    return [{"reference": ref} for ref in refs]


def _concept(said: Said) -> dict[str, object]:
    codings = [_coding(each) for each in said.codings] or _known(said.name)
    made: dict[str, object] = {"text": said.name}
    return made | ({"coding": codings} if codings else {})


def _coding(coding: Coding) -> dict[str, object]:
    members = {"system": coding.system, "code": coding.code, "display": coding.display}
    return {name: value for name, value in members.items() if value}


def _known(name: str) -> list[dict[str, object]]:
    """The codes of the one ingredient that the name stands for; an ATC code only where there is no other."""
    found = ingredients(name)
    drug: Drug | None = found[0].drug if len(found) == 1 else None
    if drug is None:
        return []
    made: list[dict[str, object]] = []
    if drug.rxcui:
        made.append({"system": RXNORM, "code": drug.rxcui, "display": drug.name})
    if len(drug.atc) == 1:
        made.append({"system": ATC, "code": drug.atc[0]})
    return made


def beginning(schedule: Schedule, day: str, zone: ZoneInfo) -> Schedule:
    """The schedule from a day on, with that day in each direction: a changed dose does not hold for the time before.

    A direction for so long gets its dates; one that cannot be placed is left as it is.
    """
    held = courses(schedule, zone, start=day)
    if isinstance(held, NotEvaluated):
        return schedule
    steps = list(schedule.steps)
    for course in held:
        if course.begin is None or course.begin.day is None:
            continue
        last = _last_day(course.end, zone)
        if course.end is not None and last is None:
            continue
        dates = Dates(course.begin.day.isoformat(), last.isoformat() if last else None)
        timing = course.step.timing or Timing()
        steps[course.place] = replace(course.step, timing=replace(timing, bounds=dates))
    return Schedule(tuple(steps))


def _last_day(end: datetime | None, zone: ZoneInfo) -> date | None:
    """The day before an end at midnight; None for another end."""
    if end is None:
        return None
    local = end.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() == datetime.min.time() else None


def administration_of(dose: LoggedDose, entry: RegimenEntry, patient_id: UUID) -> dict[str, object]:
    """A dose of the log as FHIR R4 MedicationAdministration: completed, or not-done with its reason."""
    taken = dose.status is DoseStatus.TAKEN
    person = {"reference": f"Patient/{patient_id}"}
    order = next((each.ref for each in entry.sources if each.is_order), None)
    amount = Quantity(dose.amount, code=dose.unit, system=UCUM) if dose.amount is not None else None
    made: dict[str, object | None] = {
        "resourceType": "MedicationAdministration",
        "id": str(dose.id),
        "status": "completed" if taken else "not-done",
        "statusReason": [] if taken else _texts(dose.reason or dose.status.value),
        "medicationCodeableConcept": {"text": entry.name, "coding": [_coding(each) for each in entry.codings]},
        "subject": person,
        "effectiveDateTime": dose.at.isoformat(),
        "performer": [{"actor": person}],
        "request": {"reference": order} if order else None,
        "dosage": {"dose": quantity_json(amount)} if amount else None,
    }
    if not entry.codings:
        made["medicationCodeableConcept"] = {"text": entry.name}
    return {name: value for name, value in made.items() if value}
