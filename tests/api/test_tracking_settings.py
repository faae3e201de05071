"""How a person wants to be watched, over HTTP: kept, refused when it cannot be, and theirs to say."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Rows, SignIn
from tests.api.measuring import PULSE, STEPS, new_device, row, send, share
from tests.api.test_shell import problem
from tests.api.test_tracking import series
from vitasense.deterministic.platform.access import Role


async def test_settings_are_kept_and_only_the_person_changes_them(sign_in: SignIn, rows: Rows) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    first = (await patient.client.get("/v1/tracking/settings")).json()
    assert (first["timezone"], first["quiet_from"], first["channels"]) == ("UTC", None, ["page", "email"])
    wanted = {
        "timezone": "Europe/Vienna",
        "quiet_from": "22:00:00",
        "quiet_until": "07:00:00",
        "channels": ["page", "webhook"],
        "hook_url": "https://hooks.example.org/a?key=secret",
        "tells_providers": True,
    }
    assert (await patient.client.put("/v1/tracking/settings", json=wanted)).json() == wanted
    assert (await patient.client.get("/v1/tracking/settings")).json() == wanted
    await patient.client.put("/v1/tracking/settings", json=wanted)
    told = rows("select 1 from app.event where patient_id = :p and type = 'monitoring.changed'", p=patient.id)
    assert len(told) == 1
    whose = {"patient_id": str(patient.id)}
    await share(patient, provider, "vitals", write=True)
    assert (await provider.client.get("/v1/tracking/settings", params=whose)).json() == wanted | {"hook_url": None}
    assert problem(await provider.client.put("/v1/tracking/settings", params=whose, json=wanted), 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Vienna"},
        {"timezone": "../../etc/passwd"},
        {"quiet_from": "22:00:00"},
        {"quiet_from": "07:00:00", "quiet_until": "07:00:00"},
        {"channels": ["pigeon"]},
        {"channels": ["webhook"]},
        {"hook_url": "http://example.org/"},
        {"hook_url": "https://user:word@example.org/"},
        {"hook_url": "file:///etc/passwd"},
        {"surprise": 1},
    ],
)
async def test_settings_that_cannot_be_are_refused(sign_in: SignIn, wrong: dict[str, Any]) -> None:
    patient = await sign_in(Role.PATIENT)
    body = {"timezone": "UTC", "channels": ["page"]} | wrong
    assert problem(await patient.client.put("/v1/tracking/settings", json=body), 422)
    assert (await patient.client.get("/v1/tracking/settings")).json()["timezone"] == "UTC"


async def test_monitoring_is_switched_by_the_person_alone(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert (await patient.client.get("/v1/tracking/monitoring")).json() == {"allowed": True}
    assert (await patient.client.put("/v1/tracking/monitoring", json={"allowed": False})).json() == {"allowed": False}
    assert (await patient.client.get("/v1/tracking/monitoring")).json() == {"allowed": False}
    await share(patient, provider, "vitals", write=True)
    whose = {"patient_id": str(patient.id)}
    assert problem(await provider.client.put("/v1/tracking/monitoring", params=whose, json={"allowed": True}), 403)
    assert (await patient.client.get("/v1/tracking/monitoring")).json() == {"allowed": False}


async def test_a_range_holds_for_each_side_and_the_providers_goes_first(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    place, whose = f"/v1/tracking/ranges/{PULSE}", {"patient_id": str(patient.id)}
    own = {"low": 50, "high": 90, "unit": "/min", "reason": "I run a lot."}
    made = (await patient.client.put(place, json=own)).json()
    assert (made["metric"], made["name"], made["set_by_role"], made["reason"]) == (
        PULSE,
        "heart rate",
        "patient",
        "I run a lot.",
    )
    await share(patient, provider, "vitals")
    assert problem(await provider.client.put(place, params=whose, json=own), 403)
    assert problem(await provider.client.delete(place, params=whose), 403)
    await share(patient, provider, "vitals", write=True)
    await provider.client.put(place, params=whose, json={"low": 55, "high": 100, "unit": "/min"})
    assert len((await patient.client.get("/v1/tracking/ranges")).json()["items"]) == 2
    await send(patient, row())
    assert (await series(patient))["own_range"] == {"low": 55, "high": 100, "set_by_role": "provider", "reason": None}
    assert (await provider.client.delete(place, params=whose)).status_code == 204
    assert problem(await provider.client.delete(place, params=whose), 404)
    assert (await series(patient))["own_range"]["set_by_role"] == "patient"
    assert (await patient.client.delete(place)).status_code == 204
    assert (await patient.client.get("/v1/tracking/ranges")).json() == {"items": []}


@pytest.mark.parametrize(
    ("metric", "body"),
    [
        (PULSE, {"low": 90, "high": 50, "unit": "/min"}),
        (PULSE, {"unit": "/min"}),
        (PULSE, {"low": 50, "high": 90, "unit": "kg"}),
        (PULSE, {"low": 50, "high": 9000, "unit": "/min"}),
        ("59408-5", {"low": 70, "high": 100, "unit": "%"}),
        ("1-1", {"low": 1, "high": 2, "unit": "kg"}),
    ],
)
async def test_a_range_that_is_none_or_hides_an_emergency_is_refused(
    sign_in: SignIn, metric: str, body: dict[str, Any]
) -> None:
    patient = await sign_in(Role.PATIENT)
    assert problem(await patient.client.put(f"/v1/tracking/ranges/{metric}", json=body), 422)["detail"]
    assert (await patient.client.get("/v1/tracking/ranges")).json() == {"items": []}


async def test_the_order_of_devices_is_kept_and_names_own_devices_only(sign_in: SignIn) -> None:
    patient, other = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT)
    watch, phone, theirs = await new_device(patient, "W"), await new_device(patient, "P"), await new_device(other, "T")
    place = f"/v1/tracking/priorities/{STEPS}"
    body = {"device_ids": [phone, watch]}
    assert (await patient.client.put(place, json=body)).json() == {"metric": STEPS, **body}
    assert (await patient.client.put("/v1/tracking/priorities/*", json={"device_ids": [watch]})).status_code == 200
    listed = (await patient.client.get("/v1/tracking/priorities")).json()["items"]
    assert {each["metric"]: each["device_ids"] for each in listed} == {"*": [watch], STEPS: [phone, watch]}
    for wrong in ([theirs], [watch, watch], [str(UUID(int=1))], ["x"]):
        assert problem(await patient.client.put(place, json={"device_ids": wrong}), 422)
    assert problem(await patient.client.put("/v1/tracking/priorities/1-1", json={"device_ids": []}), 422)
    assert (await patient.client.put(place, json={"device_ids": []})).json()["device_ids"] == []
    assert [each["metric"] for each in (await patient.client.get("/v1/tracking/priorities")).json()["items"]] == ["*"]
