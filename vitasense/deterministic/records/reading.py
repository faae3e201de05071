"""From stored resources to typed reads; what a source did not say stays None."""

from collections.abc import Mapping

from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records.documents import FindBinary, Unreadable, attached_text, section_text
from vitasense.deterministic.records.doses import dose_text
from vitasense.deterministic.records.fhir import Json, first, objects, text, values, words
from vitasense.deterministic.records.kinds import kind_of
from vitasense.deterministic.records.moments import moment
from vitasense.deterministic.records.schemas import (
    Coding,
    Condition,
    Document,
    Encounter,
    Immunization,
    Medication,
    Procedure,
    StoredResource,
)

# FHIR R4 ValueSet condition-clinical: the codes below `active`.
ACTIVE_CONDITION = frozenset({"active", "recurrence", "relapse"})
NOT_SO = frozenset({"refuted", "entered-in-error"})
# FHIR R4 ValueSet medicationrequest-intent: proposals, plans and options are no orders.
ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
# HL7 v3 ActCode, ActEncounterCode.
ENCOUNTER_CLASSES = {
    "AMB": "ambulatory",
    "EMER": "emergency",
    "IMP": "inpatient",
    "ACUTE": "inpatient acute",
    "HH": "home health",
    "NONAC": "inpatient non-acute",
    "OBSENC": "observation",
    "SS": "short stay",
    "VR": "virtual",
    "FLD": "field",
    "PRENC": "pre-admission",
}
Names = Mapping[str, StoredResource]  # by reference, `Practitioner/id`


def evidence_of(row: StoredResource) -> Evidence:
    """The pointer to this version of the resource."""
    return Evidence(kind="record", ref=f"{row.type}/{row.id}", version=str(row.version), label=row.label, at=row.at)


def codings_of(resource: Json, *paths: str) -> tuple[Coding, ...]:
    """Every coding with a code at the paths of CodeableConcepts."""
    found = (coding for path in paths for coding in objects(resource, f"{path}.coding"))
    return tuple(
        Coding(system=text(each, "system"), code=code, display=text(each, "display"))
        for each in found
        if (code := text(each, "code"))
    )


def name_of(holder: Json, path: str, names: Names) -> str | None:
    """Who a reference names: its display, else the label of the resource behind it."""
    target = first(holder, path)
    found = names.get(text(target, "reference") or "")
    return text(target, "display") or (found.label if found else None)


def common(row: StoredResource) -> dict[str, object]:
    """The members that every typed read has."""
    return {
        "name": row.label,
        "status": row.status,
        "at": row.at,
        "evidence": evidence_of(row),
        **coded(codings_of(row.content, *kind_of(row.type).code)),
    }


def coded(codings: tuple[Coding, ...]) -> dict[str, object]:
    """The codes of a typed read."""
    chosen = codings[0] if codings else None
    system, code = (chosen.system, chosen.code) if chosen else (None, None)
    return {"codings": codings, "system": system, "code": code}


def condition(row: StoredResource) -> Condition:
    """A Condition as it is read."""
    content = row.content
    verification, clinical = (
        text(content, "verificationStatus.coding.code"),
        text(content, "clinicalStatus.coding.code"),
    )
    until = text(content, "abatementDateTime", "abatementPeriod.start", "abatementString")
    active = clinical in ACTIVE_CONDITION or (clinical is None and until is None)
    since = text(content, "onsetDateTime", "onsetPeriod.start", "onsetString")
    own = {"verification": verification, "since": since, "until": until}
    return Condition.model_validate(common(row) | own | {"active": active and verification not in NOT_SO})


def medication(row: StoredResource, medicine: StoredResource | None, names: Names) -> Medication:
    """A MedicationRequest, MedicationStatement … with the Medication that it refers to."""
    content = row.content
    forbidden = True in values(content, "doNotPerform")
    period = first(content, "effectivePeriod", "dosageInstruction.timing.repeat.boundsPeriod")
    own: dict[str, object] = {
        "ordered": row.type == "MedicationRequest" and text(content, "intent") in ORDERS,
        "active": row.status == "active" and not forbidden and _is_order(row),
        "dose": dose_text(objects(content, "dosageInstruction", "dosage")),
        "since": text(period, "start") or text(content, "effectiveDateTime", "authoredOn", "dateAsserted"),
        "until": text(period, "end"),
        "prescriber": name_of(content, "requester", names),
    }
    if medicine:
        own |= coded(codings_of(medicine.content, "code"))
    if forbidden:
        own["status"] = "do-not-perform"
    return Medication.model_validate(common(row) | own)


def _is_order(row: StoredResource) -> bool:
    """A proposal, plan or option is nothing that is taken; a statement, or a request that says no intent, may be."""
    return row.type != "MedicationRequest" or (text(row.content, "intent") or "order") in ORDERS


def immunization(row: StoredResource) -> Immunization:
    """An Immunization as it is read."""
    reason = words(first(row.content, "statusReason"))
    return Immunization.model_validate(common(row) | {"given": row.status == "completed", "reason": reason})


def encounter(row: StoredResource, names: Names) -> Encounter:
    """An Encounter as it is read."""
    content = row.content
    code, until = text(content, "class.code"), moment(text(content, "period.end"))
    own = {
        "kind": text(content, "class.display") or ENCOUNTER_CLASSES.get(code or "", code),
        "reason": next((said for each in values(content, "reasonCode") if (said := words(each))), None),
        "until": until.at if until else None,
        "provider": name_of(content, "participant.individual", names) or name_of(content, "serviceProvider", names),
    }
    return Encounter.model_validate(common(row) | own)


def procedure(row: StoredResource) -> Procedure:
    """A Procedure or DiagnosticReport as it is read."""
    until = moment(text(row.content, "performedPeriod.end", "effectivePeriod.end"))
    conclusion = text(row.content, "conclusion") or words(first(row.content, "outcome"))
    return Procedure.model_validate(common(row) | {"until": until.at if until else None, "conclusion": conclusion})


def document(row: StoredResource, binary: FindBinary, names: Names) -> Document:
    """A DocumentReference or Composition as it is read, with its text."""
    read, why = None, None
    try:
        read = section_text(row.content) if row.type == "Composition" else attached_text(row.content, binary)
    except Unreadable as unreadable:
        why = str(unreadable)
    own = {
        "content_type": text(row.content, "content.attachment.contentType"),
        "text": read,
        "unreadable": why,
        "author": name_of(row.content, "author", names),
    }
    return Document.model_validate(common(row) | own)
