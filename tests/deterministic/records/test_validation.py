"""Validation takes what FHIR R4 allows and names what it does not, without quoting a value."""

import pytest

from tests.deterministic.records.resources import Resource, about, coded, observation, patient_resource
from vitasense.deterministic.records.validation import DEEPEST, Unusable, canonical, is_resource_type, validate

ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}


@pytest.mark.parametrize(
    "allowed",
    [
        *(observation(at=at) for at in ("2020", "2020-05", "2020-05-01", "2020-05-01T10:00:00.123456789Z")),
        {key: value for key, value in observation().items() if key != "status"} | {"_status": ABSENT},
        observation(valueQuantity={"value": 1e-7}),
        observation(contained=[patient_resource("c")], subject="#c"),
        observation(code="1-1") | {"code": {"text": "no code"}},
        {"resourceType": "Patient", "birthDate": "1980", "_birthDate": ABSENT},
        {"resourceType": "Patient", "name": [{"given": ["A", None], "_given": [None, ABSENT]}]},
        {"resourceType": "Patient", "meta": {"lastUpdated": "2020-01-01T00:00:00+14:00", "profile": ["http://x|1"]}},
        about("Immunization", "i", status="completed", vaccineCode={"text": "x"}, occurrenceString="as a child"),
        about("Condition", "c", onsetString="teens"),
        about(
            "Condition", "c", onsetAge={"value": 12, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"}
        ),
        about("MedicationRequest", "m", status="active", intent="order", medicationReference={"reference": "#x"}),
        {"resourceType": "Binary", "contentType": "text/plain", "data": "QUJD\nREVG"},
        about("Encounter", "e", status="finished") | {"class": {"code": "AMB"}},
        about(
            "Goal", "g", lifecycleStatus="active", description={"text": "walk"}, addresses=[{"reference": "urn:uuid:1"}]
        ),
    ],
)
def test_what_r4_allows_is_taken(allowed: Resource) -> None:
    canonical(allowed)
    validate(allowed)


@pytest.mark.parametrize(
    ("refused", "where"),
    [
        (observation(at="2020-02-30"), "effectiveDateTime"),
        (observation(at="2020-05-01T10:00:00"), "effectiveDateTime"),
        (observation(secret="s3cret"), "secret"),
        (observation() | {"id": "a b"}, "id"),
        (about("MedicationRequest", "m", status="active", intent="order"), "medicationReference"),
        ({"resourceType": "MedicinalProduct"}, "MedicinalProduct"),
        ({"id": "x"}, "resourceType"),
        ({"resourceType": "../Patient"}, "resourceType"),
    ],
)
def test_what_r4_does_not_allow_is_named_by_its_place(refused: Resource, where: str) -> None:
    with pytest.raises(Unusable, match=where) as found:
        validate(refused)
    assert "s3cret" not in str(found.value)


def test_nesting_without_end_and_what_is_not_json_are_refused() -> None:
    deep: Resource = {}
    for _ in range(DEEPEST + 1):
        deep = {"extension": deep}
    for bad in (deep, {"a": {1: 2}}, {"a": object()}, {"a": float("inf")}, {"a\0": 1}):
        with pytest.raises(Unusable):
            canonical(bad)


def test_the_same_content_has_one_canonical_text() -> None:
    one = observation(meta={"versionId": "1", "lastUpdated": "2020-01-01T00:00:00Z"})
    other = dict(reversed(observation(meta={"versionId": "2"}).items()))
    assert canonical(one) == canonical(other) == canonical(observation())
    assert canonical(observation(meta={"profile": ["x"]})) != canonical(observation())


def test_types_are_those_of_fhir() -> None:
    assert is_resource_type("Observation")
    assert not any(map(is_resource_type, ("Starship", "observation", "", "../x", "Observation.x")))


def test_coded_concepts_of_the_factories_are_valid() -> None:
    validate(about("Condition", "c", code=coded("38341003", "")))
