"""The record over HTTP: imported, listed, opened from evidence, charted, and only what is shared."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.api.conftest import Person, Rows, SignIn
from tests.api.test_shell import problem
from tests.deterministic.records.resources import about, bundle, coded, observation, patient_resource
from vitasense.deterministic.platform.access import Role

Files = list[tuple[str, tuple[str, bytes, str]]]


def files(*contents: Any) -> Files:
    raw = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in contents]
    return [("file", (f"{n}.json", each, "application/json")) for n, each in enumerate(raw)]


def record() -> dict[str, Any]:
    return bundle(
        patient_resource(),
        *(observation(f"o{n}", 120 + n, at=f"2025-01-0{n + 1}T08:00:00Z") for n in range(3)),
        observation("l", 5.1, code="2345-7", unit="mmol/L", category="laboratory"),
        about("Condition", "c", code=coded("38341003", "Hypertension")),
    )


async def send(person: Person, *contents: Any) -> httpx.Response:
    return await person.client.post("/v1/imports", files=files(*contents))


async def share(patient: Person, provider: Person, *categories: str) -> None:
    body = {"grantee_email": provider.email, "categories": categories, "actions": ["read"], "purposes": ["treatment"]}
    answer = await patient.client.post("/v1/consents", json=body)
    assert answer.status_code == 201, answer.text


async def test_a_file_is_imported_and_the_record_shows_it(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    report = (await send(patient, record())).json()
    assert (report["imported"], report["skipped"], report["problems"]) == (6, 0, [])
    assert (await send(patient, record())).json()["unchanged"] == 6
    shown = (await patient.client.get("/v1/record")).json()
    assert shown["patient"] == {"id": str(patient.id), "name": "Ida Berg", "birth_date": "1980-05-01", "sex": "female"}
    assert (shown["counts"]["vitals"], shown["counts"]["labs"], shown["counts"]["allergies"]) == (3, 1, 0)
    assert shown["not_shared"] == []


async def test_an_empty_record_bears_the_name_of_the_account(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    assert (await patient.client.get("/v1/record")).json()["patient"]["name"] == patient.name


async def test_several_files_are_one_import_and_each_place_names_its_file(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    bad = {"resourceType": "Observation", "id": "x", "code": {"text": "no status"}}
    report = (await send(patient, patient_resource(), bundle(observation(), bad))).json()
    assert (report["imported"], report["by_type"]) == (2, {"Observation": 1, "Patient": 1})
    assert [one["entry"] for one in report["problems"]] == ["file[2] entry[1].resource"]


async def test_one_bad_file_keeps_every_file_out(sign_in: SignIn, rows: Rows) -> None:
    patient = await sign_in(Role.PATIENT)
    stranger = patient_resource("p2", "Holm", "Jo", "1955-02-03")
    for second, status in ((b"{not json", 422), (b"[1]", 422), (b"[" * 100_000, 422), (stranger, 409), (b"", 422)):
        assert problem(await send(patient, record(), second), status)
    assert rows("select 1 from phi.resource where patient_id = :p", p=patient.id) == []
    assert problem(await patient.client.post("/v1/imports"), 422)
    huge = await patient.client.post("/v1/imports", files=files(b" " * 5_000_000))
    assert problem(huge, 413)


async def test_a_category_comes_in_pages_newest_first(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    await send(patient, record())
    first = (await patient.client.get("/v1/record/vitals", params={"limit": 2})).json()
    assert [one["detail"] for one in first["items"]] == ["122 mmHg", "121 mmHg"]
    second = (await patient.client.get("/v1/record/vitals", params={"limit": 2, "cursor": first["next"]})).json()
    assert ([one["detail"] for one in second["items"]], second["next"]) == (["120 mmHg"], None)
    item = second["items"][0]
    assert (item["type"], item["version"], item["category"], item["code"]) == ("Observation", 1, "vitals", "8480-6")
    assert problem(await patient.client.get("/v1/record/nonsense"), 422)
    assert problem(await patient.client.get("/v1/record/vitals", params={"cursor": "?"}), 422)


async def test_evidence_opens_its_entry_with_every_version(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    await send(patient, record())
    await send(patient, observation("o0", 140, at="2025-01-01T08:00:00Z"))
    item = (await patient.client.get("/v1/record/vitals", params={"limit": 5})).json()["items"][-1]
    opened = (await patient.client.get(f"/v1/record/items/Observation/{item['id']}")).json()
    assert opened["item"] == item
    assert opened["resource"]["valueQuantity"]["value"] == 140
    assert [one["version"] for one in opened["versions"]] == [2, 1]
    assert problem(await patient.client.get(f"/v1/record/items/Condition/{item['id']}"), 404)


async def test_measurements_are_listed_and_charted(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    await send(patient, record())
    await send(patient, observation("l2", 100, code="2345-7", unit="mg/dL", category="laboratory", at="2025-06-01"))
    listed = {one["metric"]: one for one in (await patient.client.get("/v1/record/measurements")).json()["items"]}
    assert (listed["8480-6"]["count"], listed["8480-6"]["last_value"], listed["8480-6"]["unit"]) == (3, 122, "mm[Hg]")
    assert listed["8480-6"]["name"] == "systolic blood pressure"
    series = (await patient.client.get("/v1/record/measurements/2345-7")).json()
    assert (series["unit"], series["range"], series["left_out"]) == ("mg/dL", None, 0)
    assert [round(one["value"]) for one in series["points"]] == [92, 100]
    since = {"since": "2025-01-02T00:00:00Z", "until": "2025-01-03T00:00:00Z"}
    part = (await patient.client.get("/v1/record/measurements/8480-6", params=since)).json()
    assert [one["value"] for one in part["points"]] == [121]
    assert problem(await patient.client.get("/v1/record/measurements/1-1"), 404)
    assert problem(await patient.client.get("/v1/record/measurements/8480-6", params={"since": "2025-01-02"}), 422)


async def test_a_provider_sees_what_is_shared_and_is_told_what_is_not(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await send(patient, record())
    whose = {"patient_id": str(patient.id)}
    assert problem(await provider.client.get("/v1/record", params=whose), 403)
    assert problem(await provider.client.get("/v1/record"), 422)
    await share(patient, provider, "labs")
    shown = (await provider.client.get("/v1/record", params=whose)).json()
    assert (shown["patient"]["name"], set(shown["counts"])) == ("Ida Berg", {"labs", "profile"})
    assert "vitals" in shown["not_shared"]
    labs = (await provider.client.get("/v1/record/labs", params=whose)).json()["items"]
    assert [one["code"] for one in labs] == ["2345-7"]
    assert problem(await provider.client.get("/v1/record/vitals", params=whose), 403)
    measured = (await provider.client.get("/v1/record/measurements", params=whose)).json()["items"]
    assert [one["metric"] for one in measured] == ["2345-7"]
    vital = (await patient.client.get("/v1/record/vitals")).json()["items"][0]
    assert problem(await provider.client.get(f"/v1/record/items/Observation/{vital['id']}", params=whose), 404)
    assert problem(await provider.client.get("/v1/record/measurements/8480-6", params=whose), 404)


async def test_a_provider_without_leave_to_write_imports_nothing(sign_in: SignIn, rows: Rows) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await share(patient, provider, "labs", "vitals")
    whose = {"patient_id": str(patient.id)}
    report = await provider.client.post("/v1/imports", params=whose, files=files(record()))
    assert (report.json()["imported"], report.json()["skipped"]) == (0, 6)
    assert rows("select 1 from phi.resource where patient_id = :p", p=patient.id) == []


async def test_patients_and_administrators_see_no_other_record(sign_in: SignIn, rows: Rows) -> None:
    patient, other, admin = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.ADMIN)
    await send(patient, record())
    whose = {"patient_id": str(patient.id)}
    for path in ("/v1/record", "/v1/record/vitals", "/v1/record/measurements", "/v1/record/measurements/8480-6"):
        assert problem(await other.client.get(path, params=whose), 403)
        assert problem(await admin.client.get(path, params=whose), 403)
    assert problem(await other.client.post("/v1/imports", params=whose, files=files(observation("n"))), 403)
    assert rows("select count(*) from phi.resource where patient_id = :p", p=patient.id) == [(6,)]


async def test_nobody_sees_anything_without_signing_in(client: httpx.AsyncClient) -> None:
    for path in ("/v1/record", "/v1/record/vitals", "/v1/record/measurements"):
        assert problem(await client.get(path), 401)
    assert problem(await client.post("/v1/imports", files=files(record())), 401)


async def test_a_grant_that_ended_shows_nothing(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await send(patient, record())
    await share(patient, provider, "labs")
    (given,) = (await patient.client.get("/v1/consents")).json()["items"]
    assert datetime.fromisoformat(given["granted_at"]) < datetime.now(UTC) + timedelta(minutes=1)
    await patient.client.post(f"/v1/consents/{given['id']}/revoke")
    assert problem(await provider.client.get("/v1/record/labs", params={"patient_id": str(patient.id)}), 403)
