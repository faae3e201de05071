"""Medicines over HTTP: told of, changed and stopped; what is not shared is refused and nothing is written."""

import json
from typing import Any

import httpx
import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.measuring import share
from tests.api.test_shell import problem
from tests.deterministic.medications.taking import directions, ordered
from tests.deterministic.records.resources import bundle
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

METFORMIN = {"name": "metformin 500 mg", "directions": "1 tablet twice a day with food", "since": "2026-01-10"}
PLACE = "/v1/medications"


async def add(person: Person, whose: Person | None = None, key: str | None = None, **body: Any) -> httpx.Response:
    params = {"patient_id": str(whose.id)} if whose else {}
    headers = {"Idempotency-Key": key} if key else {}
    return await person.client.post(PLACE, json={**METFORMIN, **body}, params=params, headers=headers)


async def added(person: Person, **body: Any) -> dict[str, Any]:
    answer = await add(person, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def change(person: Person, medicine: dict[str, Any], **body: Any) -> httpx.Response:
    usual = {"version": medicine["version"]}
    return await person.client.patch(f"{PLACE}/{medicine['id']}", json={**usual, **body})


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    answer = await person.client.get(PLACE, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def has(person: Person, *resources: dict[str, Any]) -> None:
    own = [{**each, "subject": {"reference": f"Patient/{person.id}"}} for each in resources]
    files = [("file", ("record.json", json.dumps(bundle(*own)).encode(), "application/json"))]
    answer = await person.client.post("/v1/imports", files=files)
    assert answer.status_code == 200, answer.text


async def test_a_medicine_is_told_of_once_and_listed_with_its_evidence(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await added(patient)
    assert (made["state"], made["directions"]) == ("taking", "1 tablet twice a day with food")
    assert made["ingredients"] == [{"name": "metformin", "known": True, "rxcui": "6809"}]
    assert made["dosage"][0]["timing"]["repeat"]["when"] == ["C"]
    assert made["not_followed"] is None and made["evidence"][0]["ref"] == f"MedicationStatement/{made['id']}"
    assert await listed(patient) == [made]
    detail = (await patient.client.get(f"{PLACE}/{made['id']}")).json()
    assert detail["medicine"] == made and [each["kind"] for each in detail["history"]] == ["started"]


async def test_the_same_key_or_id_again_writes_nothing_twice(sign_in: SignIn, rows: Rows) -> None:
    patient, own = await sign_in(Role.PATIENT), str(new_id())
    one, two = (await add(patient, key="k1")).json(), (await add(patient, key="k1")).json()
    assert one == two
    assert problem(await add(patient, key="k1", name="another 5 mg"), 409)
    first, again = await added(patient, id=own, name="aspirin"), await added(patient, id=own, name="aspirin")
    assert first == again and len(await listed(patient)) == 2
    told = rows("select count(*) from app.event where patient_id = :p and type = 'records.imported'", p=str(patient.id))
    assert told == [(2,)]


async def test_directions_as_fhir_come_back_as_they_were(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    dosage = [
        {
            "sequence": 1,
            "timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}},
            "doseAndRate": [
                {"doseQuantity": {"value": 5, "unit": "mL", "system": "http://unitsofmeasure.org", "code": "mL"}}
            ],
            "method": {"text": "swallow"},
        }
    ]
    made = await added(patient, name="amoxicillin", directions=None, dosage=dosage)
    assert made["dosage"] == dosage and made["directions"] == "5 mL every 8 hours"
    assert problem(await add(patient, dosage=dosage), 422)
    bad = [{"timing": {"repeat": {"frequency": "often"}}}]
    assert problem(await add(patient, name="aspirin", directions=None, dosage=bad), 422)
    assert len(await listed(patient)) == 1


async def test_directions_that_cannot_be_read_are_kept_and_said(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await added(patient, name="warfarin", directions="as the clinic tells me")
    assert made["directions"] == "as the clinic tells me" and "cannot read" in made["not_followed"]


async def test_a_dose_is_changed_and_a_medicine_stopped_paused_and_taken_up_again(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await added(patient)
    more = (await change(patient, made, action="dose", directions="2 tablets twice a day")).json()
    assert more["directions"] == "2 tablets twice a day" and more["version"] != made["version"]
    assert problem(await change(patient, made, action="pause"), 409)
    paused = (await change(patient, more, action="pause", reason="operation")).json()
    assert (paused["state"], paused["state_reason"]) == ("paused", "operation")
    again = (await change(patient, paused, action="resume")).json()
    assert again["state"] == "taking"
    stopped = (await change(patient, again, action="stop", reason="diarrhoea")).json()
    assert (stopped["state"], stopped["state_reason"]) == ("stopped", "diarrhoea")
    assert await listed(patient, state="now") == [] and len(await listed(patient)) == 1
    kinds = [each["kind"] for each in (await patient.client.get(f"{PLACE}/{made['id']}")).json()["history"]]
    assert sorted(kinds) == ["changed", "paused", "resumed", "started", "stopped"]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "dose"},
        {"action": "dose", "directions": "once a day", "reason": "x"},
        {"action": "stop", "directions": "once a day"},
        {"action": "stop", "on": "1999-01-01"},
        {"action": "stop", "on": "soon"},
        {"action": "resume", "reason": "x"},
        {"action": "pause", "on": "2026-11-01"},
        {"action": "delete"},
        {"action": "dose", "directions": "x" * 501},
    ],
)
async def test_a_change_that_cannot_be_is_refused_and_changes_nothing(sign_in: SignIn, body: dict[str, Any]) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await added(patient)
    assert problem(await change(patient, made, **body), 422)
    assert await listed(patient) == [made]


NO_BODIES: list[dict[str, Any]] = [
    {"name": ""},
    {"name": "x" * 201},
    {"since": "2026-13-01"},
    {"since": "tomorrow"},
    {"until": "2025-01-01"},
    {"colour": "blue"},
    {"dosage": []},
    {"directions": None, "dosage": [{}] * 21},
    {"name": "a\u0000b", "directions": "c\u0000d"},
]


@pytest.mark.parametrize("body", NO_BODIES)
async def test_a_body_that_cannot_be_is_refused(sign_in: SignIn, body: dict[str, Any]) -> None:
    patient = await sign_in(Role.PATIENT)
    answer = await add(patient, **body)
    if answer.status_code == 201:
        assert "\u0000" not in answer.text
        return
    assert problem(answer, 422)
    assert await listed(patient) == []


async def test_what_was_ordered_elsewhere_stands_with_what_the_person_says(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    ask = {"numberOfRepeatsAllowed": 2, "performer": {"display": "Corner Pharmacy"}}
    await has(
        patient,
        ordered(
            dosageInstruction=directions("1 tablet at night"), requester={"display": "Dr. Winter"}, dispenseRequest=ask
        ),
    )
    (entry,) = await listed(patient)
    assert (entry["prescriber"], entry["pharmacy"], entry["prescriptions"][0]["refills_allowed"]) == (
        "Dr. Winter",
        "Corner Pharmacy",
        2,
    )
    changed = (await change(patient, entry, action="dose", directions="2 tablets at night")).json()
    assert [each["kind"] for each in changed["disagreements"]] == ["dose"]
    assert changed["id"] == entry["id"] and len(changed["evidence"]) == 2


async def test_nobody_else_sees_or_writes_without_a_grant(sign_in: SignIn, rows: Rows) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    admin = await sign_in(Role.ADMIN)
    made = await added(patient)
    whose = {"patient_id": str(patient.id)}
    place = f"{PLACE}/{made['id']}"
    assert problem(await other.client.get(PLACE, params=whose), 403)
    assert problem(await other.client.get(place), 404)
    assert problem(await change(other, made, action="stop"), 404)
    assert problem(await add(other, patient), 403)
    assert problem(await admin.client.get(PLACE, params=whose), 403)
    assert problem(await provider.client.get(PLACE), 422)
    for answer in (
        await provider.client.get(PLACE, params=whose),
        await provider.client.get(place, params=whose),
        await add(provider, patient),
        await provider.client.patch(place, params=whose, json={"version": made["version"], "action": "stop"}),
    ):
        assert problem(answer, 403)
    await share(patient, provider, "labs")
    assert problem(await provider.client.get(PLACE, params=whose), 403)
    await share(patient, provider, "medications")
    assert (await provider.client.get(PLACE, params=whose)).json()["items"][0]["name"] == made["name"]
    assert problem(await add(provider, patient), 403)
    before = rows("select count(*) from phi.resource_version where patient_id = :p", p=str(patient.id))
    await share(patient, provider, "medications", write=True)
    written = await add(provider, patient, name="lisinopril 10 mg")
    assert written.status_code == 201
    after = rows("select count(*) from phi.resource_version where patient_id = :p", p=str(patient.id))
    assert (before, after) == ([(1,)], [(2,)])


async def test_what_is_not_there_is_not_found(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    for path in ("", "/doses", "/adherence", "/refill", "/reminders", "/side-effects"):
        assert problem(await patient.client.get(f"{PLACE}/{new_id()}{path}"), 404)
    assert problem(await patient.client.get(f"{PLACE}/nothing"), 422)


@pytest.mark.parametrize(
    "repeat",
    [
        {"frequency": 10**9, "period": 1, "periodUnit": "s"},
        {"frequency": 10**9, "period": 1, "periodUnit": "d"},
        {"frequency": 1, "period": 1, "periodUnit": "d", "count": 10**9},
        {"frequency": 1, "period": 1e-9, "periodUnit": "h"},
        {"frequency": 96, "period": 9999, "periodUnit": "a", "dayOfWeek": ["mon"]},
        {"boundsDuration": {"value": 1e300, "code": "a", "system": "http://unitsofmeasure.org"}, "frequency": 1},
    ],
)
async def test_an_endless_schedule_is_kept_and_not_followed(sign_in: SignIn, repeat: dict[str, Any]) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await added(patient, directions=None, dosage=[{"timing": {"repeat": repeat}}])
    assert made["not_followed"]
    found = (await patient.client.get(f"{PLACE}/{made['id']}/doses")).json()
    assert found["due"] == [] and found["not_evaluated"]
    assert (await patient.client.get(f"{PLACE}/{made['id']}/adherence")).json()["status"] == "not_evaluated"
    assert (await patient.client.get(f"{PLACE}/{made['id']}/refill")).json()["status"] == "not_evaluated"


async def test_a_dosage_that_is_nested_without_end_is_refused(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    deep: dict[str, Any] = {"text": "x"}
    for _ in range(200):
        deep = {"extension": [deep]}
    assert problem(await add(patient, directions=None, dosage=[deep]), 422)
    assert await listed(patient) == []
