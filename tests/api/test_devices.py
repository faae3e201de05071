"""Devices over HTTP: registered once, renamed, retired, with their quality and what could be done for them."""

import pytest

from tests.api.conftest import Rows, SignIn
from tests.api.measuring import HOUR, MINUTE, ago, new_device, row, send, share
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id


async def test_the_same_device_again_is_the_same_device(sign_in: SignIn, rows: Rows) -> None:
    patient = await sign_in(Role.PATIENT)
    first = await new_device(patient, "Cuff", maker="Omron", external_id="SN-1")
    assert await new_device(patient, "Other name", maker="omron", external_id="sn-1", model="M7") == first
    [device] = (await patient.client.get("/v1/devices")).json()["items"]
    assert (device["id"], device["name"], device["model"]) == (first, "Cuff", "M7")
    assert (device["quality"], device["suggestions"], device["last_seen_at"]) == (None, [], None)
    told = rows("select type from app.event where patient_id = :p and type like 'device.%'", p=patient.id)
    assert told == [("device.registered",)]
    other = await sign_in(Role.PATIENT)
    assert await new_device(other, "Cuff", maker="Omron", external_id="SN-1") != first


async def test_quality_and_suggestions_come_with_a_device(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    device = await new_device(patient, kind="watch")
    await send(patient, *(row(60 + place % 7, ago(HOUR - place * MINUTE)) for place in range(20)), device_id=device)
    reported = await patient.client.post(f"/v1/devices/{device}/reports", json={"battery": 0.04, "firmware": "2"})
    assert reported.status_code == 200
    [listed] = (await patient.client.get("/v1/devices")).json()["items"]
    assert listed == reported.json()
    assert 0 < listed["quality"] <= 1
    assert [each["kind"] for each in listed["suggestions"]] == ["charge"] and "4%" in listed["suggestions"][0]["text"]


async def test_a_device_is_renamed_and_retired_and_what_it_measured_stays(sign_in: SignIn, rows: Rows) -> None:
    patient = await sign_in(Role.PATIENT)
    device = await new_device(patient)
    await send(patient, row(), device_id=device)
    renamed = await patient.client.patch(f"/v1/devices/{device}", json={"name": "  Cuff   upstairs "})
    assert renamed.json()["name"] == "Cuff upstairs"
    assert (await patient.client.patch(f"/v1/devices/{device}", json={"retired": True})).json()["retired_at"]
    assert len(rows("select 1 from phi.device_sample where patient_id = :p", p=patient.id)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 121},
        {"name": "a\nb\x00"},
        {"name": "a\u202eb"},
        {"name": "Cuff", "battery": 1},
        {"name": "Cuff", "maker": "m" * 121},
    ],
)
async def test_a_device_that_cannot_be_named_is_refused(sign_in: SignIn, body: dict[str, object]) -> None:
    patient = await sign_in(Role.PATIENT)
    assert problem(await patient.client.post("/v1/devices", json=body), 422)
    assert (await patient.client.get("/v1/devices")).json() == {"items": []}


async def test_a_state_that_is_none_is_refused(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    device = await new_device(patient)
    for battery in (-0.1, 1.5, "full"):
        assert problem(await patient.client.post(f"/v1/devices/{device}/reports", json={"battery": battery}), 422)
    assert problem(await patient.client.post(f"/v1/devices/{new_id()}/reports", json={"battery": 0.5}), 404)


async def test_nobody_sees_or_changes_the_devices_of_another(sign_in: SignIn) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    device, whose = await new_device(patient), {"patient_id": str(patient.id)}
    assert problem(await other.client.patch(f"/v1/devices/{device}", json={"name": "Mine"}), 404)
    assert problem(await other.client.get("/v1/devices", params=whose), 403)
    assert problem(await provider.client.get("/v1/devices", params=whose), 403)
    await share(patient, provider, "labs")
    assert problem(await provider.client.get("/v1/devices", params=whose), 403)
    await share(patient, provider, "vitals")
    seen = (await provider.client.get("/v1/devices", params=whose)).json()["items"]
    assert [each["id"] for each in seen] == [device]
    for answer in (
        await provider.client.post("/v1/devices", params=whose, json={"name": "Theirs"}),
        await provider.client.patch(f"/v1/devices/{device}", params=whose, json={"name": "Theirs"}),
        await provider.client.post(f"/v1/devices/{device}/reports", params=whose, json={"battery": 1}),
    ):
        assert problem(answer, 403)
    [kept] = (await patient.client.get("/v1/devices")).json()["items"]
    assert (kept["name"], kept["battery"]) == ("Cuff", None)
