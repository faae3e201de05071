"""Goals over HTTP: set by the person, suggested by a provider, and how they go."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import Person, SignIn
from tests.api.measuring import STEPS, ago, row, send, share
from tests.api.test_record import files
from tests.api.test_shell import problem
from tests.deterministic.records.resources import patient_resource
from vitasense.api.bootstrap import Services
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import stream_access
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id, system_clock


def goal(**changes: Any) -> dict[str, Any]:
    usual = {"metric": STEPS, "direction": "at_least", "target": 8000, "unit": "{steps}", "per": "day"}
    return usual | changes


async def set_one(person: Person, whose: Person | None = None, **changes: Any) -> dict[str, Any]:
    params = {"patient_id": str(whose.id)} if whose else {}
    answer = await person.client.post("/v1/goals", json=goal(**changes), params=params)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_goal_that_begins_says_that_there_are_no_data_yet(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    made = await set_one(patient)
    assert (made["state"], made["made_by"], made["name"], made["target"]) == ("active", "patient", "steps", 8000)
    progress = made["progress"]
    assert (progress["days_met"], progress["days_with_data"], progress["today"]) == (0, 0, None)
    assert progress["fraction"] is None and progress["reason"]
    assert (await set_one(patient))["id"] == made["id"]
    [listed] = (await patient.client.get("/v1/goals")).json()["items"]
    assert listed == made | {"notes": []}


async def test_todays_steps_count_towards_the_goal(sign_in: SignIn, services: Services) -> None:
    patient = await sign_in(Role.PATIENT)
    await set_one(patient)
    now = system_clock()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    until = max(ago(timedelta(0)), midnight + timedelta(seconds=2))
    walked = row(2000, midnight, metric=STEPS, unit="{steps}", until=until.isoformat())
    assert (await send(patient, walked)).json()["new"] == 1
    async with services.database.transaction(stream_access("test", patient.id)) as tx:
        await tracking.roll_up(tx, patient.id, STEPS, midnight, until)
    [listed] = (await patient.client.get("/v1/goals")).json()["items"]
    progress = listed["progress"]
    assert progress["today"] == pytest.approx(2000) and progress["fraction"] == pytest.approx(0.25)
    assert progress["reason"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"target": 1_000_000},
        {"target": "many"},
        {"unit": "mg/dL"},
        {"direction": "at_most"},
        {"metric": "8480-x"},
        {"per": "year"},
        {"metric": "29463-7", "direction": "at_most", "unit": "kg", "target": 2, "per": "reading"},
    ],
)
async def test_what_may_not_be_a_goal_is_refused_in_words(sign_in: SignIn, changes: dict[str, Any]) -> None:
    patient = await sign_in(Role.PATIENT)
    assert problem(await patient.client.post("/v1/goals", json=goal(**changes)), 422)["detail"]
    assert (await patient.client.get("/v1/goals")).json() == {"items": []}


async def test_a_weight_that_is_too_low_for_the_height_is_refused(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    await patient.client.post("/v1/imports", files=files(patient_resource()))
    light: dict[str, Any] = {"metric": "29463-7", "direction": "at_most", "unit": "kg", "target": 45, "per": "reading"}
    assert any("height" in each for each in (await set_one(patient, **light))["notes"])
    await send(patient, row(180, metric="8302-2", unit="cm"))
    assert "underweight" in str(problem(await patient.client.post("/v1/goals", json=goal(**light)), 422)["detail"])


async def test_a_provider_suggests_and_only_the_person_accepts_or_refuses(sign_in: SignIn) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    whose = {"patient_id": str(patient.id)}
    assert problem(await provider.client.get("/v1/goals", params=whose), 403)
    await share(patient, provider, "vitals")
    assert problem(await provider.client.post("/v1/goals", params=whose, json=goal()), 403)
    await share(patient, provider, "vitals", write=True)
    made = await set_one(provider, patient)
    assert (made["state"], made["made_by"], made["progress"]) == ("suggested", "provider", None)
    place = f"/v1/goals/{made['id']}"
    assert problem(await provider.client.post(f"{place}/accept", params=whose), 403)
    assert problem(await other.client.post(f"{place}/accept"), 404)
    taken = (await patient.client.post(f"{place}/accept")).json()
    assert taken["state"] == "active" and taken["progress"]
    assert problem(await patient.client.post(f"{place}/refuse"), 409)
    ended = (await patient.client.post(f"{place}/end")).json()
    assert ended["state"] == "ended" and (await patient.client.post(f"{place}/end")).json()["state"] == "ended"
    second = await set_one(provider, patient, target=9000)
    refused = (await patient.client.post(f"/v1/goals/{second['id']}/refuse")).json()
    assert refused["state"] == "refused"
    assert problem(await patient.client.post(f"/v1/goals/{new_id()}/end"), 404)
