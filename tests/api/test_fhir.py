"""The FHIR R4 API: valid FHIR out, paged, versioned, and failures as OperationOutcomes."""

from typing import Any

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.api.conftest import Person, SignIn
from tests.api.test_record import files, record, share
from tests.deterministic.records.resources import observation
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

ROOT = "/fhir/R4"


def resource(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The answer as FHIR, valid by its model."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    found = answer.json()
    get_fhir_model_class(found["resourceType"]).model_validate(found)
    return found


def outcome(answer: httpx.Response, status: int, code: str) -> bool:
    found = resource(answer, status)
    return found["resourceType"] == "OperationOutcome" and found["issue"][0]["code"] == code


@pytest.fixture
async def patient(sign_in: SignIn) -> Person:
    """A patient with a record."""
    person = await sign_in(Role.PATIENT)
    assert (await person.client.post("/v1/imports", files=files(record()))).status_code == 200
    return person


async def found(person: Person, path: str, **parameters: Any) -> dict[str, Any]:
    return resource(await person.client.get(f"{ROOT}/{path}", params=parameters))


async def test_the_capability_statement_needs_no_sign_in(client: httpx.AsyncClient) -> None:
    statement = resource(await client.get(f"{ROOT}/metadata"))
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    types = {one["type"] for one in statement["rest"][0]["resource"]}
    assert {"Patient", "Observation", "MedicationStatement", "DocumentReference"} <= types


async def test_a_search_gives_a_searchset_of_valid_resources(patient: Person) -> None:
    page = await found(patient, "Observation", patient=f"Patient/{patient.id}", code="http://loinc.org|8480-6")
    assert (page["type"], page["total"], len(page["entry"])) == ("searchset", 3, 3)
    first = page["entry"][0]
    assert first["fullUrl"].endswith(f"{ROOT}/Observation/{first['resource']['id']}")
    assert first["resource"]["subject"] == {"reference": f"Patient/{patient.id}"}
    assert first["resource"]["meta"]["versionId"] == "1"


@pytest.mark.parametrize(
    ("parameters", "total"),
    [
        ({}, 4),
        ({"code": "8480-6,2345-7"}, 4),
        ({"code": "2345-7"}, 1),
        ({"code": "http://snomed.info/sct|8480-6"}, 0),
        ({"category": "laboratory"}, 1),
        ({"category": "http://terminology.hl7.org/CodeSystem/observation-category|vital-signs"}, 3),
        ({"date": "2025-01-02"}, 1),
        ({"date": ["ge2025-01-02", "lt2025-01-03"]}, 1),
        ({"date": "gt2025-01-02"}, 2),
        ({"date": "le2025-01-02"}, 2),
        ({"date": "2025-01"}, 3),
        ({"date": "eq2024"}, 0),
        ({"_id": "not-an-id-of-ours"}, 0),
    ],
)
async def test_search_narrows_by_code_category_and_date(
    patient: Person, parameters: dict[str, Any], total: int
) -> None:
    assert (await found(patient, "Observation", **parameters))["total"] == total


async def test_pages_are_linked_until_the_last(patient: Person) -> None:
    answer = await patient.client.get(f"{ROOT}/Observation", params={"_count": 3})
    first = resource(answer)
    links = {one["relation"]: one["url"] for one in first["link"]}
    second = resource(await patient.client.get(links["next"].partition("//")[2].partition("/")[2].join(["/", ""])))
    ids = [entry["resource"]["id"] for page in (first, second) for entry in page["entry"]]
    assert (len(ids), len(set(ids)), second["total"]) == (4, 4, 4)
    assert [one["relation"] for one in second["link"]] == ["self"]


async def test_everything_comes_back_and_is_recognised_when_it_is_sent_again(patient: Person) -> None:
    everything = await found(patient, f"Patient/{patient.id}/$everything", _count=100)
    assert everything["total"] == len(everything["entry"]) == 6
    report = (await patient.client.post("/v1/imports", files=files(everything))).json()
    assert (report["unchanged"], report["skipped"]) == (6, 0)


async def test_a_resource_is_read_with_its_version_and_history(patient: Person) -> None:
    changed = observation("o0", 150, at="2025-01-01T08:00:00Z")
    await patient.client.post("/v1/imports", files=files(changed))
    own_id = (await found(patient, "Observation", date="2025-01-01"))["entry"][0]["resource"]["id"]
    answer = await patient.client.get(f"{ROOT}/Observation/{own_id}")
    assert resource(answer)["valueQuantity"]["value"] == 150
    assert answer.headers["etag"] == 'W/"2"'
    history = await found(patient, f"Observation/{own_id}/_history")
    assert [one["resource"]["valueQuantity"]["value"] for one in history["entry"]] == [150, 120]
    before = await found(patient, f"Observation/{own_id}/_history/1")
    assert before["valueQuantity"]["value"] == 120
    assert outcome(await patient.client.get(f"{ROOT}/Observation/{own_id}/_history/3"), 404, "not-found")


async def test_failures_are_operation_outcomes(patient: Person, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    assert outcome(await client.get(f"{ROOT}/Observation"), 401, "login")
    for path in (f"Observation/{new_id()}", "Observation/x", "Starship", "Starship/1", "Observation/a/b/c/d"):
        assert outcome(await patient.client.get(f"{ROOT}/{path}"), 404, "not-found")
    assert outcome(await patient.client.post(f"{ROOT}/Observation", json={}), 404, "not-found")
    bad = ({"date": "yesterday"}, {"date": "ne2025"}, {"_count": "many"}, {"value-quantity": "5"}, {"patient": "me"})
    for parameters in bad:
        assert outcome(await patient.client.get(f"{ROOT}/Observation", params=parameters), 422, "invalid")
    other = await sign_in(Role.PATIENT)
    for path in ("Observation", f"Patient/{patient.id}/$everything"):
        answer = await other.client.get(
            f"{ROOT}/{path}", params={"patient": str(patient.id)} if path == "Observation" else {}
        )
        assert outcome(answer, 403, "forbidden")
    assert outcome(await other.client.get(f"{ROOT}/Patient/{patient.id}"), 404, "not-found")


async def test_a_provider_gets_what_is_shared(patient: Person, sign_in: SignIn) -> None:
    provider = await sign_in(Role.PROVIDER)
    await share(patient, provider, "labs")
    assert (await found(provider, "Observation", patient=str(patient.id)))["total"] == 1
    assert (await found(provider, "Condition", patient=str(patient.id)))["total"] == 0
    assert (await found(provider, f"Patient/{patient.id}"))["birthDate"] == "1980-05-01"
    assert (await found(provider, f"Patient/{patient.id}/$everything"))["total"] == 2
    assert outcome(await provider.client.get(f"{ROOT}/Observation"), 422, "invalid")
    vital = (await found(patient, "Observation", code="8480-6"))["entry"][0]["resource"]["id"]
    answer = await provider.client.get(f"{ROOT}/Observation/{vital}", params={"patient": str(patient.id)})
    assert outcome(answer, 404, "not-found")
