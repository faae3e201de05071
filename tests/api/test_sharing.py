"""Sharing over HTTP: a patient grants, revokes and sees who looked; a provider sees who shares."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.test_shell import problem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

GRANTS = "select id from consent.access_grant where patient_id = :id"


def terms(provider: Person, **changes: object) -> Mapping[str, object]:
    return {
        "grantee_email": provider.email.upper(),
        "categories": ["labs", "vitals"],
        "actions": ["read"],
        "purposes": ["treatment"],
    } | changes


async def test_a_patient_grants_lists_and_revokes_and_the_provider_sees_it(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    answer = await patient.client.post("/v1/consents", json=terms(provider, valid_until=until))
    assert answer.status_code == 201
    grant = answer.json()
    assert grant["grantee"] == {"id": str(provider.id), "name": provider.name, "email": provider.email}
    assert sorted(grant["categories"]) == ["labs", "vitals"] and grant["revoked_at"] is None
    assert (await patient.client.get("/v1/consents")).json() == {"items": [grant]}

    (shared,) = (await provider.client.get("/v1/patients")).json()["items"]
    assert (shared["id"], shared["name"]) == (str(patient.id), patient.name)
    assert shared["purposes"] == ["treatment"] and shared["valid_until"]

    revoked = await patient.client.post(f"/v1/consents/{grant['id']}/revoke")
    assert revoked.status_code == 200 and revoked.json()["revoked_at"]
    assert (await provider.client.get("/v1/patients")).json() == {"items": []}
    trail = (await patient.client.get("/v1/audit")).json()["items"]
    done = [(entry["verb"], entry["activity"]) for entry in trail if entry["object"] == "access_grant"]
    assert done == [("update", "POST /v1/consents/{consent_id}/revoke"), ("insert", "POST /v1/consents")]
    assert trail[0]["actor"] == {"id": str(patient.id), "name": patient.name, "role": "patient"}


async def test_the_trail_is_paged_and_tells_of_the_account_too(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    first = (await patient.client.get("/v1/audit", params={"limit": 1})).json()
    rest = (await patient.client.get("/v1/audit", params={"cursor": first["next"]})).json()
    assert [entry["verb"] for entry in first["items"] + rest["items"]] == ["signed in", "opened"]
    assert first["items"][0]["actor"]["name"] == "VitaSense" and rest["next"] is None
    assert problem(await patient.client.get("/v1/audit", params={"limit": 0}), 422)
    assert problem(await patient.client.get("/v1/audit", params={"cursor": 2**63}), 422)


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ADMIN])
async def test_only_a_patient_shares(sign_in: SignIn, rows: Rows, role: Role) -> None:
    somebody, patient, provider = await sign_in(role), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    grant = (await patient.client.post("/v1/consents", json=terms(provider))).json()
    assert problem(await somebody.client.get("/v1/consents"), 403)
    assert problem(await somebody.client.post("/v1/consents", json=terms(provider)), 403)
    assert problem(await somebody.client.post(f"/v1/consents/{grant['id']}/revoke"), 403)
    assert rows(GRANTS, id=somebody.id) == []
    assert (await patient.client.get("/v1/consents")).json()["items"][0]["revoked_at"] is None


async def test_another_patient_cannot_revoke_or_see_it(sign_in: SignIn) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    grant = (await patient.client.post("/v1/consents", json=terms(provider))).json()
    assert problem(await other.client.post(f"/v1/consents/{grant['id']}/revoke"), 404)
    assert (await other.client.get("/v1/consents")).json() == {"items": []}
    assert problem(await other.client.get("/v1/patients"), 403)
    assert (await provider.client.get("/v1/patients")).json()["items"]


async def test_sharing_with_a_patient_and_with_nobody_reads_the_same(sign_in: SignIn, rows: Rows) -> None:
    patient, other = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT)
    with_patient = problem(await patient.client.post("/v1/consents", json=terms(other)), 404)
    nobody = terms(other, grantee_email=f"{new_id()}@example.org")
    with_nobody = problem(await patient.client.post("/v1/consents", json=nobody), 404)
    assert with_patient["detail"] == with_nobody["detail"]
    assert rows(GRANTS, id=patient.id) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": []},
        {"categories": ["everything"]},
        {"categories": ["profile"]},
        {"purposes": ["self"]},
        {"valid_until": "2020-01-01T00:00:00Z"},
        {"valid_until": "2099-01-01T00:00:00"},
        {"patient_id": "0199f3f2-6d5b-7c3a-9d0e-3a1f5b0c2d4e"},
    ],
)
async def test_terms_that_make_no_sense_grant_nothing(
    sign_in: SignIn, rows: Rows, changes: Mapping[str, object]
) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert problem(await patient.client.post("/v1/consents", json=terms(provider, **changes)), 422)
    assert rows(GRANTS, id=patient.id) == []
