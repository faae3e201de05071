"""Doses over HTTP: the log, what was due, how much was taken, how long it lasts, side effects and overrides."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.measuring import DAY, HOUR, ago, share
from tests.api.test_medications import PLACE, added
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id, system_clock

MIDNIGHT = system_clock().replace(hour=0, minute=0, second=0, microsecond=0)
FINDING: dict[str, Any] = {
    "kind": "drug_interaction",
    "text": "warfarin and ibuprofen: bleeding becomes more likely.",
    "status": "found",
    "urgency": "urgent",
    "values": [
        {"name": "drug", "text": "warfarin", "code": "11289"},
        {"name": "drug", "text": "ibuprofen", "code": "5640"},
        {"name": "severity", "text": "major"},
    ],
    "evidence": [
        {"kind": "knowledge", "ref": "knowledge/interactions#a", "version": "1", "label": "a", "source": "a label"}
    ],
}


async def medicine(person: Person, words: str = "1 tablet at 8 am", **more: Any) -> str:
    since = (MIDNIGHT - 30 * DAY).date().isoformat()
    return (await added(person, directions=words, since=since, **more))["id"]


async def log(person: Person, own: str, at: Any = None, key: str | None = None, **body: Any) -> httpx.Response:
    told = {"at": (at or MIDNIGHT - DAY + 8 * HOUR).isoformat(), **body}
    headers = {"Idempotency-Key": key} if key else {}
    return await person.client.post(f"{PLACE}/{own}/doses", json=told, headers=headers)


async def test_a_dose_is_logged_listed_and_counted_once(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    first = await log(patient, own)
    assert first.status_code == 201, first.text
    day = (MIDNIGHT - DAY).date().isoformat()
    assert first.json()["dose"]["due"] == f"{day}/08:00" and first.json()["text"] is None
    second = (await log(patient, own, MIDNIGHT - DAY + 9 * HOUR)).json()
    assert second["repeats"]["id"] == first.json()["dose"]["id"] and "counted once" in second["text"]
    found = (await patient.client.get(f"{PLACE}/{own}/doses")).json()
    assert len(found["items"]) == 2 and found["not_evaluated"] is None
    status = {each["key"]: each["status"] for each in found["due"]}
    assert status[f"{day}/08:00"] == "taken" and list(status.values()).count(None) == len(status) - 1
    share_taken = (await patient.client.get(f"{PLACE}/{own}/adherence")).json()
    assert (share_taken["status"], share_taken["method"], share_taken["taken"]) == ("found", "log", 1)


async def test_the_same_key_or_id_is_one_dose(sign_in: SignIn) -> None:
    patient, own_id = await sign_in(Role.PATIENT), str(new_id())
    own = await medicine(patient)
    assert (await log(patient, own, key="a")).json()["is_new"] is True
    assert (await log(patient, own, key="a")).json()["is_new"] is False
    assert (await log(patient, own, MIDNIGHT - 2 * DAY, id=own_id)).json()["dose"]["id"] == own_id
    assert problem(await log(patient, own, MIDNIGHT - 3 * DAY, id=own_id), 409)


@pytest.mark.parametrize(
    "body",
    [
        {"at": "2026-11-03T08:00:00"},
        {"status": "eaten"},
        {"status": "skipped"},
        {"amount": 1},
        {"amount": 5, "unit": "mL"},
        {"amount": -1, "unit": "mg"},
        {"amount": "NaN", "unit": "mg"},
        {"due": "2020-01-01/08:00"},
        {"reason": "x" * 501},
        {"extra": True, "status": "missed"},
        {"mood": "good"},
    ],
)
async def test_a_dose_that_cannot_be_is_refused_and_not_written(
    sign_in: SignIn, rows: Rows, body: dict[str, Any]
) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    told = {"at": (MIDNIGHT - DAY + 8 * HOUR).isoformat(), **body}
    assert problem(await patient.client.post(f"{PLACE}/{own}/doses", json=told), 422)
    assert rows("select count(*) from phi.medicine_dose where patient_id = :p", p=str(patient.id)) == [(0,)]


async def test_times_that_cannot_be_are_refused(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    assert "future" in str(problem(await log(patient, own, system_clock() + HOUR), 422)["detail"])
    assert "begun" in str(problem(await log(patient, own, MIDNIGHT - 60 * DAY), 422)["detail"])
    late = await patient.client.get(
        f"{PLACE}/{own}/doses", params={"since": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    )
    assert problem(late, 422)


async def test_a_correction_keeps_every_version_and_a_removal_too(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    dose = (await log(patient, own)).json()["dose"]
    place = f"{PLACE}/doses/{dose['id']}"
    missed = (await patient.client.patch(place, json={"at": dose["at"], "status": "missed"})).json()
    assert (missed["dose"]["version"], missed["dose"]["status"]) == (2, "missed")
    assert problem(await patient.client.patch(place, json={"at": dose["at"], "id": str(new_id())}), 422)
    assert (await patient.client.delete(place)).status_code == 204
    versions = (await patient.client.get(place)).json()["versions"]
    assert [each["status"] for each in versions] == ["taken", "missed", "missed"]
    assert versions[-1]["removed_at"] and (await patient.client.get(f"{PLACE}/{own}/doses")).json()["items"] == []
    assert problem(await patient.client.delete(place), 404)


async def test_what_there_is_says_how_long_it_lasts(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient, "1 tablet twice a day")
    unknown = (await patient.client.get(f"{PLACE}/{own}/refill")).json()
    assert (unknown["status"], unknown["reason"]) == ("not_evaluated", "it is not known how much there is")
    counted = await patient.client.post(f"{PLACE}/{own}/supply", json={"quantity": 30, "unit": "tablets"})
    assert counted.status_code == 201 and counted.json()["unit"] == "{tbl}"
    found = (await patient.client.get(f"{PLACE}/{own}/refill")).json()
    assert (found["basis"], found["least"]) == ("counted", 30)
    assert found["earliest"] == (MIDNIGHT + 15 * DAY).date().isoformat()
    for bad in (
        {"quantity": -1},
        {"quantity": 1, "unit": "no such thing"},
        {"quantity": 1, "at": "2999-01-01T00:00:00Z"},
    ):
        assert problem(await patient.client.post(f"{PLACE}/{own}/supply", json=bad), 422)


async def test_reminders_are_the_persons_own(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    own = await medicine(patient)
    place = f"{PLACE}/{own}/reminders"
    made = await patient.client.put(f"{place}/dose", json={"is_on": True})
    assert made.status_code == 200, made.text
    assert [each["kind"] for each in (await patient.client.get(place)).json()["items"]] == ["dose"]
    assert problem(await patient.client.put(f"{place}/tea", json={"is_on": True}), 422)
    await share(patient, provider, "medications", write=True)
    refused = await provider.client.put(f"{place}/refill", json={"is_on": True}, params={"patient_id": str(patient.id)})
    assert problem(refused, 403)


async def test_a_side_effect_is_a_symptom_with_its_place_in_time(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    body: dict[str, Any] = {
        "symptom": {"name": "dry cough", "since": (MIDNIGHT - 18 * DAY).isoformat()},
        "note": "at night",
    }
    made = await patient.client.post(f"{PLACE}/{own}/side-effects", json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["name"], made.json()["relation"]["days"]) == ("dry cough", 12)
    assert (await patient.client.get(f"{PLACE}/{own}/side-effects")).json()["items"] == [made.json()]
    again = {"symptom_id": made.json()["symptom_id"]}
    other = await medicine(patient, name="lisinopril 10 mg")
    assert (await patient.client.post(f"{PLACE}/{other}/side-effects", json=again)).json()["name"] == "dry cough"
    for bad in ({}, {**body, **again}, {"symptom_id": str(new_id())}):
        answer = await patient.client.post(f"{PLACE}/{own}/side-effects", json=bad)
        assert problem(answer, 404 if "symptom_id" in bad and len(bad) == 1 else 422)
    assert (await patient.client.delete(f"{PLACE}/side-effects/{made.json()['id']}")).status_code == 204
    assert (await patient.client.get(f"{PLACE}/{own}/side-effects")).json()["items"] == []


async def test_a_finding_is_lived_with_for_a_reason_until_that_ends(sign_in: SignIn) -> None:
    patient, other = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT)
    body = {"finding": FINDING, "reason": "my doctor checks it"}
    made = await patient.client.post(f"{PLACE}/overrides", json=body)
    assert made.status_code == 201, made.text
    assert (await patient.client.post(f"{PLACE}/overrides", json=body)).json() == made.json()
    assert (await patient.client.get(f"{PLACE}/overrides")).json()["items"] == [made.json()]
    assert (await other.client.get(f"{PLACE}/overrides")).json()["items"] == []
    refused: list[dict[str, Any]] = [
        {**body, "reason": ""},
        {**body, "finding": {**FINDING, "urgency": "emergency"}},
        {**body, "finding": {**FINDING, "evidence": []}},
        {"reason": "my doctor checks it"},
    ]
    for bad in refused:
        assert problem(await patient.client.post(f"{PLACE}/overrides", json=bad), 422)
    place = f"{PLACE}/overrides/{made.json()['id']}"
    assert problem(await other.client.delete(place), 404)
    assert (await patient.client.delete(place)).json()["ended_at"]
    assert (await patient.client.get(f"{PLACE}/overrides")).json()["items"] == []
    assert len((await patient.client.get(f"{PLACE}/overrides", params={"state": "all"})).json()["items"]) == 1


async def test_nobody_without_a_grant_reads_or_writes_any_of_it(sign_in: SignIn, rows: Rows) -> None:
    patient, provider, other = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER), await sign_in(Role.PATIENT)
    own = await medicine(patient)
    dose = (await log(patient, own)).json()["dose"]["id"]
    whose = {"patient_id": str(patient.id)}
    tables = ("medicine_dose", "medicine_supply", "medicine_reminder", "side_effect", "check_override")

    def written() -> list[Any]:
        return [rows(f"select count(*) from phi.{name} where patient_id = :p", p=str(patient.id)) for name in tables]

    before = written()
    attempts: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", f"{own}/doses", None),
        ("POST", f"{own}/doses", {"at": ago(timedelta(hours=1)).isoformat()}),
        ("GET", f"doses/{dose}", None),
        ("PATCH", f"doses/{dose}", {"at": ago(timedelta(hours=1)).isoformat()}),
        ("DELETE", f"doses/{dose}", None),
        ("GET", f"{own}/adherence", None),
        ("GET", f"{own}/refill", None),
        ("POST", f"{own}/supply", {"quantity": 3, "unit": "tablets"}),
        ("GET", f"{own}/reminders", None),
        ("PUT", f"{own}/reminders/dose", {"is_on": True}),
        ("GET", f"{own}/side-effects", None),
        ("POST", f"{own}/side-effects", {"symptom": {"name": "rash", "since": ago(timedelta(hours=1)).isoformat()}}),
        ("GET", "overrides", None),
        ("POST", "overrides", {"finding": FINDING, "reason": "my doctor checks it"}),
    ]
    for method, path, body in attempts:
        answer = await provider.client.request(method, f"{PLACE}/{path}", json=body, params=whose)
        assert problem(answer, 403), path
        foreign = await other.client.request(method, f"{PLACE}/{path}", json=body, params=whose)
        assert problem(foreign, 403), path
        if path != "overrides":
            assert problem(await other.client.request(method, f"{PLACE}/{path}", json=body), 404), path
    assert written() == before
    await share(patient, provider, "medications")
    for method, path, body in attempts:
        answer = await provider.client.request(method, f"{PLACE}/{path}", json=body, params=whose)
        assert answer.status_code == (200 if method == "GET" else 403), f"{method} {path}: {answer.text}"
    assert written() == before


async def test_the_log_is_given_to_other_systems_as_fhir(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    own = await medicine(patient)
    await log(patient, own, amount=1, unit="{tbl}")
    await log(patient, own, MIDNIGHT - 2 * DAY + 8 * HOUR, status="skipped", reason="sick")
    found = (await patient.client.get(f"{PLACE}/{own}/administrations")).json()
    assert (found["resourceType"], found["type"]) == ("Bundle", "collection")
    statuses = [each["resource"]["status"] for each in found["entry"]]
    assert statuses == ["not-done", "completed"]
