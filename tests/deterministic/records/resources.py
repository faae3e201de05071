"""Small factories of FHIR R4 resources and bundles."""

from typing import Any

Resource = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


def patient_resource(
    own_id: str = "p1", family: str = "Berg", given: str = "Ida", born: str = "1980-05-01"
) -> Resource:
    """A Patient with one identifier of its own."""
    return {
        "resourceType": "Patient",
        "id": own_id,
        "identifier": [{"system": "urn:hospital", "value": f"mrn-{own_id}"}],
        "name": [{"family": family, "given": [given]}],
        "birthDate": born,
        "gender": "female",
    }


def observation(
    own_id: str | None = "o1",
    value: float = 120,
    *,
    code: str = "8480-6",
    unit: str = "mm[Hg]",
    at: str = "2025-03-01T08:00:00+01:00",
    category: str = "vital-signs",
    subject: str | None = "Patient/p1",
    **more: object,
) -> Resource:
    """A numeric Observation."""
    resource: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": {"coding": [{"system": LOINC, "code": code, "display": f"measured {code}"}]},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }
    if own_id:
        resource["id"] = own_id
    if subject:
        resource["subject"] = {"reference": subject}
    return resource | more


def about(resource_type: str, own_id: str, **more: object) -> Resource:
    """Any resource about the patient."""
    name = "patient" if resource_type in {"AllergyIntolerance", "Immunization"} else "subject"
    return {"resourceType": resource_type, "id": own_id, name: {"reference": "Patient/p1"}, **more}


def coded(code: str, display: str, system: str = "http://snomed.info/sct") -> Resource:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}


def bundle(*resources: Resource, kind: str = "collection", base: str | None = None) -> Resource:
    """A bundle; with `base` every entry has the address of that server."""
    entries: list[Resource] = []
    for resource in resources:
        entry: Resource = {"resource": resource}
        if base:
            entry["fullUrl"] = f"{base}/{resource['resourceType']}/{resource['id']}"
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind, "entry": entries}
