"""The demo patients are valid FHIR R4, complete in themselves and cover two years."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, cast
from uuid import UUID

import pytest
from fhir.resources.R4B import get_fhir_model_class

Json = dict[str, Any]

BUNDLES = {"maria": "maria-alvarez", "james": "james-okafor", "lena": "lena-fischer"}
NOW = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
LARGEST_FILE = 400_000
UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
UCUM_CODES = {
    "%", "/min", "Cel", "L/min", "U/L", "cm", "fL", "g/dL", "kg", "kg/m2", "m[IU]/L", "mL/min/{1.73_m2}", "mg",
    "mg/dL", "mg/g", "mm[Hg]", "mmol/L", "ug/L", "umol/L", "{INR}",
}  # fmt: skip
CODE_SYSTEMS = {
    LOINC,
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/cvx",
    "http://www.whocc.no/atc",
    "http://www.genenames.org/geneId",
    "urn:ietf:bcp:47",
}
MARIA_QUARTERLY = ("2093-3", "13457-7", "2085-9", "2571-8", "4548-4", "2160-0", "98979-8", "2823-3", "1558-6", "1742-6")


def load(who: str) -> Json:
    text = files("vitasense.demo").joinpath("patients", f"{BUNDLES[who]}.json").read_text("utf-8")
    return cast("Json", json.loads(text))


def resources(bundle: Json, kind: str | None = None) -> list[Json]:
    found = cast("list[Json]", [entry["resource"] for entry in bundle["entry"]])
    return [resource for resource in found if kind in (None, resource["resourceType"])]


def objects(node: object) -> Iterator[Json]:
    """Every JSON object inside `node`, outermost first."""
    if isinstance(node, dict):
        yield cast("Json", node)
        for child in cast("Json", node).values():
            yield from objects(child)
    elif isinstance(node, list):
        for child in cast("list[object]", node):
            yield from objects(child)


def codes(resource: Json) -> set[str]:
    return {coding["code"] for coding in resource["code"].get("coding", [])}


def coded(bundle: Json, loinc: str) -> list[Json]:
    """Observations with this LOINC code, oldest first."""
    found = [resource for resource in resources(bundle, "Observation") if loinc in codes(resource)]
    return sorted(found, key=lambda resource: datetime.fromisoformat(resource["effectiveDateTime"]))


def values(bundle: Json, loinc: str) -> list[float]:
    return [observation["valueQuantity"]["value"] for observation in coded(bundle, loinc)]


@pytest.fixture(params=sorted(BUNDLES))
def who(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


@pytest.fixture
def bundle(who: str) -> Json:
    return load(who)


def test_the_bundle_and_every_resource_are_valid_fhir(bundle: Json) -> None:
    for resource in (bundle, *resources(bundle)):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_the_file_stays_small(who: str) -> None:
    path = files("vitasense.demo").joinpath("patients", f"{BUNDLES[who]}.json")
    assert len(path.read_bytes()) < LARGEST_FILE


def test_each_entry_has_its_own_uuid_and_can_be_sent_twice(bundle: Json) -> None:
    assert bundle["type"] == "transaction"
    seen: set[str] = set()
    for entry in bundle["entry"]:
        kind, own_id = entry["resource"]["resourceType"], entry["resource"]["id"]
        assert str(UUID(own_id)) == own_id
        assert entry["fullUrl"] == f"urn:uuid:{own_id}"
        assert entry["request"] == {"method": "PUT", "url": f"{kind}/{own_id}"}
        assert own_id not in seen
        seen.add(own_id)


def test_the_patients_share_no_ids() -> None:
    ids = [resource["id"] for who in BUNDLES for resource in resources(load(who))]
    assert len(ids) == len(set(ids))


def test_every_reference_resolves_inside_the_bundle(bundle: Json) -> None:
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    references = {node["reference"] for node in objects(bundle) if "reference" in node}
    assert references
    assert references <= known


def test_every_clinical_resource_belongs_to_the_one_patient(bundle: Json) -> None:
    (patient,) = resources(bundle, "Patient")
    for resource in resources(bundle):
        if resource["resourceType"] not in {"Patient", "Practitioner", "Organization"}:
            owner = resource.get("subject") or resource["patient"]
            assert owner["reference"] == f"urn:uuid:{patient['id']}"


def test_every_unit_is_ucum(bundle: Json) -> None:
    measured = [node["valueQuantity"] for node in objects(bundle) if "valueQuantity" in node]
    assert measured
    assert all(quantity["system"] == UCUM and quantity["unit"] for quantity in measured)
    assert {node["code"] for node in objects(bundle) if node.get("system") == UCUM} <= UCUM_CODES


def test_only_known_code_systems_are_used(bundle: Json) -> None:
    systems = {coding["system"] for node in objects(bundle) for coding in node.get("coding", [])}
    assert {s for s in systems if not s.startswith("http://terminology.hl7.org/CodeSystem/")} <= CODE_SYSTEMS


def test_a_code_is_shown_by_one_name_only() -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for who in BUNDLES:
        for node in objects(load(who)):
            for coding in node.get("coding", []):
                if "display" in coding:
                    names.setdefault((coding["system"], coding["code"]), set()).add(coding["display"])
    assert {code: shown for code, shown in names.items() if len(shown) > 1} == {}


def test_loinc_codes_carry_their_check_digit() -> None:
    found = {
        c["code"] for who in BUNDLES for n in objects(load(who)) for c in n.get("coding", []) if c["system"] == LOINC
    }
    for code in found - {"LA10317-8"}:  # an answer code; its last digit is made another way
        digits, check = code.split("-")
        doubled = "".join(str(int(d) * (2 - i % 2)) for i, d in enumerate(reversed(digits)))
        assert -sum(map(int, doubled)) % 10 == int(check), code


def test_observations_are_final_and_dated_with_an_offset(bundle: Json) -> None:
    for observation in resources(bundle, "Observation"):
        measured, issued = (datetime.fromisoformat(observation[k]) for k in ("effectiveDateTime", "issued"))
        assert observation["status"] == "final"
        assert measured.tzinfo is not None
        assert issued.tzinfo is not None
        assert measured <= issued < NOW


def test_the_interpretation_of_a_lab_agrees_with_its_range(bundle: Json) -> None:
    ranged = [o for o in resources(bundle, "Observation") if "referenceRange" in o]
    assert ranged
    for observation in ranged:
        (limits,) = observation["referenceRange"]
        value = observation["valueQuantity"]["value"]
        high = limits.get("high", {}).get("value", float("inf"))
        over = value >= high if limits.get("text", "").startswith("<") else value > high
        low = value < limits.get("low", {}).get("value", float("-inf"))
        assert codes({"code": observation["interpretation"][0]}) == {"L" if low else "H" if over else "N"}
        assert all(limits[k]["code"] == observation["valueQuantity"]["code"] for k in ("low", "high") if k in limits)


def test_labs_and_vitals_cover_two_years(bundle: Json) -> None:
    for category in ("laboratory", "vital-signs"):
        times = [
            datetime.fromisoformat(observation["effectiveDateTime"])
            for observation in resources(bundle, "Observation")
            if category in codes({"code": observation["category"][0]})
        ]
        assert max(times) - min(times) > timedelta(days=720)
        assert max(times) > NOW - timedelta(days=31)


def test_the_record_has_every_part_that_the_demo_shows(bundle: Json) -> None:
    kinds = {resource["resourceType"] for resource in resources(bundle)}
    assert kinds >= {
        "AllergyIntolerance",
        "Condition",
        "DocumentReference",
        "Encounter",
        "Immunization",
        "MedicationRequest",
        "Observation",
        "Organization",
        "Practitioner",
    }


def test_the_people_are_invented(who: str, bundle: Json) -> None:
    emails = [node["value"] for node in objects(bundle) if node.get("system") == "email"]
    assert f"{who}@example.org" in emails
    assert all(email.endswith("@example.org") for email in emails)
    assert all(
        "example.org/" in identifier["system"] for n in objects(bundle) for identifier in n.get("identifier", [])
    )
    assert not any(node.get("system") == "phone" for node in objects(bundle))


def test_maria_has_quarterly_labs_and_consistent_lipids() -> None:
    maria = load("maria")
    assert {loinc: len(coded(maria, loinc)) for loinc in MARIA_QUARTERLY} == dict.fromkeys(MARIA_QUARTERLY, 9)
    rows = zip(*(values(maria, loinc) for loinc in ("2093-3", "13457-7", "2085-9", "2571-8")), strict=True)
    assert all(total == ldl + hdl + triglycerides / 5 for total, ldl, hdl, triglycerides in rows)  # Friedewald 1972


def test_marias_last_blood_pressure_is_a_little_high() -> None:
    *earlier, last = coded(load("maria"), "85354-9")
    assert len(earlier) >= 40
    assert last["effectiveDateTime"] == "2026-11-19T09:08:00-06:00"
    assert [part["valueQuantity"]["value"] for part in last["component"]] == [142, 88]


def test_only_james_has_a_genetic_result() -> None:
    genotypes = {who: coded(load(who), "84413-4") for who in BUNDLES}
    assert {who: len(found) for who, found in genotypes.items()} == {"maria": 0, "james": 2, "lena": 0}
    parts = [[part["valueCodeableConcept"]["text"] for part in found["component"]] for found in genotypes["james"]]
    assert parts == [
        ["CYP2C19", "*1/*2", "Intermediate metabolizer"],
        ["CYP2C9", "*1/*3", "Intermediate metabolizer"],
    ]


def test_lena_states_that_she_has_no_known_drug_allergy() -> None:
    stated = {allergy["code"]["text"] for allergy in resources(load("lena"), "AllergyIntolerance")}
    assert stated == {"Peanut", "No known drug allergy"}
